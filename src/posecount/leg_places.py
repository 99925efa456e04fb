"""Where in a picture legs without a body may be: the squares that are tried, the likeliest first."""

from collections.abc import Iterator
from math import pi

from posecount.leg_look import REGION_LEGS
from posecount.network import Region

# Where hips may be, in the picture's width and height, and the leg's length over its height or longer side.
TOP_LEGS, TOP_STEP = (0.85, 1.2, 0.6, 1.7), 0.6
WAIST_LEGS, WAIST_Y = 0.65, 0.25
SIDE_LEGS, SIDE_Y = (0.5, 0.75, 0.35), (0.6, 0.4, 0.8)


def regions(width: int, height: int) -> Iterator[Region]:
    """Where a body may be of which the picture shows the legs: standing, seated, waist down, lying."""
    for share in TOP_LEGS:
        leg_px = share * height
        count = max(3, round(width / (TOP_STEP * leg_px)))
        for index in _middle_first(count):
            yield Region((index + 0.5) / count * width, 0.0, REGION_LEGS * leg_px)
    for x in (0.5, 0.25, 0.75):
        yield Region(x * width, WAIST_Y * height, REGION_LEGS * WAIST_LEGS * height)
    for share in SIDE_LEGS:
        size_px = REGION_LEGS * share * max(width, height)
        for y in SIDE_Y:
            for x, turn_rad in ((width, pi / 2), (0, -pi / 2), (width, 0.0), (0, 0.0)):
                yield Region(float(x), y * height, size_px, turn_rad)


def _middle_first(count: int) -> list[int]:
    return sorted(range(count), key=lambda index: abs(index - (count - 1) / 2))

"""Finds and follows legs without a body above them: where the picture ends at the hips or the thighs.

The network is asked about the square that a whole body would fill (2.55 legs wide, around the hips), with a
stranger's upper body beyond the edge (backdrop.py). Where that square is, nobody says at first: plausible
ones are tried, a few in each frame, and judged by how warm the maps of knees, ankles and feet are (0.7 to 0.9
on legs, below 0.6 on anything else). Afterwards the legs that were found say where to look next. Only the
square is smoothed, never a point.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import atan2, copysign, cos, exp, hypot, inf, pi, sin

import numpy as np

from posecount.backdrop import Facing, dressed
from posecount.geometry import SHOULDERS
from posecount.network import Found, Image, Network, Points, Region
from posecount.sway import Sway

REGION_LEGS = 2.55  # thigh plus shank: 2.4 seated, 2.5-2.7 standing, lying and long sitting
THIGH_SHANKS = 0.97  # a thigh whose hip is beyond the edge is as long: 0.9-1.05 on whole bodies
REGION_TAU_S = 0.2  # a square that trembles makes the points tremble

LEGS = ((23, 25, 27, 29, 31), (24, 26, 28, 30, 32))  # hip, knee, ankle, heel, toe
KNEES, FEET = [25, 26], [27, 28, 29, 30, 31, 32]
JUDGED = slice(25, 33)

FOUND, LOST = 0.66, 0.5  # mean heat
LOST_S = 0.4  # as long below LOST, and they are gone
SETTLING = (0.45, 0.5, 0.52, 0.54)  # how warm a square must be for another look, until it has come to rest
LOOKS = 4  # a frame while searching: about what `heavy` costs in following
SELDOM_S = 0.06  # between single looks while there is no hurry
TURN_S = 1.0  # how often another side of the stranger is tried
TURNED, OFTEN = 0.04, 3  # so much a better fit, so often in a row, and it is the right one
ASKEW = 0.3  # a shank between both feet's ways across is worth as much heat: 0 to 0.25, or 0.3 to 0.6
FLAT = 0.12  # heel to toe over the shank, sideways: less is a foot that points at the camera
LYING = 1.3  # a thigh this much flatter than steep may be that of someone who sits on the floor or lies

# Where hips may be, in the picture's width and height, and the leg's length over its height or longer side.
TOP_LEGS, TOP_STEP = (0.85, 1.2, 0.6, 1.7), 0.6
WAIST_LEGS, WAIST_Y = 0.65, 0.25
SIDE_LEGS, SIDE_Y = (0.5, 0.75, 0.35), (0.6, 0.4, 0.8)


@dataclass(frozen=True, slots=True)
class Look:
    """What the network saw in one region."""

    region: Region
    facing: Facing
    found: Found

    @property
    def heat(self) -> float:
        """Of knees, ankles, heels and toes."""
        return float(self.found.heat[JUDGED].mean())

    @property
    def fit(self) -> float:
        """How well the stranger's side fits: the heat, and feet that point the same way.

        Of somebody seen from the side, a stranger who faces the camera makes left and right change places,
        warm as it is; one foot then points at the camera.
        """
        left, right = (_across(self, leg) for leg in LEGS)
        return self.heat - ASKEW * abs(left - right)


class LegTracker:
    """`update` with every frame: the 33 points with the hips' and legs' only, or None.

    `follower` finds the points; `scout`, often quicker, searches.
    """

    def __init__(self, follower: Network, scout: Network) -> None:
        self._follower, self._scout = follower, scout
        self._last: Look | None = None
        self._search: Iterator[Look | None] | None = None
        self._size = (0, 0)
        self._time_s = self._warm_s = self._turned_s = self._looked_s = 0.0
        self._tries, self._won, self._hinted_s = 0, 0, -inf
        self._sway = Sway()
        self._image: Image
        self.sweeps = 0  # searches that came to their end and found nothing

    @property
    def following(self) -> bool:
        return self._last is not None

    def update(
        self, image: Image, time_s: float, body_px: Points | None = None, seldom: bool = False
    ) -> Look | None:
        """The legs in this frame, (height, width, 3) RGB; None while they are searched.

        `body_px` (33, 2) is a body that is not believed as a whole: its legs are tried first. `seldom`: it
        looks but now and then, as when feet are counted already.
        """
        self._image = image
        if seldom and time_s - self._looked_s < SELDOM_S:
            return self._last
        if self._last is None:
            if body_px is not None and time_s - self._hinted_s > TURN_S:
                self._hinted_s = time_s
                self._size, self._search = image.shape[:2], self._sweep(around(body_px, image))
            self._lookaround(image, time_s, 1 if seldom else LOOKS)
        else:
            self._follow(self._last, image, time_s)
        self._time_s = self._looked_s = time_s
        return self._last

    def forget(self) -> None:
        """Let go of whatever was followed, and search afresh."""
        self._last = self._search = None
        self.sweeps = 0

    def _follow(self, last: Look, image: Image, time_s: float) -> None:
        region = _next(last, image, 1 - exp(-(time_s - self._time_s) / REGION_TAU_S))
        look = self._best_side(last, region, image, time_s)
        if look.heat >= LOST and _sensible(look, image):
            self._warm_s = time_s
        self._last = look
        if time_s - self._warm_s >= LOST_S:
            self.forget()

    def _best_side(self, last: Look, region: Region, image: Image, time_s: float) -> Look:
        """The same side of the stranger as before; now and then, another if it fits much better."""
        swayed = _look(self._follower, image, self._sway.region(region, time_s), last.facing, last.found)
        look = Look(region, last.facing, self._sway.steadied(swayed.found))
        if not self._won:
            if time_s - self._turned_s < TURN_S:
                return look
            self._turned_s = time_s
            self._tries += 1
        others = [
            (side, turn) for side, turn in _variants(look) if (side, turn) != (look.facing, region.turn_rad)
        ]
        side, turn_rad = others[self._tries % len(others)]
        other = _look(self._follower, image, replace(region, turn_rad=turn_rad), side, look.found)
        better = other.fit > look.fit + TURNED and _sensible(other, image)
        self._won = (self._won + 1) % OFTEN if better else 0
        return other if better and not self._won else look

    def _lookaround(self, image: Image, time_s: float, looks: int) -> None:
        if self._search is None or image.shape[:2] != self._size:
            self._size = image.shape[:2]
            self._search = self._sweep()
        for _ in range(looks):
            try:
                found = next(self._search)
            except StopIteration:
                self._search = None
                self.sweeps += 1
                return
            if found:
                self._last, self._search, self.sweeps = found, None, 0
                self._sway, self._won = Sway(), 0
                self._warm_s = self._turned_s = time_s
                return

    def _sweep(self, *first: Region) -> Iterator[Look | None]:
        """Yields after each look: the legs, or None as long as they are not found."""
        height, width = self._image.shape[:2]
        for region in (*first, *regions(width, height)):
            look = _look(self._scout, self._image, region, "front", None)
            yield None
            for least in SETTLING:
                if look.heat < least:
                    break
                look = _look(self._scout, self._image, _next(look, self._image, 1.0), look.facing, look.found)
                yield None
            else:
                yield from self._at_rest(look)

    def _at_rest(self, look: Look) -> Iterator[Look | None]:
        """The sides and turns of a square that has come to rest; last what fits best, if that shows legs."""
        region = _next(look, self._image, 1.0)
        for side, turn_rad in _variants(look):
            other = _look(self._scout, self._image, replace(region, turn_rad=turn_rad), side, look.found)
            look = max(look, other, key=lambda each: each.fit)
            yield None
        if look.heat >= FOUND and _sensible(look, self._image):
            yield look


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


def around(body_px: Points, image: Image) -> Region:
    """Where a body (33, 2) says that it is."""
    height, width = image.shape[:2]
    hips, lengths = zip(*(_hip(body_px, leg, width, height) for leg in LEGS), strict=True)
    x, y = np.mean(hips, axis=0).tolist()
    along = body_px[list(SHOULDERS)].mean(axis=0) - (x, y)
    return Region(x, y, REGION_LEGS * max(lengths), atan2(along[0], -along[1]))


def _middle_first(count: int) -> list[int]:
    return sorted(range(count), key=lambda index: abs(index - (count - 1) / 2))


def _look(network: Network, image: Image, region: Region, facing: Facing, before: Found | None) -> Look:
    knees = before.points_px[KNEES] if before else np.empty((0, 2))
    return Look(region, facing, network.look(dressed(image, region, facing, knees), region))


def _next(look: Look, image: Image, share: float) -> Region:
    """The region that these legs ask for, `share` of the way from where it was."""
    height, width = image.shape[:2]
    points, was = look.found.points_px, look.region
    hips, lengths = zip(*(_hip(points, leg, width, height) for leg in LEGS), strict=True)
    x, y = np.mean(hips, axis=0)
    size = REGION_LEGS * max(lengths)
    return Region(
        was.x_px + share * (float(x) - was.x_px),
        was.y_px + share * (float(y) - was.y_px),
        was.size_px + share * (size - was.size_px),
        was.turn_rad,
    )


def _hip(points: Points, leg: tuple[int, ...], width: int, height: int) -> tuple[Points, float]:
    """Where a leg's hip is, and how long the leg: a hip beyond the edge is a thigh's length from the knee."""
    hip, knee, ankle = points[list(leg[:3])]
    shank, thigh = hypot(*(knee - ankle)), hypot(*(hip - knee))
    if 0 <= hip[0] < width and 0 <= hip[1] < height:
        return hip, shank + thigh
    return knee + (hip - knee) * (THIGH_SHANKS * shank / max(thigh, 1e-6)), (1 + THIGH_SHANKS) * shank


def _variants(look: Look) -> list[tuple[Facing, float]]:
    """Sides of the stranger worth trying, and turns of the region (0, or along thighs that lie)."""
    points, turn_rad = look.found.points_px, look.region.turn_rad
    across = sum(_across(look, leg) for leg in LEGS) / 2
    thigh = sum(points[leg[0]] - points[leg[1]] for leg in LEGS)
    profile: tuple[Facing, ...] = (
        ("left",) if across < -FLAT else ("right",) if across > FLAT else ("left", "right")
    )
    lies = abs(thigh[0]) > LYING * abs(thigh[1])
    turns = {0.0, copysign(pi / 2, thigh[0])} if lies else {0.0}
    return [
        (side, turn)
        for turn in sorted(turns, key=lambda turn: turn != turn_rad)
        for side in (*profile, "front")
    ]


def _across(look: Look, leg: tuple[int, ...]) -> float:
    """How far a foot points to the right of the stranger's own upright, in shanks."""
    _, knee, ankle, heel, toe = look.found.points_px[list(leg)]
    (x, y), turn_rad = toe - heel, look.region.turn_rad
    return float(x * cos(turn_rad) + y * sin(turn_rad)) / max(hypot(*(knee - ankle)), 1e-6)


def _sensible(look: Look, image: Image) -> bool:
    """Legs of a person's proportions, at the size that was asked about, with a foot in the picture."""
    height, width = image.shape[:2]
    points = look.found.points_px
    inside = np.all((points >= 0) & (points < (width, height)), axis=1)
    lengths = [_hip(points, leg, width, height)[1] for leg in LEGS]
    feet = [
        hypot(*(points[leg[4]] - points[leg[3]])) / length for leg, length in zip(LEGS, lengths, strict=True)
    ]
    shanks = [
        hypot(*(points[leg[1]] - points[leg[2]])) / length for leg, length in zip(LEGS, lengths, strict=True)
    ]
    return (
        0.75 < REGION_LEGS * max(lengths) / look.region.size_px < 1.33
        and any(np.all(inside[list(leg[2:])]) for leg in LEGS)
        and max(feet) < 0.45
        and min(shanks) > 0.3
    )

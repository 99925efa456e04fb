"""The small pictures of the feet from which their turn is measured: a few a second, all of one scale.

They are cut out where the pose is found, and compared where the poses come together in their order: so
landmarks can be found in many places at once, and the feet's turn is the same as in one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import atan2, degrees, dist, floor, hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.geometry import LEG_POINTS
from posecount.types import LEGS, Pose

Image = NDArray[np.uint8]
Vector = NDArray[np.float64]

FOOT_POINTS = tuple(np.array(LEG_POINTS[leg][1:]) for leg in LEGS)  # knee, ankle, heel, toe

# The picture around the foot, scaled so that every shank is 60 px long.
SHANK_PX, HALF_PX = 60, 56
FOOT_MIN = 0.3  # of the shank: a foot that points at the camera shows no rotation
SHANK_MIN_PX = 30.0  # less, and the foot is a dozen pixels
HEEL_INSIDE, TOE_INSIDE = 0.08, 0.14  # of the landmarks' foot; rendered feet, heavy and full alike
EVERY_S = 0.2
BLURRED_DEG = 6.0  # turned by more since the last picture: smeared
UNSEEN = np.full((4, 2), np.nan)


@dataclass(frozen=True, slots=True)
class Place:
    """The square of `half_px` around `centre_px` in a frame, 112 pixels wide in the small pictures."""

    centre_px: tuple[int, int]
    half_px: int

    def small(self, image: Image) -> Image:
        """(112, 112, 3)."""
        return _small(self._inside(image))

    def grey(self, image: Image) -> Image:
        """(112, 112)."""
        return _small(np.asarray(cv2.cvtColor(self._inside(image), cv2.COLOR_RGB2GRAY), np.uint8))

    def scaled(self, points: Vector) -> Vector:
        """Points of the frame (n, 2) in the small picture."""
        scale = HALF_PX / self.half_px
        return np.asarray((points - np.array(self.centre_px) + self.half_px + 0.5) * scale - 0.5)

    def _inside(self, image: Image) -> Image:
        (x, y), half = self.centre_px, self.half_px
        height, width = image.shape[:2]
        inside = image[max(0, y - half) : max(0, y + half), max(0, x - half) : max(0, x + half)]
        beyond = (max(0, half - y), max(0, y + half - height), max(0, half - x), max(0, x + half - width))
        if any(beyond):
            inside = np.asarray(cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_REPLICATE), np.uint8)
        return inside


def _small(picture: Image) -> Image:
    return np.asarray(cv2.resize(picture, (2 * HALF_PX, 2 * HALF_PX), interpolation=cv2.INTER_AREA), np.uint8)


def place_of(points: Vector) -> Place:
    """Around a foot, in the scale of its own shank."""
    half = max(1, round(HALF_PX * length(points[0] - points[1]) / SHANK_PX))
    x, y = (round(float(v)) for v in points[1:].mean(axis=0))
    return Place((x, y), half)


class FootCut:
    """What a frame shows at a place."""

    def __init__(self, image: Image, place: Place) -> None:
        self.place = place
        self._image = image

    @cached_property
    def pixels(self) -> Image:
        """(112, 112, 3); made when first asked: most cuts are of the far foot, or show nothing new."""
        return self.place.small(self._image)

    def __getstate__(self) -> dict[str, object]:
        """For another process, without the frame."""
        return {"place": self.place, "pixels": self.pixels}


Cuts = tuple[FootCut | None, FootCut | None]  # left, right; None where there is none, in most frames


class FootCutter:
    """Both feet of one person: at most one sharp picture of each in every fifth of a second.

    Which frames that are depends on their times and the frame before, not on how it began.
    """

    def __init__(self) -> None:
        self._left, self._right = _Slots(), _Slots()

    def update(self, image: Image, pose: Pose) -> Cuts:
        """`image` is (height, width, 3), the picture that the pose was found in.

        None is needed of feet alone: their angles are not told.
        """
        if pose.framing == "feet":
            return None, None
        left, right = foot_points(pose)
        return (
            self._left.update(image, left, pose.time_s),
            self._right.update(image, right, pose.time_s),
        )


class _Slots:
    def __init__(self) -> None:
        self._slot = -1
        self._before = UNSEEN

    def update(self, image: Image, points: Vector, time_s: float) -> FootCut | None:
        before, self._before = self._before, points
        slot, size = floor(time_s / EVERY_S), (image.shape[1], image.shape[0])
        if slot == self._slot or not measurable(points, size):
            return None
        if measurable(before, size) and abs(turned_deg(before, points)) > BLURRED_DEG:
            return None
        self._slot = slot
        return FootCut(image, place_of(points))


def foot_points(pose: Pose) -> Iterator[Vector]:
    """(4, 2) of each leg."""
    return (pose.points_px.take(indices, axis=0) for indices in FOOT_POINTS)


def measurable(points: Vector, size_px: tuple[int, int], foot_min: float = FOOT_MIN) -> bool:
    """Is the whole foot in the picture, large enough and seen from its side? False for NaN too.

    `foot_min` is how long it must be, in shanks.
    """
    knee, ankle, heel, toe = points.tolist()
    shank_px, foot_px = dist(knee, ankle), dist(heel, toe)
    return (
        shank_px >= SHANK_MIN_PX
        and foot_min <= foot_px / shank_px <= 1.1
        and all(0 <= x < size_px[0] and 0 <= y < size_px[1] for x, y in (ankle, heel, toe))
    )


def foot_mask(knots: Vector) -> Image:
    """(112, 112), 255 inside the foot as the landmarks have it."""
    _, ankle, heel, toe = knots
    corners = np.array([(ankle + heel) / 2, heel, toe, (ankle + toe) / 2, ankle], np.float32)
    mask = np.zeros((2 * HALF_PX, 2 * HALF_PX), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(corners).astype(np.int32), 255)
    return mask


def full_length(knots: Vector) -> Vector:
    """The same with the ends of the foot where they are: the landmarks lie inside it."""
    line = knots[3] - knots[2]
    return np.array([knots[0], knots[1], knots[2] - HEEL_INSIDE * line, knots[3] + TOE_INSIDE * line])


def turned_deg(before: Vector, after: Vector) -> float:
    """How far heel-to-toe has turned, clockwise in the picture positive."""
    return wrapped_deg(direction_deg(after) - direction_deg(before))


def direction_deg(points: Vector) -> float:
    return line_deg(points[2], points[3])


def line_deg(start: Vector, end: Vector) -> float:
    return degrees(atan2(float(end[1] - start[1]), float(end[0] - start[0])))


def wrapped_deg(angle: float) -> float:
    return (angle + 180.0) % 360.0 - 180.0


def length(v: Vector) -> float:
    return hypot(float(v[0]), float(v[1]))

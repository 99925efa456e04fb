"""By how many degrees has each foot turned since the frame before? Optical flow, not landmarks.

Landmarks tremble by themselves, about as much as a slight tremor shows in them; the flow errs elsewhere. So
what both show alike is a tremor (leg_rep.py). Summed up it drifts, and says nothing of where the foot is.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, dist, nan, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.foot_cut import (
    FOOT_MIN,
    Image,
    Place,
    Vector,
    foot_mask,
    foot_points,
    full_length,
    measurable,
    place_of,
)
from posecount.types import Pose

GAP_S = 0.15  # longer since the frame before, and the foot may be anywhere
NEAR = 0.2  # of half the small picture
FOOT_ALONE_MIN = 0.15  # of the shank: that of who stands on feet alone is rather too long
MARGIN_PX = 1  # around the landmarks' foot, which lies inside the true one
POINTS, LEAST = 40, 4  # that are followed, and that must be found again
PLAINEST, APART_PX = 0.01, 3  # of the most telling point
WINDOW_PX, LEVELS = (11, 11), 2
STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 10, 0.01)
BACK_PX = 0.5  # followed back again, a point must end so near to where it began
ROUNDS, FIRM_PX = 4, 0.1  # points of what is behind the foot move otherwise, and lose their say

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Last:
    time_s: float
    place: Place
    points: Vector
    grey: Image


class FootFlow:
    """Both feet of one person, frame after frame."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()
        self._left, self._right = _Foot(), _Foot()

    def update(self, image: Image, pose: Pose) -> tuple[float, float]:
        """Clockwise degrees (left, right) since the frame before; NaN where not measured.

        `image` is (height, width, 3), the picture that the pose was found in.
        """
        if image.shape != self._shape:
            self._shape, self._left, self._right = image.shape, _Foot(), _Foot()
        (left, right), least = foot_points(pose), FOOT_ALONE_MIN if pose.framing == "feet" else FOOT_MIN
        return (
            self._left.update(image, left, pose.time_s, least),
            self._right.update(image, right, pose.time_s, least),
        )


class _Foot:
    def __init__(self) -> None:
        self._last: _Last | None = None

    def update(self, image: Image, points: Vector, time_s: float, least: float) -> float:
        last, self._last = self._last, None
        if not measurable(points, (image.shape[1], image.shape[0]), least):
            return nan
        here = place_of(points)
        if last is None or time_s - last.time_s > GAP_S:
            self._last = _Last(time_s, here, points, here.grey(image))
            return nan
        now = last.place.grey(image)
        if _near(here, last.place):
            self._last = _Last(time_s, last.place, points, now)
        else:
            self._last = _Last(time_s, here, points, here.grey(image))
        return _turned_deg(last.grey, now, _mask(last))


def _near(one: Place, other: Place) -> bool:
    """Whether the foot is still well inside the place where it was looked for."""
    give_px = NEAR * other.half_px
    return dist(one.centre_px, other.centre_px) < give_px and abs(one.half_px - other.half_px) < give_px


def _mask(last: _Last) -> Image:
    foot = foot_mask(full_length(last.place.scaled(last.points)))
    return np.asarray(cv2.dilate(foot, np.ones((2 * MARGIN_PX + 1,) * 2)), np.uint8)


def _turned_deg(one: Image, two: Image, mask: Image) -> float:
    """Of what the mask shows, from one grey picture (112, 112) to the next; NaN where too little is."""
    found = cv2.goodFeaturesToTrack(one, POINTS, PLAINEST, APART_PX, mask=mask, blockSize=5)
    if found is None or len(found) < LEAST:
        return nan
    at = np.asarray(found, np.float32)
    went, seen = _followed(one, two, at)
    back, seen_back = _followed(two, one, went)
    same = seen & seen_back & (np.abs(back - at).max(axis=(1, 2)) < BACK_PX)
    return _rigid_turn_deg(at[same, 0], went[same, 0]) if np.count_nonzero(same) >= LEAST else nan


def _followed(one: Image, two: Image, at: Points) -> tuple[Points, NDArray[np.bool_]]:
    """Lucas and Kanade 1981, in a pyramid: where points (n, 1, 2) went, and whether they were found."""
    start = np.empty_like(at)
    went, found, _ = cv2.calcOpticalFlowPyrLK(
        one, two, at, start, winSize=WINDOW_PX, maxLevel=LEVELS, criteria=STEPS
    )
    return np.asarray(went, np.float32), found[:, 0] > 0


def _rigid_turn_deg(before: Points, after: Points) -> float:
    """The turn of most of the points (n, 2) about whatever they turn about."""
    weights, half = np.ones(len(before)), len(before) // 2
    for _ in range(ROUNDS):
        say = weights / weights.sum()
        x, y = before - say @ before, after - say @ after
        turn = atan2(say @ (x[:, 0] * y[:, 1] - x[:, 1] * y[:, 0]), say @ (x * y).sum(axis=1))
        left = y - x @ np.array([[cos(turn), sin(turn)], [-sin(turn), cos(turn)]])
        off = (left * left).sum(axis=1)
        weights = 1 / (1 + off / max(FIRM_PX**2, 2.25 * float(np.partition(off, half)[half])))
    return round(degrees(turn), 2)

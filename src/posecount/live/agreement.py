"""What landmarkers that look at one camera in turn must agree on: whom they follow, and who hears feet."""

from math import inf
from typing import Protocol

import numpy as np

from posecount.framing import seen
from posecount.types import Frame, Pose

HIPS, ANKLES = [23, 24], [27, 28]
RECENT_S = 0.3  # older than this, and someone may have come from anywhere
JUMP = 0.5  # legs
FEET_S = 1.0  # feet are nobody's while legs were seen so lately, and are given up after so long without them


class Detector(Protocol):
    """Any landmarker: a frame in, a pose out."""

    def detect(self, frame: Frame) -> Pose: ...

    def forget(self) -> None: ...


class Agreement:
    """Keeps lanes on one person: nobody's hips jump by half a leg from one picture to the next.

    Feet alone are counted by what moves between one picture and the next, so one lane must see all of them:
    it is `alone` with them until somebody is seen again.
    """

    def __init__(self) -> None:
        self._last: Pose | None = None
        self.alone: Detector | None = None
        self._somebody_s = self._feet_s = -inf

    def holds(self, lane: Detector, pose: Pose) -> bool:
        """Whether this can be the person of the pose before; with nobody before, anyone is."""
        if self.alone not in (None, lane):
            return False
        if pose.framing == "feet":
            return self._hears(lane, pose)
        somebody = seen(pose)
        if somebody or pose.time_s - self._feet_s >= FEET_S:
            self.alone = None
        last = self._last
        near = last is not None and pose.time_s - last.time_s < RECENT_S
        if near and last is not None and _jumped(last, pose):
            return False
        self._last = pose if np.isfinite(pose.points_px[HIPS]).all() else None
        if somebody:
            self._somebody_s = pose.time_s
        return True

    def _hears(self, lane: Detector, pose: Pose) -> bool:
        if pose.time_s - self._somebody_s < FEET_S:
            return self.alone is lane
        self.alone, self._feet_s = lane, pose.time_s
        return True


def _jumped(one: Pose, other: Pose) -> bool:
    """False for NaN: nobody is no one else."""
    legs = one.points_px[HIPS].mean(axis=0) - one.points_px[ANKLES].mean(axis=0)
    moved = one.points_px[HIPS].mean(axis=0) - other.points_px[HIPS].mean(axis=0)
    return bool(np.hypot(*moved) > JUMP * np.hypot(*legs))

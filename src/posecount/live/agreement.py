"""What landmarkers that look at one camera in turn must agree on: whom they follow, and who does so alone."""

from math import inf
from typing import Protocol

import numpy as np

from posecount.framing import seen
from posecount.types import Frame, Pose

HIPS, ANKLES = [23, 24], [27, 28]
RECENT_S = 0.3  # older than this, and someone may have come from anywhere
JUMP = 0.5  # legs
FEET_S = 1.0  # feet are nobody's while legs were seen so lately
GONE_S = 1.0  # so long without the legs or feet that one lane has, and they are any lane's


class Detector(Protocol):
    """Any landmarker: a frame in, a pose out."""

    def detect(self, frame: Frame) -> Pose: ...

    def forget(self) -> None: ...


class Agreement:
    """Keeps lanes on one person: nobody's hips jump by half a leg from one picture to the next.

    Who is only partly in view is followed by one lane `alone`, until somebody is whole again. Feet are
    counted by what moves between one picture and the next; and of legs without a body two lanes see the knees
    up to a tenth of a leg apart, which in turn would look like a tremor.
    """

    def __init__(self) -> None:
        self._last: Pose | None = None
        self.alone: Detector | None = None
        self._somebody_s = self._part_s = -inf

    def holds(self, lane: Detector, pose: Pose) -> bool:
        """Whether this can be the person of the pose before; with nobody before, anyone is."""
        if self.alone not in (None, lane):
            return False
        if pose.framing == "feet":
            return self._hears(lane, pose)
        if self.alone is None and self._is_elsewhere(pose):
            return False
        somebody = seen(pose)
        if pose.framing == "legs":
            self.alone, self._part_s = lane, pose.time_s
        elif somebody or pose.time_s - self._part_s >= GONE_S:
            self.alone = None
        self._last = pose if np.isfinite(pose.points_px[HIPS]).all() else None
        if somebody:
            self._somebody_s = pose.time_s
        return True

    def _hears(self, lane: Detector, pose: Pose) -> bool:
        if pose.time_s - self._somebody_s < FEET_S:
            return self.alone is lane
        self.alone, self._part_s = lane, pose.time_s
        return True

    def _is_elsewhere(self, pose: Pose) -> bool:
        last = self._last
        return last is not None and pose.time_s - last.time_s < RECENT_S and _jumped(last, pose)


def _jumped(one: Pose, other: Pose) -> bool:
    """False for NaN: nobody is no one else."""
    legs = one.points_px[HIPS].mean(axis=0) - one.points_px[ANKLES].mean(axis=0)
    moved = one.points_px[HIPS].mean(axis=0) - other.points_px[HIPS].mean(axis=0)
    return bool(np.hypot(*moved) > JUMP * np.hypot(*legs))

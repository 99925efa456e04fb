"""What landmarkers that look at one camera in turn must agree on: whom they follow, and who does so alone."""

from math import inf
from typing import Protocol

import numpy as np

from posecount.framing import seen
from posecount.types import Frame, Pose

HIPS, ANKLES = [23, 24], [27, 28]
RECENT_S = 0.3  # older than this, and someone may have come from anywhere
JUMP = 0.5  # legs
FEET_S, LEGS_S = 1.0, 0.3  # feet, and legs, are nobody's while a whole body was seen so lately
GONE_S = 1.0  # so long without the legs or feet that one lane has, and they are any lane's


class Detector(Protocol):
    """Any landmarker: a frame in, a pose out."""

    def detect(self, frame: Frame) -> Pose: ...

    def forget(self) -> None: ...


class Agreement:
    """Keeps lanes on one person: nobody's hips jump by half a leg from one picture to the next.

    Whom most lanes see only partly is followed by one lane `alone`, until somebody is whole again. Feet are
    counted by what moves between one picture and the next; and of legs without a body two lanes see the knees
    up to a tenth of a leg apart, which in turn would look like a tremor.
    """

    def __init__(self) -> None:
        self._last: Pose | None = None
        self._says: dict[Detector, Pose] = {}  # each lane's latest
        self.alone: Detector | None = None
        self._whole_s = self._part_s = -inf

    def holds(self, lane: Detector, pose: Pose) -> bool:
        """Whether this can be the person of the pose before; with nobody before, anyone is."""
        if self.alone not in (None, lane):
            return False
        self._says[lane] = pose
        if pose.framing != "whole":
            return self._follows(lane, pose)
        somebody = seen(pose)
        if somebody and self.alone is None and (self._is_elsewhere(pose) or self._is_outvoted(pose)):
            return False
        if somebody or pose.time_s - self._part_s >= GONE_S:
            self.alone = None
        self._last = pose if np.isfinite(pose.points_px[HIPS]).all() else None
        if somebody:
            self._whole_s = pose.time_s
        return True

    def _follows(self, lane: Detector, pose: Pose) -> bool:
        lately_s = FEET_S if pose.framing == "feet" else LEGS_S
        if self.alone is not lane and pose.time_s - self._whole_s < lately_s:
            return False
        self.alone, self._part_s = lane, pose.time_s
        return True

    def _is_elsewhere(self, pose: Pose) -> bool:
        last = self._last
        return last is not None and pose.time_s - last.time_s < RECENT_S and _jumped(last, pose)

    def _is_outvoted(self, pose: Pose) -> bool:
        """Whether most lanes see only a part of whom this one takes for whole."""
        lately = [each for each in self._says.values() if pose.time_s - each.time_s < RECENT_S]
        return sum(each.framing != "whole" for each in lately) > len(lately) / 2


def _jumped(one: Pose, other: Pose) -> bool:
    """False for NaN: nobody is no one else."""
    legs = one.points_px[HIPS].mean(axis=0) - one.points_px[ANKLES].mean(axis=0)
    moved = one.points_px[HIPS].mean(axis=0) - other.points_px[HIPS].mean(axis=0)
    return bool(np.hypot(*moved) > JUMP * np.hypot(*legs))

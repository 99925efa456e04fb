"""A pose of feet that are followed, and whether they can be believed."""

from collections import deque
from dataclasses import replace
from statistics import median

import numpy as np

from posecount.feet_look import FeetLook
from posecount.leg_look import LEGS
from posecount.types import Pose, nan

LANDMARKS = 33
# A foot that is hidden behind the other one is guessed anew in each frame: it jumps by 0.042 to 0.1 of a leg,
# others by 0.002 to 0.04. So much, and so many times as much as the other foot; of the last frames.
JUMPS, STEADY, OTHER, JUDGED = 0.04, 0.03, 3.0, 30


def feet_pose(pose: Pose, look: FeetLook, steady: tuple[bool, bool]) -> Pose:
    """The steady feet as they were found, knees as they were guessed, and hips of who stands on each foot."""
    points_px, visibility = np.full((LANDMARKS, 2), nan), np.full(LANDMARKS, nan)
    for (hip, knee, *foot), believed in zip(LEGS, steady, strict=True):
        if believed:
            points_px[[knee, *foot]] = look.found.points_px[[knee, *foot]]
            visibility[foot] = look.found.visibility[foot]
            points_px[hip] = points_px[foot[0]] + look.stranger.leg_px
    return replace(pose, points_px=points_px, visibility=visibility)


class Flicker:
    """`update` with each frame's feet: which of them, left and right, can be believed?"""

    def __init__(self) -> None:
        self._last: deque[tuple[float, float]] = deque(maxlen=3)
        self._jumps: tuple[deque[float], deque[float]] = deque(maxlen=JUDGED), deque(maxlen=JUDGED)
        self._steady = [True, True]

    def update(self, reaches: tuple[float, float]) -> tuple[bool, bool]:
        """`reaches` are those of `FeetLook`."""
        self._last.append(reaches)
        if len(self._last) == 3:
            for jumps, one, two, three in zip(self._jumps, *self._last, strict=True):
                jumps.append(abs(one - 2 * two + three))
        if len(self._jumps[0]) >= JUDGED // 2:
            left, right = map(median, self._jumps)
            self._judge(0, left, right)
            self._judge(1, right, left)
        left_steady, right_steady = self._steady
        return left_steady, right_steady

    def _judge(self, foot: int, own: float, other: float) -> None:
        least = JUMPS if self._steady[foot] else STEADY
        self._steady[foot] = own < max(least, OTHER * other)

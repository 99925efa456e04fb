"""Somebody who does what a programme asks, made of recorded landmarks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live_poses import recorded

from posecount.programme_run import RunView
from posecount.types import Pose

# Where the parts of every stretch recording are, seconds; the held part is walked to and fro.
REST, INTO, HELD, OUT = (0.0, 1.3), (1.3, 3.6), (3.6, 16.4), (16.4, 18.9)
REACT_S = 0.8
PAIRS = [(each, each + 1) for each in range(11, 33, 2)] + [(7, 8)]

Choose = Callable[[RunView], str]  # which recording is shown in this turn
LetGo = Callable[
    [RunView, float], bool
]  # whether to let go although the stretch is not over; view, seconds of it


def as_asked(view: RunView) -> str:
    return f"stretch-{view.step.knee}"


class Actor:
    """`pose(time_s, view)` at each time: the right leg is the left leg's recording in the mirror."""

    def __init__(self, choose: Choose = as_asked, lets_go: LetGo = lambda view, seconds: False) -> None:
        self._choose, self._lets_go = choose, lets_go
        self._poses: list[Pose] = []
        self._turn = 0
        self._part, self._since_s, self._wish_s = REST, 0.0, 0.0
        self._stretching = False
        self._asked_s = 0.0

    def pose(self, time_s: float, view: RunView) -> Pose:
        if view.turn != self._turn:
            self._turn = view.turn
            self._poses = recorded(self._choose(view))
        asked = view.stage == "exercise"
        self._asked_s = self._asked_s if asked else time_s
        wants = asked and not self._lets_go(view, time_s - self._asked_s)
        if wants == self._stretching:
            self._wish_s = time_s
        elif time_s - self._wish_s >= REACT_S and self._part in (REST, HELD):
            self._stretching = wants
            self._part, self._since_s = (INTO if wants else OUT), time_s
        self._go_on(time_s)
        return self._shown(time_s, mirrored=view.step.side == "right")

    def _go_on(self, time_s: float) -> None:
        start_s, end_s = self._part
        if self._part in (INTO, OUT) and time_s - self._since_s >= end_s - start_s:
            self._part, self._since_s = (HELD if self._part is INTO else REST), time_s

    def _shown(self, time_s: float, mirrored: bool) -> Pose:
        start_s, end_s = self._part
        way = (time_s - self._since_s) % (2 * (end_s - start_s))
        at_s = start_s + min(way, 2 * (end_s - start_s) - way)  # to and fro, so that nothing jumps
        seen = self._poses[min(round(at_s * 30), len(self._poses) - 1)]
        return replace(mirror(seen) if mirrored else seen, time_s=time_s)


def mirror(pose: Pose) -> Pose:
    """The same person's other side."""
    points = pose.points_px.copy()
    points[:, 0] = pose.size_px[0] - points[:, 0]
    for left, right in PAIRS:
        points[[left, right]] = points[[right, left]]
    return Pose(pose.time_s, pose.size_px, points, np.ones(33))

"""In how many ways something moves: a foot at its ankle or on its toes in one, a leg that steps in several.

The flow of a few seconds is split into patterns, each of which comes and goes as a whole: proper orthogonal
decomposition by the method of snapshots, Sirovich 1987, Quarterly of Applied Mathematics 45:561.
"""

from collections import deque
from math import exp
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.filters import Average
from posecount.flow import Grid

EVERY_S, WINDOW_S = 0.098, 3.0
CELL_PX = 6
# Shares of the first pattern and of the first two. Steps 0.45 to 0.73 and 0.73 to 0.84, a knee that is
# stretched 0.63 and 0.82; raises 0.83 to 0.98 and 0.89 to 0.99, feet in turn 0.58 and 0.87.
ONE, TWO = 0.7, 0.87
# Of what moves, so much at the picture's edge, where a leg comes in: steps 0.06 and more, pumps 0 to 0.01.
AT_EDGE = 0.03
# So much of the time: a slow stroke of a small foot may begin in noise, for 0.9 s.
MOSTLY, MOSTLY_TAU_S = 0.6, 1.2
LIVELY, LIVELY_TAU_S = 0.2, 10.0  # of what has moved lately: less is a rest, and its patterns are noise


class _Snapshot(NamedTuple):
    time_s: float
    flows: tuple[NDArray[np.float32], ...]  # (n,) each


class Ways:
    """`update` with every frame's flows; `several` is what they have said lately."""

    def __init__(self) -> None:
        self._past: deque[_Snapshot] = deque()
        self._most = 0.0
        self._steps = Average(MOSTLY_TAU_S)

    @property
    def several(self) -> bool:
        return self._steps.value > MOSTLY

    def update(
        self, time_s: float, flows: tuple[Grid, ...], weights: Grid, at_edge: float, quick: bool
    ) -> None:
        """`flows` (height, width, 2), by frames a short way apart and further; what stirs has `weights`.

        `at_edge` is how much of it lies at the picture's edge. Where nothing is `quick` nothing steps.
        """
        past = self._past
        since_s = time_s - past[-1].time_s if past else 0.0
        if past and since_s < EVERY_S:
            return
        stirs = (weights > 0)[..., None]
        past.append(_Snapshot(time_s, tuple(_coarse(flow * stirs) for flow in flows)))
        while time_s - past[0].time_s > WINDOW_S:
            past.popleft()
        power = sum(float(each.flows[-1] @ each.flows[-1]) for each in past)
        self._most = max(power, self._most * exp(-since_s / LIVELY_TAU_S))
        both = zip(*(each.flows for each in past), strict=True)
        lively = quick and power > LIVELY * self._most
        self._steps.push(time_s, float(lively and at_edge > AT_EDGE and all(map(_several, both))))

    def rest(self, time_s: float) -> None:
        """Nothing stirs."""
        self._steps.push(time_s, 0.0)


def _coarse(flow: Grid) -> NDArray[np.float32]:
    height, width = flow.shape[:2]
    size = max(1, width // CELL_PX), max(1, height // CELL_PX)
    return np.asarray(cv2.resize(flow, size, interpolation=cv2.INTER_AREA), np.float32).ravel()


def _several(flows: tuple[NDArray[np.float32], ...]) -> bool:
    """Whether neither one pattern nor two make up nearly all of them."""
    rows = np.array(flows)
    shares = np.linalg.eigvalsh(rows @ rows.T)[::-1]
    total = max(float(shares.sum()), 1e-9)
    return bool(shares[0] < ONE * total and shares[:2].sum() < TWO * total)

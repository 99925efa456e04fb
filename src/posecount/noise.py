"""How much does this signal tremble when nothing happens?"""

from collections import deque
from statistics import median

import numpy as np
from numpy.typing import NDArray

from posecount.filters import smoothed

BLOCK = 12  # samples judged together: less than half a second
KEEP = 40  # blocks remembered
QUIET_SHARE = 0.25  # the quietest quarter of them was rest
SLOW_CAMERA_S = 1 / 22  # a camera with longer between its frames
STAYS = 1.2  # times the median that smoothing takes away: more, and tremors of 15 frames a second are lost


class NoiseFloor:
    """From each sample's distance to its smoothed self, the typical distance at rest."""

    def __init__(self) -> None:
        self._block: list[float] = []
        self._blocks: deque[float] = deque(maxlen=KEEP)
        self.value_deg = 0.0  # until there is a block

    def push(self, distance_deg: float) -> None:
        self._block.append(distance_deg)
        if len(self._block) == BLOCK:
            self._blocks.append(median(self._block))
            self._block = []
            self.value_deg = sorted(self._blocks)[int(QUIET_SHARE * (len(self._blocks) - 1))]


def left_by_smoothing_deg(
    times_s: NDArray[np.float64], values_deg: NDArray[np.float64], sigma_s: float
) -> float:
    """What smoothing leaves of the noise in a slow camera's samples (n,), by what it takes away.

    0 for a quicker one: there many samples are smoothed together, and little is left.
    """
    if median(np.diff(times_s).tolist()) < SLOW_CAMERA_S:
        return 0.0
    return STAYS * float(median(np.abs(values_deg - smoothed(times_s, values_deg, sigma_s)).tolist()))

"""An experiment: the rate of breathing, from how the shoulders rise and sink over the hips of someone still.

For stretches only: whoever moves in a rhythm would be taken to breathe in it. Told only while one rhythm is
nearly all that moves them; what that is worth is in benchmarks/README.md.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from posecount.body_rise import EAR_TO_HEEL, EARS
from posecount.geometry import HIPS, SHOULDERS
from posecount.types import Pose, nan

HEELS = (29, 30)
WINDOW_S, LEAST_S = 30.0, 18.0  # two slow breaths at least
GRID_HZ = 8.0
SLOWEST_HZ, FASTEST_HZ = 0.06, 0.5
# Rendered people who do not breathe: 27 to 69 % of the power in one peak; one who does: 87 %.
PEAK_HZ, SHARE_MIN = 0.04, 0.8
RISE_MIN, RISE_MAX = (
    0.0035,
    0.018,
)  # from peak to peak, of the height: 0.6 to 3 cm; more is the trunk that moves


class BreathMeter:
    """`push` every pose, and whether the person is holding still: else it begins anew."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()
        self._judged_s = -1.0
        self._per_min = nan

    def push(self, pose: Pose, still: bool) -> float:
        """Breaths a minute in the last half minute, looked at once a second; NaN unless that is sure."""
        if not still:
            self._seen.clear()
            self._per_min = nan
            return nan
        y = pose.points_px[:, 1]
        ears, shoulders, hips, heels = (
            float(y[list(pair)].mean()) for pair in (EARS, SHOULDERS, HIPS, HEELS)
        )
        rise = (hips - shoulders) / (heels - ears) * EAR_TO_HEEL if heels > ears else nan
        if np.isfinite(rise):
            self._seen.append((pose.time_s, rise))
        while self._seen and pose.time_s - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()
        if pose.time_s - self._judged_s >= 1.0:
            self._judged_s = pose.time_s
            times, rises = np.array(self._seen or [(0.0, 0.0)]).T
            self._per_min = breaths_per_min(times, rises)
        return self._per_min


def breaths_per_min(times_s: NDArray[np.float64], rises: NDArray[np.float64]) -> float:
    """Of `rises` (n,), shoulders over hips as shares of the height; NaN unless one rhythm is nearly all."""
    if times_s[-1] - times_s[0] < LEAST_S or np.diff(times_s).max() > 1.0:
        return nan
    grid = np.arange(times_s[0], times_s[-1], 1 / GRID_HZ)
    values = np.interp(grid, times_s, rises)
    values -= np.polyval(np.polyfit(grid, values, 1), grid)
    hz = np.fft.rfftfreq(8 * len(grid), 1 / GRID_HZ)
    power = np.abs(np.fft.rfft(values * np.hanning(len(grid)), 8 * len(grid))) ** 2
    band = (hz > SLOWEST_HZ) & (hz < FASTEST_HZ)
    best_hz = float(hz[band][power[band].argmax()])
    share = power[band & (np.abs(hz - best_hz) < PEAK_HZ)].sum() / power[band].sum()
    slow = np.fft.rfft(values)
    slow[np.fft.rfftfreq(len(grid), 1 / GRID_HZ) > FASTEST_HZ] = 0
    rise = 2 * np.sqrt(2) * np.fft.irfft(slow, len(grid)).std()
    return 60 * best_hz if share >= SHARE_MIN and RISE_MIN <= rise <= RISE_MAX else nan

"""Bounces of what should be still: a stretch that is held."""

import numpy as np
from numpy.typing import NDArray

from posecount.ripple import RATE_HZ, smooth

Floats = NDArray[np.float64]


def bounce_times_s(times_s: Floats, values_deg: Floats, least_deg: float) -> Floats:
    """When each up-and-down cycle of 0.5 to 4 Hz ended, in a position (n,) that should be still.

    A cycle must go `least_deg` from bottom to top and back.
    """
    if len(times_s) < 8:
        return np.empty(0)
    grid = np.arange(times_s[0], times_s[-1], 1 / RATE_HZ)
    light = smooth(np.interp(grid, times_s, values_deg), 0.06)
    return grid[_turns(light - smooth(light, 0.5), least_deg)[1::2]]


def _turns(values: Floats, threshold: float) -> list[int]:
    """Where the direction changed, each change believed once it has gone `threshold` back."""
    turns: list[int] = []
    direction = 0
    low = high = extreme = float(values[0])
    for i, value in enumerate(values.tolist()):
        if direction == 0:
            low, high = min(low, value), max(high, value)
            direction = int(value - low >= threshold) - int(high - value >= threshold)
            extreme = value
        elif direction * (value - extreme) > 0:
            extreme = value
        elif direction * (extreme - value) >= threshold:
            turns.append(i)
            direction, extreme = -direction, value
    return turns

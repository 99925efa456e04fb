"""What a stroke leaves once the best smooth one is taken away: tremor and ripple.

Smooth strokes follow minimum-jerk paths: Flash and Hogan 1985, J Neurosci 5:1688.
"""

from functools import cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecount.strokes import Stroke

Floats = NDArray[np.float64]

RATE_HZ = 60.0  # everything is judged on this even grid
LIGHT_S, SLOW_S = 0.025, 0.085  # the band between these two smoothings is where tremor and ripple live
QUICK_S = 0.05  # in place of the second: only what is as quick as a tremor

# The minimum-jerk strokes that are tried, as columns: shares of the stroke's own duration, and delays. In
# single precision, a millionth of a degree, they take two thirds of the time.
DURATIONS, DELAYS_S = (
    one.astype(np.float32).reshape(-1, 1)
    for one in np.meshgrid(np.linspace(0.6, 1.4, 9), np.linspace(-0.08, 0.08, 9))
)


def smooth(values: Floats, sigma_s: float, rate_hz: float = RATE_HZ) -> Floats:
    """Zero-phase Gaussian smoothing of an even series (n,), held constant beyond its ends."""
    kernel = _kernel(sigma_s, rate_hz)
    half = len(kernel) // 2
    held = values.take(np.arange(-half, len(values) + half), mode="clip")
    return np.correlate(held, kernel, "valid")  # the kernel is the same backwards


@cache
def _kernel(sigma_s: float, rate_hz: float) -> Floats:
    half = int(np.ceil(3 * sigma_s * rate_hz))
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / rate_hz / sigma_s) ** 2)
    return np.asarray(kernel / kernel.sum())


def span(grid_s: Floats, start_s: float, end_s: float) -> slice:
    """Where the grid runs from start to end, both included."""
    return slice(int(grid_s.searchsorted(start_s)), int(grid_s.searchsorted(end_s, "right")))


class Tries(NamedTuple):
    """The minimum-jerk strokes that a stroke may be, as rows, where the grid is `near` it."""

    near: slice
    paths: NDArray[np.float32]  # from their means
    power: NDArray[np.float32]


def tries_of(grid: Floats, stroke: Stroke) -> Tries | None:
    """None when it is too short to say anything of it."""
    whole_s, middle_s = whole(stroke)
    near = span(grid, middle_s - whole_s / 2 - 0.05, middle_s + whole_s / 2 + 0.05)
    from_middle_s = (grid[near] - middle_s).astype(np.float32)
    if len(from_middle_s) < 6:
        return None
    x = ((from_middle_s - DELAYS_S) / (np.float32(whole_s) * DURATIONS) + np.float32(0.5)).clip(0, 1)
    paths = x * x * x * (10 + x * (6 * x - 15))
    paths -= paths.sum(axis=1, keepdims=True) / np.float32(len(from_middle_s))
    return Tries(near, paths, np.maximum((paths * paths).sum(axis=1), np.float32(1e-9)))


def whole(stroke: Stroke) -> tuple[float, float]:
    """How long a minimum-jerk stroke takes of which this is the part between 10 % and 90 %; its middle."""
    return (stroke.end_s - stroke.start_s) / 0.506, (stroke.start_s + stroke.end_s) / 2


BothTries = tuple[Tries | None, Tries | None]  # of the way there and the way back


def ripple_deg(light: Floats, tries: Tries | None, slow_s: float) -> float:
    """Amplitude of the ripple in a stroke; 0 in one that is too short."""
    return sqrt(2 * mean_square(ripple(light, tries, slow_s))) if tries else 0.0


def ripple(light: Floats, tries: Tries, slow_s: float = SLOW_S) -> Floats:
    """What remains (n,) in the ripple band once the best minimum-jerk stroke is taken away.

    Taking the stroke away first matters for brisk ones, which reach into the band themselves.
    """
    near, paths, power = tries
    values = light[near]
    centred = values - values.sum() / len(values)
    along = paths @ centred.astype(np.float32)
    best = int((along * along / power).argmax())
    left = centred - along[best] / power[best] * paths[best]
    return np.asarray(left - smooth(left, slow_s))


def shared_deg(one: Floats, other: Floats, tries: BothTries) -> float:
    """Amplitude of the ripple that both show; 0 for what one shows against the other."""
    shared = sum(
        float(ripple(one, each) @ ripple(other, each)) / each.paths.shape[1] for each in tries if each
    )
    return sqrt(max(0.0, shared))


def mean_square(values: Floats) -> float:
    return float(values @ values) / len(values)

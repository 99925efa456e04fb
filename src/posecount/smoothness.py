"""How smooth was it? Measures that say NaN when the movement is too short or too noisy to tell.

SPARC, spectral arc length: Balasubramanian et al. 2015, J NeuroEng Rehabil 12:112.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecount.strokes import Stroke

Floats = NDArray[np.float64]

RATE_HZ = 60.0  # everything is judged on this even grid
LIGHT_S = 0.03


@dataclass(frozen=True, slots=True)
class Shape:
    """How a rep was moved."""

    amplitude_deg: float
    top_s: float  # how long more than half of the way was left behind: 0.27 s in a 0.54 s cycle
    sparc: float
    ripple_deg: float
    peaks: int
    jerky: bool = False


def sparc(speed: Floats, rate_hz: float, pad: int = 4, cutoff_hz: float = 10.0, amplitude: float = 0.05) -> float:
    """Spectral arc length of one movement's speed profile (n,), at most 0; smoother is nearer to -1.4.

    NaN for fewer than 3 samples or no movement at all.
    """
    if len(speed) < 3 or not np.max(np.abs(speed)) > 0:
        return float("nan")
    size = int(2 ** (np.ceil(np.log2(len(speed))) + pad))
    frequency = np.arange(size) * rate_hz / size
    magnitude = np.abs(np.fft.fft(speed, size))
    magnitude /= magnitude.max()
    kept = np.flatnonzero(frequency <= cutoff_hz)
    frequency, magnitude = frequency[kept], magnitude[kept]
    above = np.flatnonzero(magnitude >= amplitude)
    frequency, magnitude = frequency[above[0] : above[-1] + 1], magnitude[above[0] : above[-1] + 1]
    if len(frequency) < 2:
        return float("nan")
    along = np.diff(frequency) / (frequency[-1] - frequency[0])
    return float(-np.sum(np.hypot(along, np.diff(magnitude))))


def smooth(values: Floats, sigma_s: float, rate_hz: float = RATE_HZ) -> Floats:
    """Zero-phase Gaussian smoothing of an even series (n,), held constant beyond its ends."""
    half = int(np.ceil(3 * sigma_s * rate_hz))
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / rate_hz / sigma_s) ** 2)
    return np.convolve(np.pad(values, half, "edge"), kernel / kernel.sum(), "valid")


def judge(times_s: Floats, values_deg: Floats, first: Stroke, second: Stroke, noise_deg: float) -> Shape:
    """The shape of one rep from its unsmoothed movement, a little before and after included."""
    grid = np.arange(times_s[0], times_s[-1], 1 / RATE_HZ)
    light = smooth(np.interp(grid, times_s, values_deg), LIGHT_S)
    inside = light[(grid >= first.start_s - 0.1) & (grid <= second.end_s + 0.1)]
    amplitude = float(np.percentile(inside, 98) - np.percentile(inside, 2))
    scores = [_stroke(grid, light, s) for s in (first, second)]
    return Shape(amplitude, _top_s(grid, light, first, second), min(s[0] for s in scores), max(s[1] for s in scores), max(s[2] for s in scores))


def _stroke(grid: Floats, light: Floats, stroke: Stroke) -> tuple[float, float, int]:
    margin = 0.25 * (stroke.end_s - stroke.start_s) + 0.03
    pick = (grid >= stroke.start_s - margin) & (grid <= stroke.end_s + margin)
    x = light[pick]
    if len(x) < 4:
        return float("nan"), float("nan"), 0
    v = np.gradient(x, 1 / RATE_HZ)
    peaks = 0
    return sparc(np.abs(v), RATE_HZ), float(np.std(x - smooth(x, 0.09))), peaks


def _top_s(grid: Floats, light: Floats, first: Stroke, second: Stroke) -> float:
    """Seconds between crossing the middle on the way out and on the way back."""
    middle = (first.end_deg + (first.start_deg + second.end_deg) / 2) / 2
    beyond = (light > middle) == first.rises
    between = (grid >= first.start_s - 0.1) & (grid <= second.end_s + 0.1)
    return float(np.sum(beyond & between)) / RATE_HZ


def cycles(times_s: Floats, values_deg: Floats, least_deg: float, noise_factor: float) -> int:
    """Up-and-down cycles of a bounce, about 0.5 to 4 Hz, in a position (n,) that should be still.

    A bounce must exceed `least_deg` from top to bottom, and the noise of the signal `noise_factor` times.
    """
    if len(times_s) < 8:
        return 0
    grid = np.arange(times_s[0], times_s[-1], 1 / RATE_HZ)
    even = np.interp(grid, times_s, values_deg)
    light = smooth(even, 0.06)
    swing = light - smooth(light, 0.5)
    step = np.median(np.abs(np.diff(values_deg)))
    threshold = max(least_deg, noise_factor * 0.5 * float(step))
    return _turns(swing, threshold) // 2


def _turns(values: Floats, threshold: float) -> int:
    """Changes of direction, each believed once it has gone `threshold` back."""
    turns, direction = 0, 0
    low = high = extreme = values[0]
    for value in values:
        if direction == 0:
            low, high = min(low, value), max(high, value)
            direction = int(value - low >= threshold) - int(high - value >= threshold)
            extreme = value
        elif direction * (value - extreme) > 0:
            extreme = value
        elif direction * (extreme - value) >= threshold:
            turns, direction, extreme = turns + 1, -direction, value
    return turns

"""How smooth was it? Measures that say NaN when the movement is too short or too noisy to tell.

SPARC, spectral arc length: Balasubramanian et al. 2015, J NeuroEng Rehabil 12:112.
Smooth strokes follow minimum-jerk paths: Flash and Hogan 1985, J Neurosci 5:1688.
"""

from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import InterpolatedUnivariateSpline

from posecount.spread import quantile
from posecount.strokes import Stroke

Floats = NDArray[np.float64]

RATE_HZ = 60.0  # everything is judged on this even grid
LIGHT_S, SLOW_S = 0.025, 0.085  # the band between these two smoothings is where tremor and ripple live

# A cycle of 0.7 s spends 0.35 s beyond its middle. Brisk smooth pumps of 1 s spend 0.47 s and more.
REBOUND_S = 0.4
# On rendered people a tremor of 3.5 to 6 deg leaves 1.5 to 2.6 deg here, smooth reps at most 1.3 of 40.
RIPPLE_DEG, RIPPLE_SHARE = 1.35, 0.0372

# What white noise leaves in the ripple band, over its median distance from the smoothed signal.
RIPPLE_OF_NOISE = 1.15
NOISE_MAX = 0.2  # so much of a ripple's power is believed in any noise

SLOWEST_FLICKER_S = 1 / 22
WITNESS = 1.5  # a second signal of the same rep may show this much less of a ripple

# The minimum-jerk strokes that are tried, as columns: shares of the stroke's own duration, and delays.
DURATIONS, DELAYS_S = (
    one.reshape(-1, 1) for one in np.meshgrid(np.linspace(0.6, 1.4, 9), np.linspace(-0.08, 0.08, 9))
)

SPARC_MIN_S, SPARC_MIN_OVER_NOISE = 0.3, 15.0  # below these SPARC says more about the noise


@dataclass(frozen=True, slots=True)
class Shape:
    """How a rep was moved."""

    amplitude_deg: float  # slow beginnings and ends are left out
    top_s: float  # how long more than half of the way was left behind
    ripple_deg: float  # amplitude of what is neither the movement nor the noise below 3 Hz
    sparc: float  # of the rougher stroke

    @property
    def ripple_share(self) -> float:
        return self.ripple_deg / self.amplitude_deg if self.amplitude_deg > 0 else 0.0

    @property
    def jerky(self) -> bool:
        """Rebounding, or with a ripple in its strokes."""
        return self.top_s < REBOUND_S or (self.ripple_deg >= RIPPLE_DEG and self.ripple_share >= RIPPLE_SHARE)

    def with_less_ripple(self, witnessed_share: float) -> "Shape":
        """This shape with the ripple that another signal of the same rep confirms."""
        share = min(self.ripple_share, WITNESS * witnessed_share)
        return replace(self, ripple_deg=share * self.amplitude_deg)


def sparc(
    speed: Floats, rate_hz: float, pad: int = 4, cutoff_hz: float = 10.0, amplitude: float = 0.05
) -> float:
    """Spectral arc length of one movement's speed profile (n,), at most 0; smoother is nearer to -1.4.

    NaN for fewer than 3 samples or no movement at all.
    """
    if len(speed) < 3 or not np.max(np.abs(speed)) > 0:
        return float("nan")
    size = int(2 ** (np.ceil(np.log2(len(speed))) + pad))
    magnitude = np.abs(np.fft.rfft(speed, size))
    magnitude = magnitude[: int(cutoff_hz * size / rate_hz) + 1] / magnitude.max()
    frequency = np.arange(len(magnitude)) * rate_hz / size
    above = np.flatnonzero(magnitude >= amplitude)
    frequency, magnitude = frequency[above[0] : above[-1] + 1], magnitude[above[0] : above[-1] + 1]
    if len(frequency) < 2:
        return float("nan")
    along = np.diff(frequency) / (frequency[-1] - frequency[0])
    return float(-np.sum(np.hypot(along, np.diff(magnitude))))


def smooth(values: Floats, sigma_s: float, rate_hz: float = RATE_HZ) -> Floats:
    """Zero-phase Gaussian smoothing of an even series (n,), held constant beyond its ends."""
    kernel = _kernel(sigma_s, rate_hz)
    beyond = np.ones(len(kernel) // 2)
    return np.convolve(np.concatenate((beyond * values[0], values, beyond * values[-1])), kernel, "valid")


@cache
def _kernel(sigma_s: float, rate_hz: float) -> Floats:
    half = int(np.ceil(3 * sigma_s * rate_hz))
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / rate_hz / sigma_s) ** 2)
    return np.asarray(kernel / kernel.sum())


def judge(times_s: Floats, values_deg: Floats, first: Stroke, second: Stroke, noise_deg: float) -> Shape:
    """The shape of one rep from its unsmoothed movement (n,), a little before and after included.

    `noise_deg` is the typical distance of the signal from its smoothed self.
    """
    grid, light = _resampled(times_s, values_deg)
    noise_deg = max(noise_deg, _flicker_deg(times_s, values_deg))
    return Shape(
        amplitude_deg=_amplitude_deg(grid, light, first, second),
        top_s=_top_s(grid, light, first, second),
        ripple_deg=_ripple_over_noise_deg(grid, light, first, second, noise_deg),
        sparc=min(_sparc_of(grid, light, stroke, noise_deg) for stroke in (first, second)),
    )


def ripple_share(
    times_s: Floats, values_deg: Floats, first: Stroke, second: Stroke, noise_deg: float
) -> float:
    """The ripple alone, as a share of the amplitude; for a second witness of the same rep."""
    grid, light = _resampled(times_s, values_deg)
    noise_deg = max(noise_deg, _flicker_deg(times_s, values_deg))
    ripple_deg = _ripple_over_noise_deg(grid, light, first, second, noise_deg)
    return ripple_deg / max(_amplitude_deg(grid, light, first, second), 1e-9)


def _resampled(times_s: Floats, values_deg: Floats) -> tuple[Floats, Floats]:
    """The even grid in seconds, and the values on it, lightly smoothed."""
    grid = np.arange(times_s[0], times_s[-1], 1 / RATE_HZ)
    # A straight line between the samples of a 15 fps camera would cut a tremor's tops off.
    curve = InterpolatedUnivariateSpline(times_s, values_deg, k=3 if len(times_s) > 3 else 1)
    return grid, smooth(curve(grid), LIGHT_S)


def _amplitude_deg(grid: Floats, light: Floats, first: Stroke, second: Stroke) -> float:
    inside = light[(grid >= first.start_s - 0.1) & (grid <= second.end_s + 0.1)].tolist()
    return quantile(inside, 0.98) - quantile(inside, 0.02)


def _ripple_over_noise_deg(
    grid: Floats, light: Floats, first: Stroke, second: Stroke, noise_deg: float
) -> float:
    ripple = sum(_ripple_deg(grid, light, stroke) for stroke in (first, second)) / 2
    return ripple * sqrt(max(NOISE_MAX, 1 - (RIPPLE_OF_NOISE * noise_deg / max(ripple, 1e-9)) ** 2))


def _flicker_deg(times_s: Floats, values_deg: Floats) -> float:
    """What jumps from frame to frame, too fast for any leg; 0 where the camera is too slow to tell.

    The fourth difference passes 4 % of 4.5 Hz and 82 % of 12 Hz at 30 frames a second. Of white noise it
    leaves about as much as the ripple band does.
    """
    if len(times_s) < 8 or median(np.diff(times_s).tolist()) > SLOWEST_FLICKER_S:
        return 0.0
    return float(np.sqrt(np.mean(np.diff(values_deg, 4) ** 2))) / 16


def _top_s(grid: Floats, light: Floats, first: Stroke, second: Stroke) -> float:
    """Seconds between crossing the middle on the way out and on the way back."""
    middle = (first.end_deg + (first.start_deg + second.end_deg) / 2) / 2
    beyond = (light > middle) == first.rises
    between = (grid >= first.start_s - 0.1) & (grid <= second.end_s + 0.1)
    return float(np.sum(beyond & between)) / RATE_HZ


def _ripple_deg(grid: Floats, light: Floats, stroke: Stroke) -> float:
    """Amplitude of what remains in the ripple band once the best minimum-jerk stroke is taken away.

    Taking the stroke away first matters for brisk ones, which reach into the band themselves.
    """
    whole_s = (stroke.end_s - stroke.start_s) / 0.506
    middle_s = (stroke.start_s + stroke.end_s) / 2
    near = np.abs(grid - middle_s) <= whole_s / 2 + 0.05
    if near.sum() < 6:
        return 0.0
    left = _without_stroke(grid[near] - middle_s, light[near], whole_s)
    ripple = left - smooth(left, SLOW_S)
    return sqrt(2 * float(np.mean(ripple**2)))


def _without_stroke(at_s: Floats, values: Floats, whole_s: float) -> Floats:
    """Residual of the minimum-jerk stroke that fits best among some durations and delays."""
    x = np.clip((at_s - DELAYS_S) / (whole_s * DURATIONS) + 0.5, 0, 1)
    paths = x**3 * (10 - 15 * x + 6 * x**2)
    paths -= paths.mean(axis=1, keepdims=True)
    centred = values - values.mean()
    power = np.maximum((paths**2).sum(axis=1), 1e-9)
    scale = paths @ centred / power
    best = int(np.argmax(scale**2 * power))
    return np.asarray(centred - scale[best] * paths[best])


def _sparc_of(grid: Floats, light: Floats, stroke: Stroke, noise_deg: float) -> float:
    whole_s = (stroke.end_s - stroke.start_s) / 0.506
    if whole_s < SPARC_MIN_S or stroke.amplitude_deg < SPARC_MIN_OVER_NOISE * noise_deg:
        return float("nan")
    middle_s = (stroke.start_s + stroke.end_s) / 2
    near = np.abs(grid - middle_s) <= whole_s / 2
    return sparc(np.abs(np.gradient(smooth(light, 0.03)[near], 1 / RATE_HZ)), RATE_HZ)


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
    low = high = extreme = values[0]
    for i, value in enumerate(values):
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

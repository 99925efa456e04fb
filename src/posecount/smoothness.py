"""How smooth was it? Measures that say NaN when the movement is too short or too noisy to tell.

SPARC, spectral arc length: Balasubramanian et al. 2015, J NeuroEng Rehabil 12:112.
Smooth strokes follow minimum-jerk paths: Flash and Hogan 1985, J Neurosci 5:1688.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import inf, nan, sqrt
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import splev, splrep

from posecount.noise import SLOW_CAMERA_S
from posecount.spread import quantile
from posecount.strokes import Stroke

Floats = NDArray[np.float64]

RATE_HZ = 60.0  # everything is judged on this even grid
LIGHT_S, SLOW_S = 0.025, 0.085  # the band between these two smoothings is where tremor and ripple live
QUICK_S = 0.05  # in place of the second: only what is as quick as a tremor

# A cycle of 0.7 s spends 0.35 s beyond its middle. Brisk smooth pumps of 1 s spend 0.47 s and more.
REBOUND_S = 0.4
# What white noise leaves in the ripple band, over its median distance from the smoothed signal.
RIPPLE_OF_NOISE = 1.15
NOISE_MAX = 0.2  # so much of a ripple's power is believed in any noise

# The minimum-jerk strokes that are tried, as columns: shares of the stroke's own duration, and delays. In
# single precision, a millionth of a degree, they take two thirds of the time.
DURATIONS, DELAYS_S = (
    one.astype(np.float32).reshape(-1, 1)
    for one in np.meshgrid(np.linspace(0.6, 1.4, 9), np.linspace(-0.08, 0.08, 9))
)

SPARC_MIN_S, SPARC_MIN_OVER_NOISE = 0.3, 15.0  # below these SPARC says more about the noise


class Limit(NamedTuple):
    """A ripple is jerky from both of these on."""

    ripple_deg: float
    share: float  # of the movement


# On rendered people a tremor of 3.5 to 6 deg leaves 1.5 to 3.7 deg in the landmarks, 4 to 10 % of the
# movement; of smooth reps forty-nine of fifty less than 1 deg. Where pixels are a witness, of 48 pumps with a
# tremor all but two leave more than WITNESSED, of 266 smooth ones all but one less.
ALONE, WITNESSED = Limit(1.42, 0.03), Limit(0.95, 0.02)
# Of feet alone, in what landmarks share with pixels and with the other foot: tremors 1.7 to 2.6, smooth reps
# up to 1.4, with one of both up to 1.75.
OF_FEET = Limit(1.55, 0.025)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a rep was moved."""

    amplitude_deg: float  # slow beginnings and ends are left out
    top_s: float  # how long more than half of the way was left behind
    ripple_deg: float  # amplitude of what is neither the movement nor the noise below 3 Hz; NaN if not asked
    sparc: float  # of the rougher stroke
    limit: Limit

    @property
    def ripple_share(self) -> float:
        return self.ripple_deg / self.amplitude_deg if self.amplitude_deg > 0 else 0.0

    @property
    def jerky(self) -> bool:
        """Rebounding, or with a ripple in its strokes."""
        least_deg, share = self.limit
        return self.top_s < REBOUND_S or (self.ripple_deg >= least_deg and self.ripple_share >= share)


def sparc(
    speed: Floats, rate_hz: float, pad: int = 4, cutoff_hz: float = 10.0, amplitude: float = 0.05
) -> float:
    """Spectral arc length of one movement's speed profile (n,), at most 0; smoother is nearer to -1.4.

    NaN for fewer than 3 samples or no movement at all.
    """
    if len(speed) < 3 or not speed.max() > 0:
        return nan
    size = 2 ** ((len(speed) - 1).bit_length() + pad)
    magnitude = np.abs(np.fft.rfft(speed, size)[: int(cutoff_hz * size / rate_hz) + 1])
    magnitude /= magnitude[0]  # the largest, of what is never negative
    above = np.flatnonzero(magnitude >= amplitude)
    magnitude = magnitude[above[0] : above[-1] + 1]
    if len(magnitude) < 2:
        return nan
    along = 1 / (len(magnitude) - 1)
    return -float(np.hypot(along, magnitude[1:] - magnitude[:-1]).sum())


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


@dataclass(frozen=True, slots=True)
class Trace:
    """One rep's movement on an even grid, lightly smoothed. What costs time is worked out when asked for."""

    grid_s: Floats
    values_deg: Floats
    first: Stroke
    second: Stroke
    noise_deg: float

    @property
    def amplitude_deg(self) -> float:
        inside = sorted(self.values_deg[self._within].tolist())
        return quantile(inside, 0.98) - quantile(inside, 0.02)

    @property
    def top_s(self) -> float:
        """Seconds between crossing the middle on the way out and on the way back."""
        first = self.first
        middle = (first.end_deg + (first.start_deg + self.second.end_deg) / 2) / 2
        beyond = (self.values_deg[self._within] > middle) == first.rises
        return int(np.count_nonzero(beyond)) / RATE_HZ

    @property
    def _within(self) -> slice:
        return _span(self.grid_s, self.first.start_s - 0.1, self.second.end_s + 0.1)

    def tries(self) -> "tuple[_Tries | None, _Tries | None]":
        """For `ripple_deg`, of both strokes."""
        return _tries(self.grid_s, self.first), _tries(self.grid_s, self.second)

    def ripple_deg(self, tries: "tuple[_Tries | None, _Tries | None]", slow_s: float = SLOW_S) -> float:
        """Mean of both strokes, without what the noise adds."""
        ripple = sum(_ripple_deg(self.values_deg, one, slow_s) for one in tries) / 2
        return ripple * sqrt(max(NOISE_MAX, 1 - (RIPPLE_OF_NOISE * self.noise_deg / max(ripple, 1e-9)) ** 2))

    def tremor_share(self) -> float:
        """Ripple as quick as a tremor, of the movement."""
        return self.ripple_deg(self.tries(), QUICK_S) / max(self.amplitude_deg, 1e-9)

    def sparc(self) -> float:
        """Of the rougher stroke."""
        steady, strokes = smooth(self.values_deg, 0.03), (self.first, self.second)
        return min(_sparc_of(self.grid_s, steady, one, self.noise_deg) for one in strokes)


def trace(times_s: Floats, values_deg: Floats, first: Stroke, second: Stroke, noise_deg: float) -> Trace:
    """From the unsmoothed movement of a rep (n,), a little before and after included.

    `noise_deg` is the typical distance of the signal from its smoothed self.
    """
    noise_deg = max(noise_deg, _flicker_deg(times_s, values_deg))
    return Trace(_grid(times_s), lightly(times_s, values_deg), first, second, noise_deg)


def lightly(times_s: Floats, values_deg: Floats) -> Floats:
    """Samples (n,) on the even grid of a `Trace` of the same times, lightly smoothed."""
    # A straight line between the samples of a 15 fps camera would cut a tremor's tops off.
    curve = splrep(times_s, values_deg, k=3 if len(times_s) > 3 else 1, s=0)
    return smooth(splev(_grid(times_s), curve), LIGHT_S)


def sharpened(values: Floats, samples: int) -> Floats:
    """An even series (n,) of which each value is the mean of so many around it, as it was before that.

    To second order: a sine comes out flattened by less than a tenth if it has four times as many samples.
    """
    bends = np.zeros_like(values)
    bends[1:-1] = values[2:] - 2 * values[1:-1] + values[:-2]
    return np.asarray(values - (samples**2 - 1) / 24 * bends)


def _grid(times_s: Floats) -> Floats:
    return np.arange(times_s[0], times_s[-1], 1 / RATE_HZ)


def judge(moved: Trace) -> Shape:
    """The shape of a rep."""
    ripple_deg = moved.ripple_deg(moved.tries())
    least_deg = max(ALONE.ripple_deg, moved.noise_deg)  # what does not exceed the noise is noise
    limit = Limit(least_deg, ALONE.share)
    return Shape(moved.amplitude_deg, moved.top_s, ripple_deg, moved.sparc(), limit)


def judge_rebound(moved: Trace) -> Shape:
    """Of a rep that rebounds: jerky by that alone. Its ripple, which costs most to tell, is not asked."""
    return Shape(moved.amplitude_deg, moved.top_s, nan, moved.sparc(), ALONE)


def judge_witnessed(moved: Trace, witness: Floats) -> Shape:
    """The shape of a rep of which pixels tell besides landmarks; `witness` is on the grid of `moved`.

    Its ripple is half what the landmarks show, and half what both show alike.
    """
    tries = moved.tries()
    ripple_deg = (moved.ripple_deg(tries) + _shared_deg(moved.values_deg, witness, tries)) / 2
    return Shape(moved.amplitude_deg, moved.top_s, ripple_deg, moved.sparc(), WITNESSED)


def judge_shared(moved: Trace, pairs: Iterable[tuple[Floats, Floats]], limit: Limit = ALONE) -> Shape:
    """The shape of a rep of which several signals tell. Of its ripple only what both of each pair show alike.

    Their noise is their own, so what they share is none of it. All are of the same times as `moved`, on its
    grid (`lightly`); pairs are asked for until one shows too little.
    """
    tries, ripple = moved.tries(), inf
    for pair in pairs:
        ripple = min(ripple, _shared_deg(*pair, tries))
        if ripple < limit.ripple_deg:
            break
    return Shape(moved.amplitude_deg, moved.top_s, ripple, moved.sparc(), limit)


def _shared_deg(one: Floats, other: Floats, tries: "tuple[_Tries | None, _Tries | None]") -> float:
    """Amplitude of the ripple that both show; 0 for what one shows against the other."""
    shared = sum(
        float(_ripple(one, each) @ _ripple(other, each)) / each.paths.shape[1] for each in tries if each
    )
    return sqrt(max(0.0, shared))


def _flicker_deg(times_s: Floats, values_deg: Floats) -> float:
    """What jumps from frame to frame, too fast for any leg; 0 where the camera is too slow to tell.

    The fourth difference passes 4 % of 4.5 Hz and 82 % of 12 Hz at 30 frames a second. Of white noise it
    leaves about as much as the ripple band does.
    """
    if len(times_s) < 8 or median((times_s[1:] - times_s[:-1]).tolist()) > SLOW_CAMERA_S:
        return 0.0
    jumps = values_deg
    for _ in range(4):
        jumps = jumps[1:] - jumps[:-1]
    return sqrt(_mean_square(jumps)) / 16


def _span(grid_s: Floats, start_s: float, end_s: float) -> slice:
    """Where the grid runs from start to end, both included."""
    return slice(int(grid_s.searchsorted(start_s)), int(grid_s.searchsorted(end_s, "right")))


class _Tries(NamedTuple):
    """The minimum-jerk strokes that a stroke may be, as rows, where the grid is `near` it."""

    near: slice
    paths: NDArray[np.float32]  # from their means
    power: NDArray[np.float32]


def _tries(grid: Floats, stroke: Stroke) -> _Tries | None:
    """None when it is too short to say anything of it."""
    whole_s, middle_s = _whole(stroke)
    near = _span(grid, middle_s - whole_s / 2 - 0.05, middle_s + whole_s / 2 + 0.05)
    from_middle_s = (grid[near] - middle_s).astype(np.float32)
    if len(from_middle_s) < 6:
        return None
    x = ((from_middle_s - DELAYS_S) / (np.float32(whole_s) * DURATIONS) + np.float32(0.5)).clip(0, 1)
    paths = x * x * x * (10 + x * (6 * x - 15))
    paths -= paths.sum(axis=1, keepdims=True) / np.float32(len(from_middle_s))
    return _Tries(near, paths, np.maximum((paths * paths).sum(axis=1), np.float32(1e-9)))


def _whole(stroke: Stroke) -> tuple[float, float]:
    """How long a minimum-jerk stroke takes of which this is the part between 10 % and 90 %; its middle."""
    return (stroke.end_s - stroke.start_s) / 0.506, (stroke.start_s + stroke.end_s) / 2


def _ripple_deg(light: Floats, tries: _Tries | None, slow_s: float) -> float:
    """Amplitude of the ripple in a stroke; 0 in one that is too short."""
    return sqrt(2 * _mean_square(_ripple(light, tries, slow_s))) if tries else 0.0


def _ripple(light: Floats, tries: _Tries, slow_s: float = SLOW_S) -> Floats:
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


def _mean_square(values: Floats) -> float:
    return float(values @ values) / len(values)


def _sparc_of(grid: Floats, steady: Floats, stroke: Stroke, noise_deg: float) -> float:
    whole_s, middle_s = _whole(stroke)
    if whole_s < SPARC_MIN_S or stroke.amplitude_deg < SPARC_MIN_OVER_NOISE * noise_deg:
        return nan
    return sparc(_speed(steady[_span(grid, middle_s - whole_s / 2, middle_s + whole_s / 2)]), RATE_HZ)


def _speed(path: Floats) -> Floats:
    """By the samples on both sides; numpy's gradient takes five times as long."""
    speed, step_s = np.empty_like(path), 1 / RATE_HZ
    speed[1:-1] = (path[2:] - path[:-2]) / (2 * step_s)
    speed[0], speed[-1] = (path[1] - path[0]) / step_s, (path[-1] - path[-2]) / step_s
    return np.abs(speed)

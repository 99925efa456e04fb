"""One rep's movement on an even grid, to be judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import sqrt
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import splev, splrep

from posecount.noise import SLOW_CAMERA_S
from posecount.ripple import (
    LIGHT_S,
    QUICK_S,
    RATE_HZ,
    SLOW_S,
    BothTries,
    mean_square,
    ripple_deg,
    smooth,
    span,
    tries_of,
)
from posecount.sparc import sparc_of
from posecount.spread import quantile
from posecount.strokes import Stroke

Floats = NDArray[np.float64]

# What white noise leaves in the ripple band, over its median distance from the smoothed signal.
RIPPLE_OF_NOISE = 1.15
NEIGHBOURS = (-2, -1, 1, 2)
NOISE_MAX = 0.2  # so much of a ripple's power is believed in any noise


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
        return span(self.grid_s, self.first.start_s - 0.1, self.second.end_s + 0.1)

    def tries(self) -> BothTries:
        """For `ripple_deg`, of both strokes."""
        return tries_of(self.grid_s, self.first), tries_of(self.grid_s, self.second)

    def ripple_deg(self, tries: BothTries, slow_s: float = SLOW_S) -> float:
        """Mean of both strokes, without what the noise adds."""
        ripple = sum(ripple_deg(self.values_deg, one, slow_s) for one in tries) / 2
        return ripple * sqrt(max(NOISE_MAX, 1 - (RIPPLE_OF_NOISE * self.noise_deg / max(ripple, 1e-9)) ** 2))

    def tremor_share(self) -> float:
        """Ripple as quick as a tremor, of the movement."""
        return self.ripple_deg(self.tries(), QUICK_S) / max(self.amplitude_deg, 1e-9)

    def sparc(self) -> float:
        """Of the rougher stroke."""
        steady, strokes = smooth(self.values_deg, 0.03), (self.first, self.second)
        return min(sparc_of(self.grid_s, steady, one, self.noise_deg) for one in strokes)


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


def sharpened(times_s: Floats, values: Floats, samples: int) -> Floats:
    """A series (n,) of which each value is the mean of so many around it, as it was before that.

    To second order: a sine comes out flattened by less than a tenth if it has four times as many samples.
    """
    steps_s, bends = np.diff(times_s), np.zeros_like(values)
    slopes = np.diff(values) / steps_s
    bends[1:-1] = 2 * np.diff(slopes) / (times_s[2:] - times_s[:-2]) * median(steps_s.tolist()) ** 2
    return np.asarray(values - (samples**2 - 1) / 24 * bends)


def _product(factors: Iterable[Floats]) -> Floats:
    """As `math.prod`, of arrays."""
    return reduce(np.multiply, factors)


def _grid(times_s: Floats) -> Floats:
    return np.arange(times_s[0], times_s[-1], 1 / RATE_HZ)


def _flicker_deg(times_s: Floats, values_deg: Floats) -> float:
    """What jumps from frame to frame, too fast for any leg; 0 where the camera is too slow to tell.

    How far each sample is from the cubic through the two before and the two after it: in an even series the
    sixth of the fourth difference, which passes 4 % of 4.5 Hz and 82 % of 12 Hz at 30 frames a second. Of
    white noise it leaves about as much as the ripple band does.
    """
    if len(times_s) < 8 or median((times_s[1:] - times_s[:-1]).tolist()) > SLOW_CAMERA_S:
        return 0.0
    inner = range(2, len(times_s) - 2)
    near = [slice(inner.start + n, inner.stop + n) for n in NEIGHBOURS]
    away = [times_s[each] - times_s[2:-2] for each in near]
    weights = [_product(other / (other - one) for other in away if other is not one) for one in away]
    curve = sum(weight * values_deg[each] for each, weight in zip(near, weights, strict=True))
    passed = 1 + sum(weight**2 for weight in weights)  # of white noise; 70 / 36 in an even series
    return sqrt(70 * mean_square((values_deg[2:-2] - curve) / np.sqrt(passed))) / 16

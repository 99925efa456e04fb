"""Smoothing that keeps the time of things: a Gaussian window that waits until it has seen both sides.

The same samples give the same output however they arrive. A sample that is NaN has no weight, and where the
window holds none that is finite, the output is NaN: gaps stay gaps, and nothing is invented across them.
"""

from collections import deque
from math import exp
from operator import mul

import numpy as np
from numpy.typing import NDArray

nan = float("nan")
EDGE_S = 1e-6  # a sample this near the window's end is in it, however its time was rounded


class Smoother:
    """Zero-phase Gaussian smoothing with a fixed delay of `lag_s` seconds.

    Gain at frequency f is exp(-2 (pi f sigma)^2): with 0.08 s, 0.95 at 0.6 Hz, 0.60 at 2 Hz, 0.21 at 3.5 Hz.
    """

    def __init__(self, sigma_s: float) -> None:
        self.lag_s = 2.5 * sigma_s
        self._scale = -0.5 / sigma_s**2
        self._times_s: deque[float] = deque()  # in the window, and those that wait
        self._values: deque[float] = deque()
        self._pending: deque[float] = deque()
        self._apart_s, self._even = nan, 0  # how many in a row came so far apart
        self._weights: list[float] = []  # of a whole window of such, once it is full of them

    def push(self, time_s: float, value: float) -> list[tuple[float, float]]:
        """The samples that are now settled, as (time_s, smoothed value); times must increase."""
        times_s, pending = self._times_s, self._pending
        if times_s:
            self._compare(time_s - times_s[-1])
        times_s.append(time_s)
        self._values.append(value)
        pending.append(time_s)
        settled, until_s = [], time_s - self.lag_s + EDGE_S
        while pending and pending[0] <= until_s:
            settled.append(self._settle(pending.popleft()))
        return settled

    @property
    def unsettled(self) -> int:
        """How many samples wait for what comes after them."""
        return len(self._pending)

    def flush(self) -> list[tuple[float, float]]:
        """What is left at the end, smoothed with what there is."""
        return [self._settle(self._pending.popleft()) for _ in range(len(self._pending))]

    def _compare(self, apart_s: float) -> None:
        if not -EDGE_S < apart_s - self._apart_s < EDGE_S:
            self._apart_s, self._even, self._weights = apart_s, 0, []
        self._even += 1
        if not self._weights and self._even * apart_s >= 2 * self.lag_s - EDGE_S:
            self._weights = self._even_weights()

    def _even_weights(self) -> list[float]:
        side = int((self.lag_s + EDGE_S) / self._apart_s)
        weights = [exp(self._scale * (n * self._apart_s) ** 2) for n in range(-side, side + 1)]
        return [weight / sum(weights) for weight in weights]

    def _settle(self, at_s: float) -> tuple[float, float]:
        times_s, since_s = self._times_s, at_s - self.lag_s - EDGE_S
        while times_s[0] < since_s:
            times_s.popleft()
            self._values.popleft()
        if len(times_s) == len(self._weights):
            mean = sum(map(mul, self._weights, self._values))
            if mean == mean:  # not NaN
                return at_s, mean
        return at_s, self._mean(at_s)

    def _mean(self, at_s: float) -> float:
        until_s, scale = at_s + self.lag_s + EDGE_S, self._scale
        known = total = 0.0
        for time_s, value in zip(self._times_s, self._values, strict=True):
            if time_s > until_s:
                break
            if value == value:  # not NaN
                weight = exp(scale * (time_s - at_s) * (time_s - at_s))
                total += weight * value
                known += weight
        return total / known if known > 0 else nan


class Average:
    """Exponential average with a time constant, for slowly changing facts of the view. Skips NaN."""

    def __init__(self, tau_s: float) -> None:
        self._tau_s = tau_s
        self._time_s = nan
        self.value = nan

    def push(self, time_s: float, value: float) -> float:
        if value != value:  # NaN
            return self.value
        if self.value == self.value:
            value = self.value + (value - self.value) * (1 - exp((self._time_s - time_s) / self._tau_s))
        self.value, self._time_s = value, time_s
        return value


def smoothed(
    times_s: NDArray[np.float64], values: NDArray[np.float64], sigma_s: float
) -> NDArray[np.float64]:
    """Zero-phase Gaussian smoothing of whole uneven series (..., n); NaN stays NaN and has no weight."""
    known = np.isfinite(values)
    total, weights = np.where(known, values, 0.0), known.astype(float)
    sums, scale = total.copy(), weights.copy()
    for step in range(1, len(times_s)):
        apart_s = times_s[step:] - times_s[:-step]
        near = apart_s <= 2.5 * sigma_s
        if not near.any():
            break
        kernel = np.exp(-0.5 * (apart_s / sigma_s) ** 2) * near
        sums[..., step:] += kernel * total[..., :-step]
        sums[..., :-step] += kernel * total[..., step:]
        scale[..., step:] += kernel * weights[..., :-step]
        scale[..., :-step] += kernel * weights[..., step:]
    return np.where(known, sums / np.where(known, scale, 1.0), nan)

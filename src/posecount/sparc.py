"""Spectral arc length, SPARC: Balasubramanian et al. 2015, J NeuroEng Rehabil 12:112."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from posecount.ripple import RATE_HZ, span, whole
from posecount.strokes import Stroke

Floats = NDArray[np.float64]

LEAST_S, LEAST_OVER_NOISE = 0.3, 15.0  # below these it says more about the noise


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


def sparc_of(grid: Floats, steady: Floats, stroke: Stroke, noise_deg: float) -> float:
    whole_s, middle_s = whole(stroke)
    if whole_s < LEAST_S or stroke.amplitude_deg < LEAST_OVER_NOISE * noise_deg:
        return nan
    return sparc(_speed(steady[span(grid, middle_s - whole_s / 2, middle_s + whole_s / 2)]), RATE_HZ)


def _speed(path: Floats) -> Floats:
    """By the samples on both sides; numpy's gradient takes five times as long."""
    speed, step_s = np.empty_like(path), 1 / RATE_HZ
    speed[1:-1] = (path[2:] - path[:-2]) / (2 * step_s)
    speed[0], speed[-1] = (path[1] - path[0]) / step_s, (path[-1] - path[-2]) / step_s
    return np.abs(speed)

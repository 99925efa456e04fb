"""How fast, how even, and getting faster or slower?"""

from collections.abc import Sequence
from statistics import median

import numpy as np

from posecount.types import Rep, Rhythm, nan

LEAST_REPS = 3
REST_FACTOR = 2.5  # an interval this many times the usual one is a rest between sets, not rhythm


def rhythm(reps: Sequence[Rep]) -> Rhythm:
    """Tempo over all reps, whatever their quality; NaN with fewer than three.

    Steadiness is 1 minus the mean deviation of the intervals from a straight trend, over their mean:
    a set that slows down evenly is steady, and its drift says that it slows.
    """
    peaks = np.array([rep.peak_s for rep in reps])
    intervals = np.diff(peaks)
    if len(peaks) < LEAST_REPS:
        return Rhythm(nan, nan, nan)
    intervals = intervals[intervals <= REST_FACTOR * median(intervals)]
    mean = float(intervals.mean())
    at = np.arange(len(intervals))
    slope, start = np.polyfit(at, intervals, 1) if len(intervals) > 2 else (0.0, mean)
    off = float(np.abs(intervals - (start + slope * at)).mean()) / mean
    first, last = max(start, 0.2), max(start + slope * at[-1], 0.2)
    return Rhythm(60.0 / mean, max(0.0, 1.0 - off), float(60.0 / last - 60.0 / first))

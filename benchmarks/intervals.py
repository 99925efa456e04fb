"""How sure a figure is: 95 % intervals for shares and for means."""

import math
from collections.abc import Sequence

import numpy as np

Z = 1.959964  # of the normal distribution, two-sided 95 %
RESAMPLES = 4000


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Of a share, by Wilson: right for few trials and for all or none succeeding. (0, 1) without trials."""
    if not trials:
        return 0.0, 1.0
    share, spread = successes / trials, Z * Z / trials
    middle = share + spread / 2
    margin = Z * math.sqrt(share * (1 - share) / trials + spread / trials / 4)
    return max(0.0, (middle - margin) / (1 + spread)), min(1.0, (middle + margin) / (1 + spread))


def bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """Of the mean, by drawing from the values again and again; the same values give the same interval."""
    draws = np.random.default_rng(1).choice(values, (RESAMPLES, len(values)))
    low, high = np.percentile(draws.mean(axis=1), (2.5, 97.5))
    return float(low), float(high)

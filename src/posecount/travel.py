"""How far a leg went during a rep: its angle, its toes, its ankle."""

from statistics import median

import numpy as np

from posecount.filters import smoothed
from posecount.movement import SIGMA_S, Moment
from posecount.spread import quantile


def travelled(partner: list[Moment], own: list[Moment]) -> tuple[float, float, float]:
    """How far the partner moved, its toes, and the own ones."""
    moved = [m.move_deg for m in partner]
    times_s, own_times_s = [m.time_s for m in partner], [m.time_s for m in own]
    if times_s == own_times_s:  # as nearly always: smoothed together they take a third of the time
        moved_deg, toes, own_toes = _smoothed(times_s, [moved, _toes(partner), _toes(own)])
    else:
        moved_deg, toes = _smoothed(times_s, [moved, _toes(partner)])
        (own_toes,) = _smoothed(own_times_s, [_toes(own)])
    return _way(moved_deg), _way(toes), _way(own_toes)


def rise(moments: list[Moment]) -> float:
    """How far the ankle went up and down, in legs."""
    return _way([m.leg.ankle_y_px for m in moments]) / median([m.leg.leg_px for m in moments])


def _smoothed(times_s: list[float], columns: list[list[float]]) -> list[list[float]]:
    together: list[list[float]] = smoothed(np.array(times_s), np.array(columns), SIGMA_S).tolist()
    return together


def _way(values: list[float]) -> float:
    return quantile(values, 0.95) - quantile(values, 0.05)


def _toes(moments: list[Moment]) -> list[float]:
    """Where the toes are along the shank as it stands on average, in shanks.

    From the knee, not from the ankle: of a half-hidden foot the toes are found best and the ankle worst.
    """
    legs = [m.leg for m in moments]
    x = sum(leg.ankle_x_px - leg.knee_x_px for leg in legs) / len(legs)
    y = sum(leg.ankle_y_px - leg.knee_y_px for leg in legs) / len(legs)
    shank = x * x + y * y
    return [((leg.toe_x_px - leg.knee_x_px) * x + (leg.toe_y_px - leg.knee_y_px) * y) / shank for leg in legs]

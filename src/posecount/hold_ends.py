"""When a calf stretch was reached, and when it was left: the ends of the two movements around it.

People are taken to move along minimum-jerk paths (Flash and Hogan 1985): such a movement is half done at
half time, and takes 1.98 times as long as from 10 % to 90 %. Up to four signals tell of it, each with its own
level at rest: the movement that is followed, the ankle, and of who stands the shoulders in the picture and
over the toes. The middle one of their answers is taken, for any may be misled.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from math import isfinite, sqrt
from statistics import median

import numpy as np

from posecount.filters import Average, smoothed
from posecount.movement import SIGMA_S, Follower
from posecount.types import LegSample

MOVE_OVER_MIDDLE_PART = 1 / 0.506  # minimum jerk: the whole movement over its middle 80 %
SMOOTHED_S = 2.5 * SIGMA_S  # what the smoothing looks ahead
SMOOTHED_STEP = 2.563  # 10 % to 90 % of a step smoothed with a Gaussian of 1 s
LEVEL_S = (0.7, 1.7)  # after a stretch was entered: how deep it is at first
KNOWN_S = 1.9  # when that is known
WAY_S = 5.0  # before and after its middle, more than any way into a stretch takes

Samples = Sequence[tuple[float, float]]  # (time_s, value)


class HoldEnds:
    """Fed with one leg's rests; `samples` are of the movement, which is deeper in a stretch than at rest."""

    def __init__(self, follower: Follower, rest_tau_s: float) -> None:
        self._follower = follower
        self._rests = [Average(rest_tau_s) for _ in range(3)]

    @property
    def neutral_deg(self) -> float:
        """The ankle's angle at rest, not calibrated; NaN of who never rested."""
        return self._rests[0].value

    def rest(self, time_s: float) -> None:
        """The leg rests now."""
        for rest, value in zip(self._rests, _witnesses(self._follower.moments[-1].leg), strict=True):
            rest.push(time_s, value)

    def reached_s(self, samples: Samples, rest: float, since_s: float) -> float:
        """When the movement into the stretch was over; `since_s` is a time on the way."""
        around = [sample for sample in samples if abs(sample[0] - since_s) <= WAY_S]
        return median(_arrival_s(signal, level, since_s) for signal, level in self._signals(around, rest))

    def left_s(self, samples: Samples, rest: float) -> float:
        """When the movement out of it began; the samples end on the way."""
        before = [sample for sample in samples if samples[-1][0] - sample[0] <= WAY_S]
        return median(_departure_s(signal, level) for signal, level in self._signals(before, rest))

    def _signals(self, samples: Samples, rest: float) -> Iterator[tuple[Samples, float]]:
        """Each signal with its level at rest; of those not remembered or not to be seen, none."""
        yield samples, rest
        start_s, end_s = samples[0][0], samples[-1][0]
        moments, view = self._follower.between(start_s, end_s + SMOOTHED_S), self._follower.view
        if not moments or moments[0].time_s - start_s >= SMOOTHED_S:
            return
        times = np.array([m.time_s for m in moments])
        told = times <= end_s
        witnesses = smoothed(times, np.array([_witnesses(m.leg) for m in moments]).T, SIGMA_S)[:, told]
        seen = view.readable, view.standing, view.standing
        for values, level, told_of in zip(witnesses, self._rests, seen, strict=True):
            if told_of and isfinite(level.value) and np.isfinite(values).all():
                yield list(zip(times[told].tolist(), values.tolist(), strict=True)), level.value


def _witnesses(leg: LegSample) -> tuple[float, float, float]:
    return leg.ankle_deg, leg.shoulders_px, leg.shoulders_px - leg.toe_y_px


def _arrival_s(samples: Samples, rest: float, since_s: float) -> float:
    """When the movement away from rest was over; `since_s` is a time on the way."""
    first = [value for time_s, value in samples if LEVEL_S[0] <= time_s - since_s <= LEVEL_S[1]]
    level = median(first) if first else samples[-1][1]
    half_s, most_s = (_reached_s(samples, since_s, rest + share * (level - rest)) for share in (0.5, 0.9))
    middle_part = sqrt(max((2 * (most_s - half_s)) ** 2 - (SMOOTHED_STEP * SIGMA_S) ** 2, 0.0))
    return half_s + middle_part * MOVE_OVER_MIDDLE_PART / 2


def _departure_s(samples: Samples, rest: float) -> float:
    """When the movement back to rest began: an arrival, seen backwards in time."""
    left_s = samples[-1][0]
    return -_arrival_s([(-time_s, value) for time_s, value in reversed(samples)], rest, -left_s)


def _reached_s(samples: Samples, since_s: float, level: float) -> float:
    """When `level` was passed upwards, nearest to `since_s`."""
    before = [sample for sample in samples if sample[0] <= since_s]
    if before and before[-1][1] >= level:
        above = list(takewhile(lambda sample: sample[1] >= level, reversed(before)))
        return above[-1][0]
    return next((time_s for time_s, value in samples if time_s > since_s and value >= level), samples[-1][0])

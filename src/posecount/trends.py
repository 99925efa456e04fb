"""Whether range and smoothness change over weeks, and whether one leg has less than the other.

A degree is only called a change, and a leg only called tighter, beyond the measurement error; and only like
is compared with like: same exercise, same model, same leg or same knee.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Literal, TypeVar

from posecount.totals import HoldTotal, RepTotal
from posecount.types import LEGS, Leg, Muscle, Side

# Minimal detectable change of ankle dorsiflexion measured by clinicians in the weight-bearing lunge test: 4.6
# to 4.7 degrees (Powden, Hoch, Hoch 2015, Man Ther 20:524-532, a systematic review). A camera does no better.
MDC_DEG = 5.0
MIN_DAYS = 3  # of both legs, before they are compared: one day's camera placement is not a finding
MIN_BINS = 3  # a trend needs a beginning, a middle and an end
MAX_BINS = 13  # more points than that do not fit beside their words; each stands for whole weeks

Measure = Literal["range", "stretch", "smooth"]
Point = tuple[date, float, int]  # a mean, and of how many
Total = TypeVar("Total", RepTotal, HoldTotal)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over time: `values` are means per bin of whole weeks, oldest first, NaN for none.

    'range' (degrees, smooth reps), 'stretch' (degrees of dorsiflexion, steady holds), 'smooth' (share).
    """

    exercise: str
    measure: Measure
    values: tuple[float, ...]
    side: Side | None = None
    model: str | None = None
    muscle: Muscle | None = None

    @property
    def first(self) -> float:
        """Mean of the first third of the bins that have a value; NaN with too few."""
        return _first_third(self.values)

    @property
    def last(self) -> float:
        return _first_third(self.values[::-1])

    @property
    def beyond_error(self) -> bool:
        """The degrees changed by more than can come from measuring. Shares are shown without a verdict."""
        return self.measure != "smooth" and abs(self.last - self.first) > MDC_DEG


@dataclass(frozen=True, slots=True)
class Comparison:
    """Left against right over `days` days that saw both.

    Dorsiflexion of steady holds (then `muscle` says which knee), or range of smooth one-legged reps.
    """

    exercise: str
    model: str
    muscle: Muscle | None
    left_deg: float
    right_deg: float
    days: int

    @property
    def less(self) -> Leg | None:
        """The leg that has less; None when no difference may be claimed."""
        difference = self.right_deg - self.left_deg
        if self.days < MIN_DAYS or not abs(difference) > MDC_DEG:
            return None
        return "left" if difference > 0 else "right"


def trends(reps: Sequence[RepTotal], holds: Sequence[HoldTotal], today: date, days: int) -> tuple[Trend, ...]:
    """Per exercise, over the last `days` days; those with fewer than MIN_BINS values are left out."""
    reps = [r for r in reps if 0 <= (today - r.day).days < days]
    holds = [h for h in holds if 0 <= (today - h.day).days < days]
    found: list[Trend] = []
    for name, group in _grouped(reps, lambda r: r.exercise).items():
        found += _rep_trends(name, group, today, days)
    for name, held in _grouped(holds, lambda h: h.exercise).items():
        found += _stretch_trends(name, held, today, days)
    return tuple(t for t in found if sum(not math.isnan(v) for v in t.values) >= MIN_BINS)


def comparisons(reps: Iterable[RepTotal], holds: Iterable[HoldTotal]) -> tuple[Comparison, ...]:
    """One for each exercise and muscle, with the model that saw both legs on the most days."""
    smooth = [r for r in reps if r.quality == "smooth" and r.measured]
    steady = [h for h in holds if h.quality == "steady" and h.measured]
    found = [
        _comparison(exercise, model, None, [(r.day, r.side, r.range_deg, r.measured) for r in group])
        for (exercise, model), group in _grouped(smooth, lambda r: (r.exercise, r.model)).items()
    ]
    found += [
        _comparison(exercise, model, muscle, [(h.day, h.side, h.angle_deg, h.measured) for h in held])
        for (exercise, model, muscle), held in _grouped(steady, _hold_kind).items()
    ]
    best = {(c.exercise, c.muscle): c for c in sorted(found, key=lambda c: c.days)}
    return tuple(c for c in best.values() if c.days)


def tighter_side(found: Iterable[Comparison]) -> Leg | None:
    """The leg whose stretches stay behind; None when nothing may be claimed, or the two knees disagree."""
    legs = {c.less for c in found if c.muscle and c.less}
    return legs.pop() if len(legs) == 1 else None


def _hold_kind(hold: HoldTotal) -> tuple[str, str, Muscle]:
    return hold.exercise, hold.model, hold.muscle


def _rep_trends(name: str, reps: Sequence[RepTotal], today: date, days: int) -> list[Trend]:
    share = [(r.day, float(r.quality == "smooth"), r.reps) for r in reps]
    found = [Trend(name, "smooth", _bins(share, today, days))]
    smooth = [r for r in reps if r.quality == "smooth"]
    for (side, model), most in _most_measured(smooth, lambda r: (r.side, r.model)):
        ranges = [(r.day, r.range_deg, r.measured) for r in most]
        found.insert(0, Trend(name, "range", _bins(ranges, today, days), side, model))
    return found


def _stretch_trends(name: str, holds: Sequence[HoldTotal], today: date, days: int) -> list[Trend]:
    steady = [h for h in holds if h.quality == "steady"]
    return [
        Trend(name, "stretch", _bins([(h.day, h.angle_deg, h.measured) for h in most], today, days), *like)
        for like, most in _most_measured(steady, lambda h: (h.side, h.model, h.muscle))
    ]


def _most_measured(totals: Sequence[Total], key: Callable[[Total], Key]) -> list[tuple[Key, list[Total]]]:
    """The group measured most often, or none."""
    groups = _grouped(totals, key)
    return sorted(groups.items(), key=lambda group: -sum(t.measured for t in group[1]))[:1]


def _bins(points: Iterable[Point], today: date, days: int) -> tuple[float, ...]:
    """Weighted means per bin of whole weeks, the last bin ending today."""
    width = 7 * math.ceil(days / 7 / MAX_BINS)
    bins: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for day, value, weight in points:
        if weight:
            bins[(today - day).days // width].append((value, weight))
    return tuple(_weighted(bins[n]) for n in reversed(range(math.ceil(days / width))))


def _comparison(
    exercise: str, model: str, muscle: Muscle | None, points: Iterable[tuple[date, Side, float, int]]
) -> Comparison:
    by_day = _grouped(points, lambda p: p[0])
    pairs = []
    for same_day in by_day.values():
        left, right = (_weighted([(deg, n) for _, side, deg, n in same_day if side == leg]) for leg in LEGS)
        pairs += [] if math.isnan(left + right) else [(left, right)]
    left, right = (fmean(leg) for leg in zip(*pairs, strict=True)) if pairs else (math.nan, math.nan)
    return Comparison(exercise, model, muscle, left, right, len(pairs))


def _weighted(values: Sequence[tuple[float, int]]) -> float:
    weight = sum(n for _, n in values)
    return math.fsum(value * n for value, n in values) / weight if weight else math.nan


def _first_third(values: Sequence[float]) -> float:
    seen = [v for v in values if not math.isnan(v)]
    return fmean(seen[: math.ceil(len(seen) / 3)]) if len(seen) >= MIN_BINS else math.nan


Item = TypeVar("Item")


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups

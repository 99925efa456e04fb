"""Faults of repetitions among themselves: bouncing, half reps, pace, tiring, left against right."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from statistics import mean, median

from posecount.exercises import Exercise
from posecount.faults import RECENT, RECOVERED, SET_PAUSE_S, Habit, Moment, Verdict, Watcher
from posecount.posture_faults import HeelsDown, KneeBend, Lean
from posecount.types import LEGS, Leg, Rep, RepQuality, nan


def watchers(exercise: Exercise) -> Iterator[Watcher]:
    """A limit that the exercise leaves out is not watched."""
    limits = {key: limit.value for key, limit in exercise.limits.items()}
    yield Quality("bounce", "jerky")
    yield Quality("half-reps", "partial")
    if "knee_bend_deg" in limits:
        yield KneeBend(limits["knee_bend_deg"])
    if "lean_deg" in limits:
        yield Lean(limits["lean_deg"])
    if "short_of_rest_share" in limits:
        yield HeelsDown(limits["short_of_rest_share"])
    if "pace_share" in limits and "rate_per_min" in exercise.dose:
        yield Pace(limits["pace_share"], 60.0 / exercise.dose["rate_per_min"].least)
    if "cadence_drift_share" in limits:
        yield Drift(limits["cadence_drift_share"])
    if "fatigue_share" in limits:
        yield Fatigue(limits["fatigue_share"])
    if "side_range_share" in limits:
        codes: dict[Leg, str] = {"left": "left-less", "right": "right-less"}
        yield Sides(codes, limits["side_range_share"], lambda rep: rep.range_deg)
    if "side_time_share" in limits:
        uneven: dict[Leg, str] = dict.fromkeys(LEGS, "uneven")
        yield Sides(uneven, limits["side_time_share"], lambda rep: rep.end_s - rep.start_s)


class Quality:
    """Most reps are of that quality."""

    def __init__(self, code: str, quality: RepQuality) -> None:
        self._code, self._quality = code, quality
        self._habit = Habit()

    def update(self, now: Moment) -> Iterator[Verdict]:
        for rep in now.reps:
            stands = self._habit.judge(rep.quality == self._quality)
            if stands is not None:
                yield Verdict(self._code, stands)


class _Intervals:
    """Seconds from rep to rep of the set in progress; left and right in turn count as one rhythm."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._last_s = nan

    def add(self, rep: Rep) -> None:
        since_s = rep.peak_s - self._last_s
        self._last_s = rep.peak_s
        if since_s > SET_PAUSE_S + rep.end_s - rep.start_s:
            self.seconds.clear()
        elif since_s > 0:
            self.seconds.append(since_s)


class Pace:
    """Away from a pace that was asked for."""

    def __init__(self, limit_share: float, seconds: float) -> None:
        self._limit_share, self._seconds = limit_share, seconds
        self._intervals = _Intervals()

    def update(self, now: Moment) -> Iterator[Verdict]:
        for rep in now.reps:
            self._intervals.add(rep)
            last = self._intervals.seconds[-RECENT:]
            off = abs(mean(last) / self._seconds - 1) / self._limit_share if len(last) == RECENT else nan
            if off > 1 or off < RECOVERED:
                yield Verdict("pace", off > 1)


class Drift:
    """Away from the pace at which the set began."""

    FIRST = 4  # intervals that make a pace

    def __init__(self, limit_share: float) -> None:
        self._limit_share = limit_share
        self._intervals = _Intervals()

    def update(self, now: Moment) -> Iterator[Verdict]:
        for rep in now.reps:
            self._intervals.add(rep)
            seconds = self._intervals.seconds
            if len(seconds) < 2 * self.FIRST:
                continue
            change = median(seconds[: self.FIRST]) / median(seconds[-self.FIRST :]) - 1
            if abs(change) > self._limit_share:
                yield Verdict("faster" if change > 0 else "slower", True)
            elif abs(change) < RECOVERED * self._limit_share:
                yield Verdict("faster", False)
                yield Verdict("slower", False)


class Fatigue:
    """The reps have become small against the first ones."""

    FIRST = 3
    LEAST = 8  # reps before it can be tiredness

    def __init__(self, limit_share: float) -> None:
        self._limit_share = limit_share
        self._ranges: dict[str, list[float]] = {}
        self._last_s = -float("inf")

    def update(self, now: Moment) -> Iterator[Verdict]:
        for rep in now.reps:
            if rep.start_s - self._last_s > SET_PAUSE_S:
                self._ranges.clear()
            self._last_s = rep.end_s
            if not isfinite(rep.range_deg):
                continue
            ranges = self._ranges.setdefault(rep.side, [])
            ranges.append(rep.range_deg)
            if len(ranges) < self.LEAST:
                continue
            share = mean(ranges[-self.FIRST :]) / mean(ranges[: self.FIRST])
            if share < self._limit_share:
                yield Verdict("fatigue", True)
            elif 1 - share < RECOVERED * (1 - self._limit_share):
                yield Verdict("fatigue", False)


class Sides:
    """Left and right in turn, and one of them hardly moves, or takes much longer."""

    LEAST = 4  # reps of each

    def __init__(self, codes: Mapping[Leg, str], limit_share: float, measure: Callable[[Rep], float]) -> None:
        self._codes = codes  # what to say when this leg has the lower measure
        self._limit_share, self._measure = limit_share, measure
        self._values: dict[str, deque[float]] = {leg: deque(maxlen=self.LEAST) for leg in LEGS}

    def update(self, now: Moment) -> Iterator[Verdict]:
        for rep in now.reps:
            value = self._measure(rep)
            if rep.side in self._values and isfinite(value):
                self._values[rep.side].append(value)
                yield from self._compare()

    def _compare(self) -> Iterator[Verdict]:
        if any(len(values) < self.LEAST for values in self._values.values()):
            return
        means = {leg: mean(self._values[leg]) for leg in LEGS}
        less = min(LEGS, key=means.__getitem__)
        missing = 1 - means[less] / max(means.values())
        if missing > 1 - self._limit_share:
            yield Verdict(self._codes[less], True)
        elif missing < RECOVERED * (1 - self._limit_share):
            yield from (Verdict(code, False) for code in set(self._codes.values()))

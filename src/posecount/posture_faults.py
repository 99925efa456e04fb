"""Faults of posture while repetitions are done: a helping knee, a leaning trunk, heels that stay up."""

from collections import deque
from collections.abc import Iterable, Iterator
from math import isfinite
from statistics import mean, median

from posecount.faults import RECENT, RECOVERED, SET_PAUSE_S, Calm, Habit, Lasting, Moment, Underway, Verdict
from posecount.types import LEGS, Leg, LegState, Rep, State, nan


class KneeBend:
    """The knee bends and straightens again while reps are being done: the thigh helps."""

    BEND_MAX_S = 4.0  # longer is sitting down
    TWICE_S = 10.0  # two bends within this time are no chance

    def __init__(self, limit_deg: float) -> None:
        self._limit_deg = limit_deg
        self._calm = Calm()
        self._set = Underway()
        self._rest: deque[tuple[float, float]] = deque()
        self._bent_since: float | None = None
        self._bends: deque[float] = deque(maxlen=2)
        self._reps_since_bend = 0

    def update(self, now: Moment) -> Iterator[Verdict]:
        underway = self._set.update(now)
        self._reps_since_bend += len(now.reps)
        if self._a_bend_ended(now) and underway:
            self._bends.append(now.time_s)
            self._reps_since_bend = 0
            if len(self._bends) == 2 and self._bends[1] - self._bends[0] < self.TWICE_S:
                yield Verdict("knee-bend", True)
        elif now.reps and self._reps_since_bend >= RECENT:
            yield Verdict("knee-bend", False)

    def _a_bend_ended(self, now: Moment) -> bool:
        knee_deg = self._calm.push(now.time_s, _mean(leg.knee_deg for leg in _measured(now.state)))
        if not isfinite(knee_deg):
            return False
        self._rest.append((now.time_s, knee_deg))
        while now.time_s - self._rest[0][0] > 2 * self.BEND_MAX_S:
            self._rest.popleft()
        bend_deg = knee_deg - min(knee for _, knee in self._rest)
        if self._bent_since is None:
            self._bent_since = now.time_s if bend_deg > self._limit_deg else None
            return False
        if bend_deg > self._limit_deg / 2:
            return False
        since_s, self._bent_since = now.time_s - self._bent_since, None
        return since_s < self.BEND_MAX_S


class Lean:
    """The trunk has left the tilt that it had when the set was first under way."""

    def __init__(self, limit_deg: float) -> None:
        self._limit_deg = limit_deg
        self._set = Underway()
        self._rest_deg = nan
        self._wrong = Lasting()

    def update(self, now: Moment) -> Iterator[Verdict]:
        if not self._set.update(now):
            self._rest_deg = nan
        elif not isfinite(self._rest_deg):
            self._rest_deg = now.lean_deg
        off = abs(now.lean_deg - self._rest_deg) / self._limit_deg
        wrong = self._wrong.since(now.time_s, True if off > 1 else False if off < RECOVERED else None)
        if wrong is not None:
            yield Verdict("lean", wrong)


class HeelsDown:
    """Between two raises the ankle stays short of where it rested before the set."""

    RANGE_MIN_DEG = 12.0  # a smaller movement says nothing about where its ends are

    def __init__(self, limit_share: float) -> None:
        self._limit_share = limit_share
        self._legs = {leg: _Rests(self.RANGE_MIN_DEG) for leg in LEGS}
        self._habit = Habit()

    def update(self, now: Moment) -> Iterator[Verdict]:
        for leg, rests in self._legs.items():
            rests.see(now.time_s, now.state.legs[leg])
        for rep in now.reps:
            short = _mean([self._legs[leg].short_share(rep) for leg in _legs_of(rep)])
            stands = self._habit.judge(short > self._limit_share) if isfinite(short) else None
            if stands is not None:
                yield Verdict("heels-down", stands)


class _Rests:
    """How far one ankle came back between its reps."""

    def __init__(self, range_min_deg: float) -> None:
        self._range_min_deg = range_min_deg
        self._calm = Calm()
        self._seen: deque[tuple[float, float]] = deque()
        self._last: Rep | None = None
        self._rest_deg = nan

    def see(self, time_s: float, leg: LegState) -> None:
        ankle_deg = self._calm.push(time_s, leg.ankle_deg if leg.measured else nan)
        if isfinite(ankle_deg):
            self._seen.append((time_s, ankle_deg))
        while self._seen and time_s - self._seen[0][0] > 3 * SET_PAUSE_S:
            self._seen.popleft()

    def short_share(self, rep: Rep) -> float:
        """0 all the way back before this rep, 1 not at all; NaN for the first of a set and where not seen."""
        last, self._last = self._last, rep
        if last is None or rep.start_s - last.end_s > SET_PAUSE_S:
            self._rest_deg = median(self._between(rep.start_s - 0.6, rep.start_s) or [nan])
            return nan
        way = self._between(last.peak_s, rep.peak_s)
        range_deg = self._rest_deg - min(way, default=nan)
        return (self._rest_deg - max(way)) / range_deg if range_deg >= self._range_min_deg else nan

    def _between(self, start_s: float, end_s: float) -> list[float]:
        return [ankle for at_s, ankle in self._seen if start_s <= at_s <= end_s]


def _measured(state: State) -> list[LegState]:
    return [state.legs[leg] for leg in LEGS if state.legs[leg].measured]


def _legs_of(rep: Rep) -> tuple[Leg, ...]:
    return LEGS if rep.side == "both" else (rep.side,)


def _mean(values: Iterable[float]) -> float:
    finite = [value for value in values if isfinite(value)]
    return mean(finite) if finite else nan

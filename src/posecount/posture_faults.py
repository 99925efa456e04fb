"""Faults of posture while repetitions are done: a helping knee, a leaning trunk, heels that stay up."""

from collections import deque
from collections.abc import Iterable, Iterator
from math import inf, isfinite

from posecount.faults import RECENT, RECOVERED, SET_PAUSE_S, Calm, Habit, Lasting, Moment, Underway, Verdict
from posecount.types import LEGS, LegState, State, nan


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
        while self._rest and self._rest[-1][1] >= knee_deg:
            self._rest.pop()  # never again the straightest: those left rise, and the first is the straightest
        self._rest.append((now.time_s, knee_deg))
        while now.time_s - self._rest[0][0] > 2 * self.BEND_MAX_S:
            self._rest.popleft()
        bend_deg = knee_deg - self._rest[0][1]
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
    """Between two raises the ankle stays short of where it rested before the set.

    Told from the ankle itself: heels that stay far up make raises that run into each other, and are no reps.
    """

    RANGE_MIN_DEG = 12.0  # a smaller movement says nothing about where its ends are
    TURN_DEG = 6.0  # back by this much, and it has turned
    REST_BAND_DEG = 4.0  # before the set: what belongs to resting
    AT_ONCE = 2  # a squat or a step may look like one raise, not like three in a row

    def __init__(self, limit_share: float) -> None:
        self._limit_share = limit_share
        self._calm = Calm()
        self._turns = _Turns(self.TURN_DEG)
        self._rest_deg = nan
        self._raises = 0
        self._habit = Habit()

    def update(self, now: Moment) -> Iterator[Verdict]:
        ankle_deg = self._calm.push(now.time_s, _mean(leg.ankle_deg for leg in _measured(now.state)))
        if not isfinite(ankle_deg):
            return
        turned = self._turns.push(now.time_s, ankle_deg)
        if self._turns.still_s > SET_PAUSE_S or not isfinite(self._rest_deg):
            self._rest_deg, self._raises = ankle_deg, 0
        elif not self._raises and abs(ankle_deg - self._rest_deg) < self.REST_BAND_DEG:
            self._rest_deg += 0.05 * (ankle_deg - self._rest_deg)
        if turned is None:
            return
        top_deg, low_deg = turned
        range_deg = self._rest_deg - top_deg
        if range_deg < self.RANGE_MIN_DEG:
            return
        self._raises += 1
        if self._raises > self.AT_ONCE:
            stands = self._habit.judge((self._rest_deg - low_deg) / range_deg > self._limit_share)
            if stands is not None:
                yield Verdict("heels-down", stands)


class _Turns:
    """The turning points of an angle: tops, downwards, and what lies between two of them."""

    def __init__(self, turn_deg: float) -> None:
        self._turn_deg = turn_deg
        self._top_deg, self._low_deg = inf, -inf
        self._falling = False
        self._turned_s = nan
        self.still_s = 0.0  # since it last turned

    def push(self, time_s: float, angle_deg: float) -> tuple[float, float] | None:
        """The top just left behind and the low before the next, once it is on the way to the next."""
        self._turned_s = time_s if not isfinite(self._turned_s) else self._turned_s
        self.still_s = time_s - self._turned_s
        if self._falling:
            self._low_deg = max(self._low_deg, angle_deg)
            if angle_deg > self._low_deg - self._turn_deg:
                return None
            found = self._top_deg, self._low_deg
            self._falling, self._top_deg, self._turned_s = False, angle_deg, time_s
            return found if isfinite(found[0]) else None
        self._top_deg = min(self._top_deg, angle_deg)
        if angle_deg > self._top_deg + self._turn_deg:
            self._falling, self._low_deg, self._turned_s = True, angle_deg, time_s
        return None


def _measured(state: State) -> list[LegState]:
    return [state.legs[leg] for leg in LEGS if state.legs[leg].measured]


def _mean(values: Iterable[float]) -> float:
    finite = [value for value in values if isfinite(value)]
    return sum(finite) / len(finite) if finite else nan

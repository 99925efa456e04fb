"""What is going wrong, or has become better: from what a session found, and only where the camera can tell.

A watcher looks for one thing. It says so once it is sure, and says the opposite once that is as sure; in
between it keeps quiet. What cannot be measured is NaN, and NaN convinces nobody.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from statistics import median
from typing import Protocol

from posecount.types import Hold, Rep, State, nan

RECENT = 3  # reps
SET_PAUSE_S = 8.0  # a longer pause between two reps begins a new set, with its own rest and pace
LASTING_S = 1.0  # a position that is wrong for this long is wrong
RECOVERED = 0.6  # of a limit: back inside this much of it, and it has become better


@dataclass(frozen=True, slots=True)
class Moment:
    """What came with one update; `lean_deg` is the trunk's tilt in the picture, NaN where not seen."""

    time_s: float
    state: State
    reps: Sequence[Rep] = ()
    holds: Sequence[Hold] = ()
    lean_deg: float = nan


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is so, or `stands` no longer; `places` fill in the words for it."""

    code: str
    stands: bool
    places: Mapping[str, object] = field(default_factory=dict)


class Watcher(Protocol):
    def update(self, now: Moment) -> Iterator[Verdict]: ...


class Underway:
    """Whether a set is being done: three reps so far, and the last one not long ago.

    Squats and lunges can look like one rep; nobody is corrected for a set that he is not doing.
    """

    def __init__(self) -> None:
        self._reps = 0
        self._last_s = -inf

    def update(self, now: Moment) -> bool:
        for rep in now.reps:
            self._reps = 1 if rep.start_s - self._last_s > SET_PAUSE_S else self._reps + 1
            self._last_s = rep.end_s
        return self._reps >= RECENT and now.time_s - self._last_s <= SET_PAUSE_S


class Habit:
    """Believes in a habit when two of three were bad, and in its end when three were good."""

    def __init__(self) -> None:
        self._recent: deque[bool] = deque(maxlen=RECENT)

    def judge(self, bad: bool) -> bool | None:
        self._recent.append(bad)
        if sum(self._recent) >= 2:
            return True
        return False if len(self._recent) == RECENT and not any(self._recent) else None


class Lasting:
    """Believes what it has been told for a while."""

    def __init__(self) -> None:
        self._told: bool | None = None
        self._since_s = nan

    def since(self, time_s: float, told: bool | None) -> bool | None:
        """The answer once it has lasted, None before and while nothing can be told."""
        if told is not self._told:
            self._told, self._since_s = told, time_s
        return told if told is not None and time_s - self._since_s >= LASTING_S else None


class Calm:
    """A measured angle without its single misplaced points: the median of the last third of a second."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def push(self, time_s: float, value: float) -> float:
        if isfinite(value):
            self._seen.append((time_s, value))
        while self._seen and time_s - self._seen[0][0] > 0.33:
            self._seen.popleft()
        return median(each for _, each in self._seen) if self._seen else nan

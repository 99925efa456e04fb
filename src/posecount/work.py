"""How much of one set is done: counted reps, a stretch held, time gone by, or until someone says stop."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from posecount.coach import HoldCoach, HoldView
from posecount.programmes import Step
from posecount.types import LEGS, Event, Rep, State, nan


class Work(Protocol):
    """`amount` is in the step's unit; `hold` only in a stretch."""

    @property
    def amount(self) -> float: ...
    @property
    def done(self) -> bool: ...
    @property
    def hold(self) -> HoldView | None: ...
    def update(self, now_s: float, events: Iterable[Event], state: State) -> None: ...


def work(step: Step, breaths_per_min: float) -> Work:
    """A set of this step, not yet begun."""
    if step.unit == "reps":
        return _Reps(step)
    if step.unit == "breaths" or (step.unit == "seconds" and step.counts == "calf-stretch"):
        return _Stretch(step, breaths_per_min)
    return _Seconds(step)


class _Reps:
    """Smooth ones; asked for both feet, left and right in turn count as one."""

    hold = None

    def __init__(self, step: Step) -> None:
        self._step = step
        self._counts: Counter[str] = Counter()

    @property
    def amount(self) -> float:
        sides = LEGS if self._step.side == "both" else (self._step.side,)
        return float(self._counts["both"] + max(self._counts[side] for side in sides))

    @property
    def done(self) -> bool:
        return self.amount >= self._step.amount

    def update(self, now_s: float, events: Iterable[Event], state: State) -> None:
        self._counts.update(e.side for e in events if isinstance(e, Rep) and e.quality == "smooth")


class _Stretch:
    def __init__(self, step: Step, breaths_per_min: float) -> None:
        self._step = step
        breath_s = 60.0 / breaths_per_min
        self._per_unit = 1.0 if step.unit == "seconds" else breath_s
        self._coach = HoldCoach(step.amount * self._per_unit / breath_s, breaths_per_min)

    @property
    def amount(self) -> float:
        return self._coach.view.held_s / self._per_unit

    @property
    def done(self) -> bool:
        return self._coach.view.done

    @property
    def hold(self) -> HoldView | None:
        return self._coach.view

    def update(self, now_s: float, events: Iterable[Event], state: State) -> None:
        legs = [state.legs[leg] for leg in LEGS if self._step.side in (leg, "both")]
        held = max(legs, key=lambda leg: leg.hold_s)
        self._coach.update(now_s, held.hold_s > 0, held.ankle_deg if held.hold_s > 0 else nan)


class _Seconds:
    """Time from the first look on; without an end when the step is open."""

    hold = None

    def __init__(self, step: Step) -> None:
        self._target_s = step.amount if step.unit == "seconds" else float("inf")
        self._began_s = self._now_s = nan

    @property
    def amount(self) -> float:
        return self._now_s - self._began_s if self._now_s >= self._began_s else 0.0

    @property
    def done(self) -> bool:
        return self.amount >= self._target_s

    def update(self, now_s: float, events: Iterable[Event], state: State) -> None:
        self._began_s = now_s if self._began_s != self._began_s else self._began_s
        self._now_s = now_s

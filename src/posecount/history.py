"""What the stored sessions say: today against the dose, the week, the streak, and what `trends.py` finds.

Pure: totals by day come in (`store` reads them), statements about them go out (`history_view.py` draws them).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from posecount.exercises import Exercise
from posecount.totals import HoldTotal, RepTotal
from posecount.trends import Comparison, Trend, comparisons, trends

RECENT_DAYS = 14
Times = int | Literal["least", "most"]
STRETCHES = 4  # what one dose of a stretch holds: both legs, with the knee straight and with it bent


@dataclass(frozen=True, slots=True)
class Dose:
    """What is asked of one exercise in a day: smooth reps, or seconds of steady holds; 0 asks for nothing."""

    exercise: str
    reps: int = 0
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """What counts towards a dose: smooth reps, both feet once, and seconds of steady holds."""

    reps: int = 0
    hold_s: float = 0.0

    def fraction(self, dose: Dose) -> float:
        """0 to 1, the lesser of reps and holds where the dose asks for both; 1 when it asks for nothing."""
        reps = self.reps / dose.reps if dose.reps else 1.0
        held = self.hold_s / dose.hold_s if dose.hold_s else 1.0
        return min(reps, held, 1.0)

    def __add__(self, other: "Done") -> "Done":
        return Done(self.reps + other.reps, self.hold_s + other.hold_s)


Day = Mapping[str, Done]  # by exercise


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the history shows. `recent` is RECENT_DAYS days, today last; each `week` is seven."""

    today: date
    doses: tuple[Dose, ...]
    recent: tuple[Day, ...]
    week: Day
    week_before: Day
    practised_in_week: int
    streak_days: int
    best_streak_days: int
    trends: tuple[Trend, ...]
    comparisons: tuple[Comparison, ...]


def daily_dose(exercise: Exercise, times_a_day: Times = "least") -> Dose:
    """The least that the exercise's file asks for at a time, as often a day as given or as the file says."""
    least = {name: amount.least for name, amount in exercise.dose.items()}
    times: float = 1
    if not isinstance(times_a_day, str):
        times = times_a_day
    elif "times_a_day" in exercise.dose:
        times = getattr(exercise.dose["times_a_day"], times_a_day)
    if exercise.counts == "calf-stretch":
        return Dose(exercise.name, hold_s=least.get("hold_s", 0) * STRETCHES * times)
    return Dose(exercise.name, reps=round(least.get("reps", 0) * least.get("sets", 1) * times))


def history(
    today: date,
    days: int,
    reps: Sequence[RepTotal],
    holds: Sequence[HoldTotal],
    practice_days: Sequence[date],
    doses: Sequence[Dose],
) -> History:
    """The totals of at least RECENT_DAYS and of the last `days`, over which trends and legs are judged."""
    per_day = done_by_day(reps, holds)
    recent = [per_day.get(today - timedelta(days=n), {}) for n in reversed(range(RECENT_DAYS))]
    current, best = streaks(practice_days, today)
    return History(
        today=today,
        doses=tuple(doses),
        recent=tuple(recent),
        week=_sum(recent[-7:]),
        week_before=_sum(recent[-14:-7]),
        practised_in_week=len({day for day in practice_days if 0 <= (today - day).days < 7}),
        streak_days=current,
        best_streak_days=best,
        trends=trends(reps, holds, today, days),
        comparisons=comparisons(reps, holds),
    )


def done_by_day(reps: Iterable[RepTotal], holds: Iterable[HoldTotal]) -> dict[date, Day]:
    found: dict[date, dict[str, Done]] = {}
    counted = [(r.day, r.exercise, Done(reps=r.reps)) for r in reps if r.quality == "smooth"]
    counted += [(h.day, h.exercise, Done(hold_s=h.seconds)) for h in holds if h.quality == "steady"]
    for day, exercise, amount in counted:
        that_day = found.setdefault(day, {})
        that_day[exercise] = that_day.get(exercise, Done()) + amount
    return dict(found)


def remaining(dose: Dose, done: Done) -> Done:
    """What is still to do."""
    return Done(max(dose.reps - done.reps, 0), max(dose.hold_s - done.hold_s, 0.0))


def all_done(doses: Sequence[Dose], today: Day) -> bool:
    """Nothing more is asked today. Without any dose there is always more to do."""
    return bool(doses) and all(today.get(dose.exercise, Done()).fraction(dose) >= 1 for dose in doses)


def streaks(days: Iterable[date], today: date) -> tuple[int, int]:
    """Days in a row up to today, and the most there ever were. Today may still come: yesterday keeps them."""
    best = run = 0
    before = date.min
    for day in sorted({day for day in days if day <= today}):
        run = run + 1 if day - before == timedelta(days=1) else 1
        best, before = max(best, run), day
    return (run if today - before <= timedelta(days=1) else 0), best


def _sum(days: Iterable[Day]) -> Day:
    total: dict[str, Done] = {}
    for day in days:
        for name, amount in day.items():
            total[name] = total.get(name, Done()) + amount
    return total

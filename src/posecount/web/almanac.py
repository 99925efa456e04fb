"""The history as the page shows it: a calendar, lines of trends, left beside right, what is to do today."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from posecount.exercises import Exercise
from posecount.history import Day, Done, Dose, History, Times, daily_dose
from posecount.history_view import amount_text, change_text, span, verdict_text
from posecount.trends import MDC_DEG, Comparison, Trend
from posecount.words import Words

LEVELS = 4  # of green: the last for a day on which every dose was done
CHART = (300.0, 110.0)  # pixels, before it is scaled
EDGE = 8.0

Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Square:
    """A day of the calendar; `level` 0 is a day without practice, None a day still to come."""

    day: date
    level: int | None
    words: str


def calendar(
    per_day: Mapping[date, Day],
    doses: Mapping[str, Dose],
    today: date,
    weeks: int,
    titles: Titles,
    say: Words,
) -> list[list[Square]]:
    """A row for each day of the week, from Monday, with a square for each week."""

    def square(day: date) -> Square:
        if day > today:
            return Square(day, None, "")
        done = per_day.get(day, {})
        amounts = [f"{titles.get(name, name)}: {_amount(each, say)}" for name, each in sorted(done.items())]
        return Square(day, level(done, doses), ", ".join(amounts))

    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    days = ([timedelta(days=weekday, weeks=week) for week in range(weeks)] for weekday in range(7))
    return [[square(monday + since) for since in row] for row in days]


def level(done: Day, doses: Mapping[str, Dose]) -> int:
    """0 without practice, LEVELS when all that was begun was done in full."""
    if not done:
        return 0
    shares = [each.fraction(doses[name]) if name in doses else 1.0 for name, each in done.items()]
    return 1 + math.floor((LEVELS - 1) * sum(shares) / len(shares) + 1e-9)


def _amount(done: Done, say: Words) -> str:
    if done.reps:
        return say("history.reps", number=done.reps)
    return say("history.seconds", number=round(done.hold_s))


def today_rows(found: History, titles: Titles, say: Words) -> Iterator[dict[str, Any]]:
    """What of each dose is done."""
    for dose in found.doses:
        done = found.recent[-1].get(dose.exercise, Done())
        yield {
            "name": dose.exercise,
            "title": titles.get(dose.exercise, dose.exercise),
            "share": done.fraction(dose),
            "words": amount_text(done, dose, say),
        }


def week_rows(found: History, titles: Titles, say: Words) -> Iterator[tuple[str, str]]:
    for name in sorted({*found.week, *found.week_before}):
        now, before = (_amount(week.get(name, Done()), say) for week in (found.week, found.week_before))
        yield titles.get(name, name), say("history.before", now=now, before=before)


def trend_rows(found: History, titles: Titles, say: Words) -> Iterator[dict[str, Any]]:
    for trend in found.trends:
        what = None if trend.measure == "stretch" else trend.measure
        words = [say(f"history.{key}") for key in (what, trend.side, trend.muscle) if key]
        yield {
            "title": titles.get(trend.exercise, trend.exercise),
            "measure": ", ".join(words),
            "change": change_text(trend, say),
            "chart": chart(trend),
        }


def chart(trend: Trend) -> Markup:
    """The trend as a line; for degrees over the band in which a change may come from measuring alone."""
    low, high = span(trend)
    width, height = CHART

    def y(value: float) -> float:
        return height - EDGE - (height - 2 * EDGE) * (value - low) / (high - low)

    step = (width - 2 * EDGE) / max(1, len(trend.values) - 1)
    points = [(EDGE + n * step, y(v)) for n, v in enumerate(trend.values) if not math.isnan(v)]
    parts = []
    if trend.measure != "smooth":
        top, bottom = (min(max(y(trend.first + d), 0), height) for d in (MDC_DEG, -MDC_DEG))
        parts.append(
            f'<rect class="band" x="0" y="{top:.1f}" width="{width:.0f}" height="{bottom - top:.1f}"/>'
        )
    parts.append('<polyline points="' + " ".join(f"{x:.1f},{at:.1f}" for x, at in points) + '"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{at:.1f}" r="3.5"/>' for x, at in points]
    # Nothing in it comes from outside: numbers only.
    return Markup(f'<svg viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true">{"".join(parts)}</svg>')


def side_rows(found: Sequence[Comparison], titles: Titles, say: Words) -> Iterator[dict[str, Any]]:
    for each in found:
        yield {
            "title": titles.get(each.exercise, each.exercise),
            "measure": say(f"history.{each.muscle}") if each.muscle else say("history.range"),
            "verdict": verdict_text(each, say),
            "legs": [("left", each.left_deg), ("right", each.right_deg)],
        }


def doses_of(known: Sequence[Exercise], times_a_day: Times = "least") -> dict[str, Dose]:
    """The daily dose of every exercise that has one."""
    doses = {each.name: daily_dose(each, times_a_day) for each in known}
    return {name: dose for name, dose in doses.items() if dose.reps or dose.hold_s}

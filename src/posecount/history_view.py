"""The history drawn for a terminal of 80 columns; every judgement in it was made in `history.py`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from posecount.history import RECENT_DAYS, Done, Dose, History
from posecount.trends import MDC_DEG, MIN_DAYS, Comparison, Trend
from posecount.words import Words

LEVELS = "▁▂▃▄▅▆▇█"
BAR = 34  # columns of today's bar
# Fixed, so that the sections stand under each other; with the indent they fill 80 columns.
LABEL, MEASURE = 17, 24


def history_view(found: History, weeks: int, titles: Mapping[str, str], say: Words) -> RenderableType:
    """`titles` are what the exercises are called on screen, by name."""
    if not any(found.recent) and not found.trends and not found.best_streak_days:
        return Text(say("history.none"))
    parts = [
        *_today(found, titles, say),
        *_recent(found, titles, say),
        *_week(found, titles, say),
        *_trends(found, weeks, titles, say),
        *_sides(found, titles, say),
    ]
    return Group(*parts)


def spark(values: Sequence[float], low: float, high: float) -> str:
    """One block a value, the lowest for `low` and a full one for `high`; a dot where there is no value."""
    return "".join("·" if math.isnan(v) else LEVELS[_level(v, low, high)] for v in values)


def _level(value: float, low: float, high: float) -> int:
    share = (value - low) / (high - low) if high > low else 0.5
    return min(max(round(share * (len(LEVELS) - 1)), 0), len(LEVELS) - 1)


def _today(found: History, titles: Mapping[str, str], say: Words) -> Iterator[RenderableType]:
    yield Text(say("history.today"), "bold")
    rows = _rows(LABEL, BAR)
    for dose in found.doses:
        done = found.recent[-1].get(dose.exercise, Done())
        share = done.fraction(dose)
        bar = Text("█" * math.floor(share * BAR), "green" if share >= 1 else "cyan")
        bar.append("░" * (BAR - len(bar)), "dim")
        words = amount_text(done, dose, say) + (f" ✓ {say('history.reached')}" if share >= 1 else "")
        rows.add_row(titles.get(dose.exercise, dose.exercise), bar, words)
    yield rows


def amount_text(done: Done, dose: Dose, say: Words) -> str:
    """How much of a dose is done."""
    if dose.reps:
        return say("history.reps_of", done=done.reps, dose=dose.reps)
    return say("history.seconds_of", done=round(done.hold_s), dose=round(dose.hold_s))


def _recent(found: History, titles: Mapping[str, str], say: Words) -> Iterator[RenderableType]:
    yield Text("\n" + say("history.recent", days=RECENT_DAYS), "bold")
    rows = _rows(LABEL, 3 * RECENT_DAYS)
    doses = {dose.exercise: dose for dose in found.doses}
    for name in _practised(found):
        rows.add_row(
            titles.get(name, name), _bars([day.get(name, Done()) for day in found.recent], doses.get(name))
        )
    days = [found.today - timedelta(days=n) for n in reversed(range(RECENT_DAYS))]
    rows.add_row("", Text(" ".join(f"{day.day:2}" for day in days), "dim"))
    yield rows


def _practised(found: History) -> list[str]:
    return sorted({name for day in found.recent for name in day})


def _bars(days: Sequence[Done], dose: Dose | None) -> Text:
    """A bar a day, as high as the share of the dose, green when reached; without a dose, of the best day."""
    amounts = [done.reps or done.hold_s for done in days]
    bars = Text()
    for done, amount in zip(days, amounts, strict=True):
        share = done.fraction(dose) if dose else amount / max(1, *amounts)
        style = "green" if dose and share >= 1 else "cyan"
        bar = (LEVELS[_level(share, 0, 1)] * 2, style) if amount else (" ·", "dim")
        bars.append(*bar).append(" ")
    return bars


def _week(found: History, titles: Mapping[str, str], say: Words) -> Iterator[RenderableType]:
    yield Text("\n" + say("history.week"), "bold").append(
        ": " + say("history.practised", days=found.practised_in_week), "not bold"
    )
    rows = _rows(LABEL)
    for name in sorted({*found.week, *found.week_before}):
        now, before = (week.get(name, Done()) for week in (found.week, found.week_before))
        unit = "history.reps" if now.reps or before.reps else "history.seconds"
        amounts = [say(unit, number=done.reps or round(done.hold_s)) for done in (now, before)]
        rows.add_row(titles.get(name, name), say("history.before", now=amounts[0], before=amounts[1]))
    streak = say("history.streak_days", days=found.streak_days, best=found.best_streak_days)
    rows.add_row(say("history.streak"), streak)
    yield rows


def _trends(found: History, weeks: int, titles: Mapping[str, str], say: Words) -> Iterator[RenderableType]:
    if not found.trends:
        return
    yield Text("\n" + say("history.trends", weeks=weeks), "bold")
    rows = _rows(LABEL, MEASURE, max(len(trend.values) for trend in found.trends))
    names = _once([titles.get(trend.exercise, trend.exercise) for trend in found.trends])
    for name, trend in zip(names, found.trends, strict=True):
        what = None if trend.measure == "stretch" else trend.measure
        measure = ", ".join(say(f"history.{key}") for key in (what, trend.side, trend.muscle) if key)
        line = spark(trend.values, *span(trend))
        rows.add_row(name, measure, Text(line, "cyan"), change_text(trend, say))
    yield rows


def span(trend: Trend) -> tuple[float, float]:
    """What the blocks span: all of a share; degrees by at least the error, lest noise look like mountains."""
    if trend.measure == "smooth":
        return 0.0, 1.0
    seen = [v for v in trend.values if not math.isnan(v)]
    middle, half = (min(seen) + max(seen)) / 2, max((max(seen) - min(seen)) / 2, MDC_DEG)
    return middle - half, middle + half


def change_text(trend: Trend, say: Words) -> str:
    """What a trend went from and to, and whether that is more than measuring can make it."""
    if trend.measure == "smooth":
        return say("history.percent", first=round(100 * trend.first), last=round(100 * trend.last))
    words = say("history.degrees", first=round(trend.first), last=round(trend.last))
    if trend.beyond_error:
        return f"{words}, {say('history.more' if trend.last > trend.first else 'history.less')}"
    return f"{words}, {say('history.within', error=say.number(MDC_DEG))}"


def _sides(found: History, titles: Mapping[str, str], say: Words) -> Iterator[RenderableType]:
    if not found.comparisons:
        return
    yield Text("\n" + say("history.sides"), "bold")
    rows = _rows(LABEL, 14)
    names = _once([titles.get(each.exercise, each.exercise) for each in found.comparisons])
    for name, each in zip(names, found.comparisons, strict=True):
        muscle = say(f"history.{each.muscle}") if each.muscle else say("history.range")
        degrees = say("history.left_right", left=round(each.left_deg), right=round(each.right_deg))
        rows.add_row(name, muscle, f"{degrees}: {verdict_text(each, say)}")
    yield rows
    yield Text("  " + say("history.error", error=say.number(MDC_DEG)), "dim")


def verdict_text(each: Comparison, say: Words) -> str:
    """Whether one leg has less, or why that cannot be said."""
    if each.less:
        return say(f"history.{'tighter' if each.muscle else 'less'}_{each.less}")
    if each.days < MIN_DAYS:
        return say("history.few_days", days=each.days, needed=MIN_DAYS)
    return say("history.within", error=say.number(MDC_DEG))


def _once(names: Sequence[str]) -> list[str]:
    """The names, empty where the one before is the same."""
    return [name if n == 0 or name != names[n - 1] else "" for n, name in enumerate(names)]


def _rows(*widths: int) -> Table:
    """Columns of these widths, and one for what remains."""
    table = Table(box=None, show_header=False, pad_edge=True, padding=(0, 0, 0, 1))
    for width in widths:
        table.add_column(width=width, no_wrap=True, overflow="ellipsis")
    table.add_column()
    return table

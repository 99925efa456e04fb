"""The history's edge: reads the store and the clock, then shows, exports or deletes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TextIO

from posecount.errors import PosecountError
from posecount.exercises import Exercise, exercises
from posecount.history import RECENT_DAYS, Day, Dose, History, Times, daily_dose, done_by_day, history
from posecount.trends import Comparison, comparisons, tighter_side
from posecount.words import Words

if TYPE_CHECKING:
    from posecount.store import Store

DAYS = 84  # twelve weeks: what stretching gains takes weeks to be more than the error of measuring it
FIRST_EXERCISE = "ankle-pump"  # whose dose is shown to somebody who has not practised lately


def run_history(
    *,
    days: int | None = None,
    export: str | None = None,
    url: str | None = None,
    times_a_day: Times = "least",
    language: str = "en",
    out: TextIO | None = None,
) -> None:
    """Show the last `days` days, or write them to `out`; an export without `days` is everything.

    `export` is 'csv' (a line a session) or 'json' (every rep and hold). `times_a_day` is how often the user
    means to do each dose, or what its file asks for at least or most.
    """
    from posecount.store import Store
    from posecount.store.export import write_csv, write_json

    writers = {"csv": write_csv, "json": write_json}
    if days is not None and days < 1:
        raise PosecountError(f"--days {days}: expected 1 day or more")
    if export is not None and export not in writers:
        raise PosecountError(f"--export {export!r}: expected csv or json")
    out = out or sys.stdout
    today = datetime.now().date()
    with Store(url) as store:
        if export is None:
            _show(store, today, days or DAYS, times_a_day, Words(language), out)
        else:
            since = None if days is None else _since(today, days)
            writers[export](store, out, since)


def run_delete(
    confirm: Callable[[str], bool],
    *,
    older_than_days: int | None = None,
    url: str | None = None,
    language: str = "en",
    out: TextIO | None = None,
) -> None:
    """Forget everything, or what is older than so many days, if `confirm` answers the question with True."""
    from posecount.store import Store

    say = Words(language)
    out = out or sys.stdout
    before = None if older_than_days is None else datetime.now().date() - timedelta(days=older_than_days)
    with Store(url) as store:
        number = store.count(before)
        key = "history.delete_all" if before is None else "history.delete_before"
        if number and not confirm(say(key, sessions=number, day=before)):
            print(say("history.kept"), file=out)
        else:
            print(say("history.deleted", sessions=store.delete(before)), file=out)


def tighter(url: str | None = None) -> Comparison | None:
    """The stretches of the last DAYS that show one leg to be tighter; None when that may not be claimed."""
    from posecount.store import Store

    since = _since(datetime.now().date(), DAYS)
    with Store(url) as store:
        found = comparisons(store.rep_totals(since), store.hold_totals(since))
    leg = tighter_side(found)
    return next((each for each in found if leg and each.muscle and each.less == leg), None)


def doses_for(names: Iterable[str], known: Iterable[Exercise], times_a_day: Times) -> tuple[Dose, ...]:
    """The daily doses of these exercises, and of FIRST_EXERCISE when none of them has any."""
    doses = {each.name: daily_dose(each, times_a_day) for each in known}
    asked = [doses[name] for name in sorted({*names} & {*doses}) if doses[name].reps or doses[name].hold_s]
    return tuple(asked) or (doses[FIRST_EXERCISE],)


def today_and_doses(store: Store, today: date, times_a_day: Times) -> tuple[Day, tuple[Dose, ...]]:
    """What was done today, and the doses of what was practised lately."""
    since = _since(today, RECENT_DAYS)
    per_day = done_by_day(store.rep_totals(since), store.hold_totals(since))
    names = {name for day in per_day.values() for name in day}
    return per_day.get(today, {}), doses_for(names, exercises(), times_a_day)


def _show(store: Store, today: date, days: int, times_a_day: Times, say: Words, out: TextIO) -> None:
    from rich.console import Console

    from posecount.history_view import history_view

    known = exercises(language=say.language)
    titles = {each.name: each.title for each in known}
    found = found_in(store, today, days, known, times_a_day)
    Console(file=out, highlight=False).print(history_view(found, round(days / 7), titles, say))


def found_in(store: Store, today: date, days: int, known: Sequence[Exercise], times_a_day: Times) -> History:
    """All that the sessions of the last `days` say."""
    since, recent = _since(today, max(days, RECENT_DAYS)), _since(today, RECENT_DAYS)
    reps, holds = store.rep_totals(since), store.hold_totals(since)
    names = {r.exercise for r in reps if r.day >= recent} | {h.exercise for h in holds if h.day >= recent}
    return history(today, days, reps, holds, store.practice_days(), doses_for(names, known, times_a_day))


def _since(today: date, days: int) -> date:
    return today - timedelta(days=days - 1)

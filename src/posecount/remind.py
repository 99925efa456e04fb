"""Reminders to practise through the day, quiet when today's dose is done.

When is a pure function of the clock; `run_remind` is the edge that looks at the clock, sleeps and notifies.
"""

from __future__ import annotations

import logging
import re
import time as clocks
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from posecount.errors import PosecountError
from posecount.exercises import exercises
from posecount.history import Day, Done, Dose, Times, all_done, remaining
from posecount.words import Words

NAP_S = (
    20.0  # at most asleep at once: after a suspended laptop or a changed clock the next look is right again
)
LATE = timedelta(
    minutes=2
)  # a reminder missed by more, the machine asleep, is dropped, not delivered in a heap

Between = tuple[time, time]
Notify = Callable[[str, str], object]


def next_reminder(now: datetime, every: timedelta, between: Between) -> datetime:
    """The first moment after `now` on a day's grid: begin, begin + every, ... up to and including the end.

    All in local time without a zone, as the clock on the wall shows it.
    """
    begin, end = (datetime.combine(now.date(), edge) for edge in between)
    if now < begin:
        return begin
    due = begin + ((now - begin) // every + 1) * every
    return due if due <= end else begin + timedelta(days=1)


def parse_every(text: str) -> timedelta:
    """'60m', '1h', '1h30m' or plain minutes."""
    found = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m?)?", text.strip().lower())
    every = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) if found else timedelta()
    if not timedelta(minutes=1) <= every <= timedelta(days=1):
        raise PosecountError(f"--every {text!r}: expected one minute to a day, such as 60m, 1h or 1h30m")
    return every


def parse_between(text: str) -> Between:
    """'9:00-18:00', '9-18': the first and the last moment of a day to be reminded at."""
    edges = [re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", edge.strip()) for edge in text.split("-")]
    try:
        begin, end = (time(int(edge[1]), int(edge[2] or 0)) for edge in edges if edge)
    except ValueError:
        begin = end = time()
    if None in edges or begin >= end:
        raise PosecountError(f"--between {text!r}: expected two times of one day, such as 9:00-18:00")
    return begin, end


def message(doses: Sequence[Dose], today: Day, titles: Mapping[str, str], say: Words) -> str:
    """What is left to do today, one line an exercise."""
    lines = []
    for dose in doses:
        left = remaining(dose, today.get(dose.exercise, Done()))
        title = titles.get(dose.exercise, dose.exercise)
        if left.reps:
            lines.append(say("remind.reps", exercise=title, number=left.reps))
        if left.hold_s:
            lines.append(say("remind.seconds", exercise=title, number=round(left.hold_s)))
    return "\n".join(lines) or say("remind.any")


def run_remind(
    *,
    every: str = "60m",
    between: str = "9:00-18:00",
    url: str | None = None,
    times_a_day: Times = "most",
    language: str = "en",
    tell: Callable[[str], None] = print,
) -> None:
    """Remind until interrupted (KeyboardInterrupt is left to the caller). `tell` gets lines for the terminal.

    `times_a_day` is how often the user means to do each dose; by default the most that its file asks for, as
    reminders are for those who practise through the day.
    """
    interval, window, say = parse_every(every), parse_between(between), Words(language)
    titles = {each.name: each.title for each in exercises(language=language)}
    notify = notifier(say, tell)
    while True:
        due = next_reminder(datetime.now(), interval, window)
        tell(say("remind.next", time=f"{due:%H:%M}"))
        if not _reached(due, datetime.now, clocks.sleep):
            continue
        today, doses = _today(due.date(), url, times_a_day, tell)
        if all_done(doses, today):
            tell(say("remind.done"))
        else:
            notify(say("remind.title"), message(doses, today, titles, say))


def _reached(due: datetime, now: Callable[[], datetime], sleep: Callable[[float], None]) -> bool:
    """Sleep until `due`; False when the machine slept past it."""
    while (left := due - now()) > timedelta():
        sleep(min(left.total_seconds(), NAP_S))
    return -left <= LATE


def _today(
    day: date, url: str | None, times_a_day: Times, tell: Callable[[str], None]
) -> tuple[Day, Sequence[Dose]]:
    """An unreadable history is said, and then everything counts as still to do."""
    from posecount.history_run import today_and_doses
    from posecount.store import Store

    try:
        with Store(url) as store:
            return today_and_doses(store, day, times_a_day)
    except PosecountError as error:
        tell(str(error))
        return {}, ()


def notifier(say: Words, tell: Callable[[str], None]) -> Notify:
    """Shows a title and a text in the terminal, and on the desktop where that works; says once where not."""
    desktop = _desktop(say, tell)

    def notify(title: str, text: str) -> None:
        tell(f"{title}\n{text}")
        if desktop:
            desktop(title, text)

    return notify


def _desktop(say: Words, tell: Callable[[str], None]) -> Notify | None:
    try:
        from desktop_notifier.sync import DesktopNotifierSync
    except ImportError:
        tell(say("remind.here", why=say("remind.extra")))
        return None
    # It logs a traceback where a plain line will do: ours.
    logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)
    desktop = DesktopNotifierSync(app_name="posecount")
    try:
        if desktop.get_capabilities():  # none on a system that it does not know
            return desktop.send
    except Exception:  # each platform fails with an error of its own when nobody listens
        pass
    tell(say("remind.here", why=say("remind.refused")))
    return None

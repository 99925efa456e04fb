"""Reminders come at the times asked for, once each, and not when the day's work is done."""

import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecount import remind
from posecount.errors import PosecountError
from posecount.history import Done, Dose
from posecount.remind import message, next_reminder, notifier, parse_between, parse_every, run_remind
from posecount.store import Store
from posecount.types import Rep
from posecount.words import Words

HOUR = timedelta(hours=1)
OFFICE = (time(9), time(18))
SAY = Words()


def at(clock: str, day: int = 10) -> datetime:
    return datetime.combine(datetime(2026, 3, day), time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("now", "every", "expected"),
    [
        (at("06:00"), HOUR, at("09:00")),
        (at("09:00"), HOUR, at("10:00")),  # the one at nine is being given just now
        (at("09:00:01"), HOUR, at("10:00")),
        (at("09:59:59.900"), HOUR, at("10:00")),
        (at("17:30"), HOUR, at("18:00")),  # the end belongs to the day
        (at("18:00"), HOUR, at("09:00", 11)),
        (at("23:59"), HOUR, at("09:00", 11)),
        (at("10:00"), 4 * HOUR, at("13:00")),
        (at("17:30"), 4 * HOUR, at("09:00", 11)),
        (at("10:00"), 24 * HOUR, at("09:00", 11)),
        (at("12:00", 31), 24 * HOUR, datetime(2026, 4, 1, 9)),
    ],
)
def test_next_reminder(now: datetime, every: timedelta, expected: datetime) -> None:
    assert next_reminder(now, every, OFFICE) == expected


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.integers(1, 24 * 60), st.integers(0, 22))
def test_reminders_are_always_ahead_and_within_the_hours(now: datetime, minutes: int, hour: int) -> None:
    every, between = timedelta(minutes=minutes), (time(hour), time(23, 30))
    due = next_reminder(now, every, between)
    assert now < due <= now + timedelta(days=1)
    assert between[0] <= due.time() <= between[1]
    following = next_reminder(due, every, between)
    assert following - due == every or following.time() == between[0]


@pytest.mark.parametrize(
    ("text", "minutes"), [("60m", 60), ("1h", 60), ("1h30m", 90), ("45", 45), (" 2H ", 120), ("24h", 24 * 60)]
)
def test_parse_every(text: str, minutes: int) -> None:
    assert parse_every(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "0m", "-5m", "often", "25h", "1d", "1.5h", "m"])
def test_a_wrong_interval_is_one_clear_line(text: str) -> None:
    with pytest.raises(PosecountError, match="such as 60m, 1h or 1h30m"):
        parse_every(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9:00-18:00", OFFICE), ("9-18", OFFICE), ("08:30 - 12:15", (time(8, 30), time(12, 15)))],
)
def test_parse_between(text: str, expected: tuple[time, time]) -> None:
    assert parse_between(text) == expected


@pytest.mark.parametrize(
    "text", ["", "9:00", "18:00-9:00", "9-9", "9:00-25:00", "9:99-10", "9-12-15", "a-b", "9-"]
)
def test_wrong_hours_are_one_clear_line(text: str) -> None:
    with pytest.raises(PosecountError, match=r"such as 9:00-18:00"):
        parse_between(text)


def test_a_reminder_says_what_is_left() -> None:
    doses = [Dose("ankle-pump", 20), Dose("calf-stretch", hold_s=120), Dose("heel-raise", 10)]
    today = {"ankle-pump": Done(5), "heel-raise": Done(10)}
    words = message(doses, today, {"ankle-pump": "Ankle pumps", "calf-stretch": "Calf stretch"}, SAY)
    assert words == "Ankle pumps: 15 reps to go today.\nCalf stretch: 120 s to hold today."
    assert message([], {}, {}, SAY) == SAY("remind.any")


class Clock:
    """Stands in for the wall clock and for sleeping, and ends the loop at `end`."""

    def __init__(
        self, now: datetime, end: datetime, on_tick: Callable[[datetime], None] = lambda _: None
    ) -> None:
        self.time, self.end, self.on_tick = now, end, on_tick
        self.suspended: dict[datetime, datetime] = {}  # when the machine falls asleep -> when it wakes up

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= remind.NAP_S
        self.time += timedelta(seconds=seconds)
        for asleep, awake in self.suspended.items():
            self.time = awake if asleep <= self.time < awake else self.time
        self.on_tick(self.time)
        if self.time >= self.end:
            raise KeyboardInterrupt


def reminded(
    clock: Clock, url: str, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> tuple[list[str], list[str]]:
    """(times of the reminders given, lines told)"""
    given_at: list[str] = []
    told: list[str] = []
    monkeypatch.setattr(remind, "datetime", type("Now", (datetime,), {"now": staticmethod(clock.now)}))
    monkeypatch.setattr(remind.clocks, "sleep", clock.sleep)
    monkeypatch.setattr(
        remind, "notifier", lambda say, tell: lambda title, text: given_at.append(f"{clock.time:%H:%M}")
    )
    with pytest.raises(KeyboardInterrupt):
        run_remind(url=url, tell=told.append, **more)
    return given_at, told


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/history.sqlite3"


def practise(url: str, when: datetime, number: int) -> None:
    with Store(url) as store:
        with store.session(exercise="ankle-pump", model="heavy", source="live", started_at=when) as log:
            for n in range(number):
                log.add(Rep("both", n, n + 0.5, n + 1, 30.0, "smooth"))


def test_a_day_of_reminders(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    times, told = reminded(Clock(at("08:00"), at("19:00")), url, monkeypatch, every="3h", between="9-18")
    assert times == ["09:00", "12:00", "15:00", "18:00"]
    assert told[0] == "Next reminder at 09:00. Ctrl+C ends it."


def test_quiet_when_the_dose_is_done_and_again_the_next_day(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    practised: list[datetime] = []

    def practise_at_eleven(now: datetime) -> None:
        if now >= at("11:00") and not practised:
            practised.append(now)
            practise(url, now, 20)

    clock = Clock(at("08:59"), at("09:30", 11), practise_at_eleven)
    times, told = reminded(clock, url, monkeypatch, every="90m", between="9:00-13:30", times_a_day=1)
    assert times == ["09:00", "10:30", "09:00"]
    assert told.count("Today's dose is done: no reminder.") == 2


def test_who_asks_to_be_reminded_means_to_practise_as_often_as_the_file_allows(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    practise(url, at("08:00"), 20)  # the least of a day
    assert reminded(Clock(at("08:59"), at("09:30")), url, monkeypatch)[0] == ["09:00"]
    practise(url, at("08:00"), 80)
    assert reminded(Clock(at("08:59"), at("09:30")), url, monkeypatch)[0] == []


def test_reminders_missed_asleep_do_not_come_in_a_heap(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(at("08:30"), at("13:30"))
    clock.suspended = {at("09:30"): at("12:20")}
    assert reminded(clock, url, monkeypatch)[0] == ["09:00", "13:00"]


def test_an_unreadable_history_does_not_silence_the_reminders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "history.sqlite3"
    file.write_text("not a database at all " * 100)
    times, told = reminded(Clock(at("08:59"), at("09:30")), f"sqlite:///{file}", monkeypatch)
    assert times == ["09:00"] and any("not a posecount history" in line for line in told)


def fake_library(capabilities: Callable[[], object], sent: list[tuple[str, str]]) -> ModuleType:
    class DesktopNotifierSync:
        def __init__(self, app_name: str) -> None:
            assert app_name == "posecount"

        def get_capabilities(self) -> object:
            return capabilities()

        def send(self, title: str, text: str) -> None:
            sent.append((title, text))

    module = ModuleType("desktop_notifier.sync")
    module.DesktopNotifierSync = DesktopNotifierSync  # type: ignore[attr-defined]
    return module


def no_bus() -> object:
    raise ConnectionError("no bus")


@pytest.mark.parametrize(
    ("capabilities", "why"),
    [(lambda: {"title"}, None), (frozenset, "no notification service"), (no_bus, "no notification service")],
)
def test_notifications_reach_the_desktop_or_say_why_not(
    capabilities: Callable[[], object], why: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    told: list[str] = []
    monkeypatch.setitem(sys.modules, "desktop_notifier", ModuleType("desktop_notifier"))
    monkeypatch.setitem(sys.modules, "desktop_notifier.sync", fake_library(capabilities, sent))
    notifier(SAY, told.append)("Title", "text")
    assert sent == ([] if why else [("Title", "text")])
    assert told[-1] == "Title\ntext"
    assert (len(told) == 1) if why is None else (why in told[0])


def test_without_the_extra_the_terminal_reminds_and_tells_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setitem(sys.modules, "desktop_notifier.sync", None)
    notifier(SAY, told.append)("Title", "text")
    assert "pip install 'posecount[notify]'" in told[0] and told[1] == "Title\ntext"

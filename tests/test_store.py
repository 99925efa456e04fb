"""The history on the disk: nothing counted is lost, whatever happens to the program, the disk or the file."""

import csv
import io
import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from dataclasses import asdict, fields, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecount.errors import PosecountError
from posecount.store import SessionLog, Store, schema
from posecount.store.export import write_csv, write_json
from posecount.types import Angles, Hold, Notice, Rep, Rhythm, Summary

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))  # already the next day in UTC
REP = Rep("left", 1.0, 1.6, 2.4, 31.5, "smooth", up_s=0.5, down_s=0.7, sparc=-1.6, ripple_deg=0.4)
HOLD = Hold("right", 3.0, 34.0, 30.0, 12.5, 4.0, "gastrocnemius", "steady")
NOTICE = Notice("cue.bounce", "Don't bounce: press and wait", 12.0, 12.0)
EMPTY = np.zeros(0)
SUMMARY = Summary("ankle-pump", (), (), Rhythm(30, 1, 0), Angles(*[EMPTY] * 5), 0.875, (), 60.0)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/history.sqlite3"


def begin(store: Store, at: datetime = NOW, exercise: str = "ankle-pump", **more: Any) -> SessionLog:
    return store.session(exercise=exercise, model="heavy", source="live", started_at=at, **more)


def write(url: str, *events: Rep | Hold | Notice, at: datetime = NOW) -> None:
    with Store(url) as store, begin(store, at) as log:
        for event in events:
            log.add(event)
        log.finish(SUMMARY)


def test_everything_that_went_in_comes_out(url: str) -> None:
    write(url, REP, HOLD, NOTICE)
    with Store(url) as store:
        [record] = store.sessions()
        events = store.events([record.id])[record.id]
    assert (record.started_at, record.day) == (NOW, date(2026, 3, 1))
    assert (record.exercise, record.model, record.source, record.finished) == (
        "ankle-pump",
        "heavy",
        "live",
        True,
    )
    assert (record.duration_s, record.usable_fraction, record.range_deg) == (60.0, 0.875, 31.5)
    assert (record.smooth, record.jerky, record.partial, record.hold_count, record.hold_s) == (
        1,
        0,
        0,
        1,
        30.0,
    )
    assert events == {"reps": [asdict(REP)], "holds": [asdict(HOLD)], "cues": [asdict(NOTICE)]}


@pytest.mark.parametrize(
    ("value", "table"),
    [(REP, schema.reps), (HOLD, schema.holds), (NOTICE, schema.cues)],
    ids=lambda v: type(v).__name__,
)
def test_tables_have_a_column_for_every_field(value: Any, table: Any) -> None:
    assert [field.name for field in fields(value)] == [c.name for c in table.columns][2:]


def test_not_measurable_is_null_in_the_file_and_nan_here(url: str) -> None:
    write(url, replace(REP, range_deg=math.nan, sparc=math.nan), replace(HOLD, knee_deg=math.nan))
    with Store(url) as store:
        [record] = store.sessions()
        events = store.events([record.id])[record.id]
        [total] = store.rep_totals()
    assert events["reps"][0]["range_deg"] is None and events["holds"][0]["knee_deg"] is None
    assert math.isnan(record.range_deg) and math.isnan(total.range_deg)
    assert (total.reps, total.measured) == (1, 0)


def test_numpy_numbers_are_numbers(url: str) -> None:
    write(url, replace(REP, range_deg=np.float64(20)), replace(HOLD, bounces=np.int64(3)))  # type: ignore[arg-type]
    with Store(url) as store:
        assert store.events([1])[1]["holds"][0]["bounces"] == 3
        assert store.rep_totals()[0].range_deg == 20.0


def test_totals_group_by_day_and_kind(url: str) -> None:
    later = NOW + timedelta(days=1)
    write(url, REP, replace(REP, range_deg=40.5), replace(REP, quality="jerky"), HOLD)
    write(url, REP, replace(REP, range_deg=math.nan), at=NOW)
    write(url, replace(REP, side="both"), HOLD, HOLD, at=later)
    with Store(url) as store:
        found = {
            (r.day.day, r.side, r.quality): (r.reps, r.measured, r.range_deg) for r in store.rep_totals()
        }
        assert found == {
            (1, "left", "smooth"): (4, 3, pytest.approx(34.5)),
            (1, "left", "jerky"): (1, 1, 31.5),
            (2, "both", "smooth"): (1, 1, 31.5),
        }
        assert [(h.day.day, h.holds, h.seconds) for h in store.hold_totals()] == [(1, 1, 30.0), (2, 2, 60.0)]
        assert {r.day for r in store.rep_totals(later.date())} == {later.date()}
        assert [h.holds for h in store.hold_totals(later.date())] == [2]
        assert store.rep_totals(later.date() + timedelta(days=1)) == []


def test_sums_of_reps_and_holds_do_not_multiply(url: str) -> None:
    write(url, REP, REP, REP, HOLD, HOLD)
    with Store(url) as store:
        [record] = store.sessions()
    assert (record.smooth, record.hold_count, record.hold_s) == (3, 2, 60.0)


def test_a_day_without_a_rep_or_hold_is_no_practice(url: str) -> None:
    write(url, NOTICE)
    write(url, HOLD, at=NOW + timedelta(days=1))
    write(url, REP, at=NOW + timedelta(days=2))
    with Store(url) as store:
        assert [day.day for day in store.practice_days()] == [2, 3]


KILLED = """
    import sys, time
    from datetime import datetime
    from posecount.store import Store
    from posecount.types import Rep
    store = Store(sys.argv[1])
    with store.session(exercise="ankle-pump", model="heavy", source="live", started_at=datetime.now()) as log:
        for n in range(10**6):
            log.add(Rep("left", n, n + 0.5, n + 1, 30.0, "smooth"))
            print(n + 1, flush=True)
"""


def test_killed_in_the_middle_of_a_set_nothing_counted_is_lost(url: str) -> None:
    command = [sys.executable, "-c", textwrap.dedent(KILLED), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(5):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        told = [5, *(int(line) for line in process.stdout if line.endswith("\n"))][-1]
    with Store(url) as store:
        [record] = store.sessions()
    assert record.smooth in (told, told + 1)  # killed between the commit and its being told
    assert (record.finished, record.duration_s) == (False, record.smooth)


def test_a_killed_session_counts_for_the_exercise_it_was_found_to_be(url: str) -> None:
    with Store(url) as store:
        begin(store, exercise="auto").__enter__().add(REP, "heel-raise")
        assert [total.exercise for total in store.rep_totals()] == ["heel-raise"]


def test_each_commit_waits_for_the_disk_in_a_write_ahead_log(url: str) -> None:
    with Store(url) as store, store._engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous")
        ]
    assert pragmas == ["wal", 2]


def test_two_sessions_at_once(url: str) -> None:
    def practise() -> None:
        write(url, *[REP] * 25)

    threads = [threading.Thread(target=practise) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store(url) as store:
        assert [record.smooth for record in store.sessions()] == [25] * 2


def fill_disk(store: Store) -> None:
    """SQLite's own word for a full disk: no more pages than the file has now."""
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def free_disk(store: Store) -> None:
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


BULKY = replace(NOTICE, message="x" * 10_000)


def test_full_disk_is_one_clear_line(url: str) -> None:
    with Store(url) as store, pytest.raises(PosecountError) as told, begin(store) as log:
        fill_disk(store)
        log.add(BULKY)
    assert str(told.value) == f"History {url[10:]}: the disk is full; free some space."


def test_a_session_survives_a_full_disk_and_saves_all_when_there_is_room(url: str) -> None:
    said: list[str] = []
    with Store(url) as store:
        with begin(store, on_error=said.append) as log:
            log.add(REP)
            fill_disk(store)
            log.add(replace(BULKY, end_s=20.0))
            for n in range(8):  # within the time in which it is not tried again
                log.add(replace(REP, end_s=21.0 + n))
            assert (log.unsaved, len(said)) == (9, 1)
            log.add(replace(REP, end_s=31.0))  # tried, in vain: not said twice
            assert (log.unsaved, len(said)) == (10, 1)
            free_disk(store)
            log.add(replace(REP, end_s=42.0))
            assert (log.unsaved, len(said)) == (0, 1)
            log.finish(SUMMARY)
        [record] = store.sessions()
        assert (record.smooth, record.finished) == (11, True)


def test_what_could_not_be_saved_at_all_is_said_at_the_end(url: str) -> None:
    said: list[str] = []
    with Store(url) as store:
        with begin(store, on_error=said.append) as log:
            fill_disk(store)
            log.add(BULKY)
        free_disk(store)
    assert len(said) == 2 and said[-1].endswith("1 events of this session were not saved.")


def test_read_only_history_can_be_shown_but_not_written(url: str) -> None:
    write(url, REP)
    read_only = url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    said: list[str] = []
    with Store(read_only) as store:
        assert len(store.sessions()) == 1
        with pytest.raises(PosecountError, match="read-only; make the file and its folder writable"):
            begin(store).__enter__()
        with begin(store, on_error=said.append) as log:
            log.add(REP)
            log.finish(SUMMARY)
    assert len(said) == 2 and "read-only" in said[0] and "1 events" in said[1]


def test_a_locked_database_does_not_stop_the_session(url: str) -> None:
    said: list[str] = []
    with Store(url) as store, begin(store, on_error=said.append) as log:
        other = sqlite3.connect(url[10:], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        log.add(REP)
        assert "another program keeps it locked" in said[0]
        other.execute("ROLLBACK")
        other.close()
        log.add(replace(REP, end_s=REP.end_s + 1))
        assert (
            log.unsaved == 2
        )  # not tried so soon again: it might still be locked, and a camera does not wait
        log.add(replace(REP, end_s=REP.end_s + 10))
        assert log.unsaved == 0


def damage(file: Path) -> None:
    write(f"sqlite:///{file}", *[REP] * 50)
    with file.open("r+b") as stream:
        stream.seek(100)
        stream.write(b"\xff" * 8000)


def scribble(file: Path) -> None:
    file.write_text("Dear diary, today I stretched my calves. " * 100)


def make_newer(file: Path) -> None:
    write(f"sqlite:///{file}")
    execute(file, f"UPDATE schema_version SET version = {schema.CURRENT + 1}")


def make_foreign(file: Path) -> None:
    execute(file, "CREATE TABLE sessions (cookie TEXT)")


def make_folder(file: Path) -> None:
    file.mkdir()


def execute(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damage, "damaged; move it away"),
        (scribble, "not a posecount history; move the file away"),
        (make_newer, "written by a newer posecount (version 4; this one reads up to 3); update posecount"),
        (make_foreign, "other tables named 'sessions'; give posecount a database of its own"),
        (make_folder, "cannot be opened; check"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, spoil: Any, words: str) -> None:
    file = tmp_path / "h.sqlite3"
    spoil(file)
    with pytest.raises(PosecountError) as told:
        Store(f"sqlite:///{file}")
    assert words in str(told.value) and str(file) in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("hello", "not a database URL"),
        ("oracle+nothing://me:secret@host/x", "this kind of database is not known"),
        ("sqlite:////proc/nowhere/h.sqlite3", "No such file or directory"),
    ],
)
def test_a_bad_url_is_one_clear_line_without_the_password(url: str, words: str) -> None:
    with pytest.raises(PosecountError) as told:
        Store(url)
    assert words in str(told.value) and "secret" not in str(told.value) and "\n" not in str(told.value)


# What version 1 made, as SQLite wrote it down. Never to be changed.
VERSION_1 = (
    "CREATE TABLE schema_version (version INTEGER NOT NULL, PRIMARY KEY (version))",
    "INSERT INTO schema_version VALUES (1)",
    "CREATE TABLE sessions (id INTEGER NOT NULL, started_at VARCHAR(32) NOT NULL, day DATE NOT NULL, "
    "exercise VARCHAR(64) NOT NULL, model VARCHAR(16) NOT NULL, source VARCHAR(16) NOT NULL, "
    "duration_s FLOAT NOT NULL, usable_fraction FLOAT, finished BOOLEAN NOT NULL, PRIMARY KEY (id))",
    "CREATE INDEX sessions_day ON sessions (day)",
    "CREATE TABLE reps (id INTEGER NOT NULL, session_id INTEGER NOT NULL, side VARCHAR(8) NOT NULL, "
    "start_s FLOAT NOT NULL, peak_s FLOAT NOT NULL, end_s FLOAT NOT NULL, range_deg FLOAT, "
    "quality VARCHAR(8) NOT NULL, up_s FLOAT, down_s FLOAT, sparc FLOAT, ripple_deg FLOAT, PRIMARY KEY (id), "
    "FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE)",
    "CREATE INDEX reps_session ON reps (session_id, side, quality, range_deg)",
    "CREATE TABLE holds (id INTEGER NOT NULL, session_id INTEGER NOT NULL, side VARCHAR(8) NOT NULL, "
    "start_s FLOAT NOT NULL, end_s FLOAT NOT NULL, duration_s FLOAT NOT NULL, angle_deg FLOAT, "
    "knee_deg FLOAT, muscle VARCHAR(16) NOT NULL, quality VARCHAR(8) NOT NULL, bounces INTEGER NOT NULL, "
    "PRIMARY KEY (id), FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE)",
    "CREATE INDEX holds_session ON holds (session_id)",
    "INSERT INTO sessions VALUES (7, '2025-12-31T08:00:00+00:00', '2025-12-31', 'ankle-pump', 'full', "
    "'live', 60.0, 0.9, 1)",
    "INSERT INTO reps VALUES (1, 7, 'both', 0.0, 1.0, 2.0, 33.0, 'smooth', NULL, NULL, NULL, NULL)",
)


def layout(file: Path) -> set[tuple[Any, ...]]:
    connection = sqlite3.connect(file)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        (name, *column[1:4]) for name in names for column in connection.execute(f"PRAGMA table_info({name})")
    }
    found |= set(connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"))
    connection.close()
    return found


def test_a_version_1_file_becomes_one_of_today_and_keeps_what_it_held(tmp_path: Path) -> None:
    old, new = tmp_path / "old.sqlite3", tmp_path / "new.sqlite3"
    execute(old, *VERSION_1)
    write(f"sqlite:///{new}")
    assert layout(old) != layout(new)
    with Store(f"sqlite:///{old}") as store:
        [record] = store.sessions()
        assert (record.id, record.smooth, record.range_deg, record.day) == (7, 1, 33.0, date(2025, 12, 31))
    assert layout(old) == layout(new)
    write(f"sqlite:///{old}", REP, HOLD, NOTICE)
    with Store(f"sqlite:///{old}") as store:
        assert len(store.sessions()) == 2


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(connection: Any) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "old.sqlite3"
    execute(file, *VERSION_1)
    before = layout(file)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, break_down))
    monkeypatch.setattr(schema, "CURRENT", schema.CURRENT + 1)
    with pytest.raises(PosecountError, match="disk is full"):
        Store(f"sqlite:///{file}")
    assert layout(file) == before


def test_delete_older_and_all(url: str) -> None:
    for n in range(4):
        write(url, REP, HOLD, NOTICE, at=NOW + timedelta(days=n))
    with Store(url) as store:
        kept = NOW.date() + timedelta(days=3)
        assert (store.count(kept), store.delete(before=kept), store.count()) == (3, 3, 1)
        assert [record.day for record in store.sessions()] == [kept]
        assert store.delete() == 1
        with store._engine.connect() as connection:
            left = [connection.execute(t.select()).all() for t in schema.metadata.sorted_tables[1:]]
    assert not any(left)


def test_what_is_deleted_is_gone_from_the_disk(url: str, tmp_path: Path) -> None:
    def on_disk() -> bool:
        return any(b"nobody-may-know" in file.read_bytes() for file in tmp_path.iterdir())

    with Store(url) as store:
        with begin(store) as log:
            log.add(replace(NOTICE, message="nobody-may-know"))
        assert on_disk()
        store.delete()
        assert not on_disk()


def test_the_folder_is_for_the_user_alone(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path}/posecount/history.sqlite3").__exit__(None, None, None)
    assert (tmp_path / "posecount").stat().st_mode & 0o777 == 0o700


def test_export_as_csv_and_json(url: str) -> None:
    write(url, REP, replace(REP, range_deg=math.nan), HOLD, NOTICE)
    write(url, at=NOW + timedelta(days=1))
    table, text = io.StringIO(), io.StringIO()
    with Store(url) as store:
        write_csv(store, table)
        write_json(store, text)
    rows = list(csv.DictReader(io.StringIO(table.getvalue())))
    assert [(row["day"], row["smooth"], row["range_deg"]) for row in rows] == [
        ("2026-03-01", "2", "31.5"),
        ("2026-03-02", "0", ""),
    ]
    first, second = json.loads(text.getvalue())
    assert [rep["range_deg"] for rep in first["reps"]] == [31.5, None]
    assert (first["holds"], first["cues"]) == ([asdict(HOLD)], [asdict(NOTICE)])
    assert (second["reps"], second["range_deg"]) == ([], None)


def test_export_of_more_sessions_than_are_read_at_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecount.store.export.CHUNK", 2)
    for n in range(5):
        write(url, *[REP] * n)
    text = io.StringIO()
    with Store(url) as store:
        write_json(store, text)
    assert [len(session["reps"]) for session in json.loads(text.getvalue())] == [0, 1, 2, 3, 4]


def test_an_empty_history_exports_as_nothing(url: str) -> None:
    text = io.StringIO()
    with Store(url) as store:
        write_json(store, text)
    assert json.loads(text.getvalue()) == []

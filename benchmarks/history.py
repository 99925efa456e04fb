"""How long `posecount history` takes over ten years: `python -m benchmarks.history`.

Fills a new SQLite file with 50 000 sessions, 20 reps in most and holds in the others, then times the command
as a user meets it: a new Python, imports included, the file's pages in the system's cache.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, insert

from posecount.store import Store, schema

SESSIONS, REPS, DAYS, RUNS = 50_000, 20, 3650, 5
LIMIT_S = 1.0


def fill(url: str, today: date) -> None:
    """Years of practice, written in bulk: the point is to read them."""
    with Store(url):
        pass  # makes the tables
    engine = create_engine(url)
    for first in range(1, SESSIONS + 1, 5000):
        _insert(engine, range(first, first + 5000), today)
    engine.dispose()


def _insert(engine: Engine, ids: range, today: date) -> None:
    with engine.begin() as connection:
        connection.execute(insert(schema.sessions), [_session(id, today) for id in ids])
        connection.execute(insert(schema.reps), [rep for id in ids if id % 5 for rep in _reps(id)])
        connection.execute(insert(schema.holds), [hold for id in ids if not id % 5 for hold in _holds(id)])


def _session(id: int, today: date) -> dict[str, Any]:
    day = today - timedelta(days=DAYS - 1 - (id - 1) * DAYS // SESSIONS)
    stretch = id % 5 == 0
    return {
        "id": id,
        "started_at": f"{day}T{8 + id % 10:02}:00:00+00:00",
        "day": day,
        "exercise": "calf-stretch" if stretch else "ankle-pump",
        "model": "heavy",
        "source": "live",
        "duration_s": 60.0,
        "usable_fraction": 0.97,
        "finished": True,
    }


def _reps(id: int) -> Iterator[dict[str, Any]]:
    for n in range(REPS):
        yield {
            "session_id": id,
            "side": ("left", "right", "both")[id % 3],
            "start_s": 2.0 * n,
            "peak_s": 2.0 * n + 1,
            "end_s": 2.0 * n + 2,
            "range_deg": random.gauss(40, 4),
            "quality": random.choices(("smooth", "jerky", "partial"), (8, 1, 1))[0],
        }


def _holds(id: int) -> Iterator[dict[str, Any]]:
    for n, (side, angle) in enumerate((("right", 14), ("left", 18), ("right", 14))):
        yield {
            "session_id": id,
            "side": side,
            "start_s": 40.0 * n,
            "end_s": 40.0 * n + 30,
            "duration_s": 30.0,
            "angle_deg": random.gauss(angle, 2),
            "knee_deg": 3.0,
            "muscle": "gastrocnemius",
            "quality": "steady",
        }


def seconds(url: str, days: int) -> tuple[float, float]:
    """Of the fastest run: seconds on the clock, and of the processor, which other programs disturb less."""
    command = [sys.executable, "-m", "posecount", "history", "--days", str(days), "--store", url]
    taken = []
    for _ in range(RUNS):
        begin, before = time.perf_counter(), os.times()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall, after = time.perf_counter() - begin, os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        taken.append((wall, used))
    return min(taken)


def main() -> None:
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        url = f"sqlite:///{file}"
        fill(url, date.today())
        print(f"{SESSIONS} sessions in {DAYS} days, {file.stat().st_size / 1e6:.0f} MB")
        for days, name in ((84, "the usual 12 weeks"), (DAYS, "all ten years")):
            wall, used = seconds(url, days)
            verdict = "under" if wall < LIMIT_S else "OVER"
            print(
                f"history, {name}: {wall:.2f} s ({verdict} {LIMIT_S:.0f} s), {used:.2f} s of processor time"
            )


if __name__ == "__main__":
    main()

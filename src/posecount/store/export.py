"""The history as a file for other programs: sessions as a table, or everything as JSON."""

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from typing import Any, TextIO

from posecount.store.store import SessionRecord, Store

CHUNK = 500  # sessions whose events are in memory at once


def write_csv(store: Store, out: TextIO, since: date | None = None) -> None:
    """One line a session, with its totals; empty where nothing could be measured."""
    writer = csv.DictWriter(out, [field.name for field in fields(SessionRecord)], lineterminator="\n")
    writer.writeheader()
    for record in store.sessions(since):
        writer.writerow(_plain(record))


def write_json(store: Store, out: TextIO, since: date | None = None) -> None:
    """An array of sessions, each with every rep, hold and cue; null where nothing could be measured."""
    between = "["
    for session in _complete(store, since):
        out.write(between + "\n" + json.dumps(session, ensure_ascii=False, allow_nan=False))
        between = ","
    out.write("\n]\n" if between == "," else "[]\n")


def _complete(store: Store, since: date | None) -> Iterator[dict[str, Any]]:
    records = store.sessions(since)
    for n in range(0, len(records), CHUNK):
        chunk = records[n : n + CHUNK]
        events = store.events([record.id for record in chunk])
        for record in chunk:
            yield _plain(record) | events[record.id]


def _plain(record: SessionRecord) -> dict[str, Any]:
    values = asdict(record) | {"started_at": record.started_at.isoformat(), "day": record.day.isoformat()}
    return {name: None if isinstance(v, float) and math.isnan(v) else v for name, v in values.items()}

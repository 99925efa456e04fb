"""The tables: a row for each video, rep and hold. No clock is in them: the same videos, the same tables."""

import io
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from posecount.batch.ledger import Entry
from posecount.batch.places import Destination

Row = dict[str, Any]

WHICH = {"video": pa.string(), "content": pa.string()}
VIDEOS = pa.schema(
    {
        **WHICH,
        "error": pa.string(),  # null when it was analyzed
        "width": pa.int32(),
        "height": pa.int32(),
        "fps": pa.float64(),
        "frames": pa.int64(),
        "duration_s": pa.float64(),
        "model": pa.string(),
        "exercise": pa.string(),
        "left": pa.int32(),  # smooth reps
        "right": pa.int32(),
        "total": pa.int32(),  # both feet together counted once
        "jerky": pa.int32(),
        "partial": pa.int32(),
        "cadence_per_min": pa.float64(),
        "steadiness": pa.float64(),
        "drift_per_min": pa.float64(),
        "usable_fraction": pa.float64(),
        "warnings": pa.list_(pa.string()),
    }
)
REPS = pa.schema(
    {
        **WHICH,
        "side": pa.string(),
        "quality": pa.string(),
        **{f"{name}_s": pa.float64() for name in ("start", "peak", "end", "up", "down")},
        "range_deg": pa.float64(),
        "sparc": pa.float64(),
        "ripple_deg": pa.float64(),
        "by_movement": pa.bool_(),  # seen by movement alone
    }
)
HOLDS = pa.schema(
    {
        **WHICH,
        "side": pa.string(),
        "quality": pa.string(),
        "muscle": pa.string(),
        **{f"{name}_s": pa.float64() for name in ("start", "end", "duration")},
        "angle_deg": pa.float64(),
        "knee_deg": pa.float64(),
        "bounces": pa.int32(),
    }
)


def write(destination: Destination, entries: Iterable[Entry]) -> None:
    """Each table takes the place of the one before, by the name of the video and then by time."""
    by_name = sorted(entries, key=lambda entry: entry["name"])
    videos = [{**_which(entry), "error": entry["error"], **entry["video"]} for entry in by_name]
    _write(destination, "videos", VIDEOS, videos)
    for kind, schema in (("reps", REPS), ("holds", HOLDS)):
        rows = [{**_which(entry), **row} for entry in by_name for row in entry[kind]]
        _write(destination, kind, schema, rows)


def _which(entry: Entry) -> Row:
    return {"video": entry["name"], "content": entry["content"]}


def _write(destination: Destination, name: str, schema: pa.Schema, rows: list[Row]) -> None:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema), file)
    destination.write(f"{name}.parquet", file.getvalue())

"""The history: sessions to write, totals to read, everything to export or delete."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from types import TracebackType
from typing import Any

from sqlalchemy import URL, Integer, Row, Select, Subquery, and_, case, cast, delete, func, or_, select

from posecount.errors import PosecountError
from posecount.store import schema
from posecount.store.engine import connect, default_url, plainly
from posecount.store.log import SessionLog, Source
from posecount.totals import HoldTotal, RepTotal

sessions, reps, holds, cues = schema.sessions, schema.reps, schema.holds, schema.cues
nan = float("nan")
Events = dict[str, list[dict[str, Any]]]  # 'reps', 'holds', 'cues': their fields


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One session with its totals. `started_at` is UTC, `day` the user's own date."""

    id: int
    started_at: datetime
    day: date
    exercise: str
    model: str
    source: str
    duration_s: float
    usable_fraction: float
    finished: bool
    smooth: int
    jerky: int
    partial: int
    range_deg: float  # mean of the smooth reps; NaN when none was measured
    hold_count: int
    hold_s: float


class Store:
    """The history at `url`: any SQLAlchemy database URL, or None for this user's own file.

    Raises PosecountError, always of one line, when the history cannot be opened, read or written.
    """

    def __init__(self, url: str | URL | None = None) -> None:
        self._engine, self._where = connect(url or default_url())
        try:
            with plainly(self._where):
                self._upgrade()
        except PosecountError:
            self._engine.dispose()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def session(
        self,
        *,
        exercise: str,
        model: str,
        source: Source,
        started_at: datetime,
        on_error: Callable[[str], None] | None = None,
    ) -> SessionLog:
        """A session to write. `started_at` in the user's time zone; its date is the day it counts for."""
        row = {
            "started_at": started_at.astimezone(timezone.utc).isoformat(timespec="seconds"),
            "day": started_at.date(),
            "exercise": exercise,
            "model": model,
            "source": source,
            "duration_s": 0.0,
            "finished": False,
        }
        return SessionLog(self._engine.execution_options(writing=True), self._where, row, on_error)

    def rep_totals(self, since: date | None = None) -> list[RepTotal]:
        """Reps by day, exercise, model, side and quality, oldest day first."""
        by = _reps_by_session(since)
        kinds = [sessions.c.day, sessions.c.exercise, sessions.c.model, by.c.side, by.c.quality]
        number, measured = (cast(func.sum(column), Integer) for column in (by.c.reps, by.c.measured))
        mean = func.sum(by.c.degrees) / func.nullif(measured, 0)
        query = select(*kinds, number, measured, mean).join_from(
            sessions, by, by.c.session_id == sessions.c.id
        )
        return [RepTotal(*row) for row in self._totals(query, kinds, since)]

    def hold_totals(self, since: date | None = None) -> list[HoldTotal]:
        """Holds by day, exercise, model, side, muscle and quality, oldest day first."""
        kinds = [sessions.c.day, sessions.c.exercise, sessions.c.model]
        kinds += [holds.c.side, holds.c.muscle, holds.c.quality]
        measured, mean = func.count(holds.c.angle_deg), func.avg(holds.c.angle_deg)
        sums = (func.count(), func.sum(holds.c.duration_s), measured, mean)
        query = select(*kinds, *sums).join_from(sessions, holds)
        return [HoldTotal(*row) for row in self._totals(query, kinds, since)]

    def practice_days(self) -> list[date]:
        """Every day with at least one rep or hold, oldest first."""
        done = or_(
            select(reps.c.id).where(reps.c.session_id == sessions.c.id).exists(),
            select(holds.c.id).where(holds.c.session_id == sessions.c.id).exists(),
        )
        query = select(sessions.c.day).distinct().where(done).order_by(sessions.c.day)
        return [row[0] for row in self._rows(query)]

    def sessions(self, since: date | None = None) -> list[SessionRecord]:
        """Sessions with their totals, oldest first."""
        return [_record(row._asdict()) for row in self._rows(_since(_with_totals(), since))]

    def events(self, ids: Sequence[int]) -> dict[int, Events]:
        """Everything recorded in these sessions (some hundreds at most), NULL as None, in order."""
        found: dict[int, Events] = {id: {"reps": [], "holds": [], "cues": []} for id in ids}
        for table in (reps, holds, cues):
            query = select(table).where(table.c.session_id.in_(ids)).order_by(table.c.id)
            for row in self._rows(query):
                fields = row._asdict()
                del fields["id"]
                found[fields.pop("session_id")][table.name].append(fields)
        return found

    def count(self, before: date | None = None) -> int:
        """How many sessions there are, or were before the day `before`."""
        query = select(func.count()).select_from(sessions)
        return int(self._rows(query if before is None else query.where(sessions.c.day < before))[0][0])

    def delete(self, before: date | None = None) -> int:
        """Forget the sessions of the days before `before`, or all of them; returns how many there were."""
        with plainly(self._where):
            with self._engine.execution_options(writing=True).begin() as connection:
                query = delete(sessions)
                gone = connection.execute(query if before is None else query.where(sessions.c.day < before))
            if self._engine.dialect.name == "sqlite":
                with self._engine.connect() as connection:  # else the write-ahead log would still hold them
                    raw = connection.connection.cursor()
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone.rowcount

    def _upgrade(self) -> None:
        with self._engine.begin() as connection:
            if schema.version(connection) == schema.CURRENT:
                return  # nothing written: a read-only history can still be shown
        with self._engine.execution_options(writing=True).begin() as connection:
            schema.upgrade(connection)

    def _totals(self, query: Select[Any], kinds: list[Any], since: date | None) -> Iterator[list[Any]]:
        query = _since(query, since).group_by(*kinds).order_by(sessions.c.day)
        return ([nan if value is None else value for value in row] for row in self._rows(query))

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        with plainly(self._where), self._engine.begin() as connection:
            return list(connection.execute(query))


def _since(query: Select[Any], since: date | None) -> Select[Any]:
    return query if since is None else query.where(sessions.c.day >= since)


def _reps_by_session(since: date | None) -> Subquery:
    """Summed in the index's own order first: half the time of sorting ten years of reps by day."""
    kinds = (reps.c.session_id, reps.c.side, reps.c.quality)
    degrees = reps.c.range_deg
    sums = (
        func.count().label("reps"),
        func.count(degrees).label("measured"),
        func.sum(degrees).label("degrees"),
    )
    query = select(*kinds, *sums).group_by(*kinds)
    if since is not None:
        first = select(func.min(sessions.c.id)).where(sessions.c.day >= since).scalar_subquery()
        query = query.where(reps.c.session_id >= first)
    return query.subquery()


def _with_totals() -> Select[Any]:
    """Sessions beside the sums of their reps and of their holds, summed apart: joined they multiply."""

    def number(quality: str) -> Any:
        return func.coalesce(func.sum(case((reps.c.quality == quality, 1), else_=0)), 0).label(quality)

    smooth = and_(reps.c.quality == "smooth", reps.c.range_deg.is_not(None))
    of_reps = (
        select(
            reps.c.session_id,
            number("smooth"),
            number("jerky"),
            number("partial"),
            func.avg(case((smooth, reps.c.range_deg))).label("range_deg"),
        )
        .group_by(reps.c.session_id)
        .subquery()
    )
    of_holds = (
        select(
            holds.c.session_id,
            func.count().label("hold_count"),
            func.sum(holds.c.duration_s).label("hold_s"),
        )
        .group_by(holds.c.session_id)
        .subquery()
    )
    counts = [func.coalesce(of_reps.c[q], 0).label(q) for q in ("smooth", "jerky", "partial")]
    seconds = [func.coalesce(of_holds.c[name], 0).label(name) for name in ("hold_count", "hold_s")]
    joined = sessions.outerjoin(of_reps, of_reps.c.session_id == sessions.c.id)
    joined = joined.outerjoin(of_holds, of_holds.c.session_id == sessions.c.id)
    query = select(sessions, *counts, of_reps.c.range_deg, *seconds).select_from(joined)
    return query.order_by(sessions.c.started_at, sessions.c.id)


def _record(values: dict[str, Any]) -> SessionRecord:
    values["started_at"] = datetime.fromisoformat(values["started_at"])
    values |= {name: _nan(values[name]) for name in ("usable_fraction", "range_deg")}
    return SessionRecord(**values)


def _nan(value: float | None) -> float:
    return nan if value is None else float(value)

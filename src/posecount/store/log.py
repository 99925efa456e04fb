"""One session being written: every event is committed before the next is awaited."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

import numpy as np
from sqlalchemy import Engine, Table

from posecount.errors import PosecountError
from posecount.store import schema
from posecount.store.engine import plainly
from posecount.types import Event, Hold, Rep, Summary

Source = Literal["live", "video", "web"]
RETRY_S = 10.0  # while the database is in trouble: each try may block for BUSY_S, and a camera does not wait


def _table(event: Event) -> Table:
    if isinstance(event, Rep):
        return schema.reps
    return schema.holds if isinstance(event, Hold) else schema.cues


def _values(fields: dict[str, Any]) -> dict[str, Any]:
    """Plain Python values, NaN as NULL: databases disagree about NaN, and averages skip NULL."""
    plain = {name: v.item() if isinstance(v, np.generic) else v for name, v in fields.items()}
    return {name: None if isinstance(v, float) and math.isnan(v) else v for name, v in plain.items()}


class SessionLog:
    """Writes one session. Made by `Store.session`.

    Without `on_error` trouble raises PosecountError. With it the session goes on: the line is passed to
    `on_error` once per outage, the events wait in memory, and later ones bring them along.
    """

    def __init__(
        self,
        engine: Engine,
        where: str,
        session: dict[str, Any],
        on_error: Callable[[str], None] | None = None,
    ) -> None:
        self._engine = engine
        self._where = where
        self._session = session  # the row as it should stand in the database
        self._on_error = on_error
        self._id: int | None = None
        self._waiting: list[Event] = []
        self._failed_s: float | None = None  # media time of the last try while in trouble

    def __enter__(self) -> SessionLog:
        self._write()  # trouble shows before the exercise begins, not after the first rep
        return self

    def __exit__(self, *_: object) -> None:
        if self._waiting:
            self._write()
        if self._waiting and self._on_error:
            self._on_error(f"History {self._where}: {self.unsaved} events of this session were not saved.")

    @property
    def unsaved(self) -> int:
        """How many events are counted but not yet on the disk; 0 while all is well."""
        return len(self._waiting)

    def add(self, event: Event, exercise: str | None = None) -> None:
        """A rep, hold or notice, on the disk when this returns.

        `exercise` is what a session begun as 'auto' has been found to be: it counts though it may be killed.
        """
        self._waiting.append(event)
        self._session["exercise"] = exercise or self._session["exercise"]
        self._session["duration_s"] = max(self._session["duration_s"], float(event.end_s))
        if self._failed_s is None or event.end_s - self._failed_s >= RETRY_S:
            self._write()

    def finish(self, summary: Summary) -> None:
        """The session ended as it should: its whole length and how much of it could be judged."""
        self._session |= _values(
            {
                "exercise": summary.exercise,
                "duration_s": summary.seconds,
                "usable_fraction": summary.usable_fraction,
                "finished": True,
            }
        )
        self._write()

    def _write(self) -> None:
        try:
            with plainly(self._where):
                self._commit()
        except PosecountError as error:
            if self._on_error is None:
                raise
            if self._failed_s is None:
                self._on_error(str(error))
            self._failed_s = self._session["duration_s"]
        else:
            self._waiting.clear()
            self._failed_s = None

    def _commit(self) -> None:
        with self._engine.begin() as connection:
            if self._id is None:
                query = schema.sessions.insert().values(**self._session).returning(schema.sessions.c.id)
                key: int = connection.execute(query).scalar_one()
            else:
                key = self._id
                this = schema.sessions.c.id == key
                connection.execute(schema.sessions.update().where(this).values(**self._session))
            for event in self._waiting:
                values = {"session_id": key} | _values(asdict(event))
                connection.execute(_table(event).insert().values(**values))
        self._id = key  # only now: a transaction that failed has taken the session's row with it

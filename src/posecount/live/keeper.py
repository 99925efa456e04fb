"""Writes what happens into the history from a thread of its own: a slow disk holds up nobody.

Whatever goes wrong with the history is told once, and the session goes on.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Any

from posecount.errors import PosecountError
from posecount.types import Event, Summary
from posecount.words import Words

if TYPE_CHECKING:
    from posecount.live.director import Begun
    from posecount.store import SessionLog, Source, Store

KEPT = ("rep", "hold", "notice")


class Keeper:
    """Called with every event; `close` waits until all is written.

    `url` is the history's, None for this user's own. A set is entered with its first rep or hold.
    """

    def __init__(
        self,
        model: str,
        tell: Callable[[str], None],
        url: str | None = None,
        source: "Source" = "live",
        language: str = "en",
    ) -> None:
        self._say = Words(language)
        self._model, self._tell, self._url, self._source = model, tell, url, source
        self._events: queue.SimpleQueue[tuple[str, Any, datetime] | None] = queue.SimpleQueue()
        self._begun: tuple[Begun, datetime] | None = None
        self._log: SessionLog | None = None
        self._early: list[Event] = []  # notices before the first rep
        self._exercise = ""  # as it looks so far: it may all end without a word
        self._thread = threading.Thread(target=self._work, name="history", daemon=True)
        self._thread.start()

    def __call__(self, kind: str, value: Any) -> None:
        if kind in ("begin", "exercise", "end", *KEPT):
            self._events.put((kind, value, datetime.now().astimezone()))

    def close(self) -> None:
        self._events.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            from posecount.store import Store

            with Store(self._url) as store, ExitStack() as logs:
                while (item := self._events.get()) is not None:
                    self._write(store, logs, *item)
        except PosecountError as error:
            self._tell(self._say("live.not_saved", why=error))

    def _write(self, store: "Store", logs: ExitStack, kind: str, value: Any, at: datetime) -> None:
        if kind == "begin":
            self._begun, self._early, self._exercise = (value, at), [], value.exercise
        elif kind == "exercise":
            self._exercise = value["exercise"]
        elif kind == "notice" and self._log is None:
            self._early.append(value)
        elif kind == "end":
            self._finish(logs, value)
        else:
            log = self._log or self._open(store, logs)
            log.add(value, self._exercise)

    def _open(self, store: "Store", logs: ExitStack) -> "SessionLog":
        assert self._begun
        begun, at = self._begun
        log = store.session(
            exercise=begun.exercise,
            model=self._model,
            source=self._source,
            started_at=at,
            on_error=self._tell,
        )
        self._log = logs.enter_context(log)
        for notice in self._early:
            log.add(notice)
        return log

    def _finish(self, logs: ExitStack, summary: Summary) -> None:
        if self._log:
            self._log.finish(summary)
            logs.close()
        self._log = None

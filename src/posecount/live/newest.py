"""A place for one thing between two threads: the newest wins, what was never taken is counted."""

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")
SLACK_S = 0.002  # that the next one may be late


class Newest(Generic[T]):
    """`put` never waits; `take` gives each thing once."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._closed = False
        self.dropped = 0
        self._put_s = float("-inf")
        self._every_s = 0.0  # from one to the next

    def put(self, item: T) -> None:
        """Replaces what nobody has taken yet. Does nothing once closed."""
        with self._changed:
            if self._closed:
                return
            self.dropped += self._item is not None
            self._item = item
            now_s = time.monotonic()
            self._put_s, self._every_s = now_s, now_s - self._put_s
            self._changed.notify()

    def take(self, timeout_s: float | None = None) -> T | None:
        """The newest thing, as soon as there is one; None after `timeout_s`, or once closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def take_nearest(self) -> T | None:
        """As `take`, but who comes so late that the next one is nearer than the last waits for that."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None or self._closed)
            last, late_s = self._item, time.monotonic() - self._put_s
            if self._every_s / 2 < late_s < self._every_s:
                due_s = self._every_s - late_s + SLACK_S
                self._changed.wait_for(lambda: self._item is not last or self._closed, due_s)
            item, self._item = self._item, None
            return item

    @property
    def done(self) -> bool:
        """Closed, and nothing left to take."""
        with self._changed:
            return self._closed and self._item is None

    def close(self) -> None:
        """Nothing more will come: whoever waits is let go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

"""What goes to one browser: every event, and of the scenes the newest. It never grows."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from fastapi import WebSocket

from posecount.web.link import TRY_LATER

MOST = 256  # events waiting; a browser that has not read this many is gone or hostile


class Outbox:
    """`tell` and `show` from any thread; `run` sends until closed or the browser is gone."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._something = asyncio.Event()
        self._events: deque[str] = deque()
        self._scene: tuple[str, bytes | None] | None = None
        self._end: tuple[int, str] | None = None

    def tell(self, message: str) -> None:
        """An event: none is lost."""
        self._from_any_thread(self._add, message)

    def show(self, scene: str, picture: bytes | None = None) -> None:
        """A scene, sent after the events before it, with its picture first; replaces one not yet sent."""
        self._from_any_thread(self._replace, scene, picture)

    def close(self, code: int = 1000, why: str = "") -> None:
        """Once all that was told is sent, the socket is closed. Only the first close counts."""
        self._from_any_thread(self._close, code, why)

    async def run(self, socket: WebSocket) -> None:
        with suppress(Exception):  # the browser is gone: servers and their layers have many words for it
            while not self._end or self._events:
                await self._something.wait()
                self._something.clear()
                await self._send(socket)
            await socket.close(*self._end)

    async def _send(self, socket: WebSocket) -> None:
        while self._events:
            await socket.send_text(self._events.popleft())
        if self._scene:
            (text, picture), self._scene = self._scene, None
            if picture is not None:
                await socket.send_bytes(picture)
            await socket.send_text(text)

    def _from_any_thread(self, what: Callable[..., None], *values: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *values)

    def _add(self, message: str) -> None:
        if self._end:
            return
        self._events.append(message)
        if len(self._events) > MOST:
            self._events.clear()
            self._close(TRY_LATER, "this browser does not keep up")
        self._something.set()

    def _replace(self, scene: str, picture: bytes | None) -> None:
        self._scene = scene, picture
        self._something.set()

    def _close(self, code: int, why: str) -> None:
        self._end = self._end or (code, why)
        self._something.set()

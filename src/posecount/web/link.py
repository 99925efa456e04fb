"""One browser's WebSocket: what may come through it, how much, and how often. All else closes it."""

import asyncio
import json
import struct
import time
from collections.abc import Callable
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from posecount.web.picture import Unreadable, size_px

LARGEST_TEXT = 2048  # bytes
A_SECOND, AT_ONCE = 90.0, 180.0  # messages: no camera gives more than 60 pictures a second
LATEST_MS = 1e13  # some centuries
SILENT_S = 300.0  # whoever sends nothing for so long gives the place to someone else
HEADER = struct.Struct("<d")  # before each picture: when it was captured, in the browser's milliseconds
NORMAL, GOING_AWAY, POLICY_VIOLATION, TRY_LATER = 1000, 1001, 1008, 1013  # RFC 6455

Message = dict[str, Any] | tuple[float, bytes]


class Refused(Exception):
    """The connection ends here; `code` is the WebSocket's, the text says why."""

    def __init__(self, why: str, code: int = POLICY_VIOLATION) -> None:
        super().__init__(why)
        self.code = code


class Link:
    """`receive` gives a dict for text and (milliseconds, JPEG) for a picture. Raises Refused."""

    def __init__(self, socket: WebSocket, clock: Callable[[], float] = time.monotonic) -> None:
        self.socket = socket
        self._clock = clock
        self.now_s = self._since_s = clock()  # when the last message came
        self._allowance = AT_ONCE
        self._last_ms = -1.0

    async def receive(self, patience_s: float = SILENT_S) -> Message:
        try:
            message = await asyncio.wait_for(self.socket.receive(), patience_s)
        except asyncio.TimeoutError:
            raise Refused("nothing came for a long time", GOING_AWAY) from None
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        self.now_s = self._clock()
        self._count()
        text = message.get("text")
        return _fields(text) if text is not None else self._picture(message["bytes"])

    def _count(self) -> None:
        self._allowance = min(AT_ONCE, self._allowance + A_SECOND * (self.now_s - self._since_s)) - 1
        self._since_s = self.now_s
        if self._allowance < 0:
            raise Refused("too many messages")

    def _picture(self, data: bytes) -> tuple[float, bytes]:
        if len(data) <= HEADER.size:
            raise Refused("a message without a picture")
        captured_ms: float = HEADER.unpack_from(data)[0]
        if not self._last_ms + 1 <= captured_ms < LATEST_MS:  # NaN neither
            raise Refused("the time of pictures must increase")
        self._last_ms = captured_ms
        jpeg = data[HEADER.size :]
        try:
            size_px(jpeg)
        except Unreadable as error:
            raise Refused(str(error)) from None
        return captured_ms, jpeg


def _fields(text: str) -> dict[str, Any]:
    if len(text) > LARGEST_TEXT:
        raise Refused("too long a message")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("this message is no JSON") from None
    if not isinstance(fields, dict):
        raise Refused("this message is no JSON object")
    return fields

"""Keeps a session's pictures, when asked to: just as the browser sent them, in one video."""

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from posecount.errors import PosecountError
from posecount.web.lanes import Packet

MILLISECONDS = Fraction(1, 1000)
RATE = 30  # only a hint: each picture has its own time


class Recording:
    """A context manager. The file begins with the first picture; one of another size is left out."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PosecountError(f"cannot keep pictures in {folder}: {error.strerror}") from None
        self._folder = folder
        self._container: Any = None
        self._stream: Any = None
        self._shape: tuple[int, ...] = ()
        self._first_s = 0.0

    def __enter__(self) -> "Recording":
        return self

    def __exit__(self, *_: object) -> None:
        if self._container:
            self._container.close()

    def add(self, packet: Packet, shape: tuple[int, ...]) -> None:
        import av

        if not self._container:
            self._open(packet, shape)
        if shape != self._shape:
            return
        piece = av.Packet(packet.jpeg)
        piece.stream, piece.time_base = self._stream, MILLISECONDS
        piece.pts = piece.dts = round((packet.time_s - self._first_s) * 1000)
        piece.is_keyframe = True
        self._container.mux(piece)

    def _open(self, packet: Packet, shape: tuple[int, ...]) -> None:
        import av

        name = f"{datetime.now():%Y-%m-%d_%H%M%S_%f}.mkv"
        self._container = av.open(str(self._folder / name), "w")
        self._stream = self._container.add_stream("mjpeg", rate=RATE)
        self._stream.height, self._stream.width = shape[:2]
        self._stream.pix_fmt = "yuvj420p"
        self._stream.time_base = MILLISECONDS
        self._shape, self._first_s = shape, packet.time_s

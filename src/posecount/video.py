"""Frames with their true times from any file FFmpeg reads, and H.264 files that a browser plays."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecount.errors import PosecountError
from posecount.files import check_writable, replacing
from posecount.types import Frame

DEFAULT_FPS = 30.0  # for the rare file that tells neither times nor a rate
CLOCK_FELL_S = 1.0  # a step back in time longer than this is a new clock, a shorter one a frame to leave out
TICKS = 90_000  # a second in what we write: every camera's times fit
CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
ENCODERS = ("libx264", "libopenh264", "mpeg4")
BT709 = 1


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a file holds, its pictures counted one by one; `width` and `height` as shown, upright.

    `fps` is the mean rate: a phone may vary it. `duration_s` includes the time the last picture is shown.
    """

    path: str
    width: int
    height: int
    fps: float
    frames: int
    duration_s: float


def probe(path: str | Path) -> VideoInfo:
    """Raises PosecountError for what is not a video. Reads the file once, decodes one frame."""
    with _opened(path) as (container, stream):
        first = next(_decoded(path, container, stream))
        width, height = _shown_size(first, stream)
        if _turns(first) % 2:
            width, height = height, width
        container.seek(0)
        times = _packet_times(container, stream)
    span = times[-1] - times[0] if times else 0.0
    fps = (len(times) - 1) / span if span > 0 else float(stream.average_rate or DEFAULT_FPS)
    frames = max(len(times), 1)
    return VideoInfo(str(path), width, height, fps, frames, frames / fps)


def read(path: str | Path) -> Iterator[Frame]:
    """Every picture, upright, `time_s` counted from the first and strictly increasing.

    A file that breaks off gives what it holds. Raises PosecountError for what is not a video.
    """
    with _opened(path) as (container, stream):
        step_s = 1 / float(stream.average_rate or DEFAULT_FPS)
        convert = _Converter(stream)
        shift_s: float | None = None
        last_s = -step_s
        for picture in _decoded(path, container, stream):
            stamp_s = picture.time if picture.time is not None else last_s + step_s - (shift_s or 0.0)
            if shift_s is None:
                shift_s = -stamp_s
            if last_s - CLOCK_FELL_S > stamp_s + shift_s:
                shift_s = last_s + step_s - stamp_s  # two recordings joined: time goes on
            if stamp_s + shift_s <= last_s:
                continue  # a repeated time is left out: moving it would invent a speed
            last_s = stamp_s + shift_s
            yield Frame(last_s, convert(picture))


class Writer:
    """An H.264 video at `path`, there when the block ends well and not at all otherwise.

    Pictures keep their own times; odd sizes lose their last row or column, as H.264 cannot hold it.
    Raises PosecountError at once when `path` cannot be written.
    """

    def __init__(self, path: str | Path, size_px: tuple[int, int], fps: float) -> None:
        self.path = Path(path)
        if self.path.suffix.lower() not in CONTAINERS:
            raise PosecountError(f"cannot write {path}: name the video something.mp4")
        check_writable(self.path)
        self.width, self.height = (max(length - length % 2, 2) for length in size_px)
        self.fps = fps
        self._last_tick = -1
        self._stack = ExitStack()

    def __enter__(self) -> "Writer":
        with ExitStack() as stack:  # undone again if anything here fails
            part = stack.enter_context(replacing(self.path))
            self._container: OutputContainer = stack.enter_context(self._output(part))
            self._stream = self._add_stream()
            self._stack = stack.pop_all()
        self._to_yuv = VideoReformatter()
        return self

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """`image` is (height, width, 3) RGB in the size given; `time_s` must not fall."""
        picture = VideoFrame.from_ndarray(np.ascontiguousarray(image[: self.height, : self.width]), "rgb24")
        picture = self._to_yuv.reformat(
            picture, format="yuv420p", dst_colorspace=BT709, interpolation="FAST_BILINEAR"
        )
        self._last_tick = max(round(time_s * TICKS), self._last_tick + 1)
        picture.pts, picture.time_base = self._last_tick, Fraction(1, TICKS)
        self._container.mux(self._stream.encode(picture))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack as stack:
            stack.push(self._finish)

    def _finish(self, kind: type[BaseException] | None, *_: object) -> None:
        ...

"""H.264 files that a browser plays."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import cast

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecount.errors import PosecountError
from posecount.files import check_writable, replacing

Image = NDArray[np.uint8]

TICKS = 60_000  # a second in what we write: holds 23.976 to 240 fps without rounding
CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
ENCODERS = ("libx264", "libopenh264", "mpeg4")
KEY_S = 1.0  # a whole picture so often: whoever jumps into the video waits for no more to be decoded
BT709 = 1  # the colours a browser assumes in a video of this size


class Writer:
    """An H.264 video at `path`: there when the block ends well, and not at all otherwise.

    Pictures keep their own times. H.264 holds even sizes only: an odd one loses its last row or column.
    Raises PosecountError, at once, when `path` cannot be written.
    """

    def __init__(self, path: str | Path, size_px: tuple[int, int], fps: float) -> None:
        self._path = Path(path)
        if self._path.suffix.lower() not in CONTAINERS:
            raise PosecountError(f"cannot write {path}: the name of a video must end in .mp4")
        check_writable(self._path)
        self._width, self._height = (length - length % 2 for length in size_px)
        self._fps = fps
        self._tick = -1
        self._to_yuv = VideoReformatter()
        self._stack = ExitStack()

    def __enter__(self) -> "Writer":
        self._stack.enter_context(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def write(self, image: Image, time_s: float) -> None:
        """`image` is (height, width, 3) RGB in the size announced; `time_s` must not fall."""
        even = np.ascontiguousarray(image[: self._height, : self._width])
        picture = self._to_yuv.reformat(
            VideoFrame.from_ndarray(even, "rgb24"),
            format="yuv420p",
            dst_colorspace=BT709,
            interpolation="FAST_BILINEAR",
        )
        self._tick = max(round(time_s * TICKS), self._tick + 1)
        picture.pts, picture.time_base = self._tick, Fraction(1, TICKS)
        self._container.mux(self._stream.encode(picture))

    @contextmanager
    def _open(self) -> Iterator[None]:
        container = CONTAINERS[self._path.suffix.lower()]
        # The index in front lets a browser play before it has everything.
        options = {"movflags": "faststart"} if container != "matroska" else {}
        with replacing(self._path) as part, av.open(str(part), "w", format=container, options=options) as out:
            self._container, self._stream = out, self._add_stream(out)
            yield
            out.mux(self._stream.encode())

    def _add_stream(self, out: OutputContainer) -> VideoStream:
        encoder = next(name for name in ENCODERS if name in av.codecs_available)
        rate = Fraction(self._fps).limit_denominator(1001)
        options = {"preset": "veryfast", "crf": "23", "g": str(max(1, round(KEY_S * self._fps)))}
        stream = out.add_stream(encoder, rate=rate, options=options)
        video = cast(VideoStream, stream)
        video.width, video.height, video.pix_fmt = self._width, self._height, "yuv420p"
        context = video.codec_context
        context.time_base = Fraction(1, TICKS)
        context.colorspace = context.color_primaries = context.color_trc = context.color_range = BT709
        return video

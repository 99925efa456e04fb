"""Frames with their true times from any file FFmpeg reads, and H.264 files that a browser plays."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import cast

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecount.errors import PosecountError
from posecount.files import check_writable, replacing
from posecount.types import Frame

Image = NDArray[np.uint8]

DEFAULT_FPS = 30.0  # for the rare file that tells neither times nor a rate
CLOCK_FELL_S = 1.0  # a longer step back in time is a new clock, a shorter one a picture to leave out
KEY_S = 1.0  # a whole picture so often: whoever jumps into the video waits for no more to be decoded
TICKS = 60_000  # a second in what we write: holds 23.976 to 240 fps without rounding
CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
ENCODERS = ("libx264", "libopenh264", "mpeg4")
BOXES = {b"ftyp", b"free", b"mdat", b"moof", b"moov", b"sidx", b"skip", b"styp", b"uuid", b"wide"}
BT709 = 1  # the colours a browser assumes in a video of this size


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
    """Read through the file once, decoding one picture. Raises PosecountError for what is not a video."""
    with _opened(path) as (container, stream):
        height, width = _Upright(stream)(next(_pictures(path, container, stream))).shape[:2]
        rate = float(stream.average_rate or DEFAULT_FPS)
    with _opened(path) as (container, stream):
        shown = (packet for packet in _packets(container, stream) if packet.size and not packet.is_discard)
        stamps = [packet.pts for packet in shown]
        known = {stamp * float(stream.time_base or 1) for stamp in stamps if stamp is not None}
    frames = len(known) or len(stamps)  # raw streams carry no times
    if len(known) > 1:
        rate = (frames - 1) / (max(known) - min(known))
    return VideoInfo(str(path), width, height, rate, frames, frames / rate)


def read(path: str | Path) -> Iterator[Frame]:
    """Every picture, upright, `time_s` counted from the first and strictly increasing.

    A file that breaks off gives what it holds. Raises PosecountError for what is not a video.
    """
    with _opened(path) as (container, stream):
        step_s = 1 / float(stream.average_rate or DEFAULT_FPS)
        upright = _Upright(stream)
        shift_s, last_s = None, -step_s
        for picture in _pictures(path, container, stream):
            stamp_s = picture.time if picture.pts is not None else last_s + step_s - (shift_s or 0.0)
            if shift_s is None:
                shift_s = -stamp_s
            if stamp_s + shift_s < last_s - CLOCK_FELL_S:
                shift_s = last_s + step_s - stamp_s  # two recordings joined: time goes on
            if stamp_s + shift_s <= last_s:
                continue  # a repeated time is left out: to nudge it would invent a speed
            last_s = stamp_s + shift_s
            yield Frame(last_s, upright(picture))


def cut_off(path: str | Path) -> bool:
    """Whether an MP4 or MOV holds less than it promises: not copied to its end. FFmpeg does not tell."""
    size, at = Path(path).stat().st_size, 0
    with open(path, "rb") as file:
        while at < size:
            file.seek(at)
            head = file.read(16)  # a file is a chain of boxes: length, kind, in mdat the pictures
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if kind not in BOXES:
                return False  # not such a file, or something appended to one
            length = int.from_bytes(head[8:], "big") if length == 1 else length
            if kind == b"mdat" and at + length > size:
                return True
            at += length or size  # 0: up to the end
    return False


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


class _Upright:
    """Turns decoded pictures into RGB as a player shows them: square pixels, turned as the phone was held."""

    def __init__(self, stream: VideoStream) -> None:
        self._to_rgb = VideoReformatter()
        self._aspect = float(stream.sample_aspect_ratio or 1)
        self._mirrored: bool | None = None

    def __call__(self, picture: VideoFrame) -> Image:
        # FAST_BILINEAR only spreads the colours less finely, and makes this as cheap as OpenCV.
        square = self._to_rgb.reformat(
            picture,
            width=round(picture.width * self._aspect),
            height=picture.height,
            format="rgb24",
            interpolation="FAST_BILINEAR",
        )
        if self._mirrored is None:
            # Of the first only: asked for its side data, a picture stays in memory until Python's next full
            # collection, and they are large.
            self._mirrored = _mirrored(picture)
        return _turned(cast(Image, square.to_ndarray()), round(picture.rotation / 90) % 4, self._mirrored)


def _turned(image: Image, turns: int, mirrored: bool) -> Image:
    if not turns and not mirrored:
        return image
    import cv2  # seven times faster than numpy, and only phones held upright need it

    if mirrored:
        image = cast(Image, cv2.flip(image, 0))
    codes = (None, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE)
    code = codes[turns]
    return image if code is None else cast(Image, cv2.rotate(image, code))


def _mirrored(picture: VideoFrame) -> bool:
    # Some phones store what the front camera saw as in a mirror, with a matrix that turns it back.
    matrix = picture.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return False
    a, b, _, c, d = np.frombuffer(cast(bytes, matrix), np.int32)[:5].astype(float)
    return bool(a * d < b * c)


@contextmanager
def _opened(path: str | Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    file = Path(path)
    if file.is_dir():
        raise PosecountError(f"{path} is a folder; name a video in it")
    if not file.exists():
        raise PosecountError(f"there is no file {path}")
    if file.is_file() and not file.stat().st_size:
        raise PosecountError(f"{path} is empty; record or copy it again")
    try:
        # The absolute path, lest FFmpeg takes a name like "concat:a" for a protocol.
        container = av.open(str(file.absolute()))
    except av.error.FFmpegError as error:
        raise PosecountError(f"cannot read {path}: {_reason(error)}") from None
    with container:
        if container.format.name == "tty":
            raise PosecountError(f"{path} is a text, not a video")  # which FFmpeg would film as it scrolls by
        stream = container.streams.best("video")
        if stream is None or stream.disposition & av.stream.Disposition.attached_pic:
            raise PosecountError(f"{path} has no moving pictures in it, only sound or text; give a video")
        yield container, cast(VideoStream, stream)


def _pictures(path: str | Path, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    stream.thread_type = "AUTO"
    found = False
    for packet in _packets(container, stream):
        try:
            pictures = packet.decode()
        except av.error.FFmpegError:
            continue  # one damaged picture does not spoil the rest
        for picture in pictures:
            if not picture.is_corrupt:
                found = True
                yield picture
    if not found:
        raise PosecountError(f"cannot read {path}: it holds no whole picture; record or copy it again")


def _packets(container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError:
        return  # the file breaks off: what came before is good


def _reason(error: av.error.FFmpegError) -> str:
    if isinstance(error, av.error.PermissionError):
        return "permission denied"
    return "it is not a video, or it was cut off while being recorded or copied"

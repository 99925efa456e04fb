"""Frames with their true times from any file FFmpeg reads."""

from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecount.errors import PosecountError
from posecount.types import Frame
from posecount.video_writer import Writer as Writer

Image = NDArray[np.uint8]
if TYPE_CHECKING:
    VideoPacket = Packet[VideoStream]

DEFAULT_FPS = 30.0  # for the rare file that tells neither times nor a rate
CLOCK_FELL_S = 1.0  # a longer step back in time is a new clock, a shorter one a picture to leave out
REORDERED = 64  # no codec shows a picture so many places from where it is stored
BOXES = {b"ftyp", b"free", b"mdat", b"moof", b"moov", b"sidx", b"skip", b"styp", b"uuid", b"wide"}


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
    return survey(path).info


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds, the container's time of its first picture, where reading can begin, and if mirrored.

    `keys` are the stamps of its key frames, in ticks of `tick_s`; empty when only reading from the start
    gives every picture its right time.
    """

    info: VideoInfo
    origin_s: float
    tick_s: Fraction
    keys: "array[int]"
    mirrored: bool


def survey(path: str | Path) -> Survey:
    """Read through the file once, decoding one picture. Raises PosecountError for what is not a video."""
    with opened(path) as (container, stream):
        first = next(_pictures(path, stream, packets(container, stream)))
        mirrored = _mirrored(first)
        height, width = Upright(stream, mirrored)(first).shape[:2]
        rate = float(stream.average_rate or DEFAULT_FPS)
    with opened(path) as (container, stream):
        tick_s = stream.time_base or Fraction(1)
        stamps = _Stamps(float(tick_s))
        for packet in packets(container, stream):
            if packet.size and not packet.is_discard:
                stamps.add(packet.pts, packet.is_keyframe)
    if stamps.steady and stamps.frames > 1:
        rate = (stamps.frames - 1) / float((stamps.last - stamps.first) * tick_s)
    keys = stamps.keys if stamps.steady and first.pts == stamps.first else array("q")
    info = VideoInfo(str(path), width, height, rate, stamps.frames, stamps.frames / rate)
    return Survey(info, first.time or 0.0, tick_s, keys, mirrored)


class _Stamps:
    """Counts pictures by their stamps; a few at a time are kept, for a long video has millions."""

    def __init__(self, tick_s: float) -> None:
        self._fall = CLOCK_FELL_S / tick_s
        self._recent: deque[int] = deque(maxlen=REORDERED)
        self.frames = 0
        self.first = self.last = 0
        self.steady = True  # every picture has a time, and time never starts anew
        self.keys = array("q")

    def add(self, stamp: int | None, key: bool) -> None:
        if stamp is None:
            self.steady = False
            self.frames += 1
            return
        if stamp in self._recent:
            return  # shown at the same time as another: left out
        self._recent.append(stamp)
        self.first = min(self.first, stamp) if self.frames else stamp
        self.last = max(self.last, stamp) if self.frames else stamp
        self.steady &= stamp >= self.last - self._fall
        self.frames += 1
        if key:
            self.keys.append(stamp)


def read(path: str | Path, mirrored: bool | None = None) -> Iterator[Frame]:
    """Every picture, upright, `time_s` counted from the first and strictly increasing.

    A file that breaks off gives what it holds. Who opens it again and again tells what its survey said of
    `mirrored`. Raises PosecountError for what is not a video.
    """
    with opened(path) as (container, stream):
        upright = Upright(stream, mirrored)
        for time_s, picture in timed(_pictures(path, stream, packets(container, stream)), stream):
            yield Frame(time_s, upright(picture))


def timed(
    pictures: Iterable[VideoFrame], stream: VideoStream, origin_s: float | None = None
) -> Iterator[tuple[float, VideoFrame]]:
    """Each picture with its time from `origin_s` on the container's clock, or else from the first one."""
    step_s = 1 / float(stream.average_rate or DEFAULT_FPS)
    shift_s, last_s = None if origin_s is None else -origin_s, -step_s
    for picture in pictures:
        stamp_s = picture.time if picture.pts is not None else last_s + step_s - (shift_s or 0.0)
        if shift_s is None:
            shift_s = -stamp_s
        if stamp_s + shift_s < last_s - CLOCK_FELL_S:
            shift_s = last_s + step_s - stamp_s  # two recordings joined: time goes on
        if stamp_s + shift_s <= last_s:
            continue  # a repeated time is left out: to nudge it would invent a speed
        last_s = stamp_s + shift_s
        yield last_s, picture


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


class Upright:
    """Turns decoded pictures into RGB as a player shows them: square pixels, turned as the phone was held."""

    def __init__(self, stream: VideoStream, mirrored: bool | None = None) -> None:
        self._to_rgb = VideoReformatter()
        self._aspect = float(stream.sample_aspect_ratio or 1)
        self._mirrored = mirrored  # None: the first picture tells

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
    # Some phones store what the front camera saw as in a mirror, with a matrix that turns it back. Asked but
    # once: a picture asked for its side data stays in memory until Python's next full collection.
    matrix = picture.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return False
    a, b, _, c, d = np.frombuffer(cast(bytes, matrix), np.int32)[:5].astype(float)
    return bool(a * d < b * c)


@contextmanager
def opened(path: str | Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """A file and the video in it. Raises PosecountError for what is not a video."""
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
        # Several threads would lose the last pictures of a damaged file, as many as the machine has cores.
        stream.codec_context.thread_count = 1
        yield container, cast(VideoStream, stream)


def _pictures(path: str | Path, stream: VideoStream, found: "Iterable[VideoPacket]") -> Iterator[VideoFrame]:
    picture = None
    for picture in decoded(found):
        yield picture
    if picture is None:
        raise PosecountError(f"cannot read {path}: it holds no whole picture; record or copy it again")


def decoded(found: "Iterable[VideoPacket]") -> Iterator[VideoFrame]:
    """The whole pictures in these packets, in the order they are shown."""
    for packet in found:
        try:
            pictures = packet.decode()
        except av.error.FFmpegError:
            continue  # one damaged picture does not spoil the rest
        yield from (picture for picture in pictures if not picture.is_corrupt)


def packets(container: InputContainer, stream: VideoStream) -> "Iterator[VideoPacket]":
    """What the file holds, undecoded, as far as it goes."""
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError:  # the file breaks off: what came before is good
        last = Packet()
        last.stream = stream
        yield cast("VideoPacket", last)  # an empty one makes the decoder give what it still holds


def _reason(error: av.error.FFmpegError) -> str:
    if isinstance(error, av.error.PermissionError):
        return "permission denied"
    return "it is not a video, or it was cut off while being recorded or copied"

"""A video in pieces that can be read anywhere: at places fixed by its length, never by who reads them."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import TYPE_CHECKING

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from posecount.types import Frame
from posecount.video import Survey, Upright, decoded, opened, packets, read, timed

if TYPE_CHECKING:
    from posecount.video import VideoPacket

SHORT_S, LONG_S = (
    8.0,
    20.0,
)  # shorter, and beginning costs more than it gains; longer, and the last is waited for
SOME = 16  # pieces before they grow
EVEN = 4  # in fours, so that two or four workers end together
COARSE = 3  # key frames earlier to look from: where there is no index, FFmpeg lands a little late
WARM_UP_S = 0.3  # after nine frames a landmarker's start is forgotten: they differ by their noise of 2 px


class NotSeekable(Exception):
    """The file's index led elsewhere: it must be read from its start."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The frames from `start_s` up to, not including, `end_s`."""

    start_s: float = 0.0
    end_s: float = inf


WHOLE = Piece()


def pieces(survey: Survey) -> list[Piece]:
    """Of about the same length, in order; one when reading can begin nowhere but at the start."""
    length_s = survey.info.duration_s
    wanted = length_s / min(max(length_s / SOME, SHORT_S), LONG_S)
    count = int(wanted) // EVEN * EVEN or (2 if wanted >= 1.5 else 1)
    if not survey.keys or count == 1:
        return [WHOLE]
    starts = [length_s * n / count for n in range(count)]
    return [Piece(start, end) for start, end in zip(starts, [*starts[1:], inf], strict=True)]


def read_piece(survey: Survey, piece: Piece) -> Iterator[Frame]:
    """The frames that `video.read` gives between the piece's ends, and those of the warm-up before it.

    Raises NotSeekable, before any frame, when they cannot be reached; PosecountError as `read` does.
    """
    from_s = piece.start_s - WARM_UP_S
    if from_s <= 0:
        yield from _until(read(survey.info.path), piece.end_s)
        return
    with opened(survey.info.path) as (container, stream):
        key, found = _enter(survey, from_s, container, stream)
        upright = Upright(stream)
        pictures = decoded(found)
        shown = (picture for picture in pictures if picture.pts is not None and picture.pts >= key)
        for time_s, picture in timed(shown, stream, survey.origin_s):
            if time_s >= piece.end_s:
                return
            if time_s >= from_s:
                yield Frame(time_s, upright(picture))


def _until(frames: Iterator[Frame], end_s: float) -> Iterator[Frame]:
    for frame in frames:
        if frame.time_s >= end_s:
            return
        yield frame


def _enter(
    survey: Survey, time_s: float, container: InputContainer, stream: VideoStream
) -> "tuple[int, Iterator[VideoPacket]]":
    """The stamp of the last key frame shown no later, and the packets from there on."""
    stamp = int((time_s + survey.origin_s) / survey.tick_s)
    at = max(0, bisect_right(survey.keys, stamp) - 1)
    for before in range(min(at, COARSE) + 1):
        try:
            if at:  # else it stands there already
                container.seek(survey.keys[at - before], stream=stream)
        except av.error.FFmpegError:
            continue
        found = packets(container, stream)
        for packet in found:
            if packet.is_keyframe and packet.pts == survey.keys[at]:
                return survey.keys[at], chain([packet], found)
            if packet.is_keyframe and packet.pts is not None and packet.pts > survey.keys[at]:
                break
    raise NotSeekable

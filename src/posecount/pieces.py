"""A video in pieces that can be read anywhere: at places fixed by its length, never by who reads them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from math import floor, inf
from typing import TYPE_CHECKING

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from posecount.types import Frame
from posecount.video import Survey, Upright, decoded, opened, packets, timed

if TYPE_CHECKING:
    from posecount.video import VideoPacket

SHORT_S = 8.0  # shorter, and beginning costs more than it gains
LONG_S = 20.0  # longer, and more poses wait for those before them
SOME = 16  # pieces before they grow
EVEN = 4  # in fours, so that two or four workers end together
STEADY = 0.3  # of a step: every second of 60 pictures is taken though their times are told in milliseconds
WARM_UP_S = 0.3  # after nine frames a landmarker's start is forgotten: they differ by their noise of 2 px


@dataclass(frozen=True, slots=True)
class Piece:
    """The frames from `start_s` up to, not including, `end_s`, and those of the warm-up before."""

    start_s: float = 0.0
    end_s: float = inf
    warm_up_s: float = WARM_UP_S
    counts_feet: bool = False  # already, in the piece before


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
    """The frames that `video.read` gives from the warm-up's beginning to the piece's end.

    Raises PosecountError as `read` does.
    """
    from_s = piece.start_s - piece.warm_up_s
    with ExitStack() as stack:
        container, stream = stack.enter_context(opened(survey.info.path))
        shown = _enter(survey, from_s, container, stream)
        if shown is None:  # read from its start, and all before the piece thrown away
            container, stream = stack.enter_context(opened(survey.info.path))
            shown = timed(decoded(packets(container, stream)), stream)
        upright = Upright(stream, survey.mirrored)
        for time_s, picture in shown:
            if time_s >= piece.end_s:
                return
            if time_s >= from_s:
                yield Frame(time_s, upright(picture))


def thinned(frames: Iterable[Frame], fps: float | None) -> Iterator[Frame]:
    """About `fps` of them a second, by their times alone; all of them without a number."""
    before = -1
    for frame in frames:
        slot = floor(frame.time_s * fps + STEADY) if fps else before + 1
        if slot != before:
            before = slot
            yield frame


def _enter(
    survey: Survey, time_s: float, container: InputContainer, stream: VideoStream
) -> Iterator[tuple[float, VideoFrame]] | None:
    """Pictures from the last key frame on that is shown no later; None when it cannot be found."""
    if time_s <= 0 or not survey.keys:
        return None
    stamp = int((time_s + survey.origin_s) / survey.tick_s)
    at = max(0, bisect_right(survey.keys, stamp) - 1)
    key = survey.keys[at]
    for before in (0, 1, 3, 9, at):
        found = _from_key(key, survey.keys[max(0, at - before)], container, stream)
        if found is not None:
            # Those of an open group that are shown before their key frame lack what they refer to.
            shown = (picture for picture in decoded(found) if picture.pts is not None and picture.pts >= key)
            return timed(shown, stream, survey.origin_s)
    return None


def _from_key(
    key: int, place: int, container: InputContainer, stream: VideoStream
) -> "Iterator[VideoPacket] | None":
    """The packets from the key frame on, looked for from a place before: FFmpeg may land a little late."""
    try:
        container.seek(place, stream=stream)
    except av.error.FFmpegError:
        return None
    found = packets(container, stream)
    for packet in found:
        if packet.is_keyframe and packet.pts == key:
            return chain([packet], found)
        if packet.is_keyframe and packet.pts is not None and packet.pts > key:
            break
    return None

"""The poses of a recorded video: found piece by piece, anywhere, and joined in their order.

Each piece is looked at by a landmarker that begins anew, so what is found depends on the pieces alone, not on
how many are looked at side by side. Two such runs differ where they overlap by the landmarks' own noise.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import inf, nextafter
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from posecount import mediapipe_lean
from posecount.bundles import bundle
from posecount.crossfade import Crossfade
from posecount.foot_cut import Cuts, FootCutter
from posecount.foot_flow import FootFlow
from posecount.pieces import WHOLE, Piece, pieces, read_piece, thinned
from posecount.pose import Landmarker
from posecount.types import Frame, Pose
from posecount.video import Survey

ROWS = (256, 16, 1)  # every so many are compared, step by step: two pictures seldom agree in the first few
# Of who is only partly in view it takes seconds to know what moves, and whether legs are there.
PARTLY_RUN_UP_S = 1.8
GLANCE = 2  # frames: whoever is whole is seen in them, and to search for legs in more costs four looks each
LONGEST_RUN_UP_S = 60.0  # a piece is not begun earlier for the sake of staying with one person
HIPS, ANKLES = [23, 24], [27, 28]
# Before feet with whom a piece begins: a rep and the pause after it. Few pictures show what stirs as well.
HEARD_S, HEARD_FPS = 8.0, 10.0
FEET_S = 2.0  # for so long, and they were counted: legs seem to be feet for a second at most
JUMP = 0.5  # legs: nobody's hips move so far from one frame to the next
# With no body above them, two runs that found the same hips are 0.01 to 0.1 apart; one that has put other
# legs beside them 0.4.
JUMP_OF_LEGS = 0.2


@dataclass(frozen=True, slots=True)
class Seen:
    """What a frame showed: the person, and the feet's small pictures where their turn may be measured."""

    pose: Pose
    cuts: Cuts


Look = Callable[[Piece], Iterator[Seen]]
Earlier = Callable[[float], Iterable[Frame]]  # some of those until a time
UNSEEN = np.full(33, np.nan)


class Looker:
    """Looks at one piece after another with one landmarker. A context manager; raises as Landmarker does."""

    def __init__(self, model: str | Path) -> None:
        self._landmarker = Landmarker(model)

    def __enter__(self) -> "Looker":
        mediapipe_lean.load()
        self._landmarker.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._landmarker.__exit__(kind, error, trace)

    def look_at(self, survey: Survey, piece: Piece, fps: float | None = None) -> Iterator[Seen]:
        """What the frames of a piece show, those of its warm-up first: a longer one where nobody is whole."""

        def earlier(time_s: float) -> Iterator[Frame]:
            heard = Piece(time_s, nextafter(time_s, inf), warm_up_s=HEARD_S)
            return thinned(read_piece(survey, heard), min(fps or HEARD_FPS, HEARD_FPS))

        seen = self.look(thinned(read_piece(survey, piece), fps), piece, earlier)
        if piece.start_s == 0 or piece.warm_up_s >= PARTLY_RUN_UP_S:
            return seen
        first = list(islice(seen, GLANCE))
        if any(_whole(each.pose) for each in first):
            return chain(first, seen)
        return self.look_at(survey, replace(piece, warm_up_s=PARTLY_RUN_UP_S), fps)

    def look(
        self, frames: Iterable[Frame], piece: Piece = WHOLE, earlier: Earlier | None = None
    ) -> Iterator[Seen]:
        """What each frame of a piece shows, whatever was looked at before.

        Of feet only what moves is told, and which part of the picture that is shows over time: once they are
        seen, what was `earlier` is listened to.
        """
        # Looked at again, all of it is as in the piece before: legs are followed as they were there.
        begins_s = piece.start_s if piece.warm_up_s <= PARTLY_RUN_UP_S else -inf
        self._landmarker.restart(begins_s, piece.counts_feet)
        cutter, flow, before = FootCutter(), FootFlow(), None
        for frame in frames:
            if before and _same(frame.image, before[0]):
                pose = self._later(before[1], frame)
            else:
                found = self._landmarker.detect(frame)
                if earlier and piece.start_s > 0 and found.framing == "feet":
                    self._landmarker.listen(earlier(frame.time_s))
                    earlier = None
                pose = replace(found, visibility=UNSEEN, flowed_deg=flow.update(frame.image, found))
            before = frame.image, pose
            yield Seen(pose, cutter.update(frame.image, pose))

    def _later(self, pose: Pose, frame: Frame) -> Pose:
        """The same picture shown once more: no foot has turned, but what moved is told of a while ago."""
        heard = pose.moved[0] == pose.moved[0]
        moved = self._landmarker.moved(frame) if heard else pose.moved
        left, right = pose.flowed_deg
        return replace(pose, time_s=frame.time_s, moved=moved, flowed_deg=(0 * left, 0 * right))


def join(parts: Sequence[Piece], look_at: Look) -> Iterator[Seen]:
    """All pieces' frames in order, each once.

    Whoever was seen at the end of a piece is to be followed in the next: where that one begins with someone
    else, or with nobody, it is looked at again with a longer run-up; where feet were counted, that is told.
    Of legs alone two runs see knees and hips up to a tenth of the leg apart: the next one leads over from
    where the one before saw them.
    """
    last, began_s, crossfade = None, 0.0, Crossfade()
    other_s = 0.0  # when something else than feet was seen last
    for piece in parts:
        warm_up, seen = _begun(look_at(piece), piece.start_s)
        if last and warm_up and _parted(last.pose, warm_up.pose):
            counts_feet = piece.start_s - other_s >= FEET_S
            warm_up, seen = _begun(look_at(_again(piece, counts_feet, began_s)), piece.start_s)
        else:
            began_s = piece.start_s
        if last and warm_up and _legs_alone(last.pose) and _legs_alone(warm_up.pose):
            crossfade.change(_known(last.pose), _known(warm_up.pose), last.pose.time_s)
        for last in seen:
            if last.pose.framing != "feet":
                other_s = last.pose.time_s
            if not _legs_alone(last.pose):
                crossfade = Crossfade()
            yield _led_over(last, crossfade)


def _again(piece: Piece, counts_feet: bool, began_s: float) -> Piece:
    """The same piece, begun so that it goes on with what was seen before."""
    if counts_feet:
        return replace(piece, warm_up_s=PARTLY_RUN_UP_S, counts_feet=True)
    return replace(piece, warm_up_s=min(piece.start_s - began_s, LONGEST_RUN_UP_S))


def _legs_alone(pose: Pose) -> bool:
    return pose.framing == "legs"


def _known(pose: Pose) -> NDArray[np.float64]:
    return np.nan_to_num(pose.points_px)


def _led_over(seen: Seen, crossfade: Crossfade) -> Seen:
    points_px = crossfade.update(seen.pose.points_px, seen.pose.time_s)
    return replace(seen, pose=replace(seen.pose, points_px=points_px))


def _begun(seen: Iterator[Seen], start_s: float) -> tuple[Seen | None, Iterator[Seen]]:
    """The last of the warm-up, and what follows it."""
    warm_up = None
    for each in seen:
        if each.pose.time_s >= start_s:
            return warm_up, chain([each], seen)
        warm_up = each
    return warm_up, iter(())


def _whole(pose: Pose) -> bool:
    """Somebody, from head to feet."""
    return pose.framing == "whole" and bool(np.isfinite(pose.points_px[HIPS]).all())


def _parted(one: Pose, other: Pose) -> bool:
    """Is the person of one pose not the other's, a moment earlier or later, or not seen as such a part?

    Feet that are counted go on as feet, until a pause, though by then legs might be found above them.
    """
    if one.framing != "whole" and one.framing != other.framing:
        return True
    hips, others = (pose.points_px[HIPS].mean(axis=0) for pose in (one, other))
    leg = hips - one.points_px[ANKLES].mean(axis=0)
    known = np.isfinite(hips).all()
    jump = JUMP_OF_LEGS if _legs_alone(one) else JUMP
    return bool(known and not np.hypot(*(hips - others)) <= jump * np.hypot(*leg))  # not <=: NaN has parted


def _same(image: NDArray[np.uint8], before: NDArray[np.uint8]) -> bool:
    return all(np.array_equal(image[::rows], before[::rows]) for rows in ROWS)


@contextmanager
def looking(survey: Survey, model: str | Path, workers: int, fps: float | None = None) -> "Iterator[Looking]":
    """What the frames of a video show, in order, found by so many processes; one is this one.

    `fps` limits how many frames a second are looked at.

    Raises PosecountError as Landmarker and `video.read` do.
    """
    parts, path = pieces(survey), bundle(model)  # looked at once, not by each worker
    workers = min(workers, len(parts))
    if workers == 1:
        with Looker(path) as looker:
            yield Looking(join(parts, lambda piece: looker.look_at(survey, piece, fps)), lambda: 0)
        return
    from posecount.crew import Crew, Order

    with Crew(Order(survey, path, fps), parts, workers) as crew:
        yield Looking(join(parts, crew.look_at), lambda: crew.found)


class Looking:
    """Iterate once; `found` is how many frames have been looked at so far, by all."""

    def __init__(self, seen: Iterator[Seen], ahead: Callable[[], int]) -> None:
        self._seen, self._ahead, self._given = seen, ahead, 0

    def __iter__(self) -> Iterator[Seen]:
        for each in self._seen:
            self._given += 1
            yield each

    @property
    def found(self) -> int:
        return max(self._given, self._ahead())

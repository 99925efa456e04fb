"""Landmarkers side by side: each uses one core, and lets the others run meanwhile."""

import queue
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from posecount.live.lookout import Lookout
from posecount.live.newest import Newest
from posecount.live.source import Shot
from posecount.speed import PERSON
from posecount.types import Frame, Pose
from posecount.video import read

HIPS, ANKLES = [23, 24], [27, 28]
RECENT_S = 0.3  # older than this, and someone may have come from anywhere
JUMP = 0.5  # legs


class Detector(Protocol):
    """Any landmarker: a frame in, a pose out."""

    def detect(self, frame: Frame) -> Pose: ...

    def forget(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What a lane gives; turns count from 1."""

    turn: int
    landmarker: Detector
    shot: Shot
    pose: Pose


class Agreement:
    """Keeps lanes on one person: nobody's hips jump by half a leg from one picture to the next."""

    def __init__(self) -> None:
        self._last: Pose | None = None

    def holds(self, pose: Pose) -> bool:
        """Whether this can be the person of the pose before; with nobody before, anyone is."""
        last = self._last
        near = last is not None and pose.time_s - last.time_s < RECENT_S
        if near and last is not None and _jumped(last, pose):
            return False
        self._last = pose if np.isfinite(pose.points_px[HIPS]).all() else None
        return True


def _jumped(one: Pose, other: Pose) -> bool:
    """False for NaN: nobody is no one else."""
    legs = one.points_px[HIPS].mean(axis=0) - one.points_px[ANKLES].mean(axis=0)
    moved = one.points_px[HIPS].mean(axis=0) - other.points_px[HIPS].mean(axis=0)
    return bool(np.hypot(*moved) > JUMP * np.hypot(*legs))


class Lanes:
    """Each lane takes the newest shot when it is free; `poses` gives what they found, in order of time.

    A lane that has found someone else is made to look afresh, and its pose left out: `odd` counts those.
    When `lookout` has seen someone much larger, all are.
    """

    def __init__(
        self, landmarkers: Sequence[Detector], shots: Newest[Shot], lookout: Lookout | None = None
    ) -> None:
        self._landmarkers, self._shots, self._lookout = landmarkers, shots, lookout
        self._taking = threading.Lock()
        self._taken = 0
        # No longer than that, so that lanes wait for who counts rather than run ahead of it.
        self._found: queue.Queue[_Found | None] = queue.Queue(len(landmarkers))
        self._agreement = Agreement()
        self._astray: list[Detector] = []  # lanes that follow someone else
        self.odd = 0
        self._errors: list[BaseException] = []

    def start(self) -> None:
        for each in self._landmarkers:
            threading.Thread(target=self._run, args=(each,), name="lane", daemon=True).start()

    def poses(self) -> Generator[tuple[Shot, Pose], None, None]:
        """To be iterated once. Ends when the shots are closed and every lane has finished.

        An error in a lane ends them all and is raised after the last pose. Closed early, it ends them too.
        """
        ready: dict[int, _Found] = {}
        turn, running = 1, len(self._landmarkers)
        try:
            while running:
                found = self._found.get()
                if found is None:
                    running -= 1
                    continue
                ready[found.turn] = found
                while turn in ready:
                    yield from self._agreed(ready.pop(turn))
                    turn += 1
        finally:
            self._shots.close()
            while running:
                running -= self._found.get() is None
        if self._errors:
            raise self._errors[0]

    def _run(self, landmarker: Detector) -> None:
        try:
            while (taken := self._take()) is not None:
                turn, shot = taken
                if landmarker in self._astray:
                    self._astray.remove(landmarker)
                    landmarker.forget()
                self._found.put(_Found(turn, landmarker, shot, landmarker.detect(shot.frame)))
        except BaseException as error:
            self._errors.append(error)
            self._shots.close()
        finally:
            self._found.put(None)

    def _take(self) -> tuple[int, Shot] | None:
        # One lane at a time waits, so that turns are numbered in the order of the shots.
        with self._taking:
            shot = self._shots.take_nearest()
            if shot is None:
                return None
            self._taken += 1
            return self._taken, shot

    def _agreed(self, found: _Found) -> Iterator[tuple[Shot, Pose]]:
        shot, pose = found.shot, found.pose
        if len(self._landmarkers) > 1 and not self._agreement.holds(pose):
            self._astray.append(found.landmarker)
            self.odd += 1
            return
        if self._lookout:
            pose = self._look_out(self._lookout, shot, pose)
        yield shot, pose

    def _look_out(self, lookout: Lookout, shot: Shot, pose: Pose) -> Pose:
        lookout.offer(shot, pose)
        if lookout.larger.is_set():
            lookout.larger.clear()
            self._astray[:] = self._landmarkers
        return replace(pose, people=lookout.people)


def opened(stack: ExitStack, model: str, lanes: int) -> list[Detector]:
    """That many landmarkers, warm, closed with the stack. Raises PosecountError as Landmarker does."""
    from posecount.pose import Landmarker

    landmarkers = [stack.enter_context(Landmarker(model, looks_around=False)) for _ in range(lanes)]
    person = next(read(PERSON))
    for each in landmarkers:  # the first person takes three times as long as any other
        each.detect(person)
        each.restart()
    return list(landmarkers)

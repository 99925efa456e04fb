"""Landmarkers side by side: each uses one core, and lets the others run meanwhile."""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
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
    """Each lane takes the newest shot when it is free; `found` gets the poses one by one, in order of time.

    A lane that has found someone else is made to look afresh, and its pose left out: `odd` counts those.
    When `lookout` has seen someone much larger, all are.
    `found` is called from the lanes' threads. An error in a lane ends them all and is raised by `join`.
    """

    def __init__(
        self,
        landmarkers: Sequence[Detector],
        shots: Newest[Shot],
        found: Callable[[Shot, Pose], None],
        lookout: Lookout | None = None,
    ) -> None:
        self._landmarkers, self._shots, self._found = landmarkers, shots, found
        self._lookout = lookout
        self._taking, self._giving = threading.Lock(), threading.Lock()
        self._taken = self._given = 0
        self._ready: dict[int, tuple[Detector, Shot, Pose]] = {}
        self._agreement = Agreement()
        self._astray: list[Detector] = []  # lanes that follow someone else
        self.odd = 0
        self._errors: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(each,), name="lane", daemon=True) for each in landmarkers
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until the shots are closed and every pose has been given."""
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]

    @property
    def alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _run(self, landmarker: Detector) -> None:
        try:
            while (taken := self._take()) is not None:
                turn, shot = taken
                if landmarker in self._astray:
                    self._astray.remove(landmarker)
                    landmarker.forget()
                self._give(turn, landmarker, shot, landmarker.detect(shot.frame))
        except BaseException as error:
            self._errors.append(error)
            self._shots.close()

    def _take(self) -> tuple[int, Shot] | None:
        # One lane at a time waits, so that turns are numbered in the order of the shots.
        with self._taking:
            shot = self._shots.take()
            if shot is None:
                return None
            self._taken += 1
            return self._taken, shot

    def _give(self, turn: int, landmarker: Detector, shot: Shot, pose: Pose) -> None:
        with self._giving:
            self._ready[turn] = landmarker, shot, pose
            while self._given + 1 in self._ready:
                self._given += 1
                self._pass_on(*self._ready.pop(self._given))

    def _pass_on(self, landmarker: Detector, shot: Shot, pose: Pose) -> None:
        if len(self._landmarkers) > 1 and not self._agreement.holds(pose):
            self._astray.append(landmarker)
            self.odd += 1
            return
        if self._lookout:
            pose = self._look_out(self._lookout, shot, pose)
        self._found(shot, pose)

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

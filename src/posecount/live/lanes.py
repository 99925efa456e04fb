"""Landmarkers side by side: MediaPipe uses one core for each, and lets the others run meanwhile."""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Protocol

from posecount.live.newest import Newest
from posecount.live.source import Shot
from posecount.types import Frame, Pose


class Detector(Protocol):
    """Any landmarker: a frame in, a pose out."""

    def detect(self, frame: Frame) -> Pose: ...


class Lanes:
    """Each lane takes the newest shot when it is free; `found` gets the poses one by one, in order of time.

    `found` is called from the lanes' threads. An error in a lane ends them all and is raised by `join`.
    """

    def __init__(
        self, landmarkers: Sequence[Detector], shots: Newest[Shot], found: Callable[[Shot, Pose], None]
    ) -> None:
        self._landmarkers, self._shots, self._found = landmarkers, shots, found
        self._taking, self._giving = threading.Lock(), threading.Lock()
        self._taken = self._given = 0
        self._ready: dict[int, tuple[Shot, Pose]] = {}
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
                self._give(turn, shot, landmarker.detect(shot.frame))
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

    def _give(self, turn: int, shot: Shot, pose: Pose) -> None:
        with self._giving:
            self._ready[turn] = shot, pose
            while self._given + 1 in self._ready:
                self._given += 1
                self._found(*self._ready.pop(self._given))


def opened(stack: ExitStack, model: str, lanes: int) -> list[Detector]:
    """That many landmarkers, closed with the stack. Raises PosecountError as Landmarker does."""
    from posecount.pose import Landmarker

    return [stack.enter_context(Landmarker(model)) for _ in range(lanes)]

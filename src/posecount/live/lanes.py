"""Landmarkers side by side: each uses one core, and lets the others run meanwhile."""

import queue
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from posecount.live.agreement import Agreement, Detector
from posecount.live.lookout import Lookout
from posecount.live.newest import Newest
from posecount.live.source import Shot
from posecount.speed import PERSON
from posecount.types import Pose
from posecount.video import read


@dataclass(frozen=True, slots=True)
class _Found:
    """What a lane gives; turns count from 1."""

    turn: int
    landmarker: Detector
    shot: Shot
    pose: Pose


class Lanes:
    """Each lane takes the newest shot when it is free; `poses` gives what they found, in order of time.

    A lane that has found someone else is made to look afresh, and its pose left out: `odd` counts those.
    When `lookout` has seen someone much larger, all are. While one is alone with legs or feet, others wait.
    """

    def __init__(
        self, landmarkers: Sequence[Detector], shots: Newest[Shot], lookout: Lookout | None = None
    ) -> None:
        self._landmarkers, self._shots, self._lookout = landmarkers, shots, lookout
        self._taking = threading.Lock()
        self._waiting, self._ended = threading.Condition(), False
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
            while (taken := self._take(landmarker)) is not None:
                turn, shot = taken
                if landmarker in self._astray:
                    self._astray.remove(landmarker)
                    landmarker.forget()
                self._found.put(_Found(turn, landmarker, shot, landmarker.detect(shot.frame)))
        except BaseException as error:
            self._errors.append(error)
            self._shots.close()
        finally:
            with self._waiting:
                self._ended = True
                self._waiting.notify_all()
            self._found.put(None)

    def _take(self, landmarker: Detector) -> tuple[int, Shot] | None:
        with self._waiting:
            self._waiting.wait_for(lambda: self._ended or self._agreement.alone in (None, landmarker))
        # One lane at a time waits, so that turns are numbered in the order of the shots.
        with self._taking:
            shot = self._shots.take_nearest()
            if shot is None:
                return None
            self._taken += 1
            return self._taken, shot

    def _agreed(self, found: _Found) -> Iterator[tuple[Shot, Pose]]:
        shot, pose = found.shot, found.pose
        if len(self._landmarkers) > 1 and not self._holds(found):
            self._astray.append(found.landmarker)
            self.odd += 1
            return
        if self._lookout:
            pose = self._look_out(self._lookout, shot, pose)
        yield shot, pose

    def _holds(self, found: _Found) -> bool:
        with self._waiting:
            holds = self._agreement.holds(found.landmarker, found.pose)
            self._waiting.notify_all()
        return holds

    def _look_out(self, lookout: Lookout, shot: Shot, pose: Pose) -> Pose:
        lookout.offer(shot, pose)
        if lookout.larger.is_set():
            lookout.larger.clear()
            self._astray[:] = self._landmarkers
        return replace(pose, people=lookout.people)


def opened(stack: ExitStack, model: str, lanes: int) -> list[Detector]:
    """That many landmarkers, warm, closed with the stack. Raises PosecountError as Landmarker does."""
    from posecount.pose import Landmarker

    made = [Landmarker(model, looks_around=False, shares=lanes > 1) for _ in range(lanes)]
    landmarkers = [stack.enter_context(each) for each in made]
    person = next(read(PERSON))
    for each in landmarkers:  # the first person takes three times as long as any other
        each.detect(person)
        each.restart()
    return list(landmarkers)

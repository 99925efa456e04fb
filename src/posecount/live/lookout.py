"""Looks around for other people while the lanes follow one: takes two pictures' time, and holds up none."""

import contextlib
import os
import sys
import threading

from posecount.live.newest import Newest
from posecount.live.source import Shot
from posecount.types import Pose

NICE = 10  # it may be late: a bystander is no news of this very moment


class Lookout:
    """`offer` every pose with its shot: now and then one is looked at. A context manager.

    `people` is how many were in view when last looked. `larger` is set when another than the one followed
    was much larger; whoever follows clears it.
    """

    def __init__(self) -> None:
        self.people = 1
        self.larger = threading.Event()
        self._offers: Newest[tuple[Shot, Pose]] = Newest()
        self._looked_s = float("-inf")
        self._seen = False
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)

    def __enter__(self) -> "Lookout":
        self._thread.start()
        self._ready.wait()  # loading beside the first pictures would hold them up
        return self

    def __exit__(self, *_: object) -> None:
        self._offers.close()
        self._thread.join()

    def offer(self, shot: Shot, pose: Pose) -> None:
        """Poses in order of time; never waits."""
        from posecount.pose import LOOK_AGAIN_S, LOOK_S

        found = pose.framing == "whole" and pose.points_px[0, 0] == pose.points_px[0, 0]
        if found and pose.time_s - self._looked_s >= (LOOK_S if self._seen else LOOK_AGAIN_S):
            self._looked_s = pose.time_s
            self._offers.put((shot, pose))
        self._seen = found

    def _run(self) -> None:
        _step_back()
        with contextlib.ExitStack() as stack:
            stack.callback(self._ready.set)  # whatever happens
            from posecount.finder import Finder

            finder = stack.enter_context(Finder())
            self._ready.set()
            while (offer := self._offers.take()) is not None:
                shot, pose = offer
                self.people, larger = finder.others(shot.frame.image, pose.points_px)
                if larger is not None:
                    self.larger.set()


def _step_back() -> None:
    # On Linux a thread has a niceness of its own, and MediaPipe's threads take over that of their maker.
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)

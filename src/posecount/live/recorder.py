"""Keeps the pictures that were analysed as a video, so that posecount analyze counts the same of it."""

import queue
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from posecount.errors import PosecountError
from posecount.live.source import Shot
from posecount.types import Pose
from posecount.video import Writer
from posecount.words import Words

WAITING = 30  # pictures in memory while the encoder is behind: 80 MB at 720p
END = None


class Recorder:
    """`keep` never waits: what the encoder cannot take is left out, and counted. `close` finishes the file.

    A camera that comes back with another size ends the recording there.
    """

    def __init__(
        self, path: Path, fps: float, tell: Callable[[str, str], None], language: str = "en"
    ) -> None:
        self._path, self._fps, self._tell, self._say = path, fps, tell, Words(language)
        self._shots: queue.Queue[Shot | None] = queue.Queue(WAITING)
        self.left_out = 0
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def keep(self, shot: Shot, pose: Pose) -> None:
        try:
            self._shots.put_nowait(shot)
        except queue.Full:
            self.left_out += 1

    def close(self) -> None:
        self._shots.put(END)
        self._thread.join()
        if self.left_out:
            self._tell("recording", self._say("live.recording_gaps", number=self.left_out, file=self._path))

    def _work(self) -> None:
        try:
            with ExitStack() as stack:
                self._write(stack)
        except (PosecountError, OSError) as error:
            self._tell("recording", self._say("live.recording_stopped", why=error))
            while not self._ended:
                self._next()

    def _write(self, stack: ExitStack) -> None:
        first = self._next()
        if first is END:
            return
        height, width = first.frame.image.shape[:2]
        writer = stack.enter_context(Writer(self._path, (width, height), self._fps))
        shot: Shot | None = first
        while shot is not END:
            if shot.frame.image.shape[:2] == (height, width):
                writer.write(shot.frame.image, shot.frame.time_s - first.frame.time_s)
            shot = self._next()

    def _next(self) -> Shot | None:
        shot = self._shots.get()
        self._ended = shot is END  # an encoder may find only when it ends that the disk is full
        return shot

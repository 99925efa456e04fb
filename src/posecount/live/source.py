"""Where live pictures come from: what every source has in common, and a file played at its own speed."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from posecount import video
from posecount.types import Frame


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame, and when it was captured on the machine's monotonic clock."""

    frame: Frame
    captured_s: float


Tell = Callable[[str, str], None]  # a stable code and plain words; empty words: it is over
Put = Callable[[Shot], None]


class Source(Protocol):
    """`run` puts shots until `stop` is set or there are no more; times count from its first shot."""

    fps: float

    def run(self, put: Put, tell: Tell, stop: threading.Event) -> None: ...


class Player:
    """A file as if it were a camera: each picture at its own time, late ones as late as the decoder is.

    `loops` plays it that many times over, one after the other. Raises PosecountError for what is not a video.
    """

    def __init__(self, path: str | Path, loops: int = 1) -> None:
        survey = video.survey(path)
        self._path, self._loops, self._mirrored = path, loops, survey.mirrored
        self._length_s, self.fps = survey.info.duration_s, survey.info.fps

    def run(self, put: Put, tell: Tell, stop: threading.Event) -> None:
        began_s = None  # with the first picture: opening a file takes its time, and a camera has been opened
        for frame in self._frames():
            began_s = began_s or time.monotonic()
            due_s = began_s + frame.time_s
            if stop.wait(max(due_s - time.monotonic(), 0)):
                return
            put(Shot(frame, due_s))

    def _frames(self) -> Iterator[Frame]:
        for loop in range(self._loops):
            for frame in video.read(self._path, self._mirrored):
                yield Frame(loop * self._length_s + frame.time_s, frame.image)

"""Videos and a landmarker for tests that are about neither: grey pictures, the poses of a stick person."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf
from pathlib import Path
from types import TracebackType

import numpy as np
from people import film, pumps

from posecount import video
from posecount.types import Frame, Pose

FPS = 30.0
SIZE = (64, 48)


def grey(path: Path, seconds: float) -> Path:
    """A video in which nothing happens."""
    with video.Writer(path, SIZE, FPS) as writer:
        for index in range(round(seconds * FPS)):
            grey = 112 + 16 * (index % 3)  # a picture like the one before is not looked at again
            writer.write(np.full((SIZE[1], SIZE[0], 3), grey, np.uint8), index / FPS)
    return path


def nobody() -> Iterator[Pose]:
    """As long as anybody asks."""
    while True:
        yield Pose(0.0, SIZE, np.full((33, 2), np.nan), np.full(33, np.nan))


def pumping(count: int) -> tuple[Callable[[], Iterator[Pose]], float]:
    """Poses of a set of ankle pumps, and how long it takes."""
    movement, seconds = pumps(count)
    return lambda: film(movement, seconds=seconds + 1), seconds


class Filmed:
    """Takes the place of the landmarker: the given poses at the times of the frames."""

    def __init__(self, poses: Callable[[], Iterator[Pose]]) -> None:
        self._film = poses

    def __call__(self, model: str) -> "Filmed":
        return self

    def __enter__(self) -> "Filmed":
        self._poses = self._film()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def restart(self, begins_s: float = -inf, counts_feet: bool = False) -> None:
        pass

    def detect(self, frame: Frame) -> Pose:
        return replace(next(self._poses), time_s=frame.time_s)

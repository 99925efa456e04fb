"""How much of an analysis is neither decoding nor landmarking: python -m benchmarks.overhead VIDEO MODEL"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from posecount import video
from posecount.analysis import analyze
from posecount.pose import Landmarker

SAMPLE = Path(__file__).parents[1] / "sample_videos" / "heel_raises.mp4"
LIMIT = 0.05


class Stopwatch:
    """Sums the time spent in what it wraps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            start_s = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - start_s

        return wrapper

    def timed_each(self, work: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """For what yields: the time between the yields is not its own."""

        def wrapper(*args: Any) -> Iterator[Any]:
            step = self.timed(iter(work(*args)).__next__)
            while True:
                try:
                    yield step()
                except StopIteration:
                    return

        return wrapper


@contextmanager
def watched(decoding: Stopwatch, landmarking: Stopwatch) -> Iterator[None]:
    """Every analysis in the block adds to the two watches."""
    with (
        mock.patch.object(video, "probe", decoding.timed(video.probe)),
        mock.patch.object(video, "read", decoding.timed_each(video.read)),
        mock.patch.object(Landmarker, "__enter__", landmarking.timed(Landmarker.__enter__)),
        mock.patch.object(Landmarker, "__exit__", landmarking.timed(Landmarker.__exit__)),
        mock.patch.object(Landmarker, "detect", landmarking.timed(Landmarker.detect)),
    ):
        yield


def main(path: str = str(SAMPLE), model: str = "heavy") -> int:
    """Print the shares; 1 when the rest takes too much."""
    decoding, landmarking, everything = Stopwatch(), Stopwatch(), Stopwatch()
    with watched(decoding, landmarking):
        found = everything.timed(analyze)(path, model=model)
    rest = everything.seconds - decoding.seconds - landmarking.seconds
    for name, seconds in (
        ("decoding", decoding.seconds),
        ("landmarking", landmarking.seconds),
        ("rest", rest),
    ):
        per_frame_ms = 1000 * seconds / found.video.frames
        print(f"{name:12} {seconds:7.2f} s {per_frame_ms:7.2f} ms/frame {seconds / everything.seconds:7.1%}")
    return int(rest >= LIMIT * everything.seconds)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

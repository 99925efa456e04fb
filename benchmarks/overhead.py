"""How much processor time is neither decoding nor landmarking: python -m benchmarks.overhead VIDEO MODEL"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from posecount import landmarks, mediapipe_lean, video
from posecount.analysis import analyze
from posecount.export import to_json
from posecount.pose import Landmarker

SAMPLE = Path(__file__).parents[1] / "sample_videos" / "heel_raises.mp4"
LIMIT = 0.03


class Stopwatch:
    """Sums the processor time of this process in what it wraps: other work on the machine does not count."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            start_s = time.process_time()
            try:
                return work(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - start_s

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
    """Every analysis by one process in the block adds to the two watches."""
    with (
        mock.patch.object(video, "survey", decoding.timed(video.survey)),
        mock.patch.object(landmarks, "read_piece", decoding.timed_each(landmarks.read_piece)),
        mock.patch.object(mediapipe_lean, "load", landmarking.timed(mediapipe_lean.load)),
        mock.patch.object(Landmarker, "__enter__", landmarking.timed(Landmarker.__enter__)),
        mock.patch.object(Landmarker, "__exit__", landmarking.timed(Landmarker.__exit__)),
        mock.patch.object(Landmarker, "detect", landmarking.timed(Landmarker.detect)),
    ):
        yield


def shares(path: str | Path, model: str) -> dict[str, float]:
    """Of decoding, landmarking and all the rest, to the text of the analysis file; and seconds in all."""
    decoding, landmarking, everything = Stopwatch(), Stopwatch(), Stopwatch()
    with watched(decoding, landmarking):
        everything.timed(lambda: to_json(analyze(path, model=model, workers=1)))()
    rest_s = everything.seconds - decoding.seconds - landmarking.seconds
    parts = {"decoding": decoding.seconds, "landmarking": landmarking.seconds, "the rest": rest_s}
    return {name: seconds / everything.seconds for name, seconds in parts.items()}


def main(path: str = str(SAMPLE), model: str = "heavy") -> int:
    """Print the shares; 1 when the rest takes too much."""
    found = shares(path, model)
    for name, share in found.items():
        print(f"{name:12} {share:7.2%}")
    return int(found["the rest"] >= LIMIT)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

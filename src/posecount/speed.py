"""How fast this machine finds landmarks, and so which model suits a live camera here."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from posecount.pose import Landmarker
from posecount.types import Frame
from posecount.video import read

PERSON = Path(__file__).with_name("person.jpg")  # rendered; without a body in it only half the work is done
WARM_UP = 3  # the first frames pay for detection and memory
LIVE_FPS = 24.0  # smoothness is judged up to 10 Hz: twice that and a margin


def frames_per_second(model: str, seconds: float = 0.7) -> float:
    """Of one open landmarker with a person in view. Raises PosecountError as Landmarker does."""
    image = next(read(PERSON)).image
    with Landmarker(model) as landmarker:
        for index in range(WARM_UP):
            landmarker.detect(Frame(index / LIVE_FPS, image))
        start_s, count = time.perf_counter(), 0
        while time.perf_counter() < start_s + seconds:
            landmarker.detect(Frame((WARM_UP + count) / LIVE_FPS, image))
            count += 1
        return count / (time.perf_counter() - start_s)


def cores() -> int:
    """That this process may use: fewer than the machine has in a container or under taskset."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def live_model(fps: Mapping[str, float], cores: int | None = None) -> str:
    """`heavy` where it keeps up with a camera, one landmarker to a core; else `full`."""
    return "heavy" if fps.get("heavy", 0.0) * (cores or os.cpu_count() or 1) >= LIVE_FPS else "full"

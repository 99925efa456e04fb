"""Which model keeps up with the camera here, and with how many landmarkers: measured, not guessed."""

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from math import ceil

from posecount.live.agreement import Detector
from posecount.live.lanes import opened
from posecount.speed import PERSON, WARM_UP
from posecount.speed import cores as cores
from posecount.types import Frame
from posecount.video import read
from posecount.words import Words

FIRST_S, TOGETHER_S = 0.4, 0.6  # one alone, then as many together as that one says are needed
ENOUGH_FPS = 30.0  # no movement of an ankle needs more
HEADROOM = 1.25  # a landmarker that is never free has its next picture wait
KEEPS_UP = 0.95  # of the camera's rate: one picture in twenty less changes no count


@dataclass(frozen=True, slots=True)
class Choice:
    """`fps` is what was measured for `lanes` landmarkers together; `why` is one line for the user."""

    model: str
    lanes: int
    fps: float
    why: str


def choose(model: str, camera_fps: float, language: str = "en") -> Choice:
    """For `auto`, heavy if it keeps up with the camera, else full. Takes a second a model.

    Raises PosecountError as Landmarker does.
    """
    wanted_fps, say = min(camera_fps, ENOUGH_FPS), Words(language)
    if model != "auto":
        lanes, fps = fit(model, wanted_fps)
        return Choice(
            model, lanes, fps, say("live.asked", model=model, reaches=_reaches(say, lanes, fps, wanted_fps))
        )
    lanes, fps = fit("heavy", wanted_fps)
    if fps >= KEEPS_UP * wanted_fps:
        return Choice(
            "heavy",
            lanes,
            fps,
            say("live.chosen", model="heavy", reaches=_reaches(say, lanes, fps, wanted_fps)),
        )
    slow = round(fps)
    lanes, fps = fit("full", wanted_fps)
    why = say("live.stepped_down", reaches=_reaches(say, lanes, fps, wanted_fps), fps=slow)
    return Choice("full", lanes, fps, why)


def fit(model: str, wanted_fps: float) -> tuple[int, float]:
    """How many landmarkers it takes for `wanted_fps`, at most one a core, and the rate they reach."""
    fps = frames_per_second(model, 1, FIRST_S)
    lanes = min(cores(), ceil(HEADROOM * wanted_fps / fps))
    if lanes == 1:
        return 1, fps
    return lanes, frames_per_second(model, lanes, TOGETHER_S)


def frames_per_second(model: str, lanes: int, seconds: float) -> float:
    """What this many landmarkers reach together, with a person in view."""
    image = next(read(PERSON)).image
    rates: list[float] = []

    def run(landmarker: Detector) -> None:
        for index in range(WARM_UP):
            landmarker.detect(Frame(index / ENOUGH_FPS, image))
        began_s, count = time.perf_counter(), 0
        while time.perf_counter() < began_s + seconds:
            landmarker.detect(Frame((WARM_UP + count) / ENOUGH_FPS, image))
            count += 1
        rates.append(count / (time.perf_counter() - began_s))

    with ExitStack() as stack:
        threads = [threading.Thread(target=run, args=(each,)) for each in opened(stack, model, lanes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return sum(rates)


def _reaches(say: Words, lanes: int, fps: float, wanted_fps: float) -> str:
    key = "live.one_reaches" if lanes == 1 else "live.many_reach"
    return say(key, lanes=lanes, fps=round(fps), wanted=round(wanted_fps))

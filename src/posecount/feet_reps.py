"""Two witnesses of feet alone, their pixels and landmarks below a stranger: one of them tells a set.

Pixels are believed first: they err seldom. Where they show nothing (feet of the floor's colour, slow ones, or
such as hide each other) landmarks often do.
"""

from math import inf
from typing import Literal

from posecount.types import Rep

# Both tell the first two reps of a set once the second is over: pixels a little later.
WAIT_S = 2.5
# So many of the landmarks', so near to each other, are a set, if pixels show nothing of it: of who marches
# they tell two now and then.
LEAST, NEAR_S = 3, 5.0
SET_S = 12.0  # without a rep, and the next one begins a set


class FeetReps:
    """`update` with what either of them tells; gives the reps to count."""

    def __init__(self) -> None:
        self._teller: Literal["pixels", "landmarks"] | None = None
        self._told_s = -inf
        self._waiting: list[Rep] = []  # told by landmarks

    def update(self, now_s: float, pixels: list[Rep], landmarks: list[Rep]) -> list[Rep]:
        """`now_s` is infinite at the end: then nothing more is waited for."""
        if now_s < inf and now_s - self._told_s > SET_S:
            self._teller = None
        if pixels and self._teller is None:
            self._teller = "pixels"
        if self._teller is None:
            self._waiting = _set([rep for rep in self._waiting + landmarks if rep.end_s > self._told_s])
            if len(self._waiting) >= LEAST and now_s - self._waiting[1].end_s >= WAIT_S:
                self._teller, landmarks = "landmarks", self._waiting
        if self._teller is None:
            return []
        early, self._waiting = self._waiting, []
        told = landmarks
        if self._teller == "pixels":
            told = [rep for rep in early if pixels and rep.end_s <= pixels[0].start_s] + pixels
        if told:
            self._told_s = told[-1].end_s
        return told


def _set(reps: list[Rep]) -> list[Rep]:
    """The last of them that are near to each other."""
    begins = [n for n in range(1, len(reps)) if reps[n].start_s - reps[n - 1].end_s > NEAR_S]
    return reps[begins[-1] :] if begins else reps

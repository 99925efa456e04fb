"""Which legs that were found without a body are there: a shank keeps its length, a foot does not flutter.

Of who is seen from the knees down the network makes small legs, with a knee somewhere in the shank. It
guesses that knee anew in every frame, so the shank trembles in length; and so it does with a foot that is
hidden. Legs that it has put beside those that are there tremble less; of them it is not so sure.
"""

from collections import deque
from math import inf
from statistics import median
from typing import Literal, NamedTuple

from posecount.legs import LEGS
from posecount.network import Points

Verdict = Literal["sure", "likely", "no"]
Believed = tuple[bool, bool]  # left, right

# From frame to frame, in lengths: real shanks 0.005 to 0.027, of who marches 0.026; invented ones 0.035 on.
TREMBLES, STEADY = 0.033, 0.027
# Real ones are firm for 1.8 seconds and more at a time, invented ones for one at most.
FIRM, FIRM_S = 0.016, 1.5
BREAKS = 0.055  # shanks that were firm are believed for longer
# Mean heat of legs that are right: 0.66 to 0.85, mostly above 0.7; of those put beside them 0.59 to 0.66.
WARM, COLD = 0.69, 0.64
# Heel to toe, from frame to frame, in shanks: feet that are seen 0.01 to 0.05, half hidden
# ones now and then 0.12, guessed ones 0.15 to 0.22.
FLUTTERS, RESTS = 0.13, 0.06
WINDOW_S, ENOUGH_S = 1.5, 0.7
GAP_S = 0.3

Bones = list[tuple[float, complex]]  # of each leg the shank's length, and the foot as x + iy


class _Moment(NamedTuple):
    time_s: float
    shank: float  # of the steadier one
    left_foot: float
    right_foot: float
    heat: float


class Steadiness:
    """`update` with each frame's legs, in order of time."""

    def __init__(self) -> None:
        self._last: deque[Bones] = deque(maxlen=3)
        self._moments: deque[_Moment] = deque()
        self._time_s = -inf
        self._begin_again()

    def _begin_again(self) -> None:
        self._last.clear()
        self._moments.clear()
        self._verdict: Verdict = "likely"
        self._feet: Believed = (True, True)
        self._firm_since_s = inf

    def update(self, time_s: float, points_px: Points, heat: float) -> Believed:
        """Which legs to measure; both, until enough is known. `points_px` (33, 2), `heat` as of `Look`."""
        if time_s - self._time_s > GAP_S:
            self._begin_again()
        self._time_s = time_s
        self._last.append([_bones(points_px, leg) for leg in LEGS])
        if len(self._last) == 3:
            (left, left_foot), (right, right_foot) = map(_trembled, *self._last)
            self._moments.append(_Moment(time_s, min(left, right), left_foot, right_foot, heat))
        while self._moments and time_s - self._moments[0].time_s > WINDOW_S:
            self._moments.popleft()
        if self._moments and time_s - self._moments[0].time_s > ENOUGH_S:
            usual = _Moment._make(map(median, zip(*self._moments, strict=True)))
            self._judge(time_s, usual.shank, usual.heat)
            flutters = usual.left_foot, usual.right_foot
            left_rests, right_rests = (
                value < (FLUTTERS if before else RESTS)
                for value, before in zip(flutters, self._feet, strict=True)
            )
            self._feet = left_rests, right_rests
        return self._feet if self._verdict != "no" else (False, False)

    def _judge(self, time_s: float, trembles: float, heat: float) -> None:
        firm = trembles < FIRM and heat > WARM
        self._firm_since_s = min(self._firm_since_s, time_s) if firm else inf
        if time_s - self._firm_since_s >= FIRM_S:
            self._verdict = "sure"
        elif trembles > (BREAKS if self._verdict == "sure" else TREMBLES) or heat < COLD:
            self._verdict = "no"
        elif self._verdict == "no" and trembles < STEADY:
            self._verdict = "likely"


def _bones(points_px: Points, leg: tuple[int, ...]) -> tuple[float, complex]:
    _, knee, ankle, heel, toe = (complex(*points_px[joint].tolist()) for joint in leg)
    return abs(ankle - knee), toe - heel


def _trembled(
    one: tuple[float, complex], two: tuple[float, complex], three: tuple[float, complex]
) -> tuple[float, float]:
    """What is no steady movement, in shanks: of the shank's length, of the foot."""
    shank, foot = (
        abs(before - 2 * here + after) for before, here, after in zip(one, two, three, strict=True)
    )
    return shank / max(two[0], 1e-6), foot / max(two[0], 1e-6)

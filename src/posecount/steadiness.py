"""Whether legs that were found without a body are there: a shank keeps its length.

Of who is seen from the knees down the network makes small legs, with a knee somewhere in the shank. It
guesses that knee anew in every frame, so the shank trembles in length. Legs that it has put beside those that
are there tremble less; of them it is not so sure.
"""

from collections import deque
from math import exp, hypot, inf
from statistics import median

from posecount.leg_look import LEGS
from posecount.network import Points

# From frame to frame, in lengths: real shanks 0.005 to 0.027, of who marches 0.026; invented ones 0.035 on.
TREMBLES, STEADY = 0.033, 0.027
# Real ones are firm for 1.8 seconds and more at a time, invented ones for one at most.
FIRM, FIRM_S = 0.016, 1.5
BREAKS = 0.055  # shanks that were firm, or are warmer than made-up ones that tremble, are believed for longer
WINDOW_S, ENOUGH_S = 1.5, 0.7
# Mean heat of legs that are right: 0.66 to 0.85, mostly above 0.7; of those put beside them 0.59 to 0.66.
WARM, COLD = 0.69, 0.64
HOT, STILL_HOT = 0.81, 0.77
TEPID = 0.665  # at first: real ones that are colder, before they were firm, walk
HEAT_TAU_S = 3.0  # a foot on its toes is colder
GAP_S = 0.3


class Steadiness:
    """`update` with each frame's legs, in order of time."""

    def __init__(self) -> None:
        self._last: deque[list[float]] = deque(maxlen=3)
        self._trembled: deque[tuple[float, float]] = deque()
        self._time_s = -inf
        self._begin_again()

    def _begin_again(self) -> None:
        self._last.clear()
        self._trembled.clear()
        self._begun_s, self._heat = self._time_s, 0.0
        self._hot = False
        self._believed, self.firm = True, False  # firm: has been, and was not doubted since
        self._firm_since_s = inf

    def by_another(self) -> None:
        """From the next frame on another network looks, whose heat says nothing of what this one's was."""
        self._begun_s = inf

    def update(self, time_s: float, points_px: Points, heat: float) -> bool:
        """Whether to believe them, by the steadier of both. `points_px` (33, 2), `heat` as of `Look`."""
        since_s, self._time_s = time_s - self._time_s, time_s
        if since_s > GAP_S:
            self._begin_again()
        self._begun_s = min(self._begun_s, time_s)
        self._heat += self._new(since_s) * (heat - self._heat)
        self._last.append([hypot(*(points_px[leg[1]] - points_px[leg[2]])) for leg in LEGS])
        if len(self._last) == 3:
            self._trembled.append((time_s, min(map(_trembled, *self._last))))
        while self._trembled and time_s - self._trembled[0][0] > WINDOW_S:
            self._trembled.popleft()
        if self._trembled and time_s - self._trembled[0][0] > ENOUGH_S:
            self._judge(time_s, median(each for _, each in self._trembled), self._heat)
        return self._believed

    def _new(self, since_s: float) -> float:
        """The share of the newest in the mean heat of all of them, and later of the last ones."""
        lasted_s = self._time_s - self._begun_s
        return 1 - exp(-since_s / min(lasted_s, HEAT_TAU_S)) if lasted_s else 1.0

    def _judge(self, time_s: float, trembles: float, heat: float) -> None:
        firm = trembles < FIRM and heat > WARM
        self._firm_since_s = min(self._firm_since_s, time_s) if firm else inf
        if time_s - self._firm_since_s >= FIRM_S:
            self._believed = self.firm = True
            return
        self._hot = heat > (STILL_HOT if self._hot else HOT)
        most = BREAKS if self.firm or self._hot else TREMBLES
        if trembles > most or heat < (COLD if self.firm else TEPID):
            self._believed = self.firm = False
        elif trembles < STEADY and heat > TEPID:
            self._believed = True


def _trembled(one_px: float, two_px: float, three_px: float) -> float:
    return abs(three_px - 2 * two_px + one_px) / max(two_px, 1e-6)

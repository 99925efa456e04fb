"""How far the body rises in a heel raise, as a share of the person's height.

Heel and toe landmarks follow a raise by 0.6 to 1.4 of what it is. Ears, shoulders, hips and the knee rise
with the ankle, are found better, and differ less between people and cameras: 4 % against 13.
"""

from collections import deque
from math import exp, isfinite
from statistics import fmean, median

from posecount.geometry import HIPS, LEG_POINTS, SHOULDERS
from posecount.types import Leg, Pose, Rep, nan

EARS = (7, 8)
# Ear hole above the heel's landmark, of the standing height: 0.93 (Drillis and Contini 1966) less 0.025.
EAR_TO_HEEL = 0.905
# The foot turns over its ball, from which the heel is further away than the ankle: on rendered people the
# heel rises 1.43 to 1.53 times as high.
HEEL_PER_ANKLE = 1.49
SIGMA_S = 0.05  # a raise at the test's pace rests 0.1 s at the top
WAY_OUT = 0.45  # of a stroke between its 10 % and 90 %: what it takes from standing still to its 10 %
MEMORY_S = 30.0


class BodyRise:
    """Fed with every pose; tells how far the body rose in a rep that has just ended."""

    def __init__(self, leg: Leg) -> None:
        self._leg = leg
        self._seen: deque[tuple[float, float, float]] = deque()  # time, body up, height: pixels
        self._heights: list[float] = []  # of the person with the heel down, pixels

    def see(self, pose: Pose) -> None:
        """What is not seen of the body leaves this pose out."""
        knee, heel = LEG_POINTS[self._leg][1], LEG_POINTS[self._leg][3]
        y = pose.points_px[:, 1].tolist()
        ears, shoulders, hips = (fmean(y[i] for i in pair) for pair in (EARS, SHOULDERS, HIPS))
        up_px = -fmean((ears, shoulders, hips, y[knee]))
        if isfinite(up_px) and isfinite(y[heel]):
            self._seen.append((pose.time_s, up_px, (y[heel] - ears) / EAR_TO_HEEL))
        while self._seen and pose.time_s - self._seen[0][0] > MEMORY_S:
            self._seen.popleft()

    def of(self, rep: Rep) -> float:
        """The rise from where the rep began and ended to its top; NaN where the body was not seen."""
        ends = [self._at(rep.start_s - WAY_OUT * rep.up_s), self._at(rep.end_s + WAY_OUT * rep.down_s)]
        top_px, _ = self._at(rep.peak_s)
        low = [(up, height) for up, height in ends if isfinite(up)]
        if not low or not isfinite(top_px):
            return nan
        self._heights += [height for _, height in low]
        return (top_px - fmean(up for up, _ in low)) / median(self._heights)

    def _at(self, time_s: float) -> tuple[float, float]:
        """Position and height around a time."""
        near = [each for each in self._seen if abs(each[0] - time_s) <= 2 * SIGMA_S]
        weights = [exp(-0.5 * ((at_s - time_s) / SIGMA_S) ** 2) for at_s, _, _ in near]
        total = sum(weights)
        if not total:
            return nan, nan
        up, height = (sum(w * each[i] for w, each in zip(weights, near, strict=True)) / total for i in (1, 2))
        return up, height

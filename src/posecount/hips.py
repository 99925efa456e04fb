"""Where hips are that the picture does not show: a thigh's length from the knee, in the thigh's direction.

The network guesses them anew in every frame, and a guess that trembles would look like a movement of the
body; so would a length that follows each frame's shank. Knees and feet stay as they were found.
"""

from math import exp, hypot

import numpy as np

from posecount.leg_look import LEGS, THIGH_SHANKS, Look
from posecount.network import Points

TAU_S = 0.3  # how fast direction and length of a thigh whose end is not seen are believed to change
GAP_S = 0.5
NEAR_EDGE = 0.12  # of the leg: a hip nearer to the picture's edge is believed less and less


class Hips:
    """`update` with each frame's legs, in order of time."""

    def __init__(self) -> None:
        self._legs: dict[int, Points] = {}  # hip from knee, in shanks, and the shank in pixels
        self._time_s = float("-inf")

    def update(self, look: Look, size_px: tuple[int, int], time_s: float) -> Points:
        """(33, 2): hips and legs, all else NaN."""
        if time_s - self._time_s > GAP_S:
            self._legs.clear()
        share = 1 - exp(-(time_s - self._time_s) / TAU_S)
        self._time_s = time_s
        points = np.full((33, 2), np.nan)
        points[23:33] = look.found.points_px[23:33]
        for leg in LEGS:
            points[leg[0]] = self._hip(points[list(leg)], leg[0], size_px, share)
        return points

    def _hip(self, joints: Points, name: int, size_px: tuple[int, int], share: float) -> Points:
        hip, knee, ankle = joints[:3]
        shank_px = max(hypot(*(knee - ankle)), 1e-6)
        leg = np.array([*(hip - knee) / shank_px, shank_px])
        before = self._legs.get(name, leg)
        self._legs[name] = steady = before + share * (leg - before)
        thigh, length_px = steady[:2], THIGH_SHANKS * steady[2]
        guess = knee + thigh * (length_px / max(hypot(*thigh), 1e-6))
        inside_px = min(*hip, *(np.array(size_px) - hip))
        seen = min(max(inside_px / (NEAR_EDGE * 2 * shank_px), 0.0), 1.0)
        return np.asarray(seen * hip + (1 - seen) * guess)

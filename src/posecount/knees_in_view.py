"""Whether the picture shows the knees of legs without a body: made up from less, they are not measured."""

from collections import deque
from math import exp, hypot, inf

import numpy as np
from numpy.typing import NDArray

from posecount.geometry import LEG_POINTS
from posecount.types import Pose

Points = NDArray[np.float64]

# Of its length. Rendered people cut at mid-thigh 0.4 to 0.8; cut at the knees the network sees knees a little
# too low, which makes 0.2 to 0.36.
THIGH_SEEN, THIGH_HIDDEN = 0.42, 0.36
# Who surely stands there (a thigh as high as 0.6 of a shank) shows less when on the toes, cut at mid-thigh.
STANDS, FIRM_HIDDEN = 0.6, 0.33
HIPS_SEEN = 0.85  # all of a thigh but its edges
# Heel to toe, of a shank, of who stands: of legs cut at mid-thigh 0.3 to 0.6, one shod or squeezed 0.74; of
# knees made up within the shins 0.66 to 0.93. What is too long tells how far down the shin they are. Of who
# sits on the floor, cut at mid-thigh, 0.5 to 0.76.
LONGEST_FOOT = 0.6
# Of the leg that shows less: real ones 0.6 at most, made up within shins 0.62 to 0.73.
LONGEST_FEET = 0.65
EDGE = 0.05  # of the thigh: of who sits, knees and hips at the very edge seem to show all of it
THIGH_TAU_S = 0.7
SETTLES_S = 0.7  # then what was seen first is forgotten: legs made up of shins begin large, and shrink
RISES_S = 3.0  # so long a knee may be at the edge, as on the toes or in a march, or surely seen of who sits
GONE_S = 0.5


class KneesInView:
    """Whether legs without a body are to be measured: not when the thighs are hidden."""

    def __init__(self) -> None:
        self._shares: deque[tuple[float, float]] = deque()  # time, and how much of the thigh was seen
        self._begun_s = inf
        self._seen = False

    def update(self, pose: Pose, firm: bool) -> bool:
        """Steady: it takes most of a second to change its mind. `firm`: these are surely legs."""
        stands = _stands(pose.points_px)
        share = thigh_in_view(pose.points_px, pose.size_px)
        if stands:
            share = _without_shin(share, *sorted(_feet(pose.points_px).tolist()))
        time_s, shares = pose.time_s, self._shares
        if not shares or time_s - shares[-1][0] > GONE_S:
            shares.clear()
            self._begun_s, self._seen = time_s, share >= (THIGH_SEEN + THIGH_HIDDEN) / 2
        elif time_s - self._begun_s >= SETTLES_S:
            shares.clear()
            self._begun_s = inf
        else:
            before_s, before = shares[-1]
            share = before + (1 - exp((before_s - time_s) / THIGH_TAU_S)) * (share - before)
        shares.append((time_s, share))
        while time_s - shares[0][0] > RISES_S:
            shares.popleft()
        shown = max(seen for _, seen in shares) if stands or firm else share
        hidden = FIRM_HIDDEN if firm and stands else THIGH_HIDDEN
        self._seen = shown >= hidden if self._seen else share >= THIGH_SEEN
        return self._seen

    @property
    def with_hips(self) -> bool:
        """Whether all of a thigh is in the picture as well."""
        return self._seen and self._shares[-1][1] >= HIPS_SEEN


def _without_shin(share: float, short_foot: float, long_foot: float) -> float:
    """Of the thigh, without the part of the shin that a knee too far down took for it."""
    if short_foot > LONGEST_FEET:
        return 0.0
    down = 1 - min(LONGEST_FOOT / long_foot, 1.0)
    return share * (1 - down) - down


def _feet(points_px: Points) -> Points:
    """(2,): from heel to toe, in shanks, of either leg."""
    of_legs = points_px[list(LEG_POINTS.values())]
    _, knees, ankles, heels, toes = of_legs.transpose(1, 2, 0)
    shanks = np.maximum(np.hypot(*(knees - ankles)), 1e-6)
    return np.asarray(np.hypot(*(toes - heels)) / shanks)


def thigh_in_view(points_px: Points, size_px: tuple[int, int]) -> float:
    """Of the thigh that shows more, the share between hip and knee that is well in the picture."""
    shares = np.linspace(0.02, 0.98, 25)[:, None]
    seen = []
    for hip, knee, *_ in LEG_POINTS.values():
        along = points_px[hip] + shares * (points_px[knee] - points_px[hip])
        margin_px = EDGE * float(np.hypot(*(points_px[hip] - points_px[knee])))
        inside = (along >= margin_px) & (along < np.array(size_px) - margin_px)
        seen.append(float(inside.all(axis=1).mean()))
    return max(seen)


def _stands(points_px: Points) -> bool:
    """Whether the thighs hang down; those of somebody seated who faces the camera seem short."""
    hips, knees, ankles = (points_px[[n, n + 1]].mean(axis=0) for n in (23, 25, 27))
    return bool(knees[1] - hips[1] >= STANDS * hypot(*(ankles - knees)))

"""Whether the picture shows the knees of legs without a body: angles of guessed ones are not claimed."""

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
HIPS_SEEN = 0.92  # all of a thigh but its edges; small legs made up of shins show 0.85
EDGE = 0.05  # of the thigh: of who sits, knees and hips at the very edge seem to show all of it
# Of who sits half of the thighs is in view where the picture ends at the knees. Then these seem to be within
# 0.076 shanks of the edge (cut at mid-thigh 0.075 to 0.11), and ranges are too small by 5 to 17 %.
KNEE_SEEN, KNEE_HIDDEN = 0.08, 0.07
THIGH_TAU_S = 0.7
SETTLES_S = 0.7  # then what was seen first is forgotten: legs made up of shins begin large, and shrink
RISES_S = 3.0  # so long a knee may be at the edge, as on the toes or in a march, or surely seen of who sits
GONE_S = 0.5


class KneesInView:
    """Whether angles can be claimed of legs without a body: not when their knees are at the very edge."""

    def __init__(self) -> None:
        self._shown: deque[tuple[float, Points]] = deque()  # time; of the thigh, and of the knee
        self._begun_s = inf
        self._seen = False

    def update(self, pose: Pose, firm: bool) -> bool:
        """Steady: it takes most of a second to change its mind. `firm`: these are surely legs."""
        stands = _stands(pose.points_px)
        now = self._steadied(pose.time_s, _shown(pose, stands))
        lately = np.max([shown for _, shown in self._shown], axis=0) if stands or firm else now
        thigh, knee = (lately if self._seen else now).tolist()
        if self._seen:
            self._seen = thigh >= (FIRM_HIDDEN if firm and stands else THIGH_HIDDEN) and knee >= KNEE_HIDDEN
        else:
            self._seen = thigh >= THIGH_SEEN and knee >= KNEE_SEEN
        return self._seen

    def _steadied(self, time_s: float, now: Points) -> Points:
        shown = self._shown
        if not shown or time_s - shown[-1][0] > GONE_S:
            shown.clear()
            self._begun_s = time_s
            thigh, knee = now.tolist()
            self._seen = thigh >= (THIGH_SEEN + THIGH_HIDDEN) / 2 and knee >= (KNEE_SEEN + KNEE_HIDDEN) / 2
        elif time_s - self._begun_s >= SETTLES_S:
            shown.clear()
            self._begun_s = inf
        else:
            before_s, before = shown[-1]
            now = before + (1 - exp((before_s - time_s) / THIGH_TAU_S)) * (now - before)
        shown.append((time_s, now))
        while time_s - shown[0][0] > RISES_S:
            shown.popleft()
        return now

    @property
    def with_hips(self) -> bool:
        """Whether all of a thigh is in the picture as well."""
        return self._seen and bool(self._shown[-1][1][0] >= HIPS_SEEN)


def _shown(pose: Pose, stands: bool) -> Points:
    """(2,): how much of a thigh is in view, and how far inside the knees are: of who stands, far enough."""
    return np.array([thigh_in_view(pose.points_px, pose.size_px), 1.0 if stands else _inside(pose)])


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


def _inside(pose: Pose) -> float:
    """How far from the picture's edge the knee is that is nearer to it, in shanks."""
    points, size_px = pose.points_px, np.array(pose.size_px)
    legs = ((points[knee], points[ankle]) for _, knee, ankle, *_ in LEG_POINTS.values())
    return min(
        float(min(*knee, *(size_px - knee))) / max(hypot(*(ankle - knee)), 1e-6) for knee, ankle in legs
    )


def _stands(points_px: Points) -> bool:
    """Whether the thighs hang down; those of somebody seated who faces the camera seem short."""
    hips, knees, ankles = (points_px[[n, n + 1]].mean(axis=0) for n in (23, 25, 27))
    return bool(knees[1] - hips[1] >= STANDS * hypot(*(ankles - knees)))

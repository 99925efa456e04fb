"""What the camera can judge from where it stands, and the one signal per leg that counting follows.

Side-on, the ankle angle is the movement. In a standing person the body's rise says the same from any
side, and more reliably: hips and knees are found better than feet, and swaying does not raise them.
Seen from the front, the angle cannot be read at all; then the foot's reach along the shank is followed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache, partial
from math import exp, inf, isnan
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecount.filters import Smoother
from posecount.foot_range import Curve, FootRange
from posecount.foreshortening import kept
from posecount.types import BodySample, Leg, LegSample, nan

# Degrees of ankle movement for one unit of rise and of reach: a foot of 0.27 of the leg that pivots on its
# ball 0.16 of the leg before the ankle (measured on rendered people from the front and from the side).
DEG_PER_RISE = 400.0
DEG_PER_REACH = 200.0
DEG_PER_REACH_OF_FEET = 300.0  # the stranger who stands on them is rather too tall

YAW_READABLE_DEG, YAW_REFUSED_DEG = 37.0, 41.0  # 30 deg costs 4 deg of angle, 45 costs 10
# From a right angle between shank and foot, by landmarks: rendered people reach -48 and 43, real ankles a
# little more; legs that walk in at the picture's edge, and are not whole in it, -89 and 87.
LOWEST_DEG, HIGHEST_DEG = -60.0, 50.0
STANDING_DROP, SITTING_DROP = 0.8, 0.65  # how far the knees hang below the hips, of a thigh
STANDING_SHANK_DEG = 40.0
# How far both feet alone point to the side, in legs: 0.5 side-on, a third of it with toes stretched away; of
# who faces the camera nothing, for one foot points to the left and one to the right.
SIDEWAYS, FRONTAL = 0.2, 0.08
# How far ankles and knees of the farther leg are above the nearer one's, in legs. Cameras that look down on
# the feet by 43 to 58 deg: 0.25 to 0.5 and 0.1 to 0.39; by up to 36 deg: at most 0.26 and 0.07 at a time.
STEEP_ANKLES, STEEP_KNEES, STILL_STEEP = 0.24, 0.09, 0.85
# Of who sits half of the thighs is in view where the picture ends at the knees. Then one of them seems to be
# 0.02 to 0.076 shanks from the edge (cut at mid-thigh 0.075 to 0.11); ranges are too small by 5 to 17 %.
KNEES_CUT, KNEES_INSIDE = 0.07, 0.08
VIEW_TAU_S = 0.7
FINISH_S = 3.0  # so long a rep that has begun is followed as before, though the view has changed

SIGMA_S = 0.08  # keeps 60 % of a 0.5 s cycle and 21 % of a 3.5 Hz tremor
GAP_S = 0.5  # longer without the leg in view: whatever was going on is forgotten
MEMORY_S = 45.0  # two of the slowest cycles

_TIME_S = itemgetter(0)  # of a `Moment`


class View(NamedTuple):
    """What can be judged now; a change of `signal` starts counting afresh."""

    readable: bool  # side-on enough to read angles
    standing: bool
    near: Leg | None  # the leg nearer to the camera; None from the front
    feet: bool = False  # and nothing of the legs
    across: bool = False  # these point to the side
    steep: bool = False  # from so far above that angles come out too small
    knees_cut: bool = False  # the picture ends there: guessed, they tell no angle

    @property
    def signal(self) -> str:
        """Which movement is followed."""
        return "rise" if self.standing else "angle" if self.sideways else "reach"

    @property
    def sideways(self) -> bool:
        """Whether a foot that turns is seen to; of feet alone it is no angle of the ankle's."""
        return self.readable or self.across


_view = cache(View)  # few are different, and one is asked for in every frame
UNSEEN = View(readable=False, standing=False, near=None)


class _FeetViewer:
    """Of feet alone: whether they point to the side, so that their turn shows."""

    def __init__(self) -> None:
        self._across, self._seen_s, self._sideways = 0.0, -inf, False

    def update(self, body: BodySample) -> View:
        one, other = body.left or body.right, body.right or body.left
        if one and other:
            new = 1 - exp((self._seen_s - body.time_s) / VIEW_TAU_S)
            self._seen_s = body.time_s
            self._across += new * (one.across + other.across - self._across)
            self._sideways = abs(self._across) > (FRONTAL if self._sideways else SIDEWAYS)
        return _view(False, False, None, True, self._sideways)


class Viewer:
    """Follows the view through time with hysteresis, so that it does not flicker."""

    def __init__(self) -> None:
        self._yaw = self._drop = self._shank = self._facing = 0.0  # averages, once a leg was seen
        self._ankles = self._knees = 0.0  # of the right leg above the left one's
        self._seen_s = -inf
        self._inside = 1.0  # the knee that is nearer to the picture's edge, of legs without a body
        self._readable = self._standing = self._steep = self._knees_cut = self._alone = False
        self._feet = _FeetViewer()
        self._settled_s = nan  # until when the view was as it is taken to be

    def update(self, body: BodySample, in_rep: bool = False) -> View:
        """`in_rep`: a leg is in the middle of a rep, which would be lost if the signal changed."""
        if body.feet:
            return self._feet.update(body)
        # Of a leg alone, that one twice.
        time_s, one, other = body.time_s, body.left or body.right, body.right or body.left
        if one is None or other is None:
            return self._seen_from(None)
        self._average(body, one, other)
        readable = self._yaw < (YAW_REFUSED_DEG if self._readable else YAW_READABLE_DEG)
        if readable == self._readable or not in_rep or time_s - self._settled_s > FINISH_S:
            self._readable, self._settled_s = readable, time_s
        upright = self._drop > (SITTING_DROP if self._standing else STANDING_DROP)
        self._standing = upright and self._shank < STANDING_SHANK_DEG
        near: Leg | None = ("left" if self._facing > 0 else "right") if self._readable else None
        far = 1.0 if self._facing > 0 else -1.0
        above = min(far * self._ankles / STEEP_ANKLES, far * self._knees / STEEP_KNEES)
        self._steep = above > (STILL_STEEP if self._steep else 1.0)
        inside = self._inside >= (KNEES_INSIDE if self._knees_cut else KNEES_CUT)
        self._knees_cut = not (self._standing or inside)
        return self._seen_from(near)

    def _seen_from(self, near: Leg | None) -> View:
        return _view(self._readable, self._standing, near, steep=self._steep, knees_cut=self._knees_cut)

    @property
    def kept(self) -> float:
        """What is seen of a foot's turn from here, seen from the side."""
        far = 1.0 if self._facing > 0 else -1.0
        return kept(self._standing, self._shank, far * self._ankles, self._alone)

    def _average(self, body: BodySample, one: LegSample, other: LegSample) -> None:
        new = 1 - exp((self._seen_s - body.time_s) / VIEW_TAU_S)
        self._seen_s = body.time_s
        self._yaw += new * (body.yaw_deg - self._yaw)
        self._drop += new * ((one.thigh_drop + other.thigh_drop) / 2 - self._drop)
        self._shank += new * (min(abs(one.shank_deg), abs(other.shank_deg)) - self._shank)
        self._facing += new * ((one.across if one is other else one.across + other.across) - self._facing)
        self._alone = isnan(one.shoulders_px)
        inside = min(one.knee_inside, other.knee_inside, 1.0) if self._alone else 1.0
        self._inside += new * (inside - self._inside)
        leg_px = max(one.leg_px, other.leg_px)
        self._ankles += new * ((one.ankle_y_px - other.ankle_y_px) / leg_px - self._ankles)
        self._knees += new * ((one.knee_y_px - other.knee_y_px) / leg_px - self._knees)


def movement_deg(leg: LegSample, view: View) -> float:
    """The movement to count, in degrees of dorsiflexion from an arbitrary zero."""
    if view.standing:
        return -DEG_PER_RISE * leg.rise
    if view.sideways:
        return leg.ankle_deg
    return (DEG_PER_REACH_OF_FEET if view.feet else DEG_PER_REACH) * leg.reach


def shows_angle(leg: LegSample, view: View) -> bool:
    """Whether its ankle's angle can be read: a possible one, from the side, of a whole foot."""
    shown = view.readable and not view.knees_cut and leg.foot_in_view
    return shown and LOWEST_DEG <= leg.ankle_deg <= HIGHEST_DEG


class Legs(NamedTuple):
    """A leg as it was seen several times: what `LegSample` tells of one time, as columns."""

    ankle_deg: tuple[float, ...]
    knee_deg: tuple[float, ...]
    shank_deg: tuple[float, ...]
    reach: tuple[float, ...]
    rise: tuple[float, ...]
    thigh_drop: tuple[float, ...]
    knee_x_px: tuple[float, ...]
    knee_y_px: tuple[float, ...]
    ankle_x_px: tuple[float, ...]
    ankle_y_px: tuple[float, ...]
    toe_x_px: tuple[float, ...]
    toe_y_px: tuple[float, ...]
    foot_ratio: tuple[float, ...]
    foot_deg: tuple[float, ...]
    leg_px: tuple[float, ...]
    across: tuple[float, ...]
    shoulders_px: tuple[float, ...]
    foot_in_view: tuple[bool, ...]
    flowed_deg: tuple[float, ...]
    knee_inside: tuple[float, ...]


def in_columns(legs: Sequence[LegSample]) -> Legs:
    """Of one or more; as fast as three of the columns picked out one by one."""
    return Legs._make(zip(*legs, strict=True))


class Moment(NamedTuple):
    """One leg as it was seen, with the movement not smoothed, and the other leg if that was seen too."""

    time_s: float
    move_deg: float
    leg: LegSample
    other: LegSample | None


# As its `_make`, without its Python around the same call: of each leg in each frame one is made.
_moment = partial(tuple.__new__, Moment)


def ankle_degs(moments: list[Moment], curve: Curve) -> NDArray[np.float64]:
    """The ankle's angle at each moment (n,), with the range that the landmarks flatten restored."""
    legs = [m.leg for m in moments]
    columns = np.array([(leg.ankle_deg, leg.across, leg.foot_deg) for leg in legs])
    return curve.ankle_degs(*columns.T)


def mostly_shown(moments: list[Moment], view: View) -> bool:
    """Whether the ankle's angle could be read at more than half of them."""
    return sum(shows_angle(moment.leg, view) for moment in moments) > len(moments) / 2


class Follower:
    """One leg's movement through time, smoothed, with the moments behind it.

    `fresh` tells that the last update began anew: after a gap, or when the view changed.
    """

    def __init__(self, model: str = "heavy") -> None:
        self.foot_range = FootRange(model)
        self.moments: list[Moment] = []
        self.begun_s = nan
        self.fresh = True
        self.view = UNSEEN
        self._smoother = Smoother(SIGMA_S)

    def update(
        self, time_s: float, leg: LegSample | None, other: LegSample | None, view: View
    ) -> list[tuple[float, float]]:
        """The smoothed movement that settled with this frame, as (time_s, degrees)."""
        self.fresh = False
        if leg is None:
            return []
        moments = self.moments
        changed = view is not self.view and view.signal != self.view.signal
        if changed or not moments or time_s - moments[-1].time_s > GAP_S:
            self._begin_again(time_s)
        self.view = view
        move_deg = movement_deg(leg, view)
        moments.append(_moment((time_s, move_deg, leg, other)))
        while time_s - moments[0].time_s > MEMORY_S:
            del moments[0]
        return self._smoother.push(time_s, move_deg)

    def finish(self) -> list[tuple[float, float]]:
        """What had not settled yet."""
        self.fresh = False
        return self._smoother.flush()

    @property
    def unsettled(self) -> int:
        """How many of the last moments have not been told smoothed yet."""
        return self._smoother.unsettled

    def ankle_degs(self, moments: list[Moment]) -> NDArray[np.float64]:
        """The ankle's angle at each moment (n,), by all that is known by now."""
        return ankle_degs(moments, self.foot_range.curve)

    def between(self, start_s: float, end_s: float) -> list[Moment]:
        """Moments from start to end, both included, oldest first."""
        first = bisect_left(self.moments, start_s - 1e-6, key=_TIME_S)
        return self.moments[first : bisect_right(self.moments, end_s + 1e-6, first, key=_TIME_S)]

    def _begin_again(self, time_s: float) -> None:
        self.moments.clear()
        self.begun_s = time_s
        self.fresh = True
        self._smoother = Smoother(SIGMA_S)

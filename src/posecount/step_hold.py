"""A calf stretch that somebody is already in when first seen: one foot far behind, its shank tilted forward.

Nobody has stood at rest yet, so there is no level that the stretch is deeper than; the posture tells it. Only
what is there from the beginning is looked for here: whoever goes into a stretch is found by the movement.
"""

from math import copysign, inf
from statistics import median

from posecount.filters import Average
from posecount.holds import LegHold
from posecount.movement import Follower, Moment, mostly_shown
from posecount.types import Muscle, nan

# A filmed stretch: tilt 46 deg, knee 24, the other ankle 0.6 of a leg ahead. Standing, tilts stay below 15.
TILT_MIN_DEG = 25.0
KNEE_MAX_DEG = 45.0  # 'bent' is about 35; lunges go on to 90
AHEAD_MIN = 0.3  # of the leg: how far the other foot is in front
LOOK_S = (
    3.0  # later, it was not there from the beginning; whoever is first seen may still be settling into it
)
SETTLE_S = 0.3
SLOW_S = 2.0  # pressing deeper, breath by breath, takes longer; leaning in does not
SHANK_STILL_DEG, KNEE_STILL_DEG = 10.0, 15.0
FORGIVE_S = 0.45
MIN_S = 3.0
BENT_DEG = 25.0


class StepHold:
    """Fed after the `Follower` of its leg; tells the hold when it is over."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._begin_again()

    def _begin_again(self) -> None:
        self._since_s = self._left_s = inf
        self._over = False
        self._shank, self._knee = Average(SLOW_S), Average(SLOW_S)

    @property
    def since_s(self) -> float:
        """When the hold in progress was first seen; infinite when there is none."""
        return self._since_s

    @property
    def held_s(self) -> float:
        """How long the hold in progress has lasted; 0 without one."""
        return self._follower.moments[-1].time_s - self._since_s if self._since_s < inf else 0.0

    def update(self) -> list[LegHold]:
        """The hold that has just ended, if any."""
        if self._follower.fresh:
            self._begin_again()
        if self._over or not self._follower.moments:
            return []
        now = self._follower.moments[-1]
        if self._since_s == inf:
            self._look(now)
            return []
        if self._kept(now):
            self._left_s = inf
            return []
        self._left_s = min(self._left_s, now.time_s)
        return self.finish() if now.time_s - self._left_s >= FORGIVE_S else []

    def finish(self) -> list[LegHold]:
        """Nothing more is coming: what has lasted long enough was a hold."""
        if self._since_s == inf:
            return []
        end_s = min(self._left_s, self._follower.moments[-1].time_s)
        start_s = self._since_s
        self._begin_again()
        moments = self._follower.between(start_s, end_s)
        if end_s - start_s < MIN_S or not moments:
            return []
        self._over = True
        knee_deg = median(m.leg.knee_deg for m in moments)
        muscle: Muscle = "soleus" if knee_deg > BENT_DEG else "gastrocnemius"
        shown = mostly_shown(moments, self._follower.view)
        angle_deg = median(self._follower.ankle_degs(moments).tolist()) if shown else nan
        return [LegHold(start_s, end_s, angle_deg, knee_deg, muscle, "steady", 0)]

    def _look(self, now: Moment) -> None:
        seen_s = now.time_s - self._follower.begun_s
        if seen_s > LOOK_S:
            self._over = True
        elif seen_s >= SETTLE_S and self._in_step(now):
            self._since_s = now.time_s

    def _kept(self, now: Moment) -> bool:
        if not self._in_step(now):
            return False
        shank_off_deg = now.leg.shank_deg - self._shank.push(now.time_s, now.leg.shank_deg)
        knee_off_deg = now.leg.knee_deg - self._knee.push(now.time_s, now.leg.knee_deg)
        return abs(shank_off_deg) < SHANK_STILL_DEG and abs(knee_off_deg) < KNEE_STILL_DEG

    def _in_step(self, now: Moment) -> bool:
        view, leg, other = self._follower.view, now.leg, now.other
        if not (view.readable and view.standing) or other is None:
            return False
        facing = copysign(1.0, leg.across)  # +1: to the left in the picture
        ahead = facing * (leg.ankle_x_px - other.ankle_x_px) / leg.leg_px
        return facing * leg.shank_deg > TILT_MIN_DEG and leg.knee_deg < KNEE_MAX_DEG and ahead > AHEAD_MIN

"""All that follows one leg: its reps, its holds, its angles and their neutral."""

from array import array
from math import inf, isnan

import numpy as np
from numpy.typing import NDArray

from posecount.calibration import Calibration
from posecount.holds import HoldCounter, HoldSettings, LegHold
from posecount.leg_rep import LegRep
from posecount.movement import Follower, Moment, View, shows_angle
from posecount.reps import RepCounter, RepSettings
from posecount.sides import LegNews
from posecount.step_hold import StepHold
from posecount.types import LegSample, nan

CUT_S = 0.5  # a foot at the picture's edge comes and goes
WALK_S, WALKS = 0.5, 0.35  # legs a second, across the picture
UNSEEN = (nan, nan, nan, nan)


class Track:
    """`update` with each frame, `finish` at the end."""

    def __init__(self, exercise: str, model: str, keeps_angles: bool) -> None:
        self._keeps_angles = keeps_angles
        self.follower = Follower(model)
        self.reps = RepCounter(self.follower, RepSettings())
        self.holds = HoldCounter(self.follower, HoldSettings(standing_only=exercise != "calf-stretch"))
        self.step_hold = StepHold(self.follower)
        self.calibration = Calibration()
        # Of each frame ankle, knee, foot, and how far it lies across. An array holds two hours in 9 MB, lists
        # of floats in 55.
        self._angles = array("d")
        self.now: LegSample | None = None
        self.measured: LegSample | None = None  # the same, if its angles can be read
        self.cut = False  # by the picture's edge, now or shortly ago
        self._cut_s = self._walked_s = -inf
        self._reps: list[LegRep] = []  # found in the last update
        self._holds: list[LegHold] = []
        self._wants_reps = exercise != "calf-stretch"
        self._wants_holds = exercise in ("auto", "calf-stretch")

    def update(self, time_s: float, leg: LegSample | None, other: LegSample | None, view: View) -> bool:
        """Whether there is `news`: in most frames there is none."""
        self.now = leg
        if leg and not leg.foot_in_view:
            self._cut_s = time_s
        self.cut = time_s - self._cut_s < CUT_S
        settled = self.follower.update(time_s, leg, other, view)
        shown = leg and shows_angle(leg, view) and not self.cut and not self._walks(leg, time_s)
        self.measured = leg if shown else None
        if self._keeps_angles:
            self._write(self.measured)
        if self.measured:
            self.calibration.update(time_s, self.measured.ankle_deg)
        self._reps = self.reps.update(settled)
        self._holds = []
        if self._wants_holds and not view.feet:
            self._holds = self.holds.update(settled) + self.step_hold.update()
        return bool(self._reps or self._holds)

    def _walks(self, leg: LegSample, time_s: float) -> bool:
        """Whether legs without a body go past, or did a moment ago: they are followed too late then."""
        if not isnan(leg.shoulders_px):
            return False
        moments = self.follower.between(time_s - WALK_S, time_s)
        since_s = time_s - moments[0].time_s
        gone_px = abs(_middle_px(moments[-1]) - _middle_px(moments[0]))
        if since_s < WALK_S / 2 or gone_px > WALKS * leg.leg_px * since_s:
            self._walked_s = time_s
        return time_s - self._walked_s < WALK_S

    @property
    def ankle_deg(self) -> float:
        """Calibrated, by all that is known by now; NaN where it cannot be read."""
        if self.measured is None:
            return nan
        return self.follower.foot_range.ankle_deg(self.measured) - self.calibration.offset_deg

    @property
    def range_deg(self) -> tuple[float, float]:
        """The lowest and the highest of the last reps, calibrated."""
        low, high = self.reps.range_deg
        return low - self.calibration.offset_deg, high - self.calibration.offset_deg

    def turned(self, turn_deg: float, kept: float) -> None:
        """How far the foot has turned in the picture since it rested; of its turn `kept` is seen there."""
        if self.now:
            self.follower.foot_range.learn(self.now.foot_deg, turn_deg, isnan(self.now.shoulders_px), kept)

    def _write(self, leg: LegSample | None) -> None:
        self._angles.extend((leg.ankle_deg, leg.knee_deg, leg.foot_deg, leg.across) if leg else UNSEEN)

    def angles_deg(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The angles of ankle and knee in every frame, both (n,), by all that is known by now."""
        ankle, knee, foot, across = np.array(self._angles).reshape(-1, len(UNSEEN)).T
        restored = self.follower.foot_range.curve.ankle_degs(ankle, across, foot)
        return restored - self.calibration.offset_deg, knee

    @property
    def news(self) -> LegNews:
        """What the last update found."""
        since_s = min(self.holds.since_s, self.step_hold.since_s)
        return LegNews(self._reps if self._wants_reps else [], self._holds, since_s)

    def finish(self) -> LegNews:
        settled = self.follower.finish()
        reps = self.reps.update(settled) + self.reps.finish()
        holds: list[LegHold] = []
        if self._wants_holds:
            holds = self.holds.update(settled) + self.step_hold.update()
            holds += self.holds.finish() + self.step_hold.finish()
        return LegNews(reps if self._wants_reps else [], holds)


def _middle_px(moment: Moment) -> float:
    """Where the ankles are across the picture."""
    other = moment.other or moment.leg
    return (moment.leg.ankle_x_px + other.ankle_x_px) / 2

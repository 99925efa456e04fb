"""Coaching a stretch: a breath pacer, and a hold that fills while the position is kept."""

from dataclasses import dataclass
from math import floor, isfinite
from typing import Literal

from posecount.types import nan

BREATHS_PER_MIN = 6.0  # slow breathing: Russo et al. 2017, Breathe 13(4), 298-309; also in calf-stretch.toml
FORGIVEN_S = 1.0  # a shorter loss of the position, or of the leg from view, is no release


@dataclass(frozen=True, slots=True)
class Breath:
    """`fraction` runs from 0 to 1 within the breath in, and again within the breath out."""

    phase: Literal["in", "out"]
    fraction: float


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold in progress, for a ring that fills."""

    held_s: float
    target_s: float
    breaths: int  # whole ones
    breath: Breath
    holding: bool
    done: bool
    releases: int  # times it had to begin again
    deeper_deg: float  # what the breaths out have won since the hold began; NaN where angles cannot be read

    @property
    def fraction(self) -> float:
        return min(1.0, self.held_s / self.target_s)


def pacer(time_s: float, breaths_per_min: float = BREATHS_PER_MIN) -> Breath:
    """Where the breath should be, `time_s` after it began with a breath in; as long in as out."""
    half_breaths = time_s * breaths_per_min / 30.0
    return Breath("out" if floor(half_breaths) % 2 else "in", half_breaths % 1.0)


class HoldCoach:
    """Counts the seconds and breaths of one stretch of `breaths` breaths."""

    def __init__(self, breaths: float, breaths_per_min: float = BREATHS_PER_MIN) -> None:
        self._per_min = breaths_per_min
        self._target_s = breaths * 60.0 / breaths_per_min
        self._held_s = 0.0
        self._lost_s = 0.0
        self._last_s = nan
        self._holding = False
        self._releases = 0
        self._began_deg = self._now_deg = nan

    def update(self, time_s: float, holding: bool, ankle_deg: float = nan) -> HoldView:
        """`holding` is whether the position is kept now; done stays done."""
        since_s = time_s - self._last_s if isfinite(self._last_s) else 0.0
        self._last_s = time_s
        if not self._done:
            self._count(since_s, holding)
            self._measure(ankle_deg if holding else nan)
        self._holding = holding
        return self.view

    @property
    def view(self) -> HoldView:
        # A hold that falls a rounding error short of its last breath has reached it.
        breaths = floor(self._held_s * self._per_min / 60.0 + 1e-6)
        breath = pacer(self._held_s, self._per_min)
        deeper = self._now_deg - self._began_deg
        return HoldView(
            self._held_s, self._target_s, breaths, breath, self._holding, self._done, self._releases, deeper
        )

    @property
    def _done(self) -> bool:
        return self._held_s >= self._target_s - 1e-6

    def _count(self, since_s: float, holding: bool) -> None:
        """Time counts while the position is kept, from one look to the next."""
        if holding and self._holding:
            self._held_s = min(self._held_s + since_s, self._target_s)
        self._lost_s = 0.0 if holding else self._lost_s + since_s
        if self._held_s > 0 and self._lost_s >= FORGIVEN_S:
            self._held_s = 0.0
            self._releases += 1
            self._began_deg = self._now_deg = nan

    def _measure(self, ankle_deg: float) -> None:
        """The depth at each turn from breathing in to out is what the next breath out starts from."""
        if not isfinite(ankle_deg):
            return
        smooth = 0.1  # of each new angle: a second's worth at camera speed, as depth changes over breaths
        self._now_deg = (
            ankle_deg if not isfinite(self._now_deg) else self._now_deg + smooth * (ankle_deg - self._now_deg)
        )
        if not isfinite(self._began_deg) and self._held_s >= 1.0:
            self._began_deg = self._now_deg

"""Coaching a stretch: a breath pacer, and a hold that fills while the position is kept."""

from dataclasses import dataclass
from math import floor, isfinite
from typing import Literal

from posecount.filters import Average
from posecount.types import nan

BREATHS_PER_MIN = 6.0  # slow breathing: Russo et al. 2017, Breathe 13(4), 298-309; also in calf-stretch.toml
FORGIVEN_S = 1.0  # a shorter loss of the position, or of the leg from view, is no release
DEPTH_TAU_S = 1.0  # depth changes from breath to breath; what is faster is not breathing
ROUNDING = 1e-6  # seconds summed frame by frame fall this little short


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
    whole = floor(half_breaths + ROUNDING)
    return Breath("out" if whole % 2 else "in", max(0.0, half_breaths - whole))


class HoldCoach:
    """Counts the seconds and breaths of one stretch of `breaths` breaths."""

    def __init__(self, breaths: float, breaths_per_min: float = BREATHS_PER_MIN) -> None:
        self._per_min = breaths_per_min
        self._target_s = breaths * 60.0 / breaths_per_min
        self._last_s = nan
        self._holding = False
        self._releases = 0
        self._begin_again()

    def _begin_again(self) -> None:
        self._held_s = self._lost_s = 0.0
        self._depth = Average(DEPTH_TAU_S)
        self._began_deg = nan

    def update(self, time_s: float, holding: bool, ankle_deg: float = nan) -> HoldView:
        """`holding` is whether the position is kept now; once done it stays done."""
        since_s = time_s - self._last_s if isfinite(self._last_s) else 0.0
        if not self._done:
            self._count(since_s, holding)
            if holding:
                self._measure(time_s, ankle_deg)
        self._last_s, self._holding = time_s, holding
        return self.view

    @property
    def view(self) -> HoldView:
        return HoldView(
            held_s=self._held_s,
            target_s=self._target_s,
            breaths=floor(self._held_s * self._per_min / 60.0 + ROUNDING),
            breath=pacer(self._held_s, self._per_min),
            holding=self._holding,
            done=self._done,
            releases=self._releases,
            deeper_deg=self._depth.value - self._began_deg,
        )

    @property
    def _done(self) -> bool:
        return self._held_s >= self._target_s - ROUNDING

    def _count(self, since_s: float, holding: bool) -> None:
        """The time from one look to the next counts when the position was kept at both."""
        if holding and self._holding and since_s < FORGIVEN_S:
            self._held_s = min(self._held_s + since_s, self._target_s)
            self._lost_s = 0.0
            return
        self._lost_s += since_s
        if self._lost_s >= FORGIVEN_S and self._held_s > 0:
            self._releases += 1
            self._begin_again()

    def _measure(self, time_s: float, ankle_deg: float) -> None:
        self._depth.push(time_s, ankle_deg)
        if not isfinite(self._began_deg) and self._held_s >= DEPTH_TAU_S:
            self._began_deg = self._depth.value

"""A calf stretch held: when it began and ended, which muscle, steady or bouncing.

A hold is dorsiflexion that is reached, kept for at least `min_s`, and left again, while the person stands.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf, isfinite
from statistics import median

import numpy as np
from numpy.typing import NDArray

from posecount.bounces import bounce_times_s
from posecount.filters import Average
from posecount.hold_ends import KNOWN_S, WAY_S, HoldEnds
from posecount.movement import Follower, Moment, mostly_shown
from posecount.spread import spread, strayed
from posecount.types import HoldQuality, Muscle, nan

MOVE_S, BLUR_S = 1.5, 0.7  # what the way into a stretch takes, and how far smoothing looks ahead
WAYS_S = 1.0  # more than between two passings of one level no hold was found to be longer: 0.6 in 99 of 100
DEG_PER_SINK = 200.0  # of the ankle, for shoulders that sink by a leg: rendered stretches 130 to 330
BEND_SPLIT_DEG = 20.0  # between straight (below 15) and bent (above 25), for a first hold in between

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HoldSettings:
    """Degrees of the counting signal above the level the person stands at."""

    enter_deg: float = 5.5
    release_share: float = 0.5  # of the stretch: less is leaving it
    depth_tau_s: float = 3.0  # a stretch that has deepened is left from there
    forgive_s: float = 0.45  # a dip shorter than this does not end it: half a bounce
    min_s: float = 3.0
    knee_max_deg: float = 60.0  # standing, more is a squat or a chair pose
    knee_still_deg: float = 22.0  # during a hold; lunges and walking move more
    shank_still_deg: float = 16.0
    toe_still: float = 0.16  # of the leg
    bounce_min_deg: float = 2.0
    bounces_min: int = 4  # this many
    bounces_s: float = 4.5  # within this time are bouncing; a twitch now and then is not
    settle_s: float = 0.6  # landmarks wander while they find a person; nothing is held yet
    rest_tau_s: float = 8.0
    rest_band_deg: float = 2.5  # around the resting level: what belongs to it
    away_s: float = 12.0  # elsewhere for so long is where the person stands now
    dorsiflexion_min_deg: float = 5.0  # from neutral, where the angle can be read: less is just standing
    standing_only: bool = True


@dataclass(frozen=True, slots=True)
class LegHold:
    """A hold of one leg, before the two sides are put together."""

    start_s: float
    end_s: float
    angle_deg: float
    knee_deg: float
    muscle: Muscle
    quality: HoldQuality
    bounces: int


class _Mean:
    def __init__(self, first: float) -> None:
        self.mean, self._n = first, 1

    def add(self, value: float) -> None:
        self._n += 1
        self.mean += (value - self.mean) / self._n


class HoldCounter:
    """Fed with the smoothed movement of the `Follower` of its leg."""

    def __init__(self, follower: Follower, settings: HoldSettings) -> None:
        self._follower = follower
        self._set = settings
        self._muscle: Muscle | None = None
        self._begin_again()

    def _begin_again(self) -> None:
        self._rest = Average(self._set.rest_tau_s)
        self._ends = HoldEnds(self._follower, self._set.rest_tau_s)
        self._start_s = nan  # of the hold in progress, once it is known
        self._past: deque[tuple[float, float]] = deque()
        self._since_s = self._away_since_s = self._left_s = inf
        self._leaving = False
        self._depth = _Mean(0.0)
        self._lately = Average(self._set.depth_tau_s)

    @property
    def since_s(self) -> float:
        """When the leg went into what is or may become a hold; infinite when it is not in one."""
        return self._since_s

    @property
    def held_s(self) -> float:
        """How long the hold in progress has lasted; 0 before it is one."""
        if not self._past or self._since_s == inf:
            return 0.0
        seconds = self._past[-1][0] - self._since_s
        return seconds if seconds >= 1.0 else 0.0

    @property
    def bounces(self) -> int:
        """In the last seconds of the hold in progress, without what the ways in and out may blur."""
        if not self.held_s or self._left_s < inf:
            return 0
        until_s = self._past[-1][0] - BLUR_S
        since_s = max(self._since_s + MOVE_S, until_s - 2 * self._set.bounces_s)
        moments = self._follower.between(since_s, until_s)
        return self._bounces(moments) if moments else 0

    def update(self, settled: Iterable[tuple[float, float]]) -> list[LegHold]:
        """The holds that these samples (time_s, degrees) end."""
        if self._follower.fresh:
            self._begin_again()
        if self._set.standing_only and not self._follower.view.standing:
            return []
        return [hold for sample in settled if (hold := self._step(sample))]

    def finish(self) -> list[LegHold]:
        """A hold still going on at the end is taken to end there."""
        if not self._past or self._since_s == inf:
            return []
        hold = self._hold(None)
        return [hold] if hold else []

    def _step(self, sample: tuple[float, float]) -> LegHold | None:
        self._past.append(sample)
        time_s, value = sample
        if self._since_s == inf:
            self._wait(time_s, value)
            return None
        if not isfinite(self._start_s) and time_s - self._since_s >= KNOWN_S:
            self._start_s = self._ends.reached_s(self._past, self._rest.value, self._since_s)
        above = value - self._rest.value
        if above > self._set.release_share * max(self._depth.mean, self._lately.value):
            self._depth.add(above)
            self._lately.push(time_s, above)
            self._left_s = inf
            return None
        self._left_s = min(self._left_s, time_s)
        if time_s - self._left_s < self._set.forgive_s:
            return None
        hold = self._hold(self._left_s)
        self._since_s, self._leaving = inf, True
        return hold

    def _wait(self, time_s: float, value: float) -> None:
        while time_s - self._past[0][0] > WAY_S:
            self._past.popleft()
        above = value - self._rest.value
        settling = time_s - self._follower.begun_s < self._set.settle_s
        if settling:
            self._rest = Average(self._set.rest_tau_s)
            self._rest.push(time_s, value)
        elif above > self._set.enter_deg and not self._leaving:
            self._since_s, self._start_s, self._left_s, self._depth = time_s, nan, inf, _Mean(above)
            self._lately = Average(self._set.depth_tau_s)
            self._lately.push(time_s, above)
        elif not abs(above) > self._set.rest_band_deg:
            self._rest.push(time_s, value)
            self._ends.rest(time_s)
            self._away_since_s, self._leaving = inf, False
        else:
            self._leaving = self._leaving and above > 0
            self._move_rest(time_s, value)

    def _move_rest(self, time_s: float, value: float) -> None:
        """On the toes for a moment is no new resting level; for long it is."""
        self._away_since_s = min(self._away_since_s, time_s)
        if time_s - self._away_since_s > self._set.away_s:
            self._rest = Average(self._set.rest_tau_s)
            self._rest.push(time_s, value)

    def _hold(self, left_s: float | None) -> LegHold | None:
        """The hold left at `left_s`, or going on at the end; None when too short, or no calf stretch."""
        samples = [sample for sample in self._past if left_s is None or sample[0] <= left_s]
        if samples[-1][0] - self._since_s < self._set.min_s - WAYS_S:
            return None
        start_s = self._start_s
        end_s = samples[-1][0] if left_s is None else self._ends.left_s(samples, self._rest.value)
        if end_s - start_s < self._set.min_s or self._depth.mean < self._set.enter_deg:
            return None
        moments = self._follower.between(start_s, end_s)
        if not moments:
            return None
        knee_deg = median(m.leg.knee_deg for m in moments)
        angle_deg = float(np.median(self._follower.ankle_degs(moments))) - self._ends.neutral_deg
        view = self._follower.view
        flat = view.readable and angle_deg < self._set.dorsiflexion_min_deg
        squat = view.standing and knee_deg > self._set.knee_max_deg
        if flat or squat or not self._kept_still(moments):
            return None
        bounces = self._bounces(moments)
        self._muscle = _muscle(knee_deg, self._muscle)
        return LegHold(
            start_s=start_s,
            end_s=end_s,
            angle_deg=angle_deg if mostly_shown(moments, view) else nan,
            knee_deg=knee_deg,
            muscle=self._muscle,
            quality="bouncing" if bounces else "steady",
            bounces=bounces,
        )

    def _kept_still(self, moments: list[Moment]) -> bool:
        legs, s = [m.leg for m in moments], self._set
        size = median(leg.leg_px for leg in legs)
        return (
            spread([leg.knee_deg for leg in legs]) <= s.knee_still_deg
            and spread([leg.shank_deg for leg in legs]) <= s.shank_still_deg
            and strayed([leg.toe_x_px for leg in legs], [leg.toe_y_px for leg in legs]) <= s.toe_still * size
        )

    def _bounces(self, moments: list[Moment]) -> int:
        """Bounces, or 0 when there are only twitches: all that can be seen of them must agree."""
        times, s = np.array([m.time_s for m in moments]), self._set
        found = [bounce_times_s(times, np.array(w), s.bounce_min_deg) for w in self._witnesses(moments)]
        return (
            min(map(len, found)) if all(_in_a_row(at_s, s.bounces_min, s.bounces_s) for at_s in found) else 0
        )

    def _witnesses(self, moments: list[Moment]) -> Iterator[list[float]]:
        """The movement, the ankle, and of who stands the shoulders, which tremble least of all."""
        view = self._follower.view
        yield [m.move_deg for m in moments]
        if view.readable:
            yield [m.leg.ankle_deg for m in moments]
        shoulders_px = [m.leg.shoulders_px for m in moments]
        if view.standing and all(map(isfinite, shoulders_px)):
            scale = DEG_PER_SINK / median(m.leg.leg_px for m in moments)
            yield [scale * y_px for y_px in shoulders_px]


def _in_a_row(at_s: Floats, count: int, within_s: float) -> bool:
    return len(at_s) >= count and bool(np.any(at_s[count - 1 :] - at_s[: len(at_s) - count + 1] <= within_s))


def _muscle(knee_deg: float, last: Muscle | None) -> Muscle:
    """'straight' below 15 deg, 'bent' above 25; in between the last label stays."""
    if 15.0 <= knee_deg <= 25.0 and last:
        return last
    return "soleus" if knee_deg > BEND_SPLIT_DEG else "gastrocnemius"

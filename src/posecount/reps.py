"""One leg's movement in, its reps out: two strokes make a rep, if the rest of the body kept still.

Counting is relative to the person's own range. A stroke counts once it stands well above what this signal's
noise can do; a rep below half of the own range is partial; what moves a knee, a shank or a whole foot is a
squat, a kick or a step, and no rep at all.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from posecount.movement import Follower, Moment, View, movement_deg
from posecount.noise import NoiseFloor
from posecount.smoothness import REBOUND_S, Shape, Trace, judge, trace
from posecount.spread import path, quantile, spread
from posecount.strokes import Stroke, StrokeFinder
from posecount.types import LegSample, nan

Floats = NDArray[np.float64]

ARM_S = 0.15  # a leg must be in view this long before its movement counts
PAUSE_MAX_S = 11.0  # longer at one end, and the next stroke begins a new rep
CUT_SHARE = 0.5  # of the way back: seen before the end, it was a rep
ANEW = 0.75  # of a rep's first stroke: as much again the same way is another rep, badly returned from


@dataclass(frozen=True, slots=True)
class RepSettings:
    """Degrees of the counting signal (a rise reads about 1.4 times the ankle's own); lengths in legs."""

    floor_deg: float = 5.0  # the least movement that can be a stroke
    floor_standing_deg: float = 4.0  # the body's rise is found better than feet
    noise_factor: float = 6.0  # or this many times what the signal does at rest
    hysteresis_share: float = 0.16  # or this share of the own range
    first_deg: float = 9.0  # before the own range is known, less is fidgeting
    first_standing_deg: float = 9.5
    stray_share: float = 0.45  # of the own range: no first half of a full rep
    return_share: float = 0.6  # of the way up: who stands, comes down again before it is a rep
    return_share_sitting: float = 0.4
    partial_share: float = 0.5  # of the own range: less is a partial rep
    knee_max_deg: float = 28.0  # heel raises bend the knee 4-20 deg, squats and lunges 35-120
    shank_max_deg: float = 22.0  # a standing person's shank keeps its direction; a step turns it
    shank_share: float = 0.35  # of the movement: else it is the shank that moves, over a foot that stays
    across_share: float = 0.75  # of the movement along the shank: else the foot is turned in or out
    apart_share: float = (
        0.9  # of it that the toes may move apart: pumping both feet 0.1-0.73, turning them out 1.07
    )
    ankle_max: float = 0.2  # a heel raise lifts the ankle by 0.12
    toe_max: float = 0.16  # the toes of a standing person stay where they are
    length_max: float = 0.16  # change of the leg's length in the picture
    other_leg_factor: float = 1.6  # the other leg may move this much more, as it is often half hidden


@dataclass(frozen=True, slots=True)
class LegRep:
    """A rep of one leg, before the two sides are put together."""

    start_s: float
    peak_s: float
    end_s: float
    amplitude_deg: float  # of the movement as counted, comparable between legs
    range_deg: float
    up_s: float
    down_s: float
    standing: bool
    small: bool  # below the partial share of the own range
    moved: Trace
    noise_deg: float
    witness: tuple[Floats, Floats] | None  # times and values of a second signal, if it must agree

    def shape(self) -> Shape:
        """How it was moved: worked out here, since most reps of a far leg are never asked."""
        if self.witness is None:
            return judge(self.moved)
        first, second, noise_deg = self.moved.first, self.moved.second, self.noise_deg
        return judge(self.moved, trace(*self.witness, first, second, noise_deg))


class RepCounter:
    """Fed with the smoothed movement of the `Follower` of its leg."""

    def __init__(self, follower: Follower, settings: RepSettings) -> None:
        self._follower = follower
        self._set = settings
        self._recent: deque[float] = deque(maxlen=8)  # amplitudes, as smoothed
        self._full: deque[float] = deque(maxlen=10)  # amplitudes of reps that were not partial
        self._noise, self._flicker = NoiseFloor(), NoiseFloor()
        self._ends: deque[tuple[float, float]] = deque(maxlen=5)  # lowest and highest ankle angle of each rep
        self._finder = StrokeFinder()
        self._first: Stroke | None = None
        self._waver: Stroke | None = None

    @property
    def range_deg(self) -> tuple[float, float]:
        """The person's own lowest and highest angle in the last reps, not calibrated; NaN before them."""
        if not self._ends:
            return nan, nan
        return median(low for low, _ in self._ends), median(high for _, high in self._ends)

    @property
    def direction(self) -> int:
        """+1 dorsiflexing, -1 plantarflexing, 0 resting."""
        excursion = self._finder.excursion_deg
        return (excursion > 0) - (excursion < 0)

    def update(self, settled: Iterable[tuple[float, float]]) -> list[LegRep]:
        """The reps that these samples (time_s, degrees) complete."""
        if self._follower.fresh:
            self._finder, self._first = StrokeFinder(), None
        reps = []
        for at_s, value in settled:
            self._hear_noise(at_s, value)
            stroke = self._finder.update(at_s, value, self._hysteresis_deg())
            if stroke and (rep := self._pair(stroke)):
                reps.append(rep)
        return reps

    def finish(self) -> list[LegRep]:
        """A rep whose way back the end has cut off, if half of it was seen."""
        stroke, first = self._finder.unfinished(), self._first
        if not self._recent or stroke is None or first is None or stroke.rises == first.rises:
            return []
        if stroke.amplitude_deg < CUT_SHARE * first.amplitude_deg or not self._is_whole(first, stroke):
            return []
        rep = self._rep(first, stroke)
        return [rep] if rep else []

    def _hear_noise(self, at_s: float, value: float) -> None:
        """Flicker at rest for judging smoothness; for counting, all the time, but what outlasts a frame."""
        after = nan
        before = reversed(self._follower.moments)
        for moment in before:
            if moment.time_s <= at_s:
                here = moment.move_deg
                if not self._finder.moving:
                    self._flicker.push(abs(here - value))
                if earlier := next(before, None):
                    later = after if after == after else here
                    self._noise.push(abs((earlier.move_deg + 2 * here + later) / 4 - value))
                return
            after = moment.move_deg

    def _hysteresis_deg(self) -> float:
        s, own = self._set, median(self._recent) if self._recent else 0.0
        view = self._follower.view
        floor = s.floor_standing_deg if view and view.standing else s.floor_deg
        return max(floor, s.noise_factor * self._noise.value_deg, s.hysteresis_share * own)

    def _pair(self, stroke: Stroke) -> LegRep | None:
        """The rep that this stroke completes; None for a first half, or no ankle movement at all."""
        first, self._first = self._first, None
        if not self._is_ankle(stroke):
            return None
        if first is None or stroke.start_s - first.end_s > PAUSE_MAX_S:
            self._first = stroke if self._may_begin(stroke) else None
            return None
        if first.rises == stroke.rises:
            return self._go_on(first, stroke)
        if self._is_stray(first, stroke):
            self._first = stroke if self._may_begin(stroke) else None
            return None
        if stroke.amplitude_deg < self._return_share() * first.amplitude_deg:
            self._first, self._waver = first, stroke
            return None
        return self._rep(first, stroke) if self._is_whole(first, stroke) else None

    def _go_on(self, first: Stroke, stroke: Stroke) -> LegRep | None:
        """After a rest or a waver the same way again: the same rep, unless it is a whole stroke anew."""
        waver, self._waver = self._waver, None
        if waver is None or stroke.amplitude_deg < ANEW * first.amplitude_deg:
            self._first = _joined(first, stroke)
            return None
        self._first = stroke
        return self._rep(first, waver) if self._is_whole(first, waver) else None

    def _return_share(self) -> float:
        view = self._follower.view
        return self._set.return_share if view and view.standing else self._set.return_share_sitting

    def _may_begin(self, stroke: Stroke) -> bool:
        """Who stands, rests with the heels down: a rep begins by going up. A pump may begin either way."""
        view = self._follower.view
        return not stroke.rises or not (view and view.standing)

    def _is_stray(self, first: Stroke, second: Stroke) -> bool:
        """Whether the first stroke was a twitch before the real thing, as the other foot's echo is."""
        own = median(self._recent) if self._recent else 0.0
        return first.amplitude_deg < self._set.stray_share * own and second.amplitude_deg > 0.75 * own

    def _is_whole(self, first: Stroke, second: Stroke) -> bool:
        s, view = self._set, self._follower.view
        ends = first.amplitude_deg, second.amplitude_deg
        standing = bool(view and view.standing)
        enough = min(ends) >= s.first_standing_deg if standing else max(ends) >= s.first_deg
        return (enough or bool(self._recent)) and self._is_ankle(replace(first, end_s=second.end_s))

    def _is_ankle(self, stroke: Stroke) -> bool:
        """Whether knees, shanks and feet kept their places, and only the ankle moved."""
        moments = self._follower.between(stroke.start_s, stroke.end_s)
        view = self._follower.view
        if stroke.start_s - self._follower.begun_s < ARM_S or not moments or view is None:
            return False
        legs = [m.leg for m in moments]
        others = [m.other for m in moments if m.other]
        return (
            self._kept_still(legs, view, 1.0)
            and (view.standing or self._foot_moved(moments, view, stroke.amplitude_deg))
            and (2 * len(others) < len(moments) or self._kept_still(others, view, self._set.other_leg_factor))
        )

    def _kept_still(self, legs: list[LegSample], view: View, factor: float) -> bool:
        s, size = self._set, median(leg.leg_px for leg in legs)
        toe_max = s.toe_max if view.standing else 1.0
        return (
            spread([leg.knee_deg for leg in legs]) <= factor * s.knee_max_deg
            and spread([leg.shank_deg for leg in legs]) <= factor * s.shank_max_deg
            and spread([leg.leg_px for leg in legs]) <= factor * s.length_max * size
            and path([leg.ankle_px for leg in legs]) <= factor * s.ankle_max * size
            and path([leg.toe_px for leg in legs]) <= factor * toe_max * size
        )

    def _foot_moved(self, moments: list[Moment], view: View, amplitude_deg: float) -> bool:
        """Whether the foot moved up and down against a shank that did not."""
        s, legs = self._set, [m.leg for m in moments]
        if spread([leg.shank_deg for leg in legs]) > max(5.0, s.shank_share * amplitude_deg):
            return False
        along, across = spread([leg.reach for leg in legs]), spread([leg.across for leg in legs])
        return view.readable or (
            across <= s.across_share * along and _toes_apart(moments) <= s.apart_share * along
        )

    def _rep(self, first: Stroke, second: Stroke) -> LegRep | None:
        """None for a twitch: too small to be a rep and too quick to be a partial one."""
        amplitude = max(first.amplitude_deg, second.amplitude_deg)
        moments = self._follower.between(first.start_s - 0.3, second.end_s + 0.3)
        times = np.array([m.time_s for m in moments])
        noise_deg = self._flicker.value_deg
        moved = trace(times, np.array([m.move_deg for m in moments]), first, second, noise_deg)
        top_s, own = moved.top_s, median(self._recent) if self._recent else 0.0
        if top_s < REBOUND_S and amplitude < self._set.stray_share * own:
            return None
        self._recent.append(amplitude)
        small = self._is_small(moved.amplitude_deg)
        if not small or top_s < REBOUND_S:
            self._full.append(moved.amplitude_deg)
        view = self._follower.view
        standing, readable = bool(view and view.standing), bool(view and view.readable)
        low, high = self._ends_deg(moments) if readable else (nan, nan)
        return LegRep(
            start_s=first.start_s,
            peak_s=(first.end_s + second.start_s) / 2,
            end_s=second.end_s,
            amplitude_deg=amplitude,
            range_deg=high - low,
            up_s=first.end_s - first.start_s,
            down_s=second.end_s - second.start_s,
            standing=standing,
            small=small,
            moved=moved,
            witness=self._witness(times, moments),
            noise_deg=noise_deg,
        )

    def _is_small(self, amplitude_deg: float) -> bool:
        return bool(self._full) and amplitude_deg < self._set.partial_share * quantile(self._full, 0.75)

    def _ends_deg(self, moments: list[Moment]) -> tuple[float, float]:
        """The ankle's lowest and highest angle, remembered."""
        angles_deg = self._follower.ankle_degs(moments).tolist()
        self._ends.append((quantile(angles_deg, 0.04), quantile(angles_deg, 0.96)))
        return self._ends[-1]

    def _witness(self, times: Floats, moments: list[Moment]) -> tuple[Floats, Floats] | None:
        """In a standing person a second signal must show a ripple: the rise alone may be a toe's flicker.

        It is the ankle's angle, or where that cannot be read the rise over the other foot.
        """
        view = self._follower.view
        if not (view and view.standing):
            return None
        if view.readable:
            return times, np.array([m.leg.ankle_deg for m in moments])
        others = np.array([movement_deg(m.other, view) if m.other else nan for m in moments])
        seen = np.isfinite(others)
        return (times[seen], others[seen]) if seen.mean() > 0.8 else None


def _toes_apart(moments: list[Moment]) -> float:
    """How far the toes of both feet moved apart across the shank, in legs; 0 while one foot is hidden."""
    seen = [(m.leg, m.other) for m in moments if m.other]
    if not seen:
        return 0.0
    shank = np.mean([np.subtract(leg.ankle_px, leg.knee_px) for leg, _ in seen], axis=0)
    across = np.array([shank[1], -shank[0]]) / np.hypot(*shank)
    apart = np.array([np.subtract(leg.toe_px, other.toe_px) for leg, other in seen]) @ across
    return spread(apart.tolist()) / median(leg.leg_px for leg, _ in seen)


def _joined(first: Stroke, second: Stroke) -> Stroke:
    """Two strokes the same way, with a rest or a waver between them; the larger one says when it began."""
    larger = first if first.amplitude_deg >= second.amplitude_deg else second
    return Stroke(larger.start_s, second.end_s, first.start_deg, second.end_deg)

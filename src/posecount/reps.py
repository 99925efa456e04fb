"""One leg's movement in, its reps out: two strokes of the ankle make a rep.

Counting is relative to the person's own range. A stroke counts once it stands well above what this signal's
noise can do; a rep below half of the own range is partial.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from posecount.leg_rep import Ends, LegRep
from posecount.movement import SIGMA_S, Follower, in_columns, shows_angle
from posecount.noise import SLOW_CAMERA_S, NoiseFloor, left_by_smoothing_deg
from posecount.only_ankle import is_ankle, is_echo, is_step, lifts
from posecount.rep_trace import trace
from posecount.smoothness import REBOUND_S
from posecount.spread import quantile
from posecount.strokes import Stroke, StrokeFinder, joined
from posecount.types import nan

FIND_S = 0.1  # what the landmark network finds in its first pictures is not where it settles
PAUSE_MAX_S = 11.0  # longer at one end, and the next stroke begins a new rep
# Of feet alone: so many times the slower stroke, within these. Longer, and it may have been a stretch.
PAUSE_STROKES, SHORT_PAUSE_S, LONG_PAUSE_S = 2.2, 3.5, 6.0
CUT_SHARE = 0.5  # of the way back: seen before the end, it was a rep
STANDS_OUT = 4.7  # times the noise in it, smoothed: a flickering foot 3 to 4.6, 99 of 100 reps 7 or more
STANDS_OUT_OF_FEET = 5.5  # of feet alone 4.8 to 5.2
SET, SET_TEMPO = 4, 0.5  # reps in a row, the quickest one's time over the slowest one's
CONFIRMED_SHARE = 0.7  # of the rep that follows it
SLOW_SHARE = 0.78  # of what smoothing takes away at 15 frames a second: as much as that says at 30
# Of a rep's first stroke: as much again the same way is another rep, badly returned from. Legs just found may
# seem to begin further away than they do; feet alone may bounce in a stretch.
ANEW, ANEW_OF_FEET = 0.6, 0.65


@dataclass(frozen=True, slots=True)
class RepSettings:
    """Degrees of the counting signal (a rise reads about 1.4 times the ankle's own)."""

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


class RepCounter:
    """Fed with the smoothed movement of the `Follower` of its leg."""

    def __init__(self, follower: Follower, settings: RepSettings) -> None:
        self._follower = follower
        self._set = settings
        self._recent: deque[float] = deque(maxlen=8)  # amplitudes, as smoothed
        self._own_deg = 0.0  # the middle of them
        self._full: deque[float] = deque(maxlen=10)  # amplitudes of reps that were not partial
        self._noise, self._flicker = NoiseFloor(), NoiseFloor()
        self._ends: deque[Ends] = deque(maxlen=5)
        self._finder = StrokeFinder()
        self._first: Stroke | None = None
        self._waver: Stroke | None = None
        self._doubtful: list[tuple[Stroke, Stroke]] = []  # too small to begin with

    @property
    def range_deg(self) -> tuple[float, float]:
        """The person's own lowest and highest angle in the last reps, not calibrated; NaN before them."""
        if not self._ends:
            return nan, nan
        lows, highs = zip(*(ends.degs for ends in self._ends), strict=True)
        return median(lows), median(highs)

    @property
    def direction(self) -> int:
        """+1 dorsiflexing, -1 plantarflexing, 0 resting."""
        excursion = self._finder.excursion_deg
        return (excursion > 0) - (excursion < 0)

    @property
    def open(self) -> bool:
        """Whether a rep has begun that is not over, as far as is known."""
        return self._first is not None or self._finder.moving

    def update(self, settled: Sequence[tuple[float, float]]) -> list[LegRep]:
        """The reps that these samples (time_s, degrees) complete."""
        if self._follower.fresh:
            self._finder = StrokeFinder()
            self._first = self._waver = None
            self._doubtful.clear()
        reps: list[LegRep] = []
        follower = self._follower
        first = len(follower.moments) - follower.unsettled - len(settled)
        for moment, sample in enumerate(settled, first):
            if sample[0] - follower.begun_s >= FIND_S:
                self._hear_noise(moment, sample[1])
                if stroke := self._finder.update(sample, self._hysteresis_deg()):
                    reps += self._pair(stroke)
        return reps

    def finish(self) -> list[LegRep]:
        """A rep whose way back the end has cut off, if half of it was seen; of a partial one nobody knows."""
        stroke, first = self._finder.unfinished(), self._first
        if not self._recent or stroke is None or first is None or stroke.rises == first.rises:
            return []
        if first.amplitude_deg < self._set.partial_share * self._own_deg:
            return []
        return self._reps(first, stroke) if stroke.amplitude_deg >= CUT_SHARE * first.amplitude_deg else []

    def _hear_noise(self, moment: int, value: float) -> None:
        """Flicker at rest for judging smoothness; for counting, all the time, but what outlasts a frame."""
        moments = self._follower.moments
        now = moments[moment]
        here = now.move_deg
        if not self._finder.moving:
            self._flicker.push(abs(here - value))
        if moment == 0:
            return
        before, later = moments[moment - 1], moments[min(moment + 1, len(moments) - 1)]
        if now.time_s - before.time_s > SLOW_CAMERA_S:  # three samples are what smoothing takes
            self._noise.push(SLOW_SHARE * abs(here - value))
        else:
            self._noise.push(abs((before.move_deg + 2 * here + later.move_deg) / 4 - value))

    def _hysteresis_deg(self) -> float:
        s, view = self._set, self._follower.view
        floor = s.floor_standing_deg if view.standing else s.floor_deg
        return max(floor, s.noise_factor * self._noise.value_deg, s.hysteresis_share * self._own_deg)

    def _pair(self, stroke: Stroke) -> list[LegRep]:
        """The rep that this stroke completes; none for a first half, or no ankle movement at all."""
        if is_echo(stroke, self._follower):
            return []
        first, self._first = self._first, None
        if first and self._completes(first, stroke):
            return self._reps(first, stroke)
        if not is_ankle(stroke, self._follower):
            return []
        if first and self._is_soon(first, stroke):
            if first.rises == stroke.rises:
                return self._go_on(first, stroke)
            if not self._is_stray(first, stroke):
                self._first, self._waver = first, stroke
                return []
        self._first = stroke if self._may_begin(stroke) else None
        return []

    def _completes(self, first: Stroke, stroke: Stroke) -> bool:
        """Whether it comes back far enough from a first stroke that was none by the way."""
        return (
            first.rises != stroke.rises
            and self._is_soon(first, stroke)
            and stroke.amplitude_deg >= self._return_share() * first.amplitude_deg
            and not self._is_stray(first, stroke)
        )

    def _is_soon(self, first: Stroke, stroke: Stroke) -> bool:
        """Whether both may be of one rep: of feet alone, a long rest at one end may be a stretch."""
        pause_s = stroke.start_s - first.end_s
        if not self._follower.view.feet:
            return pause_s <= PAUSE_MAX_S
        slow_s = max(each.end_s - each.start_s for each in (first, stroke))
        return pause_s <= min(max(SHORT_PAUSE_S, PAUSE_STROKES * slow_s), LONG_PAUSE_S)

    def _go_on(self, first: Stroke, stroke: Stroke) -> list[LegRep]:
        """After a rest or a waver the same way again: the same rep, unless it is a whole stroke anew."""
        waver, self._waver = self._waver, None
        anew = ANEW_OF_FEET if self._follower.view.feet else ANEW
        if waver is None or stroke.amplitude_deg < anew * first.amplitude_deg:
            self._first = joined(first, stroke)
            return []
        self._first = stroke
        return self._reps(first, waver)

    def _return_share(self) -> float:
        view = self._follower.view
        strict = view.standing or view.feet  # feet alone may be in a stretch, and bounce
        return self._set.return_share if strict else self._set.return_share_sitting

    def _may_begin(self, stroke: Stroke) -> bool:
        """Who stands, rests with the heels down: a rep begins by going up. A pump may begin either way."""
        view = self._follower.view
        if view.feet and stroke.rises:
            moments = self._follower.between(stroke.start_s, stroke.end_s)
            return not lifts(in_columns([m.leg for m in moments]))
        return not (stroke.rises and view.standing)

    def _is_stray(self, first: Stroke, second: Stroke) -> bool:
        """Whether the first stroke was a twitch before the real thing, as the other foot's echo is."""
        own = self._own_deg
        usual = max(own, second.amplitude_deg) if own else 0.0
        return first.amplitude_deg < self._set.stray_share * usual and second.amplitude_deg > 0.75 * own

    def _reps(self, first: Stroke, second: Stroke) -> list[LegRep]:
        """The rep of two strokes. What is too small to begin with is one once the next has confirmed it."""
        whole = Stroke(first.start_s, second.end_s, first.start_deg, first.end_deg)
        if not is_ankle(whole, self._follower) or is_step(whole, self._follower):
            return []
        if self._recent:
            return self._told([(first, second)])
        if self._doubtful and not _confirms(first, self._doubtful[-1]):
            self._doubtful.clear()
        pairs = self._doubtful = [*self._doubtful, (first, second)][-SET:]
        enough = self._is_enough(first, second)
        if not (enough or self._is_set(pairs)):
            return []
        self._doubtful = []
        return self._told(pairs[-2:] if enough else pairs)

    def _is_set(self, pairs: list[tuple[Stroke, Stroke]]) -> bool:
        """Whether so many raises alike, one after the other, are no swaying, small as they are."""
        lasts_s = [second.end_s - first.start_s for first, second in pairs]
        alike = len(pairs) == SET and min(lasts_s) >= SET_TEMPO * max(lasts_s)
        return alike and self._follower.view.standing

    def _told(self, pairs: list[tuple[Stroke, Stroke]]) -> list[LegRep]:
        """Of those that are still remembered."""
        since_s = self._follower.moments[0].time_s
        return [rep for pair in pairs if pair[0].start_s >= since_s and (rep := self._rep(*pair))]

    def _is_enough(self, first: Stroke, second: Stroke) -> bool:
        s, view = self._set, self._follower.view
        ends = first.amplitude_deg, second.amplitude_deg
        return min(ends) >= s.first_standing_deg if view.standing else max(ends) >= s.first_deg

    def _rep(self, first: Stroke, second: Stroke) -> LegRep | None:
        """None for a twitch: too small to be a rep and too quick to be a partial one; or for mere noise."""
        amplitude = max(first.amplitude_deg, second.amplitude_deg)
        moments = self._follower.between(first.start_s - 0.3, second.end_s + 0.3)
        times = np.array([m.time_s for m in moments])
        noise_deg = self._flicker.value_deg
        moves = np.array([m.move_deg for m in moments])
        moved = trace(times, moves, first, second, noise_deg)
        stands_out = STANDS_OUT_OF_FEET if self._follower.view.feet else STANDS_OUT
        if amplitude < stands_out * max(moved.noise_deg, left_by_smoothing_deg(times, moves, SIGMA_S)):
            return None
        top_s = moved.top_s
        if top_s < REBOUND_S and amplitude < self._set.stray_share * self._own_deg:
            return None
        self._recent.append(amplitude)
        self._own_deg = median(self._recent)
        full_deg = moved.amplitude_deg
        small = self._is_small(full_deg)
        if not small or top_s < REBOUND_S:
            self._full.append(full_deg)
        view = self._follower.view
        shown = all(shows_angle(moment.leg, view) for moment in moments)
        ends = Ends(moments, self._follower.foot_range.curve) if shown else None
        if ends:
            self._ends.append(ends)
        return LegRep(
            start_s=first.start_s,
            peak_s=(first.end_s + second.start_s) / 2,
            end_s=second.end_s,
            amplitude_deg=amplitude,
            ends=ends,
            up_s=first.end_s - first.start_s,
            down_s=second.end_s - second.start_s,
            small=small,
            moved=moved,
            moments=moments,
            view=view,
        )

    def _is_small(self, amplitude_deg: float) -> bool:
        return bool(self._full) and amplitude_deg < self._set.partial_share * quantile(self._full, 0.75)


def _confirms(after: Stroke, before: tuple[Stroke, Stroke]) -> bool:
    """Whether the rep before, too small to begin with, was much like the one that begins so."""
    first, second = before
    alike = first.rises == after.rises and first.amplitude_deg >= CONFIRMED_SHARE * after.amplitude_deg
    return alike and after.start_s - second.end_s < PAUSE_MAX_S

"""Reps where no joint is seen: what moves there and back along one line, again and again, is counted.

Where the picture shows only feet, all that is known is how far what moves has come from frame to frame. Its
main direction over time makes one signal of it, for the same strokes as elsewhere. No degrees are claimed,
nor which foot it was. Which of the movements there and back are reps, their sets tell (movement_sets.py).
"""

from collections import deque
from dataclasses import replace
from math import atan2, ceil, cos, inf, pi, sin
from statistics import median

import numpy as np
from numpy.typing import NDArray

from posecount.filters import Smoother
from posecount.movement_sets import Pair, Sets
from posecount.rep_trace import sharpened, trace
from posecount.smoothness import REBOUND_S, judge
from posecount.strokes import Stroke, StrokeFinder, joined
from posecount.types import SEEN_OVER_S, TOLD_LATE_S, Rep, RepQuality, Side, nan

Floats = NDArray[np.float64]

# The signal is in thousandths of the size of the part of the picture that moves. On rendered people pumps
# read 20 to 460, heel raises 30 to 270; most who walk past 500 and more, some 50 to 250: NEARBY is for those.
FLOOR = 9.0  # less is no stroke
MOST = 550.0  # more is no foot that stays where it is
SHARE = 0.25  # of the usual stroke: less is none either
SIGMA_S = 0.08
GAP_S = 0.5  # without movement known: whatever was going on is forgotten
AXIS_TAU_S = 4.0  # how fast the main direction follows
STRAIGHT = 1.15  # movement along the main direction over that across it: less is a wriggle
PARTIAL = 0.5  # of the usual movement
RETURNS = 0.4  # of the way there: who comes back less far has gone elsewhere
PAUSE_S = 8.0  # longer between two strokes, and they are two things
RESTED_S, RESTED = 0.4, 0.9  # at the end of a video; of the last stroke's time
# Of a movement that has not come back: what is smaller meanwhile is a bounce in a stretch. After a while it
# was someone who has moved elsewhere.
AWAY, AWAY_S = 0.4, 15.0
# Or larger, in a time much shorter than the way there: of a gentle lean slow bounces are 0.42 to 0.58. Of
# brisk raises, whose first is seen too large, 0.67.
AWAY_QUICKLY, QUICKLY = 0.6, 0.5
# Into a stretch shins lean by 47 to 123 in 0.67 to 3 s; who walks in, or pumps, goes 208 and more in less.
AWAY_LEAST_S, AWAY_MOST = 0.4, 165.0
# Ripple left by the best smooth stroke, of the movement; of someone who only sways 0.03 to 0.13. TREMBLING is
# for what is as quick as a tremor: of 1767 reps 24 are on the wrong side of both, two of them tremors.
JERKY, NO_STROKE, TREMBLING = 0.03, 0.095, 0.0145
BOUNCES = 2  # meanwhile, and what else was found to be a rep is none
STROKE_S = (0.12, 8.0)
# What has come so slowly may seem to stand still by the way, for so long.
SLOWLY_S, REST_S = 1.0, 1.0
MEMORY_S = 30.0
NEARBY_S, NEARBY = 2.0, 700.0  # feet that go further within a rep and so long before it walk past


class MovementCounter:
    """`update` with what moved since the frame before; `finish` at the end. Gives reps with no degrees."""

    def __init__(self, side: Side = "both") -> None:
        self._side = side
        self._sets = Sets()
        self._bounced: deque[tuple[float, float]] = deque(maxlen=32)
        self._time_s = nan
        self._begin_again()

    def update(self, time_s: float, moved: tuple[float, float]) -> list[Rep]:
        """The reps that became certain. NaN for a frame in which it was not looked for."""
        time_s -= TOLD_LATE_S
        if not moved[0] == moved[0]:
            if time_s - self._time_s > GAP_S:
                self._begin_again()
            return []
        if not time_s - self._time_s <= GAP_S:
            self._begin_again()
        since_s = 0.0 if self._time_s != self._time_s else time_s - self._time_s
        self._time_s = time_s
        x, y = self._way[-1][1:] if self._way else (0.0, 0.0)
        self._way.append((time_s, x + moved[0], y + moved[1]))
        self._place += self._along(moved, since_s)
        self._past.append((time_s, self._place))
        while time_s - self._past[0][0] > MEMORY_S:
            self._past.popleft()
            self._way.popleft()
        return self._left_over(time_s, PAUSE_S) + self._follow(self._smoother.push(time_s, self._place))

    def finish(self) -> list[Rep]:
        """What the end has cut off."""
        reps = self._follow(self._smoother.flush())
        last = self._finder.unfinished()
        reps += self._hear(last) if last else []
        half = self._first
        rested_s = RESTED * (half.end_s - half.start_s) if half else inf
        return reps + self._left_over(self._time_s, max(rested_s, RESTED_S))

    def bounced(self, rep: Rep) -> bool:
        """Whether what else was found to be a rep went on while somebody bounced in a stretch."""
        return sum(start_s < rep.end_s and rep.start_s < end_s for start_s, end_s in self._bounced) >= BOUNCES

    def _begin_again(self) -> None:
        self._smoother, self._finder = Smoother(SIGMA_S), StrokeFinder()
        self._past: deque[tuple[float, float]] = deque()
        self._way: deque[tuple[float, float, float]] = deque()  # time, and how far right and down it has come
        self._place, self._time_s = 0.0, nan
        self._spread = np.zeros((2, 2))
        self._axis = (0.0, 1.0)
        self._first: Stroke | None = None
        self._away: Stroke | None = None
        self._sets.forget()

    def _along(self, moved: tuple[float, float], since_s: float) -> float:
        """The movement along the main direction so far, which never turns around."""
        x, y = moved
        keep = np.exp(-since_s / AXIS_TAU_S)
        self._spread = keep * self._spread + np.outer(moved, moved)
        (xx, xy), (_, yy) = self._spread.tolist()
        angle = atan2(2 * xy, xx - yy) / 2
        if cos(angle) * self._axis[0] + sin(angle) * self._axis[1] < 0:
            angle += pi
        self._axis = cos(angle), sin(angle)
        return x * self._axis[0] + y * self._axis[1]

    def _straight(self) -> bool:
        small, large = np.linalg.eigvalsh(self._spread).tolist()
        return bool(large >= STRAIGHT**2 * small)

    def _follow(self, settled: list[tuple[float, float]]) -> list[Rep]:
        reps = []
        for sample in settled:
            if stroke := self._finder.update(sample, max(FLOOR, SHARE * self._sets.usual)):
                reps += self._hear(stroke)
        return reps

    def _hear(self, stroke: Stroke) -> list[Rep]:
        pair = self._pair(stroke)
        believed = self._sets.believed(pair) if pair else []
        if not believed and self._first is stroke:
            believed = self._sets.believed_by_half(stroke)
        return [self._rep(each) for each in believed]

    def _left_over(self, now_s: float, after_s: float) -> list[Rep]:
        """Half a rep at the end of a set, `after_s` in which nothing has followed."""
        half = self._first
        if half is None or now_s - half.end_s <= after_s:
            return []
        self._first = None
        before = self._sets.half_before(half)
        quality = self._quality(before, half) if before else None
        return [self._half(half, quality)] if quality else []

    def _pair(self, stroke: Stroke) -> Pair | None:
        """The movement there and back that this stroke completes."""
        if self._first and _goes_on(self._first, stroke):
            stroke, self._first = joined(self._first, stroke), None
        first, self._first = self._first, stroke
        lasts_s = stroke.end_s - stroke.start_s
        fits = STROKE_S[0] <= lasts_s <= STROKE_S[1] and stroke.amplitude_deg <= MOST
        if not (fits and self._straight()):
            self._first = None
            self._away = stroke if stroke.amplitude_deg <= MOST else None  # else it went elsewhere
            return None
        if first is None or stroke.start_s - first.end_s > PAUSE_S:
            return None
        if first.rises == stroke.rises:
            self._away = first if first.amplitude_deg > stroke.amplitude_deg else self._away
            return None
        if stroke.amplitude_deg < RETURNS * first.amplitude_deg or _leans(first, stroke):
            self._first = None
            if not self._bounces(first, stroke):
                self._away = first
            return None
        if first.amplitude_deg < RETURNS * stroke.amplitude_deg:
            return None  # a twitch before the real thing
        self._first = None
        if self._bounces(first, stroke) or self._walks(first.start_s - NEARBY_S, stroke.end_s):
            return None
        quality = self._quality(first, stroke)
        return Pair(first, stroke, quality) if quality else None

    def _walks(self, start_s: float, end_s: float) -> bool:
        """Whether what moves went too far, to either side or up and down, for feet that stay."""
        places = [each[1:] for each in self._way if start_s <= each[0] <= end_s]
        return any(max(way) - min(way) > NEARBY for way in zip(*places, strict=True))

    def _bounces(self, first: Stroke, second: Stroke) -> bool:
        """Whether this is a small movement during a large one that has not come back yet."""
        away = self._away
        if not away or not _may_lean(away):
            return False
        if first.start_s - away.end_s > AWAY_S or _has_come_back(away, first):
            self._away = None
            return False
        if not _bounces_in(away, first, second):
            return False
        self._away = _followed(away, first)
        self._bounced.append((first.start_s, second.end_s))
        return True

    def _quality(self, first: Stroke, second: Stroke) -> RepQuality | None:
        """None for what is no stroke at all."""
        past = [each for each in self._past if first.start_s - 0.3 <= each[0] <= second.end_s + 0.3]
        times, places = np.array(past).T
        shape = judge(trace(times, places, first, second, 0.0))
        if shape.ripple_share > NO_STROKE:
            return None
        if shape.top_s < REBOUND_S or shape.ripple_share > JERKY:
            return "jerky"
        if _tremor_share(times, places, first, second) > TREMBLING:
            return "jerky"
        return "partial" if shape.amplitude_deg < PARTIAL * self._sets.usual else "smooth"

    def _rep(self, pair: Pair) -> Rep:
        first, second = pair.first, pair.second
        return Rep(
            side=self._side,
            start_s=first.start_s,
            peak_s=(first.end_s + second.start_s) / 2,
            end_s=second.end_s,
            range_deg=nan,
            quality=pair.quality,
            up_s=first.end_s - first.start_s,
            down_s=second.end_s - second.start_s,
            by_movement=True,
        )

    def _half(self, stroke: Stroke, quality: RepQuality) -> Rep:
        start_s, end_s = stroke.start_s, stroke.end_s
        return Rep(self._side, start_s, end_s, end_s, nan, quality, up_s=end_s - start_s, by_movement=True)


def _tremor_share(times_s: Floats, places: Floats, first: Stroke, second: Stroke) -> float:
    """Of the movement, with what was seen from frames some way apart sharpened again."""
    samples = max(1, ceil(SEEN_OVER_S / median(np.diff(times_s).tolist()) - 0.1))
    return trace(times_s, sharpened(times_s, places, samples), first, second, 0.0).tremor_share()


def _leans(first: Stroke, second: Stroke) -> bool:
    """Whether the first has gone into a stretch, in which the second is a bounce."""
    return _may_lean(first) and _bounces_in(first, second)


def _may_lean(stroke: Stroke) -> bool:
    return stroke.end_s - stroke.start_s >= AWAY_LEAST_S and stroke.amplitude_deg <= AWAY_MOST


def _bounces_in(away: Stroke, *strokes: Stroke) -> bool:
    lasts_s = min(each.end_s - each.start_s for each in strokes)
    most = AWAY_QUICKLY if lasts_s < QUICKLY * (away.end_s - away.start_s) else AWAY
    return max(each.amplitude_deg for each in strokes) < most * away.amplitude_deg


def _has_come_back(away: Stroke, stroke: Stroke) -> bool:
    """Whether the stroke is nearer to where it went away from."""
    middle_deg = (stroke.start_deg + stroke.end_deg) / 2
    return abs(middle_deg - away.end_deg) > abs(middle_deg - away.start_deg)


def _followed(away: Stroke, bounce: Stroke) -> Stroke:
    """Where it went, by the bounce's outer end: what is added up from frame to frame drifts."""
    outer_deg = (max if away.rises else min)(bounce.start_deg, bounce.end_deg)
    drift_deg = outer_deg - away.end_deg
    return replace(away, start_deg=away.start_deg + drift_deg, end_deg=away.end_deg + drift_deg)


def _goes_on(first: Stroke, second: Stroke) -> bool:
    slow = first.end_s - first.start_s >= SLOWLY_S
    return slow and first.rises == second.rises and second.start_s - first.end_s <= REST_S

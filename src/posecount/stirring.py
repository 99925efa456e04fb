"""Where in the picture something stirs, and how large that is."""

from collections import deque
from dataclasses import dataclass
from math import exp, hypot, sqrt
from typing import NamedTuple

import cv2
import numpy as np

from posecount.flow import Grid

SLOW_TAU_S = 0.3  # noise turns around from frame to frame, a foot goes on
BLUR = 7  # pixels
SLOT_S, SLOTS = 0.5, 8  # four seconds in which something moved; what stirred before is forgotten
# Between slow strokes a foot rests nearly as long, and what is seen meanwhile is noise: while nothing moves
# (by this share of what has stirred, and so many times the still half) no time counts, but for KEPT_S.
RESTS, RESTS_MOST, KEPT_S = 0.35, 20.0, 8.0
STILL = 0.055  # pixels a second: no picture counts as more still than that
# Times what the still half of the picture moves: noise comes to 3. Once something stirs, less will do.
STIRS, STILL_STIRS = 4.5, 2.8
BEGIN_S = 0.3  # before that, any noise stands out
CORE, OF_MOST = 3.2, 0.45  # what belongs to it: times the still half, and share of what stirs most
PART_MIN, PART_MAX = 0.0004, 0.5  # of the picture: less is a flicker, more is no foot before a background
EDGE, EDGE_OF_PART = 0.05, 0.1  # how wide the picture's edge is: of the picture, of what stirs at most
SPREAD = 3.5  # standard deviations from one end to the other


class Part(NamedTuple):
    """What stirs."""

    weights: Grid  # (height, width), how much each place counts; they come to one
    wide_px: float
    high_px: float
    times_still: float  # how much more than the still half of the picture
    px_per_s: float  # how fast, now

    def moved(self, step: Grid) -> tuple[float, float]:
        """What moves furthest, by a step (height, width, 2): right and down, in pixels."""
        right, down = self.weights.ravel() @ step.reshape(-1, 2)
        return float(right), float(down)

    @property
    def size_px(self) -> float:
        return hypot(self.wide_px, self.high_px)

    @property
    def at_edge(self) -> "AtEdge":
        height, width = self.weights.shape
        most = EDGE_OF_PART * self.size_px
        rows, columns = (max(1, round(min(EDGE * each, most))) for each in (height, width))
        upper = float(self.weights[:rows].sum())
        side = max(float(each.sum()) for each in (self.weights[:, :columns], self.weights[:, -columns:]))
        density = max(upper * self.high_px / rows, side * self.wide_px / columns)
        return AtEdge(max(upper, side), density)


class AtEdge(NamedTuple):
    """Of what stirs, what lies at the picture's left, upper or right edge, where a leg comes in."""

    share: float
    density: float  # times that of all of it


class Stirring:
    """`update` with every frame's flow; `part` is what stirs, None while nothing does."""

    def __init__(self) -> None:
        self._slow: Grid | None = None
        self._slots: deque[_Slot] = deque(maxlen=SLOTS)
        self._began_s = 0.0
        self.part: Part | None = None

    def update(self, flow: Grid, since_s: float, time_s: float) -> None:
        """`flow` (height, width, 2) in pixels a second, `since_s` after the frame before."""
        if self._slow is None:
            self._slow, self._began_s = np.zeros_like(flow), time_s
        self._slow += np.float32(1 - exp(-since_s / SLOW_TAU_S)) * (flow - self._slow)
        power = _squared(np.asarray(cv2.blur(self._slow, (BLUR, BLUR)), np.float32))
        # In times what is still: pictures in which all of it jumps, as videos have them, say no more.
        power /= np.float32(max(float(np.median(power[::3, ::3])), STILL**2))
        while self._slots and time_s - self._slots[0].began_s > KEPT_S:
            self._slots.popleft()
        if self.part and self._slots and _rests(self.part, power):
            self.part = self.part._replace(px_per_s=_speed(self.part.weights, self._slow))
            return
        if not self._slots or time_s - self._slots[-1].began_s > SLOT_S:
            self._slots.append(_Slot(time_s, np.zeros_like(power)))
        self._slots[-1].add(power, since_s)
        self.part = self._part(self._slow) if time_s - self._began_s > BEGIN_S else None

    def _part(self, slow: Grid) -> Part | None:
        stir = np.sum([slot.power for slot in self._slots], axis=0)
        stir /= sum(slot.lasts_s for slot in self._slots)
        most = _most(stir)
        inside = stir > max(CORE, OF_MOST * most) ** 2
        stirs = most > (STILL_STIRS if self.part else STIRS)
        if not (stirs and PART_MIN <= float(inside.mean()) <= PART_MAX):
            return None
        weights = np.where(inside, stir, 0)
        weights /= weights.sum()
        wide_px, high_px = (SPREAD * sqrt(0.5 + _variance(each)) for each in _profiles(weights))
        return Part(weights, wide_px, high_px, most, _speed(weights, slow))


@dataclass(slots=True)
class _Slot:
    began_s: float
    power: Grid
    lasts_s: float = 0.0

    def add(self, power: Grid, since_s: float) -> None:
        self.power += power * np.float32(since_s)
        self.lasts_s += since_s


def _rests(part: Part, power: Grid) -> bool:
    """Whether nothing moves now, next to what has stirred."""
    return _most(power) < min(RESTS * part.times_still, RESTS_MOST)


def _most(power: Grid) -> float:
    """How fast what goes fastest goes, in times what is still."""
    return sqrt(np.percentile(power[::2, ::2], 99.9))


def _speed(weights: Grid, slow: Grid) -> float:
    """How fast it goes, in pixels a second."""
    return sqrt(float((weights * _squared(slow)).sum()))


def _squared(flow: Grid) -> Grid:
    """The square of its length. `sum` over an axis of two takes five times as long."""
    right, down = flow[..., 0], flow[..., 1]
    return right * right + down * down


def _profiles(weights: Grid) -> tuple[Grid, Grid]:
    return weights.sum(axis=0), weights.sum(axis=1)


def _variance(profile: Grid) -> float:
    places = np.arange(len(profile))
    return float(profile @ (places - profile @ places) ** 2)

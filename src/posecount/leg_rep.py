"""One leg's rep, before the two sides are put together, and how it was moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import copysign, isfinite
from statistics import median

import numpy as np
from numpy.typing import NDArray

from posecount.foot_range import Curve
from posecount.movement import DEG_PER_RISE, Legs, Moment, View, ankle_degs, in_columns, movement_deg
from posecount.rep_trace import Trace, lightly
from posecount.smoothness import (
    OF_FEET,
    REBOUND_S,
    Shape,
    judge,
    judge_rebound,
    judge_shared,
    judge_witnessed,
)
from posecount.spread import quantile
from posecount.types import nan

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

UNKNOWN_MAX = 0.15  # of the moments
ALIKE = 0.8  # how far the pixels must tell what the landmarks do: 0.93 and more, or of another foot


class Ends:
    """The ankle's lowest and highest angle in a rep, as far as is known now.

    Worked out when first asked: of most reps of a far leg nobody asks.
    """

    def __init__(self, moments: list[Moment], curve: Curve) -> None:
        self._moments, self._curve = moments, curve

    @cached_property
    def degs(self) -> tuple[float, float]:
        angles_deg = sorted(ankle_degs(self._moments, self._curve).tolist())
        return quantile(angles_deg, 0.04), quantile(angles_deg, 0.96)


@dataclass(frozen=True, slots=True)
class LegRep:
    """`moments` are those of the rep, and a little before and after."""

    start_s: float
    peak_s: float
    end_s: float
    amplitude_deg: float  # of the movement as counted, comparable between legs
    ends: Ends | None  # None where the view shows no angle
    up_s: float
    down_s: float
    small: bool  # below the partial share of the own range
    moved: Trace
    moments: list[Moment]
    view: View

    @property
    def standing(self) -> bool:
        return self.view.standing

    @property
    def range_deg(self) -> float:
        low, high = self.ends.degs if self.ends else (nan, nan)
        return high - low

    def shape(self) -> Shape:
        """How it was moved: worked out here, since most reps of a far leg are never asked."""
        if self.moved.top_s < REBOUND_S:
            return judge_rebound(self.moved)
        if self.view.feet:
            return self._of_feet()
        return self._raised() if self.standing else self._pumped()

    def _of_feet(self) -> Shape:
        """A tremor of feet shows in their pixels, and in the other foot if that moves along."""
        own, witnesses = self.moved.values_deg, [self._flowed(), self._other()]
        pairs = [(own, each) for each in witnesses if each is not None]
        return judge_shared(self.moved, pairs, OF_FEET) if pairs else judge(self.moved)

    def _other(self) -> Floats | None:
        """The other foot's movement, on the grid of `moved`, if it moves along."""
        others = [m.other for m in self.moments if m.other]
        if len(others) < len(self.moments):
            return None
        moves_deg = [movement_deg(other, self.view) for other in others]
        alike = np.corrcoef(moves_deg, [m.move_deg for m in self.moments])[0, 1]
        return lightly(self._times_s, np.array(moves_deg)) if alike >= ALIKE else None

    def _pumped(self) -> Shape:
        flowed = self._flowed()
        return judge_witnessed(self.moved, flowed) if flowed is not None else judge(self.moved)

    def _raised(self) -> Shape:
        legs, others = in_columns([m.leg for m in self.moments]), [m.other for m in self.moments if m.other]
        other = in_columns(others) if len(others) == len(self.moments) else legs
        toes_px = _toe_px(legs), _toe_px(other)
        if isfinite(sum(legs.shoulders_px)):
            heights_px = _thigh_px(legs), np.array(legs.shoulders_px)
            return judge_shared(self.moved, self._shaken_alike(heights_px, toes_px))
        if other is legs:
            return judge(self.moved)
        # Legs without a body tremble with their square, both alike.
        shaken = self._shaken_alike((_shank_px(legs), _shank_px(other)), toes_px)
        flowed = self._flowed()
        pixels = [(self.moved.values_deg, flowed)] if flowed is not None else []
        return judge_shared(self.moved, chain(shaken, pixels))

    def _flowed(self) -> Floats | None:
        """The movement as the foot's pixels have it, on the grid of `moved`, if they tell enough."""
        flowed_deg = _flowed_deg(self.moments)
        return None if flowed_deg is None else lightly(self._times_s, flowed_deg)

    @property
    def _times_s(self) -> Floats:
        return np.array([m.time_s for m in self.moments])

    def _shaken_alike(self, heights_px: Pair, toes_px: Pair) -> Iterator[Pair]:
        """A tremor of who stands shakes all of the body alike; landmarks tremble each by themselves.

        What shakes the toes as well is the camera: then heights over the toes are compared, of either foot.
        """
        one_px, other_px = heights_px
        toe_px, other_toe_px = toes_px
        times_s = self._times_s
        scale = DEG_PER_RISE / median(m.leg.leg_px for m in self.moments)
        for one, other in ((one_px, other_px), (one_px - toe_px, other_px - other_toe_px)):
            yield lightly(times_s, scale * one), lightly(times_s, scale * other)


def _flowed_deg(moments: list[Moment]) -> Floats | None:
    """The movement as the foot's pixels have it (n,), and its landmarks where those do not tell.

    None where they seldom tell, or tell of something else.
    """
    legs = in_columns([m.leg for m in moments])
    steps_deg, foot_deg = np.array(legs.flowed_deg), np.unwrap(legs.foot_deg, period=360)
    unknown = np.isnan(steps_deg)
    if np.count_nonzero(unknown) > UNKNOWN_MAX * len(unknown):
        return None
    turned_deg = np.cumsum(np.where(unknown, np.diff(foot_deg, prepend=foot_deg[0]), steps_deg))
    alike = np.corrcoef(turned_deg, [m.move_deg for m in moments])[0, 1]
    return np.asarray(copysign(1.0, alike) * turned_deg) if abs(alike) >= ALIKE else None


def _thigh_px(legs: Legs) -> Floats:
    """The row of its middle (n,)."""
    return np.asarray(_toe_px(legs) - np.array(legs.rise) * np.array(legs.leg_px))


def _shank_px(legs: Legs) -> Floats:
    """The same: it rises seven eighths as far as the body does."""
    return np.asarray((np.array(legs.knee_y_px) + np.array(legs.ankle_y_px)) / 2)


def _toe_px(legs: Legs) -> Floats:
    return np.array(legs.toe_y_px)

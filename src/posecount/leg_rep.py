"""One leg's rep, before the two sides are put together, and how it was moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from posecount.foot_range import Curve
from posecount.movement import DEG_PER_RISE, Legs, Moment, View, ankle_degs, in_columns, movement_deg
from posecount.smoothness import REBOUND_S, Shape, Trace, judge, judge_shared, trace
from posecount.spread import quantile
from posecount.types import nan

Floats = NDArray[np.float64]

OTHERS_MIN = 0.8  # of the moments: seen more seldom, the other leg is no witness


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
    noise_deg: float

    @property
    def standing(self) -> bool:
        return self.view.standing

    @property
    def range_deg(self) -> float:
        low, high = self.ends.degs if self.ends else (nan, nan)
        return high - low

    def shape(self) -> Shape:
        """How it was moved: worked out here, since most reps of a far leg are never asked."""
        if not self.standing or self.moved.top_s < REBOUND_S:  # who rebounds need not tremble
            return judge(self.moved)
        legs = in_columns([m.leg for m in self.moments])
        if isfinite(sum(legs.shoulders_px)):
            return judge_shared(self.moved, self._shaken_alike(legs))
        witness = self._witness(legs)
        return judge(self.moved, self._trace(*witness, self.noise_deg) if witness else None)

    def _shaken_alike(self, legs: Legs) -> Iterator[tuple[Trace, Trace]]:
        """A tremor of who stands shakes hips, knees and shoulders alike; landmarks tremble apart.

        What shakes the toes as well is the camera: then each of the two is compared with another foot's.
        """
        toe_px, leg_px = np.array([y for _, y in legs.toe_px]), np.array(legs.leg_px)
        thigh_px, shoulders_px = toe_px - np.array(legs.rise) * leg_px, np.array(legs.shoulders_px)
        scale, times_s = DEG_PER_RISE / float(np.median(leg_px)), self._times_s
        for pair in (
            (thigh_px, shoulders_px),
            (thigh_px - toe_px, shoulders_px - self._other_toe_px(toe_px)),
        ):
            thigh, shoulders = (self._trace(times_s, scale * rows_px) for rows_px in pair)
            yield thigh, shoulders

    def _other_toe_px(self, toe_px: Floats) -> Floats:
        """Its rows (n,), or this one's where the other was not seen all the time."""
        others = [m.other.toe_px[1] for m in self.moments if m.other]
        return np.array(others) if len(others) == len(toe_px) else toe_px

    def _witness(self, legs: Legs) -> tuple[Floats, Floats] | None:
        """Of legs alone a second signal must show a ripple: the rise alone may be a toe's flicker.

        It is the ankle's angle, or where that cannot be read the rise over the other foot.
        """
        if self.view.readable:
            return self._times_s, np.array(legs.ankle_deg)
        others = np.array([movement_deg(m.other, self.view) if m.other else nan for m in self.moments])
        seen = np.isfinite(others)
        return (self._times_s[seen], others[seen]) if seen.mean() > OTHERS_MIN else None

    @property
    def _times_s(self) -> Floats:
        return np.array([m.time_s for m in self.moments])

    def _trace(self, times_s: Floats, values_deg: Floats, noise_deg: float = 0.0) -> Trace:
        return trace(times_s, values_deg, self.moved.first, self.moved.second, noise_deg)

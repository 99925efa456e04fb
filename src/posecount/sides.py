"""Two legs' reps in, the person's reps out: feet that move together are one rep."""

from collections import deque
from collections.abc import Mapping

import numpy as np

from posecount.movement import Follower
from posecount.reps import LegRep
from posecount.types import LEGS, Leg, Rep, Side, nan

ECHO = 0.45  # one leg moving makes the other seem to move, by up to 0.4 of its amplitude on rendered people
FAR_ALONE_DEG = 12.0  # the leg behind is half hidden: alone, it is believed only when it moves this much
SAME = 0.4  # overlap with a rep that is counted already, of the shorter one, that makes it the same


class Sides:
    """Decides for each leg's rep whether it is the left foot's, the right foot's or both feet's."""

    def __init__(self, wanted: Side | None, followers: Mapping[Leg, Follower]) -> None:
        self._wanted = wanted  # None: find out
        self._followers = followers
        self._counted: deque[LegRep] = deque(maxlen=8)

    def update(self, new: Mapping[Leg, list[LegRep]], near: Leg | None) -> list[Rep]:
        """The person's reps among the legs' `new` ones; the nearer leg is believed first."""
        order: tuple[Leg, ...] = ("right", "left") if near == "right" else LEGS
        out = []
        for leg in order:
            for rep in new[leg]:
                side = self._side(leg, rep, near)
                if side and (leg == near or not self._known(rep)):
                    self._counted.append(rep)
                    out.append(_as_rep(rep, self._wanted or side))
        return out

    def _known(self, rep: LegRep) -> bool:
        return any(_overlap(rep, counted) >= SAME for counted in self._counted)

    def _side(self, leg: Leg, rep: LegRep, near: Leg | None) -> Side | None:
        """None for what is only an echo of the other leg, or counted there."""
        other: Leg = "right" if leg == "left" else "left"
        if rep.standing:  # both legs carry the same rise: one is enough
            return None if near == other else "both"
        share = self._partner_deg(other, rep) / rep.shape.amplitude_deg
        if share >= ECHO:
            return "both" if near == leg or (near is None and share <= 1 / ECHO) else None
        return None if near == other and rep.amplitude_deg < FAR_ALONE_DEG else leg

    def _partner_deg(self, other: Leg, rep: LegRep) -> float:
        """How far the other leg moved meanwhile; NaN when it was not seen."""
        moments = self._followers[other].between(rep.start_s, rep.end_s)
        if len(moments) < 3:
            return nan
        low, high = np.percentile([m.move_deg for m in moments], [8, 92])
        return float(high - low)


def _overlap(a: LegRep, b: LegRep) -> float:
    shared = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    return shared / max(1e-9, min(a.end_s - a.start_s, b.end_s - b.start_s))


def _as_rep(rep: LegRep, side: Side) -> Rep:
    return Rep(
        side=side,
        start_s=rep.start_s,
        peak_s=rep.peak_s,
        end_s=rep.end_s,
        range_deg=rep.range_deg,
        quality=rep.quality,
        up_s=rep.up_s,
        down_s=rep.down_s,
        sparc=rep.shape.sparc,
        ripple_deg=rep.shape.ripple_deg,
    )

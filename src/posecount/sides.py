"""Two legs' reps and holds in, the person's out: feet that move together are one, and a stretch is no rep."""

from collections import deque
from collections.abc import Mapping
from math import inf
from statistics import median
from typing import NamedTuple

from posecount.holds import LegHold
from posecount.leg_rep import LegRep
from posecount.movement import Follower
from posecount.spread import spread
from posecount.travel import rise, travelled
from posecount.types import LEGS, Hold, Leg, Rep, RepQuality, Side, nan

# One foot moving makes the other seem to move: by 0.1 to 0.3 of it on rendered people. A half-hidden far foot
# that moves as well shows 0.3, usually 0.5 and more; the near foot then shows at least 0.61 of its way.
ECHO, FAR_ALONE = 0.31, 0.57
ALONE_SHARE = 0.6  # of what a leg moves when it moves alone: less is an echo
FAR_ALONE_DEG = 12.0  # the leg behind is half hidden: alone, it is believed only when it moves this much
BACK_DEG = 4.0  # a raise that ends higher may have gone on into a stretch
WAY_S = 0.8  # a rep that starts or ends this near to a hold is the way out of it or into it
# Or twice in a row when both raise: who only stands, shows 13 and less.
FAR_TWICE_DEG, FAR_ALIKE, AGAIN_S = 15.0, 0.6, 11.0
# Of one ankle's rise, what the other makes meanwhile: on both feet 0.34 and more, marching 0.13 to 0.26.
BOTH_RISE = 0.27
NEAR_STILL_DEG = 8.0
STILL_SHARE = 1.5  # of what the leg behind moves: the echo of that
STROKE_S = 0.15  # an echo may run ahead of its stroke or behind it
NEAR_FIRST_S = 1.2  # a rep is known once it has been at rest for 0.35 s, a small one when the next begins
LIFTED_KNEE_DEG = 45.0  # heel raises bend the knee 4-20 deg
SAME_TOGETHER = 0.15  # as much is enough when both feet move: the legs may pair their strokes differently
ALIKE = 0.6  # overlap, of the longer one, that makes the near leg's rep the one told of the far leg
SAME = 0.4  # overlap, of the shorter one, that makes two reps or holds the same


class LegNews(NamedTuple):
    """What one frame made known of one leg. `holding_since_s` is infinite when it is in no hold."""

    reps: list[LegRep]
    holds: list[LegHold]
    holding_since_s: float = inf


class Sides:
    """The nearer leg is believed first; from the front, whichever leg knows first."""

    def __init__(self, wanted: Side | None, followers: Mapping[Leg, Follower]) -> None:
        self._wanted = wanted  # None: find out
        self._followers = followers
        self._counted: deque[LegRep] = deque(maxlen=8)
        self._held: deque[LegHold] = deque(maxlen=8)  # by either leg
        self._told: deque[LegHold] = deque(maxlen=4)
        self._alone: dict[Leg, deque[float]] = {leg: deque(maxlen=6) for leg in LEGS}
        self._held_back: list[tuple[Leg, LegRep]] = []
        self._once: LegRep | None = None  # a raise that only the leg behind has shown, not yet believed

    def due(self, near: Leg | None, now_s: float) -> bool:
        """Whether `update` may have something to tell though nothing is new: in most frames it has not."""
        held_back = self._held_back
        return bool(held_back) and not all([self._waits(*each, near, now_s) for each in held_back])

    def update(self, news: Mapping[Leg, LegNews], near: Leg | None, now_s: float = inf) -> list[Rep | Hold]:
        """The person's reps and holds among what is new of one leg or both; `now_s` is inf at the end."""
        first: tuple[Leg, ...] = ("right", "left") if near == "right" else LEGS
        order = [leg for leg in first if leg in news]
        out: list[Rep | Hold] = []
        reps = self._held_back + [(one, rep) for one in order for rep in news[one].reps]
        self._held_back = []
        for leg in order:
            stretches = [new for new in news[leg].holds if not self._ends_raise(new, reps)]
            out += [hold for new in stretches if (hold := self._hold(leg, new, news, near))]
        for leg, rep in reps:
            held = news[leg].holding_since_s <= rep.end_s  # part of a stretch, if it becomes one
            if held or self._waits(leg, rep, near, now_s):
                self._held_back.append((leg, rep))
            else:
                out += self._rep(leg, rep, near)
        return out

    def _waits(self, leg: Leg, rep: LegRep, near: Leg | None, now_s: float) -> bool:
        """One movement of both legs the near one tells better: the far one tells what that one does not."""
        if near in (leg, None) or now_s - rep.end_s >= NEAR_FIRST_S:
            return False
        return rep.standing or self._moved_deg(near, rep) >= ECHO * rep.amplitude_deg

    def _moved_deg(self, leg: Leg, rep: LegRep) -> float:
        """How far a leg has moved during a rep of the other."""
        moments = self._followers[leg].between(rep.start_s, rep.end_s)
        return spread([m.move_deg for m in moments]) if moments else 0.0

    def _ends_raise(self, hold: LegHold, reps: list[tuple[Leg, LegRep]]) -> bool:
        """Whether a raise led into it that ended where it had begun, like the one before: no stretch.

        After slow raises landmarks may stand otherwise than before them.
        """
        return any(
            abs(rep.end_s - hold.start_s) < WAY_S
            and not rep.moved.first.rises
            and rep.moved.second.end_deg - rep.moved.first.start_deg < BACK_DEG
            and any(_follows(rep, before) for before in self._counted)
            for rep in [*self._counted, *(rep for _, rep in reps)]
        )

    def _hold(self, leg: Leg, hold: LegHold, news: Mapping[Leg, LegNews], near: Leg | None) -> Hold | None:
        self._held.append(hold)
        known = any(_overlap(hold, other) >= SAME for other in self._told)
        if known or (near not in (leg, None) and near in news and news[near].holding_since_s < hold.end_s):
            return None
        self._told.append(hold)
        both = any(other != leg and news[other].holding_since_s < hold.end_s for other in news)
        side = self._wanted or ("both" if both else leg)
        return Hold(
            side, hold.start_s, hold.end_s, hold.end_s - hold.start_s, hold.angle_deg, hold.knee_deg,
            hold.muscle, hold.quality, hold.bounces,
        )  # fmt: skip

    def _rep(self, leg: Leg, rep: LegRep, near: Leg | None) -> list[Rep]:
        if any(_belongs(rep, hold) for hold in self._held):
            return []
        if near not in (leg, None) and self._touches(rep, SAME):
            return []  # told already, as most of what the far leg does
        side = self._side(leg, rep, near)
        if side is None or self._known(leg, side, rep, near):
            return []
        behind = side == "both" and rep.standing and near not in (leg, None)
        if behind and self._is_slight(rep):
            return []
        sure = self._twice(rep) if behind and not self._counted else [*self._before(rep), rep]
        self._counted += sure
        told: Side = "both" if rep.view.feet else side  # left and right feet alone are easily confused
        return [_as_rep(each, self._wanted or told) for each in sure]

    def _twice(self, rep: LegRep) -> list[LegRep]:
        """Between steps a far leg rises and falls as well, and half hidden it trembles: not twice alike."""
        if before := self._before(rep):
            return [*before, rep]
        self._once = rep
        return []

    def _is_slight(self, rep: LegRep) -> bool:
        """Whether a leg behind moves so much less than raises do here that the other one shook it."""
        raises = [other.amplitude_deg for other in self._counted if other.standing]
        return bool(raises) and rep.amplitude_deg < FAR_ALIKE * median(raises)

    def _before(self, rep: LegRep) -> list[LegRep]:
        """The raise that only the leg behind has shown, if this one says that a set began with it."""
        once, self._once = self._once, None
        if once is None or not (rep.standing and 0 <= rep.start_s - once.end_s < AGAIN_S):
            return []
        low_deg, high_deg = sorted((once.amplitude_deg, rep.amplitude_deg))
        return [once] if low_deg >= max(FAR_TWICE_DEG, FAR_ALIKE * high_deg) else []

    def _known(self, leg: Leg, side: Side, rep: LegRep, near: Leg | None) -> bool:
        """Whether the other leg has told this movement already."""
        if side == "both" and self._touches(rep, SAME_TOGETHER):
            return True
        if leg == near:
            parts_s = sum(
                max(0.0, _shared_s(rep, other)) for other in self._counted if _lasts(other) < _lasts(rep)
            )
            whole = any(_alike(rep, other) >= ALIKE for other in self._counted)
            return whole or parts_s >= ALIKE * _lasts(rep)
        return self._touches(rep, SAME)

    def _touches(self, rep: LegRep, share: float) -> bool:
        return any(_overlap(rep, other) >= share for other in self._counted)

    def _side(self, leg: Leg, rep: LegRep, near: Leg | None) -> Side | None:
        """None for what is only an echo of the other leg, or counted there."""
        other: Leg = "right" if leg == "left" else "left"
        if rep.standing:
            if self._lifted(other, rep):
                return leg
            steps = near != leg and self._steps(leg, other, rep)
            return None if steps or (near == other and rep.small) or self._lifted(leg, rep) else "both"
        share = self._partner_share(leg, other, rep)
        if near == other:
            if not self._only_echoes(other, rep, share) and (
                share >= FAR_ALONE or not self._believed_alone(other, rep)
            ):
                return None
        elif share * rep.amplitude_deg >= self._together_deg(other, rep):
            return None if share > 1 / ECHO or self._echoes(leg, rep) else "both"
        self._alone[leg].append(rep.amplitude_deg)
        return leg

    def _lifted(self, leg: Leg, rep: LegRep) -> bool:
        """Whether this leg was held off the floor all the time by somebody who stands on the other."""
        moments = self._followers[leg].between(rep.start_s, rep.end_s)
        return min((m.leg.knee_deg for m in moments), default=0.0) > LIFTED_KNEE_DEG

    def _steps(self, leg: Leg, other: Leg, rep: LegRep) -> bool:
        """Whether one foot left the floor while the other stayed there, on the way up or down."""
        for stroke in (rep.moved.first, rep.moved.second):
            both = [self._followers[one].between(stroke.start_s, stroke.end_s) for one in (leg, other)]
            if min(map(len, both)) >= 3:
                less, more = sorted(map(rise, both))
                if less < BOTH_RISE * more:
                    return True
        return False

    def _echoes(self, leg: Leg, rep: LegRep) -> bool:
        """Whether this leg is known to move much more when it moves itself."""
        alone = self._alone[leg]
        return bool(alone) and rep.amplitude_deg < ALONE_SHARE * median(alone)

    def _only_echoes(self, near: Leg, rep: LegRep, share: float) -> bool:
        """Whether the leg before, which moves much more when it moves, stood still beside the one behind."""
        follower, alone = self._followers[near], self._alone[near]
        for stroke in (rep.moved.first, rep.moved.second):
            moments = follower.between(stroke.start_s - STROKE_S, stroke.end_s + STROKE_S)
            if not moments or spread([m.move_deg for m in moments]) > STILL_SHARE * stroke.amplitude_deg:
                return False
        return bool(alone) and share * rep.amplitude_deg < ALONE_SHARE * median(alone)

    def _together_deg(self, other: Leg, rep: LegRep) -> float:
        """What the other leg must move to have taken part; more, if it is known to move more by itself."""
        alone = self._alone[other]
        return max(ECHO * rep.amplitude_deg, ALONE_SHARE * median(alone) if alone else 0.0)

    def _believed_alone(self, near: Leg, rep: LegRep) -> bool:
        """Whether the leg behind really moved: enough, and not because the leg before it turned."""
        moments = self._followers[near].between(rep.start_s, rep.end_s)
        turned_deg = spread([m.leg.shank_deg for m in moments]) if moments else 0.0
        return rep.amplitude_deg >= FAR_ALONE_DEG and turned_deg <= NEAR_STILL_DEG

    def _partner_share(self, leg: Leg, other: Leg, rep: LegRep) -> float:
        """How far the other leg moved meanwhile, over this leg: mean of the angle's way and the toes'.

        Of a half-hidden foot either may be lost. NaN when the other leg was not seen.
        """
        own, partner = (self._followers[one].between(rep.start_s, rep.end_s) for one in (leg, other))
        if min(len(own), len(partner)) < 3:
            return nan
        moved, toes, own_toes = travelled(partner, own)
        return (moved / rep.amplitude_deg + toes / max(own_toes, 1e-9)) / 2


def _overlap(a: LegRep | LegHold, b: LegRep | LegHold) -> float:
    """What they share, of the shorter one."""
    return _shared_s(a, b) / max(1e-9, min(_lasts(a), _lasts(b)))


def _alike(a: LegRep | LegHold, b: LegRep | LegHold) -> float:
    """What they share, of the longer one."""
    return _shared_s(a, b) / max(1e-9, _lasts(a), _lasts(b))


def _shared_s(a: LegRep | LegHold, b: LegRep | LegHold) -> float:
    return min(a.end_s, b.end_s) - max(a.start_s, b.start_s)


def _follows(rep: LegRep, before: LegRep) -> bool:
    """Whether they are two of a set."""
    alike = rep.amplitude_deg >= FAR_ALIKE * before.amplitude_deg
    return alike and 0 <= rep.start_s - before.end_s < AGAIN_S


def _lasts(one: LegRep | LegHold) -> float:
    return one.end_s - one.start_s


def _belongs(rep: LegRep, hold: LegHold) -> bool:
    """Whether the rep is a bounce in the stretch, or the way into or out of it."""
    ways = abs(rep.start_s - hold.end_s), abs(rep.end_s - hold.start_s)
    return _overlap(rep, hold) >= SAME or min(ways) < WAY_S


def _as_rep(rep: LegRep, side: Side) -> Rep:
    shape = rep.shape()
    quality: RepQuality = "jerky" if shape.jerky else "partial" if rep.small else "smooth"
    return Rep(
        side=side,
        start_s=rep.start_s,
        peak_s=rep.peak_s,
        end_s=rep.end_s,
        range_deg=rep.range_deg,
        quality=quality,
        up_s=rep.up_s,
        down_s=rep.down_s,
        sparc=shape.sparc,
        ripple_deg=shape.ripple_deg,
        by_movement=rep.view.feet,
    )

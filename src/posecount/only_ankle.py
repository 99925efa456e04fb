"""Is a stroke the ankle's alone? What moves a knee, a shank or a whole foot is a squat, a kick or a step.

Lengths are in legs.
"""

from math import hypot, inf
from statistics import median

import numpy as np

from posecount.movement import Follower, Legs, Moment, View, in_columns, movement_deg
from posecount.spread import WILD, spread, strayed
from posecount.strokes import Stroke

ARM_S = 0.15  # a leg must be in view this long before its movement counts

KNEE_MAX_DEG = 28.0  # heel raises bend the knee 4-20 deg, squats and lunges 35-120
# At least, and for each degree of a raise: of squats seen obliquely, or with a guessed hip, 20-28 show.
RAISE_KNEE = 16.0, 0.7
# Of who does not: of 1039 pumps it bends by 12 deg or half as far as the ankle at most; of who rises, 26 deg.
PUMP_KNEE = 12.0, 0.6
SHANK_MAX_DEG = 22.0  # a standing person's shank keeps its direction; a step turns it
ANKLE_MAX = 0.2  # a heel raise lifts the ankle by 0.12
HIGH_DEG, HIGHER = 45.0, 1.3  # a larger stroke lifts it as much further, up to so many times: from a step
# How far that of toe and ankle goes along the leg that goes less far: raises and pumps up to 0.077, and 0.78
# of the other's way at most; marches 0.08 to 0.1, or 0.06 and as far as the other.
STEP, SMALL_STEP, EVEN, STEP_S = 0.08, 0.055, 0.8, 0.7
LIFTS = 1.3  # times the toe: raises 1.4 to 5, but of a hidden foot; pumps 0.1 to 0.4
TOE_MAX = 0.16  # the toes of a standing person stay where they are
PUMPS = 0.3  # times the toe: an ankle that moves less is one of who sits after all, seen from the front
LENGTH_MAX = 0.22  # change of the leg's length in the picture
OTHER_LEG = 1.6  # times as much: the other leg is often half hidden
OTHER_WILD = 0.1  # of the time, at each end: then it is taken for something else; a step takes longer

# How far a leg jumps from frame to frame, of how far it strays: steps 0.1, guessed legs 0.3 to 0.7; in the
# first second that it is seen, before a pump 0.39 to 0.75, in the first strokes of one up to 0.31.
GUESSED, SETTLED, SETTLES_S = 0.25, 0.36, 1.0
RESTED_S, RESTED_SHARE = 0.4, 0.6  # of the stroke: what has moved less before it, jumps but has settled

SHANK_LEAST_DEG, SHANK_SHARE = 5.0, 0.35  # of the movement: else it is the shank, over a foot that stays
ACROSS_SHARE = 1.0  # of the movement along the shank: else the foot is turned in or out
APART_SHARE = 0.9  # of it that the toes may move apart: pumping both feet 0.1-0.73, turning them out 1.07

ECHO_FACTOR = 2.2
ECHO_S = 0.15  # an echo may run ahead of its stroke or behind it


def is_ankle(stroke: Stroke, follower: Follower) -> bool:
    """Whether knees, shanks and feet kept their places, and only the ankle moved."""
    moments, view = follower.between(stroke.start_s, stroke.end_s), follower.view
    if stroke.start_s - follower.begun_s < ARM_S or not moments:
        return False
    legs = in_columns([m.leg for m in moments])
    if not (view.standing or view.feet) and _settles(stroke, follower, legs):
        return False
    others = [m.other for m in moments if m.other]
    return (
        _kept_still(legs, view, stroke.amplitude_deg)
        and (view.standing or _foot_moved(legs, moments, view, stroke.amplitude_deg))
        and (
            view.feet  # of which one is often hidden, and guessed
            or 2 * len(others) < len(moments)
            or _kept_still(in_columns(others), view, stroke.amplitude_deg, other=True)
            or _jolt(in_columns(others)) > GUESSED
        )
    )


def is_echo(stroke: Stroke, follower: Follower) -> bool:
    """Whether the other foot moved so much more meanwhile that a half-hidden one may only seem to move.

    Both legs of who stands carry one rise, and neither echoes the other; nor do feet alone that are raised.
    """
    view = follower.view
    if view.standing:
        return False
    moments = follower.between(stroke.start_s - ECHO_S, stroke.end_s + ECHO_S)
    if view.feet and moments and lifts(in_columns([m.leg for m in moments])):
        return False
    others = [m.other for m in moments if m.other]
    moved_deg = spread([movement_deg(other, view) for other in others]) if others else 0.0
    if moved_deg <= ECHO_FACTOR * stroke.amplitude_deg:
        return False
    return view.feet or _jolt(in_columns(others)) <= GUESSED


def is_step(rep: Stroke, follower: Follower) -> bool:
    """Of feet alone: whether all of it left the floor, and it turned neither about its toes nor its ankle."""
    if not follower.view.feet:
        return False
    legs = in_columns([m.leg for m in follower.between(rep.start_s, rep.end_s)])
    less, more = (px / median(legs.leg_px) for px in sorted(_along_px(legs)))
    slow = rep.end_s - rep.start_s >= STEP_S  # what is quicker rebounds
    return less > STEP or (slow and less > SMALL_STEP and less > EVEN * more)


def lifted(follower: Follower, start_s: float, end_s: float) -> float:
    """How far all of a foot alone, toe and ankle, went along the leg, in legs; 0 where it was not seen."""
    moments = follower.between(start_s, end_s)
    if not (follower.view.feet and moments):
        return 0.0
    legs = in_columns([m.leg for m in moments])
    return min(_along_px(legs)) / median(legs.leg_px)


def turned_deg(follower: Follower, start_s: float, end_s: float) -> float:
    """How far a foot alone turned in the picture, or moved as is counted; infinite where it was not seen."""
    moments = follower.between(start_s, end_s)
    if not follower.view.feet or len(moments) < 5:
        return inf
    foot_deg = np.unwrap([m.leg.foot_deg for m in moments], period=360.0).tolist()
    return max(spread(foot_deg), spread([m.move_deg for m in moments]))


def lifts(legs: Legs) -> bool:
    """Whether the foot turned about its toes, as who stands raises the heels, and not about its ankle."""
    toe_px, ankle_px = _strayed_px(legs)
    return ankle_px > LIFTS * toe_px


def _settles(stroke: Stroke, follower: Follower, legs: Legs) -> bool:
    """Whether a leg just found may still be on its way to where it is: it has not rested yet."""
    since_s = stroke.start_s - follower.begun_s
    if since_s >= SETTLES_S or _jolt(legs) <= SETTLED:
        return False
    before_deg = [m.move_deg for m in follower.between(follower.begun_s, stroke.start_s)]
    return since_s < RESTED_S or spread(before_deg) > RESTED_SHARE * stroke.amplitude_deg


def _kept_still(legs: Legs, view: View, amplitude_deg: float, other: bool = False) -> bool:
    factor, wild = (OTHER_LEG, OTHER_WILD) if other else (1.0, WILD)
    size = factor * median(legs.leg_px)
    higher = min(max(amplitude_deg / HIGH_DEG, 1.0), HIGHER)
    toe_px, ankle_px = _strayed_px(legs, wild)
    stands = view.standing and ankle_px > PUMPS * toe_px
    return (
        spread(legs.knee_deg, wild) <= factor * _knee_max_deg(view, amplitude_deg)
        # Of feet alone the shank is guessed, and follows the foot.
        and (view.feet or spread(legs.shank_deg, wild) <= factor * SHANK_MAX_DEG)
        and spread(legs.leg_px, wild) <= LENGTH_MAX * size
        and ankle_px <= higher * ANKLE_MAX * size
        and toe_px <= (TOE_MAX if stands else 1.0) * size
    )


def _knee_max_deg(view: View, amplitude_deg: float) -> float:
    """How far the knee may bend meanwhile."""
    if view.feet:  # guessed
        return KNEE_MAX_DEG
    least_deg, share = RAISE_KNEE if view.standing else PUMP_KNEE
    return min(KNEE_MAX_DEG, max(least_deg, share * amplitude_deg))


def _jolt(legs: Legs) -> float:
    """How far it jumps from frame to frame, of how far it strays: little if it moves, much if guessed."""
    columns = legs.knee_x_px, legs.knee_y_px, legs.ankle_x_px, legs.ankle_y_px, legs.toe_x_px, legs.toe_y_px
    jolts = sum(sum(abs(a - 2 * b + c) for a, b, c in zip(v, v[1:], v[2:], strict=False)) for v in columns)
    strayed_px = max(sum(map(spread, columns)), 1e-6)
    return jolts / max(len(legs.knee_x_px) - 2, 1) / strayed_px


def _strayed_px(legs: Legs, wild: float = WILD) -> tuple[float, float]:
    """How far toe and ankle have strayed."""
    return strayed(legs.toe_x_px, legs.toe_y_px, wild), strayed(legs.ankle_x_px, legs.ankle_y_px, wild)


def _along_px(legs: Legs) -> tuple[float, float]:
    """How far toe and ankle went along the leg, whose direction is one and the same."""
    x, y = legs.knee_x_px[0] - legs.ankle_x_px[0], legs.knee_y_px[0] - legs.ankle_y_px[0]
    shank_px = max(hypot(x, y), 1e-6)
    toe, ankle = (
        [(at_x * x + at_y * y) / shank_px for at_x, at_y in zip(*columns, strict=True)]
        for columns in ((legs.toe_x_px, legs.toe_y_px), (legs.ankle_x_px, legs.ankle_y_px))
    )
    return spread(toe), spread(ankle)


def _foot_moved(legs: Legs, moments: list[Moment], view: View, amplitude_deg: float) -> bool:
    """Whether the foot moved up and down against a shank that did not."""
    if not view.feet and spread(legs.shank_deg) > max(SHANK_LEAST_DEG, SHANK_SHARE * amplitude_deg):
        return False
    if view.sideways:
        return True
    along, across = spread(legs.reach), spread(legs.across)
    return across <= ACROSS_SHARE * along and _toes_apart(moments) <= APART_SHARE * along


def _toes_apart(moments: list[Moment]) -> float:
    """How far the toes of both feet moved apart across the shank; 0 while one foot is hidden."""
    seen = [(m.leg, m.other) for m in moments if m.other]
    if not seen:
        return 0.0
    x = sum(leg.ankle_x_px - leg.knee_x_px for leg, _ in seen)
    y = sum(leg.ankle_y_px - leg.knee_y_px for leg, _ in seen)
    shank = hypot(x, y)
    apart_px = [
        ((leg.toe_x_px - other.toe_x_px) * y - (leg.toe_y_px - other.toe_y_px) * x) / shank
        for leg, other in seen
    ]
    return spread(apart_px) / median(leg.leg_px for leg, _ in seen)

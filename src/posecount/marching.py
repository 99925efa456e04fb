"""Who marches lifts one foot after the other: what looks like reps of feet alone, and is none.

Pixels cannot tell a foot that is lifted from one that pumps. Landmarks can: its toes go along the leg as its
ankle does. Of one foot alone that is often misread, of both in turn hardly ever.
"""

from dataclasses import dataclass
from math import inf

from posecount.movement import Follower
from posecount.only_ankle import lifted
from posecount.types import Leg, Rep

# In legs: steps 0.055 to 0.13 and the other foot 0.01 to 0.06, feet in turn that pump 0.01 to 0.045.
LIFTED, RESTS, MORE = 0.05, 0.07, 1.3  # MORE: times the other foot
NEAR_S = 5.0


@dataclass(frozen=True, slots=True)
class _Lift:
    """Which foot was lifted, if only one was, and when it was down again."""

    leg: Leg | None
    end_s: float


class Marching:
    """`without_steps` with the reps of feet, as they are told."""

    def __init__(self, left: Follower, right: Follower) -> None:
        self._left, self._right = left, right
        self._last = _Lift(None, -inf)

    def without_steps(self, reps: list[Rep]) -> list[Rep]:
        """Those that are no step between two of the other foot's, or beside one."""
        lifts = [self._last, *map(self._lift, reps), _Lift(None, inf)]
        self._last = lifts[-2]
        neighbours = zip(reps, lifts, lifts[1:], lifts[2:], strict=False)
        return [rep for rep, before, lift, after in neighbours if not _in_turn(before, lift, after)]

    def _lift(self, rep: Rep) -> _Lift:
        left, right = (lifted(each, rep.start_s, rep.end_s) for each in (self._left, self._right))
        less, more = sorted((left, right))
        if less > RESTS or more < max(LIFTED, MORE * less):
            return _Lift(None, rep.end_s)
        return _Lift("left" if left > right else "right", rep.end_s)


def _in_turn(before: _Lift, lift: _Lift, after: _Lift) -> bool:
    pairs = (before, lift), (lift, after)
    return any(
        one.leg and other.leg and one.leg != other.leg and other.end_s - one.end_s < NEAR_S
        for one, other in pairs
    )

"""What looks like reps of feet alone, to pixels, and is none: steps and squats.

Pixels cannot tell a foot that is lifted from one that pumps, nor a shank that leans from one that a foot
raises. Landmarks can: who marches lifts one foot after the other, toes and ankle alike; who squats does so
over feet that neither turn nor rise. Of one rep alone either is often misread, of two in a row hardly ever.
"""

from dataclasses import dataclass
from math import inf

from posecount.movement import Follower
from posecount.only_ankle import lifted, turned_deg
from posecount.types import Leg, Rep

# In legs: steps 0.055 to 0.13 and the other foot 0.01 to 0.06, feet in turn that pump 0.01 to 0.045.
LIFTED, RESTS, MORE = 0.05, 0.07, 1.3  # MORE: times the other foot
# By the foot that turns more: squats 2.9 to 7.2; two reps in a row 8 and more, of which no half ones are.
STAYS_DEG = 7.3
NEAR_S = 5.0


@dataclass(frozen=True, slots=True)
class _Feet:
    """Which foot was lifted, if only one was; whether both stayed where they were; and until when."""

    lifted: Leg | None
    stay: bool
    end_s: float


class StepsAndSquats:
    """`without` with the reps of feet, as they are told."""

    def __init__(self, left: Follower, right: Follower) -> None:
        self._left, self._right = left, right
        self._last = _Feet(None, False, -inf)

    def without(self, reps: list[Rep]) -> list[Rep]:
        """Those that are no step between two of the other foot's, or beside one, nor one of some squats."""
        told = [self._last, *map(self._feet, reps), _Feet(None, False, inf)]
        self._last = told[-2]
        neighbours = zip(reps, told, told[1:], told[2:], strict=False)
        return [rep for rep, before, feet, after in neighbours if not _are_other(before, feet, after)]

    def _feet(self, rep: Rep) -> _Feet:
        both = self._left, self._right
        left, right = (lifted(each, rep.start_s, rep.end_s) for each in both)
        less, more = sorted((left, right))
        still = all(turned_deg(each, rep.start_s, rep.end_s) < STAYS_DEG for each in both)
        stay = still and more < LIFTED
        if less > RESTS or more < max(LIFTED, MORE * less):
            return _Feet(None, stay, rep.end_s)
        return _Feet("left" if left > right else "right", stay, rep.end_s)


def _are_other(before: _Feet, feet: _Feet, after: _Feet) -> bool:
    return any(
        other.end_s - one.end_s < NEAR_S and (_step(one, other) or (one.stay and other.stay))
        for one, other in ((before, feet), (feet, after))
    )


def _step(one: _Feet, other: _Feet) -> bool:
    return bool(one.lifted and other.lifted and one.lifted != other.lifted)

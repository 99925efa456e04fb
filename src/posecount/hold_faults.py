"""Faults of a held stretch: bouncing, the knee leaving its position, letting go too early."""

from collections.abc import Iterator

from posecount.exercises import Exercise, Knee
from posecount.faults import Calm, Lasting, Moment, Verdict, Watcher
from posecount.types import LEGS, Leg, LegState, Muscle, nan

KNEES: dict[Muscle, Knee] = {"gastrocnemius": "straight", "soleus": "bent"}


def watchers(exercise: Exercise, target_s: float, knee: Knee = "any") -> Iterator[Watcher]:
    """`target_s` is how long the stretch should last, `knee` what was asked of the leg.

    A limit that the exercise leaves out is not watched.
    """
    limits = {key: limit.value for key, limit in exercise.limits.items()}
    yield HoldBounce()
    if "knee_straight_deg" in limits and "knee_bent_deg" in limits:
        yield HoldKnee(limits["knee_bent_deg"], limits["knee_straight_deg"], knee)
    if "release_share" in limits:
        yield Release(limits["release_share"] * target_s, knee)


class HoldBounce:
    """Called at once, bounce by bounce; better when the next hold, or the rest of this one, is still."""

    STILL_S = 8.0

    def __init__(self) -> None:
        self._bounces: dict[Leg, int] = {leg: 0 for leg in LEGS}
        self._last_s = -float("inf")

    def update(self, now: Moment) -> Iterator[Verdict]:
        for leg in LEGS:
            bounces = now.state.legs[leg].bounces
            if bounces > self._bounces[leg]:
                self._last_s = now.time_s
                yield Verdict("hold-bounce", True)
            self._bounces[leg] = bounces
        for hold in now.holds:
            yield Verdict("bounced", hold.quality == "bouncing", {"count": hold.bounces})
        holding = any(now.state.legs[leg].hold_s > 0 for leg in LEGS)
        if holding and now.time_s - self._last_s > self.STILL_S:
            yield Verdict("hold-bounce", False)


class HoldKnee:
    """The knee is not as it was asked to be, or leaves the position that it took up when the hold began."""

    SETTLED_S = 2.0  # going into a stretch bends and straightens the knee; that is not yet its position

    def __init__(self, straight_deg: float, bent_deg: float, asked: Knee) -> None:
        self._straight_deg, self._bent_deg = straight_deg, bent_deg
        self._asked = None if asked == "any" else asked
        self._began: dict[Leg, str | None] = {leg: None for leg in LEGS}
        self._calm = {leg: Calm() for leg in LEGS}
        self._wrong = {leg: Lasting() for leg in LEGS}

    def update(self, now: Moment) -> Iterator[Verdict]:
        for leg in LEGS:
            yield from self._look(now.time_s, leg, now.state.legs[leg])

    def _look(self, time_s: float, leg: Leg, seen: LegState) -> Iterator[Verdict]:
        position = self._position(self._calm[leg].push(time_s, seen.knee_deg if seen.measured else nan))
        if seen.hold_s < self.SETTLED_S:
            self._began[leg] = None
        elif self._began[leg] is None:
            self._began[leg] = self._asked or position
        began = self._began[leg]
        moved = None if position is None or began is None else position != began
        wrong = self._wrong[leg].since(time_s, moved)
        if wrong is not None:
            yield Verdict("knee-bent" if began == "straight" else "knee-straight", wrong)

    def _position(self, knee_deg: float) -> str | None:
        if knee_deg < self._straight_deg:
            return "straight"
        return "bent" if knee_deg > self._bent_deg else None  # between, and NaN: cannot tell


class Release:
    """A stretch let go before its time; praised when it was not, and the knee was as it was asked to be."""

    LEAST_S = 3.0  # shorter was no stretch yet

    def __init__(self, least_s: float, asked: Knee) -> None:
        self._least_s, self._asked = least_s, asked

    def update(self, now: Moment) -> Iterator[Verdict]:
        for hold in now.holds:
            if hold.duration_s >= self.LEAST_S:
                early = hold.duration_s < self._least_s
                yield Verdict("released", early)
                if not early and hold.quality == "steady" and self._asked in ("any", KNEES[hold.muscle]):
                    yield Verdict("held", True)

"""The clinical single-leg heel-raise test: to a metronome, until the heel, the pace or the knee gives in.

Reps come from a session that follows the tested leg. How high each one was is measured here, whatever the
ankle's angle may be: the published norms are centimetres.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, isnan
from statistics import fmean, median
from typing import Any, Literal

from posecount.body_rise import HEEL_PER_ANKLE, BodyRise
from posecount.errors import PosecountError
from posecount.exercises import Exercise
from posecount.faults import Calm
from posecount.torso import lean_deg
from posecount.types import Event, Leg, Pose, Rep, State, nan

NAME = "heel-raise-test"  # of the exercise
Reason = Literal["heel", "pace", "knee", "lean", "stopped"]

FIRST = 3  # raises that say what a full one is, and as many at the end say what is left
RECENT = 3  # intervals that make a pace
REACT_CYCLES = 2  # raises that a prompt is given to take effect
GAP_S = 1.0  # without a picture: paused, or a camera that hung
WAIT_CYCLES = 2.5  # from a top: the news of the next raise come 1.4 s after its own, and it may be a bit late


def checked_height_cm(height_cm: float) -> float:
    """Raises PosecountError for what is no person's height; NaN is nobody's."""
    if not (isnan(height_cm) or 80 <= height_cm <= 250):
        raise PosecountError(f"--height {height_cm:g}: expected a height in centimetres, 80 to 250")
    return height_cm


@dataclass(frozen=True, slots=True)
class Raise:
    """One that counts. `rise` is the ankle's, as a share of the person's height."""

    start_s: float
    peak_s: float
    end_s: float
    rise: float


@dataclass(frozen=True, slots=True)
class HeelRaiseResult:
    """Rises are the ankle's, as in the published norms, whose marker is below the ankle bone.

    With `height_cm`, the person's height, in centimetres; without it shares of the height in percent.
    """

    leg: Leg
    ended: Reason
    raises: tuple[Raise, ...]
    height_cm: float = nan

    @property
    def reps(self) -> int:
        return len(self.raises)

    @property
    def unit(self) -> str:
        return "cm" if isfinite(self.height_cm) else "%"

    @property
    def rises(self) -> tuple[float, ...]:
        """Of each raise, in `unit`."""
        whole = self.height_cm if isfinite(self.height_cm) else 100.0
        return tuple(each.rise * whole for each in self.raises)

    @property
    def peak(self) -> float:
        """The highest rise: the mean of the best three in a row, as a single one is half chance."""
        seen = [rise for rise in self.rises if isfinite(rise)]
        rows = [seen[n : n + FIRST] for n in range(max(len(seen) - FIRST, 0) + 1)]
        return max(map(fmean, rows)) if seen else nan

    @property
    def heel_peak(self) -> float:
        """How high the heel itself was at the highest."""
        return HEEL_PER_ANKLE * self.peak

    @property
    def total(self) -> float:
        """All rises together: the total displacement."""
        return sum(filter(isfinite, self.rises)) if self.raises else nan

    @property
    def kept(self) -> float:
        """Fatigue: the last three raises as a share of the first three; NaN with fewer than six."""
        seen = [rise for rise in self.rises if isfinite(rise)]
        return fmean(seen[-FIRST:]) / fmean(seen[:FIRST]) if len(seen) >= 2 * FIRST else nan

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the analysis file; rises of the ankle, in `unit`."""
        return {
            "leg": self.leg,
            "ended": self.ended,
            "unit": self.unit,
            "reps": self.reps,
            "peak": self.peak,
            "heel_peak": self.heel_peak,
            "total": self.total,
            "mean_share": self.mean_share,
            "kept": self.kept,
            "rises": list(self.rises),
        }

    @property
    def mean_share(self) -> float:
        """The mean rise as a share of the highest: 1 for someone who does not tire at all."""
        seen = [rise for rise in self.rises if isfinite(rise)]
        return fmean(seen) / self.peak if seen else nan


@dataclass(frozen=True, slots=True)
class HeelRaisePrompt:
    """Something to say now: `code` is what went wrong, `number` how often it was said in a row."""

    code: Reason
    number: int
    time_s: float


class HeelRaiseTest:
    """`update` with every pose and what its session made of it, until `ended` says why it is over."""

    def __init__(self, exercise: Exercise, leg: Leg) -> None:
        limits = {key: limit.value for key, limit in exercise.limits.items()}
        self.leg = leg
        self.cycle_s = 60.0 / exercise.dose["rate_per_min"].least
        self.ended: Reason | None = None
        self._lift_share, self._pace_share = limits["lift_share"], limits["pace_share"]
        self._knee = _Posture(limits["knee_bend_deg"], self.cycle_s)
        self._trunk = _Posture(limits["lean_deg"], self.cycle_s)
        self._prompts = _Prompts(round(limits["prompts"]), REACT_CYCLES * self.cycle_s)
        self._body = BodyRise(leg)
        self._raises: list[Raise] = []
        self._overdue_s = nan  # when the next raise will be; NaN before the first
        self._began_s = self._last_s = nan

    def update(self, pose: Pose, events: Iterable[Event], state: State) -> list[HeelRaisePrompt]:
        """What to say. Once it has ended, nothing is counted any more."""
        if self.ended:
            return []
        if pose.time_s - self._last_s > GAP_S:  # nobody is asked for raises while the pictures stood still
            self._overdue_s += pose.time_s - self._last_s
        self._last_s = pose.time_s
        self._body.see(pose)
        said = []
        for event in events:
            if isinstance(event, Rep) and event.side == self.leg:
                said += self._hear(event, pose.time_s)
        leg = state.legs[self.leg]
        said += self._watch("knee", self._knee, leg.knee_deg if leg.measured else nan, pose.time_s)
        said += self._watch("lean", self._trunk, abs(lean_deg(pose)), pose.time_s)
        return [*said, *self._look_for_a_raise(pose.time_s)]

    def beat(self, time_s: float) -> int:
        """How many beats of the metronome there have been since it was first asked; up on even ones."""
        self._began_s = time_s if isnan(self._began_s) else self._began_s
        return int((time_s - self._began_s) / (self.cycle_s / 2))

    def result(self, height_cm: float = nan) -> HeelRaiseResult:
        """What was reached so far; 'stopped' when the person, or the recording, ended it."""
        return HeelRaiseResult(self.leg, self.ended or "stopped", tuple(self._raises), height_cm)

    def _hear(self, rep: Rep, now_s: float) -> list[HeelRaisePrompt]:
        rise = self._body.of(rep)
        if not rise >= self._lift_share * self._full:  # hardly off the floor; a NaN says nothing against it
            if isfinite(rise):
                return []
        self._raises.append(Raise(rep.start_s, rep.peak_s, rep.end_s, rise))
        self._overdue_s = rep.peak_s + WAIT_CYCLES * self.cycle_s
        said = self._judge("heel", False, now_s)
        peaks = [each.peak_s for each in self._raises[-RECENT - 1 :]]
        if len(peaks) > RECENT:
            pace_s = (peaks[-1] - peaks[0]) / RECENT
            said += self._judge("pace", abs(pace_s / self.cycle_s - 1) > self._pace_share, now_s)
        return said

    def _watch(
        self, code: Reason, posture: "_Posture", angle_deg: float, now_s: float
    ) -> list[HeelRaisePrompt]:
        wrong = posture.update(now_s, angle_deg, bool(self._raises))
        return [] if wrong is None else self._judge(code, wrong, now_s)

    @property
    def _full(self) -> float:
        first = [each.rise for each in self._raises[:FIRST] if isfinite(each.rise)]
        return fmean(first) if first else 0.0

    def _look_for_a_raise(self, now_s: float) -> list[HeelRaisePrompt]:
        if not now_s >= self._overdue_s:
            return []
        self._overdue_s += self.cycle_s
        return self._judge("heel", True, now_s, at_once=True)

    def _judge(self, code: Reason, wrong: bool, now_s: float, at_once: bool = False) -> list[HeelRaisePrompt]:
        if self.ended:
            return []
        number = self._prompts.judge(code, wrong, now_s, at_once)
        if number is None:
            self.ended = code
            return []
        return [HeelRaisePrompt(code, number, now_s)] if number else []


class _Prompts:
    """How often each thing was prompted without effect."""

    def __init__(self, most: int, react_s: float) -> None:
        self._most, self._react_s = most, react_s
        self._given: dict[Reason, int] = {}
        self._last_s: dict[Reason, float] = {}

    def judge(self, code: Reason, wrong: bool, now_s: float, at_once: bool) -> int | None:
        """The number of the prompt to give now, 0 for none, None when they have all been in vain."""
        if not wrong:
            self._given.pop(code, None)
            return 0
        if code in self._given and not at_once and now_s - self._last_s[code] < self._react_s:
            return 0
        if self._given.get(code, 0) >= self._most:
            return None
        self._given[code] = self._given.get(code, 0) + 1
        self._last_s[code] = now_s
        return self._given[code]


class _Posture:
    """Whether an angle was, within the last cycle, this much larger than before the first raise.

    A knee that helps bends with every raise, and straightens between them.
    """

    def __init__(self, limit_deg: float, cycle_s: float) -> None:
        self._limit_deg, self._cycle_s = limit_deg, cycle_s
        self._calm = Calm()
        self._before: list[float] = []
        self._rest_deg = nan
        self._recent: deque[tuple[float, float]] = deque()

    def update(self, time_s: float, angle_deg: float, begun: bool) -> bool | None:
        """None where it cannot be told."""
        angle_deg = self._calm.push(time_s, angle_deg)
        if not isfinite(angle_deg):
            return None
        if not begun:
            self._before.append(angle_deg)
            return None
        if isnan(self._rest_deg):
            self._rest_deg = median(self._before or [nan])
        self._recent.append((time_s, angle_deg))
        while time_s - self._recent[0][0] > self._cycle_s:
            self._recent.popleft()
        most_deg = max(each for _, each in self._recent) - self._rest_deg
        return most_deg > self._limit_deg if isfinite(most_deg) else None

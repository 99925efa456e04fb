"""What to say, and when: one cue at a time, the most important, no nagging, praise when it gets better."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from posecount import hold_faults, rep_faults
from posecount.exercises import Exercise, Knee
from posecount.faults import Moment, Verdict, Watcher
from posecount.types import Event, Hold, Rep, State, nan
from posecount.words import Words

GAP_S = 4.0  # between any two cues: time to hear one and act on it
REPEAT_S = 12.0  # before the same cue again; twice as long each time that it was of no use
FRESH_S = 1.0  # a fault is seen again and again while it lasts; once it is over it is not worth a word
NEWS_FRESH_S = GAP_S + 1.0  # what happens once must be able to wait for its turn

# The most important first: what may hurt, then what spoils the exercise, then what makes it better.
FAULTS = (
    "hold-bounce",
    "bounce",
    "knee-bend",
    "knee-bent",
    "knee-straight",
    "lean",
    "heels-down",
    "half-reps",
    "bounced",
    "released",
    "pace",
    "fatigue",
    "left-less",
    "right-less",
    "uneven",
    "faster",
    "slower",
)
PRAISE = ("held",)
NEWS = ("bounced", "released")


@dataclass(frozen=True, slots=True)
class Cue:
    """`code` is stable, for tones and pictures; of two cues the one of higher `priority` matters more."""

    code: str
    text: str
    priority: int
    time_s: float


class Coach:
    """Fed with everything a session tells, says at most one thing at a time.

    `target_s` is how long a stretch should last; without it, as long as the exercise's fewest breaths take.
    `knee` is what was asked of the stretched leg; without it, as the knee was when the stretch began.
    """

    def __init__(
        self, exercise: Exercise, language: str = "en", target_s: float = nan, knee: Knee = "any"
    ) -> None:
        self._say = Words(language)
        self._watchers = _watchers(exercise, target_s, knee)
        self._pending: dict[str, tuple[float, Mapping[str, object]]] = {}  # key -> since when, what about it
        self._said_s: dict[str, float] = {}  # key -> when last
        self._in_vain: Counter[str] = Counter()  # fault -> how often told since it was last right
        self._last_s = -inf

    def update(
        self,
        time_s: float,
        events: Iterable[Event],
        state: State,
        lean_deg: float = nan,
        resting: bool = False,
    ) -> Cue | None:
        """`lean_deg` is the trunk's tilt in the picture, where it can be seen.

        Between two sets, `resting`, there is nothing to mend: only news of the last one and praise are said.
        """
        events = tuple(events)
        reps = tuple(event for event in events if isinstance(event, Rep))
        holds = tuple(event for event in events if isinstance(event, Hold))
        moment = Moment(time_s, state, reps, holds, lean_deg)
        for watcher in self._watchers:
            for verdict in watcher.update(moment):
                self._hear(time_s, verdict)
        return self._speak(time_s, resting)

    def _hear(self, time_s: float, verdict: Verdict) -> None:
        cue, better = f"cue.{verdict.code}", f"better.{verdict.code}"
        if verdict.stands:
            self._pending[cue] = (time_s, verdict.places)
            self._pending.pop(better, None)
        else:
            self._pending.pop(cue, None)
            if self._in_vain.pop(verdict.code, 0):
                self._pending[better] = (time_s, {})

    def _speak(self, time_s: float, resting: bool) -> Cue | None:
        if time_s - self._last_s < GAP_S:
            return None
        sayable = [
            key
            for key, (since_s, _) in self._pending.items()
            if self._may(key, since_s, time_s) and not (resting and _mends(key))
        ]
        if not sayable:
            return None
        key = max(sayable, key=_priority)
        _, places = self._pending.pop(key)
        self._last_s = self._said_s[key] = time_s
        code = key.removeprefix("cue.")
        if code in FAULTS:
            self._in_vain[code] += 1
        else:  # one praise is enough
            self._pending = {other: each for other, each in self._pending.items() if _is_fault(other)}
        return Cue(code, self._say(key, **places), _priority(key), time_s)

    def _may(self, key: str, since_s: float, time_s: float) -> bool:
        code = key.removeprefix("cue.")
        fresh_s = FRESH_S if code in FAULTS and code not in NEWS else NEWS_FRESH_S
        patience = 2 ** max(self._in_vain[code] - 1, 0)
        return time_s - since_s <= fresh_s and time_s - self._said_s.get(key, -inf) >= REPEAT_S * patience


def _watchers(exercise: Exercise, target_s: float, knee: Knee) -> list[Watcher]:
    if exercise.counts == "calf-stretch":
        return list(hold_faults.watchers(exercise, target_s if target_s > 0 else shortest_s(exercise), knee))
    return list(rep_faults.watchers(exercise)) if exercise.counts != "nothing" else []


def shortest_s(exercise: Exercise) -> float:
    """The seconds that the fewest breaths of the dose take; 0 for an exercise without breaths."""
    breaths, pace = exercise.dose.get("breaths"), exercise.dose.get("breaths_per_min")
    return breaths.least * 60.0 / pace.most if breaths and pace else 0.0


def _mends(key: str) -> bool:
    return _is_fault(key) and key.removeprefix("cue.") not in NEWS


def _is_fault(key: str) -> bool:
    return key.removeprefix("cue.") in FAULTS


def _priority(key: str) -> int:
    """Any fault before any praise."""
    order = FAULTS + PRAISE
    code = key.removeprefix("cue.")
    return len(order) - order.index(code) if code in order else 0

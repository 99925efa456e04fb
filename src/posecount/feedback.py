"""What to say, and when: one cue at a time, the most important, no nagging, praise when it gets better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posecount import hold_faults, rep_faults
from posecount.exercises import Exercise
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
NEWS = ("bounced", "released", "held")


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
    """

    def __init__(self, exercise: Exercise, language: str = "en", target_s: float = nan) -> None:
        self._say = Words(language)
        self._watchers = _watchers(exercise, target_s)
        self._pending: dict[str, tuple[float, Mapping[str, object]]] = {}  # code -> since when, what about it
        self._said: dict[str, tuple[float, int]] = {}  # faults not yet better -> when last, how often
        self._last_s = -float("inf")

    def update(
        self, time_s: float, events: Iterable[Event], state: State, lean_deg: float = nan
    ) -> Cue | None:
        """`lean_deg` is the trunk's tilt in the picture, where it can be seen."""
        events = tuple(events)
        reps = tuple(event for event in events if isinstance(event, Rep))
        holds = tuple(event for event in events if isinstance(event, Hold))
        moment = Moment(time_s, state, reps, holds, lean_deg)
        for watcher in self._watchers:
            for verdict in watcher.update(moment):
                self._hear(time_s, verdict)
        return self._speak(time_s)

    def _hear(self, time_s: float, verdict: Verdict) -> None:
        if verdict.stands:
            self._pending[f"cue.{verdict.code}"] = (time_s, verdict.places)
            self._pending.pop(f"better.{verdict.code}", None)
        else:
            self._pending.pop(f"cue.{verdict.code}", None)
            if self._said.pop(verdict.code, None):
                self._pending[f"better.{verdict.code}"] = (time_s, {})

    def _speak(self, time_s: float) -> Cue | None:
        if time_s - self._last_s < GAP_S:
            return None
        sayable = [key for key, (since_s, _) in self._pending.items() if self._may(key, since_s, time_s)]
        if not sayable:
            return None
        key = max(sayable, key=_priority)
        self._last_s = time_s
        kind, _, code = key.partition(".")
        if kind == "cue" and code in FAULTS:
            self._said[code] = (time_s, self._said.get(code, (0.0, 0))[1] + 1)
        _, places = self._pending.pop(key)
        return Cue(code if kind == "cue" else key, self._say(key, **places), _priority(key), time_s)

    def _may(self, key: str, since_s: float, time_s: float) -> bool:
        kind, _, code = key.partition(".")
        fresh_s = NEWS_FRESH_S if kind == "better" or code in NEWS else FRESH_S
        last_s, often = self._said.get(code, (-float("inf"), 1))
        return time_s - since_s <= fresh_s and time_s - last_s >= REPEAT_S * 2 ** (often - 1)


def _watchers(exercise: Exercise, target_s: float) -> list[Watcher]:
    if exercise.counts == "calf-stretch":
        return list(hold_faults.watchers(exercise, target_s if target_s > 0 else shortest_s(exercise)))
    return list(rep_faults.watchers(exercise)) if exercise.counts != "nothing" else []


def shortest_s(exercise: Exercise) -> float:
    """The seconds that the fewest breaths of the dose take; 0 for an exercise without breaths."""
    breaths, pace = exercise.dose.get("breaths"), exercise.dose.get("breaths_per_min")
    return breaths.least * 60.0 / pace.most if breaths and pace else 0.0


def _priority(key: str) -> int:
    """Any fault before any praise."""
    kind, _, code = key.partition(".")
    order = FAULTS + PRAISE
    return len(order) - order.index(code) if kind == "cue" and code in order else 0

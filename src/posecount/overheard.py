"""What the coach would have said, had it been there: a recording's cues."""

from collections.abc import Iterable

from posecount.exercises import exercise
from posecount.feedback import Coach, Cue
from posecount.torso import lean_deg
from posecount.types import Event, Pose, State


class Overheard:
    """Begins once it is known which exercise it is; `cues` are all so far."""

    def __init__(self) -> None:
        self.cues: list[Cue] = []
        self._coach: Coach | None = None

    def update(self, pose: Pose, events: Iterable[Event], state: State) -> None:
        if self._coach is None and state.exercise != "auto":
            self._coach = Coach(exercise(state.exercise))
        if self._coach and (cue := self._coach.update(pose.time_s, events, state, lean_deg(pose))):
            self.cues.append(cue)

"""What a live session does with each pose: guide first, then count, coach, and follow a programme.

No clock and no thread in here: the same shots and keys give the same scenes and events.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, isfinite, nan
from typing import Any

from posecount.breathing import BreathMeter
from posecount.coach import BREATHS_PER_MIN, pacer
from posecount.exercises import exercise
from posecount.feedback import Coach
from posecount.foot_flow import FootFlow
from posecount.live.guidance import Guidance, Guide
from posecount.live.source import Shot
from posecount.live.testing import Testing
from posecount.live.title import title
from posecount.programme_run import ProgrammeRun, Prompt, RunView
from posecount.programmes import Programme, Step
from posecount.session import EXERCISES, Session
from posecount.torso import lean_deg
from posecount.turn import FootTurns
from posecount.types import Event, Hold, Notice, Pose, Rep, State
from posecount.words import Words

SIDES = ("auto", "both", "left", "right")
SAID_S = 4.0  # how long words stay: long enough to be read twice from three metres

Emit = Callable[[str, Any], None]  # a kind ('rep', 'hold', 'notice', 'cue', ...) and its value


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a screen shows of one moment."""

    shot: Shot
    pose: Pose
    state: State
    guide: Guide
    words: str = ""  # the one thing to tell the person now
    number: str = ""  # large over everything: the countdown
    breath: float = nan  # 0 out, 1 in
    paused: bool = False
    title: str = ""  # of the programme's step
    run: RunView | None = None  # of a programme


@dataclass(frozen=True, slots=True)
class Begun:
    """A set has begun: what is being counted, from which time on."""

    exercise: str
    side: str
    start_s: float


class Director:
    """`update` with each shot and its pose, `press` for keys, `finish` at the end; tells `emit` what happens.

    Kinds: begin, exercise, rep, hold, notice, cue, prompt, stage, beat, test, end. `height_cm` is theirs.
    """

    def __init__(
        self,
        emit: Emit,
        exercise: str = "auto",
        side: str = "auto",
        programme: Programme | None = None,
        guided: bool = False,
        model: str = "heavy",
        height_cm: float = nan,
        language: str = "en",
        breaths_per_min: float = BREATHS_PER_MIN,
        measure_breath: bool = False,
    ) -> None:
        self._emit, self._words_of = emit, Words(language)
        self._testing = Testing(emit, self._say, height_cm, self._words_of)
        self._exercise, self._side, self._model = exercise, side, model
        self._per_min = breaths_per_min
        self._meter = BreathMeter() if measure_breath else None
        self._measured_per_min = nan
        self._run = ProgrammeRun(programme, language, breaths_per_min) if programme else None
        self._guidance = Guidance(guided)
        self._session: Session | None = None
        self._counted = False  # anything, in this session
        self._found = ""  # the exercise, as it looks so far
        self._turns, self._flow = FootTurns(), FootFlow()
        self._coach: Coach | None = None
        self._coached = ""
        self._stage = ""
        self._turn = 0
        self._said: tuple[str, float] = ("", nan)
        self._paused = False
        self._now_s = 0.0

    def update(self, shot: Shot, pose: Pose) -> Scene:
        """Poses must come in order of time."""
        self._now_s = pose.time_s
        if self._paused:
            return Scene(shot, pose, self._state(), Guide("go", ""), paused=True, run=self._view)
        guide = self._guidance.update(pose, shot.frame.image)
        self._tell_stage(guide)
        if guide.stage == "guide":
            self._begin_afresh()
            return Scene(shot, pose, self._state(), guide, guide.said(self._words_of), run=self._view)
        self._count(replace(pose, flowed_deg=self._flow.update(shot.frame.image, pose)))
        number = str(ceil(guide.left_s)) if guide.stage == "countdown" else self._programme_number()
        words = guide.said(self._words_of) or self._words()
        return Scene(
            shot,
            pose,
            self._state(),
            guide,
            words,
            number,
            self._breath(),
            title=self._title(),
            run=self._view,
        )

    def look_at_feet(self, shot: Shot, pose: Pose) -> None:
        """Measure in the picture just counted how far the feet have turned: once its scene is on its way."""
        if self._session and not self._paused and self._guidance.stage != "guide":
            self._session.turned(self._turns.update(shot.frame.image, pose))

    def press(self, key: str) -> None:
        """space, r, c, s or n, as on the help card."""
        if key == "space":
            self._pause()
        elif key == "c":
            self._calibrate()
        elif key == "r":
            self._again()
        elif key == "s":
            self._side = SIDES[(SIDES.index(self._side) + 1) % len(SIDES)]
            self._say(self._words_of("live.side", side=self._words_of(f"live.side_{self._side}")))
            self._finish_session()
        elif key == "n":
            self._next()

    def finish(self) -> None:
        """The source has ended, or the person."""
        self._testing.stop()
        self._finish_session()

    def _count(self, pose: Pose) -> None:
        session = self._session or self._begin(pose.time_s)
        events = session.update(pose)
        state = session.state
        if self._meter:
            held = any(leg.hold_s > 0 for leg in state.legs.values())
            self._measured_per_min = self._meter.push(pose, held)
        self._hear(events, state.exercise)
        if self._run and self._guidance.stage == "go":
            for prompt in self._run.update(pose.time_s, events, state):
                self._prompt(prompt)
            self._testing.update(self._run, pose, events, state)
            if self._run.view.turn != self._turn and self._run.view.stage != "done":
                self._turn = self._run.view.turn
                self._finish_session()
        self._listen_to_coach(pose, events, state)

    def _hear(self, events: list[Event], exercise: str) -> None:
        if exercise != self._found:
            self._found = exercise
            self._emit("exercise", {"exercise": exercise, "time_s": self._now_s})
        for event in events:
            if isinstance(event, Notice):
                event = replace(event, message=self._words_of(f"notice.{event.code}"))
                self._say(event.message)
            kind = "rep" if isinstance(event, Rep) else "hold" if isinstance(event, Hold) else "notice"
            self._emit(kind, event)
            self._counted = self._counted or kind != "notice"

    def _listen_to_coach(self, pose: Pose, events: list[Event], state: State) -> None:
        if self._testing.going_on:  # which prompts by rules of its own
            return
        if state.exercise != self._coached:
            self._coached = state.exercise
            self._coach = self._coach_of(state.exercise) if state.exercise != "auto" else None
        resting = self._view is not None and self._view.stage != "exercise"
        cue = self._coach.update(pose.time_s, events, state, lean_deg(pose), resting) if self._coach else None
        if cue and self._guidance.stage == "go":
            self._emit("cue", cue)
            self._say(cue.text)

    def _coach_of(self, name: str) -> Coach:
        """A programme's step says what is asked of the knee, and how long to stretch."""
        view, language = self._view, self._words_of.language
        if view is None or view.step.counts != name:
            return Coach(exercise(name), language)
        target_s = view.hold.target_s if view.hold else nan
        return Coach(exercise(name), language, target_s=target_s, knee=view.step.knee)

    def _prompt(self, prompt: Prompt) -> None:
        self._emit("prompt", prompt)
        if prompt.code != "count":
            self._say(prompt.text)

    def _begin(self, time_s: float) -> Session:
        step = self._step
        counts = step.counts if step else self._exercise
        name = counts if counts in EXERCISES else "auto"
        side = step.side if step else self._side
        self._session, self._counted = Session(name, side, self._model, keeps_angles=False), False
        self._turns = FootTurns()
        self._found = name
        self._emit("begin", Begun(name, side, time_s))
        return self._session

    def _begin_afresh(self) -> None:
        """Someone left while the neutral was being found: nothing counted, nothing to keep."""
        if not self._counted:
            self._finish_session()

    def _finish_session(self) -> None:
        session, self._session = self._session, None
        self._coach, self._coached = None, ""
        if session:
            events = session.finish()
            self._hear(events, session.exercise)
            self._emit("end", session.summary())

    @property
    def _step(self) -> Step | None:
        return self._run.view.step if self._run else None

    @property
    def _view(self) -> RunView | None:
        return self._run.view if self._run else None

    def _state(self) -> State:
        return self._session.state if self._session else replace(State(), time_s=self._now_s)

    def _pause(self) -> None:
        self._paused = not self._paused
        if self._run:
            (self._run.pause if self._paused else self._run.resume)(self._now_s)
        self._emit("pause" if self._paused else "resume", {"time_s": self._now_s})

    def _calibrate(self) -> None:
        self._guidance.again()
        if self._session:
            self._session.calibrate()

    def _again(self) -> None:
        """Counting begins again; in a programme the set does."""
        if self._run:
            self._testing.stop()
            self._run.repeat(self._now_s)
        self._finish_session()

    def _next(self) -> None:
        if self._run:
            self._run.skip(self._now_s)
            return
        self._exercise = EXERCISES[(EXERCISES.index(self._exercise) + 1) % len(EXERCISES)]
        auto = self._exercise == "auto"
        name = self._words_of("live.exercise_auto" if auto else f"picture.{self._exercise}")
        self._say(self._words_of("live.exercise", exercise=name))
        self._finish_session()

    def _say(self, text: str) -> None:
        self._said = text, self._now_s

    def _words(self) -> str:
        if result := self._testing.shown(self._now_s):
            return result
        text, since_s = self._said
        return text if self._now_s - since_s <= SAID_S else ""

    def _tell_stage(self, guide: Guide) -> None:
        if guide.stage != self._stage:
            self._stage = guide.stage
            self._emit("stage", {"stage": guide.stage, "time_s": self._now_s})

    def _programme_number(self) -> str:
        view = self._run.view if self._run else None
        return str(ceil(view.left_s)) if view and view.stage == "countdown" and view.left_s > 0 else ""

    def _title(self) -> str:
        if not self._run:
            return ""
        return title(self._run.view, self._per_min, self._words_of, self._measured_per_min)

    def _breath(self) -> float:
        """Breathing is paced while a stretch is held."""
        state = self._state()
        held_s = max(leg.hold_s for leg in state.legs.values())
        if self._run and self._run.view.hold:
            held_s = self._run.view.hold.held_s
        if not (held_s > 0 and isfinite(held_s)):
            return nan
        breath = pacer(held_s, self._per_min)
        return breath.fraction if breath.phase == "in" else 1 - breath.fraction

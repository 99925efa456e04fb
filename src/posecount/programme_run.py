"""Walking through a programme: prompt, countdown, exercise, rest, next. Time comes in, words go out."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, inf, isnan
from typing import Literal

from posecount.coach import BREATHS_PER_MIN, HoldView
from posecount.programmes import Programme, Step
from posecount.types import Event, State, nan
from posecount.words import Words
from posecount.work import Work, work

Stage = Literal["prompt", "countdown", "exercise", "rest", "done"]

PROMPT_S = 5.0  # to hear what comes and get into position
COUNTDOWN_S = 3.0


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to say now; `code` is stable, for tones and pictures."""

    code: str
    text: str
    time_s: float


@dataclass(frozen=True, slots=True)
class RunView:
    """Where the programme is: `amount` of `target` is done, in the step's unit."""

    stage: Stage
    turn: int  # one set of one step, from 1
    turns: int
    step: Step
    amount: float
    target: float  # 0 when the exercise says itself when it is over
    left_s: float  # of the prompt, countdown or rest; NaN in the other stages
    paused: bool
    hold: HoldView | None  # in a stretch


class ProgrammeRun:
    """`update` with every frame's events and state; `skip`, `repeat`, `pause` and `resume` at any time.

    Only what a session finds while the stage is 'exercise' counts.
    """

    def __init__(
        self, programme: Programme, language: str = "en", breaths_per_min: float = BREATHS_PER_MIN
    ) -> None:
        self._say = Words(language)
        self._per_min = breaths_per_min
        self._turns = [(step, n) for step in programme.steps for n in range(1, step.sets + 1)]
        self._pauses_s = 0.0  # all together
        self._paused_at_s = nan
        self._now_s = self._since_s = nan
        self._waiting: list[tuple[str, str]] = []  # code and text, not yet told
        self._counted = 0
        self._turn = 0
        self._stage: Stage = "prompt"
        self._work: Work = work(self._step, self._per_min)

    @property
    def _step(self) -> Step:
        return self._turns[self._turn][0]

    @property
    def view(self) -> RunView:
        left_s = self._since_s + self._lasts_s - self._now_s if self._timed else nan
        return RunView(
            stage=self._stage,
            turn=self._turn + 1,
            turns=len(self._turns),
            step=self._step,
            amount=self._work.amount,
            target=self._step.amount,
            left_s=left_s,
            paused=not isnan(self._paused_at_s),
            hold=self._work.hold,
        )

    def update(self, time_s: float, events: Iterable[Event], state: State) -> list[Prompt]:
        """What to say now; nothing while paused."""
        if not isnan(self._paused_at_s):
            return []
        self._now_s = self._clock_s(time_s)
        if isnan(self._since_s):
            self._enter("prompt", self._now_s)
        if self._stage == "exercise":
            self._work.update(self._now_s, events, state)
        while self._over():
            self._move_on()
        if self._stage == "countdown":
            self._count_down()
        prompts = [Prompt(code, text, time_s) for code, text in self._waiting]
        self._waiting.clear()
        return prompts

    def pause(self, time_s: float) -> None:
        if isnan(self._paused_at_s):
            self._paused_at_s = time_s

    def resume(self, time_s: float) -> None:
        if not isnan(self._paused_at_s):
            self._pauses_s += time_s - self._paused_at_s
            self._paused_at_s = nan

    def skip(self, time_s: float) -> None:
        """On to the next step; from the last one to the end."""
        later = [n for n, (step, _) in enumerate(self._turns) if n > self._turn and step is not self._step]
        self._go(min(later, default=len(self._turns)), self._clock_s(time_s))

    def repeat(self, time_s: float) -> None:
        """The set in progress or just done once more; before it has begun, the one before."""
        before = self._stage in ("prompt", "countdown")
        self._go(max(self._turn - before, 0), self._clock_s(time_s))

    def complete(self, time_s: float) -> None:
        """An exercise that says itself when it is over has said so."""
        if self._stage == "exercise":
            self._after_work(self._clock_s(time_s))

    def _clock_s(self, time_s: float) -> float:
        """The run's own clock, which stands still in pauses."""
        return (time_s if isnan(self._paused_at_s) else self._paused_at_s) - self._pauses_s

    @property
    def _timed(self) -> bool:
        return self._stage in ("prompt", "countdown", "rest")

    @property
    def _lasts_s(self) -> float:
        return {"prompt": PROMPT_S, "countdown": COUNTDOWN_S, "rest": self._step.rest_s}.get(self._stage, inf)

    def _over(self) -> bool:
        return self._work.done if self._stage == "exercise" else self._now_s - self._since_s >= self._lasts_s

    def _move_on(self) -> None:
        # A timed stage ends when it should, however late the frame that shows it: nothing drifts.
        end_s = self._since_s + self._lasts_s
        if self._stage == "prompt":
            self._enter("countdown", end_s)
        elif self._stage == "countdown":
            self._enter("exercise", end_s)
        elif self._stage == "exercise":
            self._after_work(self._now_s)
        else:
            self._go(self._turn + 1, end_s)

    def _after_work(self, now_s: float) -> None:
        if self._step.unit != "open":  # whoever says that it is over, says why
            self._tell("release" if self._work.hold else "enough")
        last = self._turn + 1 == len(self._turns)
        self._go(self._turn + 1, now_s) if last or not self._step.rest_s else self._enter("rest", now_s)

    def _go(self, turn: int, now_s: float) -> None:
        if turn >= len(self._turns):
            self._enter("done", now_s)
            return
        self._turn = turn
        self._enter("prompt", now_s)

    def _enter(self, stage: Stage, since_s: float) -> None:
        self._stage, self._since_s = stage, since_s
        if stage == "prompt":
            self._work = work(self._step, self._per_min)
            self._announce()
        elif stage == "countdown":
            self._counted = ceil(COUNTDOWN_S) + 1
        elif stage == "exercise":
            self._tell("stretch" if self._work.hold else "go")
        elif stage == "rest":
            self._tell("rest", seconds=self._say.number(self._step.rest_s))
        else:
            self._tell("done")

    def _announce(self) -> None:
        step, number = self._turns[self._turn]
        before = self._turns[self._turn - 1][0] if self._turn else None
        if before is None or before.exercise != step.exercise:
            self._tell("title", title=step.title)
        if step.sets > 1:
            self._tell("set", number=number, sets=step.sets)
        leg = self._say(f"leg.{step.side}-{step.knee}")
        amount, hold = self._say.number(step.amount), self._say.number(step.hold_s)
        self._tell("held-reps" if step.hold_s else step.unit, leg=leg, amount=amount, hold=hold)

    def _count_down(self) -> None:
        number = ceil(self._since_s + COUNTDOWN_S - self._now_s)
        if number < self._counted:
            self._counted = number
            self._tell("count", number=number)

    def _tell(self, code: str, **places: object) -> None:
        self._waiting.append((code, self._say(f"run.{code}", **places)))

"""The heel-raise test in a live programme: the metronome's beats, prompts, and the result at the end."""

from collections.abc import Callable, Iterable
from typing import Any

from posecount.exercises import exercise
from posecount.feedback import Cue
from posecount.heel_raise_test import NAME, HeelRaiseTest
from posecount.heel_raise_view import ending, headline
from posecount.programme_run import ProgrammeRun
from posecount.types import Event, Leg, Pose, State
from posecount.words import Words

RESULT_S = 20.0  # three figures, and someone out of breath


class Testing:
    """Fed with everything; only while the programme is at a test does it do anything.

    Tells `emit` each 'beat' (up or down), each 'cue', and the 'test' when it is over; `say` shows prompts.
    """

    def __init__(
        self, emit: Callable[[str, Any], None], say: Callable[[str], None], height_cm: float, words: Words
    ) -> None:
        self._emit, self._say, self._height_cm = emit, say, height_cm
        self._words = words
        self._test: HeelRaiseTest | None = None
        self._beat = -1
        self._now_s = 0.0
        self._shown = ("", 0.0)

    def shown(self, now_s: float) -> str:
        """The result, for long enough to be read; '' before and after."""
        text, until_s = self._shown
        return text if now_s < until_s else ""

    @property
    def going_on(self) -> bool:
        return self._test is not None

    def update(self, run: ProgrammeRun, pose: Pose, events: Iterable[Event], state: State) -> None:
        """A test that has ended completes its step of the programme."""
        self._now_s = pose.time_s
        step, stage = run.view.step, run.view.stage
        if step.exercise != NAME or stage != "exercise":
            self.stop()
            return
        test = self._test or self._begin("left" if step.side == "left" else "right")
        self._tick(test, pose.time_s)
        for prompt in test.update(pose, events, state):
            text = self._words(f"test.prompt_{prompt.code}")
            self._emit("cue", Cue(prompt.code, text, prompt.number, prompt.time_s))
            self._say(text)
        if test.ended:
            self.stop()
            run.complete(pose.time_s)

    def stop(self) -> None:
        """What was reached is told, also when someone else ended it."""
        test, self._test = self._test, None
        if test is None:
            return
        result = test.result(self._height_cm)
        known = exercise(NAME, language=self._words.language)
        words = headline(result, known, self._words), ending(result, self._words)
        self._shown = " ".join(words), self._now_s + RESULT_S
        self._emit("test", {**result.to_dict(), "text": " ".join(words)})

    def _begin(self, leg: Leg) -> HeelRaiseTest:
        self._beat = -1
        self._test = HeelRaiseTest(exercise(NAME), leg)
        return self._test

    def _tick(self, test: HeelRaiseTest, time_s: float) -> None:
        beat = test.beat(time_s)
        if beat != self._beat:
            self._beat = beat
            self._emit("beat", {"up": beat % 2 == 0, "time_s": time_s})

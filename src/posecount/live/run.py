"""`posecount live`, put together: source, model, outputs; from the first picture to the last line."""

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from math import nan
from pathlib import Path
from typing import Any

from posecount.coach import BREATHS_PER_MIN
from posecount.errors import PosecountError
from posecount.heel_raise_test import NAME as HEEL_RAISE_TEST
from posecount.live.agreement import Detector
from posecount.live.camera import Camera, hidden
from posecount.live.choose import Choice, choose
from posecount.live.director import Director, Emit
from posecount.live.events import Printer, Told
from posecount.live.keeper import Keeper
from posecount.live.lanes import opened
from posecount.live.lookout import Lookout
from posecount.live.loop import Loop, as_fields
from posecount.live.pace import promptly
from posecount.live.plan import plan
from posecount.live.recorder import Recorder
from posecount.live.screen import Screen
from posecount.live.sound import Sound
from posecount.live.source import Player, Source
from posecount.live.view import Troubles, View
from posecount.live.window import Window
from posecount.programmes import Programme
from posecount.quiet import aloud
from posecount.session import EXERCISES
from posecount.words import Words

WAIT_S = 0.1  # how soon Ctrl+C is noticed


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line asks for."""

    source: str = "0"
    realtime: bool = False
    exercise: str = "auto"
    side: str = "auto"
    programme: str | None = None
    model: str = "auto"
    record: Path | None = None
    window: bool = True
    mute: bool = False
    guide: bool = True
    height_cm: float = nan  # the person's
    folder: Path | None = None  # of their own exercises
    breaths_per_min: float = BREATHS_PER_MIN
    measure_breath: bool = False  # an experiment
    language: str = "en"
    store: str | None = None  # the history's URL; None for this user's own


def run(settings: Settings) -> None:
    """A live session from beginning to end. Raises PosecountError for what cannot begin."""
    if settings.exercise not in (*EXERCISES, HEEL_RAISE_TEST):
        known = ", ".join((*EXERCISES, HEEL_RAISE_TEST))
        raise PosecountError(f"--exercise must be one of {known}, not {settings.exercise!r}")
    Words(settings.language)  # or say now that there are none
    steps = plan(
        settings.exercise,
        settings.programme,
        settings.side,
        lambda text: print(text, file=sys.stderr),
        settings.store,
        settings.folder,
        settings.language,
    )
    source = open_source(settings)
    with ExitStack() as stack:
        window = stack.enter_context(Window()) if settings.window else None
        if window:
            window.show(Screen(settings.language).draw(None, window.size))
            window.key()
        choice = choose(settings.model, source.fps, settings.language)
        landmarkers = opened(stack, choice.model, choice.lanes)
        _Live(settings, source, landmarkers, choice, steps, window, stack).run()


def open_source(settings: Settings) -> Source:
    """A file needs --realtime, so that nobody waits for a camera that is a file."""
    path = Path(settings.source)
    if settings.realtime:
        return Player(path)
    if path.is_file():
        raise PosecountError(f"{path} is a file: add --realtime to play it, or run posecount analyze {path}")
    return Camera(settings.source, language=settings.language)


class _Live:
    """Puts the parts together for one session, and takes them apart in order."""

    def __init__(
        self,
        settings: Settings,
        source: Source,
        landmarkers: Sequence[Detector],
        choice: Choice,
        steps: Programme | None,
        window: Window | None,
        stack: ExitStack,
    ) -> None:
        self._window, self._choice, self._language = window, choice, settings.language
        say = Words(settings.language)
        self._printer = Told(say) if window else Printer()
        self._troubles = Troubles()
        self._hear: list[Emit] = [self._printer]
        keeper = Keeper(
            choice.model,
            lambda text: self.tell("history", text),
            settings.store,
            language=settings.language,
        )
        stack.callback(keeper.close)
        self._sound = Sound(settings.mute or window is None, settings.language)
        stack.callback(self._sound.close)
        self._hear += [keeper, self._sound]
        keep = None
        if settings.record:
            recorder = Recorder(settings.record, source.fps, self.tell, settings.language)
            stack.callback(recorder.close)
            keep = recorder.keep
        lookout = stack.enter_context(Lookout())
        self._loop = Loop(source, landmarkers, self._director(settings, steps), self.tell, keep, lookout)
        self._source = hidden(settings.source)

    def _director(self, settings: Settings, steps: Programme | None) -> Director:
        return Director(
            self.emit,
            settings.exercise,
            settings.side,
            steps,
            settings.guide,
            self._choice.model,
            settings.height_cm,
            settings.language,
            settings.breaths_per_min,
            settings.measure_breath,
        )

    def run(self) -> None:
        self.emit("start", {"source": self._source, **asdict(self._choice)})
        promptly()
        shown = None
        with _ended_by_signals(self._loop.stop):
            self._loop.start()
            if self._window:
                view = View(
                    self._window, self._loop, self._sound, self._troubles, self._choice, self._language
                )
                view.run()
                shown = view.delays.result()
            else:
                self._wait()
        report = as_fields(self._loop.finish(), shown)
        self.emit("report", report)

    def emit(self, kind: str, value: Any) -> None:
        for each in self._hear:
            each(kind, value)

    def tell(self, code: str, text: str) -> None:
        """A trouble, to people and to programs; '' says that it is over."""
        self._troubles.tell(code, text)
        if text:
            aloud(text)
        self.emit("trouble" if text else "recovered", {"code": code, "message": text})

    def _wait(self) -> None:
        while self._loop.running and not self._loop.stop.is_set() and not self._printer.broken:
            self._loop.scenes.take(WAIT_S)


@contextmanager
def _ended_by_signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl+C, and SIGTERM at shutdown: what was counted is kept, and the recording is closed."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP"):
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

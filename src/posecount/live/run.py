"""`posecount live`, put together: source, model, outputs; from the first picture to the last line."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from posecount.errors import PosecountError
from posecount.live.camera import Camera, hidden
from posecount.live.choose import Choice, choose
from posecount.live.director import Director, Emit
from posecount.live.events import Printer
from posecount.live.keeper import Keeper
from posecount.live.lanes import Detector, opened
from posecount.live.loop import Loop, Report, as_fields
from posecount.live.source import Player, Source
from posecount.programmes import Programme, programme
from posecount.session import EXERCISES

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
    store: str | None = None  # the history's URL; None for this user's own


def run(settings: Settings) -> Report:
    """A live session from beginning to end. Raises PosecountError for what cannot begin."""
    if settings.exercise not in EXERCISES:
        raise PosecountError(f"--exercise must be one of {', '.join(EXERCISES)}, not {settings.exercise!r}")
    steps = programme(settings.programme) if settings.programme else None
    source = open_source(settings)
    with ExitStack() as stack:
        choice = choose(settings.model, source.fps)
        landmarkers = opened(stack, choice.model, choice.lanes)
        return play(settings, source, landmarkers, choice, steps, stack)


def open_source(settings: Settings) -> Source:
    """A file needs --realtime, so that nobody waits for a camera that is a file."""
    path = Path(settings.source)
    if settings.realtime:
        return Player(path)
    if path.is_file():
        raise PosecountError(f"{path} is a file: add --realtime to play it, or run posecount analyze {path}")
    return Camera(settings.source)


def play(
    settings: Settings,
    source: Source,
    landmarkers: Sequence[Detector],
    choice: Choice,
    steps: Programme | None,
    stack: ExitStack,
) -> Report:
    """Everything after the model is chosen."""
    hear: list[Emit] = []
    printer = Printer()
    if not settings.window:
        hear.append(printer)
    tell = _teller(hear)
    keeper = Keeper(choice.model, lambda text: tell("history", text), settings.store)
    stack.callback(keeper.close)
    hear.append(keeper)
    emit = _to_all(hear)
    emit("start", {"source": hidden(settings.source), **asdict(choice)})
    director = Director(
        emit,
        settings.exercise,
        settings.side,
        steps,
        guided=settings.guide,
    )
    loop = Loop(source, landmarkers, director, tell)
    with _ended_by_signals(loop.stop):
        loop.start()
        _wait(loop, printer)
    report = loop.finish()
    emit("report", as_fields(report))
    return report


def _wait(loop: Loop, printer: Printer) -> None:
    while loop.running and not loop.stop.is_set() and not printer.broken:
        loop.scenes.take(WAIT_S)


def _to_all(hear: list[Emit]) -> Emit:
    def emit(kind: str, value: Any) -> None:
        for each in hear:
            each(kind, value)

    return emit


def _teller(hear: list[Emit]) -> Callable[[str, str], None]:
    """Troubles go to standard error, and to other programs as events; '' says that one is over."""

    def tell(code: str, text: str) -> None:
        if text:
            print(text, file=sys.stderr)
        for each in hear:
            each("trouble" if text else "recovered", {"code": code, "message": text})

    return tell


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

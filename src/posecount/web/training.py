"""One person's live session in the web app: pictures in, scenes and events out to whoever watches."""

import logging
import queue
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from posecount.draw.calm import Calm
from posecount.errors import PosecountError
from posecount.live.agreement import Detector
from posecount.live.director import SIDES, Director
from posecount.live.keeper import Keeper
from posecount.live.lanes import opened
from posecount.live.lookout import Lookout
from posecount.live.plan import plan
from posecount.live.source import Shot
from posecount.pose import Landmarker
from posecount.session import EXERCISES
from posecount.types import Pose
from posecount.web import scenes
from posecount.web.lanes import Lanes, Packet
from posecount.web.outbox import Outbox
from posecount.web.picture import Unreadable
from posecount.web.recording import Recording
from posecount.web.settings import Settings

KEYS = ("space", "r", "c", "s", "n")
DAMAGED = 30  # pictures in a row that cannot be read: then it is no camera
ASTRAY_S = 5.0  # a browser's clock may run a little differently, and pictures come late


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page asked for."""

    exercise: str
    side: str
    programme: str | None
    guided: bool
    phone: bool  # is the camera


def wanted(fields: dict[str, Any]) -> Wanted:
    """From the page's first message. Raises PosecountError for what is not known."""
    exercise, side = fields.get("exercise", "auto"), fields.get("side", "auto")
    if exercise not in EXERCISES or side not in SIDES:
        raise PosecountError("this exercise or side is not known; load the page again")
    name = fields.get("programme") or None
    return Wanted(
        exercise,
        side,
        str(name) if name else None,
        guided=fields.get("guided") is not False,
        phone=fields.get("camera") == "phone",
    )


class Training:
    """`put` pictures, `press` keys, `end` it; whoever `watch`es is told. A Listener of the lanes."""

    def __init__(self, asked: Wanted, model: str, count: int, lanes: Lanes, settings: Settings) -> None:
        """With `count` landmarkers; opening them takes a second. Raises PosecountError."""
        self._watchers: list[tuple[Outbox, bool]] = []
        self._early: list[str] = []  # told before anyone watches
        steps = plan(asked.exercise, asked.programme, asked.side, self._trouble, settings.store)
        self._stack = ExitStack()
        landmarkers, lookout = _open(self._stack, model, count)
        self._keys: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._recording = self._stack.enter_context(Recording(settings.record)) if settings.record else None
        self._keeper = Keeper(model, self._trouble, settings.store, source="web")
        self._director = Director(self._emit, asked.exercise, asked.side, steps, asked.guided, model)
        self._calm = Calm()
        self._clock = MediaClock()
        self._shape: tuple[int, ...] = ()
        self._damaged = 0
        self._lanes = lanes
        self._seat = lanes.sit(landmarkers, self, lookout)

    def watch(self, outbox: Outbox, pictures: bool = False) -> None:
        """Tell it all from now on; with the pictures when its camera is elsewhere."""
        self._watchers.append((outbox, pictures))
        while self._early:
            outbox.tell(self._early.pop(0))

    def unwatch(self, outbox: Outbox) -> None:
        self._watchers = [each for each in self._watchers if each[0] is not outbox]

    def put(self, captured_ms: float, jpeg: bytes, now_s: float) -> None:
        """Never waits. `now_s` is this machine's monotonic clock."""
        time_s = self._clock.time_s(captured_ms, now_s)
        self._lanes.put(self._seat, Packet(captured_ms, time_s, now_s, jpeg))

    def press(self, key: str) -> None:
        """One of KEYS; done with the next picture."""
        self._keys.put(key)

    def end(self) -> None:
        """What was counted is kept. Waits for the history."""
        self._lanes.leave(self._seat)
        with self._stack:
            try:
                self._director.finish()
            finally:
                self._keeper.close()

    def found(self, packet: Packet, shot: Shot, pose: Pose) -> None:
        self._damaged = 0
        while not self._keys.empty():
            self._director.press(self._keys.get())
        shape = shot.frame.image.shape
        if self._shape and shape != self._shape:  # a phone was turned: nothing seen before holds any more
            self._director.press("r")
        self._shape = shape
        scene = self._director.update(shot, pose)
        text = scenes.scene(scene, self._calm.update(scene.state), packet.captured_ms)
        for outbox, pictures in self._watchers:
            outbox.show(text, packet.jpeg if pictures else None)
        if self._recording:
            self._recording.add(packet, shape)
        self._director.look_at_feet(shot, pose)

    def failed(self, error: Exception) -> None:
        self._damaged += 1
        if isinstance(error, Unreadable) and self._damaged < DAMAGED:
            return
        logging.getLogger("posecount.web").error("a live session has ended", exc_info=error)
        self._tell(scenes.message("failed", message="Something went wrong here. Please start again."))
        for outbox, _ in self._watchers:
            outbox.close()

    def _emit(self, kind: str, value: Any) -> None:
        self._keeper(kind, value)
        self._tell(scenes.event(kind, value))

    def _trouble(self, text: str) -> None:
        self._tell(scenes.message("trouble", message=text))

    def _tell(self, text: str) -> None:
        if not self._watchers:
            self._early.append(text)
        for outbox, _ in self._watchers:
            outbox.tell(text)


def _open(stack: ExitStack, model: str, count: int) -> tuple[Sequence[Detector], Lookout | None]:
    """One looks around itself, just as in analyze; several have it done for them."""
    if count == 1:
        return [stack.enter_context(Landmarker(model))], None
    return opened(stack, model, count), stack.enter_context(Lookout())


class MediaClock:
    """The browser's times as the session's: from 0, strictly increasing, never far from our own clock."""

    def __init__(self) -> None:
        self._began_s = self._offset_s = nan
        self._last_s = -1.0

    def time_s(self, captured_ms: float, now_s: float) -> float:
        """A camera that comes back, or was asleep, begins where our clock is."""
        if isnan(self._began_s):
            self._began_s = now_s
        elapsed_s = now_s - self._began_s
        if not abs(captured_ms / 1000 + self._offset_s - elapsed_s) < ASTRAY_S:
            self._offset_s = elapsed_s - captured_ms / 1000
        self._last_s = max(captured_ms / 1000 + self._offset_s, self._last_s + 0.001)
        return self._last_s

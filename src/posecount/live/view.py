"""The window's side of a live session: draws the newest scene, hears keys, measures when it is on screen."""

import time

from posecount.live.choose import Choice
from posecount.live.director import Scene
from posecount.live.loop import Loop
from posecount.live.pace import Delays
from posecount.live.screen import Screen
from posecount.live.sound import Sound
from posecount.live.window import CLOSED, ESCAPE, Window
from posecount.words import Words

POLL_S = 0.05  # keys are heard this often while no new scene comes; each time takes 2 ms, and a scene waits
STILL_S = 0.25  # the last picture is drawn again this often: words change while the camera is gone
SAID_S = 6.0  # a trouble that is not over by itself (the history's) is shown this long
NOTE_S = 0.5  # the small figures would be unreadable if they changed with every picture


class Troubles:
    """What is wrong now, told by any thread."""

    def __init__(self) -> None:
        self._now: dict[str, tuple[str, float]] = {}

    def tell(self, code: str, text: str) -> None:
        self._now.pop(code, None)
        if text:
            self._now[code] = text, time.monotonic()

    @property
    def text(self) -> str:
        """The camera's before others'; '' when all is well."""
        now_s = time.monotonic()
        held = [
            (code.startswith("camera"), text)
            for code, (text, at_s) in list(self._now.items())
            if code.startswith("camera") or now_s - at_s < SAID_S
        ]
        return max(held, default=(False, ""))[1]


class View:
    """Runs until the user quits or the loop has ended."""

    def __init__(
        self,
        window: Window,
        loop: Loop,
        sound: Sound,
        troubles: Troubles,
        choice: Choice,
        language: str = "en",
    ) -> None:
        self._window, self._loop, self._sound, self._troubles = window, loop, sound, troubles
        self._choice = choice
        self._screen, self._say = Screen(language), Words(language)
        self._helping = False
        self._scene: Scene | None = None
        self._drawn_s = self._noted_s = 0.0
        self._note = ""
        self.delays = Delays()

    def run(self) -> None:
        while self._loop.running and not self._loop.stop.is_set():
            scene = self._loop.scenes.take(POLL_S)
            if scene:
                self._scene = scene
                self._sound.breathe(scene.breath)
            if scene or time.monotonic() - self._drawn_s > STILL_S:
                self._draw(scene)
            self._hear(self._window.key())  # which also brings to the screen what was drawn
            if scene:
                self._loop.drawn()

    def _draw(self, fresh: Scene | None) -> None:
        image = self._screen.draw(
            self._scene,
            self._window.size,
            note=self._figures(),
            trouble=self._troubles.text,
            helping=self._helping,
        )
        self._window.show(image)
        self._drawn_s = time.monotonic()
        if fresh:
            self.delays.add(self._drawn_s - fresh.shot.captured_s)

    def _hear(self, key: str) -> None:
        if key in ("q", ESCAPE, CLOSED):
            self._loop.stop.set()
        elif key == "h":
            self._helping = not self._helping
            self._drawn_s = 0.0
        elif key == "m":
            self._sound.muted = not self._sound.muted
        elif key:
            self._loop.keys.put(key)

    def _figures(self) -> str:
        now_s = time.monotonic()
        if now_s - self._noted_s > NOTE_S:
            self._noted_s = now_s
            report = self._loop.report
            figures = [self._choice.model]
            if report.analysed > 1:
                figures.append(self._say("live.rate", fps=round(report.fps)))
                figures.append(self._say("live.delay", ms=round(report.delay.median_ms)))
            if self._sound.muted:
                figures.append(self._say("live.sound_off"))
            self._note = "   ".join(figures)
        return self._note

"""What is heard: a tick for each rep, tones for holds and breaths, numbers and cues spoken.

No sound device, no library for it, no voice: then it is silent, and that is no error.
"""

import queue
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecount.live.voice import Voice
from posecount.types import Rep

RATE = 44_100
PAUSE = (0.0, 0.0, 0.03, 0.0)
# name -> notes: (from Hz, to Hz, seconds, loudness). Smooth is one clear note, jerky three rough low ones.
TONES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "smooth": ((880, 880, 0.09, 0.5),),
    "jerky": ((220, 220, 0.05, 0.5), PAUSE, (208, 208, 0.05, 0.5), PAUSE, (196, 196, 0.07, 0.5)),
    "partial": ((440, 440, 0.06, 0.25),),
    "hold": ((523, 523, 0.15, 0.3), (659, 659, 0.2, 0.3)),
    "held": ((659, 659, 0.15, 0.3), (523, 523, 0.25, 0.3)),
    "in": ((262, 392, 0.6, 0.12),),
    "out": ((392, 262, 0.6, 0.12),),
    "count": ((587, 587, 0.1, 0.35),),
    "go": ((784, 784, 0.3, 0.45),),
    "up": ((1047, 1047, 0.06, 0.4),),  # the metronome of the heel-raise test
    "down": ((698, 698, 0.06, 0.4),),
}


def tone(name: str) -> NDArray[np.float32]:
    """Samples in -1..1 at RATE, with soft ends so that nothing clicks."""
    return np.concatenate([_note(*note) for note in TONES[name]])


def _note(from_hz: float, to_hz: float, seconds: float, loudness: float) -> NDArray[np.float32]:
    count = round(seconds * RATE)
    phase = 2 * np.pi * np.cumsum(np.linspace(from_hz, to_hz, count)) / RATE
    soft = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.01 * RATE))
    return np.asarray(loudness * soft * np.sin(phase), np.float32)


class Sound:
    """Called with every event; `breathe` with every scene. `muted` may be set at any time."""

    def __init__(self, muted: bool = False, language: str = "en") -> None:
        self.muted = muted
        self._tones: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._voice = Voice(language)
        self._smooth = 0
        self._breath = float("nan")
        self._phase = ""
        self._thread = threading.Thread(target=self._play, name="sound", daemon=True)
        self._thread.start()

    def __call__(self, kind: str, value: Any) -> None:
        if kind == "begin":
            self._smooth = 0
        elif kind == "rep":
            self._rep(value)
        elif kind == "hold":
            self._tone("held")
        elif kind == "beat":
            self._tone("up" if value["up"] else "down")
        elif kind == "test":
            self._say(value["text"], urgent=True)
        elif kind in ("cue", "prompt"):
            self._say(value.text, urgent=True)
        elif kind == "stage" and value["stage"] in ("countdown", "go"):
            self._tone("count" if value["stage"] == "countdown" else "go")

    def breathe(self, breath: float) -> None:
        """0 out to 1 in, NaN when no stretch is held."""
        before, self._breath = self._breath, breath
        if breath != breath:
            self._phase = ""
        elif before != before:
            self._tone("hold")
        elif breath != before:
            phase = "in" if breath > before else "out"
            if phase != self._phase:
                self._phase = phase
                self._tone(phase)

    def close(self) -> None:
        self._tones.put(None)
        self._voice.close()
        self._thread.join(timeout=1)

    def _rep(self, rep: Rep) -> None:
        self._tone(rep.quality)
        if rep.quality == "smooth":
            self._smooth += 1
            self._say(str(self._smooth))

    def _tone(self, name: str) -> None:
        if not self.muted:
            self._tones.put(name)

    def _say(self, text: str, urgent: bool = False) -> None:
        if not self.muted:
            self._voice.say(text, urgent)

    def _play(self) -> None:
        try:
            import sounddevice  # type: ignore[import-untyped]

            with sounddevice.OutputStream(samplerate=RATE, channels=1, dtype="float32") as stream:
                while (name := self._tones.get()) is not None:
                    stream.write(tone(name))
        except Exception:  # no library, no device, a device pulled out: PortAudio has many words for it
            while self._tones.get() is not None:
                pass

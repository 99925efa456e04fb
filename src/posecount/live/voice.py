"""Speaks through the voice that the platform has: `say` on a Mac, SAPI on Windows, espeak-ng elsewhere."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence

from posecount.live.newest import Newest

SAPI = (
    "Add-Type -AssemblyName System.Speech; $v = New-Object System.Speech.Synthesis.SpeechSynthesizer;"
    " try {{ $v.SelectVoiceByHints('NotSet', 'NotSet', 0, '{language}') }} catch {{}};"
    " $v.Speak([Console]::In.ReadToEnd())"
)
LONGEST_S = 15.0  # a voice that hangs is silenced


def command(language: str) -> Sequence[str] | None:
    """The program that speaks what it reads from its standard input; None where there is none.

    A Mac speaks with the voice of its own language.
    """
    if sys.platform == "win32":
        spoken = ("powershell", "-NoProfile", "-Command", SAPI.format(language=language))
        return spoken if shutil.which("powershell") else None
    espeak = ("-v", language, "--stdin")
    for program in (("say", "-f", "-"), ("espeak-ng", *espeak), ("espeak", *espeak)):
        if shutil.which(program[0]):
            return program
    return None


class Voice:
    """`say` never waits: while it speaks, the newest thing to say replaces any that has not begun.

    Something urgent is not replaced by a mere number.
    """

    def __init__(self, language: str = "en", program: Sequence[str] | None = None) -> None:
        self._program = program or command(language)
        self._texts: Newest[str] = Newest()
        self._urgent = False
        self._thread = threading.Thread(target=self._speak, name="voice", daemon=True)
        if self._program:
            self._thread.start()

    def say(self, text: str, urgent: bool = False) -> None:
        if urgent or not self._urgent:
            self._urgent = urgent
            self._texts.put(text)

    def close(self) -> None:
        self._texts.close()

    def _speak(self) -> None:
        while (text := self._texts.take()) is not None:
            self._urgent = False
            try:
                program = self._program or ()
                subprocess.run(program, input=text, text=True, capture_output=True, timeout=LONGEST_S)
            except (OSError, subprocess.TimeoutExpired):
                continue

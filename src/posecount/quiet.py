"""Libraries that write to the terminal below Python, kept quiet."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

_silent = threading.Lock()


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Nothing reaches the terminal's stderr, not even from C."""
    # MediaPipe and TFLite write to the terminal below Python, and no variable or option of theirs stops them.
    with _silent, contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ValueError):  # a program may run without a stderr
            sys.stderr.flush()
            terminal = os.dup(2)
            stack.callback(os.close, terminal)
            stack.callback(os.dup2, terminal, 2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            stack.callback(os.close, nowhere)
            os.dup2(nowhere, 2)
        yield


def aloud(text: str) -> None:
    """A line on stderr, once nothing is silenced."""
    with _silent:
        print(text, file=sys.stderr, flush=True)

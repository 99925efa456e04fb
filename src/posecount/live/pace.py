"""How live it is: delays from capture to result and to the screen, and pictures left out."""

import contextlib
import ctypes
import gc
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from math import nan

SWITCH_S = (
    0.0005  # a lane that has its landmarks waits no longer for a thread that draws; Python's own is 5 ms
)


@dataclass(frozen=True, slots=True)
class Delay:
    """In milliseconds, over a whole session."""

    median_ms: float
    p99_ms: float
    count: int


class Delays:
    """Counts delays to the millisecond, so that a day of them takes no more memory than a minute."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._lock = threading.Lock()

    def add(self, seconds: float) -> None:
        with self._lock:
            self._counts[round(seconds * 1000)] += 1

    def result(self) -> Delay:
        with self._lock:
            total = self._counts.total()
            return Delay(self._share(0.5, total), self._share(0.99, total), total)

    def _share(self, share: float, total: int) -> float:
        below = 0
        for delay in sorted(self._counts):
            below += self._counts[delay]
            if below >= share * total:
                return float(delay)
        return nan


def promptly() -> None:
    """Set up this process so that no thread holds up another for long. Call it when all is loaded."""
    import cv2

    sys.setswitchinterval(SWITCH_S)
    cv2.setNumThreads(1)  # its helpers would wait for a core that a lane has
    gc.collect()
    gc.freeze()  # what the libraries have made stays: looking through all of it took 60 ms each time


def give_back() -> None:
    """Return to the system what was freed. It takes 6 to 9 ms.

    In glibc's pools pictures and small things lie side by side, so that in two hours these grow by 20 MB.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # a C library without such pools
            ctypes.CDLL(None).malloc_trim(0)

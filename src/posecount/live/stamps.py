"""When a picture was taken, by the camera's own clock: it arrives as the network and the load let it."""

from collections import deque
from math import inf

WINDOW_S = 10.0  # clocks drift apart by less than a millisecond in this time
LATE_S = 3.0  # more than any stall: then the stamps are no clock
STEP_S = 0.001  # between two pictures at least


class Stamps:
    """Times on the machine's clock from stamps on the camera's.

    The picture that came quickest tells how far the clocks are apart: the others were longer on their way.
    """

    def __init__(self) -> None:
        self._apart: deque[tuple[float, float]] = deque()  # arrival, and how far apart the clocks then seemed
        self._stamp_s = self._time_s = -inf

    def time_s(self, arrived_s: float, stamp_s: float) -> float:
        """When the picture was taken; its arrival where the stamps, as of some cameras, are none."""
        if not stamp_s > self._stamp_s:
            self._apart.clear()
        self._stamp_s = stamp_s
        self._apart.append((arrived_s, arrived_s - stamp_s))
        while self._apart[0][0] < arrived_s - WINDOW_S:
            self._apart.popleft()
        taken_s = stamp_s + min(apart for _, apart in self._apart)
        if not arrived_s - taken_s < LATE_S:
            self._apart.clear()
            taken_s = arrived_s
        self._time_s = max(taken_s, self._time_s + STEP_S)
        return self._time_s

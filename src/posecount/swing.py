"""Does a shank swing, as no ankle makes it? Of legs that are followed, but not measured.

Of who kicks or marches the feet move as feet do; but where knees are in view their legs can be followed.
"""

from collections import deque
from math import atan2, degrees

from posecount.network import Points
from posecount.spread import spread

WINDOW_S = 2.0
# Kicks 65 deg, marches 21 to 30; squats 9 to 19, heel raises 2 to 15, pumps 2 to 5.
SWINGS_DEG = 20.0
WARM = 0.62  # mean heat: legs that are colder for a moment may have slid to somewhere else
SHANKS = ((25, 27), (26, 28))


class Swing:
    """`update` with each frame's legs, in order of time; `swings` tells of the last two seconds."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, tuple[float, ...]]] = deque()  # time, and both shanks' directions

    def update(self, time_s: float, points_px: Points | None) -> None:
        """`points_px` (33, 2); None where legs may not be there, and all before is forgotten."""
        if points_px is None:
            self._past.clear()
            return
        shanks = (points_px[ankle] - points_px[knee] for knee, ankle in SHANKS)
        self._past.append((time_s, tuple(degrees(atan2(x, y)) for x, y in shanks)))
        while time_s - self._past[0][0] > WINDOW_S:
            self._past.popleft()

    @property
    def swings(self) -> bool:
        """Whether either of them does."""
        directions_deg = zip(*(each for _, each in self._past), strict=True)
        return any(spread(each) > SWINGS_DEG for each in directions_deg)

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
SHANKS = ([25, 27], [26, 28])  # knee, ankle


class Swing:
    """`update` with each frame's legs, in order of time; `swings` tells of the last two seconds."""

    def __init__(self) -> None:
        self._pasts: tuple[deque[tuple[float, float]], ...] = (deque(), deque())  # time, direction

    def update(self, time_s: float, points_px: Points | None, size_px: tuple[int, int]) -> None:
        """`points_px` (33, 2); None where legs may not be there, and all before is forgotten.

        So it is of a leg whose knee is beyond the picture's edge: guessed, it wanders with the heel.
        """
        for shank, past in zip(SHANKS, self._pasts, strict=True):
            if points_px is None or not ((points_px[shank] >= 0) & (points_px[shank] < size_px)).all():
                past.clear()
                continue
            x, y = (points_px[shank[1]] - points_px[shank[0]]).tolist()
            past.append((time_s, degrees(atan2(x, y))))
            while time_s - past[0][0] > WINDOW_S:
                past.popleft()

    @property
    def swings(self) -> bool:
        """Whether either of them does."""
        return any(past and spread([deg for _, deg in past]) > SWINGS_DEG for past in self._pasts)

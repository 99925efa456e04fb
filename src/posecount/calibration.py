"""Where is this person's neutral? The angle of the first steady second, as far as it can be believed."""

from bisect import bisect_left, insort
from collections import deque
from statistics import median

from posecount.types import nan

STEADY_S = 1.0
STEADY_DEG = 3.0  # more movement than this within the second, and it is not steady
LIMIT_DEG = 8.0  # landmarks read up to 4 deg off; a foot that rests further from a right angle is no offset
MIN_SAMPLES = 6


class Calibration:
    """The offset of one leg's ankle angle; 0 until it is known."""

    def __init__(self) -> None:
        self.neutral_deg = nan
        self._recent: deque[tuple[float, float]] = deque()
        self._sorted: list[float] = []  # their angles

    @property
    def offset_deg(self) -> float:
        return self.neutral_deg if self.neutral_deg == self.neutral_deg else 0.0

    def update(self, time_s: float, ankle_deg: float) -> None:
        """Fed until the neutral is known; later angles change nothing."""
        if self.neutral_deg == self.neutral_deg:
            return
        self._recent.append((time_s, ankle_deg))
        insort(self._sorted, ankle_deg)
        while time_s - self._recent[0][0] > STEADY_S:
            _, old_deg = self._recent.popleft()
            del self._sorted[bisect_left(self._sorted, old_deg)]
        if time_s - self._recent[0][0] < 0.8 * STEADY_S or len(self._recent) < MIN_SAMPLES:
            return
        angles = self._sorted
        cut = len(angles) // 8
        if angles[-1 - cut] - angles[cut] <= STEADY_DEG:
            self.neutral_deg = max(-LIMIT_DEG, min(LIMIT_DEG, median(angles)))

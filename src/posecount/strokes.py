"""From a smooth signal to strokes: one-way movements between two turning points."""

from collections import deque
from dataclasses import dataclass
from math import exp, inf

LEAK_S = 6.0  # a resting level forgets its past this fast, so that slow drift never adds up to a stroke
SETTLE_S = 0.35  # this long without movement, and a stroke is over even if nothing turns back
SETTLED_SHARE = 0.1  # of the stroke: less movement than this is standing still
SETTLED_MIN_DEG = 0.8
LEVEL = 0.1  # a stroke begins and ends where 10 % and 90 % of it are done
MEMORY_S = 45.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """`start_s` and `end_s` enclose the movement itself, without the pauses around it."""

    start_s: float
    end_s: float
    start_deg: float
    end_deg: float

    @property
    def amplitude_deg(self) -> float:
        return abs(self.end_deg - self.start_deg)

    @property
    def rises(self) -> bool:
        return self.end_deg > self.start_deg


def joined(first: Stroke, second: Stroke) -> Stroke:
    """Two strokes the same way, with a rest or a waver between them; the larger one says when it began."""
    larger = first if first.amplitude_deg >= second.amplitude_deg else second
    return Stroke(larger.start_s, second.end_s, first.start_deg, second.end_deg)


class StrokeFinder:
    """Turning points with hysteresis: a new direction is believed once it has gone `hysteresis_deg` back."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, float]] = deque()
        self._direction = 0
        self._low = self._high = self._anchor = self._extreme = (0.0, 0.0)
        self._moved = (-inf, 0.0)  # since then it has moved by at least so much

    @property
    def moving(self) -> bool:
        return self._direction != 0

    @property
    def excursion_deg(self) -> float:
        """How far the movement in progress has come, signed."""
        return self._extreme[1] - self._anchor[1] if self._direction else 0.0

    def unfinished(self) -> Stroke | None:
        """The stroke in progress, as far as it has come."""
        return self._stroke() if self._direction else None

    def update(self, now: tuple[float, float], hysteresis_deg: float) -> Stroke | None:
        """The stroke that this sample (time_s, degrees) completes, if any; times must increase."""
        past = self._past
        if not past:
            self._low = self._high = now
        past.append(now)
        while now[0] - past[0][0] > MEMORY_S:
            past.popleft()
        if self._direction == 0:
            self._wait(now, hysteresis_deg)
            return None
        return self._follow(now, hysteresis_deg)

    def _wait(self, now: tuple[float, float], hysteresis_deg: float) -> None:
        time_s, value = now
        since_s = time_s - self._past[-2][0] if len(self._past) > 1 else 0.0
        keep = exp(-since_s / LEAK_S)
        (low_s, low), (high_s, high) = self._low, self._high
        self._low = now if value <= low else (low_s, value + (low - value) * keep)
        self._high = now if value >= high else (high_s, value + (high - value) * keep)
        if value - self._low[1] >= hysteresis_deg:
            self._direction, self._anchor, self._extreme = 1, self._low, now
        elif self._high[1] - value >= hysteresis_deg:
            self._direction, self._anchor, self._extreme = -1, self._high, now

    def _follow(self, now: tuple[float, float], hysteresis_deg: float) -> Stroke | None:
        ahead = self._direction * (now[1] - self._extreme[1])
        if ahead > 0:
            self._extreme = now
        elif -ahead >= hysteresis_deg:
            stroke = self._stroke()
            self._direction, self._anchor, self._extreme = -self._direction, self._extreme, now
            return stroke
        if self._still(now[0]):
            stroke = self._stroke()
            self._direction, self._low, self._high = 0, now, now
            return stroke
        return None

    def _still(self, time_s: float) -> bool:
        most = max(SETTLED_SHARE * abs(self._extreme[1] - self._anchor[1]), SETTLED_MIN_DEG)
        moved_s, moved_deg = self._moved
        if time_s - moved_s < SETTLE_S and moved_deg >= most:
            return False
        low = high = self._past[-1][1]
        for at_s, value in reversed(self._past):
            if value < low:
                low = value
            elif value > high:
                high = value
            if high - low >= most:
                self._moved = at_s, high - low
                return False
            if time_s - at_s >= SETTLE_S:
                return True
        return False

    def _stroke(self) -> Stroke:
        (from_s, low), (to_s, high) = self._anchor, self._extreme
        begin, end = low + LEVEL * (high - low), high - LEVEL * (high - low)
        sign = 1 if high > low else -1
        start_s, end_s = from_s, to_s
        for at_s, value in reversed(self._past):
            if at_s <= to_s and sign * (value - end) >= 0:
                end_s = at_s
            if sign * (value - begin) <= 0 and at_s < end_s:
                start_s = at_s
                break
            if at_s < from_s:
                break
        return Stroke(start_s, max(end_s, start_s), low, high)

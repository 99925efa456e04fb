"""How far something has come, from how fast it was at known moments that need not be even."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

Way = NDArray[np.float64]  # (2,): right and down


class Pathway:
    """`add` speeds in order of time, then ask `at` for moments that do not go back.

    Each speed holds half-way to its neighbours; between those places the way is a cubic through four of them
    (Catmull and Rom 1974), so that nothing depends on where in between the moments asked for lie.
    """

    def __init__(self) -> None:
        self._last: tuple[float, Way] | None = None  # the newest speed, of which only the beginning is known
        self._places: deque[tuple[float, Way]] = deque()

    def add(self, time_s: float, per_s: tuple[float, float]) -> None:
        """How fast it was, right and down, in any unit a second."""
        speed = np.array(per_s)
        if self._last and time_s <= self._last[0]:
            return
        if self._last:
            before_s, slower = self._last
            end_s = (before_s + time_s) / 2
            begun_s, place = self._places[-1] if self._places else (end_s, np.zeros(2))
            self._places.append((end_s, place + slower * (end_s - begun_s)))
        self._last = time_s, speed

    def reaches(self, time_s: float) -> bool:
        """Whether `at` can tell of that moment: two places after it are known."""
        return len(self._places) > 1 and self._places[-2][0] >= time_s

    def at(self, time_s: float) -> Way:
        """Where it was; before the first place known, there."""
        places = self._places
        while len(places) > 4 and places[2][0] <= time_s:
            places.popleft()
        if not places:
            return np.zeros(2)
        times = [each for each, _ in places]
        k = max(n for n, each in enumerate(times) if n == 0 or each <= time_s)
        if time_s <= times[k] or k + 1 == len(places):
            return places[k][1]
        return self._between(k, time_s)

    def _between(self, k: int, time_s: float) -> Way:
        (start_s, start), (end_s, end) = self._places[k], self._places[k + 1]
        long_s = end_s - start_s
        share = (time_s - start_s) / long_s
        out, into = self._slope(k), self._slope(k + 1)
        hold = (1 + 2 * share) * (1 - share) ** 2
        return np.asarray(
            hold * start
            + (1 - hold) * end
            + long_s * share * (1 - share) * ((1 - share) * out - share * into)
        )

    def _slope(self, k: int) -> Way:
        """Of the way at a place, from its neighbours."""
        (before_s, before), (after_s, after) = (
            self._places[max(k - 1, 0)],
            self._places[min(k + 1, len(self._places) - 1)],
        )
        return (after - before) / (after_s - before_s)

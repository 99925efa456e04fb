"""Which movements there and back are reps, where no joint is seen: those of a set.

One alone may be anything. It is believed once another like it is near.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from posecount.strokes import Stroke
from posecount.types import RepQuality

ALIKE = 0.45  # of the other's amplitude, and what is smaller is not like it
NEAR_S = 5.0  # as long between two, or longer than one takes, and one does not speak for the other
# A set's first movement is seen smaller than the others, for what stirs is known only later; or larger, where
# feet take turns: what moves is small as long as only one has stirred.
FIRST_OTHER, FIRST_TEMPO = 7.0, 0.6  # times at most; share of the longer one's time
# A slow one is believed once half of another like it has followed. Who stands still sways 10 to 15.
SLOW_S, SLOW_LEAST, HALF_ALIKE = 4.0, 30.0, 0.6
WHOLE, WHOLE_NEAR_S = 0.65, 3.0  # what is left over: of the last one's amplitude, and so near to it


@dataclass(frozen=True, slots=True)
class Pair:
    """A movement there and back."""

    first: Stroke
    second: Stroke
    quality: RepQuality

    @property
    def amplitude(self) -> float:
        return max(self.first.amplitude_deg, self.second.amplitude_deg)

    @property
    def lasts_s(self) -> float:
        return self.second.end_s - self.first.start_s

    def is_near(self, stroke: Stroke) -> bool:
        """Whether what begins then may be of the same set."""
        return stroke.start_s - self.second.end_s <= max(NEAR_S, self.lasts_s)


class Sets:
    """`believed` with each movement there and back, in order; `forget` where one may have been missed."""

    def __init__(self) -> None:
        self._amplitudes: deque[float] = deque(maxlen=8)
        self.forget()

    def forget(self) -> None:
        """What was usual stays."""
        self._doubted: list[Pair] = []  # the last two, near to each other
        self._last: Pair | None = None  # that was believed
        self._one_way = True  # all of its set begin by the same way

    @property
    def usual(self) -> float:
        """The amplitude; 0 before any."""
        return median(self._amplitudes) if self._amplitudes else 0.0

    def believed(self, pair: Pair) -> list[Pair]:
        """This one, and those before it that only now have another like them; none while it is alone."""
        doubted, self._doubted = self._doubted, []
        if doubted and not doubted[-1].is_near(pair.first):
            doubted = []
        if doubted and _alike(doubted[-1], pair):
            return self._told([*_of_a_set(doubted), pair])
        if self._last and self._last.is_near(pair.first):
            return self._told([pair])
        self._doubted = [*doubted[-1:], pair]
        return []

    def believed_by_half(self, stroke: Stroke) -> list[Pair]:
        """A slow one that is doubted, once one more way there is like its own."""
        if not self._doubted:
            return []
        pair = self._doubted[-1]
        slow = pair.lasts_s >= SLOW_S and stroke.amplitude_deg >= SLOW_LEAST
        small, large = sorted((stroke.amplitude_deg, pair.first.amplitude_deg))
        goes_on = pair.is_near(stroke) and stroke.rises == pair.first.rises
        if not (slow and goes_on and small >= HALF_ALIKE * large):
            return []
        doubted, self._doubted = self._doubted, []
        return self._told(_of_a_set(doubted))

    def half_before(self, stroke: Stroke) -> Stroke | None:
        """The other half of what is left over after a set, of which the first half was seen too late.

        Its movements all began with the way back, then. None if `stroke` is nothing of a set.
        """
        last = self._last
        if last is None or not self._one_way:
            return None
        whole = WHOLE * last.amplitude <= stroke.amplitude_deg <= last.amplitude / WHOLE
        return last.second if whole and stroke.start_s - last.second.end_s <= WHOLE_NEAR_S else None

    def _told(self, pairs: list[Pair]) -> list[Pair]:
        for before, pair in pairwise([self._last, *pairs] if self._last else pairs):
            anew = not before.is_near(pair.first)
            self._one_way = anew or (self._one_way and pair.first.rises == before.first.rises)
        self._last = pairs[-1]
        self._amplitudes.extend(each.amplitude for each in pairs[-2:])  # the first one is not usual
        return pairs


def _alike(one: Pair, other: Pair) -> bool:
    small, large = sorted((one.amplitude, other.amplitude))
    return small >= ALIKE * large


def _of_a_set(doubted: list[Pair]) -> list[Pair]:
    """The last of them, and the one before if a set begins with it."""
    *before, last = doubted
    return [*(each for each in before if _begins(each, last)), last]


def _begins(one: Pair, other: Pair) -> bool:
    """Whether it is the first of a set, seen smaller or larger than the others."""
    if one.first.rises != other.first.rises:
        return False
    short_s, long_s = sorted((one.lasts_s, other.lasts_s))
    small, large = sorted((one.amplitude, other.amplitude))
    return large <= FIRST_OTHER * small and short_s >= FIRST_TEMPO * long_s

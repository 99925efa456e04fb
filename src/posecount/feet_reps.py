"""Two witnesses of feet alone, their pixels and landmarks below a stranger: one of them tells a set.

Pixels are believed first: they err seldom. Where they show nothing (feet of the floor's colour, slow ones, or
such as hide each other) landmarks often do. Between the reps of either, the other tells what it passed over.
"""

from collections import deque
from dataclasses import replace
from math import inf
from typing import Literal

from posecount.types import Rep, nan

# Both tell the first two reps of a set once the second is over: pixels a little later.
WAIT_S, JERKY_WAIT_S = 2.5, 6.0  # of small feet landmarks tremble, and tell jerky reps where there are none
SINCE_S = 4.0  # in the middle of a set; until then pixels would have told it
# So many of one witness, so near to each other, are a set, if the other shows nothing of it: of who marches
# or kicks each tells two now and then.
LEAST, NEAR_S = 3, 5.0
SLOW_S, LEAST_SLOW = 1.35, 2  # who goes there so slowly, and back as well, neither steps nor stretches
PIXELS_SLOW_S = 2.1  # there and back; squats are seen to move for 0.53 to 0.55 of their time
SAME = 0.6  # of the longer one's time, that both share
BEFORE = 0.4  # of the shorter one's: less, and they are two
ROOM = 0.6  # of the shorter one's, between two of the pixels': where none has room, none was passed over
CALM_DEG = 0.65  # ripple of landmarks: beside pixels that jump 0 to 0.6, beside a tremor 0.73 and more
SET_S = 12.0  # without a rep, and the next one begins a set


class FeetReps:
    """`update` with what either of them tells; gives the reps to count."""

    def __init__(self) -> None:
        self._teller: Literal["pixels", "landmarks"] | None = None
        self._told_s = self._measured_s = -inf
        self._waiting: list[Rep] = []  # of the landmarks', not told yet
        self._doubtful: list[Rep] = []  # of the pixels', too few to begin a set
        self._seen: deque[Rep] = deque(maxlen=6)  # by them
        self._felt: deque[Rep] = deque(maxlen=6)  # by the pixels, halves left out
        self._last: Rep | None = None  # of those that were told
        self._half_told = False  # of a rep of which pixels saw the way back alone, and go on with that

    def update(self, now_s: float, pixels: list[Rep], landmarks: list[Rep]) -> list[Rep]:
        """`now_s` is infinite at the end: then nothing more is waited for."""
        self._seen.extend(landmarks)
        self._felt.extend(rep for rep in pixels if not _is_half(rep))
        if now_s < inf and now_s - self._told_s > SET_S:
            self._teller, self._half_told = None, False
        begins = self._teller is None
        pixels = [rep for rep in self._confirmed(pixels) if not self._tells_again(rep)]
        self._waiting = _set([rep for rep in self._waiting + landmarks if rep.end_s > self._told_s])
        if self._teller is None and (_is_enough(self._waiting) or self._goes_on(self._waiting[:-1])):
            jerky = all(rep.quality == "jerky" for rep in self._waiting)
            if now_s - self._waiting[1].end_s >= (JERKY_WAIT_S if jerky else WAIT_S):
                self._teller, self._doubtful = "landmarks", []
        if self._teller is None:
            return []
        told, self._waiting = self._waiting, []
        if self._teller == "pixels" and not pixels:
            told, self._waiting = self._seen_since(now_s, told)
        elif self._teller == "pixels":
            told = self._by_pixels(pixels, told, begins)
        else:
            told = self._by_landmarks(now_s, told)
            told += self._left_over(told[-1] if told else self._last, pixels)
        if told:
            self._last, self._told_s = told[-1], told[-1].end_s
        return told

    def _by_pixels(self, pixels: list[Rep], landmarks: list[Rep], begins: bool) -> list[Rep]:
        self._waiting = [rep for rep in landmarks if rep.start_s >= pixels[-1].end_s]
        between = [rep for rep in landmarks if self._told_s <= rep.start_s and _precedes(rep, pixels[0])]
        if begins:
            between = self._beginning(between, pixels[0])
        elif self._last and not _has_room(self._last, pixels[0]):
            between = []
        else:
            self._half_told = self._half_told or any(_shared_s(rep, pixels[0]) > 0 for rep in between)
        heard = [rep for rep in pixels if not (self._half_told and _is_half(rep))]
        return [*between, *map(self._heard, heard)]

    def _seen_since(self, now_s: float, landmarks: list[Rep]) -> tuple[list[Rep], list[Rep]]:
        """What only landmarks have seen since a rep that both did, as long and smooth; and what is left."""
        last = self._last
        if last is None or not any(_same(last, rep) for rep in self._seen):
            return [], landmarks
        least_s = SAME * (last.end_s - last.start_s)
        told = [
            rep
            for rep in landmarks
            if rep.quality == "smooth"
            and rep.end_s - rep.start_s >= least_s
            and last.end_s <= rep.start_s
            and now_s - rep.end_s >= SINCE_S
        ]
        return told, [rep for rep in landmarks if rep not in told]

    def _tells_again(self, rep: Rep) -> bool:
        """Whether it is the last one that was told, of the landmarks'."""
        return self._last is not None and self._last in self._seen and _same(self._last, rep)

    def _by_landmarks(self, now_s: float, landmarks: list[Rep]) -> list[Rep]:
        told: list[Rep] = []
        for rep in landmarks:
            told += [*self._felt_between(told[-1] if told else self._last, rep), rep]
        if now_s == inf:
            told += self._felt_between(told[-1] if told else self._last, None)
        return told

    def _felt_between(self, last: Rep | None, following: Rep | None) -> list[Rep]:
        """What only pixels have seen between two reps of the landmarks, if another one both have seen."""
        both = any(_same(felt, seen) for felt in self._felt for seen in self._seen)
        if last is None or not both or (following and following.start_s - last.end_s > SET_S):
            return []
        until_s = following.start_s if following else inf
        return [rep for rep in self._felt if last.end_s <= rep.start_s and rep.end_s <= until_s]

    def _left_over(self, last: Rep | None, pixels: list[Rep]) -> list[Rep]:
        """The pixels' half rep after a set that both have begun with the way back."""
        if last is None or not self._felt or not _same(last, self._felt[-1]):
            return []
        return [rep for rep in pixels if _is_half(rep) and rep.start_s >= last.end_s]

    def _beginning(self, between: list[Rep], first: Rep) -> list[Rep]:
        """What only landmarks have seen before the `first` rep of the pixels' set.

        Pixels may have seen only the way back of the rep before: they begin each with it, and tell the way
        there of the set's last alone. With the first told that half is one too many, and the other way round.
        """
        half_seen = [rep for rep in between if _shared_s(rep, first) > 0]
        if any(rep.quality != first.quality for rep in half_seen):
            return [rep for rep in between if rep not in half_seen]
        self._half_told = bool(half_seen)
        return between

    def measured(self, rep: Rep) -> None:
        """A rep of whole legs: feet that go on at once need not be a set of their own."""
        self._measured_s = rep.end_s

    def _goes_on(self, reps: list[Rep]) -> bool:
        return bool(reps) and reps[0].start_s - self._measured_s < NEAR_S

    def _confirmed(self, pixels: list[Rep]) -> list[Rep]:
        """Theirs, once they are a set: two kicks or steps in a row look like reps to pixels alone."""
        if self._teller:
            return pixels
        pixels = _set(self._doubtful + pixels)
        whole = [rep for rep in pixels if not _is_half(rep)]
        seen = bool(pixels) and any(rep.end_s > pixels[0].start_s for rep in self._seen)
        slow = all(rep.up_s + rep.down_s >= PIXELS_SLOW_S for rep in whole)
        if len(whole) >= (LEAST_SLOW if slow else LEAST) or seen or self._goes_on(pixels):
            self._teller, self._doubtful = "pixels", []
            return pixels
        self._doubtful = pixels
        return []

    def _heard(self, rep: Rep) -> Rep:
        """A tremor is none where landmarks show nothing of it: pixels of a small foot jump.

        Where they have a rep begin with the way back, landmarks may have shown only smooth ones so far.
        """
        if rep.quality != "jerky":
            return rep
        if same := [other for other in self._seen if _same(rep, other)]:
            return replace(rep, quality=same[-1].quality) if same[-1].ripple_deg < CALM_DEG else rep
        lately = [other for other in self._seen if rep.start_s - other.end_s < SET_S]
        met = len(lately) >= 2 and any(_shared_s(rep, other) > 0 for other in lately)
        smooth = met and all(other.quality != "jerky" for other in lately)
        return replace(rep, quality="smooth") if smooth else rep


def _is_enough(reps: list[Rep]) -> bool:
    slow = all(min(rep.up_s, rep.down_s) >= SLOW_S for rep in reps)
    return len(reps) >= (LEAST_SLOW if slow else LEAST)


def _is_half(rep: Rep) -> bool:
    """The way there of a set's last rep, whose first pixels saw too late."""
    return rep.down_s != rep.down_s


def _set(reps: list[Rep]) -> list[Rep]:
    """The last of them that are near to each other."""
    begins = [n for n in range(1, len(reps)) if reps[n].start_s - reps[n - 1].end_s > NEAR_S]
    return reps[begins[-1] :] if begins else reps


def _precedes(one: Rep, other: Rep) -> bool:
    """Whether it is the one before, and not the same: one witness may begin with the way back."""
    shorter_s = min(one.end_s - one.start_s, other.end_s - other.start_s)
    return one.start_s < other.start_s and _shared_s(one, other) <= BEFORE * shorter_s


def _has_room(one: Rep, other: Rep) -> bool:
    shorter_s = min(one.end_s - one.start_s, other.end_s - other.start_s)
    return other.start_s - one.end_s >= ROOM * shorter_s


def _same(one: Rep, other: Rep) -> bool:
    return _shared_s(one, other) >= SAME * max(one.end_s - one.start_s, other.end_s - other.start_s)


def _shared_s(one: Rep, other: Rep) -> float:
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)


def of_feet(rep: Rep) -> Rep:
    """The same, of feet alone: nobody knows whose, and no degrees."""
    return replace(rep, side="both", range_deg=nan, sparc=nan, ripple_deg=nan, by_movement=True)

"""Finds and follows feet where the picture shows no knees: below a stranger who stands on them.

The stranger (feet_look.py) keeps their size and stays with the ankles: left to the knees that the network
makes up, the square would grow or shrink without end.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import exp

from posecount.backdrop import Facing
from posecount.feet_look import FeetLook, Stranger, look, places
from posecount.network import Image, Network
from posecount.sway import Sway

REGION_TAU_S = 0.2  # as of legs
FOUND, KEPT, LOST = 0.62, 0.55, 0.45  # mean heat: at first, looked at once more, and afterwards
LOST_S, GONE_S = 0.4, 3.0  # as long below LOST, and they are not believed; and are searched elsewhere
SETTLING = (0.42, 0.46, 0.5)  # how warm a place must be for another look, until it has come to rest
LOOKS, LATER = 4, 1  # a frame while searching: the first time, and afterwards
SIDES: tuple[Facing, ...] = ("left", "right", "front")
SIZES, FINER = (0.7, 1.0, 1.4, 2.0), (0.84, 1.18)  # times as tall


class FeetTracker:
    """`update` with every frame."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._image: Image
        self._last: FeetLook | None = None
        self._search: Iterator[FeetLook | None] | None = None
        self._looks = LOOKS
        self._time_s = self._warm_s = 0.0

    def update(self, image: Image, time_s: float) -> FeetLook | None:
        """The feet in this frame, (height, width, 3) RGB; None while they are searched."""
        if self._last is None:
            self._lookaround(image, time_s)
        else:
            self._follow(self._last, image, time_s)
        self._time_s = time_s
        return self._last if time_s - self._warm_s < LOST_S else None

    def _follow(self, last: FeetLook, image: Image, time_s: float) -> None:
        share = 1 - exp(-(time_s - self._time_s) / REGION_TAU_S)
        stranger = last.asked(share) if last.heat >= LOST else last.stranger
        swayed = look(self._network, image, stranger, self._sway.region(stranger.region, time_s))
        self._last = now = FeetLook(stranger, self._sway.steadied(swayed.found))
        if now.heat >= LOST and now.sensible(image):
            self._warm_s = time_s
        if time_s - self._warm_s >= GONE_S:
            self._last = None

    def _lookaround(self, image: Image, time_s: float) -> None:
        self._image = image
        if self._search is None:
            self._search = self._sweep()
        for _ in range(self._looks):
            try:
                found = next(self._search)
            except StopIteration:
                self._search, self._looks = None, LATER
                return
            if found and look(self._network, image, found.asked(1.0)).heat >= KEPT:
                self._last, self._search, self._looks = found, None, LATER
                self._sway, self._warm_s = Sway(), time_s
                return

    def _sweep(self) -> Iterator[FeetLook | None]:
        """Yields after each look: the feet, or None as long as they are not found."""
        height, width = self._image.shape[:2]
        for start in places(width, height):
            seen = self._scouted(start)
            yield None
            for least in SETTLING:
                if seen.heat < least:
                    break
                seen = self._scouted(seen.asked(1.0))
                yield None
            else:
                yield from self._at_rest(seen)

    def _at_rest(self, best: FeetLook) -> Iterator[FeetLook | None]:
        """Sides and sizes of a stranger who has come to rest; last what fits best, if that shows feet."""
        rough = best
        for facing, times in product(SIDES, SIZES):
            best = max(best, self._scouted(replace(rough.resized(times), facing=facing)), key=_fit)
            yield None
        rough = best
        for times in FINER:
            best = max(best, self._scouted(rough.resized(times)), key=_fit)
            yield None
        if best.heat >= FOUND and best.sensible(self._image):
            yield best

    def _scouted(self, stranger: Stranger) -> FeetLook:
        return look(self._network, self._image, stranger)


def _fit(seen: FeetLook) -> float:
    return seen.fit

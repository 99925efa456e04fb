"""Finds and follows legs without a body above them: where the picture ends at the hips or the thighs.

The network is asked about the square that a whole body would fill (2.55 legs wide, around the hips), with a
stranger's upper body beyond the edge (backdrop.py). Where that square is, nobody says at first: plausible
ones are tried, a few in each frame, and judged by how warm the maps of knees, ankles and feet are (0.7 to 0.9
on legs, below 0.6 on anything else). Afterwards the legs that were found say where to look next. Only the
square is smoothed, never a point; but what another side or size of the stranger changes comes by and by.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from math import exp, inf

import numpy as np

from posecount.backdrop import dressed
from posecount.crossfade import Crossfade
from posecount.filters import Average
from posecount.leg_look import (
    KNEES,
    Look,
    ankles_move,
    around,
    next_region,
    others,
    roomy,
    seated,
    sensible,
    settled,
    shows_hips,
    sits,
    thighs_lie,
    variants,
)
from posecount.leg_places import regions
from posecount.network import Image, Network, Points, Region
from posecount.sway import Sway

REGION_TAU_S = 0.2  # a square that trembles makes the points tremble
# Its size soon follows slowly: nobody grows, and legs squeezed into too small a square ask for a smaller one.
SIZE_TAU_S, SETTLES_S = 3.0, 0.4

NO_KNEES = np.empty((0, 2))

FOUND, LOST = 0.66, 0.5  # mean heat
FITS = 0.58  # at first: legs of which one stands on a chair's 0.5, others 0.65 to 0.89
LOST_S = 0.4  # as long below LOST, and they are gone
# So often in a row found and gone so soon, and they are none: shins are taken for small legs now and then.
FLICKERS, STAYS_S = 3, 1.2
# How warm the warmest of a square and of those that its legs asked for must be, for another look.
SETTLING = (0.4, 0.48, 0.55, 0.58)
LOOKS = 4  # a frame while searching: about what `heavy` costs in following
HASTE, SELDOM = 8, 12  # so many frames of doubt with a look elsewhere each, then one in so many
HINT_S = 2.0  # how often a body that is not believed is tried first
TURN_S = 0.65  # how often another side of the stranger, or another size of the square, is tried
SHOCK_S = 0.4  # so long after they are found or a cold look one is tried in each frame: the side may be wrong
FELL, FIT_TAU_S = 0.12, 2.0  # or they fit so much worse than lately, as those of a wrong side do on toes
YOUNG_S = 0.6  # legs found just now have not been judged yet, and need not be led over
# Nor ankles that come to lie elsewhere, in shanks: what was seen there was no foot. Others move by 0.07.
ELSEWHERE = 0.25
TURNED, OFTEN = 0.04, 3  # so much a better fit, so often in a row, and it is the right one
WARMER = 0.08  # the same for a larger square
WARM, AS_WARM, HEAT_TAU_S = 0.7, 0.04, 0.5  # another place, where these legs are doubted: than they lately


class LegTracker:
    """`update` with every frame: the 33 points with the hips' and legs' only, or None.

    `follower` finds the points; `scout`, often quicker, searches.
    """

    def __init__(self, follower: Network, scout: Network) -> None:
        self._follower, self._scout = follower, scout
        self._eye = follower  # whose look it is now
        self._last: Look | None = None
        self._search: Iterator[Look | None] | None = None
        self._size = (0, 0)
        self._time_s = self._warm_s = self._turned_s = self._shocked_s = 0.0
        self._tries, self._won, self._hinted_s = -1, 0, -inf
        self._rival: Look | None = None  # what has fitted better so far
        self._sway, self._crossfade = Sway(), Crossfade()
        self._image: Image
        self._doubts = 0  # frames, one after the other
        self._sweeps = 0  # searches that came to their end and found nothing
        self._flickers, self._found_s = 0, -inf
        self.anew = False  # thighs that were hidden are seen elsewhere: nothing before tells of these legs

    @property
    def following(self) -> bool:
        return self._last is not None

    @property
    def in_vain(self) -> bool:
        """Nothing was found in all of the picture, or again and again what were no legs."""
        return self._sweeps > 0 or (self._flickers >= FLICKERS and not self._stays)

    @property
    def _stays(self) -> bool:
        return self._last is not None and self._time_s - self._found_s >= STAYS_S

    def update(
        self,
        image: Image,
        time_s: float,
        body_px: Points | None = None,
        every_s: float = 0.0,
        doubted: bool = False,
        quick: bool = False,
    ) -> Look | None:
        """The legs in this frame, (height, width, 3) RGB; None while they are searched.

        `body_px` (33, 2) is a body that is not believed as a whole: its legs are tried first. `every_s`:
        there is no hurry, as when feet are counted already, and one look of the scout's so often is enough.
        `doubted`: those found last may be none, or squeezed into a wrong square: others are looked for.
        `quick`: the scout follows them as well.
        """
        self._image, self._eye, self.anew = image, self._scout if every_s or quick else self._follower, False
        if time_s - self._time_s < every_s:
            return self._led_over(time_s)
        if self._last is None:
            self._lookaround(body_px, time_s, 1 if every_s else LOOKS)
        else:
            self._follow(self._last, image, time_s)
            self._doubts = self._doubts + 1 if doubted and not every_s else 0
            if self._doubts and (self._doubts <= HASTE or self._doubts % SELDOM == 0):
                self._look_elsewhere(time_s)
        self._time_s = time_s
        return self._led_over(time_s)

    def _led_over(self, time_s: float) -> Look | None:
        if self._last is None:
            return None
        found = self._last.found
        points_px = self._crossfade.update(found.points_px, time_s)
        return replace(self._last, found=replace(found, points_px=points_px))

    def forget(self) -> None:
        """Let go of whatever was followed, and search afresh."""
        self._last = self._search = None
        self._sweeps = self._flickers = 0

    def _follow(self, last: Look, image: Image, time_s: float) -> None:
        size_tau_s = SIZE_TAU_S if time_s - self._found_s > SETTLES_S else REGION_TAU_S
        share, size_share = (1 - exp((self._time_s - time_s) / tau_s) for tau_s in (REGION_TAU_S, size_tau_s))
        region = next_region(last, image, share, size_share)
        look = self._best(last, region, image, time_s)
        self._heat.push(time_s, look.heat)
        if look.heat >= LOST and sensible(look, image):
            self._warm_s = time_s
        self._last = look
        if time_s - self._warm_s >= LOST_S:
            flickers = 0 if self._stays else self._flickers + 1
            self.forget()
            self._flickers = flickers

    def _best(self, last: Look, region: Region, image: Image, time_s: float) -> Look:
        """The same side of the stranger and size as before; now and then, another if it fits much better."""
        swayed = _again(self._eye, image, replace(last, region=self._sway.region(region, time_s)))
        look = settled(replace(last, region=region, found=self._sway.steadied(swayed.found)), image)
        if not self._tries_now(look, time_s):
            return look
        other = _again(self._eye, image, self._tried_next(others(look, image)))
        sat = sits(other, look, image) and sensible(other, image)
        better = sat or self._better(other, look, last)
        self._won = (self._won + 1) % OFTEN if better else 0
        self._rival = other if self._won else None
        return self._over(look, other, time_s) if better and not self._won else look

    def _tries_now(self, look: Look, time_s: float) -> bool:
        """Whether it is time to try another: the next of them, or again what has won once."""
        if look.heat < LOST or look.fit < self._fit.value - FELL:
            self._shocked_s = time_s
        self._fit.push(time_s, look.fit)
        hurry = time_s - self._shocked_s < SHOCK_S
        if not self._won:
            if time_s - self._turned_s < TURN_S and not hurry:
                return False
            self._turned_s = time_s
            self._tries += 1
        return True

    def _over(self, look: Look, other: Look, time_s: float) -> Look:
        """By and by to another side or size; at once to other thighs or ankles, or if hardly found."""
        shrunk = not look.held and other.region.size_px < look.region.size_px
        self.anew = shrunk or other.seat != look.seat
        if self.anew or ankles_move(look, other) > ELSEWHERE or time_s - self._found_s < YOUNG_S:
            self._crossfade = Crossfade()
        else:
            self._crossfade.change(look.found.points_px, other.found.points_px, time_s)
        return roomy(other) if other.seat and self.anew else other

    def _tried_next(self, tries: list[Look]) -> Look:
        """One after the other; what has won once, again: by now there may be more or fewer to try."""
        rival = self._rival
        if not rival:
            return tries[self._tries % len(tries)]
        return next((each for each in tries if each.kind == rival.kind), rival)

    def _better(self, other: Look, look: Look, last: Look) -> bool:
        """Than this look and the last, which swayed the other way: a wrong side often fits from one only."""
        if look.seat and not other.seat and thighs_lie(other):
            return False  # nobody has stood up
        if other.seat and not look.seat and not shows_hips(other):
            return False  # nor sat down
        same_size = (other.held is None) == (look.held is None)
        by = TURNED if same_size else WARMER
        return other.fit > (look.fit + last.fit) / 2 + by and sensible(other, self._image)

    def _look_elsewhere(self, time_s: float) -> None:
        """One look at another place, and over to what is much warmer there."""
        self._search = self._search or self._sweep()
        try:
            found = next(self._search)
        except StopIteration:
            self._search = None
            return
        if found and self._last and found.heat > max(WARM, self._heat.value + AS_WARM):
            self._found(found, time_s)
            self.anew = True

    def _lookaround(self, body_px: Points | None, time_s: float, looks: int) -> None:
        image = self._image
        if not self._search or image.shape[:2] != self._size:
            self._size, self._search = image.shape[:2], self._sweep()
        if body_px is not None and time_s - self._hinted_s > HINT_S:
            self._hinted_s = time_s
            self._search = chain(self._tried(around(body_px, image)), self._search)
        for _ in range(looks):
            try:
                found = next(self._search)
            except StopIteration:
                self._search = None
                self._sweeps += 1
                return
            if found:
                self._found(found, time_s)
                return

    def _found(self, legs: Look, time_s: float) -> None:
        self._last, self._search, self._sweeps = legs, None, 0
        self._sway, self._crossfade = Sway(), Crossfade()
        self._tries, self._won, self._rival = -1, 0, None
        self._heat, self._fit = Average(HEAT_TAU_S), Average(FIT_TAU_S)
        self._warm_s = self._found_s = self._shocked_s = time_s
        self._turned_s = -inf

    def _sweep(self) -> Iterator[Look | None]:
        height, width = self._image.shape[:2]
        for region in regions(width, height):
            yield from self._tried(region)

    def _tried(self, region: Region) -> Iterator[Look | None]:
        """Yields after each look: the legs, or None as long as they are not found.

        The warmest square counts: legs may ask for colder ones, which squeeze them into the picture.
        """
        look = warmest = _first(self._scout, self._image, region)
        yield None
        for least in SETTLING:
            if warmest.heat < least:
                return
            region = next_region(look, self._image)
            look = _again(self._scout, self._image, replace(look, region=region))
            warmest = max(look, warmest, key=self._rank)
            yield None
        yield from self._turned(warmest)

    def _rank(self, look: Look) -> tuple[bool, float]:
        """However warm, a square that its own legs contradict comes last."""
        return sensible(look, self._image), look.heat

    def _turned(self, look: Look) -> Iterator[Look | None]:
        """The sides and turns of the warmest square; last what fits best, if that shows legs."""
        for side, turn_rad in variants(look):
            turned = replace(look, region=replace(look.region, turn_rad=turn_rad), facing=side)
            other = _again(self._scout, self._image, turned)
            look = max(look, other, key=lambda each: each.fit)
            yield None
        for stood in seated(look, self._image):
            other = _again(self._scout, self._image, stood)
            yield None
            if sits(other, look, self._image):
                seat = roomy(other)
                look = max(seat, _again(self._scout, self._image, seat), key=lambda each: each.heat)
                yield None
        if look.heat >= FOUND and look.fit >= FITS and sensible(look, self._image):
            yield look


def _first(network: Network, image: Image, region: Region) -> Look:
    return Look(region, "front", network.look(dressed(image, region, "front", NO_KNEES), region))


def _again(network: Network, image: Image, look: Look) -> Look:
    """Another look at the look's region; the stranger's thighs lead to the knees that were found last.

    Not above a seat: towards knees guessed beyond the edge, the network would see those that were drawn.
    """
    knees = NO_KNEES if look.seat else look.found.points_px[KNEES]
    return replace(look, found=network.look(dressed(image, look.region, look.facing, knees), look.region))

"""Feet that the network saw below a stranger who stands on them, beyond the picture's edge.

The network wants a whole body around the feet, but not the right one. With somebody upright on them, in
whichever direction the shank goes, it finds ankle, heel and toes of who stands, sits or lies, cut at the
knees or at mid-shin: their turn agrees with the true one (r 0.95 to 1.00). A stranger 0.8 to 1.6 times as
tall as the person does as well; the wrong side of one does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import cos, hypot, log2, pi, sin

import numpy as np

from posecount.backdrop import Facing, dressed
from posecount.geometry import LEG_SHANKS
from posecount.leg_look import ANKLES, LEGS, REGION_LEGS
from posecount.network import Found, Image, Network, Points, Region

FEET = slice(27, 33)  # ankles, heels and toes
TALLER = 0.03  # of warmth is a stranger twice as tall worth: too tall does less harm than too short
LONGEST = 0.5  # of a leg: no foot is longer

# Shanks in the picture's height of who is upright, or in its width of who lies. Without knees in view ankles
# are at most a shank from the edge where the leg comes in; so far in, and so far apart, they are looked for.
UPRIGHT, LYING = (0.75, 1.3, 0.5, 0.35, 2.0), (0.45, 0.8, 0.25, 1.4)
INTO, APART = (0.85, 0.5), 0.6


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody with both ankles at a place, upright but for `turn_rad` clockwise."""

    x_px: float
    y_px: float
    shank_px: float
    turn_rad: float
    facing: Facing

    @property
    def leg_px(self) -> Points:
        """(2,): from the ankles to the hips."""
        return LEG_SHANKS * self.shank_px * np.array([sin(self.turn_rad), -cos(self.turn_rad)])

    @property
    def shin_px(self) -> Points:
        """(2,): from the ankles to the knees."""
        return self.leg_px / LEG_SHANKS

    @property
    def region(self) -> Region:
        x, y = self.leg_px.tolist()
        size_px = REGION_LEGS * LEG_SHANKS * self.shank_px
        return Region(self.x_px + x, self.y_px + y, size_px, self.turn_rad)


@dataclass(frozen=True, slots=True)
class FeetLook:
    """What the network saw below a stranger."""

    stranger: Stranger
    found: Found

    @property
    def heat(self) -> float:
        """Of ankles, heels and toes: 0.62 to 0.87 on feet below the right stranger."""
        return float(self.found.heat[FEET].mean())

    @property
    def fit(self) -> float:
        """How well the stranger's side and size do."""
        return self.heat + TALLER * log2(self.stranger.shank_px)

    @property
    def reaches(self) -> tuple[float, float]:
        """How far the left and the right foot point along the leg, heel to toe, in legs."""
        leg_px, points_px = self.stranger.leg_px, self.found.points_px
        left, right = ((points_px[leg[4]] - points_px[leg[3]]) @ leg_px / (leg_px @ leg_px) for leg in LEGS)
        return float(left), float(right)

    def asked(self, share: float) -> Stranger:
        """The same stranger, `share` of the way to where these ankles are."""
        was = self.stranger
        x, y = self.found.points_px[ANKLES].mean(axis=0).tolist()
        return replace(was, x_px=was.x_px + share * (x - was.x_px), y_px=was.y_px + share * (y - was.y_px))

    def resized(self, times: float) -> Stranger:
        """On these ankles, but so many times as tall."""
        return replace(self.asked(1.0), shank_px=times * self.stranger.shank_px)

    def sensible(self, image: Image) -> bool:
        """Feet of a person's proportions, with one in the picture."""
        height, width = image.shape[:2]
        points_px, leg_px = self.found.points_px, hypot(*self.stranger.leg_px)
        inside = np.all((points_px >= 0) & (points_px < (width, height)), axis=1)
        longest_px = max(hypot(*(points_px[leg[4]] - points_px[leg[3]])) for leg in LEGS)
        return longest_px < LONGEST * leg_px and any(inside[list(leg[2:])].all() for leg in LEGS)


def look(network: Network, image: Image, stranger: Stranger, region: Region | None = None) -> FeetLook:
    """What lies below the stranger; `region` is theirs, or one a little beside it."""
    region = region or stranger.region
    knees_px = stranger.shin_px[None] + (stranger.x_px, stranger.y_px)
    return FeetLook(stranger, network.look(dressed(image, region, stranger.facing, knees_px), region))


def places(width: int, height: int) -> Iterator[Stranger]:
    """Where feet may be: below the picture's upper edge, or in from its sides."""
    for share in UPRIGHT:
        shank_px = share * height
        for x in _along(width, APART * shank_px):
            for y in _inside(shank_px, height):
                yield Stranger(x, y, shank_px, 0.0, "front")
    for share in LYING:
        shank_px = share * width
        for y in _along(height, APART * shank_px):
            for x in _inside(shank_px, width):
                yield Stranger(x, y, shank_px, -pi / 2, "front")
                yield Stranger(width - x, y, shank_px, pi / 2, "front")


def _along(length_px: int, apart_px: float) -> list[float]:
    """The middle first."""
    count = max(2, round(length_px / apart_px))
    spots = [(index + 0.5) / count * length_px for index in range(count)]
    return sorted(spots, key=lambda spot: abs(spot - length_px / 2))


def _inside(shank_px: float, length_px: int) -> list[float]:
    return [into * shank_px for into in INTO if into * shank_px < 0.95 * length_px]

"""Legs that the network saw in a square of the picture, and which square they ask for next.

The square is one that a whole body would fill: 2.55 legs wide, around the hips.
"""

from dataclasses import dataclass, replace
from math import atan2, copysign, cos, hypot, pi, sin

import numpy as np

from posecount.backdrop import Facing
from posecount.geometry import SHOULDERS
from posecount.knees_in_view import thigh_in_view
from posecount.network import Found, Image, Points, Region

REGION_LEGS = 2.55  # thigh plus shank: 2.4 seated, 2.5-2.7 standing, lying and long sitting
THIGH_SHANKS = 0.97  # a thigh whose hip is beyond the edge is as long: 0.9-1.05 on whole bodies

LEGS = ((23, 25, 27, 29, 31), (24, 26, 28, 30, 32))  # hip, knee, ankle, heel, toe
HIPS, KNEES, ANKLES = [23, 24], [25, 26], [27, 28]
JUDGED = slice(25, 33)

ASKEW = 0.3  # a shank between both feet's ways across is worth as much heat: 0 to 0.25, or 0.3 to 0.6
FLAT = 0.12  # heel to toe over the shank, sideways: less is a foot that points at the camera
# Cosine between foot and shank: of those that lie, pumping, at most 0.57; of legs made up along a floor on
# which feet stand 0.93 to 0.99 while these rest.
STRAIGHT = 0.87
LYING = 1.3  # a thigh this much flatter than steep may be that of someone who sits on the floor or lies
# Legs cut at mid-thigh may be squeezed into the picture, and ask for a square that squeezes them: of those
# 1.4 times too short a square so much larger is warmer by 0.1 to 0.15, of others by 0.06 at most.
GROWN, COOL = 1.3, 0.8  # warmer ones are not squeezed
# Or stretched to the picture's edge, which is then taken for the knees: in a square 1.65 times too large they
# are colder by 0.04 to 0.14. Of knees that are cut indeed smaller squares are colder by 0.02 and more.
SHRUNK, HIDDEN = 0.6, 0.3  # of the thigh less is seen
# Who sits with knees near the edge fits standing as well: -0.01 to 0.06 worse. Seated, the thighs are in view
# and knees stay within 0.06 shanks; those of who stands, cut at the knees or above, move by 0.13 and more.
THIGHS, KNEES_STAY, AS_WELL, CLEARLY = 0.8, 0.09, 0.06, 0.08
# The heat of hips in 56 seats of people who sit: 0.60, else 0.65 to 0.83. Of 6 who stand: 0.43 to 0.60.
WARM_HIPS = 0.62
LONG = 0.95  # shanks: shorter thighs are guesses, and a square that follows them makes them shorter still
# Seats are told by squares that seem to fit, but knees at the edge make a shank too short by a tenth. Ankles
# of 13 of them were off by 3.1 deg, at most 8.1; in a square 1.2 times as large 2.7, 6.1; 1.3 times 2.4, 3.8.
ROOMY = 1.3
AT_EDGE = 0.05  # of the region: hips nearer to the picture's edge are half guessed
SIDEWAYS = 0.3  # as FLAT: of who nearly faces the camera (0.15 to 0.18, obliquely 0.41) such hips wander


@dataclass(frozen=True, slots=True)
class Look:
    """What the network saw in one region."""

    region: Region
    facing: Facing
    found: Found
    held: tuple[float, float] | None = None  # from the ankles to the region's middle, which keeps its size
    seat: bool = False  # held so only while the picture does not show the thighs

    @property
    def kind(self) -> tuple[Facing, float, bool, bool]:
        """What is asked, wherever: side and turn, a seat, a square that keeps its size."""
        return self.facing, self.region.turn_rad, self.seat, self.held is not None

    @property
    def heat(self) -> float:
        """Of knees, ankles, heels and toes."""
        return float(self.found.heat[JUDGED].mean())

    @property
    def fit(self) -> float:
        """How well the stranger's side fits: the heat, and feet that point the same way.

        Of somebody seen from the side, a stranger who faces the camera makes left and right change places,
        warm as it is; one foot then points at the camera.
        """
        left, right = (_across(self, leg) for leg in LEGS)
        return self.heat - ASKEW * abs(left - right)


def around(body_px: Points, image: Image) -> Region:
    """Where a body (33, 2) says that it is."""
    height, width = image.shape[:2]
    hips, lengths = zip(*(_hip(body_px, leg, width, height) for leg in LEGS), strict=True)
    x, y = np.mean(hips, axis=0).tolist()
    along = body_px[list(SHOULDERS)].mean(axis=0) - (x, y)
    return Region(x, y, REGION_LEGS * max(lengths), atan2(along[0], -along[1]))


def next_region(look: Look, image: Image, share: float = 1.0, size_share: float = 1.0) -> Region:
    """The region that these legs ask for, so much of the way from where it was, and of the size it had."""
    was = look.region
    x, y, size_px = _asked(look, image)
    return Region(
        was.x_px + share * (x - was.x_px),
        was.y_px + share * (y - was.y_px),
        was.size_px + size_share * (size_px - was.size_px),
        was.turn_rad,
    )


def _asked(look: Look, image: Image) -> tuple[float, float, float]:
    """Middle and size of the region that these legs ask for."""
    height, width = image.shape[:2]
    points = look.found.points_px
    if look.held and not (look.seat and _shows_thighs(look, image)):
        x, y = points[ANKLES].mean(axis=0) + look.held
        return float(x), float(y), look.region.size_px
    hips, lengths = zip(*(_hip(points, leg, width, height) for leg in LEGS), strict=True)
    x, y = np.mean(hips, axis=0)
    return float(x), float(y), REGION_LEGS * max(lengths)


def _hip(points: Points, leg: tuple[int, ...], width: int, height: int) -> tuple[Points, float]:
    """Where a leg's hip is, and how long the leg: a hip beyond the edge is a thigh's length from the knee."""
    hip, knee, ankle = points[list(leg[:3])]
    shank, thigh = hypot(*(knee - ankle)), hypot(*(hip - knee))
    if 0 <= hip[0] < width and 0 <= hip[1] < height:
        return hip, shank + thigh
    return knee + (hip - knee) * (THIGH_SHANKS * shank / max(thigh, 1e-6)), (1 + THIGH_SHANKS) * shank


def variants(look: Look) -> list[tuple[Facing, float]]:
    """Sides of the stranger worth trying, and turns of the region (0, or along thighs that lie)."""
    points, turn_rad = look.found.points_px, look.region.turn_rad
    across = sum(_across(look, leg) for leg in LEGS) / 2
    thigh = sum(points[leg[0]] - points[leg[1]] for leg in LEGS)
    profile: tuple[Facing, ...] = (
        ("left",) if across < -FLAT else ("right",) if across > FLAT else ("left", "right")
    )
    lies = abs(thigh[0]) > LYING * abs(thigh[1])
    turns = {0.0, copysign(pi / 2, thigh[0])} if lies else {0.0}
    return [
        (side, turn)
        for turn in sorted(turns, key=lambda turn: turn != turn_rad)
        for side in (*profile, "front")
    ]


def others(look: Look, image: Image) -> list[Look]:
    """What to try instead, not looked at yet: seated, another side or turn, a smaller region or a larger."""
    sides = [
        replace(look, facing=side, region=replace(look.region, turn_rad=turn_rad))
        for side, turn_rad in variants(look)
        if (side, turn_rad) != (look.facing, look.region.turn_rad)
    ]
    tries = [*seated(look, image), *_smaller(look, image), *sides]
    if look.held:
        free = replace(look, held=None, seat=False)
        asked = next_region(free, image)
        sizes = [replace(look, region=replace(look.region, size_px=asked.size_px))] if look.seat else []
        return [*tries, replace(free, region=asked), *sizes]
    return [*tries, _larger(look)] if look.heat < COOL else tries


def seated(look: Look, image: Image) -> list[Look]:
    """Hips a thigh's length behind the knees, not looked at yet; of who is seen from the side only.

    None where the thighs are in view already, or the shanks lie, or of a seat. Held there: hips at the very
    edge soon seem to be beyond it, as of who stands.
    """
    points, across = look.found.points_px, sum(_across(look, leg) for leg in LEGS) / 2
    if look.seat or _shanks_lie(look) or abs(across) < SIDEWAYS or _shows_thighs(look, image):
        return []
    shank = max(hypot(*(points[leg[1]] - points[leg[2]])) for leg in LEGS)
    x, y = points[KNEES].mean(axis=0).tolist()
    region = Region(x - copysign(shank, across), y, REGION_LEGS * (1 + THIGH_SHANKS) * shank, 0.0)
    facing: Facing = "left" if across < 0 else "right"
    return [replace(look, facing=facing, region=region, held=_held(look, region), seat=True)]


def _thigh_seen(look: Look, image: Image) -> float:
    return thigh_in_view(look.found.points_px, (image.shape[1], image.shape[0]))


def sits(other: Look, look: Look, image: Image) -> bool:
    """Whether a seat shows hips where thighs that lie lead to, fits about as well, and the knees stay.

    Knees at the edge look alike standing and seated. What fits clearly better may show fewer of the thighs,
    or other knees: those of a bad fit are none.
    """
    if not other.seat or look.seat or not shows_hips(other):
        return False
    was, shows = _thigh_seen(look, image), _thigh_seen(other, image)
    clearly = other.fit > look.fit + CLEARLY
    if shows >= THIGHS and clearly:
        return True
    as_well = shows >= THIGHS and other.fit > look.fit - AS_WELL
    if not (as_well or (shows > was and clearly)):
        return False
    knees, ankles = (look.found.points_px[each].mean(axis=0) for each in (KNEES, ANKLES))
    moved = other.found.points_px[KNEES].mean(axis=0) - knees
    return hypot(*moved) < KNEES_STAY * hypot(*(knees - ankles))


def roomy(seat: Look) -> Look:
    """What has been found to be a seat, in the square in which it is followed."""
    return replace(seat, region=replace(seat.region, size_px=ROOMY * seat.region.size_px))


def _larger(look: Look) -> Look:
    """Its middle as much further from the knees."""
    points, was = look.found.points_px, look.region
    x, y = (GROWN - 1) * (points[HIPS] - points[KNEES]).mean(axis=0) + (was.x_px, was.y_px)
    region = Region(float(x), float(y), GROWN * was.size_px, was.turn_rad)
    return replace(look, region=region, held=_held(look, region))


def _smaller(look: Look, image: Image) -> list[Look]:
    """Around the same ankles, where the thighs seem to be hidden."""
    if look.held or _shanks_lie(look) or _thigh_seen(look, image) >= HIDDEN:
        return []
    (x, y), was = look.found.points_px[ANKLES].mean(axis=0).tolist(), look.region
    middle = x + SHRUNK * (was.x_px - x), y + SHRUNK * (was.y_px - y)
    return [replace(look, region=Region(*middle, SHRUNK * was.size_px, was.turn_rad))]


def settled(look: Look, image: Image) -> Look:
    """Of who sits, hips in view say better where the region belongs than those that were looked for."""
    moves = look.seat and _shows_thighs(look, image)
    return replace(look, held=_held(look, look.region)) if moves else look


def _shows_thighs(look: Look, image: Image) -> bool:
    """Whether both are in the picture up to the hips, and as long as thighs are."""
    hips, (height, width) = look.found.points_px[HIPS], image.shape[:2]
    legs = (look.found.points_px[list(leg[:3])] for leg in LEGS)
    shanks = [hypot(*(hip - knee)) / max(hypot(*(knee - ankle)), 1e-6) for hip, knee, ankle in legs]
    edge_px = AT_EDGE * look.region.size_px
    inside = (hips >= edge_px) & (hips < (width - edge_px, height - edge_px))
    return min(shanks) >= LONG and bool(inside.all())


def shows_hips(seat: Look) -> bool:
    """Where the thighs that lie lead to, rather than a floor or a wall behind who stands."""
    return thighs_lie(seat) and float(seat.found.heat[HIPS].mean()) >= WARM_HIPS


def _shanks_lie(look: Look) -> bool:
    knees, ankles = (look.found.points_px[each].mean(axis=0) for each in (KNEES, ANKLES))
    return _lies(ankles - knees)


def thighs_lie(look: Look) -> bool:
    """As of who sits, on whatever."""
    hips, knees = (look.found.points_px[each].mean(axis=0) for each in (HIPS, KNEES))
    return _lies(hips - knees)


def _lies(along: Points) -> bool:
    """Flatter than it is steep."""
    return bool(abs(along[0]) > abs(along[1]))


def _held(look: Look, region: Region) -> tuple[float, float]:
    """From its ankles to the region's middle."""
    x, y = look.found.points_px[ANKLES].mean(axis=0).tolist()
    return region.x_px - x, region.y_px - y


def _across(look: Look, leg: tuple[int, ...]) -> float:
    """How far a foot points to the right of the stranger's own upright, in shanks."""
    _, knee, ankle, heel, toe = look.found.points_px[list(leg)]
    (x, y), turn_rad = toe - heel, look.region.turn_rad
    return float(x * cos(turn_rad) + y * sin(turn_rad)) / max(hypot(*(knee - ankle)), 1e-6)


def ankles_move(look: Look, other: Look) -> float:
    """How far one of them lies from where it lay in the first look, in the longer shank of the other."""
    knees, ankles = (other.found.points_px[each] for each in (KNEES, ANKLES))
    away = np.hypot(*(ankles - look.found.points_px[ANKLES]).T)
    return float(away.max() / max(np.hypot(*(knees - ankles).T).max(), 1e-6))


def sensible(look: Look, image: Image) -> bool:
    """Legs of a person's proportions, at the size that was asked about, with a foot in the picture."""
    height, width = image.shape[:2]
    points = look.found.points_px
    inside = np.all((points >= 0) & (points < (width, height)), axis=1)
    lengths = [_hip(points, leg, width, height)[1] for leg in LEGS]
    feet = [
        hypot(*(points[leg[4]] - points[leg[3]])) / length for leg, length in zip(LEGS, lengths, strict=True)
    ]
    shanks = [
        hypot(*(points[leg[1]] - points[leg[2]])) / length for leg, length in zip(LEGS, lengths, strict=True)
    ]
    return (
        (0.75 / GROWN if look.held else 0.75) < REGION_LEGS * max(lengths) / look.region.size_px < 1.33
        and any(np.all(inside[list(leg[2:])]) for leg in LEGS)
        and max(feet) < 0.45
        and min(shanks) > 0.3
        and not all(_goes_straight_on(points[list(leg[1:])]) for leg in LEGS)
    )


def _goes_straight_on(leg: Points) -> bool:
    """Whether a foot continues a shank that lies, as no ankle can; seen from above, one that stands may."""
    knee, ankle, heel, toe = leg
    shank, foot = ankle - knee, toe - heel
    return _lies(shank) and float(shank @ foot) > STRAIGHT * hypot(*shank) * hypot(*foot)

"""Draws the figures of the guides: python tools/figures.py writes exercises_data/figures/*.svg.

Each shows a person from the side, before and after: joint angles in, light SVG out, in the text's colour.
Each shows a person from the side, before and after: joint angles in, light SVG out, in the colour of text.
flat, positive with the toes up.
"""

from dataclasses import dataclass
from math import atan2, copysign, cos, hypot, pi, radians, sin
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "posecount" / "exercises_data" / "figures"
PX = 52.0  # a shank
PAD = 16.0
GAP = 46.0  # between before and after, with room for an arrow
TRUNK, NECK, HEAD, ARM = 1.28, 0.3, 0.23, 0.62
HEIGHT, HEEL, BALL, TOE = (
    0.16,
    -0.13,
    0.3,
    0.17,
)  # of the ankle; then along the sole, the toes beyond the ball

Point = tuple[float, float]


@dataclass(frozen=True)
class Leg:
    hip: Point
    knee: Point
    ankle: Point
    heel: Point
    ball: Point
    toe: Point


@dataclass(frozen=True)
class Body:
    """`props` are lines of things, `hand` where the near hand is."""

    near: Leg
    far: Leg
    shoulder: Point
    hand: Point
    head: Point
    props: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True)
class Figure:
    """`arrow` shows in the second picture which way it goes."""

    before: Body
    after: Body
    arrow: tuple[Point, Point]
    bend: float = 0.0  # of the arrow, to its right
    one: bool = False  # only the near leg moves


def plus(point: Point, length: float, degrees: float) -> Point:
    """`length` away, `degrees` from straight down."""
    return point[0] + length * sin(radians(degrees)), point[1] - length * cos(radians(degrees))


def foot(ankle: Point, pitch: float, flat_toes: bool = False) -> tuple[Point, Point, Point]:
    along = (cos(radians(pitch)), sin(radians(pitch)))
    up = (-along[1], along[0])

    def at(forward: float, down: float) -> Point:
        return tuple(a + forward * f - down * u for a, f, u in zip(ankle, along, up, strict=True))  # type: ignore[return-value]

    ball = at(BALL, HEIGHT)
    toe = (ball[0] + TOE, ball[1]) if flat_toes else at(BALL + TOE, HEIGHT)
    return at(HEEL, HEIGHT), ball, toe


def hanging(hip: Point, thigh: float, shank: float, pitch: float) -> Leg:
    """A leg from the hip down, its foot in the air."""
    knee = plus(hip, 1.0, thigh)
    ankle = plus(knee, 1.0, shank)
    return Leg(hip, knee, ankle, *foot(ankle, pitch))


def standing(ball: Point, pitch: float, shank: float, thigh: float, flat_toes: bool = True) -> Leg:
    """A leg from the ball of its foot up; shank and thigh lean forwards."""
    _, own_ball, _ = foot((0.0, 0.0), pitch)
    ankle = (ball[0] - own_ball[0], ball[1] - own_ball[1])
    knee = plus(ankle, -1.0, -shank)
    hip = plus(knee, -1.0, -thigh)
    return Leg(hip, knee, ankle, *foot(ankle, pitch, flat_toes))


def body(
    near: Leg, far: Leg, trunk: float, hand: Point, *props: tuple[Point, ...], look: float = 0.0
) -> Body:
    """`trunk` leans forwards, `look` tilts the head against it."""
    shoulder = plus(near.hip, -TRUNK, -trunk)
    return Body(near, far, shoulder, hand, plus(shoulder, -(NECK + HEAD), -trunk - look), props)


def shifted(leg: Leg, by: float = 0.12) -> Leg:
    """The far leg, a little before the near one."""
    moved = [(x + by, y) for x, y in (leg.hip, leg.knee, leg.ankle, leg.heel, leg.ball, leg.toe)]
    return Leg(*moved)


# --- the exercises ---


def chair(seat: float) -> tuple[tuple[Point, ...], ...]:
    back = ((-0.34, seat + 1.0), (-0.28, seat - 0.12), (0.62, seat - 0.12))
    legs = (((-0.24, seat - 0.12), (-0.3, 0.0)), ((0.56, seat - 0.12), (0.6, 0.0)))
    return back, *legs


FLOOR = ((-0.75, 0.0), (2.0, 0.0))


def seated_free(pitch: float) -> Body:
    leg = hanging((0.0, 1.42), 90, 26, pitch)
    return body(leg, shifted(leg), -4, (0.55, 1.55), *chair(1.42), FLOOR)


def seated_flat(pitch: float) -> Body:
    """Toes up turns the foot about the heel, heel up about the ball."""
    hip, resting = (0.0, 1.16), (1.0, HEIGHT)
    if pitch < 0:
        up = standing((1.0 + BALL, 0.0), pitch, 0, 90)
        leg = Leg(hip, up.knee, up.ankle, up.heel, up.ball, up.toe)
    else:
        leg = Leg(hip, (1.0, 1.0 + HEIGHT), resting, *foot(resting, pitch))
    return body(leg, shifted(leg), -4, (0.6, 1.35), *chair(1.16), FLOOR)


def stretched_out(pitch: float) -> Body:
    leg = hanging((0.0, 0.28), 88, 90, 90 + pitch)
    back, bed = ((-0.45, 0.16), (-0.8, 1.45)), ((-0.6, 0.12), (1.86, 0.12))
    return body(leg, leg, -16, (0.15, 0.35), back, bed, look=10)


def lying(pitch: float) -> Body:
    leg = hanging((0.0, 0.3), 84, 90, 90 + pitch)
    bed = ((-2.2, 0.1), (2.6, 0.1))
    return body(leg, leg, -86, (-0.05, 0.24), bed, look=-8)


def raised(pitch: float) -> Body:
    near = standing((0.0, 0.0), -pitch, 0, 0)
    rail = ((0.75, 2.6), (0.75, 0.0))
    return body(near, shifted(near), 0, (0.74, 2.64), rail, ((-0.8, 0.0), (1.2, 0.0)))


def raised_alone(pitch: float) -> Body:
    near = standing((0.0, 0.0), -pitch, 0, 0)
    far = hanging((near.hip[0] + 0.06, near.hip[1]), 22, -52, -20)
    wall = ((0.92, 0.0), (0.92, 4.1))
    return body(near, far, 0, (0.86, 2.85), wall, ((-0.9, 0.0), (0.92, 0.0)))


def on_step(pitch: float, bent: float) -> Body:
    top = 0.6
    near = standing((0.06, top), pitch, bent * 0.55, -bent * 0.45, flat_toes=False)
    far = planted((near.hip[0] + 0.06, near.hip[1]), (0.5, top + HEIGHT))
    step = ((-0.7, 0.0), (-0.02, 0.0), (-0.02, top), (1.3, top))
    rail = ((0.95, top), (0.95, 2.9))
    return body(near, far, 4, (0.94, 2.94), step, rail)


def at_wall(foot_at: float, shank: float, thigh: float, trunk: float) -> Body:
    near = standing((foot_at, 0.0), 0, shank, thigh)
    far = planted(near.hip, (0.85, HEIGHT))
    wall = ((1.85, 0.0), (1.85, 3.9))
    return body(near, far, trunk, (1.8, 2.75), wall, ((-0.75, 0.0), (1.85, 0.0)))


def planted(hip: Point, ankle: Point) -> Leg:
    """A leg whose foot stays flat where it is, and whose knee bends as it must."""
    return Leg(hip, knee_between(hip, ankle), ankle, *foot(ankle, 0))


def knee_between(hip: Point, ankle: Point, length: float = 1.0) -> Point:
    """Where the joint between two parts of this length is: forwards, and behind when it is negative."""
    dx, dy = ankle[0] - hip[0], ankle[1] - hip[1]
    reach = min(hypot(dx, dy), 2 * abs(length) * 0.9999)
    out = copysign((length**2 - (reach / 2) ** 2) ** 0.5, length)
    across = atan2(dy, dx) + pi / 2
    return (hip[0] + ankle[0]) / 2 + out * cos(across), (hip[1] + ankle[1]) / 2 + out * sin(across)


def figures() -> dict[str, Figure]:
    """By exercise and variant."""
    heel_up = (-0.36, 0.0), (0.0, 0.42)
    heel_down = (-0.28, 0.22), (0.0, -0.42)
    return {
        "ankle-pump.seated-free": made(
            seated_free(-42), seated_free(24), "toe", (0.2, -0.42), (0.1, 0.55), 0.13
        ),
        "ankle-pump.seated-flat": made(
            seated_flat(-36), seated_flat(26), "toe", (0.2, -0.3), (0.06, 0.5), 0.1
        ),
        "ankle-pump.long-sitting": made(
            stretched_out(-40), stretched_out(16), "toe", (0.5, 0.08), (-0.45, 0.16), 0.12
        ),
        "ankle-pump.lying": made(lying(-40), lying(16), "toe", (0.5, 0.08), (-0.45, 0.16), 0.12),
        "heel-raise.standing": made(raised(0), raised(42), "heel", *heel_up),
        "heel-raise.seated": made(seated_flat(0), seated_flat(-38), "heel", *heel_up),
        "heel-raise.single-leg": made(raised_alone(0), raised_alone(42), "heel", *heel_up, one=True),
        "heel-raise-test.flat": made(raised_alone(0), raised_alone(42), "heel", *heel_up, one=True),
        "calf-stretch.step-straight": made(on_step(0, 0), on_step(24, 0), "heel", *heel_down, one=True),
        "calf-stretch.step-bent": made(on_step(0, 44), on_step(24, 44), "heel", *heel_down, one=True),
        "calf-stretch.wall-straight": made(
            at_wall(0.0, 12, 12, 6), at_wall(0.0, 27, 27, 16), "hip", (-0.75, 0.1), (0.46, 0.0), one=True
        ),
        "calf-stretch.wall-bent": made(
            at_wall(0.1, 10, 10, 4), at_wall(0.1, 34, -8, 6), "hip", (-0.4, 0.42), (0.0, -0.46), one=True
        ),
    }


def made(
    before: Body, after: Body, part: str, away: Point, way: Point, bend: float = 0.0, one: bool = False
) -> Figure:
    """The arrow begins `away` from where a part of the near leg came to be, and goes `way`."""
    x, y = getattr(after.near, part)
    begin = (x + away[0], y + away[1])
    return Figure(before, after, (begin, (begin[0] + way[0], begin[1] + way[1])), bend, one)


# --- drawing ---

WIDTHS = {"trunk": 17, "thigh": 13, "shank": 10, "arm": 8, "foot": 5, "thing": 3, "arrow": 3}


def path(points: tuple[Point, ...], part: str, closed: bool = False) -> str:
    joined = "L".join(f"{x * PX:.0f} {-y * PX:.0f}" for x, y in points)
    fill = ' fill="currentColor"' if closed else ""
    faint = ' opacity=".4"' if part == "thing" else ""
    return f'<path stroke-width="{WIDTHS[part]}"{fill}{faint} d="M{joined}{"Z" if closed else ""}"/>'


def drawn_leg(leg: Leg, moves: bool, far: bool) -> str:
    """Parts that move have the class 'move', for a page to colour."""
    sole = path((leg.heel, leg.ball, leg.toe, leg.ankle), "foot", closed=True)
    parts = path((leg.hip, leg.knee), "thigh") + path((leg.knee, leg.ankle), "shank") + sole
    how = (' class="move"' if moves else "") + (' opacity=".35"' if far else "")
    return f"<g{how}>{parts}</g>"


def drawn(body: Body, one: bool) -> str:
    elbow = knee_between(body.shoulder, body.hand, -ARM)
    x, y = body.head
    return "".join(
        (
            *(path(prop, "thing") for prop in body.props),
            drawn_leg(body.far, not one, far=True) if body.far != body.near else "",
            path((body.near.hip, body.shoulder), "trunk"),
            drawn_leg(body.near, True, far=False),
            path((body.shoulder, elbow, body.hand), "arm"),
            f'<circle stroke="none" fill="currentColor" cx="{x * PX:.0f}" cy="{-y * PX:.0f}" r="12"/>',
        )
    )


def drawn_arrow(figure: Figure) -> str:
    (x1, y1), (x2, y2) = figure.arrow
    length = hypot(x2 - x1, y2 - y1)
    middle = (
        (x1 + x2) / 2 + (y2 - y1) / length * figure.bend,
        (y1 + y2) / 2 - (x2 - x1) / length * figure.bend,
    )
    way = atan2(y2 - middle[1], x2 - middle[0])
    tips = [(x2 - 0.17 * cos(way + turn), y2 - 0.17 * sin(way + turn)) for turn in (0.6, -0.6)]
    a, b, c = (f"{x * PX:.0f} {-y * PX:.0f}" for x, y in ((x1, y1), middle, (x2, y2)))
    curve = f'<path stroke-width="{WIDTHS["arrow"]}" d="M{a}Q{b} {c}"/>'
    return f'<g class="move">{curve}{path((tips[0], (x2, y2), tips[1]), "arrow")}</g>'


def extent(figure: Figure) -> tuple[float, float, float, float]:
    points = list(figure.arrow)
    for each in (figure.before, figure.after):
        x, y = each.head
        points += [(x - HEAD, y + HEAD), (x + HEAD, y - HEAD), each.hand, each.shoulder]
        points += [point for prop in each.props for point in prop]
        for leg in (each.near, each.far):
            points += [leg.hip, leg.knee, leg.ankle, leg.heel, leg.toe]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


ROOT = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'


def svg(figure: Figure) -> str:
    left, low, right, high = (PX * each for each in extent(figure))
    wide, tall = 2 * (right - left + PAD) + GAP, high - low + 2 * PAD
    view = f"{left - PAD:.0f} {-high - PAD:.0f} {wide:.0f} {tall:.0f}"
    size = f'width="{wide / 16:.1f}em" height="{tall / 16:.1f}em"'  # all to one scale, growing with the text
    after = drawn(figure.after, figure.one) + drawn_arrow(figure)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" {size} {ROOT}>'
        f"<g>{drawn(figure.before, figure.one)}</g>"
        f'<g transform="translate({right - left + GAP:.0f})">{after}</g></svg>\n'
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, figure in figures().items():
        (FOLDER / f"{name}.svg").write_text(svg(figure))

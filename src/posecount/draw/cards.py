"""The cards over the picture: the count, the hold and breath, the rep just counted, and sentences."""

import math

import numpy as np

from posecount.draw.ink import Image, arc, discs, icon, line, panel, text_width, wrapped, write
from posecount.draw.style import (
    FAINT,
    INK,
    LEG_COLOUR,
    LEG_LETTER,
    MUTED,
    NO_NUMBER,
    PAPER,
    QUALITY_COLOUR,
    Colour,
)
from posecount.types import LEGS, Leg, LegState, Phase, Rep, RepQuality, State
from posecount.words import Words

# In units of 1 % of the picture's shorter side.
ROW = 27.0  # height of the row of cards, and the ring card's width
COUNT_WIDTH = 60.0
REP_HEIGHT = 8.4
RADIUS = 2.0
BREATH: Colour = (58, 92, 120)
ROWS = (12.4, 21.2)  # of the legs, or of what is not smooth where nobody knows whose it is
TALLIED: tuple[RepQuality, RepQuality] = ("jerky", "partial")
FEET_TALLIES = 2.2  # times as large as those beside a leg
ICON = {"feet_lost": "arming", "by_movement": "rest"}  # of the phases that have none of their own


def draw_counts(image: Image, state: State, x: float, y: float, unit: float, say: Words) -> None:
    """Exercise and phase, the headline count, and each leg's smooth, jerky and partial reps."""
    panel(image, x, y, COUNT_WIDTH * unit, ROW * unit, RADIUS * unit)
    write(image, say(f"picture.{state.exercise}"), x + 3 * unit, y + 4.6 * unit, 3.6 * unit)
    _draw_phase(image, _phase(state), x + (COUNT_WIDTH - 3) * unit, y + 4.6 * unit, unit, say)
    count = str(state.count)
    size = min(21 * unit, 21 * unit * 28 * unit / text_width(count, 21 * unit))
    write(image, count, x + 16.5 * unit, y + 16.8 * unit, size, align=0.5)
    whose_is_known = state.framing != "feet" or any(map(_counted, state.legs.values()))
    for leg, quality, row in zip(LEGS, TALLIED, ROWS, strict=True):
        if whose_is_known:
            _draw_leg(image, leg, state.legs[leg], x + 32.6 * unit, y + row * unit, unit)
        else:
            number = getattr(state.feet, quality)
            _draw_tally(image, quality, number, x + 44 * unit, y + row * unit, FEET_TALLIES * unit)


def _draw_phase(image: Image, name: str, right: float, y: float, unit: float, say: Words) -> None:
    width = write(image, say(f"picture.{name}"), right, y, 3.6 * unit, PAPER, align=1)
    icon(image, ICON.get(name, name), right - width - 2.6 * unit, y, 2.6 * unit, MUTED)


def _phase(state: State) -> str:
    """What the person does now: the leg that moves speaks for both."""
    legs = [leg for leg in state.legs.values() if leg.measured]
    if any(leg.hold_s > 0 for leg in legs):
        return "hold"
    if not legs:
        return "by_movement" if state.framing == "feet" else "feet_lost"
    phases: tuple[Phase, ...] = ("up", "down", "rest")
    return next((phase for phase in phases if any(leg.phase == phase for leg in legs)), "arming")


def _counted(state: LegState) -> bool:
    return state.smooth + state.jerky + state.partial > 0


def _draw_leg(image: Image, leg: Leg, state: LegState, x: float, y: float, unit: float) -> None:
    shown = state.measured or _counted(state)
    icon(image, "disc", x + 2.4 * unit, y, 4.8 * unit, LEG_COLOUR[leg] if state.measured else FAINT)
    write(image, LEG_LETTER[leg], x + 2.4 * unit, y, 3.4 * unit, INK, align=0.5)
    smooth = str(state.smooth) if shown else NO_NUMBER
    size = min(8.4 * unit, 8.4 * unit * 11 * unit / text_width(smooth, 8.4 * unit))
    write(image, smooth, x + 10.8 * unit, y, size, PAPER if shown else FAINT, align=0.5)
    if shown:
        _draw_tally(image, "jerky", state.jerky, x + 18.7 * unit, y - 1.9 * unit, unit)
        _draw_tally(image, "partial", state.partial, x + 18.7 * unit, y + 1.9 * unit, unit)


def _draw_tally(image: Image, quality: RepQuality, number: int, x: float, y: float, unit: float) -> None:
    """Zero keeps its place but steps back."""
    icon(image, quality, x, y, 2.6 * unit, QUALITY_COLOUR[quality] if number else FAINT)
    write(image, str(number), x + 2.2 * unit, y, 2.9 * unit, PAPER if number else FAINT)


def draw_ring(
    image: Image, hold_s: float, target_s: float, breath: float, x: float, y: float, unit: float, say: Words
) -> None:
    """A ring that closes at `target_s` around the seconds held; `breath` (0 out, 1 in) swells a disc."""
    panel(image, x, y, ROW * unit, ROW * unit, RADIUS * unit)
    centre = np.array([x + ROW / 2 * unit, y + ROW / 2 * unit])
    if math.isfinite(breath):
        discs(image, centre[None], (3 + 5 * min(max(breath, 0.0), 1.0)) * unit, BREATH)
    if hold_s > 0:
        line(image, arc(centre, 10.4 * unit, 0, math.tau), FAINT, 1.2 * unit)
        share = min(hold_s / target_s, 1.0)
        top = -math.pi / 2
        line(image, arc(centre, 10.4 * unit, top, top + share * math.tau), QUALITY_COLOUR["smooth"], 2 * unit)
        write(image, str(int(hold_s)), centre[0], centre[1], 10.5 * unit, align=0.5)
    else:
        write(image, say("picture.breathe"), centre[0], centre[1], 3.2 * unit, align=0.5)


def draw_rep(image: Image, rep: Rep, right: float, y: float, unit: float, say: Words) -> None:
    """The rep just counted: shape, word and range on one line that ends at `right`."""
    word = say(f"picture.{rep.quality}")
    extent = "" if math.isnan(rep.range_deg) else f"  {abs(round(rep.range_deg))}°"
    words = text_width(word, 5 * unit)
    width = words + text_width(extent, 4 * unit) + 12 * unit
    left, middle = right - width, y + REP_HEIGHT / 2 * unit
    panel(image, left, y, width, REP_HEIGHT * unit, REP_HEIGHT / 2 * unit)
    icon(image, rep.quality, left + 4.6 * unit, middle, 5.4 * unit, QUALITY_COLOUR[rep.quality])
    write(image, word, left + 9 * unit, middle, 5 * unit)
    write(image, extent, left + 9 * unit + words, middle, 4 * unit, MUTED)


def sentence_height(text: str, width: float, size: float) -> float:
    """Of `draw_sentence`, in pixels."""
    return (1.3 * len(wrapped(text, size, width - 1.6 * size)) + 1.1) * size


def draw_sentence(
    image: Image, text: str, x: float, y: float, width: float, size: float, align: float = 0
) -> None:
    """Plain words on a panel as wide as they need, at most `width`; `x` is as `align` says for `write`."""
    lines = wrapped(text, size, width - 1.6 * size)
    taken = max(text_width(row, size) for row in lines) + 1.6 * size
    height = sentence_height(text, width, size)
    left = x - align * taken
    panel(image, left, y, taken, height, min(size, height / 2))
    for number, row in enumerate(lines):
        write(image, row, left + 0.8 * size, y + (1.2 + 1.3 * number) * size, size)

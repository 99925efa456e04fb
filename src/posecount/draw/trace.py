"""The last seconds of the ankle as a line, its reps below it, and the gauge the line runs into."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecount.draw.cards import RADIUS, ROW
from posecount.draw.ink import Image, Points, discs, icon, line, panel, wrapped, write
from posecount.draw.style import (
    FAINT,
    INK,
    LEG_COLOUR,
    MUTED,
    PAPER,
    QUALITY_COLOUR,
    degrees,
)
from posecount.types import LEGS, Framing, Leg, LegState, Rep, State
from posecount.words import Words

TRACE_S = 8.0
STEP_S = 1 / 40  # finer than this no screen shows
LEAST_SPAN_DEG = 20.0  # a still foot draws a still line: noise is not blown up to fill the card
MARGIN = 0.08  # of the span, above and below the person's own range
SPARE = 0.05  # how far the curve may be from its samples, in units: a tenth of its own width
TITLE: dict[Framing, str] = {
    "whole": "picture.ankle",
    "legs": "picture.ankle_legs_only",
    "feet": "picture.feet_only",
}
ZONE = 0.25  # of the own range at each end: from one zone into the other is more than the half of a whole rep


@dataclass(frozen=True, slots=True)
class Plot:
    """Where angles and times go in the picture: pixels for degrees and for media seconds."""

    left: float
    right: float
    top: float
    bottom: float
    lowest_deg: float
    highest_deg: float
    now_s: float

    def y(self, angle_deg: float) -> float:
        """Of an angle; beyond the scale it stays at its edge, NaN stays NaN."""
        share = (angle_deg - self.lowest_deg) / (self.highest_deg - self.lowest_deg)
        return self.bottom - min(max(share, 0.0), 1.0) * (self.bottom - self.top)

    def x(self, time_s: float) -> float:
        """Of a time: now is at the right."""
        return self.right + (time_s - self.now_s) * (self.right - self.left) / TRACE_S

    def curve(self, times_s: NDArray[np.float64], angles_deg: NDArray[np.float64]) -> Points:
        """Of many at once."""
        x = self.right + (times_s - self.now_s) * ((self.right - self.left) / TRACE_S)
        share = (angles_deg - self.lowest_deg) / (self.highest_deg - self.lowest_deg)
        y = self.bottom - np.minimum(np.maximum(share, 0), 1) * (self.bottom - self.top)
        return np.column_stack((x, y))


class Trace:
    """Remembers what the ankles did in the last `TRACE_S` of media time; begins anew when time jumps back."""

    def __init__(self) -> None:
        self._samples = np.empty((0, 3))  # time, left and right angle
        self._reps: deque[Rep] = deque()

    def add(self, state: State) -> None:
        """Take in the angles and the last rep of `state`."""
        now_s = state.time_s
        if len(self._samples) and now_s < self._samples[-1, 0]:
            self._samples = self._samples[:0]
            self._reps.clear()
        if not len(self._samples) or now_s - self._samples[-1, 0] >= STEP_S:
            fresh = [[now_s, state.legs["left"].ankle_deg, state.legs["right"].ankle_deg]]
            gone = np.searchsorted(self._samples[:, 0], now_s - TRACE_S)
            self._samples = np.concatenate((self._samples[gone:], fresh))
        if state.last_rep and (not self._reps or state.last_rep != self._reps[-1]):
            self._reps.append(state.last_rep)
        while len(self._reps) > 1 and self._reps[0].peak_s < now_s - TRACE_S:
            self._reps.popleft()

    def draw(
        self, image: Image, state: State, x: float, y: float, width: float, unit: float, say: Words
    ) -> None:
        """A card with its top left corner at (x, y); all in pixels, `unit` is 1 % of the shorter side."""
        height = ROW * unit
        panel(image, x, y, width, height, RADIUS * unit)
        write(image, say(TITLE[state.framing]), x + 3 * unit, y + 4.6 * unit, 3.4 * unit, MUTED)
        samples = self._samples
        lowest, highest = _scale(state, samples[:, 1:])
        plot = Plot(
            left=x + 3 * unit,
            right=x + width - 15 * unit,
            top=y + 8.5 * unit,
            bottom=y + height - 7 * unit,
            lowest_deg=lowest,
            highest_deg=highest,
            now_s=state.time_s,
        )
        if math.isfinite(lowest):
            _draw_neutral(image, plot, unit)
            for column, leg in enumerate(LEGS, start=1):
                curve = plot.curve(samples[:, 0], samples[:, column])
                line(image, curve, LEG_COLOUR[leg], 0.5 * unit, spare=SPARE * unit)
            _draw_gauges(image, plot, state, unit)
        else:
            missing = say("picture.counted_so" if state.framing == "feet" else "picture.no_angle")
            middle = x + width / 2, (plot.top + plot.bottom) / 2
            _draw_missing(image, missing, middle, width - 4 * unit, 3 * unit)
        # Brisk reps on a narrow card: smaller marks rather than one over the other.
        size = min(3 * unit, 1.2 * (plot.right - plot.left) / TRACE_S)
        for rep in self._reps:
            peak_x = plot.x(rep.peak_s)
            if peak_x > plot.left:
                colour = QUALITY_COLOUR[rep.quality]
                icon(image, rep.quality, peak_x, y + height - 3.6 * unit, size, colour)


def _scale(state: State, angles_deg: NDArray[np.float64]) -> tuple[float, float]:
    """Lowest and highest angle shown: the person's own range once known, else what was seen, else NaN."""
    ranges = np.array([state.legs[leg].range_deg for leg in LEGS])
    shown = ranges[np.isfinite(ranges)] if np.isfinite(ranges).any() else angles_deg[np.isfinite(angles_deg)]
    if not len(shown):
        return math.nan, math.nan
    lowest, highest = float(shown.min()), float(shown.max())
    spare = max((LEAST_SPAN_DEG - (highest - lowest)) / 2, (highest - lowest) * MARGIN)
    return lowest - spare, highest + spare


def _draw_missing(image: Image, text: str, middle: tuple[float, float], width: float, size: float) -> None:
    """Why there is no line, in as many rows as it needs."""
    rows = wrapped(text, size, width)
    top = middle[1] - 0.65 * size * (len(rows) - 1)
    for number, row in enumerate(rows):
        write(image, row, middle[0], top + 1.3 * size * number, size, MUTED, align=0.5)


def _draw_neutral(image: Image, plot: Plot, unit: float) -> None:
    """The foot at rest, as a thin line across: without it, up and down have no meaning."""
    if plot.lowest_deg < 0 < plot.highest_deg:
        y = plot.y(0)
        line(image, np.array([[plot.left, y], [plot.right, y]]), FAINT, 0.2 * unit)


def _draw_gauges(image: Image, plot: Plot, state: State, unit: float) -> None:
    """A slim bar for each measured leg: its own range lit, a bead at its angle now, the ends in degrees."""
    legs: list[Leg] = [leg for leg in LEGS if state.legs[leg].measured]
    for place, leg in enumerate(legs):
        _draw_gauge(image, plot, state.legs[leg], leg, plot.right + (2.2 + 2.4 * place) * unit, unit)
    _draw_zones(image, plot, state, legs, unit)
    ends = np.array([state.legs[leg].range_deg for leg in legs]).reshape(-1, 2)
    ends = ends[np.isfinite(ends).all(axis=1)]
    if not len(ends):
        return
    lowest, highest = ends[:, 0].min(), ends[:, 1].max()
    low_y, high_y = plot.y(float(lowest)), plot.y(float(highest))
    # Where the range is small, one number must not be printed on the other.
    spread = max(0.0, (3.2 * unit - (low_y - high_y)) / 2)
    for end_deg, y in ((lowest, low_y + spread), (highest, high_y - spread)):
        write(image, degrees(float(end_deg)), plot.right + 13 * unit, y, 2.8 * unit, MUTED, align=1)


def _draw_zones(image: Image, plot: Plot, state: State, legs: list[Leg], unit: float) -> None:
    """Where to go, as brackets beside the bars: both ends of the own range, of a stretch its upper end."""
    for place, leg in enumerate(legs):
        low, high = state.legs[leg].range_deg
        zone = ZONE * (high - low)
        ends = [(high - zone, high)] + ([(low, low + zone)] if state.exercise != "calf-stretch" else [])
        for end in ends:
            x = plot.right + (1.0 if place == 0 else 5.8) * unit
            bracket = np.array([[x, plot.y(angle_deg)] for angle_deg in end])
            line(image, bracket, QUALITY_COLOUR["smooth"], 0.6 * unit)


def _draw_gauge(image: Image, plot: Plot, state: LegState, leg: Leg, x: float, unit: float) -> None:
    line(image, np.array([[x, plot.top], [x, plot.bottom]]), FAINT, 0.9 * unit)
    own = np.array([[x, plot.y(end_deg)] for end_deg in state.range_deg])
    line(image, own, LEG_COLOUR[leg], 0.9 * unit)
    now = np.array([[x, plot.y(state.ankle_deg)]])
    discs(image, now, 1.3 * unit, INK)
    discs(image, now, 0.9 * unit, PAPER)

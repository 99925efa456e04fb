"""The plot as a drawing that needs no script: for paper, and for a browser that runs none."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from posecount.types import LEGS, Summary

WIDTH, HEIGHT = 900.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 8.0, 22.0, 26.0
MOST_POINTS = 1200  # more than a printer shows at this width
LEAST_SPAN_DEG = 20.0  # a still foot draws a still line
STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
TICKS = 10


@dataclass(frozen=True, slots=True)
class Scale:
    """Where seconds and degrees go in the drawing."""

    seconds: float
    lowest_deg: float
    highest_deg: float

    def x(self, time_s: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * time_s / self.seconds

    def y(self, degrees: float) -> float:
        share = (degrees - self.lowest_deg) / (self.highest_deg - self.lowest_deg)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def sketch(found: Summary, spoken: str) -> str:
    """An SVG element; its colours are the page's, by class. `spoken` is what a screen reader says of it."""
    columns = {"left": found.angles.left_ankle_deg, "right": found.angles.right_ankle_deg}
    scale = _scale(found, list(columns.values()))
    measured = any(np.isfinite(column).any() for column in columns.values())
    parts = [*_bands(found, scale), *(_degrees(scale) if measured else ()), *_times(scale)]
    for leg in LEGS:
        path = _path(found.angles.time_s, columns[leg], scale)
        parts.append(f'<path class="line {leg}" d="{path}"/>')
    size = f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}"'
    return f'<svg class="sketch" role="img" aria-label={quoteattr(spoken)} {size}>{"".join(parts)}</svg>'


def _scale(found: Summary, columns: Sequence[NDArray[np.float64]]) -> Scale:
    seen = np.concatenate(columns)
    seen = seen[np.isfinite(seen)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 0.0)
    middle, half = (low + high) / 2, max((high - low) * 0.54, LEAST_SPAN_DEG / 2)
    return Scale(max(found.seconds, 0.1), middle - half, middle + half)


def _bands(found: Summary, scale: Scale) -> Iterator[str]:
    for hold in found.holds:
        yield _band(scale, hold.start_s, hold.end_s, hold.quality, f"{hold.duration_s:.0f} s")
    for number, rep in enumerate(found.reps, 1):
        yield _band(scale, rep.start_s, rep.end_s, rep.quality, str(number))


def _band(scale: Scale, start_s: float, end_s: float, kind: str, label: str) -> str:
    left, right = scale.x(start_s), scale.x(end_s)
    box = f'x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{HEIGHT - TOP - BOTTOM}"'
    text = f'<text class="label" x="{(left + right) / 2:.1f}" y="{TOP - 7}">{escape(label)}</text>'
    return f'<rect class="band {kind}" {box}/>{text}'


def _degrees(scale: Scale) -> Iterator[str]:
    for degrees in _ticks(scale.lowest_deg, scale.highest_deg, 5):
        y = scale.y(degrees)
        kind = "grid neutral" if degrees == 0 else "grid"
        yield f'<line class="{kind}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        sign = "\N{MINUS SIGN}" if degrees < 0 else ""
        yield f'<text class="degrees" x="{LEFT - 7}" y="{y + 4:.1f}">{sign}{abs(degrees)}°</text>'


def _times(scale: Scale) -> Iterator[str]:
    for time_s in _ticks(0, scale.seconds, TICKS):
        yield f'<text class="time" x="{scale.x(time_s):.1f}" y="{HEIGHT - 7}">{time_s} s</text>'


def _ticks(low: float, high: float, most: int) -> Iterator[int]:
    step = next((step for step in STEPS if (high - low) / step <= most), 1200)
    first = math.ceil(low / step) * step
    yield from range(first, math.floor(high) + 1, step)


def _path(times: NDArray[np.float64], column: NDArray[np.float64], scale: Scale) -> str:
    """Moves where a value is missing, so that gaps stay gaps."""
    step = max(1, math.ceil(len(times) / MOST_POINTS))
    parts, pen = [], "M"
    for time_s, degrees in zip(times[::step], column[::step], strict=True):
        if math.isfinite(degrees):
            parts.append(f"{pen}{scale.x(time_s):.1f} {scale.y(degrees):.1f}")
        pen = "L" if math.isfinite(degrees) else "M"
    return "".join(parts)

"""Ink: letters, icons, panels and lines laid over a picture, all with soft edges.

Letters, icons and panels are opacity masks, (height, width) uint8, drawn once and kept, also coloured.
"""

import math
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from posecount.draw.style import INK, PAPER, Colour

Image = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Points = NDArray[np.float64]

CAP_HEIGHT = 0.727  # of Inter, over the font size
PANEL_OPACITY = 178  # of 255: words stay legible on a white wall, and the wall still shows
FINE = 4  # icons are drawn this many times larger, then shrunk, for soft edges
SUBPIXEL = 4  # fractional bits for OpenCV's line drawing: without them slow movements crawl in steps
ARC_STEP = 0.2  # radians from point to point of an arc: on the largest circle a third of a pixel is missing
FAR_PX = 30_000.0  # points beyond this would overflow OpenCV's fixed-point coordinates


def paste(image: Image, mask: Mask, colour: Colour, x: float, y: float) -> None:
    """Lay `colour` over `image` where `mask` says, its top left corner at (x, y); cut at the edges."""
    _lay(image, _inked(mask, colour), x, y)


Inked = tuple[Image, Image]  # what is laid over, and how much of what is below still shows


def _inked(mask: Mask, colour: Colour) -> Inked:
    opacity = cv2.merge((mask, mask, mask))
    above = cv2.multiply(opacity, np.array((*colour, 0), np.float64), scale=1 / 255)
    return np.asarray(above, np.uint8), np.asarray(cv2.bitwise_not(opacity), np.uint8)


def _lay(image: Image, inked: Inked, x: float, y: float) -> None:
    left, top = round(x), round(y)
    above, kept = inked
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + above.shape[1], image.shape[1]), min(top + above.shape[0], image.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    below, seen = image[y0:y1, x0:x1], np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    cv2.add(cv2.multiply(below, kept[seen], scale=1 / 255), above[seen], dst=below)


def write(
    image: Image, text: str, x: float, y: float, size: float, colour: Colour = PAPER, align: float = 0.0
) -> float:
    """One line, capitals centred on `y`; `align` 0 starts at x, 0.5 centres, 1 ends. Returns its width."""
    inked = _text(text, _font_px(size), colour)
    height, width = inked[0].shape[:2]
    _lay(image, inked, x - align * width, y - height / 2)
    return float(width)


def text_width(text: str, size: float) -> float:
    """In pixels."""
    return float(_text_px(text, _font_px(size)))


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Lines of whole words no wider than `width`, unless a single word is."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def panel(image: Image, x: float, y: float, width: float, height: float, radius: float) -> None:
    """A translucent dark rectangle with round corners, for words to stand on."""
    _lay(image, _panel(round(width), round(height), round(radius)), x, y)


def icon(image: Image, name: str, x: float, y: float, size: float, colour: Colour) -> None:
    """The icon `name` (a key of ICONS), centred on (x, y), `size` pixels across."""
    px = max(round(size), 1)
    _lay(image, _icon(name, px, colour), x - px / 2, y - px / 2)


def line(image: Image, points: Points, colour: Colour, width: float, spare: float = 0.0) -> None:
    """A line through `points` (n, 2), broken where they are NaN.

    With `spare` it goes through as few of them as keep it within so many pixels of all the others.
    """
    stretches = [_fixed(_fewest(stretch, spare) if spare else stretch) for stretch in _unbroken(points)]
    if stretches:
        cv2.polylines(image, stretches, False, colour, max(round(width), 1), cv2.LINE_AA, SUBPIXEL)


def discs(image: Image, centres: Points, radius: float, colour: Colour) -> None:
    """A filled circle around each of `centres` (n, 2) that is not NaN."""
    fixed_radius = max(round(radius * 2**SUBPIXEL), 1)
    for centre in _fixed(centres[np.isfinite(centres).all(axis=1)]).tolist():
        cv2.circle(image, centre, fixed_radius, colour, cv2.FILLED, cv2.LINE_AA, SUBPIXEL)


def arc(centre: Points, radius: float, from_rad: float, to_rad: float) -> Points:
    """Points along a circle's arc, (n, 2), for `line`. Angles as in the image: clockwise from the right."""
    turn = np.linspace(from_rad, to_rad, math.ceil(abs(to_rad - from_rad) / ARC_STEP) + 1)
    points: Points = centre + radius * np.column_stack((np.cos(turn), np.sin(turn)))
    return points


def _unbroken(points: Points) -> list[Points]:
    """The stretches of a line between its NaN."""
    seen = np.isfinite(points).all(axis=1)
    if seen.all():
        return [points] if len(points) > 1 else []
    edges = np.flatnonzero(np.diff(seen)) + 1
    return [part for part in np.split(points, edges) if len(part) > 1 and np.isfinite(part[0]).all()]


def _fewest(points: Points, spare: float) -> Points:
    return np.asarray(cv2.approxPolyDP(points.astype(np.float32), spare, closed=False)[:, 0], np.float64)


def _fixed(points: Points) -> NDArray[np.int32]:
    near = np.minimum(np.maximum(points, -FAR_PX), FAR_PX)
    fixed: NDArray[np.int32] = np.rint(near * 2**SUBPIXEL).astype(np.int32)
    return fixed


def _font_px(size: float) -> int:
    return max(round(size), 1)


@lru_cache(maxsize=1)
def _font_file() -> bytes:
    return (files("posecount.draw") / "fonts" / "Inter-SemiBold.otf").read_bytes()


@lru_cache(maxsize=32)
def _font(px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(_font_file()), px)


@lru_cache(maxsize=512)
def _text_px(text: str, px: int) -> int:
    return max(round(_font(px).getlength(text)), 1)


# Coloured, letters take six times the memory: only as many are kept so as are in a picture at once.
@lru_cache(maxsize=64)
def _text(text: str, px: int, colour: Colour) -> Inked:
    return _inked(_text_mask(text, px), colour)


@lru_cache(maxsize=256)
def _text_mask(text: str, px: int) -> Mask:
    font = _font(px)
    middle = px * 0.6  # half the mask: room for descenders below and accents above
    mask = Pillow.new("L", (_text_px(text, px), max(round(2 * middle), 1)))
    ImageDraw.Draw(mask).text((0, middle + px * CAP_HEIGHT / 2), text, fill=255, font=font, anchor="ls")
    return np.asarray(mask)


@lru_cache(maxsize=32)
def _panel(width: int, height: int, radius: int) -> Inked:
    width, height = max(width, 1), max(height, 1)
    mask = np.full((height, width), 255, np.uint8)
    radius = min(radius, width // 2, height // 2)
    if radius > 0:  # drawn are the corners only, so that the first picture with a large panel is not late
        disc = _icon_mask("disc", 2 * radius)
        for rows, columns in product((np.s_[:radius], np.s_[-radius:]), repeat=2):
            mask[rows, columns] = disc[rows, columns]
    return _inked(np.asarray(cv2.convertScaleAbs(mask, alpha=PANEL_OPACITY / 255), np.uint8), INK)


@lru_cache(maxsize=64)
def _icon(name: str, px: int, colour: Colour) -> Inked:
    return _inked(_icon_mask(name, px), colour)


@lru_cache(maxsize=64)
def _icon_mask(name: str, px: int) -> Mask:
    fine = FINE * px
    mask = Pillow.new("L", (fine, fine))
    for shape in ICONS[name]:
        _stamp(ImageDraw.Draw(mask), shape, fine)
    return np.asarray(mask.resize((px, px), Pillow.Resampling.BOX))


Shape = tuple[str, int, tuple[tuple[float, float], ...]]

_DISC: Shape = ("disc", 255, ((0, 0), (1, 1)))
# Each icon: shapes in a unit square, painted (255) or cut out (0) one after the other.
ICONS: dict[str, tuple[Shape, ...]] = {
    "smooth": (_DISC, ("stroke", 0, ((0.27, 0.53), (0.44, 0.69), (0.74, 0.34)))),
    "jerky": (
        ("stroke", 255, ((0.06, 0.62), (0.26, 0.22), (0.46, 0.78), (0.66, 0.22), (0.82, 0.62), (0.94, 0.42))),
    ),
    "partial": (_DISC, ("disc", 0, ((0.12, 0.12), (0.88, 0.88))), ("half", 255, ((0, 0), (1, 1)))),
    "disc": (_DISC,),
    "up": (("area", 255, ((0.5, 0.1), (0.95, 0.85), (0.05, 0.85))),),
    "down": (("area", 255, ((0.5, 0.9), (0.95, 0.15), (0.05, 0.15))),),
    "rest": (("disc", 255, ((0.15, 0.15), (0.85, 0.85))),),
    "arming": tuple(("disc", 255, ((x, 0.39), (x + 0.22, 0.61))) for x in (0.0, 0.39, 0.78)),
    "hold": (
        ("area", 255, ((0.15, 0.1), (0.4, 0.1), (0.4, 0.9), (0.15, 0.9))),
        ("area", 255, ((0.6, 0.1), (0.85, 0.1), (0.85, 0.9), (0.6, 0.9))),
    ),
}


def _stamp(pen: ImageDraw.ImageDraw, shape: Shape, px: int) -> None:
    kind, fill, corners = shape
    points = [(x * px, y * px) for x, y in corners]
    if kind == "disc":
        pen.ellipse(points, fill=fill)
    elif kind == "half":
        pen.chord(points, 0, 180, fill=fill)
    elif kind == "area":
        pen.polygon(points, fill=fill)
    else:
        width = px * 0.14
        pen.line(points, fill=fill, width=max(round(width), 1), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=fill)

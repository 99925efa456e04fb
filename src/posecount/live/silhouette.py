"""Where to stand or sit: a person side-on, whole, as large as the picture allows."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

OPACITY = 96  # of 255: seen through
TALL = 0.74  # of the picture's height
# From x, y to x, y, and thickness: in body heights, y upwards from the floor.
Limb = tuple[float, float, float, float, float]

STANDING: tuple[Limb, ...] = (
    (0.005, 0.93, 0.012, 0.925, 0.125),
    (0.0, 0.86, -0.01, 0.80, 0.06),
    (-0.01, 0.78, -0.01, 0.66, 0.125),
    (-0.01, 0.66, -0.005, 0.54, 0.13),
    (-0.005, 0.52, 0.005, 0.29, 0.095),
    (0.005, 0.27, -0.02, 0.06, 0.062),
    (-0.02, 0.03, 0.10, 0.022, 0.042),
    (-0.015, 0.78, -0.03, 0.60, 0.05),
    (-0.03, 0.60, 0.02, 0.44, 0.04),
)
SEATED: tuple[Limb, ...] = (
    (-0.185, 0.73, -0.178, 0.725, 0.125),
    (-0.19, 0.66, -0.2, 0.60, 0.06),
    (-0.2, 0.58, -0.2, 0.46, 0.125),
    (-0.2, 0.46, -0.2, 0.36, 0.13),
    (-0.2, 0.33, 0.03, 0.315, 0.095),
    (0.045, 0.31, 0.10, 0.06, 0.062),
    (0.10, 0.03, 0.22, 0.022, 0.042),
    (-0.205, 0.58, -0.2, 0.42, 0.05),
    (-0.2, 0.42, -0.06, 0.37, 0.04),
)


@lru_cache(maxsize=4)
def cut_out(width: int, height: int, seated: bool = False) -> tuple[NDArray[np.uint8], int, int]:
    """The figure without the empty picture around it, and its left and upper edge there."""
    mask = silhouette(width, height, seated)
    left, top, wide, tall = cv2.boundingRect(mask)
    return mask[top : top + tall, left : left + wide], left, top


def silhouette(width: int, height: int, seated: bool = False) -> NDArray[np.uint8]:
    """A mask (height, width) with the figure in its middle, feet near the floor of the picture."""
    mask = np.zeros((height, width), np.uint8)
    tall = TALL * height
    floor = height * 0.82
    for x0, y0, x1, y1, thick in SEATED if seated else STANDING:
        ends = [(round(width / 2 + x * tall), round(floor - y * tall)) for x, y in ((x0, y0), (x1, y1))]
        cv2.line(mask, ends[0], ends[1], OPACITY, max(round(thick * tall), 1), cv2.LINE_AA)
    return mask

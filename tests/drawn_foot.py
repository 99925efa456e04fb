"""A foot drawn at a known turn, and landmarks that flatten it."""

from functools import cache
from math import cos, nan, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.types import Pose

Vector = NDArray[np.float64]

KEPT = 0.75  # of a turn, by these landmarks
SIZE = (640, 480)
ANKLE = np.array([300.0, 300.0])
# In shanks from the ankle, x forward, y down: the outline, and knee, ankle, heel, toe as landmarks would be.
OUTLINE = np.array(
    [(-0.14, 0.0), (-0.17, 0.17), (-0.05, 0.2), (0.3, 0.21), (0.47, 0.18), (0.3, 0.08), (0.1, -0.05)]
)
KNOTS = np.array([(0.0, -1.0), (0.0, 0.0), (-0.12, 0.17), (0.4, 0.17)])


def turned(points: Vector, deg: float) -> Vector:
    c, s = cos(radians(deg)), sin(radians(deg))
    return points @ np.array([[c, s], [-s, c]])


@cache
def speckled(shape: tuple[int, int], contrast: float, seed: int) -> Vector:
    noise = np.random.default_rng(seed).normal(size=shape)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return contrast * smooth / smooth.std()


def scene(deg: float, texture: float, ankle: Vector = ANKLE, shank: float = 120.0) -> NDArray[np.uint8]:
    """A foot turned by `deg` about its ankle before a floor with some pattern; the shank stands still."""
    floor = 120 + speckled(SIZE[::-1], 5, 1)[..., None] * np.ones(3)
    matrix = np.hstack([turned(np.eye(2), -deg) * shank / 120, ankle[:, None]])
    sole = np.array([[1.0, 0, 100], [0, 1, 100]])
    sole[:, 2] = ankle - matrix[:, :2] @ np.array([100.0, 100.0])
    sole[:, :2] = matrix[:, :2]
    shoe = cv2.warpAffine(speckled((200, 200), texture, 2), sole, SIZE)
    mask = np.zeros(SIZE[::-1], np.uint8)
    outline = np.round((turned(OUTLINE, deg) * shank + ankle) * 16).astype(np.int32)
    cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA, 4)
    share = mask[..., None] / 255.0
    picture = floor * (1 - share) + (np.array([70.0, 60.0, 150.0]) + shoe[..., None]) * share
    x, y = (int(v) for v in ankle)
    cv2.line(picture, (x, y - int(shank)), (x, y), (200, 170, 150), int(shank / 5))
    return np.clip(picture, 0, 255).astype(np.uint8)


def pose(time_s: float, deg: float, ankle: Vector = ANKLE, shank: float = 120.0) -> Pose:
    """Seen from its right side."""
    points = np.full((33, 2), nan)
    knots = KNOTS.copy()
    knots[2:] = turned(KNOTS[2:], deg * KEPT)
    points[[25, 27, 29, 31]] = points[[26, 28, 30, 32]] = knots * shank + ankle
    return Pose(time_s, SIZE, points, np.ones(33))

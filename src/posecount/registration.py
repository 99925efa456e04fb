"""By how much has a patch turned and moved between two pictures? Straight from the pixels.

Gauss-Newton on rotation and shift (Lucas-Kanade with the mean of both gradients), residuals weighted so that
pixels that do not follow the patch (another foot behind it, a shadow) count little, and a prior on where the
pivot should be, which holds a plain patch that could slide along its own edge.
"""

from dataclasses import dataclass
from math import cos, degrees, inf, sin, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Vector = NDArray[np.float64]

BLURRED_PIXELS = 3.0  # a blur of s px leaves about one independent pixel in (3 s) squared
LARGEST = np.array([0.2, 4.0, 4.0])  # a step, rad and px: beyond, the linear model is not true
DONE_TURN, DONE_SHIFT = 3e-3, 0.08  # the step after a smaller one is hundredths of a degree
SHARE_OF_CONTRAST = 0.05  # residuals below this share of the patch's own contrast are noise


@dataclass(frozen=True, slots=True)
class Fit:
    """`turn` in rad, clockwise in the picture positive; `shift_px` (2,) is where the pivot went."""

    turn: float
    shift_px: Vector
    likeness: float  # correlation of patch and picture, 1 the same
    turn_sd_deg: float  # as far as the pixels and the prior can tell

    def move(self, points: Vector, pivot: Vector) -> Vector:
        """Points (..., 2) of the patch to where they are in the picture."""
        return np.asarray((points - pivot) @ rotation(self.turn).T + pivot + self.shift_px)


def blur(grey: Grey, sigma_px: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma_px), np.float32)


class Patch:
    """The pixels of `grey` (h, w) where `mask` (h, w) holds, to be found again in other pictures."""

    def __init__(self, grey: Grey, mask: NDArray[np.bool_], pivot: Vector, blur_px: float) -> None:
        rows, columns = np.nonzero(mask)
        self._top, self._left = int(rows.min()) - 2, int(columns.min()) - 2
        self._size = int(columns.max()) + 3 - self._left, int(rows.max()) + 3 - self._top
        self._at = (rows - self._top) * self._size[0] + columns - self._left
        self._pivot, self._blur_px = pivot, blur_px
        self._corner = np.array([self._left, self._top]) - pivot
        self._from_pivot = (columns - pivot[0]).astype(np.float32), (rows - pivot[1]).astype(np.float32)
        values, self._slopes = self._look(blur(grey, blur_px), rotation(0.0), np.zeros(2))
        self._values = values - values.mean()
        self._length = float(np.linalg.norm(self._values))
        self._contrast = float(values.std()) + 1e-3

    def find(self, picture: Grey, start: Fit, expected_px: Vector, give_px: float, steps: int) -> Fit:
        """Where the patch is in `picture`, already blurred alike; the pivot is held near `expected_px`."""
        turn, shift_px = start.turn, start.shift_px
        prior = np.array([0.0, 1.0, 1.0]) / give_px**2
        for _ in range(steps):
            turned = rotation(turn)
            values, slopes = self._look(picture, turned, shift_px)
            values -= values.mean()
            hessian, gradient = self._equations(values, slopes)
            hessian += np.diag(prior + 1e-9)
            gradient[1:] += prior[1:] * (turned.T @ (shift_px - expected_px))
            step = -np.linalg.solve(hessian, gradient).clip(-LARGEST, LARGEST)
            turn, shift_px = turn + float(step[0]), shift_px + turned @ step[1:]
            if abs(step[0]) < DONE_TURN and max(abs(step[1]), abs(step[2])) < DONE_SHIFT:
                break
        variance = float(np.linalg.inv(hessian)[0, 0])
        sd = sqrt(variance) if variance > 0 else inf  # a plain patch is the same however it is turned
        return Fit(turn, shift_px, self._likeness(values), degrees(sd))

    def _look(self, picture: Grey, turned: Vector, shift_px: Vector) -> tuple[Grey, Grey]:
        """What the picture shows where the patch would be: values (n,) and their slopes (2, n)."""
        where = np.empty((2, 3))
        where[:, :2], where[:, 2] = turned, turned @ self._corner + self._pivot + shift_px
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        warped = cv2.warpAffine(picture, where, self._size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        seen = np.asarray(warped, np.float32)
        across, down = (cv2.Sobel(seen, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1)))
        return seen.take(self._at), np.array([across.take(self._at), down.take(self._at)])

    def _equations(self, values: Grey, slopes: Grey) -> tuple[Vector, Vector]:
        """Of a Gauss-Newton step (turn, x, y) in the patch's own axes: Hessian (3, 3) and gradient (3,)."""
        residual, slopes = values - self._values, (slopes + self._slopes) * np.float32(0.5)
        off, half = np.abs(residual), len(residual) // 2
        off.partition(half)
        spread = 1.48 * float(off[half]) + SHARE_OF_CONTRAST * self._contrast  # by the median
        weights = 1 / (1 + (residual / (2 * spread)) ** 2)
        x, y = self._from_pivot
        jacobian = np.array([slopes[1] * x - slopes[0] * y, slopes[0], slopes[1]])
        weighted = jacobian * (weights / (BLURRED_PIXELS * self._blur_px * spread) ** 2)
        return (weighted @ jacobian.T).astype(float), (weighted @ residual).astype(float)

    def _likeness(self, values: Grey) -> float:
        return float(values @ self._values) / (float(np.linalg.norm(values)) * self._length + 1e-9)


def rotation(turn: float) -> Vector:
    c, s = cos(turn), sin(turn)
    return np.array([[c, -s], [s, c]])

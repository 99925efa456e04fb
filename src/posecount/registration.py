"""By how much has a patch turned and moved between two pictures? Straight from the pixels.

Gauss-Newton on rotation and shift (Lucas-Kanade with the mean of both gradients), residuals weighted so that
pixels that do not follow the patch (another foot behind it, a shadow) count little, and a prior on where the
pivot should be, which holds a plain patch that could slide along its own edge.
"""

from dataclasses import dataclass, replace
from math import cos, degrees, sin, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Vector = NDArray[np.float64]

BLURRED_PIXELS = 3.0  # a blur of s px leaves about one independent pixel in (3 s) squared
LARGEST = np.array([0.2, 4.0, 4.0])  # a step, rad and px: beyond, the linear model is not true
DONE_TURN, DONE_SHIFT = 5e-4, 0.02
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
        self._from_pivot = (columns - pivot[0]).astype(np.float32), (rows - pivot[1]).astype(np.float32)
        here = Fit(0.0, np.zeros(2), 1.0, 0.0)
        values, self._slopes = self._look(blur(grey, blur_px), here)
        self._values = values - values.mean()
        self._contrast = float(values.std()) + 1e-3

    def find(self, picture: Grey, start: Fit, expected_px: Vector, give_px: float, steps: int) -> Fit:
        """Where the patch is in `picture`, already blurred alike; the pivot is held near `expected_px`."""
        fit, hessian, likeness = start, np.eye(3), start.likeness
        for _ in range(steps):
            values, slopes = self._look(picture, fit)
            values -= values.mean()
            step, hessian = self._step(values, slopes, fit, expected_px, give_px)
            likeness = self._likeness(values)
            fit = replace(fit, turn=fit.turn + step[0], shift_px=fit.shift_px + rotation(fit.turn) @ step[1:])
            if abs(step[0]) < DONE_TURN and max(abs(step[1]), abs(step[2])) < DONE_SHIFT:
                break
        sd = sqrt(float(np.linalg.inv(hessian)[0, 0]))
        return replace(fit, likeness=likeness, turn_sd_deg=degrees(sd))

    def _look(self, picture: Grey, fit: Fit) -> tuple[Grey, Grey]:
        """What the picture shows where the patch would be: values (n,) and their slopes (2, n)."""
        turned = rotation(fit.turn)
        corner = np.array([self._left, self._top]) - self._pivot
        origin = turned @ corner + self._pivot + fit.shift_px
        seen = cv2.warpAffine(
            picture,
            np.column_stack([turned, origin]),
            self._size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        across, down = (cv2.Sobel(seen, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1)))
        values, *slopes = (each.ravel()[self._at] for each in (seen, across, down))
        return values, np.array(slopes)

    def _step(
        self, values: Grey, slopes: Grey, fit: Fit, expected_px: Vector, give_px: float
    ) -> tuple[Vector, Vector]:
        """One Gauss-Newton step (turn, x, y) in the patch's own axes, and its Hessian (3, 3)."""
        residual, slopes = values - self._values, (slopes + self._slopes) * np.float32(0.5)
        half = len(residual) // 2
        usual = float(np.partition(np.abs(residual), half)[half])  # the median, three times as fast
        spread = 1.48 * usual + SHARE_OF_CONTRAST * self._contrast
        weights = 1 / (1 + (residual / (2 * spread)) ** 2)
        x, y = self._from_pivot
        jacobian = np.array([slopes[1] * x - slopes[0] * y, slopes[0], slopes[1]])
        weighted = jacobian * (weights / (BLURRED_PIXELS * self._blur_px * spread) ** 2)
        prior = np.diag([0.0, 1.0, 1.0]) / give_px**2
        away = np.concatenate([[0.0], rotation(fit.turn).T @ (fit.shift_px - expected_px)])
        hessian = weighted @ jacobian.T + prior + 1e-9 * np.eye(3)
        step = -np.linalg.solve(hessian, weighted @ residual + prior @ away)
        return np.clip(step, -LARGEST, LARGEST), hessian

    def _likeness(self, values: Grey) -> float:
        lengths = float(np.linalg.norm(values) * np.linalg.norm(self._values))
        return float(values @ self._values) / (lengths + 1e-9)


def rotation(turn: float) -> Vector:
    c, s = cos(turn), sin(turn)
    return np.array([[c, -s], [s, c]])

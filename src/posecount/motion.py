"""What moves, and which way, before a background that does not: for pictures that show little of a person.

The optical flow between neighbouring frames, less what the camera itself moved, averaged over the part of the
picture in which there has been movement lately. Nothing in here knows what a foot is.
"""

from math import exp, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Grid = NDArray[np.float32]

PIXELS = 25_000  # the picture is shrunk to about so many: toes stay a few pixels, and it takes 3 ms
MEMORY_S = 2.5  # where something moved, something may move again
STIRS = 0.12  # pixels a frame, root mean square over the memory: less is the camera's noise
OVER_STILL = 3.0  # and as many times what the still half of the picture does
PART_MIN, PART_MAX = 0.0012, 0.5  # of the picture: less is a flicker, more is no foot before a background
PERCENT = 100.0
GAP_S = 0.3


class Motion:
    """`update` with every frame of one video in order."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._before: Image | None = None
        self._stir: Grid | None = None
        self._time_s = 0.0

    def update(self, image: Image, time_s: float) -> tuple[float, float]:
        """How far what moves has come since the frame before, right and down, in percent of its own size.

        (0, 0) while nothing moves, NaN in the first frame. `image` is (height, width, 3) RGB.
        """
        grey = _shrunk(image)
        before, self._before = self._before, grey
        since_s, self._time_s = time_s - self._time_s, time_s
        if before is None or before.shape != grey.shape or since_s > GAP_S:
            self._stir = None
            return np.nan, np.nan
        flow = np.asarray(self._flow.calc(before, grey, np.zeros((*grey.shape, 2), np.float32)), np.float32)
        flow -= _camera(flow, grey)
        return self._of_part(flow, since_s)

    def _of_part(self, flow: Grid, since_s: float) -> tuple[float, float]:
        power = cv2.blur((flow**2).sum(axis=2), (5, 5))
        keep = exp(-since_s / MEMORY_S) if self._stir is not None else 0.0
        self._stir = power if self._stir is None else keep * self._stir + (1 - keep) * power
        still = float(np.median(self._stir))
        part = self._stir > max(STIRS**2, OVER_STILL**2 * still)
        share = float(part.mean())
        if not PART_MIN <= share <= PART_MAX:
            return 0.0, 0.0
        x, y = flow[part].mean(axis=0).tolist()
        size = sqrt(part.sum())
        return PERCENT * x / size, PERCENT * y / size


def _shrunk(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(1.0, sqrt(PIXELS / (height * width)))
    size = max(16, round(width * scale)), max(16, round(height * scale))
    return np.asarray(cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY))


def _camera(flow: Grid, grey: Image) -> Grid:
    """(2,): what most of the picture did, where it has something to be seen by."""
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    told = flow[edges >= np.percentile(edges, 60)]
    return np.asarray(np.median(told, axis=0), np.float32)

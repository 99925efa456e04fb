"""Is the picture bright and clean enough for landmarks? Two numbers, looked at about once a second."""

from math import floor

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.types import Light

Image = NDArray[np.uint8]

EVERY_S = 1.0
LATTICE = 16  # every so many pixels are enough for the brightness
# Zero on flat and on sloping surfaces: Immerkaer 1996, Computer Vision and Image Understanding 64:300.
MEAN = np.full((1, 3), 1 / 3, np.float32)
ROUGHNESS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


class LightMeter:
    """Which pictures it looks at depends on their times alone; in between it remembers."""

    def __init__(self) -> None:
        self._slot, self._light = -1, Light()

    def update(self, image: Image, time_s: float) -> Light:
        """`image` is (height, width, 3)."""
        slot = floor(time_s / EVERY_S)
        if slot != self._slot:
            self._slot, self._light = slot, Light(brightness(image), grain(image))
        return self._light


def brightness(image: Image) -> float:
    """Mean of all colours, of 255."""
    return round(float(image[::LATTICE, ::LATTICE].mean()), 1)


def grain(image: Image) -> float:
    """Standard deviation of the noise, of 255: of most of the picture's middle, whatever its edges do."""
    height, width = image.shape[:2]
    middle = image[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4]
    grey = cv2.transform(middle.astype(np.float32), MEAN)
    rough = cv2.filter2D(grey, -1, ROUGHNESS)[::2, ::2]  # a quarter says the same, sooner
    return round(1.4826 * float(np.median(np.abs(rough))) / 6, 1)

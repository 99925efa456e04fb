"""The landmark network of a bundle, looking at any square of the picture, also where MediaPipe would not.

MediaPipe looks where its detector has seen a face and a trunk. The network behind it needs neither: only that
the square lies as it would around the whole body. The same square gives the same points as MediaPipe does
(within a pixel on whole bodies; tests/test_network.py).
"""

import zipfile
from dataclasses import dataclass
from math import cos, sin
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.errors import PosecountError

SIDE = 256  # of the square that the network sees, in its pixels
POINTS = 39  # 33 landmarks and six that only help
HEAT = 64  # rows and columns of its maps
NEAR = np.arange(-3, 4)  # cells around the point in which the map refines it
BELIEVED = 0.5  # of the warmest cell there; below, the point stays as it was

Points = NDArray[np.float64]
Image = NDArray[np.uint8]
Crop = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Region:
    """A square of the picture, centred on the hips; `turn_rad` clockwise, 0 for a trunk straight upwards."""

    x_px: float
    y_px: float
    size_px: float
    turn_rad: float = 0.0

    def to_picture(self) -> Points:
        """(2, 3): from the square's pixels to the picture's."""
        c, s = (f(self.turn_rad) * self.size_px / SIDE for f in (cos, sin))
        turn = np.array([[c, -s], [s, c]])
        return np.column_stack([turn, np.array([self.x_px, self.y_px]) - turn @ [SIDE / 2, SIDE / 2]])

    def cut(self, image: Image, border: int = cv2.BORDER_REPLICATE) -> Image:
        """(256, 256, channels): what of the picture lies in the square."""
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cut = cv2.warpAffine(image, self.to_picture(), (SIDE, SIDE), flags=how, borderMode=border)
        return np.asarray(cut, np.uint8)


@dataclass(frozen=True, slots=True)
class Found:
    """`points_px` (39, 2) in the picture; `visibility` and `heat` (39,) from 0 to 1.

    `heat` is how sure the network is of where a point lies: on legs that are there 0.6 to 0.9. `presence`,
    from 0 to 1, is how sure it is that somebody is in the square.
    """

    points_px: Points
    visibility: Points
    heat: Points
    presence: float


class Network:
    """One landmark network, in this thread. Raises PosecountError when LiteRT or the model cannot be had."""

    def __init__(self, bundle: Path) -> None:
        model = zipfile.ZipFile(bundle).read("pose_landmarks_detector.tflite")
        self._run = _interpreter(model, bundle)
        self._input = self._run.get_input_details()[0]["index"]
        # By shape: names differ between bundles.
        outputs = {tuple(each["shape"]): each["index"] for each in self._run.get_output_details()}
        self._points, self._maps = outputs[1, POINTS * 5], outputs[1, HEAT, HEAT, POINTS]
        self._presence = outputs[1, 1]

    def look(self, crop: Image, region: Region) -> Found:
        """`crop` (256, 256, 3) RGB is what lies in the region."""
        self._run.set_tensor(self._input, crop[None].astype(np.float32) / 255)
        self._run.invoke()
        rows = self._run.get_tensor(self._points).reshape(POINTS, 5).astype(float)
        points, heat = refined(rows[:, :2], self._run.get_tensor(self._maps)[0])
        to_picture = region.to_picture()
        presence = float(self._run.get_tensor(self._presence)[0, 0])
        points_px = points @ to_picture[:, :2].T + to_picture[:, 2]
        return Found(points_px, _sigmoid(rows[:, 3]), heat, presence)


def refined(points: Points, maps: Crop) -> tuple[Points, Points]:
    """Points (n, 2) moved to the warm centre of their maps (64, 64, n) nearby, and how warm it is (n,)."""
    cell = SIDE / HEAT
    column, row = np.clip(points // cell, -HEAT, 2 * HEAT).astype(int).T
    inside = (row >= 0) & (row < HEAT) & (column >= 0) & (column < HEAT)
    # (n, 7, 7): the neighbourhoods of all points at once
    rows, columns = np.broadcast_arrays(row[:, None, None] + NEAR[:, None], column[:, None, None] + NEAR)
    there = (rows >= 0) & (rows < HEAT) & (columns >= 0) & (columns < HEAT) & inside[:, None, None]
    which = np.arange(len(points))[:, None, None]
    warmth = maps[rows.clip(0, HEAT - 1), columns.clip(0, HEAT - 1), which].astype(float)
    near = np.where(there, _sigmoid(warmth), 0.0)
    heat = near.max(axis=(1, 2))
    total = np.maximum(near.sum(axis=(1, 2)), 1e-9)
    centre = np.column_stack([(near * columns).sum(axis=(1, 2)), (near * rows).sum(axis=(1, 2))])
    moved = centre * cell / total[:, None]
    return np.where((heat >= BELIEVED)[:, None], moved, points), heat


def _interpreter(model: bytes, bundle: Path) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter

        run = Interpreter(model_content=model, num_threads=1)
        run.allocate_tensors()
        return run
    except (ImportError, OSError) as error:
        raise PosecountError(f"LiteRT does not start ({error}); install posecount again") from None
    except (RuntimeError, ValueError):
        raise PosecountError(f"LiteRT cannot use the model {bundle}; try heavy or full") from None


def _sigmoid(x: NDArray[Any]) -> Points:
    return np.asarray(1 / (1 + np.exp(-x)))

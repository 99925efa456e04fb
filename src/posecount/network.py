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
CELL = SIDE / HEAT
NEAR = np.arange(-3, 4)  # cells around the point in which the map refines it
BELIEVED = 0.5  # of the warmest cell there; below, the point stays as it was
MOVES = 3  # of that look after the warm spot, at most: it settles within two cells
SHARPER = 3  # power of the warmth; 2 to 6 are as good, 1 (MediaPipe's) is flatter

Points = NDArray[np.float64]
Indices = NDArray[np.intp]
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
    """Points (n, 2) moved to the middle of the warm place nearby in their maps (64, 64, n); how warm (n,).

    MediaPipe looks once, around the network's own point. That point follows a foot a third of its way, so
    the warm place lies half outside, and the movement comes out flat. Here the look is moved after it.
    """
    which, at = np.arange(len(points)), np.clip(points // CELL, -HEAT, 2 * HEAT).astype(int)
    middle, heat = _middle(maps, which, at)
    warm = heat >= BELIEVED
    which = which[warm]
    for _ in range(MOVES):
        there = np.rint(middle[which]).astype(int)
        beside = (there != at[which]).any(axis=1)
        which, there = which[beside], there[beside]
        if not len(which):
            break
        at[which] = there
        middle[which], _ = _middle(maps, which, there)
    return np.where(warm[:, None], middle * CELL, points), heat


def _middle(maps: Crop, which: Indices, at: Indices) -> tuple[Points, Points]:
    """In the maps `which` (n,), near the cells `at` (n, 2): the middle of the warmth (n, 2), and its peak."""
    columns, rows = at[:, 0, None, None] + NEAR, at[:, 1, None, None] + NEAR[:, None]
    there = (rows >= 0) & (rows < HEAT) & (columns >= 0) & (columns < HEAT)
    warmth = maps[rows.clip(0, HEAT - 1), columns.clip(0, HEAT - 1), which[:, None, None]]
    near = np.where(there, _sigmoid(warmth.astype(float)), 0.0)
    weight = near**SHARPER
    total = np.maximum(weight.sum(axis=(1, 2)), 1e-9)
    middle = np.column_stack([(weight * columns).sum(axis=(1, 2)), (weight * rows).sum(axis=(1, 2))])
    return middle / total[:, None], near.max(axis=(1, 2))


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

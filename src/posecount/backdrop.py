"""What lies beyond the picture's edge, made up: a stranger's upper body above the legs that are in view.

With grey beyond the edge the network doubts that there is a person at all (its presence falls from 1.0 to
0.06-0.9, and legs cut at mid-thigh are lost); with a head and a trunk where it expects them it finds the legs
as well as in a whole body. None of what it finds of the stranger is ever used.
"""

from functools import cache
from importlib import resources
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.network import SIDE, Image, Points, Region

Facing = Literal["left", "right", "front"]

GREY = 128
CLOTH = (62, 82, 30)  # RGB of the stranger's shorts
THIGH_PX = 20  # of the network's 256
HIPS = (SIDE // 2, SIDE // 2)


def dressed(image: Image, region: Region, facing: Facing, knees_px: Points) -> Image:
    """(256, 256, 3): the region of the picture, with the stranger wherever the picture does not reach."""
    height, width = image.shape[:2]
    crop = region.cut(image, cv2.BORDER_CONSTANT)
    inside = region.cut(np.full((height, width), 255, np.uint8), cv2.BORDER_CONSTANT) == 255
    if inside.all():
        return crop
    return np.where(inside[..., None], crop, _stranger(region, facing, knees_px))


def _stranger(region: Region, facing: Facing, knees_px: Points) -> Image:
    back = np.full((SIDE, SIDE, 3), GREY, np.uint8)
    to_crop = cv2.invertAffineTransform(region.to_picture())
    for x, y in (knees_px @ to_crop[:, :2].T + to_crop[:, 2]).clip(-SIDE, 2 * SIDE):
        cv2.line(back, HIPS, (round(x), round(y)), CLOTH, THIGH_PX)
    body, opacity = _upper_body(facing)
    return np.asarray(back + (body - back) * opacity, np.uint8)


@cache
def _upper_body(facing: Facing) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Colours (256, 256, 3) and opacity (256, 256, 1), with the hips in the middle."""
    view = "front" if facing == "front" else "side"
    data = (resources.files("posecount") / "upper_body" / f"{view}.png").read_bytes()
    picture = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED), np.float32)
    if facing == "right":
        picture = picture[:, ::-1]
    return picture[..., 2::-1], np.asarray(picture[..., 3:] / 255, np.float32)

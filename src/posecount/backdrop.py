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

from posecount.network import SIDE, Image, Points, Region

Facing = Literal["left", "right", "front"]

GREY = np.float32(128)
CLOTH = (62, 82, 30)  # RGB of the stranger's shorts
THIGH_PX = 20  # of the network's 256
HIPS = (SIDE // 2, SIDE // 2)
PLACES = np.arange(SIDE, dtype=np.float32)


def dressed(image: Image, region: Region, facing: Facing, knees_px: Points) -> Image:
    """(256, 256, 3): the region of the picture, with the stranger wherever the picture does not reach."""
    crop = region.cut(image, cv2.BORDER_CONSTANT)
    beyond = _beyond(region, image.shape[1], image.shape[0])
    if beyond.any():
        before_grey, before_cloth = _upper_body(facing)
        cv2.copyTo(before_grey, beyond, crop)
        cv2.copyTo(before_cloth, beyond & _thighs(region, knees_px), crop)
    return crop


def _beyond(region: Region, width: int, height: int) -> Image:
    """(256, 256): not 0 wherever the picture has nothing, or only its outermost pixel's share."""
    (xx, xy, x), (yx, yy, y) = region.to_picture().astype(np.float32)
    right, down = xx * PLACES + x + xy * PLACES[:, None], yx * PLACES + y + yy * PLACES[:, None]
    inside = (right >= 0) & (right <= width - 1) & (down >= 0) & (down <= height - 1)
    return np.where(inside, np.uint8(0), np.uint8(255))


def _thighs(region: Region, knees_px: Points) -> Image:
    """(256, 256): 255 along the stranger's."""
    thighs = np.zeros((SIDE, SIDE), np.uint8)
    to_crop = cv2.invertAffineTransform(region.to_picture())
    for x, y in (knees_px @ to_crop[:, :2].T + to_crop[:, 2]).clip(-SIDE, 2 * SIDE):
        cv2.line(thighs, HIPS, (round(x), round(y)), 255, THIGH_PX)
    return thighs


@cache
def _upper_body(facing: Facing) -> tuple[Image, Image]:
    """(256, 256, 3), with the hips in the middle: before grey, and before the cloth of the thighs."""
    view = "front" if facing == "front" else "side"
    data = (resources.files("posecount") / "upper_body" / f"{view}.png").read_bytes()
    picture = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED), np.float32)
    if facing == "right":
        picture = picture[:, ::-1]
    body, opacity = picture[..., 2::-1], picture[..., 3:] / 255
    before_grey, before_cloth = (
        (back + (body - back) * opacity).astype(np.uint8) for back in (GREY, np.array(CLOTH, np.float32))
    )
    return before_grey, before_cloth

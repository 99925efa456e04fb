"""Pictures from a browser: JPEG, and looked at before anything is unpacked."""

import struct

import numpy as np
from numpy.typing import NDArray

LARGEST_PX = 1920 * 1088  # as many as 1080p, upright or not: more would not help the landmarks
SMALLEST_PX = 64  # a side
PLAIN = (0xC0, 0xC1)  # start of frame, baseline and extended: what a canvas makes. Progressive ones can be
OTHER_FRAMES = {*range(0xC2, 0xD0)} - {0xC4, 0xC8, 0xCC}  # bombs: a thousand scans of one small file
STANDALONE = {0x01, *range(0xD0, 0xD8)}


class Unreadable(ValueError):
    """Not a picture as our page sends it; says why."""


def size_px(jpeg: bytes) -> tuple[int, int]:
    """(width, height) from the header alone. Raises Unreadable for what must not be decoded."""
    if jpeg[:2] != b"\xff\xd8":
        raise Unreadable("this is no JPEG")
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker in (0xFF, *STANDALONE):  # filling
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in PLAIN and at + 9 <= len(jpeg):
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return _allowed(width, height)
        if marker in OTHER_FRAMES:
            raise Unreadable("only plain JPEG is read, not progressive or lossless")
        at += 2 + max(length, 2)
    raise Unreadable("this JPEG has no size")


def _allowed(width: int, height: int) -> tuple[int, int]:
    if min(width, height) < SMALLEST_PX or width * height > LARGEST_PX:
        raise Unreadable(f"a picture of {width}x{height} is not read: {SMALLEST_PX} to 1920x1080 pixels")
    return width, height


def decoded(jpeg: bytes) -> NDArray[np.uint8]:
    """(height, width, 3) RGB, to the last bit as analyze sees it in a recording. Raises Unreadable."""
    import av

    width, height = size_px(jpeg)
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.thread_count = 1
    try:
        pictures = decoder.decode(av.Packet(jpeg))
    except (av.FFmpegError, ValueError):
        pictures = []
    if len(pictures) != 1 or (pictures[0].width, pictures[0].height) != (width, height):
        raise Unreadable("this JPEG is damaged")
    return np.asarray(pictures[0].to_ndarray(format="rgb24", interpolation="FAST_BILINEAR"), np.uint8)

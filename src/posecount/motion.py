"""What moves, and which way, before a background that does not: for pictures that show little of a person.

The optical flow between neighbouring frames, less what the camera itself moved, averaged over the part of the
picture in which there has been movement lately. Nothing in here knows what a foot is.
"""

from collections import deque
from math import exp, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.types import TOLD_LATE_S

Image = NDArray[np.uint8]
Grid = NDArray[np.float32]

PIXELS = 25_000  # the picture is shrunk to about so many: toes stay a few pixels, and it takes 4 ms
SPAN_S = (
    0.09  # neighbours this far apart are compared: three frames move three times as far in the same noise
)
MEMORY_S = 2.5  # where something moved, something may move again
STIRS = 0.06  # pixels in a span, root mean square over the memory: less at most is the camera's noise
OVER_STILL = 5.0  # what moves does so as many times more than the still half of the picture
OF_MOST = 0.3  # and at least this share of what stirs most
PART_MIN, PART_MAX = 0.0012, 0.5  # of the picture: less is a flicker, more is no foot before a background
PER_MILLE = 1000.0
GAP_S = 0.3
STEP, ROUNDS = 4, 5  # the camera's own movement, from every fourth pixel, without what moves otherwise


class Motion:
    """`update` with every frame of one video in order."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._past: deque[tuple[float, Image]] = deque()
        self._steps: deque[tuple[float, Grid]] = deque()  # what moved between two frames, not yet told
        self._stir: Grid | None = None

    def update(self, image: Image, time_s: float) -> tuple[float, float]:
        """How far what moves has come since the frame before, right and down, in thousandths of its own size.

        It is told TOLD_LATE_S later. (0, 0) while nothing moves, NaN in the first frame. `image` is
        (height, width, 3) RGB.
        """
        grey, past = _shrunk(image), self._past
        if past and (past[-1][1].shape != grey.shape or time_s - past[-1][0] > GAP_S):
            past.clear()
            self._steps.clear()
            self._stir = None
        past.append((time_s, grey))
        while len(past) > 2 and time_s - past[1][0] >= SPAN_S:
            past.popleft()
        if len(past) < 2:
            return np.nan, np.nan
        from_s, before = past[0]
        flow = np.asarray(self._flow.calc(before, grey, np.zeros((*grey.shape, 2), np.float32)), np.float32)
        flow -= _camera(flow, grey)
        since_s = time_s - past[-2][0]
        self._remember(flow, since_s)
        self._steps.append((time_s, flow * np.float32(since_s / (time_s - from_s))))
        return self._told(time_s)

    def _remember(self, flow: Grid, since_s: float) -> None:
        power = np.asarray(cv2.blur((flow**2).sum(axis=2), (5, 5)), np.float32)
        keep = exp(-since_s / MEMORY_S) if self._stir is not None else 0.0
        self._stir = power if self._stir is None else keep * self._stir + np.float32(1 - keep) * power

    def _told(self, time_s: float) -> tuple[float, float]:
        """Mean over the part of the picture that stirs, of what moved until TOLD_LATE_S ago."""
        part, x, y = self._part(), 0.0, 0.0
        size = sqrt(np.count_nonzero(part))
        while self._steps and self._steps[0][0] <= time_s - TOLD_LATE_S:
            _, step = self._steps.popleft()
            if size:
                right, down = step[part].mean(axis=0).tolist()
                x, y = x + PER_MILLE * right / size, y + PER_MILLE * down / size
        return x, y

    def _part(self) -> NDArray[np.bool_]:
        """Where it stirs; nowhere, when that is too little or too much for feet."""
        assert self._stir is not None
        still, most = np.percentile(self._stir, (50, 99.7)).tolist()
        part = np.asarray(self._stir > max(OVER_STILL**2 * still, OF_MOST**2 * most))
        fits = most > STIRS**2 and PART_MIN <= float(part.mean()) <= PART_MAX
        return part if fits else np.zeros_like(part)


def _shrunk(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(1.0, sqrt(PIXELS / (height * width)))
    size = max(16, round(width * scale)), max(16, round(height * scale))
    return np.asarray(cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY))


def _camera(flow: Grid, grey: Image) -> Grid:
    """What most of the picture did, as a flow (height, width, 2): shifted, turned, come nearer."""
    height, width = grey.shape
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))[::STEP, ::STEP]
    told = edges >= np.percentile(edges, 40)  # where there is something to be seen by
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    spread = np.float32(max(height, width))
    whole = np.stack([np.ones_like(rows), columns / spread, rows / spread], axis=2)
    at, did = whole[::STEP, ::STEP][told], flow[::STEP, ::STEP][told]
    likely = np.ones(len(at), np.float32)
    for _ in range(ROUNDS):
        fit = np.linalg.lstsq(at * likely[:, None], did * likely[:, None], rcond=None)[0]
        off = np.abs(did - at @ fit).sum(axis=1)
        likely = 1 / (1 + off / max(float(np.median(off)), 0.01))
    return np.asarray(whole @ fit, np.float32)

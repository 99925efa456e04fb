"""How every place of a picture has moved since another one, less what the camera itself moved."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Grid = NDArray[np.float32]

# Patches are compared in half the picture's size, 16 pixels wide, and what they say is left as it is: made
# smooth across the picture, a foot before a floor of its own colour moves a tenth of its way.
FINEST_SCALE, REFINEMENTS = 1, 0
STEP, ROUNDS = 6, 5  # the camera's own movement, from every sixth pixel, without what moves otherwise
EASE = 1e-3  # a picture without anything to see has moved nowhere


class Flow:
    """Dense optical flow (DIS, Kroeger et al. 2016) between greys of one size."""

    def __init__(self) -> None:
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._dis.setFinestScale(FINEST_SCALE)
        self._dis.setVariationalRefinementIterations(REFINEMENTS)

    def between(self, before: Grey, after: Grey, seen: NDArray[np.bool_]) -> Grid:
        """(height, width, 2) right and down, in pixels. `seen` is `where_seen` of the second."""
        flow = np.asarray(self._dis.calc(before, after, np.zeros((*after.shape, 2), np.float32)), np.float32)
        return _without_camera(flow, seen)


def where_seen(grey: Grey) -> NDArray[np.bool_]:
    """Every few pixels down and right: is there something to see movement by?"""
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_16S)[::STEP, ::STEP])
    return np.asarray(edges >= np.percentile(edges, 40))


def _without_camera(flow: Grid, seen: NDArray[np.bool_]) -> Grid:
    """Less what most of the picture did: shifted, turned, come nearer."""
    height, width = flow.shape[:2]
    rows, columns = (np.arange(each, dtype=np.float32) / max(height, width) for each in (height, width))
    down, right = np.nonzero(seen)
    at = np.stack([np.ones(len(down), np.float32), columns[::STEP][right], rows[::STEP][down]], axis=1)
    did = flow[::STEP, ::STEP][seen]
    likely = np.ones(len(at), np.float32)
    for _ in range(ROUNDS):
        weighted = at * likely[:, None]
        fit = np.linalg.solve(weighted.T @ at + EASE * np.eye(3, dtype=np.float32), weighted.T @ did)
        off = np.abs(did - at @ fit).sum(axis=1)
        likely = 1 / (1 + off / max(float(np.median(off)), 0.01)) ** 2
    for axis in (0, 1):  # both at once take ten times as long
        flow[..., axis] -= fit[0, axis] + columns * fit[1, axis] + (rows * fit[2, axis])[:, None]
    return flow

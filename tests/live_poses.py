"""Recorded landmarks of rendered people, found by the heavy model, for tests that need no model."""

from functools import cache
from pathlib import Path

import numpy as np

from posecount.types import Pose

SESSIONS = Path(__file__).parent / "sessions"


@cache
def recorded(name="raises-mixed"):
    data = np.load(SESSIONS / f"{name}.npz")
    width, height = data["size_px"].tolist()
    poses = []
    for time_ms, known in zip(data["time_ms"].tolist(), data["eighths_px"] / 8.0, strict=True):
        points = np.full((33, 2), np.nan)
        points[data["landmarks"]] = known
        poses.append(Pose(time_ms / 1000, (width, height), points, np.ones(33)))
    return poses

"""What the trunk does: how far it leans in the picture."""

from math import atan2, degrees

from posecount.geometry import HIPS, SHOULDERS
from posecount.types import Pose


def lean_deg(pose: Pose) -> float:
    """Hips to shoulders from straight up, towards the picture's right positive; NaN when not seen."""
    shoulders = pose.points_px[list(SHOULDERS)].mean(axis=0)
    hips = pose.points_px[list(HIPS)].mean(axis=0)
    x, y = (shoulders - hips).tolist()
    return degrees(atan2(x, -y))

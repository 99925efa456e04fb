"""What the trunk does: how far it leans in the picture."""

from math import atan2, degrees

from posecount.geometry import HIPS, SHOULDERS
from posecount.types import Pose


def lean_deg(pose: Pose) -> float:
    """Hips to shoulders from straight up, towards the picture's right positive; NaN when not seen."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = pose.points_px[[*SHOULDERS, *HIPS]].tolist()
    return degrees(atan2((ax + bx - cx - dx) / 2, (cy + dy - ay - by) / 2))

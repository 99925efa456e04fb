"""A coach for calves and ankles that needs nothing but a camera."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from posecount.analysis import Analysis, analyze
    from posecount.errors import PosecountError
    from posecount.pose import Landmarker
    from posecount.session import Session
    from posecount.types import Frame, Hold, Notice, Pose, Rep, State, Summary

__all__ = [
    "Analysis",
    "Frame",
    "Hold",
    "Landmarker",
    "Notice",
    "Pose",
    "PosecountError",
    "Rep",
    "Session",
    "State",
    "Summary",
    "__version__",
    "analyze",
]

_ROOMS = {
    "analysis": ("Analysis", "analyze"),
    "errors": ("PosecountError",),
    "pose": ("Landmarker",),
    "session": ("Session",),
    "types": ("Frame", "Hold", "Notice", "Pose", "Rep", "State", "Summary"),
}


def __getattr__(name: str) -> Any:
    # Imported when first asked for: the video and landmark libraries take a second to load.
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(import_module(f"posecount.{room}"), name)
    raise AttributeError(f"module 'posecount' has no attribute {name!r}")

"""What the store adds up and the statistics read: reps and holds of one kind on one day."""

from dataclasses import dataclass
from datetime import date

from posecount.types import HoldQuality, Muscle, RepQuality, Side


@dataclass(frozen=True, slots=True)
class RepTotal:
    """`range_deg` is the mean of the `measured` reps, NaN when none was."""

    day: date
    exercise: str
    model: str
    side: Side
    quality: RepQuality
    reps: int
    measured: int
    range_deg: float


@dataclass(frozen=True, slots=True)
class HoldTotal:
    """`angle_deg` is the mean dorsiflexion of the `measured` holds, NaN when none was."""

    day: date
    exercise: str
    model: str
    side: Side
    muscle: Muscle
    quality: HoldQuality
    holds: int
    seconds: float
    measured: int
    angle_deg: float

"""The values that travel between the rooms: frozen, with the unit in the name, NaN for 'not measurable'."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Leg = Literal["left", "right"]
Side = Literal["left", "right", "both"]
RepQuality = Literal["smooth", "jerky", "partial"]
HoldQuality = Literal["steady", "bouncing"]
Muscle = Literal["gastrocnemius", "soleus"]
Phase = Literal["arming", "rest", "up", "down"]
Framing = Literal["whole", "legs", "feet"]  # how much of the person is in the picture
LEGS: tuple[Leg, Leg] = ("left", "right")

nan = float("nan")
MOSTLY = 0.95  # of the pictures: less is worth knowing
SEEN_OVER_S = 0.09  # what moves is seen between frames so far apart: what turns around meanwhile is flattened
TOLD_LATE_S = 0.7  # what moves is known better a moment later: at first only toes have stirred


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: `image` is (height, width, 3) uint8 RGB, upright, never mirrored."""

    time_s: float
    image: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Light:
    """Of a picture, both from 0 to 255; NaN when nobody looked."""

    brightness: float = nan
    grain: float = nan


@dataclass(frozen=True, slots=True)
class Pose:
    """The 33 landmarks of one person in one frame; all NaN when nobody was found.

    `points_px` is (33, 2) float64 in pixels of the upright image, not smoothed by the landmarker.
    """

    time_s: float
    size_px: tuple[int, int]
    points_px: NDArray[np.float64]
    visibility: NDArray[np.float64]
    people: int = 1  # how many were in view when last looked; the most prominent one is measured
    # (left, right) clockwise turn of the foot in the picture since it rested; NaN where not measured
    turn_deg: tuple[float, float] = (nan, nan)
    # the same since the frame before, by the flow of its pixels; NaN where not measured
    flowed_deg: tuple[float, float] = (nan, nan)
    # of 'legs' only the points of hips and legs are known; of 'feet' at most those of the feet, besides knees
    # that are guesses, and hips of a stranger who stands on them
    framing: Framing = "whole"
    # where no person was found: how far what moves came between two frames TOLD_LATE_S ago, right and down,
    # in thousandths of its own size
    moved: tuple[float, float] = (nan, nan)
    light: Light = Light()


class LegSample(NamedTuple):  # one is made for each leg in each frame: a dataclass takes seven times as long
    """One leg in one frame. Signs as everywhere: dorsiflexion and knee flexion are positive.

    Lengths without a unit are shares of the leg (thigh plus shank), so that they do not depend on distance.
    """

    ankle_deg: float  # from a right angle between shank and heel-to-toe line, not yet calibrated
    knee_deg: float
    shank_deg: float  # knee->ankle from straight down in the picture, towards its right positive
    reach: float  # heel->toe along the shank: rises with dorsiflexion in any view
    rise: float  # how high knee and hip stand above the toe: rises in a heel raise in any view
    thigh_drop: float  # how far the knee is below the hip, 1 when the thigh hangs straight down
    knee_x_px: float  # rightwards and down in the picture; pairs would be three objects more in each frame
    knee_y_px: float
    ankle_x_px: float
    ankle_y_px: float
    toe_x_px: float
    toe_y_px: float
    foot_ratio: float  # heel->toe over the shank
    foot_deg: float  # direction of heel->toe in the picture, from its right, clockwise
    leg_px: float
    across: float  # heel->toe across the shank: + when the leg's left side is turned to the camera
    shoulders_px: float  # how far below the picture's upper edge they are; NaN where none were seen
    foot_in_view: bool  # what of ankle, heel and toe lies beyond the picture's edge is a guess
    flowed_deg: float  # the foot's turn since the frame before, by its pixels; NaN if not measured
    knee_inside: float  # how far the knee is from the picture's edge, in shanks; negative beyond it


class BodySample(NamedTuple):
    """Both legs and the view of the body in one frame."""

    time_s: float
    left: LegSample | None  # None where no believable leg was seen
    right: LegSample | None
    yaw_deg: float  # 0 side-on, 90 from the front
    height_px: float  # head to feet, as large as the body would appear stretched out
    feet: bool = False  # no more of it is in view: knees are guesses, hips a stranger's


@dataclass(frozen=True, slots=True)
class Rep:
    """One movement up and one down. `range_deg` is NaN where the view shows no angle."""

    side: Side
    start_s: float
    peak_s: float
    end_s: float
    range_deg: float
    quality: RepQuality
    up_s: float = nan  # time of the first stroke, without the pause
    down_s: float = nan
    sparc: float = nan  # of the rougher stroke; NaN when too short or too noisy to judge
    ripple_deg: float = nan  # NaN as well when it rebounds, which is jerky without a ripple
    by_movement: bool = False  # too little of the legs was seen: no degrees, and "both" is whichever foot

    @property
    def whose(self) -> Side | Literal["feet"]:
        """The side; 'feet' where nobody knows which one moved."""
        return "feet" if self.by_movement and self.side == "both" else self.side


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch held. `angle_deg` is its mean dorsiflexion."""

    side: Side
    start_s: float
    end_s: float
    duration_s: float
    angle_deg: float
    knee_deg: float
    muscle: Muscle
    quality: HoldQuality
    bounces: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know: a stable code, plain words, and when."""

    code: str
    message: str
    start_s: float
    end_s: float


Event = Rep | Hold | Notice


@dataclass(frozen=True, slots=True)
class LegState:
    """What a screen shows of one leg right now."""

    ankle_deg: float = nan  # calibrated dorsiflexion; NaN where not measurable
    knee_deg: float = nan
    phase: Phase = "arming"
    smooth: int = 0
    jerky: int = 0
    partial: int = 0
    range_deg: tuple[float, float] = (nan, nan)  # this person's own lowest and highest angle so far
    hold_s: float = 0.0  # seconds of the hold in progress
    bounces: int = 0  # in the hold in progress
    measured: bool = False  # this leg is seen well enough to be judged


@dataclass(frozen=True, slots=True)
class State:
    """A session at one moment, for screens.

    `count` is the headline: smooth reps, both feet counted once; of calf stretches the steady holds.
    """

    time_s: float = 0.0
    exercise: str = "auto"
    count: int = 0
    legs: Mapping[Leg, LegState] = field(default_factory=lambda: {"left": LegState(), "right": LegState()})
    last_rep: Rep | None = None
    framing: Framing = "whole"  # how much of the person is in view now
    feet: LegState = field(default_factory=LegState)  # reps by movement: nobody knows whose they are


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Tempo of a set: reps a minute, and how even (0 erratic, 1 a metronome). NaN with too few reps."""

    cadence_per_min: float
    steadiness: float
    drift_per_min: float  # change of cadence from the first to the last rep


@dataclass(frozen=True, slots=True)
class Angles:
    """Per frame, arrays (n,): what was measured, NaN where it could not be."""

    time_s: NDArray[np.float64]
    left_ankle_deg: NDArray[np.float64]
    right_ankle_deg: NDArray[np.float64]
    left_knee_deg: NDArray[np.float64]
    right_knee_deg: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a session found."""

    exercise: str
    reps: tuple[Rep, ...]
    holds: tuple[Hold, ...]
    rhythm: Rhythm
    angles: Angles
    usable_fraction: float  # share of frames in which at least one leg was followed
    warnings: tuple[Notice, ...]
    seconds: float
    framing: Framing = "whole"  # how much of the person was in view most of the time

    @property
    def partly_usable(self) -> bool:
        """Whether a reader should know how few frames were usable; of feet alone none need be."""
        return self.framing != "feet" and self.usable_fraction < MOSTLY

"""What a session found, against what was really done: which reps and holds are the same, angle errors.

The truth of NAME.mp4 is NAME.truth.json, written by the renderer, which set every joint angle itself.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from posecount.types import Hold, HoldQuality, Leg, Muscle, Rep, RepQuality, Side, Summary

SIDES: dict[str, Side] = {"L": "left", "R": "right", "LR": "both"}
LETTERS: dict[Leg, str] = {"left": "L", "right": "R"}
SUFFIX = ".truth.json"

REP_SLACK_S, HOLD_SLACK_S = 0.25, 1.0  # when a movement begins is a matter of taste within these
SAME = 0.3  # this much of their common span shared, and they are one movement
BENT_DEG = 20.0
SIDE_ON = 0.82  # cosine of 35 deg: turned further away, no angle is claimed
MOVES_DEG = 8.0  # less true movement than this has no range worth comparing
MEASURED = 0.5  # of the frames


class Span(Protocol):
    """Anything that happened from one time to another."""

    @property
    def start_s(self) -> float: ...
    @property
    def end_s(self) -> float: ...


Got = TypeVar("Got", bound=Span)
True_ = TypeVar("True_", bound=Span)


@dataclass(frozen=True, slots=True)
class TrueRep:
    """One rep as it was set."""

    start_s: float
    end_s: float
    side: Side
    quality: RepQuality


@dataclass(frozen=True, slots=True)
class TrueHold:
    """One stretch as it was set."""

    start_s: float
    end_s: float
    quality: HoldQuality
    muscle: Muscle


@dataclass(frozen=True, slots=True)
class Truth:
    """All that happened in one clip. `ankle_deg` is (frames,) of the near leg, from its true neutral."""

    name: str
    kind: str
    reps: tuple[TrueRep, ...]
    holds: tuple[TrueHold, ...]
    near: Leg
    side_on: bool
    time_s: NDArray[np.float64]
    ankle_deg: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AngleError:
    """Of the near ankle: mean absolute errors, and the range found over the true range."""

    shifted_deg: float  # after the constant offset is taken away
    absolute_deg: float  # as it was claimed, calibrated by the product itself
    range_ratio: float


@dataclass(frozen=True, slots=True)
class Score:
    """One clip. A pair is (found, true); None stands for what has no counterpart."""

    truth: Truth
    reps: tuple[tuple[Rep | None, TrueRep | None], ...]
    holds: tuple[tuple[Hold | None, TrueHold | None], ...]
    angle: AngleError | None  # None where none can be asked for
    warnings: tuple[str, ...] = ()

    @property
    def count(self) -> tuple[int, int]:
        """Smooth reps found and true: the headline."""
        found = sum(rep is not None and rep.quality == "smooth" for rep, _ in self.reps)
        return found, sum(rep is not None and rep.quality == "smooth" for _, rep in self.reps)


def read_truth(path: Path) -> Truth:
    """The truth in a NAME.truth.json."""
    told = json.loads(path.read_text())
    azimuth = math.radians(told["scenario"].get("camera", {}).get("azimuth", 0))
    near: Leg = "left" if math.cos(azimuth) > 0 else "right"
    return Truth(
        name=path.name.removesuffix(SUFFIX),
        kind=_kind(told),
        reps=tuple(TrueRep(r["start"], r["end"], SIDES[r["sides"]], r["quality"]) for r in told["reps"]),
        holds=tuple(TrueHold(h["start"], h["end"], h["quality"], _muscle(h["knee"])) for h in told["holds"]),
        near=near,
        side_on=abs(math.cos(azimuth)) > SIDE_ON,
        time_s=np.arange(told["frames"]) / told["fps"],
        ankle_deg=_ankle_deg(told, LETTERS[near]),
    )


def _kind(told: dict[str, Any]) -> str:
    if told["reps"]:
        return "heel raises" if told["scenario"]["posture"] == "stand" else "ankle pumps"
    return "stretches" if told["holds"] else "nothing to count"


def _muscle(knee_deg: float) -> Muscle:
    return "soleus" if knee_deg > BENT_DEG else "gastrocnemius"


def _ankle_deg(told: dict[str, Any], letter: str) -> NDArray[np.float64]:
    """The side-on angle between shank and sole, from what it is with the joint set to 0."""
    seen = np.array(told["side_on_angle"][letter], float)
    resting = np.abs(np.array(told["ankle"][letter], float)) < 0.5
    neutral = float(np.median(seen[resting])) if resting.any() else 90.0
    return neutral - seen


def score(truth: Truth, found: Summary) -> Score:
    """How `found` compares with `truth`."""
    return Score(
        truth=truth,
        reps=tuple(pairs(found.reps, truth.reps, REP_SLACK_S)),
        holds=tuple(pairs(found.holds, truth.holds, HOLD_SLACK_S)),
        angle=angle_error(truth, found),
        warnings=tuple(notice.code for notice in found.warnings),
    )


def pairs(
    found: Sequence[Got], true: Sequence[True_], slack_s: float
) -> list[tuple[Got | None, True_ | None]]:
    """Each with the one it overlaps most, the surest first; what is left over has None for a partner."""
    shared = [(_overlap(f, t, slack_s), i, j) for i, f in enumerate(found) for j, t in enumerate(true)]
    left_found, left_true = dict(enumerate(found)), dict(enumerate(true))
    out: list[tuple[Got | None, True_ | None]] = []
    for share, i, j in sorted(shared, reverse=True):
        if share >= SAME and i in left_found and j in left_true:
            out.append((left_found.pop(i), left_true.pop(j)))
    return out + [(f, None) for f in left_found.values()] + [(None, t) for t in left_true.values()]


def _overlap(found: Span, true: Span, slack_s: float) -> float:
    """Seconds shared over seconds spanned, with the true one's ends allowed to be `slack_s` further out."""
    shared = min(found.end_s, true.end_s + slack_s) - max(found.start_s, true.start_s - slack_s)
    spanned = max(found.end_s, true.end_s) - min(found.start_s, true.start_s)
    return shared / spanned if shared > 0 else 0.0


def angle_error(truth: Truth, found: Summary) -> AngleError | None:
    """None from the front, without movement, or when most frames were not measured."""
    angles = found.angles
    got = angles.left_ankle_deg if truth.near == "left" else angles.right_ankle_deg
    known = np.isfinite(got)
    moves = np.ptp(truth.ankle_deg) >= MOVES_DEG
    if not (truth.side_on and moves and len(got) and known.mean() >= MEASURED):
        return None
    want = np.interp(angles.time_s, truth.time_s, truth.ankle_deg)[known]
    error = got[known] - want
    return AngleError(
        shifted_deg=float(np.abs(error - np.median(error)).mean()),
        absolute_deg=float(np.abs(error).mean()),
        range_ratio=_range(got[known]) / _range(want),
    )


def _range(angles_deg: NDArray[np.float64]) -> float:
    low, high = np.percentile(angles_deg, (3, 97))  # single wild frames are no range
    return float(high - low)

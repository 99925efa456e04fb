"""Before counting: is everything in view that is needed? One advice at a time, first things first."""

from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecount.framing import RESTS_S, Moves, seen
from posecount.geometry import sample
from posecount.movement import View, Viewer
from posecount.notices import SMALL_PX
from posecount.types import BodySample, Leg, Pose
from posecount.words import Words

Stage = Literal["guide", "calibrate", "countdown", "go"]

READY_S = 1.0  # all must be well for this long: someone who walks in passes through good places
CALIBRATE_S = 2.0
COUNTDOWN_S = 3.0
OBLIQUE_S = 8.0  # from the front counting works too, only without degrees: advice, then no more obstacle
STILL_S = 8.0  # asked for at most this long: some feet tremble, and what moves is counted meanwhile
STEADY_DEG = 8.0  # landmarks of a still foot wander by less
LOST_S = 1.0  # a detector that blinks is not a person who left
DARK = 40.0  # of 255, mean brightness: below it the landmarks wander
MARGIN = 0.01  # of the picture: a foot at its very edge is cut
FEET = [27, 28, 29, 30, 31, 32]


@dataclass(frozen=True, slots=True)
class Guide:
    """What to show: where it stands, what is missing ('' once counting), and seconds left of the stage."""

    stage: Stage
    code: str
    left_s: float = nan

    @property
    def text(self) -> str:
        return self.said(Words())

    def said(self, say: Words) -> str:
        """In the words of a language."""
        return say(f"guidance.{self.code}") if self.code else ""


class Guidance:
    """`update` with each frame until the stage is 'go'. Without `wanted` it is from the start."""

    def __init__(self, wanted: bool) -> None:
        self._viewer, self._feet = Viewer(), Moves()
        self._near: Leg | None = None
        self._stage: Stage = "guide" if wanted else "go"
        self._since_s = nan  # of the stage; in 'guide', of all being well
        self._oblique_since_s = nan
        self._seen_s = nan
        self._moved_s = -inf  # feet, or whatever else there is
        self._asked_s = inf  # since when to hold still
        self._swing_deg = (inf, -inf)  # of the ankle while it should be still

    @property
    def stage(self) -> Stage:
        return self._stage

    def again(self) -> None:
        """Find the neutral once more, with its countdown."""
        self._enter("calibrate", nan)

    def update(self, pose: Pose, image: NDArray[np.uint8]) -> Guide:
        """Where it stands with this frame."""
        if self._stage == "go":
            return Guide("go", "")
        code = self._missing(pose, image)
        now_s = pose.time_s
        if code != "nobody":
            self._seen_s = now_s
        if self._stage == "guide":
            return self._guide(pose, code)
        if now_s - self._seen_s >= LOST_S:
            self._enter("guide", nan)
            return Guide("guide", code)
        if self._stage == "calibrate" and self._moves(pose) and now_s - self._asked_s < STILL_S:
            self._enter("calibrate", now_s)
        return self._prepare(now_s)

    def _guide(self, pose: Pose, code: str) -> Guide:
        now_s = pose.time_s
        if code:
            self._since_s = nan
            return Guide("guide", code)
        if not isfinite(self._since_s):
            self._since_s = now_s
        if now_s - self._since_s >= READY_S:
            self._enter("countdown" if pose.framing == "feet" else "calibrate", now_s)  # feet need no neutral
            self._asked_s = now_s
            return self._prepare(now_s)
        return Guide("guide", "ready")

    def _prepare(self, now_s: float) -> Guide:
        if not isfinite(self._since_s):
            self._since_s = now_s
        lasts_s = CALIBRATE_S if self._stage == "calibrate" else COUNTDOWN_S
        left_s = self._since_s + lasts_s - now_s
        if left_s > 0:
            return Guide(self._stage, "still" if self._stage == "calibrate" else "", left_s)
        if self._stage == "calibrate":
            self._enter("countdown", self._since_s + lasts_s)
            return self._prepare(now_s)
        self._enter("go", now_s)
        return Guide("go", "")

    def _enter(self, stage: Stage, since_s: float) -> None:
        self._stage, self._since_s = stage, since_s
        self._swing_deg = (inf, -inf)

    def _moves(self, pose: Pose) -> bool:
        """The nearer ankle has moved since the stage began: then this is not its rest."""
        body = sample(pose)
        leg = {"left": body.left, "right": body.right}.get(self._near or "")
        if leg is None:
            return False  # from the front no ankle can be read
        low, high = self._swing_deg
        self._swing_deg = min(low, leg.ankle_deg), max(high, leg.ankle_deg)
        return self._swing_deg[1] - self._swing_deg[0] > STEADY_DEG

    def _missing(self, pose: Pose, image: NDArray[np.uint8]) -> str:
        """The code of the first thing that is not as it should be."""
        if self._feet.update(pose.time_s, pose.moved):
            self._moved_s = pose.time_s
        if image[::16, ::16].mean() < DARK:
            return "dark"
        if pose.framing == "feet":
            return self._missing_of_feet(pose)
        if not seen(pose):
            return "nobody"
        body = sample(pose)
        view = self._viewer.update(body)
        self._near = view.near
        if _outside(pose, FEET) or not (body.left or body.right):
            return "feet"
        return self._badly_placed(body, view)

    def _missing_of_feet(self, pose: Pose) -> str:
        """They are counted by movement: nothing can be asked of them but that they have moved lately."""
        if seen(pose) and _outside(pose, FEET):
            return "feet"
        return "" if pose.time_s - self._moved_s < RESTS_S else "feet_only"

    def _badly_placed(self, body: BodySample, view: View) -> str:
        if body.height_px < SMALL_PX:
            return "near"
        if view.readable:
            self._oblique_since_s = nan
            return ""
        if not isfinite(self._oblique_since_s):
            self._oblique_since_s = body.time_s
        return "side" if body.time_s - self._oblique_since_s < OBLIQUE_S else ""


def _outside(pose: Pose, landmarks: list[int]) -> bool:
    """Whether most of these points are guessed beyond the picture's edge."""
    size = np.array(pose.size_px)
    shares = pose.points_px[landmarks] / size
    return bool((((shares < MARGIN) | (shares > 1 - MARGIN)).any(axis=1)).mean() > 0.5)

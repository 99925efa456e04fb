"""Where no whole body is found: legs without one, or whatever moves."""

from collections.abc import Callable
from math import inf

import numpy as np

from posecount.framing import KneesInView, Moves
from posecount.hips import Hips
from posecount.leg_look import Look
from posecount.legs import LegTracker
from posecount.motion import Motion
from posecount.network import Network, Points
from posecount.steadiness import Steadiness
from posecount.swing import WARM, Swing
from posecount.types import Frame, Framing, Pose, nan

LANDMARKS = 33
REST_S = 0.5  # a detector that blinks on and off must not end the search for legs
# Feet that were counted for a second are so until there has been a pause, with legs all through it: now and
# then shins are taken for small legs, and a change in the middle of a set costs a rep.
SURE_S, PAUSE_S = 1.0, 2.0


class Partial:
    """Tells what a frame shows of someone who is only partly in it.

    `follower` follows legs; `scout` opens the network that searches for them, when it is first needed.
    """

    def __init__(self, follower: Network, scout: Callable[[], Network]) -> None:
        self._follower, self._open_scout = follower, scout
        self._scout: Network | None = None
        self.restart()

    def restart(self) -> None:
        """Forget all that was seen."""
        self._tracker: LegTracker | None = None
        self._motion, self._moves = Motion(), Moves()
        self._knees, self._hips, self._steadiness = KneesInView(), Hips(), Steadiness()
        self._swing = Swing()
        self._asked_s = -inf
        self._feet_since_s = self._legs_since_s = inf
        self._moved_s = self._time_s = -inf  # when feet moved, and when that was looked at

    @property
    def following(self) -> bool:
        """Legs have been found, and are followed."""
        return self._tracker is not None and self._tracker.following

    @property
    def searched(self) -> bool:
        """The whole picture has been searched for legs, in vain, or what was found were none."""
        return self._feet or (self._tracker is not None and self._tracker.sweeps > 0)

    @property
    def _feet(self) -> bool:
        """Feet have been counted for long enough to go on."""
        return self._time_s - self._feet_since_s >= SURE_S

    def rest(self, time_s: float) -> None:
        """A whole body is followed: what was known of parts is forgotten, once it lasts."""
        if time_s - self._asked_s > REST_S and self._tracker:
            self._tracker.forget()
            self._feet_since_s = inf

    def legs(self, frame: Frame, body_px: Points | None) -> Pose | None:
        """Hips and legs, all else NaN; None while they are not found or not believed.

        `body_px` (33, 2) is a body that was found but is not believed as a whole.
        """
        self._asked_s = frame.time_s
        look = self._open().update(frame.image, frame.time_s, body_px, seldom=self.searched)
        pose = self._of_legs(frame, look) if look else None
        self._legs_since_s = min(self._legs_since_s, frame.time_s) if pose else inf
        pause = frame.time_s - max(self._legs_since_s, self._moved_s) >= PAUSE_S
        if self._feet and not pause:
            return None
        if pose:
            self._feet_since_s = inf
        return pose

    def _of_legs(self, frame: Frame, look: Look) -> Pose | None:
        size_px = _size(frame)
        visibility = np.full(LANDMARKS, np.nan)
        visibility[23:] = look.found.visibility[23:LANDMARKS]
        points_px = self._hips.update(look, size_px, frame.time_s)
        pose = Pose(frame.time_s, size_px, points_px, visibility, framing="legs")
        there = self._steadiness.update(frame.time_s, points_px, look.heat)
        in_view = self._knees.update(pose, self._steadiness.firm)
        sure = self._steadiness.firm and look.heat > WARM
        self._swing.update(frame.time_s, points_px if sure else None, size_px)
        return pose if in_view and there else None

    def movement(self, frame: Frame) -> Pose:
        """No points, only how whatever moves has moved."""
        moved = self._motion.update(frame.image, frame.time_s)
        if self._swing.swings:
            moved = nan, nan  # no foot
        if self._moves.update(frame.time_s, moved):
            self._moved_s = frame.time_s
        self._time_s = frame.time_s
        nowhere, unseen = np.full((LANDMARKS, 2), np.nan), np.full(LANDMARKS, np.nan)
        framing: Framing = "feet" if self.searched or self.following else "whole"
        self._feet_since_s = min(self._feet_since_s, frame.time_s) if framing == "feet" else inf
        return Pose(frame.time_s, _size(frame), nowhere, unseen, framing=framing, moved=moved)

    def _open(self) -> LegTracker:
        if self._tracker is None:
            self._scout = self._scout or self._open_scout()
            self._tracker = LegTracker(self._follower, self._scout)
        return self._tracker


def nobody(frame: Frame) -> Pose:
    """All NaN."""
    return Pose(frame.time_s, _size(frame), np.full((LANDMARKS, 2), nan), np.full(LANDMARKS, nan))


def _size(frame: Frame) -> tuple[int, int]:
    return frame.image.shape[1], frame.image.shape[0]

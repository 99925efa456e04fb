"""Where no whole body is found: legs without one, feet without knees, or whatever moves."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import inf

import numpy as np

from posecount.feet import FeetTracker
from posecount.feet_look import FeetLook
from posecount.feet_pose import LANDMARKS, Flicker, feet_pose
from posecount.framing import Moves
from posecount.hips import Hips
from posecount.knees_in_view import KneesInView
from posecount.leg_look import Look
from posecount.legs import LegTracker
from posecount.motion import Motion
from posecount.network import Network, Points
from posecount.steadiness import Steadiness
from posecount.swing import WARM, Swing
from posecount.types import Frame, Framing, Pose, nan

REST_S = 0.5  # a detector that blinks on and off must not end the search for legs
# Feet that were counted for a second are so until there has been a pause, with legs all through it: now and
# then shins are taken for small legs, and a change in the middle of a set costs a rep.
SURE_S, PAUSE_S = 1.0, 2.0
GOES_ON_S = 0.75  # or at the end of a run-up: they were in the frames before as well
# New legs that are no warmer may be none, and movement is heard on; made-up ones are at 0.5 to 0.69.
TRIAL_S, TRIAL_HEAT = 0.75, 0.72
RUN_IN_S = 0.3  # before the first frame that is told: until then the scout follows legs, which costs a third
HEARD_ON_S = 8.0  # since legs took over from feet that were counted
BRIEF_S = 1.2  # legs that are gone so soon were none, and feet that were counted are counted on
DOUBTED_S = 0.4  # legs that are followed and not believed: then others are looked for
LEFT_S = 3.0  # since legs up to the hips were measured: lost, as who walks in is, they come back any moment
SELDOM_FRAMES = 3.5  # between single looks for legs, while feet are counted: in every fourth


class Partial:
    """Tells what a frame shows of someone who is only partly in it.

    `follower` follows legs; `scout` opens the network that searches for them, when first needed, and follows
    them if there is no follower. It follows feet too, but not as the only model: that would cost too much.
    """

    def __init__(
        self, follower: Network | None, scout: Callable[[], Network], follows_feet: bool = True
    ) -> None:
        self._follower, self._open_scout, self._follows_feet = follower, scout, follows_feet
        self._scout: Network | None = None
        self.restart()

    def restart(self, begins_s: float = -inf, counts_feet: bool = False) -> None:
        """Forget all that was seen, but that feet were counted, if so; frames are told from `begins_s` on."""
        self._begins_s = -inf if counts_feet else begins_s
        self._told_since_s = -inf if counts_feet else inf  # feet, whatever was seen before
        self._legs: LegTracker | None = None
        self._feet: FeetTracker | None = None
        self._motion, self._moves = Motion(), Moves()
        self._swing = Swing()
        self._judge_anew()
        self._asked_s = self._hips_s = -inf  # _hips_s: when hips were in view, of legs that were measured
        self._feet_since_s = self._legs_since_s = inf
        self._left_s = -inf  # when feet that were counted gave way to legs
        self._heat = 0.0  # of the last legs
        self._there_s = inf  # when legs that were found were last believed
        self._moved_s = self._time_s = -inf  # when feet moved, and when that was looked at

    def _judge_anew(self) -> None:
        self._knees, self._hips, self._steadiness = KneesInView(), Hips(), Steadiness()

    @property
    def following(self) -> bool:
        """Legs have been found, and are followed."""
        return self._legs is not None and self._legs.following

    @property
    def searched(self) -> bool:
        """The whole picture has been searched for legs, in vain, or what was found were none."""
        return self._counts_feet or (self._legs is not None and self._legs.in_vain)

    @property
    def _counts_feet(self) -> bool:
        """Feet have been counted for long enough to go on."""
        begun = self._told_since_s <= self._begins_s - GOES_ON_S and self._time_s >= self._begins_s
        return begun or self._feet_since_s <= self._time_s - SURE_S

    def rest(self, time_s: float) -> None:
        """A whole body is followed: what was known of parts is forgotten, once it lasts."""
        if time_s - self._asked_s > REST_S and self._legs:
            self._legs.forget()
            self._feet = None
            self._feet_since_s = self._told_since_s = inf

    def legs(self, frame: Frame, body_px: Points | None) -> Pose | None:
        """Hips and legs, all else NaN; None while they are not found or not believed.

        `body_px` (33, 2) is a body that was found but is not believed as a whole.
        """
        seldom_s = SELDOM_FRAMES * (frame.time_s - self._time_s)
        ran_up, runs_up = self._runs_up(self._asked_s), self._runs_up(frame.time_s)
        self._asked_s = frame.time_s
        legs = self._open()
        doubted = frame.time_s - self._there_s > DOUBTED_S
        every_s = seldom_s if self.searched else 0.0
        look = legs.update(frame.image, frame.time_s, body_px, every_s, doubted, quick=runs_up)
        if legs.anew:
            self._judge_anew()
        if ran_up and not runs_up:
            self._steadiness.by_another()
        if not legs.following and frame.time_s - self._left_s < BRIEF_S:
            self._feet_since_s = self._left_s = -inf
        pose = self._of_legs(frame, look) if look else None
        self._legs_since_s = min(self._legs_since_s, frame.time_s) if pose else inf
        pause = frame.time_s - max(self._legs_since_s, self._moved_s) >= PAUSE_S
        if self._counts_feet and not pause:
            return None
        return self._told(pose, frame) if pose else None

    def _runs_up(self, time_s: float) -> bool:
        """Whether the scout looks, not the follower."""
        return time_s < self._begins_s - RUN_IN_S

    def _told(self, pose: Pose, frame: Frame) -> Pose:
        if self._counts_feet:
            self._left_s = frame.time_s
        self._feet_since_s = self._told_since_s = inf
        self._feet = None
        if self._knees.with_hips and self._heat > WARM:
            self._hips_s = frame.time_s
        trial = frame.time_s - self._legs_since_s < TRIAL_S and self._heat < TRIAL_HEAT
        feet_lately = frame.time_s - self._left_s < HEARD_ON_S
        return replace(pose, moved=self.moved(frame)) if trial or feet_lately else pose

    def _of_legs(self, frame: Frame, look: Look) -> Pose | None:
        size_px = _size(frame)
        visibility = np.full(LANDMARKS, np.nan)
        visibility[23:] = look.found.visibility[23:LANDMARKS]
        points_px = self._hips.update(look, size_px, frame.time_s)
        pose = Pose(frame.time_s, size_px, points_px, visibility, framing="legs")
        there = self._steadiness.update(frame.time_s, points_px, look.heat)
        if there:
            self._there_s = frame.time_s
        in_view = self._knees.update(pose, self._steadiness.firm)
        self._heat = look.heat
        sure = self._steadiness.firm and look.heat > WARM
        self._swing.update(frame.time_s, points_px if sure else None, size_px)
        return pose if in_view and there else None

    def feet(self, frame: Frame) -> Pose:
        """How whatever moves has moved, and the feet if they are found, with a stranger's hips."""
        pose = self.movement(frame)
        if pose.framing != "feet" or not self._follows_feet or self._motion.steps:
            return pose
        look = self._feet_look(frame)
        return feet_pose(pose, look, self._flicker.update(look.reaches)) if look else pose

    def _feet_look(self, frame: Frame) -> FeetLook | None:
        if self._feet is None:
            self._feet, self._flicker = FeetTracker(self._scouts()), Flicker()
        return self._feet.update(frame.image, frame.time_s)

    def movement(self, frame: Frame) -> Pose:
        """No points, only how whatever moves has moved."""
        moved = self.moved(frame)
        self._time_s = frame.time_s
        nowhere, unseen = np.full((LANDMARKS, 2), np.nan), np.full(LANDMARKS, np.nan)
        framing: Framing = "feet" if self.searched or self.following else "whole"
        if framing == "feet":
            self._told_since_s = min(self._told_since_s, frame.time_s)
        alone = framing == "feet" and frame.time_s - self._hips_s >= LEFT_S
        self._feet_since_s = min(self._feet_since_s, frame.time_s) if alone else inf
        return Pose(frame.time_s, _size(frame), nowhere, unseen, framing=framing, moved=moved)

    def moved(self, frame: Frame) -> tuple[float, float]:
        """How far whatever moves has come since the frame before, as `Motion` tells it."""
        moved = self._motion.update(frame.image, frame.time_s)
        if self._swing.swings:
            moved = nan, nan  # no foot
        if self._moves.update(frame.time_s, moved):
            self._moved_s = frame.time_s
        return moved

    def listen(self, frames: Iterable[Frame]) -> None:
        """Hear anew what moves, in frames of which the last may have been heard already."""
        self._motion, self._moves = Motion(), Moves()
        for frame in frames:
            self.moved(frame)

    def _open(self) -> LegTracker:
        if self._legs is None:
            self._legs = LegTracker(self._follower or self._scouts(), self._scouts())
        return self._legs

    def _scouts(self) -> Network:
        self._scout = self._scout or self._open_scout()
        return self._scout


def nobody(frame: Frame) -> Pose:
    """All NaN."""
    return Pose(frame.time_s, _size(frame), np.full((LANDMARKS, 2), nan), np.full(LANDMARKS, nan))


def _size(frame: Frame) -> tuple[int, int]:
    return frame.image.shape[1], frame.image.shape[0]

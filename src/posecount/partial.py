"""Where no whole body is found: legs without one, or whatever moves."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from math import inf
from pathlib import Path

import numpy as np

from posecount.framing import KneesInView
from posecount.hips import Hips
from posecount.legs import LegTracker
from posecount.motion import Motion
from posecount.network import Network
from posecount.types import Frame, Framing, Pose, nan

LANDMARKS = 33
REST_S = 0.5  # a detector that blinks on and off must not end the search for legs


class Partial:
    """Tells what a frame shows of someone who is only partly in it.

    The networks are loaded when they are first needed: who is always whole in the picture waits for one only.
    """

    def __init__(
        self, bundle: Path, scout: Path, quietly: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._bundles, self._quietly = (bundle, scout), quietly
        self._networks: dict[Path, Network] = {}
        self.restart()

    def restart(self) -> None:
        """Forget all but the networks."""
        self._tracker: LegTracker | None = None
        self._motion, self._knees, self._hips = Motion(), KneesInView(), Hips()
        self._asked_s = -inf

    @property
    def following(self) -> bool:
        """Legs have been found, and are followed."""
        return self._tracker is not None and self._tracker.following

    @property
    def searched(self) -> bool:
        """The whole picture has been searched for legs since they were last seen, in vain."""
        return self._tracker is not None and self._tracker.sweeps > 0

    def rest(self, time_s: float) -> None:
        """A whole body is followed: what was known of parts is forgotten, once it lasts."""
        if time_s - self._asked_s > REST_S and self._tracker:
            self._tracker.forget()

    def confirms(self, frame: Frame, whole: Pose) -> bool:
        """Whether the legs of this body are where someone says who looks at them anew."""
        return self._open().confirms(frame.image, whole.points_px)

    def legs(self, frame: Frame, body: Pose | None) -> Pose | None:
        """Hips and legs, all else NaN; None while they are not found, or no knee is in the picture.

        `body` is one that was found but is not believed as a whole.
        """
        self._asked_s = frame.time_s
        look = self._open().update(frame.image, frame.time_s, body.points_px if body else None)
        if look is None:
            return None
        size_px = _size(frame)
        visibility = np.full(LANDMARKS, np.nan)
        visibility[23:] = look.found.visibility[23:LANDMARKS]
        points_px = self._hips.update(look, size_px, frame.time_s)
        pose = Pose(frame.time_s, size_px, points_px, visibility, framing="legs")
        return pose if self._knees.update(pose) else None

    def movement(self, frame: Frame) -> Pose:
        """No points, only how whatever moves has moved."""
        moved = self._motion.update(frame.image, frame.time_s)
        nowhere, unseen = np.full((LANDMARKS, 2), np.nan), np.full(LANDMARKS, np.nan)
        framing: Framing = "feet" if self.searched or self.following else "whole"
        return Pose(frame.time_s, _size(frame), nowhere, unseen, framing=framing, moved=moved)

    def _open(self) -> LegTracker:
        if self._tracker is None:
            self._tracker = LegTracker(
                lambda: self._network(self._bundles[0]), self._network(self._bundles[1])
            )
        return self._tracker

    def _network(self, bundle: Path) -> Network:
        if bundle not in self._networks:
            with self._quietly():
                self._networks[bundle] = Network(bundle)
        return self._networks[bundle]


def nobody(frame: Frame) -> Pose:
    """All NaN."""
    return Pose(frame.time_s, _size(frame), np.full((LANDMARKS, 2), nan), np.full(LANDMARKS, nan))


def _size(frame: Frame) -> tuple[int, int]:
    return frame.image.shape[1], frame.image.shape[0]

"""A frame in, one person's landmarks out: in pixels, unsmoothed, and nobody told.

MediaPipe finds people; whoever is found is followed by the landmark network of the model asked for.
"""

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from pathlib import Path
from types import TracebackType

import numpy as np

from posecount.body import LOOKS, BodyTracker, trunk
from posecount.bundles import bundle
from posecount.finder import MODEL, Finder
from posecount.framing import Judge
from posecount.light import LightMeter
from posecount.network import Found, Network
from posecount.partial import Partial, nobody
from posecount.quiet import silence
from posecount.types import Frame, Pose

LANDMARKS = 33
GRAINS = 64  # to a pixel: a hundredth of the points' noise, and as fine as poses_file.py keeps them
LOOK_S = 5.0  # a look around costs about two frames of `full`: under 2 % of the work
PEEK_LOOKS = 1  # at a body, while only a part of someone was in view: it is seldom there
LOOK_AGAIN_S = 1.0  # no oftener, however often the person is lost and found


class Landmarker:
    """One person's landmarks, frame after frame: the most prominent one's when there are several.

    Frames of one video in their order; the same frames give the same poses. A context manager.
    It looks around for others now and then, unless someone else does. One that `shares` a camera with others
    follows legs without a body by the quicker network, to keep up with it alone.
    Raises PosecountError when the model, MediaPipe or LiteRT cannot be had.
    """

    def __init__(self, model: str | Path = "heavy", looks_around: bool = True, shares: bool = False) -> None:
        self._path = bundle(model)
        self._quick = self._path == bundle(MODEL)
        self._finder = Finder()
        self._looks_around, self._shares = looks_around, shares

    def __enter__(self) -> "Landmarker":
        with silence():
            self._network = Network(self._path)
        self._finder.__enter__()
        self._body = BodyTracker(self._network)
        follower = None if self._shares else self._network
        self._part = Partial(follower, self._scout, follows_feet=not self._quick)
        self.restart()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finder.__exit__(kind, error, trace)

    def restart(self, begins_s: float = -inf, counts_feet: bool = False) -> None:
        """Be as new, without loading anything again.

        Frames before `begins_s` are a run-up: feet that are told there, or were before (`counts_feet`), are
        gone on with.
        """
        self.forget()
        self._part.restart(begins_s, counts_feet)
        self._judge = Judge()
        self._meter = LightMeter()
        self._people = 1
        self._looked_s = -np.inf
        self._seen = False

    def forget(self) -> None:
        """Whom it followed: it finds the largest person in the next frame."""
        self._body.forget()

    def detect(self, frame: Frame) -> Pose:
        """All NaN when nobody is found; of someone who is only partly in the picture, what `framing` says."""
        pose = self._detect(frame)
        points_px = np.round(pose.points_px * GRAINS) / GRAINS
        return replace(pose, points_px=points_px, light=self._meter.update(frame.image, frame.time_s))

    def moved(self, frame: Frame) -> tuple[float, float]:
        """What moves, as in a pose by movement: of a frame in which nothing is looked for."""
        return self._part.moved(frame)

    def listen(self, frames: Iterable[Frame]) -> None:
        """Know what moved in these, of which the last may have been looked at already."""
        self._part.listen(frames)

    def _detect(self, frame: Frame) -> Pose:
        part, judge = self._part, self._judge
        partial = part.following or part.searched
        asks = judge.asks(frame.time_s, part.following, part.searched)
        found = self._whole(frame, PEEK_LOOKS if partial else LOOKS) if asks else None
        verdict = judge.verdict(trunk(found, frame.image) if found else None, frame.time_s, partial)
        if found and verdict == "sure":
            part.rest(frame.time_s)
            return self._pose(found, frame)
        if verdict == "blinked":
            return nobody(frame)
        hint_px = found.points_px[:LANDMARKS] if found else None
        return part.legs(frame, hint_px) or part.feet(frame)

    def _pose(self, found: Found, frame: Frame) -> Pose:
        height, width = frame.image.shape[:2]
        points_px, visibility = found.points_px[:LANDMARKS], found.visibility[:LANDMARKS]
        return Pose(frame.time_s, (width, height), points_px, visibility, self._people)

    def _whole(self, frame: Frame, looks: int) -> Found | None:
        """A body, whether or not all of it is in the picture; found anew, looked at so often."""
        found = self._body.follow(frame.image, frame.time_s) or self._find(frame, looks)
        if found and self._looks_around and self._due(frame.time_s):
            found = self._look_around(found, frame) or found
        self._seen = found is not None
        return found

    def _find(self, frame: Frame, looks: int) -> Found | None:
        people = self._finder.people(frame.image)
        return self._body.begin(frame.image, people[0], looks) if people else None

    def _due(self, time_s: float) -> bool:
        return time_s - self._looked_s >= (LOOK_S if self._seen else LOOK_AGAIN_S)

    def _look_around(self, found: Found, frame: Frame) -> Found | None:
        """Somebody else, if much larger."""
        self._looked_s = frame.time_s
        self._people, larger = self._finder.others(frame.image, found.points_px[:LANDMARKS])
        return self._body.begin(frame.image, larger) if larger is not None else None

    def _scout(self) -> Network:
        """Opened when it is first needed: who is always whole in the picture does without."""
        if self._quick:
            return self._network
        with silence():
            return Network(bundle(MODEL))

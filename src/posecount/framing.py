"""How much of a person is in the picture, and whether the body in it can be true."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress
from math import hypot, inf
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecount.filters import Average
from posecount.geometry import samples
from posecount.types import BodySample, Framing, Pose, nan

Points = NDArray[np.float64]
Joints = NDArray[np.complex128]
Verdict = Literal["sure", "blinked", "no"]  # to be measured; not there for a moment; not a whole body

# A landmarker that sees feet only invents a body around them, another one in every frame: its joints tremble
# by 0.3 to 0.6 of its longest bone. Real bodies: 0.01-0.08, jogging 0.08, 238 pixels high and marching 0.19.
INVENTED = 0.22
BODY = np.array([11, 12, 23, 24, 25, 26, 27, 28])
UPPER, LOWER = slice(0, 6), slice(2, 8)  # of those, the ends of the bones between them
WINDOW_S, ENOUGH = 1.0, 4
GONE_S = 0.5
BLINK_S = 0.15  # a detector that blinks has lost nobody
# Mean heat of the network's maps of the shoulders: in view 0.57 to 0.9, guessed beyond the edge 0.19 to 0.36.
TRUNK_SEEN, TRUNK_KEPT, TRUNK_TAU_S = 0.55, 0.45, 0.3
TRUNK_SURE = 0.67  # after a time in which only a part was in view: cut at the hips, guesses reach 0.64
PEEK_LEGS_S, PEEK_FEET_S = 1.5, 0.75
NOBODY, PEEK_S = 10, 0.1  # after so many frames with nobody in them, so often
SURE = 10  # bodies in a row, after a time in which only a part was in view

EVERY_S = 0.19  # three frames are looked at each time: for the sake of speed others are passed over
BRIEF_S = 8.0  # made-up legs that told degrees among feet were believed for 4.5 to 5 s in all
RESTS_S = 5.0  # someone who rests between reps is still there
MOVES = 25.0  # thousandths of what moves, in a second: slow pumps 60, who stands or sits still 5 to 15
HIP = 23


class Trembling:
    """How much a body's joints shake from frame to frame, in its longest bones; smooth movement is none."""

    def __init__(self) -> None:
        self._times_s: list[float] = []  # of the last two bodies
        self._joints = np.empty((0, len(BODY)), np.complex128)  # x + iy
        self._shaken: deque[tuple[float, float]] = deque()
        self.value = 0.0

    def update(self, time_s: float, points_px: Points) -> float:
        """The median of the last second; 0 until enough is known. `points_px` (33, 2), NaN for nobody."""
        return self.updates([time_s], points_px[None])[0]

    def updates(self, times_s: Sequence[float], points_px: Points) -> list[float]:
        """The same after each of many frames, (n, 33, 2): a hundred take little longer than three."""
        new = points_px.take(BODY, axis=1).view(np.complex128)[..., 0]
        known = [total == total for total in new.sum(axis=1).tolist()]  # not NaN
        at, times = len(self._times_s), [*self._times_s, *compress(times_s, known)]
        joints = np.concatenate((self._joints, new[known]))
        thirds = [n for n in range(2, len(times)) if _even(*times[n - 2 : n + 1])]
        shaken = dict(zip(thirds, _shaken(joints, thirds), strict=True)) if thirds else {}
        self._times_s, self._joints = times[-2:], joints[-2:]
        values = []
        for here in known:
            if here:
                self._hear(times[at], times[at] - times[max(at - 1, 0)] > GONE_S, shaken.get(at))
                at += 1
            values.append(self.value)
        return values

    def _hear(self, time_s: float, anew: bool, shaken: float | None) -> None:
        """`shaken` is None where the last three frames are no neighbours."""
        if anew:
            self._shaken.clear()
            self.value = 0.0
        elif shaken is not None:
            self._shaken.append((time_s, shaken))
            while time_s - self._shaken[0][0] > WINDOW_S:
                self._shaken.popleft()
            enough = len(self._shaken) >= ENOUGH
            self.value = median([each for _, each in self._shaken]) if enough else 0.0


def _even(one_s: float, two_s: float, three_s: float) -> bool:
    """Whether three frames are neighbours."""
    first_s, second_s = two_s - one_s, three_s - two_s
    return second_s < 2 * first_s and first_s < 2 * second_s and max(first_s, second_s) <= GONE_S


def _shaken(joints: Joints, thirds: list[int]) -> list[float]:
    """Of each third body with the two before it."""
    three = np.array(thirds)
    middle = joints[three - 1]
    jolts = joints[three] - 2 * middle + joints[three - 2]
    jolts -= jolts.mean(axis=1, keepdims=True)  # what shakes all of them alike is the camera
    shaken = (np.abs(jolts.real) + np.abs(jolts.imag)).mean(axis=1)
    longest = np.abs(middle[:, UPPER] - middle[:, LOWER]).max(axis=1)
    return list((shaken / np.maximum(longest, 1e-6)).tolist())


class Believer:
    """Tells invented bodies, whoever found them."""

    def __init__(self) -> None:
        self._trembling = Trembling()
        self._looked_s, self._left = -inf, 0

    def believed(self, poses: Sequence[Pose]) -> Iterator[tuple[Pose, BodySample]]:
        """The poses, in order of time, with what can be measured in them: nobody for a body not believed."""
        bodies, believes = samples(poses), self._believes(poses)
        for pose, body, true in zip(poses, bodies, believes, strict=True):
            if true:
                yield pose, body
            else:
                yield _without_body(pose), BodySample(pose.time_s, None, None, nan, nan)

    def _believes(self, poses: Sequence[Pose]) -> list[bool]:
        trembling, looked = self._trembling.value, [n for n, pose in enumerate(poses) if self._looks(pose)]
        times_s = [poses[n].time_s for n in looked]
        points_px = np.array([poses[n].points_px for n in looked])
        new = self._trembling.updates(times_s, points_px) if looked else []
        after, believed = dict(zip(looked, new, strict=True)), []
        for n, pose in enumerate(poses):
            trembling = after.get(n, trembling)
            believed.append(pose.framing != "whole" or trembling < INVENTED)
        return believed

    def _looks(self, pose: Pose) -> bool:
        if pose.framing != "whole":
            return False
        if pose.time_s - self._looked_s >= EVERY_S:
            self._looked_s, self._left = pose.time_s, 3  # three in a row show a trembling
        self._left -= 1
        return self._left >= 0


def _without_body(pose: Pose) -> Pose:
    """The same moment, with nobody there."""
    return replace(pose, points_px=np.full_like(pose.points_px, np.nan))


class Framings:
    """How much of the person is in view now, and was most of the time. Feet count only while they move."""

    def __init__(self) -> None:
        self.now: Framing = "whole"
        self._frames: Counter[Framing] = Counter()
        self._moved_s = self._time_s = -inf
        self._legs_s = 0.0

    def update(self, pose: Pose, there: bool, moves: bool) -> None:
        """Frames in which nobody is `there` change nothing. `moves`: something does (`Moves`)."""
        since_s, self._time_s = pose.time_s - self._time_s, pose.time_s
        if there and pose.framing == "legs":
            self._legs_s += min(since_s, GONE_S)
        if moves:
            self._moved_s = pose.time_s
        feet = pose.framing == "feet" and pose.time_s - self._moved_s < RESTS_S
        if there or feet:
            self.now = pose.framing
            self._frames[pose.framing] += 1

    @property
    def most(self) -> Framing:
        return max(self._frames, key=lambda each: self._frames[each], default="whole")

    @property
    def made_up(self) -> bool:
        """Whether legs were seen for seconds only, and else feet, never somebody: then they were none."""
        return self.most == "feet" and self._legs_s < BRIEF_S and not self._frames["whole"]


def seen(pose: Pose) -> bool:
    """Whether anybody's legs were found, or one of them."""
    left_px, right_px = pose.points_px.item(HIP, 0), pose.points_px.item(HIP + 1, 0)
    return bool(left_px == left_px or right_px == right_px)  # NaN is not


def in_view(pose: Pose) -> Points:
    """(33, 2): its points, all NaN where they are only a stranger's who stands on its feet."""
    return np.full_like(pose.points_px, np.nan) if pose.framing == "feet" else pose.points_px


class Moves:
    """Whether something moves where no person was found; `update` with each frame."""

    def __init__(self) -> None:
        self._time_s = -inf

    def update(self, time_s: float, moved: tuple[float, float]) -> bool:
        """`moved` is how far, since the frame before, in thousandths of its size; NaN is not at all."""
        since_s, self._time_s = time_s - self._time_s, time_s
        return hypot(*moved) > MOVES * since_s


class Judge:
    """Whether the body that was found is to be measured; and when to look for one at all."""

    def __init__(self) -> None:
        self._asked_s = self._sure_s = -inf
        self._trunk = Average(TRUNK_TAU_S)
        self._running = self._nobody = 0  # frames, one after the other, with a whole body and with none

    def asks(self, time_s: float, following: bool, searched: bool) -> bool:
        """Seldom while nobody or only a part of someone is in view: it searches all of the picture."""
        often_s = PEEK_S if self._nobody >= NOBODY else 0.0
        if following or searched:
            often_s = PEEK_LEGS_S if following else PEEK_FEET_S
        if not self._running and time_s - self._asked_s < often_s:
            return False
        self._asked_s = time_s
        return True

    def verdict(self, trunk: float | None, time_s: float, partial: bool) -> Verdict:
        """`trunk` is how sure the network is of the shoulders of the body found, None without one.

        When only a part was in view so far (`partial`), one whole body is not enough.
        """
        self._nobody = self._nobody + 1 if trunk is None else 0
        if not self._whole(trunk, time_s, partial):
            self._running = 0
            return "blinked" if time_s - self._sure_s <= BLINK_S else "no"
        self._running += 1
        if partial and self._running < SURE:
            return "no"
        self._sure_s = time_s
        return "sure"

    def _whole(self, trunk: float | None, time_s: float, partial: bool) -> bool:
        if trunk is None:
            self._trunk = Average(TRUNK_TAU_S)
            return False
        least = TRUNK_KEPT if self._running else TRUNK_SEEN
        if partial and self._running < SURE:
            least = TRUNK_SURE
        return self._trunk.push(time_s, trunk) >= least

"""By how many degrees has the near foot turned in the picture? Measured in the pixels, not from landmarks.

The landmark network flattens a foot's turn by an amount that differs from clip to clip (heavy keeps 47-119 %
of it). So a picture of the resting foot is kept and found again, turned, in later pictures: a few times a
second at first, and seldom once every direction has been measured; enough to learn by how much the landmarks
flatten (foot_range.py). The far foot is left out: partly hidden, it was found no better than its landmarks.
"""

from collections import Counter
from math import degrees, isfinite, nan, radians

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.foot_cut import (
    HALF_PX,
    Cuts,
    FootCut,
    FootCutter,
    Image,
    Place,
    direction_deg,
    foot_mask,
    foot_points,
    full_length,
    length,
    line_deg,
    measurable,
    turned_deg,
    wrapped_deg,
)
from posecount.registration import Fit, Grey, Patch, Vector, blur, rotation
from posecount.types import Pose

# Lengths in px are those of the small pictures, in which every shank is 60 px long.
COARSE_PX, FINE_PX = 3.0, 1.2  # blurs: the first catches large turns, the second is exact
STARTS = (1.1, 0.8, 1.4)  # times the landmarks' turn: how much they may flatten
BAND_PX = 6  # of background around the foot: its outline carries the turn when a shoe is plain
BELOW_ANKLE = 0.08  # of the shank: above, the picture follows the shin
GIVE_PX, HINGE_GIVE_PX = 3.0, 1.5  # how far the ankle's landmark, and an end of a rigid foot, may be wrong
HEEL_PART, TOE_PART = 0.5, 0.7  # of the foot's length: it bends at the ball, so its ends are found apart
BALL = 0.72
PART_LEAST = 30  # pixels: of feet seen from far above some lie above the ankle in the picture
TOES_FLAT = 0.8  # of the foot's turn that the toes may take back to stay on the floor

# The resting picture: taken when the foot has been still, and anew when the person has moved elsewhere.
STILL_S, STILL = 0.3, 0.05  # seconds, share of the shank
GONE = 0.6  # of the shank

# Where the landmarks' turn falls in a range not measured often yet, look; otherwise seldom.
SELDOM_S, RANGE_DEG, ENOUGH = 4.0, 4.0, 15
FACING_SHARE = 0.05  # of a new picture in which leg is believed the nearer

PLAIN = 0.97  # so like, and the other starts would end in the same place (turns within 0.01 deg)
LIKENESS_MIN, SD_MAX_DEG, SHIFT_MAX_PX = 0.85, 1.6, 8.0
DOUBT_DEG, DOUBT = 8.0, 0.7  # a turn further from the landmarks' than this much plus this share is a mistake

Mask = NDArray[np.bool_]
Parts = tuple[Mask, Mask, Mask]  # each (112, 112)


class FootTurns:
    """The feet of one person, picture by picture."""

    def __init__(self) -> None:
        self._left, self._right = _Foot(), _Foot()
        self._cutter = FootCutter()
        self._facing = 0.0

    def update(self, image_rgb: Image, pose: Pose) -> tuple[float, float]:
        """Degrees (left, right) that a foot has turned in the picture since it rested, clockwise positive.

        0 where the resting picture was taken; NaN for the far foot, and where nothing was measured, which is
        in most pictures. `image_rgb` is (height, width, 3), the picture that the pose was found in.
        """
        return self.compare(self._cutter.update(image_rgb, pose), pose)

    def compare(self, cuts: Cuts, pose: Pose) -> tuple[float, float]:
        """The same from what a FootCutter has cut out, for poses in order of time."""
        left, right = foot_points(pose)
        facing = _across(left) + _across(right)
        if isfinite(facing):
            self._facing += FACING_SHARE * (facing - self._facing)
        if self._facing > 0:
            return self._left.update(cuts[0], left, pose), nan
        return nan, self._right.update(cuts[1], right, pose)


class _Foot:
    """One foot: knee, ankle, heel and toe come as points (4, 2) in pixels."""

    def __init__(self) -> None:
        self._before: list[tuple[float, Vector]] = []  # the last STILL_S seconds
        self._rest: _Rest | None = None
        self._offset_deg = self._first_deg = nan
        self._last_s = -1e9
        self._seen: Counter[int] = Counter()

    def update(self, cut: FootCut | None, points: Vector, pose: Pose) -> float:
        if not measurable(points, pose.size_px):
            self._before.clear()
            return nan
        time_s = pose.time_s
        self._before = [(t, p) for t, p in self._before if t >= time_s - STILL_S] + [(time_s, points)]
        if self._rest is not None and self._rest.gone(points):
            self._rest = None
        if cut is None:
            return nan
        if self._rest is None:
            return self._take(cut, points, time_s)
        landmarks_deg = turned_deg(self._rest.points, points)
        if not self._due(landmarks_deg, time_s):
            return nan
        self._last_s = time_s
        self._seen[round(landmarks_deg / RANGE_DEG)] += 1
        return self._rest.measure(cut, points, landmarks_deg) + self._offset_deg

    def _take(self, cut: FootCut, points: Vector, time_s: float) -> float:
        """Keep this picture when the foot is still; its turn is the landmarks' since the first one kept."""
        if not self._still(points, time_s):
            return nan
        parts = _parts(cut.place.scaled(points))
        if min(np.count_nonzero(part) for part in parts) < PART_LEAST:
            return nan
        now_deg = direction_deg(points)
        if not isfinite(self._first_deg):
            self._first_deg = now_deg
        self._offset_deg = wrapped_deg(now_deg - self._first_deg)
        self._rest = _Rest(cut, points, parts)
        return self._offset_deg

    def _still(self, points: Vector, time_s: float) -> bool:
        shank_px = length(points[0] - points[1])
        moved = max(float(np.abs(points - p).max()) for _, p in self._before)
        return time_s - self._before[0][0] >= 0.8 * STILL_S and moved <= STILL * shank_px

    def _due(self, landmarks_deg: float, time_s: float) -> bool:
        known = self._seen[round(landmarks_deg / RANGE_DEG)] >= ENOUGH
        return not known or time_s - self._last_s >= SELDOM_S


class _Rest:
    """The picture of the resting foot, ready to be found in others."""

    def __init__(self, cut: FootCut, points: Vector, parts: Parts) -> None:
        self.points = points
        self._half_px = cut.place.half_px
        colours, knots = self._scaled(cut, points)
        self._ankle, self._ends = knots[1], full_length(knots)[2:]
        self._colour = _telling_colour(colours, foot_mask(knots))
        grey, (foot, heel, toe) = colours @ self._colour, parts
        self._coarse = Patch(grey, foot, self._ankle, COARSE_PX)
        self._fine = Patch(grey, foot, self._ankle, FINE_PX)
        self._parts = Patch(grey, heel, self._ends[0], FINE_PX), Patch(grey, toe, self._ends[1], FINE_PX)

    def gone(self, points: Vector) -> bool:
        """Has the person moved away from where the picture was taken?"""
        return length(points[1] - self.points[1]) > GONE * length(self.points[0] - self.points[1])

    def measure(self, cut: FootCut, points: Vector, landmarks_deg: float) -> float:
        """Degrees turned since rest; NaN when the foot was not found again beyond doubt."""
        colours, knots = self._scaled(cut, points)
        grey = colours @ self._colour
        coarse, fine = blur(grey, COARSE_PX), blur(grey, FINE_PX)
        expected = knots[1] - self._ankle
        starts = [Fit(radians(landmarks_deg * part), expected, 0.0, 0.0) for part in STARTS]
        found = []
        for start in starts:
            found.append(self._coarse.find(coarse, start, expected, GIVE_PX, 8))
            if found[-1].likeness >= PLAIN:
                break
        best = max(found, key=lambda fit: fit.likeness)
        fit = self._fine.find(fine, best, expected, GIVE_PX, 10)
        if not _sound(fit, expected, landmarks_deg):
            return nan
        return self._bent_deg(fine, fit)

    def _bent_deg(self, fine: Grey, foot: Fit) -> float:
        """The turn of the line from heel to toe, each found on its own: a foot bends at the ball."""
        heel, toe = self._ends
        rigid = foot.move(self._ends, self._ankle)
        ball = foot.move(heel + BALL * (toe - heel), self._ankle)
        flat = ball + (rigid[1] - ball) @ rotation(-TOES_FLAT * foot.turn).T
        ends = [
            self._end(0, fine, [(foot.turn, rigid[0])]),
            self._end(1, fine, [(foot.turn, rigid[1]), ((1 - TOES_FLAT) * foot.turn, flat)]),
        ]
        rigid_deg = degrees(foot.turn)
        return rigid_deg + wrapped_deg(line_deg(*ends) - line_deg(*self._ends) - rigid_deg)

    def _end(self, which: int, fine: Grey, guesses: list[tuple[float, Vector]]) -> Vector:
        """Where the heel (0) or the toe (1) went, from the likeliest of the guesses (turn, place)."""
        part, rest = self._parts[which], self._ends[which]
        starts = [Fit(turn, place - rest, 0.0, 0.0) for turn, place in guesses]
        found = [part.find(fine, start, start.shift_px, HINGE_GIVE_PX, 6) for start in starts]
        return np.asarray(rest + max(found, key=lambda fit: fit.likeness).shift_px)

    def _scaled(self, cut: FootCut, points: Vector) -> tuple[Grey, Vector]:
        """The picture around the foot, (112, 112, 3), in the scale of rest, and the four points in it."""
        knots = Place(cut.place.centre_px, self._half_px).scaled(points)
        if cut.place.half_px == self._half_px:
            return cut.pixels.astype(np.float32), knots
        grown, middle = cut.place.half_px / self._half_px, HALF_PX - 0.5
        matrix = np.array([[grown, 0, middle * (1 - grown)], [0, grown, middle * (1 - grown)]])
        size = 2 * HALF_PX, 2 * HALF_PX
        pixels = cv2.warpAffine(
            cut.pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return pixels.astype(np.float32), knots


def _across(points: Vector) -> float:
    """Heel to toe across the shank, in shanks: + when the leg's left side is turned to the camera."""
    knee, ankle, heel, toe = points.tolist()
    shank_x, shank_y = knee[0] - ankle[0], knee[1] - ankle[1]
    foot_x, foot_y = toe[0] - heel[0], toe[1] - heel[1]
    squared = shank_x * shank_x + shank_y * shank_y
    return (shank_y * foot_x - shank_x * foot_y) / squared if squared > 0 else nan


def _sound(fit: Fit, expected_px: Vector, landmarks_deg: float) -> bool:
    return (
        fit.likeness >= LIKENESS_MIN
        and fit.turn_sd_deg <= SD_MAX_DEG
        and length(fit.shift_px - expected_px) <= SHIFT_MAX_PX
        and abs(degrees(fit.turn) - landmarks_deg) <= DOUBT_DEG + DOUBT * abs(landmarks_deg)
    )


def _parts(knots: Vector) -> Parts:
    """The foot and the background beside it, but not what is above the ankle; of that its heel; its toes."""
    above = _along(knots[1], knots[0]) > -BELOW_ANKLE
    foot = (_grown(foot_mask(knots), BAND_PX) > 0) & ~above
    along = _along(*full_length(knots)[2:])
    return foot, foot & (along < HEEL_PART), foot & (along > TOE_PART)


def _telling_colour(colours: Grey, foot: Image) -> Grey:
    """The mix of red, green and blue (3,) that best tells this foot from what is around it (Fisher's)."""
    around = (_grown(foot, 12) > 0) & (_grown(foot, 4) == 0)
    inner, outer = colours[cv2.erode(foot, np.ones((3, 3))) > 0], colours[around]
    if len(inner) < 20 or len(outer) < 20:
        return np.full(3, 1 / 3, np.float32)
    scatter = np.cov(inner.T) + np.cov(outer.T) + 20 * np.eye(3)  # 20: the noise of a camera, squared
    mix = np.linalg.solve(scatter, inner.mean(axis=0) - outer.mean(axis=0))
    return np.asarray(mix / (np.abs(mix).sum() + 1e-9), np.float32)


def _grown(mask: Image, px: int) -> Image:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * px + 1, 2 * px + 1))
    return np.asarray(cv2.dilate(mask, disc), np.uint8)


def _along(start: Vector, end: Vector) -> Vector:
    """(112, 112): how far each pixel is from start (0) to end (1)."""
    rows, columns = np.mgrid[: 2 * HALF_PX, : 2 * HALF_PX]
    line = end - start
    return np.asarray(((columns - start[0]) * line[0] + (rows - start[1]) * line[1]) / (line @ line))

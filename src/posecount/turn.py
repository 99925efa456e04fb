"""By how many degrees has the near foot turned in the picture? Measured in the pixels, not from landmarks.

The landmark network flattens a foot's turn by an amount that differs from clip to clip (heavy keeps 47-119 %
of it). So a picture of the resting foot is kept and found again, turned, in later pictures: a few times a
second at first, and seldom once every direction has been measured; enough to learn by how much the landmarks
flatten (foot_range.py). The far foot is left out: partly hidden, it was found no better than its landmarks.
"""

from collections import Counter
from math import atan2, degrees, hypot, isfinite, nan, radians

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.geometry import LEG_POINTS
from posecount.registration import Fit, Grey, Patch, Vector, blur, rotation
from posecount.types import LEGS, Pose

Image = NDArray[np.uint8]

# The picture around the foot, scaled so that every shank is 60 px long; lengths below are in these pixels.
SHANK_PX, HALF_PX = 60, 56
COARSE_PX, FINE_PX = 3.0, 1.2  # blurs: the first catches large turns, the second is exact
STARTS = (0.8, 1.1, 1.4)  # times the landmarks' turn: how much they may flatten
BAND_PX = 6  # of background around the foot: its outline carries the turn when a shoe is plain
BELOW_ANKLE = 0.08  # of the shank: above, the picture follows the shin
GIVE_PX, HINGE_GIVE_PX = 3.0, 1.5  # how far the ankle's landmark, and an end of a rigid foot, may be wrong
HEEL_PART, TOE_PART = 0.5, 0.7  # of the foot's length: it bends at the ball, so its ends are found apart
BALL = 0.72
HEEL_INSIDE, TOE_INSIDE = 0.08, 0.14  # of the landmarks' foot; rendered feet, heavy and full alike
TOES_FLAT = 0.8  # of the foot's turn that the toes may take back to stay on the floor

# The resting picture: taken when the foot has been still, and anew when the person has moved elsewhere.
STILL_S, STILL = 0.3, 0.05  # seconds, share of the shank
GONE = 0.6  # of the shank
FOOT_MIN = 0.3  # of the shank: a foot that points at the camera shows no rotation
SHANK_MIN_PX = 30.0  # less, and the foot is a dozen pixels

# Where the landmarks' turn falls in a range not measured often yet, look; otherwise seldom.
EVERY_S, SELDOM_S, RANGE_DEG, ENOUGH = 0.2, 4.0, 4.0, 8
BLURRED_DEG = 6.0  # turned by more since the last picture: smeared
FACING_SHARE = 0.05  # of a new picture in which leg is believed the nearer

LIKENESS_MIN, SD_MAX_DEG, SHIFT_MAX_PX = 0.85, 3.0, 8.0
DOUBT_DEG, DOUBT = 8.0, 0.7  # a turn further from the landmarks' than this much plus this share is a mistake


class FootTurns:
    """The feet of one person, picture by picture."""

    def __init__(self) -> None:
        self._left, self._right = _Foot(), _Foot()
        self._facing = 0.0

    def update(self, image_rgb: Image, pose: Pose) -> tuple[float, float]:
        """Degrees (left, right) that a foot has turned in the picture since it rested, clockwise positive.

        0 where the resting picture was taken; NaN for the far foot, and where nothing was measured, which is
        in most pictures. `image_rgb` is (height, width, 3), the picture that the pose was found in.
        """
        left, right = (pose.points_px[list(LEG_POINTS[leg][1:])] for leg in LEGS)
        facing = _across(left) + _across(right)
        if isfinite(facing):
            self._facing += FACING_SHARE * (facing - self._facing)
        if self._facing > 0:
            return self._left.update(image_rgb, left, pose.time_s), nan
        return nan, self._right.update(image_rgb, right, pose.time_s)


class _Foot:
    """One foot: knee, ankle, heel and toe come as points (4, 2) in pixels."""

    def __init__(self) -> None:
        self._before: list[tuple[float, Vector]] = []  # the last STILL_S seconds
        self._rest: _Rest | None = None
        self._offset_deg = self._first_deg = nan
        self._last_s = -1e9
        self._seen: Counter[int] = Counter()

    def update(self, image: Image, points: Vector, time_s: float) -> float:
        if not _measurable(image, points):
            self._before.clear()
            return nan
        before = self._before[-1][1] if self._before else points
        self._before = [(t, p) for t, p in self._before if t >= time_s - STILL_S] + [(time_s, points)]
        if self._rest is None or self._rest.gone(points):
            return self._take(image, points, time_s)
        landmarks_deg = _turn_deg(self._rest.points, points)
        if not self._due(landmarks_deg, abs(_turn_deg(before, points)), time_s):
            return nan
        self._last_s = time_s
        self._seen[round(landmarks_deg / RANGE_DEG)] += 1
        return self._rest.measure(image, points, landmarks_deg) + self._offset_deg

    def _take(self, image: Image, points: Vector, time_s: float) -> float:
        """Keep this picture when the foot is still; its turn is the landmarks' since the first one kept."""
        self._rest = None
        if not self._still(points, time_s):
            return nan
        direction_deg = _direction_deg(points)
        if not isfinite(self._first_deg):
            self._first_deg = direction_deg
        self._offset_deg = _wrap_deg(direction_deg - self._first_deg)
        self._rest = _Rest(image, points)
        return self._offset_deg

    def _still(self, points: Vector, time_s: float) -> bool:
        shank_px = _length(points[0] - points[1])
        moved = max(float(np.abs(points - p).max()) for _, p in self._before)
        return time_s - self._before[0][0] >= 0.8 * STILL_S and moved <= STILL * shank_px

    def _due(self, landmarks_deg: float, since_before_deg: float, time_s: float) -> bool:
        known = self._seen[round(landmarks_deg / RANGE_DEG)] >= ENOUGH
        return since_before_deg <= BLURRED_DEG and time_s - self._last_s >= (SELDOM_S if known else EVERY_S)


class _Rest:
    """The picture of the resting foot, ready to be found in others."""

    def __init__(self, image: Image, points: Vector) -> None:
        self.points = points
        self._half_px = max(1, round(HALF_PX * _length(points[0] - points[1]) / SHANK_PX))
        colours, knots = self._cut(image, points)
        knots_full = _full_length(knots)
        self._ankle, self._ends = knots[1], knots_full[2:]
        foot = _foot_mask(knots)
        self._colour = _telling_colour(colours, foot)
        grey, mask = colours @ self._colour, _mask(foot, knots)
        along = _along(*self._ends)
        self._coarse = Patch(grey, mask, self._ankle, COARSE_PX)
        self._fine = Patch(grey, mask, self._ankle, FINE_PX)
        self._parts = (
            Patch(grey, mask & (along < HEEL_PART), self._ends[0], FINE_PX),
            Patch(grey, mask & (along > TOE_PART), self._ends[1], FINE_PX),
        )

    def gone(self, points: Vector) -> bool:
        """Has the person moved away from where the picture was taken?"""
        return _length(points[1] - self.points[1]) > GONE * _length(self.points[0] - self.points[1])

    def measure(self, image: Image, points: Vector, landmarks_deg: float) -> float:
        """Degrees turned since rest; NaN when the foot was not found again beyond doubt."""
        colours, knots = self._cut(image, points)
        grey = colours @ self._colour
        coarse, fine = blur(grey, COARSE_PX), blur(grey, FINE_PX)
        expected = knots[1] - self._ankle
        starts = [Fit(radians(landmarks_deg * part), expected, 0.0, 0.0) for part in STARTS]
        found = [self._coarse.find(coarse, start, expected, GIVE_PX, 8) for start in starts]
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
        return rigid_deg + _wrap_deg(_line_deg(*ends) - _line_deg(*self._ends) - rigid_deg)

    def _end(self, which: int, fine: Grey, guesses: list[tuple[float, Vector]]) -> Vector:
        """Where the heel (0) or the toe (1) went, from the likeliest of the guesses (turn, place)."""
        part, rest = self._parts[which], self._ends[which]
        starts = [Fit(turn, place - rest, 0.0, 0.0) for turn, place in guesses]
        found = [part.find(fine, start, start.shift_px, HINGE_GIVE_PX, 6) for start in starts]
        return np.asarray(rest + max(found, key=lambda fit: fit.likeness).shift_px)

    def _cut(self, image: Image, points: Vector) -> tuple[Grey, Vector]:
        """The picture around the foot, (112, 112, 3), and the four points in it."""
        half, size = self._half_px, 2 * HALF_PX
        x, y = (round(float(v)) for v in points[1:].mean(axis=0))
        height, width = image.shape[:2]
        inside = image[max(0, y - half) : max(0, y + half), max(0, x - half) : max(0, x + half)]
        beyond = (max(0, half - y), max(0, y + half - height), max(0, half - x), max(0, x + half - width))
        if any(beyond):
            inside = np.asarray(cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_REPLICATE), np.uint8)
        small = cv2.resize(inside, (size, size), interpolation=cv2.INTER_AREA)
        scale = HALF_PX / half
        knots = (points - np.array([x, y]) + half + 0.5) * scale - 0.5
        return small.astype(np.float32), np.asarray(knots)


def _measurable(image: Image, points: Vector) -> bool:
    """Is the whole foot in the picture, large enough and seen from its side? False for NaN too."""
    height, width = image.shape[:2]
    shank_px, foot_px = _length(points[0] - points[1]), _length(points[3] - points[2])
    inside = (points[1:] >= 0).all() and (points[1:] < (width, height)).all()
    return bool(inside and shank_px >= SHANK_MIN_PX and FOOT_MIN <= foot_px / shank_px <= 1.1)


def _across(points: Vector) -> float:
    """Heel to toe across the shank, in shanks: + when the leg's left side is turned to the camera."""
    shank, foot = points[0] - points[1], points[3] - points[2]
    length = float(shank @ shank)
    return float(shank[1] * foot[0] - shank[0] * foot[1]) / length if length > 0 else nan


def _sound(fit: Fit, expected_px: Vector, landmarks_deg: float) -> bool:
    return (
        fit.likeness >= LIKENESS_MIN
        and fit.turn_sd_deg <= SD_MAX_DEG
        and _length(fit.shift_px - expected_px) <= SHIFT_MAX_PX
        and abs(degrees(fit.turn) - landmarks_deg) <= DOUBT_DEG + DOUBT * abs(landmarks_deg)
    )


def _full_length(knots: Vector) -> Vector:
    """The same with the ends of the foot where they are: the landmarks lie inside it."""
    line = knots[3] - knots[2]
    return np.array([knots[0], knots[1], knots[2] - HEEL_INSIDE * line, knots[3] + TOE_INSIDE * line])


def _foot_mask(knots: Vector) -> Image:
    """(112, 112), 255 inside the foot as the landmarks have it."""
    _, ankle, heel, toe = knots
    corners = np.array([(ankle + heel) / 2, heel, toe, (ankle + toe) / 2, ankle], np.float32)
    mask = np.zeros((2 * HALF_PX, 2 * HALF_PX), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(corners).astype(np.int32), 255)
    return mask


def _mask(foot: Image, knots: Vector) -> NDArray[np.bool_]:
    """The foot with its band of background, without what is above the ankle."""
    above = _along(knots[1], knots[0]) > -BELOW_ANKLE
    return (_grown(foot, BAND_PX) > 0) & ~above


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


def _turn_deg(before: Vector, after: Vector) -> float:
    return _wrap_deg(_direction_deg(after) - _direction_deg(before))


def _direction_deg(points: Vector) -> float:
    return _line_deg(points[2], points[3])


def _line_deg(start: Vector, end: Vector) -> float:
    return degrees(atan2(float(end[1] - start[1]), float(end[0] - start[0])))


def _wrap_deg(angle: float) -> float:
    return (angle + 180.0) % 360.0 - 180.0


def _length(v: Vector) -> float:
    return hypot(float(v[0]), float(v[1]))

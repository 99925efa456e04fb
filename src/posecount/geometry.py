"""Where are the joints, at what angles, and can this be a leg at all? Pixels in, angles and proportions out.

Everything is measured in pixels of the upright image: normalised coordinates bend angles (at 16:9 a true
110 deg reads 123), and MediaPipe's world landmarks keep only 4-60 % of the ankle's movement.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecount.types import LEGS, BodySample, Leg, LegSample, Pose

LEG_POINTS: dict[Leg, tuple[int, int, int, int, int]] = {
    "left": (23, 25, 27, 29, 31),
    "right": (24, 26, 28, 30, 32),
}
SHOULDERS, HIPS, KNEES = (11, 12), (23, 24), (25, 26)

# Proportions of adults, from the rendered bodies and anthropometric tables alike: heel-to-toe over shank is
# 0.5-0.6 from the side and shrinks when the foot points at the camera; beyond these it is not a foot.
FOOT_RATIO_SIDE = 0.54
FOOT_RATIO_TELLS = 0.7  # more, and it is the shank that looks short: a foot held up behind
FOOT_RATIO_MAX = 1.1
SHANK_OVER_THIGH_MIN, SHANK_OVER_THIGH_MAX = 0.45, 6.0  # a thigh pointing at the camera looks short
THIGH_OVER_SHANK_MIN = 0.85  # a shorter thigh points at the camera, and hangs down in the picture only
LEG_SHANKS = 1.97  # thigh and shank, of the shank
HEEL_TO_ANKLE_MAX = 0.5  # of the shank: the heel sits at the shank's end
SHANK_MIN_PX = 12.0  # less is a person too far away to judge

# Widths over the torso's length as seen from the front, between joint centres.
SHOULDERS_OVER_TORSO, HIPS_OVER_TORSO = 0.75, 0.43
KNEES_OVER_LEG = 0.4  # the same of knees, where nothing above them is seen

Floats = NDArray[np.float64]

# As their `_make`, without its Python around the same call: of each leg in each frame one is made.
_leg_sample, _body_sample = partial(tuple.__new__, LegSample), partial(tuple.__new__, BodySample)


def sample(pose: Pose) -> BodySample:
    """Both legs of one pose, in plain floats; a leg is None when its points cannot be a leg."""
    return samples([pose])[0]


def samples(poses: Sequence[Pose]) -> list[BodySample]:
    """The same of many poses: a hundred take little longer than one."""
    times_s, points_px = [pose.time_s for pose in poses], np.array([pose.points_px for pose in poses])
    points = np.ascontiguousarray(points_px.transpose(1, 2, 0))  # each row in one piece
    sizes_px = np.array([pose.size_px for pose in poses]).T
    flowed_deg = np.array([pose.flowed_deg for pose in poses]).T
    feet = [pose.framing == "feet" for pose in poses]
    alone = np.array(feet)
    with np.errstate(invalid="ignore", divide="ignore"):
        shoulders_px = points[list(SHOULDERS), 1].mean(axis=0)
        left, right = (
            _legs(sizes_px, shoulders_px, flowed, alone, *points[list(LEG_POINTS[leg])])
            for leg, flowed in zip(LEGS, flowed_deg, strict=True)
        )
        yaws_deg = _yaws_deg(points, left, right).tolist()
    # Legs are half of a body; folded trunks and hidden heads do not matter.
    heights_px = (2.0 * np.fmax(left.leg_px, right.leg_px)).tolist()
    columns = times_s, left.samples, right.samples, yaws_deg, heights_px, feet
    return list(map(_body_sample, zip(*columns, strict=True)))


class _Legs(NamedTuple):
    """One leg in n poses; the arrays (n,) are NaN where there is no sample."""

    samples: list[LegSample | None]
    leg_px: Floats
    foot_ratio: Floats


def _legs(
    sizes_px: NDArray[np.int_],
    shoulders_px: Floats,
    flowed_deg: Floats,
    alone: NDArray[np.bool_],
    hip: Floats,
    seen_knee: Floats,
    ankle: Floats,
    heel: Floats,
    toe: Floats,
) -> _Legs:
    """From the pictures' sizes (2, n), the shoulders' rows and the foot's flow (n,), and points (2, n).

    Feet `alone` (n,) are measured against the straight leg of who stands on them.
    """
    seen_shank, knee = seen_knee - ankle, np.where(alone, ankle + (hip - ankle) / LEG_SHANKS, seen_knee)
    shank, foot, thigh = knee - ankle, toe - heel, hip - knee
    shank_px, foot_px, thigh_px = np.hypot(*shank), np.hypot(*foot), np.hypot(*thigh)
    seen = _believable(shank_px, foot_px, thigh_px, np.hypot(*(heel - ankle)))
    along, across = (shank * foot).sum(axis=0), shank[1] * foot[0] - shank[0] * foot[1]
    leg_px, foot_ratio = thigh_px + shank_px, foot_px / shank_px
    columns = (  # in the order of LegSample
        90.0 - _direction_deg(along, np.abs(across)),
        _acos_deg((thigh * shank).sum(axis=0) / (thigh_px * shank_px)),
        _direction_deg(-seen_shank[1], -seen_shank[0]),
        along / (shank_px * leg_px),
        (toe[1] - (hip[1] + knee[1]) / 2) / leg_px,
        -thigh[1] / np.maximum(thigh_px, THIGH_OVER_SHANK_MIN * shank_px),
        *knee,
        *ankle,
        *toe,
        foot_ratio,
        _direction_deg(*foot),
        leg_px,
        across / (shank_px * leg_px),
        shoulders_px,
        _inside(sizes_px, ankle, heel, toe),
        flowed_deg,
        np.minimum(seen_knee, sizes_px - seen_knee).min(axis=0) / np.maximum(shank_px, SHANK_MIN_PX),
    )
    rows = map(_leg_sample, zip(*(column.tolist() for column in columns), strict=True))
    samples = [row if believed else None for row, believed in zip(rows, seen.tolist(), strict=True)]
    return _Legs(samples, np.where(seen, leg_px, np.nan), np.where(seen, foot_ratio, np.nan))


def _inside(sizes_px: NDArray[np.int_], *points: Floats) -> NDArray[np.bool_]:
    """(n,): whether all of the points, each (2, n), lie in the picture."""
    every = np.array(points)
    return np.asarray(((every >= 0) & (every < sizes_px)).all(axis=(0, 1)))


def _believable(
    shank_px: Floats, foot_px: Floats, thigh_px: Floats, heel_gap_px: Floats
) -> NDArray[np.bool_]:
    """False for NaN too: every comparison with NaN is false."""
    return np.asarray(
        (shank_px >= SHANK_MIN_PX)
        & (thigh_px > 0)
        & (shank_px >= SHANK_OVER_THIGH_MIN * thigh_px)
        & (shank_px <= SHANK_OVER_THIGH_MAX * thigh_px)
        & (foot_px <= FOOT_RATIO_MAX * shank_px)
        & (heel_gap_px <= HEEL_TO_ANKLE_MAX * shank_px)
        & (foot_px > 0)
    )


def _yaws_deg(points: Floats, left: _Legs, right: _Legs) -> Floats:
    """Mean of what the shoulders, the hips and the feet say about how far the body is turned from side-on.

    Each alone is biased (shoulders swing with the arms, feet toe out); their mean was right within about
    5 deg on rendered people, 11 with the legs stretched out. A camera above shows left and right at different
    heights, which is no turn: only their distance across the picture counts. Of legs without a body knees
    and feet tell. NaN when nobody is there.
    """
    shoulder, other_shoulder, hip, other_hip = points[[*SHOULDERS, *HIPS]]
    torso_px = np.hypot(*(shoulder + other_shoulder - hip - other_hip) / 2)
    shoulders = _asin_deg(np.abs(shoulder - other_shoulder)[0] / torso_px / SHOULDERS_OVER_TORSO)
    hips = _asin_deg(np.abs(hip - other_hip)[0] / torso_px / HIPS_OVER_TORSO)
    knee, other_knee = points[list(KNEES)]
    leg_px = np.where(torso_px > 0, np.nan, np.maximum(left.leg_px, right.leg_px))
    knees = _asin_deg(np.abs(knee - other_knee)[0] / leg_px / KNEES_OVER_LEG)
    ratios = np.array([left.foot_ratio, right.foot_ratio])
    feet = _acos_deg(_mean(*np.where(ratios < FOOT_RATIO_TELLS, ratios, np.nan)) / FOOT_RATIO_SIDE)
    return _mean(shoulders, hips, knees, feet)


def _mean(*columns: Floats) -> Floats:
    """Of what is known; NaN where nothing is."""
    known = np.isfinite(columns)
    return np.asarray(np.where(known, columns, 0.0).sum(axis=0) / known.sum(axis=0))


def _direction_deg(x: Floats, y: Floats) -> Floats:
    return np.degrees(np.arctan2(y, x))


def _asin_deg(sine: Floats) -> Floats:
    return np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))


def _acos_deg(cosine: Floats) -> Floats:
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))

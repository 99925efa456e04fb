"""Where are the joints, at what angles, and can this be a leg at all? Pixels in, angles and proportions out.

Everything is measured in pixels of the upright image: normalised coordinates bend angles (at 16:9 a true
110 deg reads 123), and MediaPipe's world landmarks keep only 4-60 % of the ankle's movement.
"""

from math import acos, asin, atan2, degrees, hypot

from posecount.types import BodySample, Leg, LegSample, Pose

LEG_POINTS: dict[Leg, tuple[int, int, int, int, int]] = {
    "left": (23, 25, 27, 29, 31),
    "right": (24, 26, 28, 30, 32),
}
SHOULDERS, HIPS = (11, 12), (23, 24)

# Proportions of adults, from the rendered bodies and anthropometric tables alike: heel-to-toe over shank is
# 0.5-0.6 from the side and shrinks when the foot points at the camera; beyond these it is not a foot.
FOOT_RATIO_SIDE = 0.54
FOOT_RATIO_MAX = 1.1
SHANK_OVER_THIGH_MIN, SHANK_OVER_THIGH_MAX = 0.45, 6.0  # a thigh pointing at the camera looks short
THIGH_OVER_SHANK_MIN = 0.85  # a shorter thigh points at the camera, and hangs down in the picture only
HEEL_TO_ANKLE_MAX = 0.5  # of the shank: the heel sits at the shank's end
SHANK_MIN_PX = 12.0  # less is a person too far away to judge

# Widths over the torso's length as seen from the front, between joint centres.
SHOULDERS_OVER_TORSO, HIPS_OVER_TORSO = 0.75, 0.43
KNEES_OVER_LEG = 0.4  # the same of knees, where nothing above them is seen

Point = list[float]


def sample(pose: Pose) -> BodySample:
    """Both legs of one pose, in plain floats; a leg is None when its points cannot be a leg."""
    points: list[Point] = pose.points_px.tolist()
    left, right = _leg(points, "left"), _leg(points, "right")
    return BodySample(
        pose.time_s, left, right, _yaw_deg(points, left, right), _height_px(points, left, right)
    )


def _leg(points: list[Point], leg: Leg) -> LegSample | None:
    hip, knee, ankle, heel, toe = (points[i] for i in LEG_POINTS[leg])
    shank_x, shank_y = knee[0] - ankle[0], knee[1] - ankle[1]
    foot_x, foot_y = toe[0] - heel[0], toe[1] - heel[1]
    thigh_x, thigh_y = hip[0] - knee[0], hip[1] - knee[1]
    shank, foot, thigh = hypot(shank_x, shank_y), hypot(foot_x, foot_y), hypot(thigh_x, thigh_y)
    if not _believable(shank, foot, thigh, hypot(heel[0] - ankle[0], heel[1] - ankle[1])):
        return None
    along = shank_x * foot_x + shank_y * foot_y
    across = shank_y * foot_x - shank_x * foot_y
    size = thigh + shank
    return LegSample(
        ankle_deg=90.0 - degrees(atan2(abs(across), along)),
        knee_deg=degrees(acos(_unit((thigh_x * shank_x + thigh_y * shank_y) / (thigh * shank)))),
        shank_deg=degrees(atan2(-shank_x, -shank_y)),
        reach=along / (shank * size),
        rise=(toe[1] - (hip[1] + knee[1]) / 2) / size,
        thigh_drop=-thigh_y / max(thigh, THIGH_OVER_SHANK_MIN * shank),
        knee_px=(knee[0], knee[1]),
        ankle_px=(ankle[0], ankle[1]),
        toe_px=(toe[0], toe[1]),
        foot_ratio=foot / shank,
        foot_deg=degrees(atan2(foot_y, foot_x)),
        leg_px=size,
        across=across / (shank * size),
    )


def _believable(shank: float, foot: float, thigh: float, heel_gap: float) -> bool:
    """False for NaN too: every comparison with NaN is false."""
    return (
        shank >= SHANK_MIN_PX
        and thigh > 0
        and SHANK_OVER_THIGH_MIN <= shank / thigh <= SHANK_OVER_THIGH_MAX
        and foot <= FOOT_RATIO_MAX * shank
        and heel_gap <= HEEL_TO_ANKLE_MAX * shank
        and foot > 0
    )


def _yaw_deg(points: list[Point], left: LegSample | None, right: LegSample | None) -> float:
    """Mean of what the shoulders, the hips and the feet say about how far the body is turned from side-on.

    Each alone is biased (shoulders swing with the arms, feet toe out); their mean was right within about
    5 deg on rendered people, 11 with the legs stretched out. A camera above shows left and right at different
    heights, which is no turn: only their distance across the picture counts. Of legs without a body knees
    and feet tell. NaN when nobody is there.
    """
    (ax, ay), (bx, by) = points[SHOULDERS[0]], points[SHOULDERS[1]]
    (cx, cy), (dx, dy) = points[HIPS[0]], points[HIPS[1]]
    torso = hypot((ax + bx - cx - dx) / 2, (ay + by - cy - dy) / 2)
    turns = []
    if torso > 0:
        shoulders = abs(ax - bx) / torso / SHOULDERS_OVER_TORSO
        hips = abs(cx - dx) / torso / HIPS_OVER_TORSO
        turns = [degrees(asin(_unit(shoulders))), degrees(asin(_unit(hips)))]
    elif left and right:
        knees = hypot(left.knee_px[0] - right.knee_px[0], left.knee_px[1] - right.knee_px[1])
        turns = [degrees(asin(_unit(knees / max(left.leg_px, right.leg_px) / KNEES_OVER_LEG)))]
    feet = [leg.foot_ratio for leg in (left, right) if leg]
    if feet:
        turns.append(degrees(acos(_unit(sum(feet) / len(feet) / FOOT_RATIO_SIDE))))
    return sum(turns) / len(turns) if turns else float("nan")


def _height_px(points: list[Point], left: LegSample | None, right: LegSample | None) -> float:
    legs = [leg.leg_px for leg in (left, right) if leg]
    if not legs:
        return float("nan")
    return 2.0 * max(legs)  # legs are half of a body; folded trunks and hidden heads do not matter


def _unit(x: float) -> float:
    return max(-1.0, min(1.0, x))

"""The legs over the picture: bones, joints, and the ankle's angle where it is bent."""

import math

import numpy as np

from posecount.draw.ink import Image, Points, arc, discs, line, panel, write
from posecount.draw.style import FAINT, INK, LEG_COLOUR, LEG_LETTER, PAPER, degrees
from posecount.framing import in_view
from posecount.types import LEGS, Leg, Pose, State

# hip, knee, ankle, heel, toe in MediaPipe's order of landmarks
JOINTS: dict[Leg, list[int]] = {"left": [23, 25, 27, 29, 31], "right": [24, 26, 28, 30, 32]}
HIP, KNEE, ANKLE, HEEL, TOE = range(5)
LABEL = (12.5, 5.6)  # width and height in units; the width holds the widest angle, so that it does not pump
BONE_OF_SHANK = 0.045  # line width over the shank's length: a person far away is drawn with a finer pen


def draw_legs(image: Image, pose: Pose, state: State, unit: float) -> None:
    """Thighs and shanks, measured ones in colour, the others faint. `unit` is 1 % of the shorter side."""
    _draw_bones(image, pose, state, [HIP, KNEE, ANKLE], unit)


def draw_feet(image: Image, pose: Pose, state: State, unit: float) -> None:
    """Feet in the same colours, and the angle of measured ankles."""
    _draw_bones(image, pose, state, [ANKLE, HEEL, TOE, ANKLE], unit)
    measured, points_px = [leg for leg in LEGS if state.legs[leg].measured], in_view(pose)
    spots: dict[Leg, Points] = {}
    for leg in measured:
        ankle_deg = state.legs[leg].ankle_deg
        spots[leg] = _draw_arc(image, points_px[JOINTS[leg]], leg, ankle_deg, unit)
    for leg, spot in _apart(spots, unit).items():
        if np.isfinite(spot).all():
            _draw_label(image, leg, state.legs[leg].ankle_deg, spot, unit)


def _draw_bones(image: Image, pose: Pose, state: State, joints: list[int], unit: float) -> None:
    """From joint to joint of both legs, the measured ones over the others."""
    points_px = in_view(pose)
    for leg in sorted(LEGS, key=lambda leg: state.legs[leg].measured):
        shank = _shank(points_px[JOINTS[leg]])
        width = min(max(shank * BONE_OF_SHANK, 0.3 * unit), 0.9 * unit)
        bones = points_px[JOINTS[leg]][joints]
        if not state.legs[leg].measured:
            line(image, bones, FAINT, 0.6 * width)
            continue
        line(image, bones, INK, 1.9 * width)
        line(image, bones, LEG_COLOUR[leg], width)
        discs(image, bones, 1.35 * width, INK)
        discs(image, bones, 1.0 * width, PAPER)


def _draw_arc(image: Image, joints: Points, leg: Leg, ankle_deg: float, unit: float) -> Points:
    """From the shank to where the foot points; returns where its label goes, NaN without a foot."""
    below = np.array([joints[TOE, 0], joints[ANKLE:, 1].max() + 4.5 * unit])
    if math.isnan(ankle_deg) or not np.isfinite(joints[KNEE:]).all():
        return below  # an arc would claim an angle
    shank, foot = joints[KNEE] - joints[ANKLE], joints[TOE] - joints[HEEL]
    to_knee = math.atan2(shank[1], shank[0])
    to_toe = to_knee + _turn(math.atan2(foot[1], foot[0]) - to_knee)
    radius = min(max(0.3 * _shank(joints), 2 * unit), 7 * unit)
    curve = arc(joints[ANKLE], radius, to_knee, to_toe)
    line(image, curve, INK, 1.0 * unit)
    line(image, curve, LEG_COLOUR[leg], 0.5 * unit)
    middle, beyond = (to_knee + to_toe) / 2, radius + LABEL[0] / 2 * unit
    return np.asarray(joints[ANKLE] + beyond * np.array([math.cos(middle), math.sin(middle)]))


def _apart(spots: dict[Leg, Points], unit: float) -> dict[Leg, Points]:
    """Two labels that would overlap are stacked over the higher spot."""
    if len(spots) < 2 or not (np.abs(spots["left"] - spots["right"]) < np.array(LABEL) * unit).all():
        return spots
    lower = np.array([(spots["left"] + spots["right"])[0] / 2, min(spots["left"][1], spots["right"][1])])
    return {"left": lower - [0.0, LABEL[1] * unit], "right": lower}


def _draw_label(image: Image, leg: Leg, ankle_deg: float, spot: Points, unit: float) -> None:
    width, height = LABEL[0] * unit, 0.9 * LABEL[1] * unit
    x = min(max(float(spot[0]), width / 2), image.shape[1] - width / 2)
    y = min(max(float(spot[1]), height / 2), image.shape[0] - height / 2)
    panel(image, x - width / 2, y - height / 2, width, height, height / 2)
    write(image, f"{LEG_LETTER[leg]} {degrees(ankle_deg)}", x, y, 3.6 * unit, LEG_COLOUR[leg], align=0.5)


def _shank(joints: Points) -> float:
    length = math.dist(joints[KNEE], joints[ANKLE])
    return length if math.isfinite(length) else 0.0


def _turn(angle_rad: float) -> float:
    return (angle_rad + math.pi) % (2 * math.pi) - math.pi

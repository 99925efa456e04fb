"""Stick people for tests: poses in pixels from joint angles, seen from the side, as noisy as wanted."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from posecount.types import Pose

Floats = NDArray[np.float64]
Movement = Callable[[float], float]

SIZE_PX = (1280, 720)
LEFT, RIGHT = (23, 25, 27, 29, 31), (24, 26, 28, 30, 32)


def turn(length: float, degrees: float) -> Floats:
    """A vector of this length, `degrees` from straight down towards +x, in picture coordinates."""
    return length * np.array([np.sin(np.radians(degrees)), np.cos(np.radians(degrees))])


def leg(hip: Floats, thigh_deg: float, shank_deg: float, ankle_deg: float, unit: float) -> list[Floats]:
    """hip, knee, ankle, heel, toe of somebody who faces -x (their left side to the camera)."""
    knee = hip + turn(0.95 * unit, -thigh_deg)
    ankle = knee + turn(unit, -shank_deg)
    foot = -90 - shank_deg - ankle_deg
    heel = ankle + turn(0.16 * unit, -shank_deg) - turn(0.12 * unit, foot)
    return [hip, knee, ankle, heel, heel + turn(0.54 * unit, foot)]


def pose(time_s: float, left_deg: float, right_deg: float, standing: bool, unit: float = 140.0) -> Pose:
    """Seated with the feet free, or standing on the toes as far as the ankles say."""
    points = np.zeros((33, 2))
    hip = np.array([640.0, 330.0])
    if standing:
        hip = hip - np.array([0.0, 0.4 * unit * np.sin(np.radians(max(0.0, -(left_deg + right_deg) / 2)))])
    angles = (0.0, 0.0) if standing else (85.0, 20.0)
    for side, ankle_deg, shift in ((LEFT, left_deg, 0.0), (RIGHT, right_deg, 6.0)):
        joints = leg(hip + np.array([shift, -shift]), *angles, ankle_deg, unit)
        if standing:
            joints[4] = np.array([joints[4][0], 330.0 + 2.11 * unit - shift])  # the toes stay on the floor
        points[list(side)] = joints
    shoulders = hip - np.array([0.0, 1.35 * unit])
    points[11], points[12], points[0] = (
        shoulders,
        shoulders + np.array([4, -2]),
        shoulders - np.array([20, 60]),
    )
    points[[7, 8]] = shoulders - np.array([0, 0.35 * unit])
    return Pose(time_s, SIZE_PX, points, np.ones(33))


def film(
    left: Movement,
    right: Movement | None = None,
    *,
    seconds: float,
    fps: float = 30.0,
    standing: bool = False,
    noise_px: float = 0.5,
    seed: int = 1,
) -> Iterator[Pose]:
    """Somebody whose ankles follow `left` and `right` (both alike without `right`): degrees of seconds."""
    rng = np.random.default_rng(seed)
    for time_s in np.arange(0, seconds, 1 / fps):
        at = float(time_s)
        still = pose(at, left(at), (right or left)(at), standing)
        yield Pose(at, still.size_px, still.points_px + rng.normal(0, noise_px, (33, 2)), still.visibility)


def strokes(*targets: tuple[float, float, float], start_deg: float = 0.0) -> tuple[Movement, float]:
    """Minimum-jerk strokes (seconds, degrees to reach, pause afterwards), and how long they take."""
    times, angles = [0.0], [start_deg]
    for seconds, target, pause in targets:
        x = np.linspace(0, 1, 40)[1:]
        path = angles[-1] + (target - angles[-1]) * x**3 * (10 - 15 * x + 6 * x**2)
        times += list(times[-1] + seconds * x)
        angles += list(path)
        times.append(times[-1] + max(pause, 1e-3))
        angles.append(target)
    return lambda at: float(np.interp(at, times, angles)), times[-1]


def pumps(
    count: int,
    low: float = -30,
    high: float = 15,
    move_s: float = 0.6,
    pause_s: float = 0.3,
    rest_s: float = 1.5,
) -> tuple[Movement, float]:
    """A set of ankle pumps between rests."""
    one = [(move_s, low, pause_s), (1.3 * move_s, high, pause_s)]
    movement, seconds = strokes((0.001, 0.0, rest_s), *(one * count))
    return movement, seconds + rest_s


def raises(
    count: int, top: float = -28, move_s: float = 0.7, pause_s: float = 0.3, rest_s: float = 1.5
) -> tuple[Movement, float]:
    """A set of heel raises between rests."""
    one = [(move_s, top, pause_s), (move_s, 0.0, pause_s)]
    movement, seconds = strokes((0.001, 0.0, rest_s), *(one * count))
    return movement, seconds + rest_s


def stand(
    time_s: float, left_deg: float, right_deg: float, knee_deg: float = 0.0, lean_deg: float = 0.0
) -> Pose:
    """Standing with the toes where they are: from them upwards, so that everything above rises and sinks."""
    unit, points, hips = 120.0, np.zeros((33, 2)), []
    thigh_deg = knee_deg / 2
    for side, ankle_deg, shift in ((LEFT, left_deg, 0.0), (RIGHT, right_deg, 6.0)):
        foot_deg = -90 + thigh_deg - ankle_deg
        toe = np.array([600.0 + shift, 640.0 - shift])
        heel = toe - turn(0.54 * unit, foot_deg)
        ankle = heel - turn(0.16 * unit, thigh_deg) + turn(0.12 * unit, foot_deg)
        knee = ankle - turn(unit, thigh_deg)
        hips.append(knee - turn(0.95 * unit, -thigh_deg))
        points[list(side)] = [hips[-1], knee, ankle, heel, toe]
    hip = np.mean(hips, axis=0)
    points[11] = points[12] = hip - turn(1.35 * unit, lean_deg)
    points[[7, 8]] = hip - turn(1.7 * unit, lean_deg)
    points[0] = points[7] - [20, -5]
    return Pose(time_s, SIZE_PX, points, np.ones(33))


def noisy(poses: Iterator[Pose], noise_px: float = 0.5, seed: int = 1) -> Iterator[Pose]:
    rng = np.random.default_rng(seed)
    for each in poses:
        yield Pose(
            each.time_s, each.size_px, each.points_px + rng.normal(0, noise_px, (33, 2)), each.visibility
        )

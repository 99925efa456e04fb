"""What scenarios are drawn from: bodies, rooms, cameras, postures, and single reps."""

from typing import Any

import numpy as np

Spec = dict[str, Any]
Rng = np.random.Generator

STILL_S = 1.5
SIZES = ((1280, 720), (640, 480), (854, 480), (720, 1280), (1080, 1920), (1920, 1080))
SIZE_ODDS = (0.4, 0.2, 0.16, 0.16, 0.04, 0.04)


def uniform(rng: Rng, low: float, high: float, digits: int = 2) -> float:
    return round(float(rng.uniform(low, high)), digits)


def _body(rng: Rng) -> Spec:
    return dict(
        gender=uniform(rng, 0, 1),
        age=uniform(rng, 0.45, 0.95),
        muscle=uniform(rng, 0.25, 0.8),
        weight=uniform(rng, 0.2, 0.85),
        height=uniform(rng, 0.2, 0.8),
        proportions=uniform(rng, 0.2, 0.9),
        barefoot=bool(rng.random() < 0.35),
        trousers=bool(rng.random() < 0.4),
    )


def _camera(rng: Rng, yaw: tuple[float, float], portrait: bool) -> Spec:
    """Yaw is away from a pure side view of either side; the lens decides how far away the camera stands."""
    turn = uniform(rng, *yaw, digits=0) * rng.choice([-1, 1])
    if yaw[0] >= 30 or turn < -30:
        turn = abs(turn)  # from the front; from behind the feet hide each other, and a wall is in the way
    fov = uniform(rng, 30, 65, digits=0)
    height_m = 2.35 if not portrait else 2.2
    distance = height_m / 2 / np.tan(np.radians(fov / 2)) * uniform(rng, 0.95, 1.25)
    side = 0 if rng.random() < 0.5 else 180
    azimuth = side + turn if side == 0 else side - turn
    elevation = uniform(rng, 0, 18, digits=0)
    return dict(azimuth=float(azimuth), elevation=elevation, distance=round(float(distance), 2), fov=fov)


def _scene(rng: Rng, yaw: tuple[float, float] = (0, 20)) -> Spec:
    size = SIZES[rng.choice(len(SIZES), p=SIZE_ODDS)]
    return dict(
        size=list(size),
        fps=int(rng.choice([15, 24, 25, 30, 30, 30, 60], p=[0.15, 0.1, 0.15, 0.2, 0.2, 0.1, 0.1])),
        seed=int(rng.integers(1, 10**6)),
        noise=uniform(rng, 2, 9, digits=1),
        light=uniform(rng, 0.45, 1.1),
        sway=uniform(rng, 0.005, 0.03, digits=3),
        crf=int(rng.integers(22, 31)),
        body=_body(rng),
        camera=_camera(rng, yaw, portrait=size[1] > size[0]),
    )


def standing(rng: Rng, yaw: tuple[float, float] = (0, 20), **more: Any) -> Spec:
    return _scene(rng, yaw) | dict(posture="stand", pivot="ball") | more


def sitting(rng: Rng, yaw: tuple[float, float] = (0, 20)) -> Spec:
    knee = uniform(rng, 45, 90, digits=0)
    scene, hip = _scene(rng, yaw), uniform(rng, 80, 90, digits=0)
    return scene | dict(posture="seated", pivot="none", knee=knee, hip=hip, clearance=0.15)


def lying(rng: Rng, yaw: tuple[float, float] = (0, 20)) -> Spec:
    scene = _scene(rng, yaw)
    scene["size"] = [s for s in SIZES if s[0] > s[1]][rng.integers(3)]
    scene["camera"]["elevation"] = uniform(rng, 5, 25, digits=0)
    if rng.random() < 0.5:
        knee, hip = uniform(rng, 2, 15, digits=0), uniform(rng, 70, 85, digits=0)
        return scene | dict(posture="longsit", pivot="none", knee=knee, hip=hip)
    return scene | dict(posture="supine", pivot="none", knee=uniform(rng, 0, 12, digits=0), hip=0)


def still(seconds: float = STILL_S) -> Spec:
    return dict(type="still", dur=seconds)


def rep(rng: Rng, a: float, b: float | None, move: float, hold: float, **more: Any) -> Spec:
    """One rep with a little of everybody's irregularity."""

    def wobble(value: float, part: float) -> float:
        return round(value * (1 + part * float(rng.uniform(-1, 1))), 2)

    one = dict(type="rep", sides="LR", a=wobble(a, 0.06), b=b, move=wobble(move, 0.08))
    return one | dict(hold_a=wobble(hold, 0.2), hold_b=wobble(hold, 0.2)) | more


def jerky(rng: Rng, a: float, b: float | None) -> Spec:
    """Either a rebounding cycle or a tremor within the stroke."""
    if b is None and rng.random() < 0.6:
        return rep(rng, 0.9 * a, b, uniform(rng, 0.18, 0.25), 0.05, quality="jerky")
    bounce = dict(amp=uniform(rng, 3.5, 6, digits=1), hz=uniform(rng, 3.5, 6.5, digits=1))
    return rep(rng, a, b, uniform(rng, 0.35, 0.8), 0.03, bounce=bounce, quality="jerky")

"""Varied scenarios for the renderer: python -m benchmarks.scenarios OUT [--set dev|held-out].

Each scenario is drawn from its own seed, so the specs need not be kept: the same name always gives the same clip.
Bodies, clothes, rooms, lenses, light, tempi and amplitudes differ in every one. 'dev' is for developing against,
'held-out' has other seeds and is only ever scored.
"""

import argparse
import json
import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np

Spec = dict[str, Any]
Rng = np.random.Generator

STILL_S = 1.5
SIZES = ((1280, 720), (640, 480), (854, 480), (720, 1280), (1080, 1920), (1920, 1080))
SIZE_ODDS = (0.4, 0.2, 0.16, 0.16, 0.04, 0.04)


def _uniform(rng: Rng, low: float, high: float, digits: int = 2) -> float:
    return round(float(rng.uniform(low, high)), digits)


def _body(rng: Rng) -> Spec:
    return dict(
        gender=_uniform(rng, 0, 1),
        age=_uniform(rng, 0.45, 0.95),
        muscle=_uniform(rng, 0.25, 0.8),
        weight=_uniform(rng, 0.2, 0.85),
        height=_uniform(rng, 0.2, 0.8),
        proportions=_uniform(rng, 0.2, 0.9),
        barefoot=bool(rng.random() < 0.35),
        trousers=bool(rng.random() < 0.4),
    )


def _camera(rng: Rng, yaw: tuple[float, float], portrait: bool) -> Spec:
    """Yaw is away from a pure side view of either side; the lens decides how far away the camera stands."""
    turn = _uniform(rng, *yaw, digits=0) * rng.choice([-1, 1])
    if yaw[0] >= 30:
        turn = abs(turn)  # from the front; from behind the feet hide each other
    fov = _uniform(rng, 30, 65, digits=0)
    height_m = 2.35 if not portrait else 2.2
    distance = height_m / 2 / np.tan(np.radians(fov / 2)) * _uniform(rng, 0.95, 1.25)
    side = 0 if rng.random() < 0.5 else 180
    azimuth = side + turn if side == 0 else side - turn
    return dict(azimuth=float(azimuth), elevation=_uniform(rng, 0, 18, digits=0), distance=round(float(distance), 2), fov=fov)


def _scene(rng: Rng, yaw: tuple[float, float] = (0, 20)) -> Spec:
    size = SIZES[rng.choice(len(SIZES), p=SIZE_ODDS)]
    return dict(
        size=list(size),
        fps=int(rng.choice([15, 24, 25, 30, 30, 30, 60], p=[0.15, 0.1, 0.15, 0.2, 0.2, 0.1, 0.1])),
        seed=int(rng.integers(1, 10**6)),
        noise=_uniform(rng, 2, 9, digits=1),
        light=_uniform(rng, 0.45, 1.1),
        sway=_uniform(rng, 0.005, 0.03, digits=3),
        crf=int(rng.integers(22, 31)),
        body=_body(rng),
        camera=_camera(rng, yaw, portrait=size[1] > size[0]),
    )


def _standing(rng: Rng, yaw: tuple[float, float] = (0, 20), **more: Any) -> Spec:
    return _scene(rng, yaw) | dict(posture="stand", pivot="ball") | more


def _sitting(rng: Rng, yaw: tuple[float, float] = (0, 20)) -> Spec:
    knee = _uniform(rng, 45, 90, digits=0)
    return _scene(rng, yaw) | dict(posture="seated", pivot="none", knee=knee, hip=_uniform(rng, 80, 90, digits=0), clearance=0.15)


def _lying(rng: Rng, yaw: tuple[float, float] = (0, 20)) -> Spec:
    scene = _scene(rng, yaw)
    scene["size"] = [s for s in SIZES if s[0] > s[1]][rng.integers(3)]
    scene["camera"]["elevation"] = _uniform(rng, 5, 25, digits=0)
    if rng.random() < 0.5:
        return scene | dict(posture="longsit", pivot="none", knee=_uniform(rng, 2, 15, digits=0), hip=_uniform(rng, 70, 85, digits=0))
    return scene | dict(posture="supine", pivot="none", knee=_uniform(rng, 0, 12, digits=0), hip=0)


def _still(seconds: float = STILL_S) -> Spec:
    return dict(type="still", dur=seconds)


def _rep(rng: Rng, a: float, b: float | None, move: float, hold: float, **more: Any) -> Spec:
    """One rep with a little of everybody's irregularity."""
    wobble = lambda v, part: round(v * (1 + part * float(rng.uniform(-1, 1))), 2)
    return dict(
        type="rep", sides="LR", a=wobble(a, 0.06), b=b, move=wobble(move, 0.08), hold_a=wobble(hold, 0.2), hold_b=wobble(hold, 0.2)
    ) | more


def _jerky(rng: Rng, a: float, b: float | None) -> Spec:
    """Either a rebounding cycle or a tremor within the stroke."""
    if b is None and rng.random() < 0.6:
        return _rep(rng, 0.9 * a, b, _uniform(rng, 0.18, 0.25), 0.05, quality="jerky")
    bounce = dict(amp=_uniform(rng, 3.5, 6, digits=1), hz=_uniform(rng, 3.5, 6.5, digits=1))
    return _rep(rng, a, b, _uniform(rng, 0.35, 0.8), 0.03, bounce=bounce, quality="jerky")


def _ends(rng: Rng, pumping: bool) -> tuple[float, float | None]:
    if pumping:
        return _uniform(rng, -38, -22, digits=0), _uniform(rng, 6, 18, digits=0)
    return _uniform(rng, -36, -18, digits=0), None


def _set(rng: Rng, scene: Spec, pumping: bool, move: float | None = None, hold: float | None = None, reps: int | None = None) -> Spec:
    a, b = _ends(rng, pumping)
    move = _uniform(rng, 0.4, 1.1) if move is None else move
    hold = _uniform(rng, 0.05, 0.8) if hold is None else hold
    events = [_rep(rng, a, b, move, hold) for _ in range(reps or rng.integers(4, 8))]
    return scene | dict(events=[_still(), *events, _still()])


def heel_raise(rng: Rng) -> Spec:
    return _set(rng, _standing(rng), pumping=False)


def heel_raise_oblique(rng: Rng) -> Spec:
    return _set(rng, _standing(rng, yaw=(30, 90)), pumping=False)


def heel_raise_brisk(rng: Rng) -> Spec:
    return _set(rng, _standing(rng), pumping=False, move=_uniform(rng, 0.42, 0.5), hold=_uniform(rng, 0.05, 0.15), reps=9)


def heel_raise_slow(rng: Rng) -> Spec:
    return _set(rng, _standing(rng), pumping=False, move=_uniform(rng, 1.4, 2.5), hold=_uniform(rng, 0.8, 2), reps=3)


def heel_raise_on_step(rng: Rng) -> Spec:
    spec = _set(rng, _standing(rng, step=0.18), pumping=True)
    return spec


def mixed_raise(rng: Rng) -> Spec:
    return _mixed(rng, _standing(rng), pumping=False)


def mixed_pump(rng: Rng) -> Spec:
    return _mixed(rng, _sitting(rng) if rng.random() < 0.5 else _lying(rng), pumping=True)


def _mixed(rng: Rng, scene: Spec, pumping: bool) -> Spec:
    a, b = _ends(rng, pumping)
    move, hold = _uniform(rng, 0.45, 0.8), _uniform(rng, 0.1, 0.4)
    smooth = lambda n: [_rep(rng, a, b, move, hold) for _ in range(n)]
    odd = [_jerky(rng, a, b) for _ in range(rng.integers(2, 4))]
    if not pumping:
        odd += [_rep(rng, 0.33 * a, None, move, hold, quality="partial") for _ in range(rng.integers(1, 3))]
    return scene | dict(events=[_still(), *smooth(3), *odd, *smooth(2), _still()])


def jerky_raise(rng: Rng) -> Spec:
    a, _ = _ends(rng, False)
    return _standing(rng) | dict(events=[_still(), *(_rep(rng, a, None, _uniform(rng, 0.18, 0.25), 0.05, quality="jerky") for _ in range(8)), _still()])


def jerky_pump(rng: Rng) -> Spec:
    a, b = _ends(rng, True)
    return _sitting(rng) | dict(events=[_still(), *(_jerky(rng, a, b) for _ in range(6)), _still()])


def pump_seated(rng: Rng) -> Spec:
    return _set(rng, _sitting(rng), pumping=True)


def pump_lying(rng: Rng) -> Spec:
    return _set(rng, _lying(rng), pumping=True)


def pump_brisk(rng: Rng) -> Spec:
    return _set(rng, _sitting(rng), pumping=True, move=_uniform(rng, 0.36, 0.44), hold=0.05, reps=8)


def pump_slow(rng: Rng) -> Spec:
    return _set(rng, _lying(rng), pumping=True, move=_uniform(rng, 2, 3), hold=_uniform(rng, 1.5, 3), reps=2)


def pump_oblique(rng: Rng) -> Spec:
    return _set(rng, _sitting(rng, yaw=(40, 85)), pumping=True)


def pump_one_side(rng: Rng) -> Spec:
    """The near foot only: side on, what the far foot does is hidden."""
    spec = _set(rng, _sitting(rng) if rng.random() < 0.5 else _lying(rng), pumping=True)
    near = "L" if np.cos(np.radians(spec["camera"]["azimuth"])) > 0 else "R"
    for event in spec["events"]:
        if event["type"] == "rep":
            event["sides"] = near
    return spec


def pump_alternating(rng: Rng) -> Spec:
    spec = _set(rng, _lying(rng), pumping=True, reps=6)
    spec["camera"]["elevation"] = _uniform(rng, 12, 25, digits=0)
    for i, event in enumerate(e for e in spec["events"] if e["type"] == "rep"):
        event |= {"sides": "LR"[i % 2], "return": True}
    return spec


def stretch(rng: Rng) -> Spec:
    return _stretch(rng, [dict(bent=rng.random() < 0.4, bounce=None)])


def stretch_bouncing(rng: Rng) -> Spec:
    return _stretch(rng, [dict(bent=rng.random() < 0.4, bounce=dict(amp=_uniform(rng, 3, 6, digits=1), hz=_uniform(rng, 1, 2.5, digits=1)))])


def stretch_twice(rng: Rng) -> Spec:
    return _stretch(rng, [dict(bent=False, bounce=None), dict(bent=rng.random() < 0.5, bounce=None)])


def _stretch(rng: Rng, holds: list[Spec]) -> Spec:
    scene = _standing(rng, step=0.18)
    events = [_still()]
    for hold in holds:
        knee = _uniform(rng, 30, 45, digits=0) if hold["bent"] else 0
        breaths = int(rng.integers(2, 4))
        events.append(
            dict(
                type="hold", sides="LR", a=_uniform(rng, 12, 20, digits=0) + (4 if knee else 0), knee=knee, hip=0.45 * knee,
                dur=breaths * _uniform(rng, 3, 4.5, digits=1), move=_uniform(rng, 0.8, 2), breaths=breaths,
                deepen=_uniform(rng, 0, 1.5, digits=1), bounce=hold["bounce"],
            )
        )  # fmt: skip
        events.append(_still(2))
    return scene | dict(events=events)


def stands(rng: Rng) -> Spec:
    return _standing(rng, yaw=(0, 90), arms=_uniform(rng, 0, 1)) | dict(sway=_uniform(rng, 0.02, 0.06, digits=3), events=[_still(10)])


def types(rng: Rng) -> Spec:
    return _sitting(rng, yaw=(0, 80)) | dict(arms=1.0, events=[_still(10)])


def squats(rng: Rng) -> Spec:
    scene = _standing(rng, yaw=(0, 60)) | dict(pivot="heel")
    squat = dict(type="squat", depth=_uniform(rng, 50, 100, digits=0), dur=_uniform(rng, 0.8, 1.6))
    return scene | dict(events=[_still(), *[squat] * 4, _still()])


def marches(rng: Rng) -> Spec:
    march = dict(type="march", sides="LR", dur=_uniform(rng, 0.35, 0.7))
    return _standing(rng, yaw=(0, 60)) | dict(events=[_still(), *[march] * 5, _still()])


def kicks(rng: Rng) -> Spec:
    kick = dict(type="kick", sides=str(rng.choice(["L", "R", "LR"])), knee=_uniform(rng, 5, 30, digits=0), dur=_uniform(rng, 0.6, 1.3))
    return _sitting(rng, yaw=(0, 50)) | dict(events=[_still(), *[kick] * 4, _still()])


def walks_in(rng: Rng) -> Spec:
    walk = {"type": "walk", "from": _uniform(rng, 1.2, 2.5, digits=1) * int(rng.choice([-1, 1])), "speed": _uniform(rng, 0.6, 1.1)}
    return _standing(rng) | dict(events=[walk, _still(3), walk | {"from": 0.0, "to": -2.0}])


def sits_and_stands(rng: Rng) -> Spec:
    sit = dict(type="sit", dur=_uniform(rng, 1, 1.8), stay=_uniform(rng, 0.5, 2))
    return _standing(rng, yaw=(0, 45)) | dict(pivot="heel", events=[_still(), *[sit] * 2, _still()])


def shakes(rng: Rng) -> Spec:
    spec = _standing(rng) if rng.random() < 0.5 else _sitting(rng)
    spec["camera"]["shake"] = _uniform(rng, 0.004, 0.012, digits=3)
    return spec | dict(events=[_still(8)])


def walks_in_then_raises(rng: Rng) -> Spec:
    """What every home recording looks like: get there, do the set, walk away."""
    spec = heel_raise(rng)
    walk = {"type": "walk", "from": 1.8, "speed": 0.9}
    return spec | dict(events=[walk, *spec["events"], walk | {"from": 0.0, "to": -1.8}])


def shaking_pumps(rng: Rng) -> Spec:
    spec = pump_seated(rng)
    spec["camera"]["shake"] = _uniform(rng, 0.003, 0.007, digits=3)
    return spec


FAMILIES: tuple[tuple[Callable[[Rng], Spec], int], ...] = (
    (heel_raise, 5), (heel_raise_oblique, 4), (heel_raise_brisk, 2), (heel_raise_slow, 2), (heel_raise_on_step, 2),
    (mixed_raise, 4), (mixed_pump, 4), (jerky_raise, 2), (jerky_pump, 2), (pump_seated, 4), (pump_lying, 3),
    (pump_brisk, 2), (pump_slow, 2), (pump_oblique, 4), (pump_one_side, 3), (pump_alternating, 2), (stretch, 4),
    (stretch_bouncing, 3), (stretch_twice, 2), (stands, 2), (types, 2), (squats, 2), (marches, 2), (kicks, 2),
    (walks_in, 2), (sits_and_stands, 2), (shakes, 2), (walks_in_then_raises, 2), (shaking_pumps, 1),
)  # fmt: skip
SETS = {"dev": 0, "held-out": 1}


def scenarios(name: str) -> dict[str, Spec]:
    """Clip name -> scenario. The held-out set has half as many of each kind, and other seeds."""
    out = {}
    for f, (family, count) in enumerate(FAMILIES):
        for i in range(count if name == "dev" else (count + 1) // 2):
            rng = np.random.default_rng([SETS[name], f, i])
            out[f"{family.__name__}_{'abcdefgh'[i]}"] = family(rng)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--set", choices=SETS, default="dev")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name, spec in scenarios(args.set).items():
        (args.out / f"{name}.json").write_text(json.dumps(spec, indent=1))


if __name__ == "__main__":
    main()

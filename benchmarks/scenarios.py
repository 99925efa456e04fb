"""Varied scenarios for the renderer: python -m benchmarks.scenarios OUT [--set dev|held-out].

Each scenario is drawn from its own seed, so the specs need not be kept: the same name always gives the same
clip, as long as nothing is drawn in another order. Bodies, clothes, rooms, lenses, light, tempi, amplitudes
differ in every one. 'dev' is for developing against; 'held-out' has other seeds and is only ever scored.
"""

import argparse
import json
import pathlib
from collections.abc import Callable

import numpy as np

from benchmarks.scenes import Rng, Spec, jerky, lying, rep, sitting, standing, still, uniform


def _ends(rng: Rng, pumping: bool) -> tuple[float, float | None]:
    if pumping:
        return uniform(rng, -38, -22, digits=0), uniform(rng, 6, 18, digits=0)
    return uniform(rng, -36, -18, digits=0), None


def _set(
    rng: Rng,
    scene: Spec,
    pumping: bool,
    move: float | None = None,
    hold: float | None = None,
    reps: int | None = None,
) -> Spec:
    a, b = _ends(rng, pumping)
    move = uniform(rng, 0.4, 1.1) if move is None else move
    hold = uniform(rng, 0.05, 0.8) if hold is None else hold
    events = [rep(rng, a, b, move, hold) for _ in range(reps or rng.integers(4, 8))]
    return scene | dict(events=[still(), *events, still()])


def heel_raise(rng: Rng) -> Spec:
    return _set(rng, standing(rng), pumping=False)


def heel_raise_oblique(rng: Rng) -> Spec:
    return _set(rng, standing(rng, yaw=(30, 90)), pumping=False)


def heel_raise_brisk(rng: Rng) -> Spec:
    scene, move = standing(rng), uniform(rng, 0.42, 0.5)
    return _set(rng, scene, pumping=False, move=move, hold=uniform(rng, 0.05, 0.15), reps=9)


def heel_raise_slow(rng: Rng) -> Spec:
    scene, move = standing(rng), uniform(rng, 1.4, 2.5)
    return _set(rng, scene, pumping=False, move=move, hold=uniform(rng, 0.8, 2), reps=3)


def heel_raise_on_step(rng: Rng) -> Spec:
    return _set(rng, standing(rng, step=0.18), pumping=True)


def mixed_raise(rng: Rng) -> Spec:
    return _mixed(rng, standing(rng), pumping=False)


def mixed_pump(rng: Rng) -> Spec:
    return _mixed(rng, sitting(rng) if rng.random() < 0.5 else lying(rng), pumping=True)


def _mixed(rng: Rng, scene: Spec, pumping: bool) -> Spec:
    a, b = _ends(rng, pumping)
    move, hold = uniform(rng, 0.45, 0.8), uniform(rng, 0.1, 0.4)

    def smooth(n: int) -> list[Spec]:
        return [rep(rng, a, b, move, hold) for _ in range(n)]

    odd = [jerky(rng, a, b) for _ in range(rng.integers(2, 4))]
    if not pumping:
        odd += [rep(rng, 0.33 * a, None, move, hold, quality="partial") for _ in range(rng.integers(1, 3))]
    return scene | dict(events=[still(), *smooth(3), *odd, *smooth(2), still()])


def jerky_raise(rng: Rng) -> Spec:
    a, _ = _ends(rng, False)
    scene = standing(rng)
    reps = [rep(rng, a, None, uniform(rng, 0.18, 0.25), 0.05, quality="jerky") for _ in range(8)]
    return scene | dict(events=[still(), *reps, still()])


def jerky_pump(rng: Rng) -> Spec:
    a, b = _ends(rng, True)
    return sitting(rng) | dict(events=[still(), *(jerky(rng, a, b) for _ in range(6)), still()])


def pump_seated(rng: Rng) -> Spec:
    return _set(rng, sitting(rng), pumping=True)


def pump_lying(rng: Rng) -> Spec:
    return _set(rng, lying(rng), pumping=True)


def pump_brisk(rng: Rng) -> Spec:
    return _set(rng, sitting(rng), pumping=True, move=uniform(rng, 0.36, 0.44), hold=0.05, reps=8)


def pump_slow(rng: Rng) -> Spec:
    return _set(rng, lying(rng), pumping=True, move=uniform(rng, 2, 3), hold=uniform(rng, 1.5, 3), reps=2)


def pump_oblique(rng: Rng) -> Spec:
    return _set(rng, sitting(rng, yaw=(40, 85)), pumping=True)


def pump_one_side(rng: Rng) -> Spec:
    """The near foot only: side on, what the far foot does is hidden."""
    spec = _set(rng, sitting(rng) if rng.random() < 0.5 else lying(rng), pumping=True)
    near = "L" if np.cos(np.radians(spec["camera"]["azimuth"])) > 0 else "R"
    for event in spec["events"]:
        if event["type"] == "rep":
            event["sides"] = near
    return spec


def pump_alternating(rng: Rng) -> Spec:
    spec = _set(rng, lying(rng), pumping=True, reps=6)
    spec["camera"]["elevation"] = uniform(rng, 12, 25, digits=0)
    for i, event in enumerate(e for e in spec["events"] if e["type"] == "rep"):
        event |= {"sides": "LR"[i % 2], "return": True}
    return spec


def stretch(rng: Rng) -> Spec:
    return _stretch(rng, [dict(bent=rng.random() < 0.4, bounce=None)])


def stretch_bouncing(rng: Rng) -> Spec:
    bent = rng.random() < 0.4
    bounce = dict(amp=uniform(rng, 3, 6, digits=1), hz=uniform(rng, 1, 2.5, digits=1))
    return _stretch(rng, [dict(bent=bent, bounce=bounce)])


def stretch_twice(rng: Rng) -> Spec:
    return _stretch(rng, [dict(bent=False, bounce=None), dict(bent=rng.random() < 0.5, bounce=None)])


def stretch_oblique(rng: Rng) -> Spec:
    bounce = dict(amp=uniform(rng, 3, 6, digits=1), hz=uniform(rng, 1, 2.5, digits=1))
    return _stretch(rng, [dict(bent=False, bounce=bounce if rng.random() < 0.4 else None)], yaw=(42, 90))


def _stretch(rng: Rng, holds: list[Spec], yaw: tuple[float, float] = (0, 20)) -> Spec:
    scene = standing(rng, yaw, step=0.18)
    events = [still()]
    for hold in holds:
        knee = uniform(rng, 30, 45, digits=0) if hold["bent"] else 0
        breaths = int(rng.integers(2, 4))
        angle = uniform(rng, 12, 20, digits=0) + (4 if knee else 0)
        breath_s, move = uniform(rng, 3, 4.5, digits=1), uniform(rng, 0.8, 2)
        leg = dict(type="hold", sides="LR", a=angle, knee=knee, hip=0.45 * knee, dur=breaths * breath_s)
        deepen = uniform(rng, 0, 1.5, digits=1)
        events.append(leg | dict(move=move, breaths=breaths, deepen=deepen, bounce=hold["bounce"]))
        events.append(still(2))
    return scene | dict(events=events)


def stands(rng: Rng) -> Spec:
    scene = standing(rng, yaw=(0, 90), arms=uniform(rng, 0, 1))
    return scene | dict(sway=uniform(rng, 0.02, 0.06, digits=3), events=[still(10)])


def types(rng: Rng) -> Spec:
    return sitting(rng, yaw=(0, 80)) | dict(arms=1.0, events=[still(10)])


def squats(rng: Rng) -> Spec:
    scene = standing(rng, yaw=(0, 60)) | dict(pivot="heel")
    squat = dict(type="squat", depth=uniform(rng, 50, 100, digits=0), dur=uniform(rng, 0.8, 1.6))
    return scene | dict(events=[still(), *[squat] * 4, still()])


def marches(rng: Rng) -> Spec:
    march = dict(type="march", sides="LR", dur=uniform(rng, 0.35, 0.7))
    return standing(rng, yaw=(0, 60)) | dict(events=[still(), *[march] * 5, still()])


def kicks(rng: Rng) -> Spec:
    sides = str(rng.choice(["L", "R", "LR"]))
    kick = dict(type="kick", sides=sides, knee=uniform(rng, 5, 30, digits=0), dur=uniform(rng, 0.6, 1.3))
    return sitting(rng, yaw=(0, 50)) | dict(events=[still(), *[kick] * 4, still()])


def walks_in(rng: Rng) -> Spec:
    start = uniform(rng, 1.2, 2.5, digits=1) * int(rng.choice([-1, 1]))
    walk = {"type": "walk", "from": start, "speed": uniform(rng, 0.6, 1.1)}
    return standing(rng) | dict(events=[walk, still(3), walk | {"from": 0.0, "to": -2.0}])


def sits_and_stands(rng: Rng) -> Spec:
    sit = dict(type="sit", dur=uniform(rng, 1, 1.8), stay=uniform(rng, 0.5, 2))
    return standing(rng, yaw=(0, 45)) | dict(pivot="heel", events=[still(), *[sit] * 2, still()])


def shakes(rng: Rng) -> Spec:
    spec = standing(rng) if rng.random() < 0.5 else sitting(rng)
    spec["camera"]["shake"] = uniform(rng, 0.004, 0.012, digits=3)
    return spec | dict(events=[still(8)])


def walks_in_then_raises(rng: Rng) -> Spec:
    """What every home recording looks like: get there, do the set, walk away."""
    spec = heel_raise(rng)
    walk = {"type": "walk", "from": 1.8, "speed": 0.9}
    return spec | dict(events=[walk, *spec["events"], walk | {"from": 0.0, "to": -1.8}])


def shaking_pumps(rng: Rng) -> Spec:
    spec = pump_seated(rng)
    spec["camera"]["shake"] = uniform(rng, 0.003, 0.007, digits=3)
    return spec


# (what, how many for 'dev')
FAMILIES: tuple[tuple[Callable[[Rng], Spec], int], ...] = (
    (heel_raise, 5),
    (heel_raise_oblique, 4),
    (heel_raise_brisk, 2),
    (heel_raise_slow, 2),
    (heel_raise_on_step, 2),
    (mixed_raise, 4),
    (mixed_pump, 4),
    (jerky_raise, 2),
    (jerky_pump, 2),
    (pump_seated, 4),
    (pump_lying, 3),
    (pump_brisk, 2),
    (pump_slow, 2),
    (pump_oblique, 4),
    (pump_one_side, 3),
    (pump_alternating, 2),
    (stretch, 4),
    (stretch_bouncing, 3),
    (stretch_twice, 2),
    (stands, 2),
    (types, 2),
    (squats, 2),
    (marches, 2),
    (kicks, 2),
    (walks_in, 2),
    (sits_and_stands, 2),
    (shakes, 2),
    (walks_in_then_raises, 2),
    (shaking_pumps, 1),
    (stretch_oblique, 2),
)
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

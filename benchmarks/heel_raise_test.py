"""Is the heel-raise test right? `python -m benchmarks.heel_raise_test CLIPS [--model full] [--poses DIR]`.

`--specs OUT` writes the scenarios to render: three people who tire over 25 raises on one leg, seen from the
side, a little turned, and obliquely. CLIPS then holds the rendered NAME.mp4 with NAME.truth.json.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy import markdown
from benchmarks.clips import clips, poses
from benchmarks.scenes import Spec, uniform
from posecount.body_rise import HEEL_PER_ANKLE
from posecount.exercises import exercise
from posecount.heel_raise_test import FIRST, NAME, HeelRaiseResult, HeelRaiseTest
from posecount.session import Session
from posecount.types import Leg, Pose

RAISES, CYCLE_S = 25, 2.0
LEGS: dict[str, Leg] = {"L": "left", "R": "right"}
WOMAN = dict(gender=0.1, age=0.6, muscle=0.5, weight=0.4, height=0.35, proportions=0.5, barefoot=True)
MAN = dict(gender=0.95, age=0.75, muscle=0.6, weight=0.7, height=0.75, proportions=0.6, trousers=True)
YOUTH = dict(gender=0.6, age=0.5, muscle=0.4, weight=0.5, height=0.5, proportions=0.3)


def scenarios() -> dict[str, Spec]:
    """Clip name -> scenario."""
    return {
        "test_side": _tiring(11, "L", WOMAN, -36, -18)
        | dict(size=[1280, 720], fps=30, camera=dict(azimuth=6.0, elevation=4.0, distance=3.4, fov=42.0)),
        "test_turned": _tiring(12, "R", MAN, -30, -12)
        | dict(size=[720, 1280], fps=30, camera=dict(azimuth=160.0, elevation=9.0, distance=3.0, fov=48.0)),
        "test_oblique": _tiring(13, "L", YOUTH, -33, -22)
        | dict(size=[854, 480], fps=25, camera=dict(azimuth=35.0, elevation=6.0, distance=3.6, fov=40.0)),
    }


def _tiring(seed: int, side: str, body: Spec, first_deg: float, last_deg: float) -> Spec:
    """At the metronome's pace, a little uneven, and tiring late rather than soon."""
    rng = np.random.default_rng(seed)
    events: list[Spec] = [dict(type="still", dur=2.0)]
    for i in range(RAISES):
        top_deg = first_deg + (last_deg - first_deg) * (i / (RAISES - 1)) ** 1.5
        top_deg = round(top_deg * (1 + 0.03 * float(rng.uniform(-1, 1))), 2)
        move, pause = (
            round(0.65 * (1 + 0.06 * float(rng.uniform(-1, 1))), 3),
            uniform(rng, 0.1, 0.25, digits=3),
        )
        one = dict(type="rep", sides=side, a=top_deg, b=None, move=move, hold_a=pause)
        events.append(one | dict(hold_b=round(CYCLE_S - 2 * move - pause, 3)))
    look = dict(seed=seed, noise=4.0, light=0.85, sway=0.012, crf=25, posture="stand", pivot="ball")
    return look | dict(
        body=body, lifted="LR".replace(side, ""), events=[*events, dict(type="still", dur=1.5)]
    )


def run_test(found: Iterable[Pose], leg: Leg, height_cm: float, model: str) -> HeelRaiseResult:
    """What `posecount analyze --exercise heel-raise-test` makes of the landmarks."""
    session, test = Session("heel-raise", leg, model), HeelRaiseTest(exercise(NAME), leg)
    last = None
    for pose, events in session.updates(found):
        test.update(pose, events, session.state)
        last = pose
    if last:
        test.update(last, session.finish(), session.state)
    return test.result(height_cm)


def true_rises_cm(truth: dict[str, Any], side: str, part: str) -> list[float]:
    """Of each rep: from between its two ends to its top."""
    track = 100 * np.array(truth[f"{part}_rise_m"][side])
    ends = [(round(rep["start"] * truth["fps"]), round(rep["end"] * truth["fps"])) for rep in truth["reps"]]
    return [float(track[a:b].max() - (track[a] + track[min(b, len(track) - 1)]) / 2) for a, b in ends]


def judge(file: Path, model: str, kept: Path | None) -> Iterator[tuple[str, float, float]]:
    """What, found and true, of one clip."""
    truth = json.loads(file.read_text(encoding="utf-8"))
    side = truth["reps"][0]["sides"]
    found = run_test(poses(file, model, kept), LEGS[side], 100 * truth["height_m"], model)
    ankle, heel = (true_rises_cm(truth, side, part) for part in ("ankle", "heel"))
    yield "raises", found.reps, len(ankle)
    yield "highest rise of the ankle, cm", found.peak, _highest(ankle)
    yield "highest heel, cm", found.heel_peak, _highest(heel)
    yield "all rises together, cm", found.total, sum(ankle)
    yield "last three / first three", found.kept, _mean(ankle[-FIRST:]) / _mean(ankle[:FIRST])
    yield "mean / highest", found.mean_share, _mean(ankle) / _highest(ankle)
    if found.reps == len(ankle):
        away = np.abs(np.array(found.rises) / found.peak - np.array(ankle) / _highest(ankle))
        yield "curve: mean distance, share of the highest", float(away.mean()), 0.0


def _highest(rises: Sequence[float]) -> float:
    """The best three in a row."""
    return max(_mean(rises[n : n + FIRST]) for n in range(len(rises) - FIRST + 1))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _row(name: str, what: str, found: float, true: float) -> list[str]:
    error = f"{100 * (found / true - 1):+.1f} %" if true else ""
    return [name, what, f"{found:.2f}", f"{true:.2f}" if true else "", error]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("clips", type=Path, nargs="?")
    parser.add_argument("--specs", type=Path)
    parser.add_argument("--model", default="heavy")
    parser.add_argument("--poses", type=Path)
    args = parser.parse_args()
    if args.specs:
        args.specs.mkdir(parents=True, exist_ok=True)
        for name, spec in scenarios().items():
            (args.specs / f"{name}.json").write_text(json.dumps(spec, indent=1))
    if args.clips:
        rows = [["clip", "what", "found", "true", "error"]]
        for file in clips(args.clips):
            name = file.name.removesuffix(".truth.json")
            rows += [_row(name, *each) for each in judge(file, args.model, args.poses)]
        print(markdown(rows))
        print(f"\nThe heel is taken to rise {HEEL_PER_ANKLE} times as high as the ankle.")


if __name__ == "__main__":
    main()

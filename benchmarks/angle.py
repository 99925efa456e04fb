"""What measuring the foot in the picture does for the ankle's angle: `python -m benchmarks.angle CLIPS`.

For every side-on clip the near ankle's angle straight from the landmarks, and with its foot's turn restored
(posecount/turn.py, foot_range.py), against the truth: the error after the constant offset is taken away, and
the range found over the true range. Nothing is smoothed, calibrated or counted in between.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import markdown
from benchmarks.clips import clips, poses
from benchmarks.scoring import MOVES_DEG, Truth, read_truth
from posecount.foot_range import FootRange, foot_direction_deg, restored_ankle_deg
from posecount.geometry import HEEL, LEG_POINTS, TOE, sample
from posecount.turn import FootTurns
from posecount.types import LEGS, Leg, Pose
from posecount.video import read

Series = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """One clip: angles (frames,) by landmarks alone, restored as it went, and restored knowing the whole."""

    angles: tuple[Series, Series, Series]
    ms_per_frame: float


def watch(video: Path, found: list[Pose], near: Leg, model: str) -> Found:
    """The near ankle, frame by frame."""
    turns, curve, spent_s = FootTurns(), FootRange(model), 0.0
    rows: list[tuple[float, float, float, float]] = []
    for frame, pose in zip(read(video), found, strict=False):
        begin_s = time.process_time()
        turn_deg = turns.update(frame.image, pose)[LEGS.index(near)]
        direction_deg = _direction_deg(pose, near)
        curve.learn(direction_deg, turn_deg)
        missing_deg = curve.missing_deg(direction_deg)
        spent_s += time.process_time() - begin_s
        rows.append((*_ankle(pose, near), direction_deg, missing_deg))
    ankle, across, directions, missing = np.array(rows).T
    whole = np.array([curve.missing_deg(d) for d in directions.tolist()])
    sign = np.array([restored_ankle_deg(0.0, a, 1.0) for a in across.tolist()])
    return Found((ankle, ankle + sign * missing, ankle + sign * whole), 1000 * spent_s / len(rows))


def _direction_deg(pose: Pose, near: Leg) -> float:
    points = pose.points_px[list(LEG_POINTS[near])]
    return foot_direction_deg(points[HEEL], points[TOE])


def _ankle(pose: Pose, near: Leg) -> tuple[float, float]:
    body = sample(pose)
    leg = body.left if near == "left" else body.right
    return (leg.ankle_deg, leg.across) if leg else (np.nan, np.nan)


def errors(truth: Truth, angles: Series) -> tuple[float, float]:
    """Mean absolute error after the constant offset, deg; range found over true range."""
    known = np.isfinite(angles)
    want, got = truth.ankle_deg[: len(angles)][known], angles[known]
    off = got - want
    low, high = np.percentile([got, want], (3, 97), axis=1)
    return float(np.abs(off - np.median(off)).mean()), float((high - low)[0] / (high - low)[1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.angle", description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--model", choices=("heavy", "full"), default="heavy")
    parser.add_argument("--poses", type=Path, metavar="DIR", help="where landmarks are kept")
    args = parser.parse_args()
    table, spent = [], []
    for file in clips(args.clips):
        truth = read_truth(file)
        if not truth.side_on or truth.kind == "nothing to count" or np.ptp(truth.ankle_deg) < MOVES_DEG:
            continue
        video = file.with_name(truth.name + ".mp4")
        found = watch(video, poses(file, args.model, args.poses), truth.near, args.model)
        table.append([errors(truth, angles) for angles in found.angles])
        spent.append(found.ms_per_frame)
        words = (f"{error:4.1f} deg x{ratio:.2f}" for error, ratio in table[-1])
        print(f"{truth.name:32} {' -> '.join(words)}  {spent[-1]:.2f} ms/frame", flush=True)
    print(f"\n{summary(np.array(table))}\n{np.mean(spent):.2f} ms a frame")


def summary(table: Series) -> str:
    """`table` is (clips, 3, 2) of what `errors` gives."""
    rows = [[f"{len(table)} clips", "error after offset", "range ratio", "range off by"]]
    for name, (off, ratio) in zip(
        ("landmarks", "restored, live", "restored, afterwards"), table.transpose(1, 2, 0), strict=True
    ):
        rows.append([name, f"{off.mean():.2f} deg", f"{ratio.mean():.3f}", f"{np.abs(ratio - 1).mean():.1%}"])
    return markdown(rows)


if __name__ == "__main__":
    main()

"""The clips of a folder, and their landmarks: found once, then kept."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.scoring import SUFFIX
from posecount.session import Session
from posecount.types import Frame, Pose, Summary

X_Y, VISIBILITY = slice(0, 2), 3  # columns of what is kept, after MediaPipe's x, y, z, visibility


def clips(folder: Path) -> list[Path]:
    """Truth files of the clips in a folder. Exits in words when there is none."""
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if not found:
        raise SystemExit(f"{folder} holds no NAME{SUFFIX}; benchmarks/README.md tells how to render some")
    return found


def poses(truth: Path, model: str, kept: Path | None) -> list[Pose]:
    """The landmarks of a clip."""
    name = truth.name.removesuffix(SUFFIX)
    file = kept / f"{name}.{model}.npz" if kept else None
    return kept_poses(file, partial(landmark, truth.with_name(f"{name}.mp4"), model))


def kept_poses(file: Path | None, find: Callable[[], list[Pose]]) -> list[Pose]:
    """What `file` holds, or else what `find` finds, kept there for the next time."""
    if file and file.exists():
        return list(_load(file))
    found = find()
    if file:
        _save(file, found)
    return found


def landmark(video: Path, model: str) -> list[Pose]:
    """The landmarks of every frame of a video."""
    from posecount.video import read

    return landmark_frames(read(video), model)


def landmark_frames(frames: Iterable[Frame], model: str) -> list[Pose]:
    """What the product makes of every frame before it counts."""
    from posecount.pose import Landmarker
    from posecount.turn import FootTurns

    turns = FootTurns()
    with Landmarker(model) as landmarker:
        found = ((frame, landmarker.detect(frame)) for frame in frames)
        return [replace(pose, turn_deg=turns.update(frame.image, pose)) for frame, pose in found]


def analyse(poses: Iterable[Pose]) -> Summary:
    """What a session makes of them when it is told nothing."""
    session = Session()
    for pose in poses:
        session.update(pose)
    session.finish()
    return session.summary()


def _load(file: Path) -> Iterator[Pose]:
    with np.load(file) as kept:
        points, times, size = kept["points"].astype(float), kept["time_s"].tolist(), kept["size_px"].tolist()
        turns = kept["turn_deg"].tolist() if "turn_deg" in kept else [(np.nan, np.nan)] * len(times)
    for time_s, point, (left, right) in zip(times, points, turns, strict=True):
        points_px = np.ascontiguousarray(point[:, X_Y])
        yield Pose(time_s, (size[0], size[1]), points_px, point[:, VISIBILITY], turn_deg=(left, right))


def _save(file: Path, found: list[Pose]) -> None:
    points = np.full((len(found), 33, 4), np.nan, np.float32)
    for row, pose in zip(points, found, strict=True):
        row[:, X_Y], row[:, VISIBILITY] = pose.points_px, pose.visibility
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part.npz")
    try:
        turns = [pose.turn_deg for pose in found]
        times = [pose.time_s for pose in found]
        np.savez(part, points=points, time_s=times, size_px=found[0].size_px, turn_deg=turns)
        part.rename(file)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()

"""The clips of a folder, and their landmarks: found once, then kept."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.scoring import SUFFIX
from posecount.poses_file import Header, PosesWriter, read_poses
from posecount.session import Session
from posecount.types import Frame, Pose, Summary
from posecount.video import VideoInfo


def clips(folder: Path) -> list[Path]:
    """Truth files of the clips in a folder. Exits in words when there is none."""
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if not found:
        raise SystemExit(f"{folder} holds no NAME{SUFFIX}; benchmarks/README.md tells how to render some")
    return found


def poses(truth: Path, model: str, kept: Path | None) -> list[Pose]:
    """The landmarks of a clip."""
    name = truth.name.removesuffix(SUFFIX)
    file = kept / f"{name}.{model}.poses" if kept else None
    return kept_poses(file, partial(landmark, truth.with_name(f"{name}.mp4"), model))


def kept_poses(file: Path | None, find: Callable[[], list[Pose]]) -> list[Pose]:
    """What `file` holds, or else what `find` finds, kept there for the next time."""
    if file and file.exists():
        return list(read_poses(file))
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
    from posecount.foot_flow import FootFlow
    from posecount.pose import Landmarker
    from posecount.turn import FootTurns

    turns, flow, poses = FootTurns(), FootFlow(), []
    with Landmarker(model) as landmarker:
        for frame in frames:
            pose = landmarker.detect(frame)
            feet = dict(turn_deg=turns.update(frame.image, pose), flowed_deg=flow.update(frame.image, pose))
            poses.append(replace(pose, **feet))
    return poses


def analyse(poses: Iterable[Pose], model: str = "heavy") -> Summary:
    """What a session makes of them when it is told nothing but which model found them."""
    session = Session(model=model)
    for _ in session.updates(poses):
        pass
    session.finish()
    return session.summary()


def _save(file: Path, found: list[Pose]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    (width, height), last_s = found[0].size_px, found[-1].time_s
    video = VideoInfo(file.stem, width, height, (len(found) - 1) / last_s, len(found), last_s)
    with PosesWriter(file, Header(video, "")) as writer:
        for pose in found:
            writer.write(pose)

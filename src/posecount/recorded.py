"""The poses of a recording: found in a video, or read from the file in which they were kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from posecount import video
from posecount.errors import PosecountError
from posecount.poses_file import Header, is_poses, read_header, read_poses
from posecount.types import Pose


@dataclass(frozen=True, slots=True)
class Recorded:
    """`poses` in order of time, to be read once; `found` tells how many have been found by now."""

    header: Header
    poses: Iterator[Pose]
    found: Callable[[], int]


@contextmanager
def recorded(
    path: str | Path, model: str | Path, workers: int, fps: float | None = None
) -> Iterator[Recorded]:
    """Of a video, found by so many processes; of a file of poses, those of its own model.

    `fps` limits how many frames a second of a video are looked at.
    Raises PosecountError for what is neither, or when the model cannot be had.
    """
    if is_poses(path):
        if fps:
            raise PosecountError(f"{path} holds poses: all are used; --fps is for videos")
        yield Recorded(read_header(path), read_poses(path), lambda: 0)
        return
    from posecount.landmarks import looking
    from posecount.turn import FootTurns  # OpenCV is loaded when there is a picture to look at

    survey = video.survey(path)
    info, turns = survey.info, FootTurns()
    if fps and fps < info.fps:
        info = replace(info, fps=fps, frames=round(info.duration_s * fps))
    with looking(survey, model, workers, fps) as seen:
        poses = (replace(each.pose, turn_deg=turns.compare(each.cuts, each.pose)) for each in seen)
        yield Recorded(Header(info, str(model), video.cut_off(path)), poses, lambda: seen.found)

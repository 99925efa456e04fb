"""A recorded video in, an Analysis out: where poses, counting and drawing meet."""

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from posecount import video
from posecount.bundles import bundle
from posecount.errors import PosecountError
from posecount.exercises import exercise as exercise_file
from posecount.feedback import Cue
from posecount.heel_raise_test import NAME as HEEL_RAISE_TEST
from posecount.heel_raise_test import HeelRaiseResult, HeelRaiseTest
from posecount.overheard import Overheard
from posecount.poses_file import PosesWriter, is_poses
from posecount.recorded import Recorded, recorded
from posecount.session import Session
from posecount.speed import cores
from posecount.types import LEGS, Notice, Pose, Rep, State, Summary

SCHEMA = "posecount.analysis/1"
# What each unit is worth writing down: 0.01 deg and 0.1 ms are far below what a camera can tell.
DIGITS = {"deg": 2, "s": 4, "fps": 4, "px": 1}
OTHER_DIGITS = 3
CUT_OFF = "cut-off"
SHORTEST_S = 1.0  # the quickest rep that counts
FPS_MIN = 15  # at 12, one rep in some was lost
REP_PICTURES = 15  # a rep in fewer is one of those


@dataclass(frozen=True, slots=True)
class Analysis:
    """`model` is the one that found the landmarks: heavy, full or a path."""

    video: video.VideoInfo
    model: str
    summary: Summary
    test: HeelRaiseResult | None = None
    cues: tuple[Cue, ...] = ()  # what the coach would have said

    def to_dict(self) -> dict[str, Any]:
        """The analysis file: plain values, rounded by their unit, None where not measurable."""
        found = self.summary
        return {
            "schema": SCHEMA,
            "video": plain(asdict(self.video)),
            "model": self.model,
            "exercise": found.exercise,
            "framing": found.framing,
            "counts": counts(found.reps),
            "rhythm": plain(asdict(found.rhythm)),
            "reps": [plain(asdict(rep)) for rep in found.reps],
            "holds": [plain(asdict(hold)) for hold in found.holds],
            **({"heel_raise_test": plain(self.test.to_dict())} if self.test else {}),
            "quality": {
                "usable_fraction": plain(found.usable_fraction),
                "warnings": [plain(asdict(notice)) for notice in found.warnings],
            },
            "angles": plain(asdict(found.angles)),
        }


def analyze(
    path: str | Path,
    *,
    exercise: str = "auto",
    side: str = "auto",
    model: str | Path = "heavy",
    height_cm: float = math.nan,
    annotated: str | Path | None = None,
    poses: str | Path | None = None,
    fps: float | None = None,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Analysis:
    """Count the reps and time the holds in a video; `exercise` may be the heel-raise test.

    `height_cm` is the person's, for rises in centimetres. `annotated` names a video to write with the legs,
    angles and counts drawn in; `poses` a file to keep the poses in, which can then be analyzed in place of
    the video. `fps` limits how many pictures a second are looked at. `workers` processes do so, one a core
    unless told otherwise; what they find does not depend on it. `on_progress` gets the frames done and the
    frames expected. Raises PosecountError when the video, the model or a choice is bad.
    """
    check(exercise, side, model)
    check_fps(fps)
    with ExitStack() as stack:
        source = stack.enter_context(recorded(path, model, workers or cores(), fps))
        info, model = source.header.video, source.header.model
        session = Session(_counted(exercise), side, model)
        test, overheard = _test(exercise, side), Overheard()
        record = stack.enter_context(_recording(annotated, info, path)) if annotated else None
        keep = stack.enter_context(PosesWriter(poses, source.header)) if poses else None
        found = _watched(source, on_progress) if on_progress else source.poses
        for pose, events in session.updates(found):
            state = session.state
            overheard.update(pose, events, state)
            if test:
                test.update(pose, events, state)
            if record:
                record(pose, state)
            if keep:
                keep.write(pose)
    last, summary = session.finish(), session.summary()
    frames = len(summary.angles.time_s)
    if test and frames:
        test.update(pose, last, session.state)
    summary = _with_notes(summary, info.path, source.header.breaks_off, fps and info.fps)
    info, cues = replace(info, frames=frames), tuple(overheard.cues)
    return Analysis(info, model, summary, test.result(height_cm) if test else None, cues)


def _watched(source: Recorded, on_progress: Callable[[int, int], None]) -> Iterator[Pose]:
    for done, pose in enumerate(source.poses, 1):
        on_progress(max(done, source.found()), source.header.video.frames)
        yield pose


def check(exercise: str, side: str, model: str | Path) -> None:
    """Raise PosecountError for what no video could be analyzed with."""
    try:
        Session(_counted(exercise), side)
    except ValueError as error:
        raise PosecountError(str(error)) from None
    _test(exercise, side)
    bundle(model)


def check_fps(fps: float | None) -> None:
    """Raise PosecountError for a rate at which reps would be lost."""
    if fps is not None and not fps >= FPS_MIN:
        raise PosecountError(f"--fps must be {FPS_MIN} or more, or brisk reps are lost between the pictures")


def _counted(exercise: str) -> str:
    """As what the session counts it."""
    return "heel-raise" if exercise == HEEL_RAISE_TEST else exercise


def _test(exercise: str, side: str) -> HeelRaiseTest | None:
    if exercise != HEEL_RAISE_TEST:
        return None
    for leg in LEGS:
        if side == leg:
            return HeelRaiseTest(exercise_file(exercise), leg)
    raise PosecountError(f"{exercise} is done on one leg: add --side left or --side right")


@contextmanager
def _recording(
    path: str | Path, info: video.VideoInfo, source: str | Path
) -> Iterator[Callable[[Pose, State], None]]:
    from posecount.draw import Painter  # who wants numbers only need not load OpenCV

    if is_poses(source):
        raise PosecountError(f"{source} holds poses and no pictures to draw in; give the video")
    painter, frames = Painter(), video.read(source)
    with video.Writer(path, (info.width, info.height), info.fps) as writer:

        def record(pose: Pose, state: State) -> None:
            frame = next(each for each in frames if each.time_s >= pose.time_s)
            writer.write(painter.annotate(frame.image, pose, state), frame.time_s)

        yield record


def _with_notes(found: Summary, path: str, breaks_off: bool, thinned_fps: float | None) -> Summary:
    notes = {}
    quickest_s = min((rep.end_s - rep.start_s for rep in found.reps), default=math.inf)
    if thinned_fps and quickest_s * thinned_fps < REP_PICTURES:
        notes["fps"] = (
            f"The quickest rep took {quickest_s:.1f} s: too quick for {thinned_fps:.0f} pictures a second, "
            "others may have been missed. Leave --fps out."
        )
    if breaks_off:
        notes[CUT_OFF] = f"{path} breaks off after {found.seconds:.1f} s, the rest is missing: copy it again."
    if found.seconds < SHORTEST_S:
        long = f"is {found.seconds:.1f} s long" if found.seconds else "is a single picture"
        notes["too-short"] = f"The video {long}: too short for a rep or a hold."
    notices = [Notice(code, message, 0.0, found.seconds) for code, message in notes.items()]
    return replace(found, warnings=(*notices, *found.warnings))


def counts(reps: Iterable[Rep]) -> dict[str, int]:
    """Smooth reps: one of both feet is one of each leg's and one of the total; of feet alone of the total."""
    whose = [rep.whose for rep in reps if rep.quality == "smooth"]
    left, right = (sum(each in (leg, "both") for each in whose) for leg in LEGS)
    return {"left": left, "right": right, "total": len(whose)}


def plain(value: Any, unit: str = "") -> Any:
    """What JSON can hold: numbers rounded by `unit`, the end of a field's name; NaN and infinity are None."""
    if isinstance(value, dict):
        return {key: plain(each, key.rpartition("_")[2]) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(each, unit) for each in value]
    if isinstance(value, float):
        # Adding zero turns -0.0 into 0.0.
        return round(value, DIGITS.get(unit, OTHER_DIGITS)) + 0.0 if math.isfinite(value) else None
    return os.fspath(value) if isinstance(value, os.PathLike) else value

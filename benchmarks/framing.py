"""How right posecount is when it sees less of a person: `python -m benchmarks.framing CLIPS [--poses DIR]`.

Every clip is cut at the hips, at mid-thigh, at the knees and at mid-shin, where the resting person has them:
of standing and seated people the upper part of the picture is taken away, of lying ones and those who sit on
the floor the side. Besides, nothing may be counted where nothing is done: of the first moments, repeated;
shaken; and with the person carried through the picture. With `--lanes` so many landmarkers take the frames in
turn, as live does; feet are not measured in the picture then, so only the counts can be compared.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.accuracy import markdown
from benchmarks.clips import analyse, clips, kept_poses
from benchmarks.intervals import wilson
from benchmarks.scoring import SUFFIX, Score, read_truth, score
from posecount import video
from posecount.framing import seen
from posecount.live.agreement import Agreement
from posecount.live.lanes import opened
from posecount.pose import Landmarker
from posecount.recorded import recorded
from posecount.speed import cores
from posecount.types import Frame, Pose

CUTS = ("whole", "hips", "mid-thigh", "knees", "mid-shin")
PARTS = ("mid-thigh", "knees", "mid-shin")
NOTHING = ("still", "shaken", "passing")
SOME = 4  # clips of which nothing is made
RESTS = 10  # frames, the first in which someone is seen, who does not move yet
SHAKEN_PX, PASSING = 4.0, 0.5  # standard deviation; picture widths a second
NOTHING_S = 8.0
LYING = 1.6  # hips further from the ankles sideways than upwards, by so much

Make = Callable[[Path], Iterator[Frame]]


@dataclass(frozen=True, slots=True)
class Result:
    """One clip in one framing."""

    framing: str
    score: Score
    seen: str  # what the product took it for
    claims: bool  # degrees of any rep


def window(clip: Path, cut: str) -> tuple[slice, slice]:
    """Rows and columns that are left of a picture."""
    everything = slice(None), slice(None)
    if cut == "whole":
        return everything
    with Landmarker("full", looks_around=False) as landmarker:
        poses = (landmarker.detect(frame) for frame in video.read(clip))
        points = np.nanmedian([pose.points_px for pose in islice(filter(seen, poses), RESTS)], axis=0)
    hips, knees, ankles = (points[[n, n + 1]].mean(axis=0) for n in (23, 25, 27))
    at = {"hips": hips, "mid-thigh": (hips + knees) / 2, "knees": knees, "mid-shin": (knees + ankles) / 2}[
        cut
    ]
    away = np.abs(ankles - hips)
    if away[0] <= LYING * away[1]:
        return slice(max(0, int(at[1])), None), everything[1]
    return everything[0], slice(int(at[0])) if ankles[0] < hips[0] else slice(int(at[0]), None)


def cut_frames(clip: Path, cut: str) -> Iterator[Frame]:
    """The clip with less of the person in it."""
    rows, columns = window(clip, cut)
    for frame in video.read(clip):
        yield replace(frame, image=np.ascontiguousarray(frame.image[rows, columns]))


def nothing_frames(clip: Path, how: str, cut: str) -> Iterator[Frame]:
    """The resting person of a clip: still, before a shaking camera, or carried past it."""
    rows, columns = window(clip, cut)
    frames = list(islice(video.read(clip), RESTS))
    rng, fps = np.random.default_rng(1), 1 / (frames[1].time_s - frames[0].time_s)
    width = frames[0].image.shape[1]
    for n in range(int(NOTHING_S * fps)):
        image = frames[n % RESTS].image
        if how == "shaken":
            image = np.roll(image, rng.normal(0, SHAKEN_PX, 2).round().astype(int).tolist(), (0, 1))
        if how == "passing":
            image = np.roll(image, int(PASSING * width * n / fps), 1)
        yield Frame(n / fps, np.ascontiguousarray(image[rows, columns]))


def kept(clip: Path, file: Path | None, model: str, make: Make) -> list[Pose]:
    """What `analyze` finds in a video of the frames; kept in `file` for the next time."""
    return kept_poses(file, lambda: filmed(make(clip), video.probe(clip).fps, model))


def filmed(frames: Iterator[Frame], fps: float, model: str) -> list[Pose]:
    """The poses of a video that is made of them: read piece by piece, as any other."""
    first = next(frames)
    height, width = first.image.shape[:2]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cut.mp4"
        with video.Writer(path, (width, height), fps) as writer:
            for frame in chain([first], frames):
                writer.write(frame.image, frame.time_s)
        with recorded(path, model, cores()) as source:
            return list(source.poses)


def in_turn(frames: Iterator[Frame], model: str, lanes: int) -> list[Pose]:
    """The poses that live would count, if no frame came too late."""
    agreement, poses = Agreement(), []
    with ExitStack() as stack:
        landmarkers = opened(stack, model, lanes)
        for n, frame in enumerate(frames):
            lane = agreement.alone or landmarkers[n % lanes]
            pose = lane.detect(frame)
            if lanes == 1 or agreement.holds(lane, pose):
                poses.append(pose)
            else:
                lane.forget()
    return poses


def result(truth: Path, framing: str, model: str, poses: Path | None, lanes: int = 0) -> Result:
    """One clip, cut; with `lanes` as live sees it, and its poses are not kept."""
    name = truth.name.removesuffix(SUFFIX)
    file = poses / f"{name}.{framing}.{model}.poses" if poses else None
    clip, make = truth.with_name(f"{name}.mp4"), partial(cut_frames, cut=framing)
    seen_in = in_turn(make(clip), model, lanes) if lanes else kept(clip, file, model, make)
    found = analyse(seen_in, model)
    claims = any(np.isfinite(rep.range_deg) for rep in found.reps)
    return Result(framing, score(read_truth(truth), found), found.framing, claims)


def false_reps(truth: Path, how: str, model: str) -> int:
    """What is counted where nothing is done."""
    clip = truth.with_name(f"{truth.name.removesuffix(SUFFIX)}.mp4")
    makes = [partial(nothing_frames, how=how, cut=cut) for cut in PARTS]
    return sum(len(analyse(kept(clip, None, model, make), model).reps) for make in makes)


def row(results: Sequence[Result]) -> list[str]:
    """All clips of one framing."""
    counts = [each.score.count for each in results]
    exact, near = (sum(abs(got - true) <= most for got, true in counts) for most in (0, 1))
    angles = [each.score.angle for each in results if each.score.angle]
    low, high = wilson(near, len(counts))
    return [
        results[0].framing,
        str(len(results)),
        f"{exact / len(counts):.0%}",
        f"{near / len(counts):.0%} ({low:.0%}-{high:.0%})",
        f"{np.mean([a.shifted_deg for a in angles]):.1f} deg" if angles else "not told",
        f"{np.mean([abs(a.range_ratio - 1) for a in angles]):.0%}" if angles else "not told",
        ", ".join(sorted({each.seen for each in results})),
        str(sum(each.claims for each in results)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.framing", description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--model", choices=("heavy", "full"), default="heavy")
    parser.add_argument("--poses", type=Path, metavar="DIR", help="where poses are kept")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every so many clips")
    parser.add_argument("--cuts", nargs="*", choices=CUTS, default=CUTS)
    parser.add_argument("--lanes", type=int, default=0, metavar="N", help="several landmarkers, as live")
    chosen = parser.parse_args()
    truths = clips(chosen.clips)[:: chosen.every]
    rows = [
        ["seen from", "clips", "exact", "within one", "angle", "range error", "taken for", "claim degrees"]
    ]
    for cut in chosen.cuts:
        found = [result(truth, cut, chosen.model, chosen.poses, chosen.lanes) for truth in truths]
        rows.append(row(found))
        print(markdown([rows[0], rows[-1]]), flush=True)
    print("\n" + markdown(rows) + "\n")
    for how in () if chosen.lanes else NOTHING:
        reps = [false_reps(truth, how, chosen.model) for truth in truths[:: max(1, len(truths) // SOME)]]
        print(f"{how}: {sum(reps)} false reps in {len(reps) * len(PARTS)} clips of {NOTHING_S:.0f} s")


if __name__ == "__main__":
    main()

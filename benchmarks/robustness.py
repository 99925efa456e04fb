"""When does it fail, and does it say so first? Error against yaw, size, frame rate, light and noise.

    python -m benchmarks.robustness --specs DIR      writes the scenarios; render them into DIR
    python -m benchmarks.robustness DIR [--poses KEPT]

Two people, one raising the heels and one pumping on a chair, seen ever worse. Only the yaws are rendered one
by one; the other rows are the frames of the first clip, made smaller, fewer, darker or noisier.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import WORKERS, markdown
from benchmarks.clips import analyse, kept_poses, landmark_frames
from benchmarks.scoring import SUFFIX, Score, read_truth, score
from posecount.types import Frame, Pose

PEOPLE = ("heel_raise", "pump")
YAWS = (0, 15, 30, 45, 60, 90)
HEIGHTS_PX = (900, 450, 300, 225, 150)
RATES = (60, 20, 15, 12, 10)
LIGHTS = (0.3, 0.1, 0.05)
NOISES = (15, 30, 60)
BASE_FPS, USUAL_FPS = 60, 30
BASE_PX, USUAL_PX = 900, 600  # how tall a standing person is in 1080 and in 720 lines, at this distance
DISTANCE_M, FOV_DEG = 2.96, 38
DARK_NOISE = 4.0
DISTURBS_DEG = 5.0  # a larger angle error should have been warned of

Image = NDArray[np.uint8]
Change = Callable[[Image], Image]


@dataclass(frozen=True, slots=True)
class Row:
    """One way of seeing a person: which clip, every how many frames, and what is done to each."""

    person: str
    what: str
    clip: str
    every: int
    change: Change


def specs() -> dict[str, dict[str, Any]]:
    """Scenario of every clip that must be rendered, by name."""
    out = {}
    for person, how in (("heel_raise", _raising()), ("pump", _pumping())):
        for yaw in YAWS:
            fine = (
                {"size": [1920, 1080], "fps": BASE_FPS}
                if not yaw
                else {"size": [1280, 720], "fps": USUAL_FPS}
            )
            camera = {"azimuth": yaw, "elevation": 5, "distance": DISTANCE_M, "fov": FOV_DEG}
            out[f"{person}_yaw{yaw}"] = how | fine | {"seed": 5, "noise": 3, "camera": camera}
    return out


def _raising() -> dict[str, Any]:
    rep = {"type": "rep", "sides": "LR", "a": -28, "b": None, "move": 0.6, "hold_a": 0.2, "hold_b": 0.2}
    return {"posture": "stand", "pivot": "ball", "events": [_STILL, rep, rep, rep, rep, _STILL]}


def _pumping() -> dict[str, Any]:
    rep = {"type": "rep", "sides": "LR", "a": -30, "b": 12, "move": 0.5, "hold_a": 0.2, "hold_b": 0.2}
    sitting = {"posture": "seated", "pivot": "none", "knee": 70, "hip": 85, "clearance": 0.15}
    return sitting | {"events": [_STILL, rep, rep, rep, rep, _STILL]}


_STILL = {"type": "still", "dur": 1.2}


def all_rows(person: str) -> Iterator[Row]:
    """The first is the usual view, from the side and well lit; each other differs from it in one thing."""
    base, half = f"{person}_yaw0", BASE_FPS // USUAL_FPS
    usual = partial(_shrunk, part=USUAL_PX / BASE_PX)
    yield Row(person, "usual", base, half, usual)
    for yaw in YAWS[1:]:
        yield Row(person, f"yaw {yaw} deg", f"{person}_yaw{yaw}", 1, _same)
    for height in HEIGHTS_PX:
        yield Row(person, f"body {height} px tall", base, half, partial(_shrunk, part=height / BASE_PX))
    for rate in RATES:
        yield Row(person, f"{rate} pictures a second", base, BASE_FPS // rate, usual)
    for light in LIGHTS:
        yield Row(person, f"light x {light}", base, half, partial(_darkened, light=light))
    for noise in NOISES:
        yield Row(person, f"noise {noise} of 255", base, half, partial(_noisy, sigma=noise))


def _same(image: Image) -> Image:
    return image


def _shrunk(image: Image, part: float) -> Image:
    import cv2

    size = (round(image.shape[1] * part), round(image.shape[0] * part))
    small: Image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return small


def _darkened(image: Image, light: float) -> Image:
    """A camera that cannot open further: less light, and the noise of its sensor stays."""
    small = _shrunk(image, USUAL_PX / BASE_PX)
    return _with_noise(small * np.float32(light), DARK_NOISE)


def _noisy(image: Image, sigma: float) -> Image:
    return _with_noise(_shrunk(image, USUAL_PX / BASE_PX), sigma)


def _with_noise(image: NDArray[Any], sigma: float) -> Image:
    # From the picture itself, so that the same frame is always disturbed in the same way.
    rng = np.random.default_rng(int(image[::50, ::50].sum()))
    grain = sigma * rng.standard_normal(image.shape[:2], np.float32)
    noisy: Image = np.clip(image + grain[..., None], 0, 255).astype(np.uint8)
    return noisy


def landmarked(row: Row, folder: Path) -> list[Pose]:
    """The landmarks of a row's frames."""
    from posecount.video import read

    frames = (frame for i, frame in enumerate(read(folder / f"{row.clip}.mp4")) if i % row.every == 0)
    return landmark_frames((Frame(frame.time_s, row.change(frame.image)) for frame in frames), "heavy")


def judge(row: Row, folder: Path, kept: Path | None) -> Score:
    """How right the session is with what is seen in a row."""
    name = f"{row.person} {row.what}".replace(" ", "_")
    file = kept / f"{name}.heavy.poses" if kept else None
    poses = kept_poses(file, partial(landmarked, row, folder))
    return score(read_truth(folder / f"{row.clip}{SUFFIX}"), analyse(poses))


def table(scores: dict[str, list[tuple[Row, Score]]]) -> str:
    """Both people side by side, a line for each view, as Markdown."""
    out = [["seen", *(f"{person.replace('_', ' ')}: {what}" for person in scores for what in _HEAD)]]
    for same in zip(*scores.values(), strict=True):
        out.append([same[0][0].what, *(cell for _, score in same for cell in _told(score))])
    return markdown(out)


_HEAD = ("count", "angle error", "said")


def _told(score: Score) -> list[str]:
    (got, true), angle = score.count, score.angle
    error = f"{angle.shifted_deg:.1f} deg, range x{angle.range_ratio:.2f}" if angle else "not told"
    return [f"{got}/{true}", error, ", ".join(score.warnings) or ("" if is_right(score) else "SILENT")]


def is_right(score: Score) -> bool:
    """Whether nothing had to be said."""
    (got, true), angle = score.count, score.angle
    return got == true and (angle is None or angle.shifted_deg <= DISTURBS_DEG)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("clips", type=Path, nargs="?")
    parser.add_argument("--specs", type=Path, metavar="DIR", help="write the scenarios to render, and stop")
    parser.add_argument("--poses", type=Path, metavar="DIR", help="where landmarks are kept")
    args = parser.parse_args()
    if args.specs:
        args.specs.mkdir(parents=True, exist_ok=True)
        for name, spec in specs().items():
            (args.specs / f"{name}.json").write_text(json.dumps(spec, indent=1))
    if args.clips:
        scores = {}
        with ProcessPoolExecutor(WORKERS) as pool:
            for person in PEOPLE:
                rows = list(all_rows(person))
                judged = pool.map(partial(judge, folder=args.clips, kept=args.poses), rows)
                scores[person] = list(zip(rows, judged, strict=True))
        print(table(scores))


if __name__ == "__main__":
    main()

"""How fast, against the plain loop anybody would write: `python -m benchmarks.speed [VIDEO] [--pairs N]`.

Every figure is a ratio of two commands run in turn, A B A B, each a process of its own from start to end: the
median of the pairs, and their range. Other work on the machine slows both; the range shows what it does.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy import markdown
from benchmarks.overhead import SAMPLE, shares
from posecount import video
from posecount.bundles import bundle
from posecount.poses_file import read_poses
from posecount.session import Session
from posecount.speed import cores

LOOP = Path(__file__).with_name("plain_loop.py")
PEER = (
    "from physiocore.ankle_toe_movement import AnkleToeMovementTracker as T; T().process_video(display=False)"
)
FREE_BOX = (8).to_bytes(4, "big") + b"free"  # makes another file of an MP4, with the same pictures in it
VIDEOS = 6  # in the batch


@dataclass(frozen=True, slots=True)
class Run:
    """One command, from start to end, with all its processes."""

    wall_s: float
    cpu_s: float


Command = Sequence[str | Path]


def timed(command: Command) -> Run:
    """Run it; ends the benchmark when it fails."""
    before, began_s = os.times(), time.perf_counter()
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    wall_s, after = time.perf_counter() - began_s, os.times()
    if run.returncode:
        raise SystemExit(f"{command} failed:\n{run.stderr[-2000:]}")
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall_s, cpu_s)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of the first command's time to the second's, pair by pair."""

    wall: list[float]
    cpu: list[float]

    def row(self, name: str, aim: str = "") -> list[str]:
        spread = f"{min(self.wall):.2f} to {max(self.wall):.2f}"
        return [
            name,
            aim,
            f"{statistics.median(self.wall):.2f}",
            spread,
            f"{statistics.median(self.cpu):.2f}",
        ]


def paired(one: Command, other: Command, pairs: int) -> Ratio:
    """How many times as long `one` takes as `other`."""
    runs = [(timed(one), timed(other)) for _ in range(pairs)]
    return Ratio([a.wall_s / b.wall_s for a, b in runs], [a.cpu_s / b.cpu_s for a, b in runs])


class Commands:
    """What is compared, all on one clip."""

    def __init__(self, clip: Path, folder: Path) -> None:
        self.clip, self._folder = clip, folder

    def plain(self, model: str) -> Command:
        return [sys.executable, LOOP, self.clip, bundle(model)]

    def ours(self, model: str, workers: int) -> Command:
        posecount = [sys.executable, "-m", "posecount", "analyze", self.clip, "--model", model]
        return [*posecount, "--workers", str(workers), "--json", self.json(model, workers)]

    def json(self, model: str, workers: int) -> Path:
        return self._folder / f"{model}{workers}.json"

    def again(self, poses: Path) -> Command:
        return [sys.executable, "-m", "posecount", "analyze", poses, "--json", self._folder / "again.json"]

    def peer(self, python: Path) -> Command:
        return [python, "-c", PEER, "--video", self.clip, "--voice_enabled", "False"]

    def batch(self, model: str, videos: Path) -> Command:
        out = tempfile.mkdtemp(dir=self._folder)
        return [sys.executable, "-m", "posecount", "batch", videos, "--out", out, "--model", model]

    def one_by_one(self, model: str, videos: Path) -> Command:
        words = [sys.executable, "-m", "posecount", "analyze", *sorted(videos.iterdir()), "--model", model]
        return [*words, "--workers", "1", "--out", tempfile.mkdtemp(dir=self._folder)]


def copies(clip: Path, folder: Path, count: int) -> Path:
    """A folder of as many files, each of another content, with the same pictures."""
    folder.mkdir()
    for n in range(count):
        (folder / f"{n}.mp4").write_bytes(clip.read_bytes() + n * FREE_BOX)
    return folder


def looped(source: Path, seconds: float, path: Path) -> Path:
    """The clip over and over, for at least so long."""
    info = video.probe(source)
    if seconds <= info.duration_s:
        return source
    with video.Writer(path, (info.width, info.height), info.fps) as writer:
        for turn in range(-int(-seconds // info.duration_s)):
            for frame in video.read(source):
                writer.write(frame.image, turn * info.duration_s + frame.time_s)
    return path


def session_fps(poses: Path) -> float:
    """Poses a second of processor time through the session alone: the best of ten times."""
    found, took_s = list(read_poses(poses)), []
    for _ in range(10):
        session, began_s = Session(), time.process_time()
        for _ in session.updates(found):
            pass
        session.finish()
        took_s.append(time.process_time() - began_s)
    return len(found) / min(took_s)


def same(one: Path, other: Path) -> bool:
    """Reps, holds and every angle."""
    first, second = (json.loads(path.read_text()) for path in (one, other))
    return all(first[key] == second[key] for key in ("reps", "holds", "angles", "counts"))


Tell = Callable[[list[str]], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """The parts of it; each tells its rows."""

    commands: Commands
    folder: Path
    source: Path
    pairs: int
    peer: Path | None

    def models(self, tell: Tell) -> None:
        for model, aim in (("heavy", ">= 1.85"), ("full", ">= 1.7")):
            plain, name = self.commands.plain(model), f"plain loop / analyze, `{model}`"
            tell(paired(plain, self.commands.ours(model, 2), self.pairs).row(f"{name}, 2 workers", aim))
            tell(paired(plain, self.commands.ours(model, 1), self.pairs).row(f"{name}, 1 worker"))

    def workers(self, tell: Tell) -> None:
        for count in (2, 4):
            ratio = paired(self.commands.ours("full", 1), self.commands.ours("full", count), self.pairs)
            alike = same(self.commands.json("full", 1), self.commands.json("full", count))
            tell(ratio.row(f"1 worker / {count}, `full`; results {'the same' if alike else 'DIFFER'}"))

    def rest(self, tell: Tell) -> None:
        for model in ("heavy", "full"):
            found = shares(self.commands.clip, model)
            name = f"neither decoding ({found['decoding']:.1%}) nor landmarking, `{model}`"
            tell([name, "< 3 %", f"{found['the rest']:.1%}", "", ""])

    def again(self, tell: Tell) -> None:
        poses = self.folder / "clip.poses"
        timed([*self.commands.ours("full", 2), "--poses", poses])
        ratio = paired(self.commands.ours("full", 2), self.commands.again(poses), self.pairs)
        tell(ratio.row("analyze / analyze of kept poses, `full`"))
        tell(["session alone, poses a second of one core", ">= 20 000", f"{session_fps(poses):.0f}", "", ""])

    def batch(self, tell: Tell) -> None:
        videos = copies(self.source, self.folder / "videos", VIDEOS)
        one_by_one = self.commands.one_by_one("full", videos)
        ratio = paired(one_by_one, self.commands.batch("full", videos), self.pairs)
        tell(ratio.row(f"{VIDEOS} videos one by one / batch, 2 processes, `full`"))

    def physiocore(self, tell: Tell) -> None:
        if self.peer is None:
            return
        peer = self.commands.peer(self.peer)
        plain, ours = self.commands.plain("heavy"), self.commands.ours("heavy", 2)
        tell(paired(peer, plain, self.pairs).row("physiocore 0.3.5 / plain loop, `heavy`"))
        tell(paired(peer, ours, self.pairs).row("physiocore 0.3.5 / analyze, `heavy`, 2 workers"))


PARTS = ("models", "workers", "rest", "again", "batch", "physiocore")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("video", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--seconds", type=float, default=120.0, help="the video is repeated for so long")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--peer", type=Path, metavar="PYTHON", help="of physiocore's environment")
    args = parser.parse_args()
    rows = [["", "aim", "median", "of the pairs", "processor time"]]

    def tell(row: list[str]) -> None:
        print("  ".join(row), flush=True)
        rows.append(row)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = Commands(looped(args.video, args.seconds, folder / "clip.mp4"), folder)
        info = video.probe(commands.clip)
        print(f"{platform.machine()}, {cores()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"{info.width}x{info.height}, {info.fps:.0f} a second, {info.duration_s:.0f} s\n")
        bench = Bench(commands, folder, args.video, args.pairs, args.peer)
        for part in args.only:
            getattr(bench, part)(tell)
        print(f"\n{markdown(rows)}\n\nload at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

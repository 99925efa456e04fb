"""Does live grow, or fall behind: python -m benchmarks.soak VIDEO [--hours 2 | --realtime --minutes 20].

The video goes round and round through the whole live loop, with its history in a file and every scene drawn.
Without --realtime its landmarks are found once and then remembered, and no picture waits for its time: hours
pass in minutes, and all that counts, draws and keeps has its share of them. With --realtime everything is
as in use, and how late the last picture is tells of drift.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from math import inf, isnan, nan
from pathlib import Path

import cv2
import numpy as np

from posecount.live.agreement import Detector
from posecount.live.director import Director
from posecount.live.keeper import Keeper
from posecount.live.lanes import opened
from posecount.live.lookout import Lookout
from posecount.live.loop import Loop
from posecount.live.pace import promptly
from posecount.live.screen import Screen
from posecount.live.source import Player, Put, Shot, Source, Tell
from posecount.types import Frame, Pose
from posecount.video import probe, read

MB = 1024 * 1024
MINUTE_S = 60.0  # until all that is kept for a minute is there
SHRUNK = 4  # pictures are remembered this much smaller
SIZE = (1280, 720)
LIMIT_MB = 20.0


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", type=Path)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--realtime", action="store_true")
    parser.add_argument("--minutes", type=float, default=20.0)
    wanted = parser.parse_args(arguments)
    length_s = probe(wanted.video).duration_s
    with ExitStack() as stack:
        lookout = stack.enter_context(Lookout())
        if wanted.realtime:
            source: Source = Player(wanted.video, max(1, round(wanted.minutes * 60 / length_s)))
            landmarkers = opened(stack, "full", 1)
        else:
            remembered = Remembered(wanted.video)
            source = InStep(remembered, round(wanted.hours * 3600 / length_s))
            landmarkers = [remembered]
        promptly()
        run(source, landmarkers, lookout if wanted.realtime else None)


def run(source: Source, landmarkers: Sequence[Detector], lookout: Lookout | None) -> None:
    """Play it all, and tell every quarter of an hour of media time how much memory there is."""
    screen, memory, said_s, late_s = Screen(), Memory(), 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        keeper = Keeper("full", print, f"sqlite:///{folder}/history.sqlite3")
        loop = Loop(source, landmarkers, Director(keeper, model="full"), lambda *_: None, lookout=lookout)
        if isinstance(source, InStep):
            source.loop = loop
        began_s = time.monotonic()
        loop.start()
        while loop.running:
            scene = loop.scenes.take(0.05)
            if scene is None:
                continue
            screen.draw(scene, SIZE)
            loop.drawn()
            media_s = scene.shot.frame.time_s
            late_s = time.monotonic() - began_s - media_s
            memory.look(media_s)
            if media_s - said_s > 900:
                said_s = media_s
                tell(media_s, memory)
        report = loop.finish()
        keeper.close()
        tell(report.seconds, memory)
        print(f"captured {report.captured}, analysed {report.analysed}, dropped {report.dropped}")
        if not isinstance(source, InStep):
            print(f"the last picture was drawn {late_s:.3f} s after its time")


class Memory:
    """What the process needs: the least of each minute, for pictures on their way come and go, 25 MB."""

    def __init__(self) -> None:
        self._minute, self._least_mb = 0, inf
        self.first_mb = self.last_mb = nan  # of the second minute, and of the last that is over

    def look(self, media_s: float) -> None:
        minute = int(media_s // MINUTE_S)
        if minute != self._minute:
            if self._minute > 0:
                self.last_mb = self._least_mb
                self.first_mb = self.last_mb if isnan(self.first_mb) else self.first_mb
            self._minute, self._least_mb = minute, inf
        self._least_mb = min(self._least_mb, resident_mb())


def tell(media_s: float, memory: Memory) -> None:
    grown = memory.last_mb - memory.first_mb
    within = "within" if grown <= LIMIT_MB else "OVER"
    print(
        f"{media_s / 60:.0f} min: {grown:+.1f} MB since the first minute ({within} {LIMIT_MB:.0f})",
        flush=True,
    )


class Remembered:
    """A landmarker that has seen the video before: the pictures small, the landmarks at the same scale."""

    def __init__(self, video: Path) -> None:
        self.length_s = probe(video).duration_s
        self.frames: list[Frame] = []
        self._poses: list[Pose] = []
        with ExitStack() as stack:
            (landmarker,) = opened(stack, "full", 1)
            for frame in read(video):
                pose = landmarker.detect(frame)
                height, width = (each // SHRUNK for each in frame.image.shape[:2])
                image = cv2.resize(frame.image, (width, height), interpolation=cv2.INTER_AREA)
                self.frames.append(Frame(frame.time_s, np.asarray(image, np.uint8)))
                self._poses.append(replace(pose, points_px=pose.points_px / SHRUNK, size_px=(width, height)))
        self._next = 0

    def detect(self, frame: Frame) -> Pose:
        pose = self._poses[self._next % len(self._poses)]
        self._next += 1
        return replace(pose, time_s=frame.time_s)


class InStep:
    """Plays what is remembered `rounds` times, each picture as soon as the one before is counted."""

    fps = 30.0
    loop: Loop

    def __init__(self, remembered: Remembered, rounds: int) -> None:
        self._remembered, self._rounds = remembered, rounds

    def run(self, put: Put, tell: Tell, stop: threading.Event) -> None:
        for frame in self._frames():
            if stop.is_set():
                return
            put(Shot(frame, time.monotonic()))
            while self.loop.report.analysed < self.loop.report.captured and self.loop.running:
                time.sleep(0.0002)

    def _frames(self) -> Iterator[Frame]:
        for number in range(self._rounds):
            for frame in self._remembered.frames:
                yield Frame(number * self._remembered.length_s + frame.time_s, frame.image)


def resident_mb() -> float:
    """Of this process, from the system; NaN where it does not tell."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / MB if status.exists() else float("nan")


if __name__ == "__main__":
    main()

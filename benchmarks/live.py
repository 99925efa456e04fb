"""How live is live: python -m benchmarks.live VIDEO [--size 1280x720] [--awake].

The video is played at its own speed for a minute through the whole live loop, drawn but not shown.
- how many times one landmarker's rate several reach side by side, one a core;
- pictures analysed, as a share of what the landmarkers could do or the camera gave, whichever is less;
- delay from capture to the drawn picture, against one inference: on the same pictures, just before and after.
Each line says how much of the machine other programs took meanwhile: they delay threads, and no ratio
can take that out. Only with next to nothing taken do the verdicts mean much. --awake keeps the cores from
sleeping, which a virtual machine may need to be as fast as it can be (see benchmarks/awake.py).
"""

import argparse
import os
import statistics
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from itertools import islice
from math import ceil
from pathlib import Path

from benchmarks.awake import awake, processor_s
from posecount.live.agreement import Detector
from posecount.live.choose import cores
from posecount.live.director import Director
from posecount.live.lanes import opened
from posecount.live.lookout import Lookout
from posecount.live.loop import Loop, Report
from posecount.live.pace import Delay, Delays, promptly
from posecount.live.screen import Screen
from posecount.live.source import Player
from posecount.types import Frame
from posecount.video import probe, read

ALONE = 60  # pictures
LIVE_S = 60.0  # at least: who has just been found takes longer, and a session has only one beginning
QUIET = 0.05  # of the machine's time for others: what shows in the slowest hundredth is then our own
# What was promised.
MANY, SHARE, OVER_MS, SLOWEST = 1.7, 0.95, 15.0, 2.0


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", type=Path)
    parser.add_argument("--size", default="1280x720", help="of the window")
    parser.add_argument("--awake", action="store_true", help="keep idle cores from sleeping (Linux)")
    wanted = parser.parse_args(arguments)
    width, height = map(int, wanted.size.split("x"))
    frames = list(islice(read(wanted.video), ALONE))
    kept = ", kept awake" if wanted.awake else ""
    print(f"{cores()} cores{kept}, {wanted.video.name}, drawn for {wanted.size}")
    with awake() if wanted.awake else nullcontext(()) as spinners:
        for model, lanes in (("full", 1), ("heavy", cores())):
            measure(model, lanes, wanted.video, frames, (width, height), spinners)


def measure(
    model: str,
    lanes: int,
    video: Path,
    frames: list[Frame],
    size: tuple[int, int],
    spinners: Sequence[int] = (),
) -> None:
    """Alone, side by side, live, and alone once more, within a minute."""
    with ExitStack() as stack:
        landmarkers = opened(stack, model, cores())
        others = Others(spinners)
        (before_ms,) = inference_ms(landmarkers[:1], frames)
        many = sum(before_ms / each for each in inference_ms(landmarkers, frames))
        say(f"{model}: one inference {before_ms:.1f} ms, so {1000 / before_ms:.1f} a second")
        say(f"  {cores()} side by side: {many:.2f} times as many", many >= MANY or cores() == 1, others)
        others = Others(spinners)
        report, drawn = live(landmarkers[:lanes], model, video, size)
        (after_ms,) = inference_ms(landmarkers[:1], frames)
    one_ms = (before_ms + after_ms) / 2
    could = min(1000 / one_ms * (many if lanes > 1 else 1), Player(video).fps)
    share, over_ms, slowest = report.fps / could, drawn.median_ms - one_ms, drawn.p99_ms / one_ms
    say(
        f"  live with {lanes}: {report.fps:.1f} analysed a second, {share:.0%} of what could be",
        share >= SHARE,
        others,
    )
    say(
        f"  drawn {drawn.median_ms:.0f} ms after capture: one inference {over_ms:+.0f} ms",
        over_ms < OVER_MS,
        others,
    )
    say(f"  the slowest hundredth {drawn.p99_ms:.0f} ms: {slowest:.2f} inferences", slowest < SLOWEST, others)


def live(
    landmarkers: Sequence[Detector], model: str, video: Path, size: tuple[int, int]
) -> tuple[Report, Delay]:
    """Play the video over and over through the live loop, and draw what a window would show."""
    screen, delays = Screen(), Delays()
    screen.draw(None, size)  # as the window is shown before there is a picture
    with Lookout() as lookout:
        director = Director(lambda *_: None, model=model)
        source = Player(video, ceil(LIVE_S / probe(video).duration_s))
        loop = Loop(source, landmarkers, director, lambda *_: None, lookout=lookout)
        promptly()
        loop.start()
        while loop.running:
            scene = loop.scenes.take(0.01)
            if scene:
                screen.draw(scene, size)
                delays.add(time.monotonic() - scene.shot.captured_s)
                loop.drawn()
        return loop.finish(), delays.result()


def inference_ms(landmarkers: Sequence[Detector], frames: list[Frame]) -> list[float]:
    """The median inference of each, all at once, over the same pictures."""
    taken: list[float] = []

    def run(landmarker: Detector) -> None:
        times = []
        for frame in frames:
            began_s = time.perf_counter()
            landmarker.detect(frame)
            times.append(time.perf_counter() - began_s)
        taken.append(1000 * statistics.median(times))

    threads = [threading.Thread(target=run, args=(each,)) for each in landmarkers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


class Others:
    """The share of the machine's time that other programs have taken since this was made."""

    def __init__(self, spinners: Sequence[int] = ()) -> None:
        self._spinners = spinners  # give way: theirs is as good as idle
        self._began = self._now()

    @property
    def share(self) -> float:
        """NaN where the system does not tell."""
        busy, own, whole = (now - then for now, then in zip(self._now(), self._began, strict=True))
        return max(busy - own, 0.0) / whole if whole else float("nan")

    def _now(self) -> tuple[float, float, float]:
        stat = Path("/proc/stat")
        if not stat.exists():
            return 0.0, 0.0, 0.0
        jiffies = [
            int(each) / os.sysconf("SC_CLK_TCK") for each in stat.read_text().split("\n")[0].split()[1:9]
        ]
        idle = jiffies[3] + jiffies[4] + sum(map(processor_s, self._spinners))
        return sum(jiffies) - idle, sum(os.times()[:2]), sum(jiffies)


def say(text: str, within: bool | None = None, others: Others | None = None) -> None:
    """A line, and whether it is within its limit; on a busy machine that is said, but proves nothing."""
    if others is None:
        print(text)
        return
    verdict = "within the limit" if within else "OVER the limit"
    busy = f" (others took {others.share:.0%} of the machine)" if not others.share < QUIET else ""
    print(f"{text} - {verdict}{busy}", flush=True)


if __name__ == "__main__":
    main()

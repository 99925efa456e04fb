"""How live is live: python -m benchmarks.live VIDEO [--minutes M] [--size 1280x720].

Prints ratios beside milliseconds: on a busy machine only the ratios say something.
- delay from capture to the drawn picture, against one inference measured just before;
- pictures analysed, as a share of what the landmarkers could do or the camera gave, whichever is less;
- two landmarkers side by side against one;
- memory, and media time against wall time, while the video is played over and over.
Nothing is shown: drawing is timed, the screen's own delay is not.
"""

import argparse
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from posecount.live.choose import cores, frames_per_second
from posecount.live.director import Director
from posecount.live.lanes import opened
from posecount.live.loop import Loop
from posecount.live.pace import Delays
from posecount.live.screen import Screen
from posecount.live.source import Player
from posecount.video import probe

MB = 1024 * 1024


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", type=Path)
    parser.add_argument("--minutes", type=float, default=0.5, help="of looped video, for the memory")
    parser.add_argument("--size", default="1280x720", help="of the window")
    wanted = parser.parse_args(arguments)
    width, height = map(int, wanted.size.split("x"))
    print(f"{cores()} cores")
    for model in ("full", "heavy"):
        one, two = (frames_per_second(model, lanes, 2.0) for lanes in (1, 2))
        print(f"{model}: one landmarker {one:.1f}/s, two {two:.1f}/s: {two / one:.2f} times")
        for lanes, could in ((1, one), (2, two)):
            if lanes <= cores():
                played(wanted.video, model, lanes, could, 1000 / one, (width, height), loops=1)
    info = probe(wanted.video)
    loops = max(1, round(wanted.minutes * 60 / info.duration_s))
    played(wanted.video, "full", 1, could=0.0, inference_ms=0.0, size=(width, height), loops=loops)


def played(
    video: Path, model: str, lanes: int, could: float, inference_ms: float, size: tuple[int, int], loops: int
) -> None:
    """Play the video and print what came of it; with `could` 0 it is memory and drift that are looked at."""
    source, screen, delays = Player(video, loops), Screen(), Delays()
    with ExitStack() as stack:
        landmarkers = opened(stack, model, lanes)
        loop = Loop(source, landmarkers, Director(lambda *_: None, model=model), lambda *_: None)
        began_s, settled_mb, drift_s = time.monotonic(), 0.0, 0.0
        loop.start()
        while loop.running:
            scene = loop.scenes.take(0.01)
            if scene:
                screen.draw(scene, size)
                now_s = time.monotonic()
                delays.add(now_s - scene.shot.captured_s)
                drift_s = (now_s - began_s) - scene.shot.frame.time_s
            if not settled_mb and time.monotonic() - began_s > (60 if loops > 3 else 10):
                settled_mb = resident_mb()
        report = loop.finish()
    drawn = delays.result()
    if could:
        share = report.fps / min(could, source.fps)
        print(
            f"  {lanes} at {source.fps:.0f}/s: analysed {report.fps:.1f}/s, {share:.0%} of what it could; "
            f"on screen after {drawn.median_ms:.0f} ms (p99 {drawn.p99_ms:.0f}), "
            f"{drawn.median_ms / inference_ms:.2f} inferences (p99 {drawn.p99_ms / inference_ms:.2f})"
        )
    else:
        grown = resident_mb() - settled_mb if settled_mb else float("nan")
        print(f"looped {report.seconds:.0f} s: memory grew {grown:.1f} MB, last picture {drift_s:.3f} s late")


def resident_mb() -> float:
    """Of this process, from the system; NaN where it does not tell."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / MB if status.exists() else float("nan")


if __name__ == "__main__":
    main()

"""How the web app shares a machine: many live sessions at once, each with a camera of 30 pictures a second.

    python -m benchmarks.web [--sessions 8] [--seconds 15] [--model full] [VIDEO]

Prints for each session how many pictures a second were answered, and how late: from sending a picture to its
scene, in milliseconds. Then whether one more is refused, and the server's memory.
"""

import argparse
import asyncio
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import websockets

from posecount.video import read

SAMPLE = Path(__file__).parents[1] / "sample_videos" / "heel_raises.mp4"
FPS = 30
AHEAD = 2  # pictures on their way, as the page does it


@dataclass
class Seen:
    """What one browser has seen."""

    late_ms: list[float] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    count: int = 0

    @property
    def fps(self) -> float:
        return (len(self.times_s) - 1) / (self.times_s[-1] - self.times_s[0]) if self.times_s else 0.0


def pictures(video: Path, seconds: float) -> list[bytes]:
    """As the page packs them."""
    frames = (frame.image for frame in islice(read(video), round(seconds * FPS)))
    return [
        cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])[
            1
        ].tobytes()
        for image in frames
    ]


async def browser(url: str, film: list[bytes], seconds: float, everyone: asyncio.Barrier) -> Seen:
    seen, waiting = Seen(), {}
    async with websockets.connect(f"{url.replace('http', 'ws')}ws/live", origin=url.rstrip("/")) as wire:
        await wire.send(json.dumps({"exercise": "heel-raise", "guided": False}))
        while json.loads(await wire.recv())["event"] != "ready":
            pass
        await everyone.wait()
        listening = asyncio.create_task(listen(wire, seen, waiting))
        began_s = time.monotonic()
        for index in range(round(seconds * FPS)):
            await asyncio.sleep(max(began_s + index / FPS - time.monotonic(), 0))
            if len(waiting) < AHEAD:
                captured_ms = round(1000 * index / FPS)
                waiting[captured_ms] = time.monotonic()
                await wire.send(struct.pack("<d", captured_ms) + film[index % len(film)])
        await wire.send('{"stop": true}')
        await listening
    return seen


async def listen(wire: websockets.ClientConnection, seen: Seen, waiting: dict[float, float]) -> None:
    async for text in wire:
        message = json.loads(text)
        if message["event"] != "scene":
            continue
        now_s = time.monotonic()
        sent_s = waiting[message["captured"]]
        for captured in [each for each in waiting if each <= message["captured"]]:
            del waiting[captured]
        seen.times_s.append(now_s)
        seen.late_ms.append(1000 * (now_s - sent_s))
        seen.count = message["count"]


async def one_more(url: str) -> str:
    async with websockets.connect(f"{url.replace('http', 'ws')}ws/live", origin=url.rstrip("/")) as wire:
        await wire.send("{}")
        return str(json.loads(await wire.recv()))


async def together(
    url: str, film: list[bytes], sessions: int, seconds: float, began: list[float], pid: int
) -> tuple[list[Seen], str]:
    everyone = asyncio.Barrier(sessions + 1)
    running = [browser(url, film, seconds, everyone) for _ in range(sessions)]

    async def late_one() -> str:
        await everyone.wait()
        began.extend((time.monotonic(), cpu_s(pid)))
        refusal = await one_more(url)
        await asyncio.sleep(began[0] + seconds - time.monotonic())
        began.extend((time.monotonic(), cpu_s(pid)))
        return refusal

    *found, extra = await asyncio.gather(*running, late_one())
    return found, extra


def megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--sessions", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--model", default="full")
    options = parser.parse_args()
    film = pictures(options.video, options.seconds)
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/history.sqlite3"
        command = [sys.executable, "-m", "posecount", "serve", "--port=0", f"--model={options.model}"]
        with subprocess.Popen([*command, f"--store={store}"], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            window: list[float] = []
            print(f"alone in memory: {megabytes(server.pid):.0f} MB; load {os.getloadavg()[0]:.1f}")
            try:
                going = together(url, film, options.sessions, options.seconds, window, server.pid)
                found, extra = asyncio.run(going)
                print(f"with {options.sessions} sessions: {megabytes(server.pid):.0f} MB; one more: {extra}")
            finally:
                server.kill()
    start_s, start_cpu_s, end_s, end_cpu_s = window
    cores = (end_cpu_s - start_cpu_s) / (end_s - start_s)
    pictures_a_core = sum(len(seen.times_s) for seen in found) / (end_cpu_s - start_cpu_s)
    print(f"had {cores:.1f} cores of {os.cpu_count()}: {pictures_a_core:.0f} pictures a second from each")
    print("session   a second   late: median   99 %   longest ms   counted")
    for number, seen in enumerate(found, 1):
        middle, most = np.percentile(seen.late_ms, [50, 99])
        longest = max(seen.late_ms)
        print(f"{number:7} {seen.fps:10.1f} {middle:14.0f} {most:6.0f} {longest:12.0f} {seen.count:9}")


if __name__ == "__main__":
    main()

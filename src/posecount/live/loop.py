"""The threads of a live session, and how they begin and end."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from posecount.live.agreement import Detector
from posecount.live.director import Director, Scene
from posecount.live.lanes import Lanes
from posecount.live.lookout import Lookout
from posecount.live.newest import Newest
from posecount.live.pace import Delay, Delays, give_back
from posecount.live.source import Shot, Source
from posecount.types import Pose

LEAVE_S = 3.0  # a source that hangs longer is left behind
DRAW_S = 0.015  # what can wait until a scene is drawn waits no longer
GIVE_BACK_S = 60.0


@dataclass(frozen=True, slots=True)
class Report:
    """How a live session went, for its last line."""

    seconds: float
    captured: int
    analysed: int
    dropped: int  # stale before a landmarker was free
    odd: int  # left out because one of several landmarkers had found someone else
    fps: float  # analysed a second
    delay: Delay  # from capture until counted


class Loop:
    """Runs a source through landmarkers into a director. `scenes` holds the newest scene for a window.

    Call `start`, then look at `scenes` until it is done, then `finish`; `stop` may be set at any time.
    Who draws scenes calls `drawn` after each.
    """

    def __init__(
        self,
        source: Source,
        landmarkers: Sequence[Detector],
        director: Director,
        on_trouble: Callable[[str, str], None],
        on_shot: Callable[[Shot, Pose], None] | None = None,
        lookout: Lookout | None = None,
    ) -> None:
        self._source, self._director, self._on_trouble, self._on_shot = source, director, on_trouble, on_shot
        self.stop = threading.Event()
        self.scenes: Newest[Scene] = Newest()
        self._drawn, self._draws = threading.Event(), False
        self.keys: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._shots: Newest[Shot] = Newest()
        self._lanes = Lanes(landmarkers, self._shots, lookout)
        self._capture = threading.Thread(target=self._run_source, name="capture", daemon=True)
        self._counting = threading.Thread(target=self._count, name="counting", daemon=True)
        self._error: BaseException | None = None
        self._captured = self._analysed = 0
        self._delays = Delays()
        self._first_s = self._last_s = self._gave_back_s = 0.0

    def start(self) -> None:
        self._lanes.start()
        self._counting.start()
        self._capture.start()

    def finish(self) -> Report:
        """Wait for the last pose. Raises what a thread raised, after the session has been closed."""
        self.stop.set()
        self._shots.close()
        try:
            self._counting.join()
            # Python's end tears down threads that are still inside OpenCV, and the program with them.
            self._capture.join(timeout=LEAVE_S)
        finally:
            self._press_keys()
            self._director.finish()
        if self._error:
            raise self._error
        return self.report

    def drawn(self) -> None:
        """The newest scene is on the screen: the processor is free for what is less urgent."""
        self._draws = True
        self._drawn.set()

    @property
    def running(self) -> bool:
        """False once everything that was captured has been counted."""
        return self._counting.is_alive()

    @property
    def report(self) -> Report:
        seconds = self._last_s - self._first_s
        return Report(
            seconds=seconds,
            captured=self._captured,
            analysed=self._analysed,
            dropped=self._shots.dropped,
            odd=self._lanes.odd,
            fps=(self._analysed - 1) / seconds if seconds > 0 else 0.0,
            delay=self._delays.result(),
        )

    def _run_source(self) -> None:
        try:
            self._source.run(self._put, self._on_trouble, self.stop)
        except BaseException as error:
            self._error = error
        finally:
            self._shots.close()

    def _put(self, shot: Shot) -> None:
        self._captured += 1
        self._shots.put(shot)

    def _count(self) -> None:
        try:
            with closing(self._lanes.poses()) as poses:
                for shot, pose in poses:
                    self._found(shot, pose)
        except BaseException as error:
            self._error = error

    def _found(self, shot: Shot, pose: Pose) -> None:
        self._press_keys()
        scene = self._director.update(shot, pose)
        self._first_s = self._first_s if self._analysed else pose.time_s
        self._last_s = pose.time_s
        self._analysed += 1
        self._delays.add(time.monotonic() - shot.captured_s)
        self._drawn.clear()
        self.scenes.put(scene)
        if self._draws:
            self._drawn.wait(DRAW_S)
        if self._on_shot:
            self._on_shot(shot, pose)
        self._director.look_at_feet(shot, pose)
        if pose.time_s - self._gave_back_s > GIVE_BACK_S:
            self._gave_back_s = pose.time_s
            give_back()

    def _press_keys(self) -> None:
        while not self.keys.empty():
            self._director.press(self.keys.get())


def as_fields(report: Report, shown: Delay | None = None) -> dict[str, Any]:
    """The report flattened, for a line of JSON; `shown` is the delay until a window showed it."""
    fields = asdict(report)
    delay = fields.pop("delay")
    fields |= {"delay_median_ms": delay["median_ms"], "delay_p99_ms": delay["p99_ms"]}
    if shown:
        fields |= {"shown_median_ms": shown.median_ms, "shown_p99_ms": shown.p99_ms, "shown": shown.count}
    return fields

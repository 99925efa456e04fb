"""A frame in, one person's landmarks out, by MediaPipe: in pixels, unsmoothed, and nobody told."""

import contextlib
import hashlib
import os
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecount.errors import PosecountError
from posecount.framing import Judge
from posecount.light import LightMeter
from posecount.partial import Partial, nobody
from posecount.types import Frame, Pose

Body = NDArray[np.float64]  # (33, 3): x and y in pixels, visibility

MODELS = ("heavy", "full")
SHA256 = {
    "heavy": "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",
    "full": "9adbb3bf47dfcbb067674648b9b63d3ee356adfcd656484d583d253da152402e",
}
PARTS = {"pose_detector.tflite", "pose_landmarks_detector.tflite"}
LANDMARKS = 33
GRAINS = 64  # to a pixel: a hundredth of the points' noise, and as fine as poses_file.py keeps them

# In VIDEO mode with one pose MediaPipe smooths the points with a one-euro filter that reckons in timestamps.
# Frames that claim to be 1000 s apart pass it untouched, at the cost of VIDEO mode (11 ms; IMAGE mode or two
# poses: 18 ms). Its clock, 64 bits of microseconds, lasts 9 billion such frames: nine years at 30 a second.
TICK_MS = 1_000_000

LOOK_S = 5.0  # a look around costs about two frames of `full`: under 2 % of the work
LOOK_AGAIN_S = 1.0  # no oftener, however often the person is lost and found
PROMINENT = 1.5  # another body this much larger is the one that exercises
SAME = 4  # two bodies nearer than a fourth of their length are one, found twice
GREY = 128

METRICS_HOST = "play.googleapis.com"
MEASURED_MEDIAPIPE = "1.2.2"  # the version, on Linux, watched with strace to see that nothing is sent


def bundle(model: str | Path) -> Path:
    """The file of `heavy`, of `full`, or the one at a path. Raises PosecountError when missing or damaged."""
    if str(model) in MODELS:
        return _own_bundle(str(model))
    path = Path(model)
    if not path.is_file():
        raise PosecountError(f"there is no model {model}: say heavy, full, or the path of a .task file")
    if not zipfile.is_zipfile(path) or not PARTS <= set(zipfile.ZipFile(path).namelist()):
        raise PosecountError(f"{path} is not a MediaPipe pose landmarker, or is damaged; try heavy or full")
    return path


def _own_bundle(model: str) -> Path:
    name = f"pose_landmarker_{model}.task"
    installed = Path(str(resources.files("posecount"))) / "models" / name
    checkout = Path(__file__).parents[2] / "models" / name
    path = installed if installed.is_file() else checkout
    if not path.is_file():
        raise PosecountError(f"the model {name} is missing; install posecount again")
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256[model]:
        raise PosecountError(f"the model {path} is damaged; install posecount again")
    return path


class Landmarker:
    """One person's landmarks, frame after frame: the most prominent one's when there are several.

    Frames of one video in their order; the same frames give the same poses. A context manager.
    It looks around for others now and then, unless someone else does.
    Raises PosecountError when the model or MediaPipe cannot be had.
    """

    def __init__(self, model: str | Path = "heavy", looks_around: bool = True) -> None:
        self._path = bundle(model)
        self._part = Partial(self._path, bundle("full"), silence)
        self._around = Around() if looks_around else None
        self._frames = 0
        self._begin()

    def _begin(self) -> None:
        self._part.restart()
        self._judge = Judge()
        self._meter = LightMeter()
        self._people = 1
        self._looked_s = -np.inf
        self._seen = False

    def __enter__(self) -> "Landmarker":
        with silence():
            self._tracker = _create(self._path, "VIDEO", 1)
        if self._around:
            self._around.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with silence():
            self._tracker.close()
        if self._around:
            self._around.__exit__(kind, error, trace)

    def detect(self, frame: Frame) -> Pose:
        """All NaN when nobody is found; of someone who is only partly in the picture, what `framing` says."""
        pose = self._detect(frame)
        points_px = np.round(pose.points_px * GRAINS) / GRAINS
        return replace(pose, points_px=points_px, light=self._meter.update(frame.image, frame.time_s))

    def _detect(self, frame: Frame) -> Pose:
        part, judge = self._part, self._judge
        asked = judge.asks(frame.time_s, part.following, part.searched)
        whole = self._whole(frame) if asked else None
        verdict = judge.verdict(whole, frame.time_s, part.following or part.searched) if asked else "no"
        if whole and verdict == "sure" and judge.fresh and not part.confirms(frame, whole):
            verdict = judge.doubt(frame.time_s)
        if whole and verdict == "sure":
            part.rest(frame.time_s)
            return whole
        if verdict == "blinked":
            return nobody(frame)
        return part.legs(frame, whole) or (whole if whole and verdict == "doubtful" else part.movement(frame))

    def _whole(self, frame: Frame) -> Pose | None:
        """What MediaPipe makes of it."""
        found = self._track(frame.image)
        if found is not None and self._due(frame.time_s) and self._overshadowed(found, frame):
            self.let_go(frame)
            found = self._track(frame.image)  # looking afresh finds the largest
        self._seen = found is not None
        if found is None:
            return None
        height, width = frame.image.shape[:2]
        return Pose(frame.time_s, (width, height), found[:, :2], found[:, 2], self._people)

    def _due(self, time_s: float) -> bool:
        return time_s - self._looked_s >= (LOOK_S if self._seen else LOOK_AGAIN_S)

    def _overshadowed(self, found: Body, frame: Frame) -> bool:
        self._looked_s = frame.time_s
        if self._around is None:
            return False
        self._people, larger = self._around.look(frame, found[:, :2])
        return larger

    def restart(self) -> None:
        """Be as new, without loading anything again; only visibilities still know of what was before."""
        if self._frames:
            self._track(np.full((GREY, GREY, 3), GREY, np.uint8))
        self._begin()

    def let_go(self, frame: Frame) -> None:
        """Forget whom it followed: an empty picture is shown to it."""
        self._track(np.full_like(frame.image, GREY))

    def _track(self, image: NDArray[np.uint8]) -> Body | None:
        self._frames += 1
        # Their last words come with the first person.
        with contextlib.nullcontext() if self._looked_s > -np.inf else silence():
            result = self._tracker.detect_for_video(_picture(image), self._frames * TICK_MS)
        return next(iter(_bodies(result, image)), None)


class Around:
    """Looks for other people than the one who is followed. A context manager; raises as Landmarker does."""

    def __enter__(self) -> "Around":
        with silence():
            self._finder = _create(bundle("full"), "IMAGE", 3)
        self._quiet = True  # their last words come with the first picture
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with silence():
            self._finder.close()

    def look(self, frame: Frame, points_px: NDArray[np.float64]) -> tuple[int, bool]:
        """How many people are in view, and whether one is much larger than the one at `points_px` (33, 2)."""
        with silence() if self._quiet else contextlib.nullcontext():
            result = self._finder.detect(_picture(frame.image))
        self._quiet = False
        extent = _extent_px(points_px, frame.image)
        others = [
            _extent_px(body, frame.image)
            for body in _bodies(result, frame.image)
            if np.linalg.norm((body[:, :2] - points_px).mean(axis=0)) > extent / SAME
        ]
        return 1 + len(others), max(others, default=0.0) > PROMINENT * extent


def _create(path: Path, mode: str, poses: int) -> Any:
    _keep_metrics_home()
    try:
        from mediapipe.tasks.python.core.base_options import BaseOptions
        from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

        options = PoseLandmarkerOptions(BaseOptions(str(path)), RunningMode[mode], num_poses=poses)
        return PoseLandmarker.create_from_options(options)
    except (ImportError, OSError) as error:
        raise PosecountError(f"MediaPipe does not start ({error}); posecount doctor tells why") from None
    except (RuntimeError, ValueError):
        raise PosecountError(f"MediaPipe cannot use the model {path}; try heavy or full") from None


def _keep_metrics_home() -> None:
    # MediaPipe's wheel reports its use to its maker, once a minute and on closing, and has no switch for it.
    # On Linux it reports through libcurl, which asks the environment for a proxy and gives up, before it asks
    # for a name or connects, when the proxy is of a kind it does not know. putenv tells the C libraries of
    # this process only: Python's own os.environ, and so urllib and its like, stay as they are.
    own = os.environ.get("no_proxy") or os.environ.get("NO_PROXY", "")
    kept = [host for host in own.split(",") if not METRICS_HOST.endswith(host.strip().lstrip("*."))]
    os.putenv("no_proxy", ",".join(kept) or "localhost")
    os.putenv("https_proxy", "none://127.0.0.1:9")


_silent = threading.Lock()


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Nothing reaches the terminal's stderr, not even from C."""
    # MediaPipe and TFLite write to the terminal below Python, and no variable or option of theirs stops them.
    with _silent, contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ValueError):  # a program may run without a stderr
            sys.stderr.flush()
            terminal = os.dup(2)
            stack.callback(os.close, terminal)
            stack.callback(os.dup2, terminal, 2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            stack.callback(os.close, nowhere)
            os.dup2(nowhere, 2)
        yield


def aloud(text: str) -> None:
    """A line on stderr, once nothing is silenced."""
    with _silent:
        print(text, file=sys.stderr, flush=True)


def _picture(image: NDArray[np.uint8]) -> Any:
    from mediapipe.tasks.python.vision.core.image import Image, ImageFormat

    return Image(ImageFormat.SRGB, np.ascontiguousarray(image))


def _bodies(result: Any, image: NDArray[np.uint8]) -> list[Body]:
    height, width = image.shape[:2]
    rows = [[(at.x * width, at.y * height, at.visibility) for at in body] for body in result.pose_landmarks]
    return [np.array(body, float) for body in rows]


def _extent_px(body: NDArray[np.float64], image: NDArray[np.uint8]) -> float:
    # Only what is in the picture: beyond its edge the points are guesses.
    height, width = image.shape[:2]
    inside = body[:, :2].clip((0, 0), (width, height))
    return float(np.hypot(*np.ptp(inside, axis=0)))

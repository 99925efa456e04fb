"""A camera by number, path or URL: its pictures as they come, its troubles in plain words, and back again."""

import os
import re
import sys
import threading
import time
from collections.abc import Callable
from math import nan
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from posecount.errors import PosecountError
from posecount.live.newest import Newest
from posecount.live.source import Put, Shot, Tell
from posecount.live.stamps import Stamps
from posecount.types import Frame
from posecount.words import Words

WANTED = (1280, 720, 30)  # more pixels do not help the landmarks, and cost light and time
STALLED_S = 1.5  # without a picture: worth a word
GONE_S = 5.0  # without a picture: worth a new connection
BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 8.0)  # between tries; a phone that was put away is not asked every second
LEAVE_S = 2.0  # a driver that hangs longer is left behind
BLACK, BLACK_S = 10.0, 1.0  # brightness of 255: a lens cap still gives some noise
FROZEN_S = 5.0  # the same picture to the last bit: a lens has noise, a stream comes round
OPEN_MS = 4000

Image = NDArray[np.uint8]


class Capture(Protocol):
    """What OpenCV's VideoCapture does."""

    def read(self) -> tuple[bool, Any]: ...
    def get(self, key: int) -> float: ...
    def release(self) -> None: ...


class Camera:
    """Opens at once, so that what cannot begin is told at once. Raises PosecountError.

    Later troubles end nothing: they are told, and it tries again and again.
    """

    def __init__(
        self,
        source: str,
        opened: "Callable[[str], tuple[Capture, float]] | None" = None,
        language: str = "en",
    ) -> None:
        self._source, self._say = source, Words(language)
        self._opened = opened or open_capture
        capture, self.fps = self._opened(source)
        # Read from now on: what piles up while models are loaded would come all at once, and look like haste.
        self._first = self._read(capture)

    def run(self, put: Put, tell: Tell, stop: threading.Event) -> None:
        watch = _Watch(put, tell, self._say)
        reader: _Reader | None = self._first
        while reader and not stop.is_set():
            watch.connected()
            lost = watch.follow(reader, stop)
            reader.close()
            if stop.is_set():
                return
            watch.lost(self._say(f"live.{lost}"))
            reader = self._again(stop)

    def _read(self, capture: Capture) -> "_Reader":
        # Pictures over HTTP have no stamps: FFmpeg makes them up.
        return _Reader(capture, stamped=not self._source.startswith("http"))

    def _again(self, stop: threading.Event) -> "_Reader | None":
        tries = 0
        while not stop.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)]):
            tries += 1
            try:
                return self._read(self._opened(self._source)[0])
            except PosecountError:
                continue  # told already that it is gone
        return None


class _Watch:
    """Passes pictures on with their times, and tells of troubles once, when they begin and when they end."""

    def __init__(self, put: Put, tell: Tell, say: Words) -> None:
        self._put, self._tell, self._say = put, tell, say
        self._began_s: float | None = None  # when the first picture was taken
        self._troubles: set[str] = set()
        self._lit_s = self._moved_s = time.monotonic()
        self._before: Image | None = None

    def connected(self) -> None:
        self._lit_s = self._moved_s = time.monotonic()

    def lost(self, text: str) -> None:
        for code in ("stalled", "black", "frozen"):
            self._set(f"camera-{code}", "")
        self._set("camera-lost", text)

    def follow(self, reader: "_Reader", stop: threading.Event) -> str:
        """Until the camera is lost (returns how) or `stop` is set."""
        heard_s = time.monotonic()
        while not stop.is_set() and not reader.pictures.done:
            taken = reader.pictures.take(0.1)
            if taken:
                heard_s = time.monotonic()
                self._show(*taken)
            quiet_s = time.monotonic() - heard_s
            if quiet_s > GONE_S:
                return "camera_silent"
            stalled = self._say("live.camera_stalled") if quiet_s > STALLED_S else ""
            self._set("camera-stalled", stalled)
        return "camera_gone"

    def _show(self, taken_s: float, image: Image) -> None:
        if self._began_s is None:
            self._began_s = taken_s
        self._put(Shot(Frame(taken_s - self._began_s, image), taken_s))
        self._set("camera-lost", "")
        self._look(taken_s, image)

    def _look(self, now_s: float, image: Image) -> None:
        image = image[::16, ::16]
        if image.mean() > BLACK:
            self._lit_s = now_s
        black = now_s - self._lit_s > BLACK_S
        self._set("camera-black", self._say("live.camera_black") if black else "")
        if self._before is None or (image != self._before).any():
            self._before, self._moved_s = image, now_s
        frozen = now_s - self._moved_s > FROZEN_S and not black
        self._set("camera-frozen", self._say("live.camera_frozen") if frozen else "")

    def _set(self, code: str, text: str) -> None:
        if bool(text) == (code in self._troubles):
            return
        (self._troubles.add if text else self._troubles.discard)(code)
        self._tell(code, text)


class _Reader:
    """Reads from a thread of its own: a driver that hangs in the middle of a read hangs alone."""

    def __init__(self, capture: Capture, stamped: bool) -> None:
        self._stamped, self._stamps = stamped, Stamps()
        self.pictures: Newest[tuple[float, Image]] = Newest()
        self._capture = capture
        self._thread = threading.Thread(target=self._read, name="camera", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.pictures.close()
        self._thread.join(timeout=LEAVE_S)

    def _read(self) -> None:
        import cv2

        while not self.pictures.done:
            there, image = self._capture.read()
            if not there:
                break
            arrived_s = time.monotonic()
            stamp_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000 if self._stamped else nan
            taken_s = self._stamps.time_s(arrived_s, stamp_s)
            self.pictures.put((taken_s, cv2.cvtColor(image, cv2.COLOR_BGR2RGB)))
        self.pictures.close()
        self._capture.release()


def open_capture(source: str) -> tuple[Capture, float]:
    """An open camera that has given a picture, and its rate. Raises PosecountError that says why not."""
    # OpenCV and FFmpeg would each write their own paragraph about a camera that is not there.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    if "://" in source:
        timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, OPEN_MS]
        capture = cv2.VideoCapture(source, cv2.CAP_FFMPEG, timeouts)
    else:
        kind = cv2.CAP_V4L2 if sys.platform == "linux" else cv2.CAP_ANY
        capture = cv2.VideoCapture(int(source) if source.isdigit() else source, kind)
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))  # raw, USB 2 carries 10 a second
        for key, value in zip(
            (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FPS), WANTED, strict=True
        ):
            capture.set(key, value)
    if not capture.isOpened() or not capture.read()[0]:
        capture.release()
        raise PosecountError(why_not(source))
    fps = capture.get(cv2.CAP_PROP_FPS)
    return capture, fps if 1 <= fps <= 240 else WANTED[2]


def why_not(source: str) -> str:
    """One line: what is wrong with a camera that does not open, and what to do."""
    if "://" in source:
        where = hidden(source)
        return f"no pictures from {where}: is the address right, the app started, the network the same?"
    if sys.platform == "linux":
        return _why_not_linux(Path(f"/dev/video{source}" if source.isdigit() else source))
    hint = "allow this program to use the camera in the system's privacy settings"
    return f"no pictures from camera {source}: is it plugged in, and free? If it is, {hint}"


def _why_not_linux(device: Path) -> str:
    if not device.exists():
        others = sorted(str(each) for each in Path("/dev").glob("video*"))
        found = f"there are {', '.join(others)}" if others else "no camera is connected"
        return f"there is no camera {device}: {found}"
    if not os.access(device, os.R_OK | os.W_OK):
        return f"no permission to use {device}: sudo usermod -aG video $USER, then log in again (group video)"
    return f"no pictures from {device}: close any other program that uses it, or unplug it and plug it in"


def hidden(source: str) -> str:
    """The source as it may be shown: without the password of a URL."""
    return re.sub(r"(?<=://)[^/@]*@", "", source)

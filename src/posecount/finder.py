"""The people in one picture, found by MediaPipe: in pixels, and nobody told."""

import contextlib
import os
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecount.bundles import bundle
from posecount.errors import PosecountError
from posecount.quiet import silence

Points = NDArray[np.float64]
Image = NDArray[np.uint8]

MODEL = "full"  # to find somebody; who is found is measured by the model asked for
PEOPLE = 3  # of so many it tells
PROMINENT = 1.5  # another body this much larger is the one that exercises
SAME = 4  # two bodies nearer than a fourth of their length are one, found twice

METRICS_HOST = "play.googleapis.com"
MEASURED_MEDIAPIPE = "1.2.2"  # the version, on Linux, watched with strace to see that nothing is sent


class Finder:
    """Looks at each picture afresh. A context manager; raises PosecountError when MediaPipe cannot be had."""

    def __enter__(self) -> "Finder":
        with silence():
            self._mediapipe = _create(bundle(MODEL))
        self._quiet = True  # its last words come with the first picture that shows somebody
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with silence():
            self._mediapipe.close()

    def people(self, image: Image) -> list[Points]:
        """The bodies in it, (33, 2) pixels each, the largest first."""
        from mediapipe.tasks.python.vision.core.image import Image, ImageFormat

        with silence() if self._quiet else contextlib.nullcontext():
            result = self._mediapipe.detect(Image(ImageFormat.SRGB, np.ascontiguousarray(image)))
        self._quiet = self._quiet and not result.pose_landmarks
        height, width = image.shape[:2]
        bodies = [np.array([(at.x * width, at.y * height) for at in body]) for body in result.pose_landmarks]
        return sorted(bodies, key=lambda body: extent_px(body, image), reverse=True)

    def others(self, image: Image, points_px: Points) -> tuple[int, Points | None]:
        """How many are in view, and who is much larger than the one at `points_px` (33, 2), if anyone."""
        extent = extent_px(points_px, image)
        others = [
            body
            for body in self.people(image)
            if np.linalg.norm((body - points_px).mean(axis=0)) > extent / SAME
        ]
        larger = others[0] if others and extent_px(others[0], image) > PROMINENT * extent else None
        return 1 + len(others), larger


def extent_px(body: Points, image: Image) -> float:
    """Of what is in the picture: beyond its edge the points are guesses."""
    height, width = image.shape[:2]
    return float(np.hypot(*np.ptp(body.clip((0, 0), (width, height)), axis=0)))


def _create(path: Path) -> Any:
    _keep_metrics_home()
    try:
        from mediapipe.tasks.python.core.base_options import BaseOptions
        from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

        options = PoseLandmarkerOptions(BaseOptions(str(path)), RunningMode.IMAGE, num_poses=PEOPLE)
        return PoseLandmarker.create_from_options(options)
    except (ImportError, OSError) as error:
        raise PosecountError(f"MediaPipe does not start ({error}); posecount doctor tells why") from None
    except (RuntimeError, ValueError):
        raise PosecountError(f"MediaPipe cannot use the model {path}; install posecount again") from None


def _keep_metrics_home() -> None:
    # MediaPipe's wheel reports its use to its maker, once a minute and on closing, and has no switch for it.
    # On Linux it reports through libcurl, which asks the environment for a proxy and gives up, before it asks
    # for a name or connects, when the proxy is of a kind it does not know. putenv tells the C libraries of
    # this process only: Python's own os.environ, and so urllib and its like, stay as they are.
    own = os.environ.get("no_proxy") or os.environ.get("NO_PROXY", "")
    kept = [host for host in own.split(",") if not METRICS_HOST.endswith(host.strip().lstrip("*."))]
    os.putenv("no_proxy", ",".join(kept) or "localhost")
    os.putenv("https_proxy", "none://127.0.0.1:9")

"""Is all here that posecount needs? Each check is a value: what was found, and what to do about it."""

import ctypes
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import Literal

from posecount.bundles import MODELS, SHA256, bundle
from posecount.errors import PosecountError
from posecount.finder import MEASURED_MEDIAPIPE, METRICS_HOST
from posecount.quiet import silence

Status = Literal["ok", "warn", "fail"]

PACKAGES = ("av", "mediapipe", "numpy", "scipy")
OPENCV = ("opencv-python", "opencv-contrib-python")
OTHER_OPENCV = ("opencv-python-headless", "opencv-contrib-python-headless")
LIBRARIES = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2"}
VIDEO_NODES = Path("/sys/class/video4linux")
REINSTALL = "pip install --force-reinstall posecount"


@dataclass(frozen=True, slots=True)
class Check:
    """`remedy` is empty when `status` is ok. A fail keeps posecount from working, a warn some of it."""

    name: str
    status: Status
    detail: str
    remedy: str = ""


def checks() -> list[Check]:
    """Everything, in the order in which to mend it. Takes about three seconds."""
    found = [_python(), _packages(), _opencv(), *_libraries(), *map(_bundle, MODELS), _privacy(), _cameras()]
    return found + list(_speed())


def _python() -> Check:
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return Check("Python", "ok", f"{platform.python_version()} on {system}")


def _packages() -> Check:
    versions = {name: _version(name) for name in PACKAGES}
    detail = ", ".join(f"{name} {version or 'missing'}" for name, version in versions.items())
    if all(versions.values()):
        return Check("packages", "ok", detail)
    return Check("packages", "fail", detail, REINSTALL)


def _opencv() -> Check:
    # Several packages unpack into the one folder cv2: with different versions it holds a mixture of them.
    installed = {name: version for name in OPENCV + OTHER_OPENCV if (version := _version(name))}
    try:
        actual = str(import_module("cv2.version").opencv_version)
    except (ImportError, AttributeError) as error:
        return Check("OpenCV", "fail", f"cv2 cannot be imported: {error}", _opencv_remedy(installed))
    detail = ", ".join([f"cv2 {actual}", *(f"{name} {version}" for name, version in installed.items())])
    if {actual} == set(installed.values()):
        return Check("OpenCV", "ok", detail)
    return Check("OpenCV", "fail", f"a mixture: {detail}", _opencv_remedy(installed))


def _opencv_remedy(installed: dict[str, str]) -> str:
    return f"pip uninstall -y {' '.join(installed) or 'opencv-python'} && {REINSTALL}"


def _libraries() -> Iterator[Check]:
    if platform.system() != "Linux":
        return
    missing = [name for name in LIBRARIES if not _loads(name)]
    if missing:
        packages = " ".join(LIBRARIES[name] for name in missing)
        yield Check("libraries", "fail", f"missing: {', '.join(missing)}", f"sudo apt install {packages}")
    else:
        yield Check("libraries", "ok", ", ".join(LIBRARIES))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _bundle(model: str) -> Check:
    try:
        return Check(f"model {model}", "ok", f"{bundle(model)}, sha256 {SHA256[model][:8]}")
    except PosecountError as error:
        return Check(f"model {model}", "fail", str(error), REINSTALL)


def _privacy() -> Check:
    detail = "no picture leaves this machine"
    if platform.system() == "Linux" and _version("mediapipe") == MEASURED_MEDIAPIPE:
        return Check("privacy", "ok", f"{detail}, and MediaPipe's usage reports are off")
    detail += f"; not measured whether MediaPipe {_version('mediapipe')} here reports its use to its maker"
    return Check("privacy", "warn", detail, f"to be sure, block {METRICS_HOST} in your firewall")


def _cameras() -> Check:
    names = _linux_cameras() if platform.system() == "Linux" else _probed_cameras()
    if names:
        return Check("cameras", "ok", ", ".join(names))
    return Check("cameras", "warn", "none found", "plug one in, or analyse videos: posecount analyze VIDEO")


def _linux_cameras() -> list[str]:
    # A camera has several nodes: the one with index 0 gives the pictures.
    nodes = sorted(VIDEO_NODES.glob("video*"))
    return [_linux_camera(node) for node in nodes if (node / "index").read_text().strip() == "0"]


def _linux_camera(node: Path) -> str:
    device = f"/dev/{node.name}"
    name = f"{device} {(node / 'name').read_text().strip()}"
    return name if os.access(device, os.R_OK | os.W_OK) else f"{name} (no permission: join the group video)"


def _probed_cameras(most: int = 3) -> list[str]:
    import cv2

    found = []
    for index in range(most):
        with silence():
            camera = cv2.VideoCapture(index)
            works = camera.isOpened()
            camera.release()
        if works:
            found.append(f"camera {index}")
    return found


def _speed() -> Iterator[Check]:
    try:
        from posecount.speed import frames_per_second  # not above: what it needs may be what is broken

        yield _live({model: frames_per_second(model) for model in MODELS})
    except (ImportError, PosecountError) as error:
        yield Check("speed", "fail", f"not measurable: {error}", "mend what is reported above first")


def _live(fps: dict[str, float]) -> Check:
    from posecount.speed import LIVE_FPS, live_model

    choice = live_model(fps)
    rates = ", ".join(f"{model} {rate:.0f} frames/s" for model, rate in fps.items())
    detail = f"{rates} a core; live would use {choice}"
    if fps[choice] * (os.cpu_count() or 1) >= LIVE_FPS:
        return Check("speed", "ok", detail)
    return Check("speed", "warn", detail, "close other programs, or record a video and analyse it afterwards")


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None

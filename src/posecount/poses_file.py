"""Recorded poses as a file: analyzed again in seconds, with other settings, without the pictures.

A zip of blocks of about a thousand frames, each a few arrays that numpy.load opens:

    posecount.poses        the version of this format, now 2
    header.json            video (path, width, height, fps, frames, duration_s), model, breaks_off
    00000/time_s.npy       (n,) float64, from the first frame
    00000/size_px.npy      (n, 2) int32, width and height
    00000/people.npy       (n,) int32, in view
    00000/points.npy       (66, n) int32: x of each landmark, then y, in 64ths of a pixel, as steps from
                           frame to frame; the first steps are from 0, and -2^30 is a point not found
    00000/turn_deg.npy     (n, 2) float64: how far the left and right foot have turned; NaN in most frames
    00000/flowed_deg.npy   (n, 2) float64: the same since the frame before, by the flow of their pixels; NaN
                           where not measured, and in version 1
    00000/framing.npy      (n,) uint8: 0 the whole body, 1 legs, 2 feet (with points, or `moved`)
    00000/moved.npy        (n, 2) float64: how far what moves came 0.7 s before, right and down; NaN with
                           a person
    00000/light.npy        (n, 2) float64: brightness and grain of the picture, of 255

An hour takes about ten megabytes. Poses are kept as exactly as they are counted, so the analysis is the same.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecount.errors import PosecountError
from posecount.files import check_writable, reason, replacing
from posecount.pose import GRAINS, LANDMARKS
from posecount.types import Framing, Light, Pose
from posecount.video import VideoInfo

KIND, VERSION = "posecount.poses", 2
HEADER = "header.json"
BLOCK = 1024  # frames
STEADY = (1980, 1, 1, 0, 0, 0)  # no clock: the same poses make the same file
SIGNED = 30  # where a zip has the name of its first file

Array = NDArray[Any]
# Kind of numbers, and shape for n frames.
ARRAYS: dict[str, tuple[str, Callable[[int], tuple[int, ...]]]] = {
    "time_s": ("float64", lambda n: (n,)),
    "size_px": ("int32", lambda n: (n, 2)),
    "people": ("int32", lambda n: (n,)),
    "points": ("int32", lambda n: (2 * LANDMARKS, n)),
    "turn_deg": ("float64", lambda n: (n, 2)),
    "flowed_deg": ("float64", lambda n: (n, 2)),
    "framing": ("uint8", lambda n: (n,)),
    "moved": ("float64", lambda n: (n, 2)),
    "light": ("float64", lambda n: (n, 2)),
}
NEW = "flowed_deg"  # since version 2
FRAMINGS: tuple[Framing, ...] = ("whole", "legs", "feet")
UNKNOWN = -(2**30)


@dataclass(frozen=True, slots=True)
class Header:
    """What the poses were found in, and by which model; `breaks_off` when the video did."""

    video: VideoInfo
    model: str
    breaks_off: bool = False


class PosesWriter:
    """Poses in order of time into a file at `path`: there when the block ends well, and not at all otherwise.

    Raises PosecountError, at once, when `path` cannot be written.
    """

    def __init__(self, path: str | Path, header: Header) -> None:
        self._path, self._header = Path(path), header
        check_writable(self._path)
        self._poses: list[Pose] = []
        self._blocks = self._frames = 0
        self._place = replacing(self._path)

    def __enter__(self) -> "PosesWriter":
        self._zip = zipfile.ZipFile(self._place.__enter__(), "w")
        self._add(KIND, str(VERSION).encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._end_block()
                video = replace(self._header.video, frames=self._frames)
                header = asdict(replace(self._header, video=video))
                self._add(HEADER, json.dumps(header, indent=1).encode())
        finally:
            self._zip.close()
            self._place.__exit__(kind, error, trace)

    def write(self, pose: Pose) -> None:
        self._poses.append(pose)
        self._frames += 1
        if len(self._poses) == BLOCK:
            self._end_block()

    def _end_block(self) -> None:
        if not self._poses:
            return
        for name, values in _packed(self._poses).items():
            file = io.BytesIO()
            np.save(file, values, allow_pickle=False)
            self._add(f"{self._blocks:05}/{name}.npy", file.getvalue())
        self._blocks += 1
        self._poses.clear()

    def _add(self, name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name, STEADY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, content)


def is_poses(path: str | Path) -> bool:
    """Is it such a file, be it broken or too new? Told by what is in it, not by its name."""
    try:
        with open(path, "rb") as file:
            return file.read(SIGNED + len(KIND))[SIGNED:] == KIND.encode()
    except OSError:
        return False


def read_header(path: str | Path) -> Header:
    """Raises PosecountError for what cannot be read."""
    with _archive(path) as archive:
        if int(archive.read(KIND)) > VERSION:
            raise PosecountError(f"{path} is of a newer posecount: update this one, or give the video")
        found = json.loads(archive.read(HEADER))
        return Header(VideoInfo(**found["video"]), str(found["model"]), bool(found["breaks_off"]))


def read_poses(path: str | Path) -> Iterator[Pose]:
    """In order of time. Raises PosecountError for what cannot be read."""
    frames, last_s = 0, -np.inf
    expected = read_header(path).video.frames
    with _archive(path) as archive:
        for block in range(-(-expected // BLOCK)):
            for pose in _unpacked(_block(archive, f"{block:05}")):
                if not pose.time_s > last_s:
                    raise ValueError
                frames, last_s = frames + 1, pose.time_s
                yield pose
        if frames != expected:
            raise ValueError


@contextmanager
def _archive(path: str | Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise PosecountError(f"cannot read {path}: {reason(error)}") from None
    except (ArithmeticError, EOFError, LookupError, TypeError, ValueError, zipfile.BadZipFile, zlib.error):
        raise PosecountError(
            f"{path} is damaged, or not whole; find the poses again from the video"
        ) from None


def _block(archive: zipfile.ZipFile, block: str) -> dict[str, Array]:
    older = int(archive.read(KIND)) < 2
    arrays = {name: _array(archive, f"{block}/{name}.npy") for name in ARRAYS if not (older and name == NEW)}
    return {NEW: np.full((len(arrays["time_s"]), 2), np.nan), **arrays}


def _array(archive: zipfile.ZipFile, name: str) -> Array:
    with archive.open(name) as file:
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


def _packed(poses: Sequence[Pose]) -> dict[str, Array]:
    points = np.array([pose.points_px.T.ravel() for pose in poses]).T
    grains = np.where(np.isfinite(points), np.round(points * GRAINS), UNKNOWN).astype(np.int32)
    return {
        "time_s": np.array([pose.time_s for pose in poses]),
        "size_px": np.array([pose.size_px for pose in poses], np.int32),
        "people": np.array([pose.people for pose in poses], np.int32),
        "points": np.diff(grains, prepend=np.int32(0)),
        "framing": np.array([FRAMINGS.index(pose.framing) for pose in poses], np.uint8),
        "turn_deg": np.array([pose.turn_deg for pose in poses]),
        "flowed_deg": np.array([pose.flowed_deg for pose in poses]),
        "moved": np.array([pose.moved for pose in poses]),
        "light": np.array([astuple(pose.light) for pose in poses]),
    }


def _unpacked(arrays: dict[str, Array]) -> Iterator[Pose]:
    """Raises ValueError where the arrays do not fit together."""
    frames = len(arrays["time_s"])
    for name, (kind, shape) in ARRAYS.items():
        if arrays[name].dtype != kind or arrays[name].shape != shape(frames):
            raise ValueError
    grains = np.cumsum(arrays["points"], axis=1).T
    points = np.where(grains == UNKNOWN, np.nan, grains / GRAINS).reshape(-1, 2, LANDMARKS)
    visibility = np.full(LANDMARKS, np.nan)  # is not kept: nobody needs it
    for n in range(frames):
        width, height = arrays["size_px"][n].tolist()
        left, right = arrays["turn_deg"][n].tolist()
        flowed_left, flowed_right = arrays["flowed_deg"][n].tolist()
        across, down = arrays["moved"][n].tolist()
        yield Pose(
            time_s=float(arrays["time_s"][n]),
            size_px=(width, height),
            points_px=np.ascontiguousarray(points[n].T),
            visibility=visibility,
            people=int(arrays["people"][n]),
            turn_deg=(left, right),
            flowed_deg=(flowed_left, flowed_right),
            framing=FRAMINGS[arrays["framing"][n]],
            moved=(across, down),
            light=Light(*arrays["light"][n].tolist()),
        )

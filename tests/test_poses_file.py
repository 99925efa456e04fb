"""Poses come back from their file as they were, and what is no such file is told in one line."""

import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filmed import Filmed, grey, pumping
from people import film

from posecount import landmarks, poses_file, video
from posecount.analysis import analyze
from posecount.errors import PosecountError
from posecount.poses_file import Header, PosesWriter, is_poses, read_header, read_poses
from posecount.types import Light, Pose

nan = float("nan")
ARRAYS = {"points_px", "visibility"}
INFO = video.VideoInfo("a.mp4", 1280, 720, 29.97, 0, 2.0)


def some(seconds: float = 2.0) -> list[Pose]:
    """Rounded as a landmarker's are; one of each kind."""
    poses = [
        replace(pose, points_px=np.round(pose.points_px * 64) / 64)
        for pose in film(lambda at: 30 * np.sin(at), seconds=seconds)
    ]
    nobody = np.full((33, 2), nan)
    legs = poses[2].points_px.copy()
    legs[:23] = nan
    poses[1] = replace(poses[1], points_px=nobody, moved=(0.125, -3.5))
    poses[2] = replace(poses[2], points_px=legs, framing="legs", people=3)
    poses[3] = replace(
        poses[3], turn_deg=(nan, 12.3456789), flowed_deg=(-3.25, nan), light=Light(101.5, 3.25)
    )
    return poses


def kept(path: Path, poses: list[Pose]) -> Path:
    with PosesWriter(path, Header(INFO, "heavy", True)) as writer:
        for pose in poses:
            writer.write(pose)
    return path


def plain(pose: Pose) -> str:
    """All but the arrays; NaN like NaN."""
    return repr({field.name: getattr(pose, field.name) for field in fields(pose) if field.name not in ARRAYS})


@pytest.mark.parametrize("block", [7, 60, 1024])
def test_poses_come_back_to_the_last_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(poses_file, "BLOCK", block)
    poses = some()
    path = kept(tmp_path / "a.poses", poses)
    assert is_poses(path)
    assert read_header(path) == Header(replace(INFO, frames=len(poses)), "heavy", True)
    for one, other in zip(poses, read_poses(path), strict=True):
        assert plain(one) == plain(other)
        assert np.array_equal(one.points_px, other.points_px, equal_nan=True)
    again = kept(tmp_path / "b.poses", list(read_poses(path)))
    assert again.read_bytes() == path.read_bytes()


def test_no_poses_are_a_file_too(tmp_path: Path) -> None:
    assert list(read_poses(kept(tmp_path / "a.poses", []))) == []


def test_an_hour_takes_some_megabytes(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.poses", some(100.0))
    assert path.stat().st_size / 100 * 3600 < 16e6


def test_a_writing_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), PosesWriter(tmp_path / "a.poses", Header(INFO, "heavy")) as writer:
        writer.write(some()[0])
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _changed(name: str, change: Callable[[bytes], bytes | None]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            entries = {entry: archive.read(entry) for entry in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for entry, content in entries.items():
                new = change(content) if entry == name else content
                if new is not None:
                    archive.writestr(entry, new)

    return spoil


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_cut, "damaged"),
        (_flipped, "damaged"),
        (_changed("posecount.poses", lambda _: b"3"), "newer"),
        (_changed("posecount.poses", lambda _: b"two"), "damaged"),
        (_changed("header.json", lambda _: None), "damaged"),
        (_changed("header.json", lambda _: b"[]"), "damaged"),
        (_changed("header.json", lambda old: old.replace(b'"frames": 60', b'"frames": 61')), "damaged"),
        (_changed("header.json", lambda old: old.replace(b'"frames": 60', b'"frames": 5000')), "damaged"),
        (_changed("00000/time_s.npy", lambda old: old[:-8] + bytes(8)), "damaged"),
        (_changed("00000/time_s.npy", lambda old: old.replace(b"(60,)", b"(59,)")), "damaged"),
        (_changed("00000/framing.npy", lambda old: old[:-1] + b"\x07"), "damaged"),
        (_changed("00000/points.npy", lambda _: None), "damaged"),
    ],
)
def test_what_is_spoilt_is_one_line(tmp_path: Path, spoil: Callable[[Path], None], says: str) -> None:
    path = kept(tmp_path / "a.poses", some())
    spoil(path)
    assert is_poses(path)
    with pytest.raises(PosecountError, match=says) as caught:
        analyze(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_of_the_first_version_knows_no_flow(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.poses", some())
    _changed("posecount.poses", lambda _: b"1")(path)
    _changed("00000/flowed_deg.npy", lambda _: None)(path)
    for one, other in zip(some(), read_poses(path), strict=True):
        assert plain(replace(one, flowed_deg=(nan, nan))) == plain(other)


def test_other_files_are_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("header.json", "{}")
    (tmp_path / "empty").touch()
    for name in ("a.zip", "empty", "missing", "."):
        assert not is_poses(tmp_path / name)


def test_an_analysis_of_kept_poses_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poses, seconds = pumping(4)
    rounded = lambda: (replace(p, points_px=np.round(p.points_px * 64) / 64) for p in poses())  # noqa: E731
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(rounded))
    path, file = grey(tmp_path / "a.mp4", seconds), tmp_path / "a.poses"
    found = analyze(path, poses=file, model="full").to_dict()
    path.unlink()
    seen: list[Any] = []
    again = analyze(file, on_progress=lambda *done: seen.append(done)).to_dict()
    assert again == found and found["counts"]["total"] == 4 and found["model"] == "full"
    assert seen[-1] == (found["video"]["frames"], found["video"]["frames"])
    assert analyze(file, side="left").to_dict()["counts"]["right"] == 0
    with pytest.raises(PosecountError, match="no pictures"):
        analyze(file, annotated=tmp_path / "b.mp4")

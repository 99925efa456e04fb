"""Model files: ours are whole, and a bad one is told in one line."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from posecount.bundles import MODELS, PARTS, SHA256, bundle
from posecount.errors import PosecountError
from posecount.pose import Landmarker


def test_own_bundles_are_whole() -> None:
    assert [bundle(model).name for model in MODELS] == [
        "pose_landmarker_heavy.task",
        "pose_landmarker_full.task",
    ]
    assert bundle(bundle("full")) == bundle("full")


def spoiled(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / "some.task"
    if kind == "cut":
        path.write_bytes(bundle("full").read_bytes()[:100_000])
    elif kind == "other":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hand_detector.tflite", b"x")
    elif kind == "hollow":
        with zipfile.ZipFile(path, "w") as archive:
            for part in PARTS:
                archive.writestr(part, b"not a network")
    elif kind == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["missing", "folder", "cut", "other", "hollow"])
def test_a_bad_bundle_is_told_in_one_line(tmp_path: Path, kind: str) -> None:
    path = spoiled(tmp_path, kind)
    with pytest.raises(PosecountError) as caught, Landmarker(path):
        pass
    assert str(path) in str(caught.value) and "heavy" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_own_bundle_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHA256, "full", "0" * 64)
    with pytest.raises(PosecountError, match=r"full\.task is damaged; install posecount again"):
        bundle("full")


def test_an_unknown_model_is_told() -> None:
    with pytest.raises(PosecountError, match="there is no model lite: say heavy, full, or"):
        bundle("lite")


def test_choosing_a_model_needs_no_mediapipe() -> None:
    code = "import sys, posecount.bundles as p; p.bundle('full'); sys.exit('mediapipe' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

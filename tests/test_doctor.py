"""What the doctor says of a machine where something is missing, mixed, damaged or slow."""

import subprocess
import sys
from pathlib import Path

import pytest

from posecount import bundles, doctor, finder, speed
from posecount.errors import PosecountError
from posecount.speed import live_model


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "frames_per_second", {"heavy": 20.0, "full": 60.0}.__getitem__)


def by_name() -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.checks()}


def test_every_check_has_a_remedy_unless_it_is_ok() -> None:
    found = doctor.checks()
    assert len({check.name for check in found}) == len(found) >= 8
    for check in found:
        assert check.detail and "\n" not in check.detail + check.remedy
        assert (check.remedy == "") == (check.status == "ok"), check


def test_the_models_here_are_intact() -> None:
    assert {by_name()[f"model {model}"].status for model in bundles.MODELS} == {"ok"}


def test_a_damaged_model_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bundles.SHA256, "heavy", "0" * 64)
    assert by_name()["model heavy"].status == "fail"
    assert "damaged" in by_name()["model heavy"].detail
    assert by_name()["model full"].status == "ok"


OPENCV = "opencv-python", "opencv-contrib-python"


@pytest.mark.parametrize(
    ("versions", "status"),
    [
        (("5.0.0.93", "5.0.0.93", None), "ok"),
        ((None, "5.0.0.93", None), "ok"),
        (("4.12.0.88", "5.0.0.93", None), "fail"),
        (("4.12.0.88", "4.12.0.88", None), "fail"),
        (("5.0.0.93", "5.0.0.93", "4.12.0.88"), "fail"),
        ((None, None, None), "fail"),
    ],
)
def test_a_mixture_of_opencv_is_found(
    monkeypatch: pytest.MonkeyPatch, versions: tuple[str | None, ...], status: str
) -> None:
    installed = dict(zip((*OPENCV, "opencv-python-headless"), versions, strict=True))
    monkeypatch.setattr(doctor, "_version", installed.get)
    monkeypatch.setattr(doctor, "import_module", lambda name: type("cv2", (), {"opencv_version": "5.0.0.93"}))
    check = doctor._opencv()
    assert check.status == status
    assert all(f"{name} {version}" in check.detail for name, version in installed.items() if version)
    assert status == "ok" or "pip uninstall" in check.remedy


def test_a_missing_package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package"))
    check = by_name()["packages"]
    assert check.status == "fail" and "no-such-package missing" in check.detail


def test_a_missing_library_is_found_and_its_package_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.platform, "system", lambda: "Linux")
    monkeypatch.setattr(doctor, "_loads", lambda library: library != "libEGL.so.1")
    (check,) = doctor._libraries()
    assert (check.status, check.remedy) == ("fail", "sudo apt install libegl1")


@pytest.mark.parametrize(
    ("system", "version", "status"),
    [("Linux", finder.MEASURED_MEDIAPIPE, "ok"), ("Linux", "1.3.0", "warn"), ("Windows", "1.2.2", "warn")],
)
def test_privacy_is_promised_only_where_it_was_measured(
    monkeypatch: pytest.MonkeyPatch, system: str, version: str, status: str
) -> None:
    monkeypatch.setattr(doctor.platform, "system", lambda: system)
    monkeypatch.setattr(doctor, "_version", lambda name: version)
    assert doctor._privacy().status == status


def test_a_camera_is_named_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for node, index in (("video0", 0), ("video1", 1), ("video2", 0)):
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(f"{index}\n")
        (tmp_path / node / "name").write_text("Webcam C\n")
    monkeypatch.setattr(doctor, "VIDEO_NODES", tmp_path)
    monkeypatch.setattr(doctor.os, "access", lambda device, mode: device == "/dev/video0")
    assert doctor._linux_cameras() == [
        "/dev/video0 Webcam C",
        "/dev/video2 Webcam C (no permission: join the group video)",
    ]


@pytest.mark.parametrize(
    ("heavy_fps", "cores", "model"), [(20, 1, "full"), (20, 2, "heavy"), (24, 1, "heavy"), (5, 4, "full")]
)
def test_live_takes_heavy_where_it_keeps_up(heavy_fps: float, cores: int, model: str) -> None:
    assert live_model({"heavy": heavy_fps, "full": 3 * heavy_fps}, cores) == model


def test_a_slow_machine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.os, "cpu_count", lambda: 1)
    assert doctor._live({"heavy": 2.0, "full": 6.0}).status == "warn"
    assert "live would use full" in doctor._live({"heavy": 20.0, "full": 60.0}).detail


def test_landmarking_that_fails_is_a_finding_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(model: str) -> float:
        raise PosecountError("MediaPipe does not start")

    monkeypatch.setattr(speed, "frames_per_second", fail)
    assert by_name()["speed"].status == "fail"


def test_speed_is_measured_in_silence() -> None:
    code = "from posecount.speed import frames_per_second; assert frames_per_second('full', 0.2) > 1"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")

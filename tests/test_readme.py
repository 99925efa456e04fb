"""What the README says is so: every command in it runs."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from posecount import cli, video

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
FRAMES = 20  # enough to find a person, and soon done


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the beginning of each sample video under its own name."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "sample_videos").mkdir()
    for path in sorted((ROOT / "sample_videos").glob("*.mp4")):
        info = video.probe(path)
        with video.Writer(
            folder / "sample_videos" / path.name, (info.width, info.height), info.fps
        ) as writer:
            for frame, _ in zip(video.read(path), range(FRAMES), strict=False):
                writer.write(frame.image, frame.time_s)
    return folder


def test_there_is_something_to_run() -> None:
    assert {command.split()[0] for command in COMMANDS} == {"make", "pip", "posecount"}


def at_a_camera(command: str) -> bool:
    return command.startswith("posecount live") and "--realtime" not in command


FINITE = [line for line in COMMANDS if line.startswith("posecount ") and not at_a_camera(line)]


@pytest.mark.parametrize("command", FINITE)
def test_a_command_runs(
    samples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.chdir(samples)
    monkeypatch.setenv("POSECOUNT_STORE", f"sqlite:///{samples / 'history.sqlite3'}")
    arguments = shlex.split(command)[1:]
    assert cli.main(arguments) == 0 or arguments == ["doctor"]
    out, err = capsys.readouterr()
    assert out and err == ""


@pytest.mark.parametrize("command", [line for line in COMMANDS if at_a_camera(line)])
def test_a_command_at_a_camera_is_well_formed(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Where no camera is, that is all it says: its options are right."""
    number = "99"
    arguments = [word for word in shlex.split(command)[1:] if word != "1"]
    where = arguments.index("--camera") + 1 if "--camera" in arguments else len(arguments)
    camera = [number] if "--camera" in arguments else ["--camera", number]
    assert cli.main([*arguments[:where], *camera, *arguments[where:]]) == 2
    assert "camera" in capsys.readouterr().err


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("make ")])
def test_a_target_exists(command: str) -> None:
    subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, check=True, capture_output=True)


def test_the_python_runs(
    samples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(samples)
    (code,) = blocks("python")
    names: dict[str, object] = {}
    exec(code, names)
    assert isinstance(names["found"].to_dict()["reps"], list)  # type: ignore[attr-defined]


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def test_samples_are_small() -> None:
    listed = re.findall(r"^\| `(\w+\.mp4)`", (ROOT / "sample_videos" / "README.md").read_text(), re.MULTILINE)
    videos = sorted((ROOT / "sample_videos").glob("*.mp4"))
    assert sorted(listed) == [path.name for path in videos]
    assert all(path.stat().st_size < 2e6 for path in videos)

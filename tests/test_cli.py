"""The commands as somebody types them."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from filmed import Filmed, grey, nobody, pumping
from rich.console import Console

from posecount import __version__, analysis, cli, doctor, landmarks
from posecount.table import summary
from posecount.types import Notice, Rhythm

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """As in a terminal: a shell that starts the tests in the background has Ctrl-C ignored."""
    before = {kind: signal.getsignal(kind) for kind in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for kind, handler in before.items():
        signal.signal(kind, handler)


@pytest.fixture
def pumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A video of four ankle pumps, in the working folder."""
    poses, seconds = pumping(4)
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(poses))
    monkeypatch.chdir(tmp_path)
    grey(tmp_path / "pumps.mp4", seconds)
    return Path("pumps.mp4")


def complaint(capsys: Capture) -> str:
    """The one line on stderr, with nothing on stdout."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("posecount: ") and err.endswith("\n") and err.count("\n") == 1
    return err


def sound_only(path: Path) -> None:
    with av.open(path, "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def index_last(path: Path) -> None:
    """A video as cameras write it: where its pictures are is told at its end."""
    rng = np.random.default_rng(1)
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height = 320, 240
        for _ in range(30):
            picture = rng.integers(0, 255, (240, 320, 3)).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode(None))


def test_reps_are_shown(pumps: Path, capsys: Capture) -> None:
    assert cli.main(["analyze", str(pumps)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "ankle-pump: 4 smooth reps" in out
    (row,) = [line.split() for line in out.splitlines() if line.strip().startswith("both")]
    assert row[1:4] == ["4", "0", "0"] and row[4].endswith("°")
    assert "a minute" in out
    assert os.listdir() == [str(pumps)]


def test_named_files_are_written(pumps: Path, capsys: Capture) -> None:
    assert cli.main(["analyze", str(pumps), "--json", "a.json", "--csv", "a.csv", "--video", "a.mp4"]) == 0
    assert json.loads(Path("a.json").read_text())["counts"]["total"] == 4
    assert len(Path("a.csv").read_text().splitlines()) == 5
    assert sorted(os.listdir()) == ["a.csv", "a.json", "a.mp4", "pumps.mp4"]
    assert capsys.readouterr().out.count("wrote a.") == 3


def test_json_on_stdout_is_alone_there(pumps: Path, capsys: Capture) -> None:
    assert cli.main(["analyze", str(pumps), "--json", "-"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["counts"]["total"] == 4
    assert err == ""


def test_one_bad_video_does_not_stop_the_others(pumps: Path, capsys: Capture) -> None:
    Path("bad.mp4").write_text("no")
    assert cli.main(["analyze", "bad.mp4", str(pumps), "gone.mp4", "--out", "results"]) == 2
    out, err = capsys.readouterr()
    assert sorted(os.listdir("results")) == ["pumps.annotated.mp4", "pumps.csv", "pumps.json"]
    assert [line.split()[0] for line in err.splitlines()] == ["posecount:"] * 2
    assert "4 smooth reps" in out


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.mp4", "no file missing.mp4"),
        ("folder", "folder is a folder"),
        ("empty.mp4", "empty.mp4 is empty"),
        ("text.mp4", "not a video"),
        ("truncated.mp4", "cut off"),
        ("sound.mp4", "no moving pictures"),
    ],
)
def test_what_is_no_video_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, name: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("empty.mp4").touch()
    Path("text.mp4").write_text("hello\n" * 1000)
    index_last(Path("whole.mp4"))
    Path("truncated.mp4").write_bytes(Path("whole.mp4").read_bytes()[:-5000])
    sound_only(Path("sound.mp4"))
    assert cli.main(["analyze", name, "--json", "a.json", "--video", "b.mp4"]) == 2
    assert says in complaint(capsys)
    assert not {"a.json", "b.mp4"} & set(os.listdir())


def test_what_breaks_off_is_counted_and_not_taken_for_all(pumps: Path, capsys: Capture) -> None:
    whole = pumps.read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")
    pumps.write_bytes(whole[: -len(whole) // 4])
    assert cli.main(["analyze", str(pumps), "--json", "a.json"]) == 2
    out, err = capsys.readouterr()
    assert "smooth rep" in out and "breaks off" in out
    assert err.startswith("posecount: pumps.mp4 breaks off after ") and err.count("\n") == 1
    assert json.loads(Path("a.json").read_text())["quality"]["warnings"][0]["code"] == "cut-off"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["analyze"], "VIDEO"),
        (["analyze", "pumps.mp4", "--json", "gone/a.json"], "no folder gone"),
        (["analyze", "pumps.mp4", "--csv", "."], "folder"),
        (["analyze", "pumps.mp4", "--video", "/proc/a.mp4"], "cannot write /proc/a.mp4"),
        (["analyze", "pumps.mp4", "--video", "a.avi"], ".mp4"),
        (["analyze", "pumps.mp4", "--video", "pumps.mp4"], "video to analyze"),
        (["analyze", "pumps.mp4", "b.mp4", "--json", "a.json"], "--out DIR"),
        (["analyze", "pumps.mp4", "--exercise", "squat"], "ankle-pump, heel-raise, calf-stretch"),
        (["analyze", "a.mp4", "b.mp4", "--side", "middle"], "left, right, both or auto"),
        (["analyze", "pumps.mp4", "--model", "lite"], "heavy, full"),
        (["analyze", "pumps.mp4", "--sid", "left"], "--side"),
        (["analyse", "pumps.mp4"], "analyse"),
        (["exercises", "squat"], "ankle-pump"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    pumps: Path, capsys: Capture, arguments: list[str], says: str
) -> None:
    assert cli.main(arguments) == 2
    assert says in complaint(capsys)
    assert os.listdir() == [str(pumps)]


@pytest.mark.parametrize("seconds", [1 / 30, 2])
def test_a_video_with_nothing_to_count_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, seconds: float
) -> None:
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(nobody))
    path, results = grey(tmp_path / "a.mp4", seconds), tmp_path / "a.json"
    assert cli.main(["analyze", str(path), "--json", str(results)]) == 0
    assert json.loads(results.read_text())["quality"]["warnings"]
    assert "no reps and no holds" in (out := capsys.readouterr().out) and "note: " in out


@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_analysis_leaves_nothing_half_written(
    pumps: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, kill: signal.Signals
) -> None:
    update, seen = analysis.Overheard.update, []

    def stop(*args: object) -> object:
        seen.append(args)
        if len(seen) == 20:
            os.kill(os.getpid(), kill)
        return update(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(analysis.Overheard, "update", stop)
    assert cli.main(["analyze", str(pumps), "--out", "results"]) == 130
    assert complaint(capsys) == "posecount: stopped\n"
    assert os.listdir("results") == []


def test_a_terminal_sees_how_long_it_takes(pumps: Path) -> None:
    code = f"""
import sys; sys.path.insert(0, {os.path.dirname(__file__)!r})
from filmed import Filmed, pumping
from posecount import cli, landmarks
landmarks.Landmarker = Filmed(pumping(4)[0])
sys.exit(cli.main(["analyze", "pumps.mp4", "--json", "-"]))
"""
    terminal, other_end = os.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "PYTHONPATH": os.pathsep.join(sys.path)}
    with open("out.json", "wb") as out:
        subprocess.run([sys.executable, "-c", code], stderr=other_end, stdout=out, env=env, check=True)
    os.close(other_end)
    shown = "".join(iter(partial(_written, terminal), ""))
    os.close(terminal)
    assert "pumps.mp4" in shown and "frames/s" in shown and "100 %" in shown and "left" in shown
    assert json.loads(Path("out.json").read_text())["counts"]["total"] == 4


def _written(terminal: int) -> str:
    """What is next in it, a few thousand letters at most; '' at its end, which Linux says with an error."""
    try:
        return os.read(terminal, 100_000).decode(errors="replace")
    except OSError:
        return ""


def test_odd_names_are_names(pumps: Path, capsys: Capture) -> None:
    name = "[bold] x\udcff.mp4"
    pumps.rename(name)
    assert cli.main(["analyze", name, "--out", "[red]"]) == 0
    assert "[bold] x" in capsys.readouterr().out
    assert sorted(os.listdir("[red]")) == [
        f"[bold] x\udcff.{end}" for end in ("annotated.mp4", "csv", "json")
    ]


def shown(found: analysis.Analysis, **changed: object) -> str:
    console = Console(width=100)
    with console.capture() as printed:
        console.print(summary(analysis.replace(found, summary=analysis.replace(found.summary, **changed))))
    return printed.get()


def test_warnings_are_shown_with_their_time(pumps: Path) -> None:
    found = analysis.analyze(pumps)
    warned = shown(found, warnings=(Notice("x", "Mind this.", 1.0, 2.5),))
    assert "note: Mind this. (1.0-2.5 s)" in warned


def test_of_feet_alone_no_side_is_shown(pumps: Path) -> None:
    found = analysis.analyze(pumps)
    reps = tuple(analysis.replace(rep, side="both", by_movement=True) for rep in found.summary.reps)
    lines = [line.split() for line in shown(found, reps=reps).splitlines()]
    assert ["feet", str(len(reps)), "0", "0"] in [line[:4] for line in lines]


def test_a_tempo_that_changes_is_even_only_otherwise(pumps: Path) -> None:
    found = analysis.analyze(pumps)
    assert "29 a minute, very even (" in shown(found, rhythm=Rhythm(29.0, 0.98, 0.4))
    slows = shown(found, rhythm=Rhythm(24.0, 0.98, -26.0))
    assert "24 a minute, 26 a minute slower at the end, otherwise very even (" in slows


def test_doctor_tells_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    fine = [
        doctor.Check("Python", "ok", "3.11"),
        doctor.Check("cameras", "warn", "none found", "plug one in"),
    ]
    monkeypatch.setattr(doctor, "checks", lambda: fine)
    assert cli.main(["doctor"]) == 0
    assert "-> plug one in" in capsys.readouterr().out
    broken = doctor.Check("libraries", "fail", "missing: libGL.so.1", "sudo apt install libgl1")
    monkeypatch.setattr(doctor, "checks", lambda: [*fine, broken])
    assert cli.main(["doctor"]) == 1
    assert "-> sudo apt install libgl1" in capsys.readouterr().out


def test_a_library_that_does_not_load_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def load() -> None:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(doctor, "checks", load)
    assert cli.main(["doctor"]) == 2
    assert "libGL.so.1" in (line := complaint(capsys)) and "posecount doctor" in line


def test_exercises_are_listed_and_told(capsys: Capture) -> None:
    assert cli.main(["exercises"]) == 0
    listed = capsys.readouterr().out
    for name in ("ankle-pump", "heel-raise", "calf-stretch"):
        assert name in listed
        assert cli.main(["exercises", name]) == 0
        assert len(capsys.readouterr().out) > 500


def test_version_and_help(capsys: Capture) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"posecount {__version__}\n"
    assert cli.main(["--help"]) == 0
    assert "analyze" in capsys.readouterr().out


def test_help_is_instant_and_loads_nothing_heavy() -> None:
    code = "import sys; from posecount.cli import main; main(['--help']); print(*sys.modules)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Not by the clock: other work on the machine would count.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3
    loaded = set(run.stdout.splitlines()[-1].split())
    assert not {"cv2", "mediapipe", "numpy", "scipy", "av", "rich"} & loaded


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "posecount", "exercises", "heel-raise"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout and run.stderr
    run.stdout.close()
    assert run.wait() == 1
    assert run.stderr.read() == ""
    run.stderr.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_behind_stdout_is_one_line() -> None:
    command = [sys.executable, "-m", "posecount", "exercises", "heel-raise"]
    with open("/dev/full", "w") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (run.returncode, run.stderr) == (2, "posecount: no space left on device\n")

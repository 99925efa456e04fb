"""Batches: which videos, every one once whoever is killed, tables that equal those of a quiet run."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
import pytest
from distributed import LocalCluster
from filmed import grey

from posecount.batch import ledger, places, run, tables, work
from posecount.batch.cluster import LOOPBACK, connected
from posecount.batch.ledger import Ledger
from posecount.batch.places import Destination, expand
from posecount.errors import PosecountError

SETTINGS = {"exercise": "auto", "side": "auto", "model": "full"}
GOOD, BAD = 4, 2


def fake(name: str, settings: dict[str, Any]) -> work.Record:
    """In place of an analysis: the record tells which video it was, a line in a file that it ran."""
    text = Path(name).read_text()
    with open(Path(name).parent / "analyzed.log", "a") as log:
        log.write(f"{name}\n")
    if text.startswith("kill once") and not (mark := Path(name + ".killed")).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.1)
    if text.startswith("bad"):
        return work.bad(f"cannot read {name}")
    rep = {
        "side": "left",
        "start_s": 0.0,
        "peak_s": 1.0,
        "end_s": 2.0,
        "range_deg": None,
        "quality": "smooth",
    }
    hold = {"side": "left", "start_s": 3.0, "end_s": 9.0, "muscle": "soleus", "bounces": 0}
    video = {"frames": len(text), "model": settings["model"], "warnings": ["far"]}
    return {"error": None, "video": video, "reps": [rep, rep], "holds": [hold]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good videos, bad ones, one like another, one that is none."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for n in range(GOOD):
        (tmp_path / "in" / f"good{n}.mp4").write_text("x" * (n + 1))
    for n in range(BAD):
        (tmp_path / "in" / "deep" / f"bad{n}.MOV").write_text(f"bad {n}")
    (tmp_path / "in" / "copy.mp4").write_text("x")
    (tmp_path / "in" / "notes.txt").write_text("no video")
    return tmp_path / "in"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Of two processes, as if somebody had started them elsewhere."""
    places = dict.fromkeys(("dashboard_address", "worker_dashboard_address"), f"{LOOPBACK}:0")
    with LocalCluster(n_workers=2, threads_per_worker=1, host=LOOPBACK, silence_logs=50, **places) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def no_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "record", fake)


def analyzed(folder: Path) -> list[str]:
    """The videos that were analyzed, one name for each time."""
    logs = [*folder.glob("analyzed.log"), *folder.glob("*/analyzed.log")]
    return sorted(Path(line).name for log in logs for line in log.read_text().splitlines())


def rows(out: Path) -> dict[str, list[dict[str, Any]]]:
    return {name: pq.read_table(out / f"{name}.parquet").to_pylist() for name in ("videos", "reps", "holds")}


def batch(folder: Path, out: Path, scheduler: str) -> run.Outcome:
    return run.run([str(folder)], str(out), SETTINGS, scheduler=scheduler, workers=2)


def test_every_video_is_a_row_and_analyzed_once(folder: Path, tmp_path: Path, scheduler: str) -> None:
    progress: list[tuple[int, int]] = []
    found = run.run(
        [str(folder), f"{folder}/*.mp4"],
        str(tmp_path / "out"),
        SETTINGS,
        scheduler=scheduler,
        workers=2,
        on_progress=lambda done, of: progress.append((done, of)),
    )
    assert (found.videos, found.analyzed, found.known, found.bad) == (7, 6, 1, 2)
    assert progress == [(done, 7) for done in range(1, 8)]
    names = analyzed(folder)
    assert len(names) == 6 and len({"copy.mp4", "good0.mp4"} & set(names)) == 1
    found_rows = rows(tmp_path / "out")
    videos = {Path(row["video"]).name: row for row in found_rows["videos"]}
    assert len(videos) == len(found_rows["videos"]) == 7
    assert [videos[f"good{n}.mp4"]["frames"] for n in range(GOOD)] == [1, 2, 3, 4]
    assert videos["copy.mp4"]["content"] == videos["good0.mp4"]["content"]
    assert videos["bad1.MOV"]["error"] == f"cannot read {folder}/deep/bad1.MOV"
    assert videos["good0.mp4"]["error"] is None and videos["good0.mp4"]["warnings"] == ["far"]
    assert len(found_rows["reps"]) == 2 * 5 and len(found_rows["holds"]) == 5
    assert found_rows["reps"][0]["range_deg"] is None and found_rows["holds"][0]["muscle"] == "soleus"


def test_what_is_done_is_not_done_again(folder: Path, tmp_path: Path, scheduler: str) -> None:
    batch(folder, tmp_path / "out", scheduler)
    before, once = rows(tmp_path / "out"), analyzed(folder)
    (folder / "good3.mp4").rename(folder / "moved.mp4")
    (folder / "good2.mp4").write_text("another content")
    found = batch(folder, tmp_path / "out", scheduler)
    assert (found.analyzed, found.known) == (1, 6)
    assert analyzed(folder) == sorted([*once, "good2.mp4"])
    videos = {Path(row["video"]).name: row["frames"] for row in rows(tmp_path / "out")["videos"]}
    assert (videos["moved.mp4"], videos["good2.mp4"]) == (4, 15)
    assert "good3.mp4" in videos, "what was known of a video stays, though it is gone"
    assert rows(tmp_path / "out") != before
    other = {**SETTINGS, "model": "heavy"}
    assert run.run([str(folder)], str(tmp_path / "out"), other, scheduler=scheduler, workers=2).analyzed == 6


CLIENT = """
import sys; sys.path[:0] = {path!r}
from test_batch import SETTINGS, fake
from posecount.batch import run, work
work.record = fake
run.run([{folder!r}], {out!r}, SETTINGS, scheduler={scheduler!r}, workers=2)
"""


def test_whoever_is_killed_nothing_is_lost_or_double(folder: Path, tmp_path: Path, scheduler: str) -> None:
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    for n in range(12):
        (folder / f"more{n:02}.mp4").write_text("y" * (20 + n))
    batch(folder, quiet, scheduler)
    for log in [*folder.glob("analyzed.log"), *folder.glob("*/analyzed.log")]:
        log.unlink()
    code = CLIENT.format(path=sys.path, folder=str(folder), out=str(killed), scheduler=scheduler)
    client = subprocess.Popen([sys.executable, "-c", code])
    while not (killed / "records").exists() or len(list((killed / "records").glob("0*"))) < 5:
        time.sleep(0.02)
    client.kill()
    client.wait()
    kept = [json.loads(file.read_text())["name"] for file in (killed / "records").glob("0*")]
    batch(folder, killed, scheduler)
    assert rows(killed) == rows(quiet)
    counts = {name: analyzed(folder).count(Path(name).name) for name in kept}
    assert max(counts.values()) == 1, "what was kept is not analyzed again"


def test_a_worker_that_dies_is_no_loss(folder: Path, tmp_path: Path, scheduler: str) -> None:
    (folder / "killer.mp4").write_text("kill once")
    found = batch(folder, tmp_path / "out", scheduler)
    assert found.bad == BAD
    names = analyzed(folder)
    assert names.count("killer.mp4") == 2
    frames = {Path(row["video"]).name: row["frames"] for row in rows(tmp_path / "out")["videos"]}
    assert frames["killer.mp4"] == len("kill once")


def test_records_of_many_become_few_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "SMALL", 5)
    book = Ledger(Destination(str(tmp_path)), SETTINGS)
    for n in range(13):
        book.add(f"{n % 12}.mp4", f"content {n}", work.bad("x"))
    assert len(list((tmp_path / "records").iterdir())) == 2 + 3
    (tmp_path / "records" / ".posecount-1.jsonl").write_text("half a li")
    again = Ledger(Destination(str(tmp_path)), SETTINGS)
    assert again.entries == book.entries and len(again.entries) == 12
    assert again.is_done("0.mp4", "content 12") and not again.is_done("0.mp4", "content 0")
    newer = Ledger(Destination(str(tmp_path)), {**SETTINGS, "model": "heavy"})
    assert newer.known("content 12") is None


def test_an_error_of_circumstance_is_tried_again(tmp_path: Path) -> None:
    book = Ledger(Destination(str(tmp_path)), SETTINGS)
    book.add("a.mp4", "content", work.bad("the worker died"), passing=True)
    assert book.entries["a.mp4"]["error"] and not book.is_done("a.mp4", "content")


def test_object_stores_are_read_and_written(tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/clinic/monday/a.mp4", b"abc")
    store.pipe("/clinic/monday/readme.txt", b"abc")
    store.pipe("/clinic/b.mkv", b"abcd")
    assert expand(["memory://clinic"]) == ["memory:///clinic/b.mkv", "memory:///clinic/monday/a.mp4"]
    assert expand(["memory://clinic/*/*.mp4", "memory://clinic/b.mkv"]) == expand(["memory://clinic"])
    with places.here("memory:///clinic/monday/a.mp4") as path:
        assert Path(path).read_bytes() == b"abc"
    assert not Path(path).exists()
    assert work.content("memory:///clinic/b.mkv") == work.content(str(_file(tmp_path, b"abcd")))
    destination = Destination("memory://results/all")
    book = Ledger(destination, SETTINGS)
    book.add("a", "b", fake(str(_file(tmp_path, b"x")), SETTINGS))
    tables.write(destination, book.entries.values())
    assert Ledger(destination, SETTINGS).entries == book.entries
    with store.open("/results/all/reps.parquet") as file:
        assert len(pq.read_table(file)) == 2


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "some.mp4"
    path.write_bytes(content)
    return path


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "a [1].mp4").touch()
    assert expand([f"{tmp_path}/a [1].mp4"]) == [f"{tmp_path}/a [1].mp4"]


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        (["gone.mp4"], "no video in gone.mp4"),
        (["*.mp4"], "no video"),
        (["nix://a/b"], "cannot reach nix://a/b"),
    ],
)
def test_what_is_no_source_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PosecountError, match=says):
        expand(sources)


def test_a_scheduler_that_is_not_there_is_told(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("posecount.batch.cluster.CONNECT_S", 0.5)
    with pytest.raises(PosecountError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        run.run([str(folder)], str(tmp_path / "out"), SETTINGS, scheduler="tcp://127.0.0.1:9", workers=1)


def test_the_command_with_a_cluster_of_its_own(tmp_path: Path) -> None:
    grey(tmp_path / "a.mp4", 0.2)
    (tmp_path / "b.mp4").write_text("no video")
    command = [sys.executable, "-m", "posecount", "batch", str(tmp_path), "--out", str(tmp_path / "out")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [*command, "--model", "full", "--workers", "1"], env=env, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "2 videos: 2 analyzed, 0 known before, 1 bad" in ran.stdout
    good, bad = rows(tmp_path / "out")["videos"]
    assert (good["frames"], good["error"]) == (6, None)
    assert bad["error"].startswith(f"cannot read {tmp_path}/b.mp4: it is not a video")


def test_a_cluster_of_its_own_is_reachable_from_nowhere_else() -> None:
    with connected(None, 1):
        family = [os.getpid(), *(int(pid) for pid in _children(os.getpid()))]
        inodes = {os.readlink(link) for pid in family for link in _files(pid)}
        listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        places = {line[1] for line in listening if line[3] == "0A" and f"socket:[{line[9]}]" in inodes}
        others = [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
        assert not [line for line in others if line[3] == "0A" and f"socket:[{line[9]}]" in inodes]
    assert places and {place.partition(":")[0] for place in places} == {"0100007F"}


def _children(pid: int) -> list[str]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [child for task in tasks for child in task.read_text().split()]


def _files(pid: int) -> Iterator[Path]:
    for link in Path(f"/proc/{pid}/fd").iterdir():
        if os.path.lexists(link):
            yield link

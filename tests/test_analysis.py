"""A video in, an analysis out; and the files it becomes, whole or not at all."""

import csv
import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import people
import pytest
from filmed import FPS, SIZE, Filmed, grey, nobody, pumping
from hypothesis import given
from hypothesis import strategies as some

from posecount import landmarks, video
from posecount.analysis import Analysis, analyze, counts, plain
from posecount.errors import PosecountError
from posecount.export import STDOUT, Outputs, plan, to_csv, to_json
from posecount.files import check_writable, replacing
from posecount.types import Angles, Hold, Notice, Rep, Rhythm, Summary

nan = float("nan")


def an_analysis() -> Analysis:
    """One of everything, some of it not measurable."""
    column = np.array([1.23456, nan])
    return Analysis(
        video.VideoInfo("a.mp4", 64, 48, 30000 / 1001, 2, 0.0667),
        "heavy",
        Summary(
            exercise="heel-raise",
            reps=(
                Rep("both", 4.0, 4.5, 5.00004, 21.256, "smooth", 0.4, 0.5, -1.5, 0.25),
                Rep("left", 6.0, 6.5, 7.0, nan, "jerky"),
            ),
            holds=(Hold("right", 1.0, 3.0, 2.0, 12.346, -0.001, "soleus", "bouncing", 3),),
            rhythm=Rhythm(nan, nan, nan),
            angles=Angles(np.array([0.0, 1 / 30]), column, column, column, column),
            usable_fraction=0.5,
            warnings=(Notice("far", "Come nearer.", 0.0, 1.0),),
            seconds=7.0,
        ),
    )


def test_the_analysis_file_keeps_its_contract() -> None:
    found = json.loads(to_json(an_analysis()))
    assert found["schema"] == "posecount.analysis/1"
    assert found["video"] == {
        "path": "a.mp4", "width": 64, "height": 48, "fps": 29.97, "frames": 2, "duration_s": 0.0667,
    }  # fmt: skip
    assert (found["model"], found["exercise"]) == ("heavy", "heel-raise")
    assert found["counts"] == {"left": 1, "right": 1, "total": 1}
    assert found["reps"][0] == {
        "side": "both", "start_s": 4.0, "peak_s": 4.5, "end_s": 5.0, "range_deg": 21.26, "quality": "smooth",
        "up_s": 0.4, "down_s": 0.5, "sparc": -1.5, "ripple_deg": 0.25, "by_movement": False,
    }  # fmt: skip
    assert found["reps"][1]["range_deg"] is None
    assert found["holds"] == [
        {
            "side": "right", "start_s": 1.0, "end_s": 3.0, "duration_s": 2.0, "angle_deg": 12.35,
            "knee_deg": 0.0, "muscle": "soleus", "quality": "bouncing", "bounces": 3,
        }
    ]  # fmt: skip
    assert found["angles"]["time_s"] == [0.0, 0.0333]
    for leg in ("left_ankle_deg", "right_ankle_deg", "left_knee_deg", "right_knee_deg"):
        assert found["angles"][leg] == [1.23, None]
    warning = {"code": "far", "message": "Come nearer.", "start_s": 0.0, "end_s": 1.0}
    assert found["quality"] == {"usable_fraction": 0.5, "warnings": [warning]}


@given(some.floats())
def test_any_number_becomes_json(number: float) -> None:
    (angle,) = json.loads(json.dumps(plain({"range_deg": [number]}), allow_nan=False))["range_deg"]
    assert (
        angle is None if not math.isfinite(number) else angle == pytest.approx(number, abs=0.0051, rel=1e-15)
    )
    assert str(angle) != "-0.0"


def test_both_feet_together_count_once() -> None:
    rep = Rep("both", 0, 1, 2, 30, "smooth")
    reps = [rep, replace(rep, side="left"), replace(rep, side="right"), replace(rep, quality="jerky")]
    assert counts(reps) == {"left": 2, "right": 2, "total": 3}


def test_the_spreadsheet_has_a_row_for_each_in_order_of_time() -> None:
    hold, rep, jerky = csv.DictReader(to_csv(an_analysis()).splitlines())
    assert [row["kind"] for row in (hold, rep, jerky)] == ["hold", "rep", "rep"]
    assert (hold["muscle"], hold["bounces"], hold["range_deg"]) == ("soleus", "3", "")
    assert (rep["side"], rep["range_deg"], rep["muscle"]) == ("both", "21.26", "")
    assert jerky["range_deg"] == ""


def test_a_video_becomes_reps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poses, seconds = pumping(4)
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(poses))
    path, annotated = grey(tmp_path / "a.mp4", seconds), tmp_path / "b.mp4"
    progress: list[tuple[int, int]] = []
    found = analyze(path, annotated=annotated, on_progress=lambda *done: progress.append(done))
    frames = round(seconds * FPS)
    assert found.summary.exercise == "ankle-pump"
    assert found.to_dict()["counts"] == {"left": 4, "right": 4, "total": 4}
    assert (found.video.width, found.video.height, found.video.frames) == (*SIZE, frames)
    assert progress == [(done, frames) for done in range(1, frames + 1)]
    assert video.probe(annotated).frames == frames
    assert to_json(analyze(path)) == to_json(found)


@pytest.mark.parametrize(
    ("seconds", "codes"),
    [(1 / FPS, ["too-short", "nobody"]), (0.5, ["too-short", "nobody"]), (2, ["nobody"])],
)
def test_too_little_to_see_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, codes: list[str]
) -> None:
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(nobody))
    found = json.loads(to_json(analyze(grey(tmp_path / "a.mp4", seconds))))
    assert [warning["code"] for warning in found["quality"]["warnings"]] == codes
    assert found["reps"] == found["holds"] == []
    assert found["quality"]["usable_fraction"] == 0
    assert len(found["angles"]["time_s"]) == found["video"]["frames"] == round(seconds * FPS)


def test_fewer_pictures_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    movement, seconds = people.pumps(3, move_s=0.35, pause_s=0.1)
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(lambda: people.film(movement, seconds=9, fps=15)))
    found = analyze(grey(tmp_path / "a.mp4", seconds), fps=15, annotated=tmp_path / "b.mp4")
    assert found.video.frames == len(found.summary.angles.time_s) == pytest.approx(seconds * 15, abs=1)
    assert found.video.fps == 15 and len(found.summary.reps) == 3
    assert video.probe(tmp_path / "b.mp4").frames == found.video.frames
    (note,) = [each for each in found.summary.warnings if each.code == "fps"]
    assert "Leave --fps out" in note.message
    with pytest.raises(PosecountError, match="15 or more"):
        analyze("no such video", fps=12)


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"exercise": "squat"}, "heel-raise.*squat"),
        ({"side": "middle"}, "left.*right.*middle"),
        ({"model": "lite"}, "lite.*heavy.*full"),
    ],
)
def test_a_choice_that_is_none_is_told_before_the_video_is_read(choice: dict[str, Any], says: str) -> None:
    with pytest.raises(PosecountError, match=says):
        analyze("no such video", **choice)


def test_nothing_is_left_of_an_annotated_video_that_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(nobody))
    path = grey(tmp_path / "a.mp4", 1)

    def stop(done: int, expected: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyze(path, annotated=tmp_path / "b.mp4", on_progress=stop)
    assert os.listdir(tmp_path) == ["a.mp4"]


def test_where_results_go(tmp_path: Path) -> None:
    named = Outputs(json=STDOUT, csv=tmp_path / "a.csv")
    assert plan([Path("a.mp4")], named, None) == [named]
    videos = [Path("x/a.mp4"), Path("y/A.mov"), Path("b.mp4"), Path("y/a.mp4")]
    plans = plan(videos, Outputs(), tmp_path / "new" / "folder")
    assert [outputs.json.name for outputs in plans if outputs.json] == [
        "a.json",
        "A-2.json",
        "b.json",
        "a-3.json",
    ]
    assert {path.parent for outputs in plans for path in outputs.files()} == {tmp_path / "new" / "folder"}
    assert [path.suffix for path in plans[0].files()] == [".json", ".csv", ".mp4"]


@pytest.mark.parametrize(
    ("videos", "named", "out", "says"),
    [
        (["a.mp4", "b.mp4"], {"json": "a.json"}, None, "use --out"),
        (["a.mp4", "b.mp4"], {"json": "-"}, None, "use --out"),
        (["a.mp4"], {"csv": "a.csv"}, "out", "leave"),
        (["a.mp4"], {"video": "a.mp4"}, None, "is a video to analyze"),
        (["a.mp4"], {"json": "here/../a.mp4"}, None, "is a video to analyze"),
        (["a.annotated.mp4", "a.mp4"], {}, ".", "is a video to analyze"),
        (["a.mp4"], {"json": "x", "csv": "./x"}, None, "two outputs"),
        (["a.mp4"], {"json": "here"}, None, "it is a folder"),
        (["a.mp4"], {"json": "gone/a.json"}, None, "there is no folder gone"),
        (["a.mp4"], {"json": "/proc/a.json"}, None, "cannot write /proc/a.json"),
        (["a.mp4"], {}, "file", "cannot make the folder file"),
        (["a.mp4"], {}, "/proc/a", "cannot make the folder /proc/a"),
    ],
)
def test_results_that_could_not_be_kept_are_refused_first(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    videos: list[str],
    named: dict[str, str],
    out: str,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("here").mkdir()
    Path("file").touch()
    outputs = Outputs(**{kind: Path(name) for kind, name in named.items()})
    with pytest.raises(PosecountError, match=says):
        plan([Path(name) for name in videos], outputs, Path(out) if out else None)
    assert sorted(set(os.listdir()) - {"out"}) == ["file", "here"]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with replacing(path) as part:
        part.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as part:
        part.write_text("ne")
        raise KeyboardInterrupt
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["a.txt"])


def test_a_link_goes_on_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "there" / "b.txt")
    with replacing(link) as part:
        part.write_text("new")
    assert link.is_symlink() and (tmp_path / "there" / "b.txt").read_text() == "new"


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_writable(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with replacing(pipe) as part:
        part.write_text("new")
    assert os.read(reader, 10) == b"new" and pipe.is_fifo()
    os.close(reader)

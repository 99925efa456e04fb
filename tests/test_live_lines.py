"""The lines that other programs read: what docs/formats.md promises of them is so."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from live_poses import recorded

from posecount.feedback import Cue
from posecount.live.choose import Choice
from posecount.live.director import Director
from posecount.live.events import line
from posecount.live.loop import Report, as_fields
from posecount.live.pace import Delay
from posecount.live.source import Shot
from posecount.programme_run import Prompt
from posecount.types import Frame, Hold, Notice, Pose

FORMATS = (Path(__file__).parents[1] / "docs" / "formats.md").read_text()
ROWS = re.findall(
    r"^\| (`.*?`) \| (.*) \|$", FORMATS.split("## The lines of live")[1].split("\n## ")[0], re.MULTILINE
)
PROMISED = {
    kind: set(re.findall(r"`(\w+)`", fields.split(":")[0]))
    for kinds, fields in ROWS
    if kinds != "`event`"
    for kind in re.findall(r"`(\w+)`", kinds)
}
LIGHT = np.full((48, 64, 3), 120, np.uint8)


@pytest.fixture(scope="module")
def lines():
    """One line of each kind that a session tells, as a set of fields."""
    told = []
    director = Director(lambda kind, value: told.append(line(kind, value)), guided=False)
    for pose in recorded("raises-mixed"):
        director.update(Shot(Frame(pose.time_s, LIGHT), 0.0), Pose(pose.time_s, *fields_of(pose)))
    for key in ("space", "space"):
        director.press(key)
    director.finish()
    found = [json.loads(each) for each in told]
    return {each["event"]: set(each) - {"event"} for each in found}


def fields_of(pose):
    return pose.size_px, pose.points_px, pose.visibility


def test_a_session_tells_what_is_promised(lines):
    assert {"stage", "begin", "exercise", "rep", "pause", "resume", "end"} <= lines.keys() <= PROMISED.keys()
    for kind, fields in lines.items():
        assert PROMISED[kind] <= fields, kind


@pytest.mark.parametrize(
    "kind, value",
    [
        ("cue", Cue("bounce", "Smoother.", 3, 1.0)),
        ("prompt", Prompt("go", "Go.", 1.0)),
        ("notice", Notice("far", "Come nearer.", 1.0, 2.0)),
        ("report", as_fields(Report(1.0, 30, 30, 0, 0, 30.0, Delay(20.0, 40.0, 30)))),
    ],
)
def test_other_lines_have_exactly_the_fields_promised(kind, value):
    assert set(json.loads(line(kind, value))) == {"event", *PROMISED[kind]}


def test_the_first_line_says_what_was_chosen():
    fields = set(Choice.__slots__) | {"source"}
    assert fields == PROMISED["start"]


def test_a_hold_is_as_in_the_json_file():
    hold = Hold("left", 1.0, 31.0, 30.0, 12.0, 3.0, "soleus", "steady")
    assert {"side", "start_s", "end_s", "duration_s", "quality"} <= json.loads(line("hold", hold)).keys()

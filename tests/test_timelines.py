"""Five recorded sessions, and what the coach says in each, as texts to read: tests/sessions/NAME.txt.

After a change that is meant: python tests/test_timelines.py writes them anew; read the difference.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posecount.coach import HoldCoach
from posecount.exercises import exercise
from posecount.feedback import GAP_S, Coach
from posecount.session import Session
from posecount.torso import lean_deg
from posecount.types import LEGS, Event, Hold, Pose, Rep, nan

FOLDER = Path(__file__).parent / "sessions"
SESSIONS = {
    "stretch-straight": "calf-stretch",
    "stretch-bent": "calf-stretch",
    "stretch-bouncing": "calf-stretch",
    "stretch-broken-off": "calf-stretch",
    "raises-mixed": "heel-raise",
}
BREATHS, PER_MIN = 2, 12  # the recordings are short: ten seconds of stretch


def poses(name: str) -> Iterator[Pose]:
    """Landmarks of a rendered person, found by the heavy model, kept to an eighth of a pixel."""
    data = np.load(FOLDER / f"{name}.npz")
    width, height = data["size_px"].tolist()
    for time_ms, known in zip(data["time_ms"].tolist(), data["eighths_px"] / 8.0, strict=True):
        points = np.full((33, 2), nan)
        points[data["landmarks"]] = known
        yield Pose(time_ms / 1000, (width, height), points, np.ones(33))


def timeline(name: str) -> list[tuple[float, str]]:
    """Everything found, said and paced, in order."""
    session = Session(SESSIONS[name])
    coach = Coach(exercise(SESSIONS[name]), target_s=BREATHS * 60 / PER_MIN)
    stretch = HoldCoach(BREATHS, PER_MIN)
    lines: list[tuple[float, str]] = []
    breath = ""
    for pose in poses(name):
        events = session.update(pose)
        lines += [(pose.time_s, text) for event in events if (text := _found(event))]
        before, breath = breath, _breath(stretch, session, pose.time_s)
        if breath != before and SESSIONS[name] == "calf-stretch":
            lines.append((pose.time_s, breath))
        cue = coach.update(pose.time_s, events, session.state, lean_deg(pose))
        lines += [(cue.time_s, f'says "{cue.text}"')] if cue else []
    return lines


def _breath(stretch: HoldCoach, session: Session, time_s: float) -> str:
    view = stretch.update(time_s, any(session.state.legs[leg].hold_s > 0 for leg in LEGS))
    if view.done:
        return f"breath {view.breaths} done"
    return f"breath {view.breaths + 1}, {view.breath.phase}" if view.holding else "no stretch"


def _found(event: Event) -> str:
    if isinstance(event, Rep):
        return f"found a {event.quality} rep, {event.side}"
    if isinstance(event, Hold):
        return (
            f"found a {event.quality} hold of {event.duration_s:.0f} s, {event.side}, {event.muscle}"
            f"{f', {event.bounces} bounces' if event.quality == 'bouncing' else ''}"
        )
    return ""


def page(name: str) -> str:
    lines = (f"{time_s:6.1f} s  {text}" for time_s, text in timeline(name))
    return "\n".join([f"{name} ({SESSIONS[name]})", *lines, ""])


@pytest.mark.parametrize("name", SESSIONS)
def test_the_coach_says_what_it_said(name: str) -> None:
    assert page(name) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SESSIONS)
def test_never_two_cues_at_once(name: str) -> None:
    times = [time_s for time_s, text in timeline(name) if text.startswith("says")]
    assert all(later - earlier >= GAP_S for earlier, later in pairwise(times))


if __name__ == "__main__":
    for each in SESSIONS:
        (FOLDER / f"{each}.txt").write_text(page(each), encoding="utf-8")
        print(page(each))

"""Landmarks of real people through the session: the noise that no stick figure has."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from posecount.analysis import analyze
from posecount.session import Session
from posecount.types import Pose, Summary

FOLDER = Path(__file__).parent / "recordings"
POINTS = [0, 11, 12, *range(23, 33)]
NO_ANKLE_EXERCISE = [
    "chair_pose",
    "feet_only_false_body",
    "hip_flexor_stretch",
    "jog_on_the_spot",
    "jump_squats",
    "lunges",
    "march_low_resolution",
    "squats",
    "walk_by_two_people",
]


def poses(name: str) -> Iterator[Pose]:
    recorded = np.load(FOLDER / f"{name}.npz")
    width, height = (int(n) for n in recorded["size_px"])
    for time_s, tenths in zip(recorded["time_s"], recorded["tenths_px"], strict=True):
        points = np.full((33, 2), np.nan)
        points[POINTS] = np.where(tenths == np.iinfo(np.int16).min, np.nan, tenths / 10)
        yield Pose(float(time_s), (width, height), points, np.ones(33))


def run(name: str) -> Summary:
    session = Session()
    for pose in poses(name):
        session.update(pose)
    session.finish()
    return session.summary()


@pytest.mark.parametrize("name", NO_ANKLE_EXERCISE)
def test_other_movement_is_never_counted(name: str) -> None:
    summary = run(name)
    assert summary.reps == ()
    assert summary.holds == ()


def test_feet_turned_outwards_are_no_pumps() -> None:
    summary = run("seated_eversion")
    assert summary.exercise != "calf-stretch"
    assert sum(rep.quality == "smooth" for rep in summary.reps) == 0
    assert len(summary.reps) <= 1  # twelve turns of the feet


def test_heel_raises_on_a_step_the_last_one_cut_off() -> None:
    peaks = [rep.peak_s for rep in run("heel_raise_step_side").reps]
    assert peaks == pytest.approx([1.4, 5.4, 9.6], abs=0.6)


def test_heel_raises_on_a_rug_seen_obliquely() -> None:
    """Feet sunk in a rug move the ankle by 8-12 deg only: three raises by eye, within one here."""
    summary = run("heel_raise_rug_oblique")
    assert 2 <= len(summary.reps) <= 4
    assert summary.exercise == "heel-raise"


def test_slow_raises_cut_at_mid_thigh() -> None:
    """Landmarks stand otherwise after them: no stretch. Both legs tremble with their square: no tremor."""
    summary = analyze(FOLDER / "slow_raises_mid_thigh.poses").summary
    assert [rep.quality for rep in summary.reps] == ["smooth"] * 3
    assert summary.holds == ()

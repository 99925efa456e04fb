"""Who marches in place or squats, seen from the shins down: pixels alone take each step for a rep."""

from collections.abc import Iterator
from dataclasses import replace
from math import pi, sin

import numpy as np
import pytest
from people import LEFT, RIGHT, film
from test_feet_alone import feet, run, still

from posecount.types import TOLD_LATE_S, Pose

FPS, SHANK_PX, STEP_S, BEGIN_S = 30, 140.0, 1.0, 1.5


def bump(at_s: float) -> float:
    """0 to 1 and back, in each step."""
    return sin(pi * at_s / STEP_S) ** 2 if at_s >= 0 else 0.0


def taking_turns(steps: int, moving: slice, height_px: float, in_turn: bool = True) -> Iterator[Pose]:
    """`moving` are those of knee, ankle, heel and toe that are lifted."""
    stood = feet(film(still, still, seconds=steps * STEP_S + 4), SHANK_PX)
    before = 0.0
    for pose in stood:
        at_s = pose.time_s - BEGIN_S
        step = int(max(at_s, 0) // STEP_S)
        up = bump(at_s) if step < steps else 0.0
        points = pose.points_px.copy()
        _, *leg = (LEFT, RIGHT)[step % 2 if in_turn else 0]
        points[leg[moving], 1] -= height_px * up
        late_s = at_s - TOLD_LATE_S
        place = 100 * bump(late_s) if late_s < steps * STEP_S else 0.0
        yield replace(pose, points_px=points, moved=(0.0, before - place))
        before = place


KNEE, FOOT, TOE = slice(0, 1), slice(1, 4), slice(3, 4)


@pytest.mark.parametrize(
    "moving, height_px, in_turn, count",
    [
        pytest.param(FOOT, 30, True, 0, id="steps"),
        pytest.param(TOE, 50, True, 8, id="toes in turn"),
        pytest.param(FOOT, 8, True, 0, id="hardly lifted, and not turned: squats"),
        pytest.param(KNEE, 8, True, 0, id="feet that stay below knees that move"),
        pytest.param(FOOT, 30, False, 8, id="always the same foot, which may be misread"),
    ],
)
def test_feet_that_leave_the_floor_in_turn_march_and_those_that_stay_squat(
    moving: slice, height_px: float, in_turn: bool, count: int
) -> None:
    assert len(run(taking_turns(8, moving, height_px, in_turn)).reps) == count


def test_one_lift_among_others_is_no_march() -> None:
    poses = list(taking_turns(8, TOE, 50))
    third = [n for n, pose in enumerate(poses) if 2 <= (pose.time_s - BEGIN_S) / STEP_S < 3]
    for n in third:
        points = poses[n].points_px.copy()
        points[LEFT[2:], 1] -= 30 * bump(poses[n].time_s - BEGIN_S)
        poses[n] = replace(poses[n], points_px=points)
    assert len(run(poses).reps) == 8
    assert not np.isnan(poses[0].points_px[LEFT[2]]).any()


@pytest.mark.parametrize("resting, count", [((2,), 8), ((2, 3, 4), 6)])
def test_feet_that_stay_in_one_rep_after_another_squat(resting: tuple[int, ...], count: int) -> None:
    """In one alone they may have been misread, or it was half a rep; so the first of them is told."""
    poses = list(taking_turns(8, TOE, 50, in_turn=False))
    rest = poses[0].points_px
    for n, pose in enumerate(poses):
        if (pose.time_s - BEGIN_S) // STEP_S in resting:
            poses[n] = replace(pose, points_px=rest)
    assert len(run(poses).reps) == count

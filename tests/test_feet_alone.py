"""Feet without knees through the session: counted by movement, with no degrees, and nothing else counted."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest
from people import LEFT, RIGHT, Movement, film, noisy, pumps, raises, stand, strokes
from test_recordings import poses as recorded

from posecount.leg_look import THIGH_SHANKS
from posecount.session import Session
from posecount.types import Framing, Pose, Summary

FPS = 30


def feet(
    poses: Iterable[Pose], shank_px: float = 140.0, up: tuple[float, float] = (0.0, -1.0)
) -> Iterator[Pose]:
    """The same with nothing in view above the ankles: a stranger stands on each foot."""
    for each in poses:
        points = np.full((33, 2), nan)
        for hip, knee, *foot in (LEFT, RIGHT):
            points[foot] = each.points_px[foot]
            points[knee] = points[foot[0]] + shank_px * np.array(up)
            points[hip] = points[foot[0]] + (1 + THIGH_SHANKS) * shank_px * np.array(up)
        yield replace(each, points_px=points, framing="feet")


def run(poses: Iterable[Pose], exercise: str = "auto") -> Summary:
    session = Session(exercise)
    for pose in poses:
        session.update(pose)
    session.finish()
    return session.summary()


def raised(movement: Movement, seconds: float, fps: int = FPS) -> Iterator[Pose]:
    times = np.arange(0, seconds, 1 / fps).tolist()
    return noisy(stand(at, movement(at), movement(at)) for at in times)


def still(at: float) -> float:
    return 0.0


@pytest.mark.parametrize(
    "movement, seconds, count",
    [
        pytest.param(*pumps(6), 6, id="pumps"),
        pytest.param(*pumps(8, move_s=0.38, pause_s=0.06), 8, id="brisk"),
        pytest.param(*pumps(3, move_s=2.0, pause_s=2.0), 3, id="slow"),
    ],
)
@pytest.mark.parametrize("side", ["both", "left", "right"])
def test_pumps_of_feet_alone(movement: Movement, seconds: float, count: int, side: str) -> None:
    left, right = (movement if side in (one, "both") else still for one in ("left", "right"))
    found = run(feet(film(left, right, seconds=seconds)))
    assert [rep.quality for rep in found.reps] == ["smooth"] * count
    assert {rep.side for rep in found.reps} == {"both"}
    assert all(rep.by_movement and isnan(rep.range_deg) for rep in found.reps)
    assert np.isnan(found.angles.left_ankle_deg).all() and found.exercise == "auto"
    assert [notice.code for notice in found.warnings] == ["feet-only"]


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_raises_begin_with_the_heels_down(fps: int) -> None:
    movement, seconds = raises(5)
    found = run(feet(raised(movement, seconds, fps), 120.0))
    assert [rep.quality for rep in found.reps] == ["smooth"] * 5
    assert found.reps[0].start_s == pytest.approx(1.5, abs=0.3)
    assert found.reps[0].peak_s == pytest.approx(2.35, abs=0.3)


def test_lying_feet_are_counted_as_well() -> None:
    movement, seconds = pumps(5)
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])

    def lying() -> Iterator[Pose]:
        for each in film(movement, seconds=seconds):
            yield replace(each, points_px=each.points_px @ turn + (0, 900))

    assert len(run(feet(lying(), up=(-1.0, 0.0))).reps) == 5


def lifted(at: float) -> float:
    """How high a foot is that marches, in pixels."""
    return 60.0 * max(0.0, float(np.sin(2 * at)))


def moved(dx: float, dy: float, turn_deg: float, at: float) -> Pose:
    """Both feet somewhere else as a whole, and turned."""
    pose = stand(at, turn_deg, turn_deg)
    points = pose.points_px.copy()
    points[list(LEFT + RIGHT)] += dx, dy
    return replace(pose, points_px=points)


TIMES_S = np.arange(0, 12, 1 / FPS).tolist()
ONCE, ONCE_S = pumps(1)
HELD, HELD_S = strokes((0.001, 0, 1.5), (1.0, 15, 7.0), (1.0, 0, 2.0), (1.0, 15, 7.0), (1.0, 0, 1.5))


@pytest.mark.parametrize(
    "poses",
    [
        pytest.param(lambda: film(still, seconds=10), id="still"),
        pytest.param(lambda: film(still, seconds=10, noise_px=3.0), id="noise"),
        pytest.param(lambda: film(ONCE, seconds=ONCE_S), id="once may be anything"),
        pytest.param(lambda: raised(HELD, HELD_S), id="stretches"),
        pytest.param(lambda: (moved(0, -lifted(at), -lifted(at) / 2, at) for at in TIMES_S), id="marching"),
        pytest.param(
            lambda: (moved(100 * at, 0, 20 * np.sin(5 * at), at) for at in TIMES_S), id="walking past"
        ),
        pytest.param(
            lambda: (moved(5 * np.sin(9 * at), 5 * np.cos(7 * at), 0, at) for at in TIMES_S),
            id="shaking camera",
        ),
    ],
)
def test_nothing_else_is_counted(poses: "type[Iterator[Pose]]") -> None:
    assert run(feet(poses(), 120.0)).reps == ()


@pytest.mark.parametrize("name", ["feet_only_false_body", "jog_on_the_spot", "jump_squats", "lunges"])
def test_real_feet_that_do_something_else(name: str) -> None:
    assert run(feet(recorded(name), 100.0)).reps == ()


def test_real_feet_that_are_raised() -> None:
    poses = list(recorded("heel_raise_step_side"))
    shank_px = float(np.nanmedian([np.hypot(*(p.points_px[25] - p.points_px[27])) for p in poses]))
    assert [rep.quality for rep in run(feet(poses, shank_px)).reps] == ["smooth"] * 3


def test_a_gap_adds_no_rep() -> None:
    movement, seconds = pumps(4)
    gone = [pose for pose in film(movement, seconds=seconds) if not 3.0 < pose.time_s < 4.5]
    assert len(run(feet(gone)).reps) <= 4


@pytest.mark.parametrize(
    "first, legs_s, told", [("legs", 5.0, False), ("legs", 10.0, True), ("whole", 5.0, True)]
)
def test_legs_seen_for_seconds_before_feet_tell_no_degrees(first: Framing, legs_s: float, told: bool) -> None:
    movement, seconds = pumps(12)
    poses = list(film(movement, seconds=seconds))
    legs = [replace(pose, framing=first) for pose in poses if pose.time_s < legs_s]
    found = run([*legs, *feet(pose for pose in poses if pose.time_s >= legs_s)])
    assert found.framing == "feet" and len(found.reps) >= 10
    assert any(not isnan(rep.range_deg) for rep in found.reps) == told
    assert all(rep.whose == "feet" for rep in found.reps) != told
    assert np.isfinite(found.angles.left_ankle_deg).any() == told


@pytest.mark.parametrize("first", ["legs", "whole"])
def test_nor_does_a_stretch_that_was_held_then(first: Framing) -> None:
    held, held_s = strokes((0.001, 0, 1.0), (0.8, 16, 3.6), (0.8, 0, 1.0))
    moved, moved_s = pumps(8)
    legs = [replace(pose, framing=first) for pose in film(held, seconds=held_s)]
    after = [replace(pose, time_s=pose.time_s + held_s) for pose in film(moved, seconds=moved_s)]
    found = run([*legs, *feet(after)], "calf-stretch")
    assert found.framing == "feet"
    assert [isnan(hold.angle_deg) for hold in found.holds] == [first == "legs"]

"""Is a rep smooth or jerky? By what hips, knees and shoulders show alike, or landmarks and pixels."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from people import Movement, film, noisy, pumps, raises, stand

from posecount.session import Session
from posecount.types import Pose, Rep

SHOULDERS_UP = slice(0, 23)


def trembling(movement: Movement, hz: float = 4.5, deg: float = 4.5) -> Movement:
    """The same with a tremor on the way: none at rest."""
    return lambda at: movement(at) + deg * np.sin(2 * np.pi * hz * at) * (abs(movement(at)) > 2)


def reps(movement: Movement, seconds: float, fps: int, noise_px: float, **changed: float) -> list[Rep]:
    session = Session()
    poses = noisy(changed_poses(movement, seconds, fps, **changed), noise_px)
    events = [event for _, found in session.updates(poses) for event in found] + session.finish()
    return [event for event in events if isinstance(event, Rep)]


def changed_poses(
    movement: Movement, seconds: float, fps: int, shake_px: float = 0.0, hide_above: float = 0.0
) -> Iterator[Pose]:
    """Both heels raised, before a camera that shakes up and down, perhaps with the legs only in view."""
    for at in np.arange(0, seconds, 1 / fps).tolist():
        pose = stand(at, movement(at), movement(at))
        pose.points_px[:, 1] += shake_px * np.sin(2 * np.pi * 5 * at)
        if hide_above:
            pose.points_px[SHOULDERS_UP] = np.nan
        yield pose


@pytest.mark.parametrize("fps", [15, 20, 30])
@pytest.mark.parametrize("noise_px", [0.5, 1.5, 2.5])
def test_landmarks_that_tremble_each_by_themselves_make_nobody_jerky(fps: int, noise_px: float) -> None:
    movement, seconds = raises(5)
    assert [rep.quality for rep in reps(movement, seconds, fps, noise_px)] == ["smooth"] * 5


@pytest.mark.parametrize("fps", [15, 20, 30])
@pytest.mark.parametrize("noise_px", [0.5, 1.5, 2.5])
def test_a_tremor_of_the_whole_body_is_jerky(fps: int, noise_px: float) -> None:
    movement, seconds = raises(5)
    assert [rep.quality for rep in reps(trembling(movement), seconds, fps, noise_px)] == ["jerky"] * 5


@pytest.mark.parametrize("fps", [15, 30])
def test_a_camera_that_shakes_makes_nobody_jerky(fps: int) -> None:
    movement, seconds = raises(5)
    assert [rep.quality for rep in reps(movement, seconds, fps, 1.0, shake_px=4.0)] == ["smooth"] * 5


@pytest.mark.parametrize("fps", [15, 30])
@pytest.mark.parametrize("noise_px", [0.5, 1.5])
def test_of_legs_alone_it_is_told_too(fps: int, noise_px: float) -> None:
    movement, seconds = raises(5)
    smooth, jerky = (
        reps(each, seconds, fps, noise_px, hide_above=1) for each in (movement, trembling(movement))
    )
    assert [rep.quality for rep in smooth] == ["smooth"] * 5
    assert [rep.quality for rep in jerky] == ["jerky"] * 5


def pumped(shown: Movement, flowed: Movement | None, seconds: float, mirrored: bool) -> list[str]:
    """The qualities of pumps that landmarks show so, and the foot's pixels perhaps otherwise."""
    session, before_s = Session(), 0.0
    for pose in film(shown, seconds=seconds, noise_px=0.0):
        if mirrored:
            pose.points_px[:, 0] = pose.size_px[0] - pose.points_px[:, 0]
        sign = -1 if mirrored else 1
        step = sign * (flowed(pose.time_s) - flowed(before_s)) if flowed else np.nan
        session.update(replace(pose, flowed_deg=(step, step)))
        before_s = pose.time_s
    session.finish()
    return [rep.quality for rep in session.summary().reps]


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_tremor_of_a_pump_is_one_that_its_pixels_show_too(mirrored: bool) -> None:
    smooth, seconds = pumps(4)
    slight, strong = trembling(smooth, 4.0, 1.6), trembling(smooth, 4.0, 2.4)
    assert pumped(strong, None, seconds, mirrored) == ["jerky"] * 4
    assert pumped(strong, smooth, seconds, mirrored) == ["smooth"] * 4
    assert pumped(slight, None, seconds, mirrored) == ["smooth"] * 4
    assert pumped(slight, slight, seconds, mirrored) == ["jerky"] * 4
    assert pumped(smooth, strong, seconds, mirrored) == ["smooth"] * 4


def test_pixels_that_tell_of_something_else_are_no_witness() -> None:
    smooth, seconds = pumps(4)
    shown = trembling(smooth, 4.0, 2.4)
    assert pumped(shown, lambda at: 5 * np.sin(at), seconds, mirrored=False) == ["jerky"] * 4

"""Is a standing person's rep smooth or jerky? By what hips, knees and shoulders show alike."""

from collections.abc import Iterator

import numpy as np
import pytest
from people import Movement, noisy, raises, stand

from posecount.session import Session
from posecount.types import Pose, Rep

SHOULDERS_UP = slice(0, 23)


def trembling(movement: Movement, hz: float = 4.5, deg: float = 4.5) -> Movement:
    """The same with a tremor on the way: none at rest."""
    return lambda at: movement(at) + deg * np.sin(2 * np.pi * hz * at) * (movement(at) < -2)


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

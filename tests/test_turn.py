"""How far a drawn foot has turned, found in the picture while its landmarks flatten the turn."""

import pickle
from math import isfinite, isnan

import numpy as np
import pytest
from drawn_foot import ANKLE, SIZE, pose, scene

from posecount.foot_cut import FootCutter
from posecount.turn import FootTurns


def watch(degrees: list[float], texture: float, shank: float) -> list[float]:
    """The right foot's turns found in pictures half a second apart, after some rest."""
    turns = FootTurns()
    resting = scene(0, texture, shank=shank)
    for step in range(15):
        turns.update(resting, pose(step / 30, 0, shank=shank))
    found = []
    for i, deg in enumerate(degrees):
        picture = scene(deg, texture, shank=shank)
        turns.update(picture, pose(1.0 + i, deg, shank=shank))  # the first after a jump counts as smeared
        found.append(turns.update(picture, pose(1.5 + i, deg, shank=shank))[1])
    return found


@pytest.mark.parametrize("texture", [0.0, 20.0], ids=["plain", "patterned"])
@pytest.mark.parametrize("shank", [60.0, 120.0, 220.0])
def test_the_picture_gives_the_turn_that_the_landmarks_flatten(texture: float, shank: float) -> None:
    degrees = [-25.0, -12.0, 10.0, 20.0, 38.0]
    assert watch(degrees, texture, shank) == pytest.approx(degrees, abs=2.5 if texture == 0 else 1.5)


def test_rest_is_zero_and_a_foot_never_at_rest_is_not_measured() -> None:
    turns, picture = FootTurns(), scene(0, 20.0)
    found = [turns.update(picture, pose(i / 30, 0))[1] for i in range(15)]
    assert isnan(found[0])
    assert {v for v in found if isfinite(v)} == {0.0}
    restless = FootTurns()
    assert all(isnan(restless.update(picture, pose(i / 30, 4.0 * i))[1]) for i in range(20))


def test_the_far_foot_is_not_measured() -> None:
    turns, picture = FootTurns(), scene(0, 20.0)
    assert all(isnan(turns.update(picture, pose(i / 30, 0))[0]) for i in range(15))


def test_a_foot_that_the_picture_does_not_show_is_not_invented() -> None:
    turns = rested()
    noise = np.random.default_rng(3).integers(0, 255, (*SIZE[::-1], 3)).astype(np.uint8)
    hidden = np.full((*SIZE[::-1], 3), 90, np.uint8)
    pictures = (noise, noise, hidden, hidden)
    assert all(isnan(turns.update(p, pose(1 + i, -20))[1]) for i, p in enumerate(pictures))


def test_a_cut_goes_to_another_process_without_its_frame() -> None:
    cut, _ = FootCutter().update(scene(0, 20.0), pose(0, 0))
    assert cut
    sent = pickle.dumps(cut)
    assert len(sent) < 1.1 * cut.pixels.nbytes
    assert np.array_equal(pickle.loads(sent).pixels, cut.pixels)


def test_half_out_of_the_picture_is_not_measured() -> None:
    ankle = np.array([630.0, 300.0])
    picture = scene(0, 20.0, ankle)
    turns = FootTurns()
    assert all(isnan(turns.update(picture, pose(i / 30, 0, ankle))[1]) for i in range(15))


def test_whoever_moves_elsewhere_rests_anew() -> None:
    turns, elsewhere = rested(), ANKLE - (150, 20)
    resting, turned_picture = scene(0, 20.0, elsewhere), scene(25, 20.0, elsewhere)
    for i in range(15):
        turns.update(resting, pose(2 + i / 30, 0, elsewhere))
    turns.update(turned_picture, pose(4, 25, elsewhere))
    assert turns.update(turned_picture, pose(5, 25, elsewhere))[1] == pytest.approx(25, abs=1.5)


def test_looks_only_a_few_times_a_second_and_less_once_it_knows() -> None:
    turns, picture = rested(), scene(10, 20.0)
    looked = [isfinite(turns.update(picture, pose(1 + i / 30, 10))[1]) for i in range(300)]
    assert sum(looked[:30]) <= 6
    assert sum(looked[150:]) <= 2


def rested(texture: float = 20.0) -> FootTurns:
    turns, picture = FootTurns(), scene(0, texture)
    for step in range(15):
        turns.update(picture, pose(step / 30, 0))
    return turns

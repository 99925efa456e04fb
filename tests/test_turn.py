"""How far a drawn foot has turned, found in the picture while its landmarks flatten the turn."""

import pickle
from dataclasses import replace
from itertools import chain
from math import isfinite, isinf, isnan, nan

import numpy as np
import pytest
from drawn_foot import ANKLE, KNOTS, SIZE, pose, scene
from hypothesis import given, settings
from hypothesis import strategies as st

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


PLACES = st.tuples(st.floats(0, SIZE[0] - 1), st.floats(0, SIZE[1] - 1))


@given(places=st.lists(PLACES, min_size=4, max_size=4), plain=st.booleans(), seed=st.integers(0, 9))
@settings(max_examples=150, deadline=None)
def test_a_foot_that_lies_in_the_picture_as_no_foot_does_never_crashes(
    places: list[tuple[float, float]], plain: bool, seed: int
) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (*SIZE[::-1], 3)).astype(np.uint8)
    picture = np.full_like(noise, 90) if plain else noise
    turns, points = FootTurns(), np.full((33, 2), nan)
    points[[25, 27, 29, 31]] = points[[26, 28, 30, 32]] = places
    for step in range(30):
        turn_deg = turns.update(picture, replace(pose(step / 30, 0), points_px=points + step / 20))
        assert not any(map(isinf, turn_deg))


def test_a_foot_whose_toes_lie_above_its_ankle_is_not_measured() -> None:
    turns, picture, points = FootTurns(), scene(0, 20.0), np.full((33, 2), nan)
    from_above = KNOTS.copy()
    from_above[2:] = (-0.2, -0.1), (0.4, -0.4)
    points[[25, 27, 29, 31]] = points[[26, 28, 30, 32]] = from_above * 120 + ANKLE
    found = [turns.update(picture, replace(pose(i / 30, 0), points_px=points)) for i in range(30)]
    assert all(map(isnan, chain(*found)))


def rested(texture: float = 20.0) -> FootTurns:
    turns, picture = FootTurns(), scene(0, texture)
    for step in range(15):
        turns.update(picture, pose(step / 30, 0))
    return turns

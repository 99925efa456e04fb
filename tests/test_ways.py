"""In how many ways drawn flows move."""

from collections.abc import Sequence

import numpy as np
import pytest

from posecount.flow import Grid
from posecount.ways import Ways

FPS = 30
SHAPE = (60, 80, 2)
RNG = np.random.default_rng(3)
PATTERNS = [RNG.normal(0, 1, (10, 14, 2)).repeat(6, axis=0).repeat(6, axis=1)[:60, :80] for _ in range(4)]
Turn = tuple[int, float]  # which pattern, and how far behind the first, in cycles


def flow(time_s: float, turns: Sequence[Turn], noise: float = 0.0) -> Grid:
    waves = [np.cos(2 * np.pi * (time_s - behind)) for _, behind in turns]
    moved = sum(wave * PATTERNS[n] for wave, (n, _) in zip(waves, turns, strict=True))
    return np.asarray(moved + RNG.normal(0, noise + 1e-9, SHAPE), np.float32)


def told(turns: Sequence[Turn], at_edge: float = 0.1, noise: float = 0.0) -> Ways:
    ways = Ways()
    for n in range(4 * FPS):
        one = flow(n / FPS, turns, noise)
        ways.update(n / FPS, (one, one), np.ones(SHAPE[:2], np.float32), at_edge, quick=True)
    return ways


RAISE: list[Turn] = [(0, 0.0)]
IN_TURN: list[Turn] = [(0, 0.0), (1, 0.25)]


def mixed(time_s: float) -> Grid:
    """As of a leg: four patterns, each at a pace of its own."""
    waves = [np.cos(2 * np.pi * pace * time_s) for pace in (0.7, 1.0, 1.4, 1.9)]
    return np.asarray(sum(w * p for w, p in zip(waves, PATTERNS, strict=True)), np.float32)


@pytest.mark.parametrize("turns", [RAISE, IN_TURN], ids=["one", "two in turn"])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_a_foot_or_two_have_few_ways_to_go(turns: list[Turn], noise: float) -> None:
    assert not told(turns, noise=noise).several


@pytest.mark.parametrize(
    "at_edge, quick, several", [(0.1, True, True), (0.0, True, False), (0.1, False, False)]
)
def test_a_leg_that_steps_has_several_where_it_comes_in(at_edge: float, quick: bool, several: bool) -> None:
    ways = Ways()
    for n in range(4 * FPS):
        ways.update(n / FPS, (mixed(n / FPS),) * 2, np.ones(SHAPE[:2], np.float32), at_edge, quick)
    assert ways.several is several


def test_the_noise_of_a_rest_says_nothing() -> None:
    ways = told(RAISE)
    for n in range(4 * FPS, 9 * FPS):
        noise = RNG.normal(0, 0.3, SHAPE).astype(np.float32)
        ways.update(n / FPS, (noise, noise), np.ones(SHAPE[:2], np.float32), 0.1, quick=True)
    assert not ways.several


@pytest.mark.parametrize("after", [0.05, 0.0], ids=["raises much weaker", "nothing"])
def test_who_has_walked_in_does_not_step_for_ever(after: float) -> None:
    ways, weights = Ways(), np.ones(SHAPE[:2], np.float32)
    for n in range(4 * FPS):
        ways.update(n / FPS, (mixed(n / FPS),) * 2, weights, 0.1, quick=True)
    assert ways.several
    for n in range(4 * FPS, 6 * FPS):
        if after:
            one = np.float32(after) * flow(n / FPS, RAISE)
            ways.update(n / FPS, (one, one), weights, 0.1, quick=True)
        else:
            ways.rest(n / FPS)
    for n in range(6 * FPS, 9 * FPS):
        one = np.float32(after) * flow(n / FPS, RAISE)
        ways.update(n / FPS, (one, one), weights, 0.1, quick=True)
    assert not ways.several


def test_what_does_not_stir_is_left_out() -> None:
    ways, stirs = Ways(), np.zeros(SHAPE[:2], np.float32)
    stirs[:30] = 1.0
    for n in range(4 * FPS):
        one = np.where(stirs[..., None] > 0, flow(n / FPS, RAISE), mixed(n / FPS)).astype(np.float32)
        ways.update(n / FPS, (one, one), stirs, 0.1, quick=True)
    assert not ways.several

"""Legs that are there keep the length of their shanks; those the network makes up do not."""

import numpy as np
import pytest
from people import film

from posecount.network import Points
from posecount.steadiness import Steadiness


def judged(
    wander: float, knees: tuple[int, ...] = (25, 26), fps: float = 30.0, move: float = 0.0, heat: float = 0.8
) -> list[bool]:
    """Someone who pumps, with knees that wander by so much of a shank, seen `move` larger each second."""
    steadiness, rng, found = Steadiness(), np.random.default_rng(3), []
    for pose in film(lambda t: 15 * np.sin(np.pi * t), seconds=6.0, fps=fps, noise_px=0.0):
        points = pose.points_px * (1 + move * pose.time_s)
        shank_px = np.hypot(*(points[25] - points[27]))
        for knee in knees:
            points[knee] += rng.normal(0, wander * shank_px, 2)
        found.append(steadiness.update(pose.time_s, points, heat))
    return found


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_real_legs_are_believed_and_invented_ones_soon_are_not(fps: float) -> None:
    real, invented = judged(0.006, fps=fps), judged(0.08, fps=fps)
    assert all(real)
    assert invented[0] and not any(invented[round(1.5 * fps) :])


def test_who_comes_nearer_is_believed() -> None:
    assert all(judged(0.005, move=0.3))


def test_one_shank_that_keeps_its_length_is_enough() -> None:
    assert all(judged(0.08, knees=(25,)))


def test_legs_of_which_the_network_is_not_sure_are_not_believed() -> None:
    assert all(judged(0.004, heat=0.67))
    assert not judged(0.004, heat=0.65)[-1]


@pytest.mark.parametrize("first, then, believed", [(0.8, 0.65, True), (0.8, 0.6, False), (0.65, 0.65, False)])
def test_legs_that_were_firm_may_be_a_little_colder(first: float, then: float, believed: bool) -> None:
    steadiness, rng = Steadiness(), np.random.default_rng(3)
    for n in range(600):
        last = steadiness.update(n / 30, trembling(rng, 0.3), first if n < 120 else then)
    assert last == believed


def test_legs_that_are_hot_may_tremble_more() -> None:
    assert all(judged(0.045, heat=0.85))
    assert not judged(0.045, heat=0.78)[-1]
    assert not judged(0.08, heat=0.85)[-1]


@pytest.mark.parametrize(
    "first, then, believed", [(0.85, 0.79, True), (0.85, 0.75, False), (0.79, 0.79, False)]
)
def test_legs_that_were_hot_may_cool_down_a_little(first: float, then: float, believed: bool) -> None:
    steadiness, rng = Steadiness(), np.random.default_rng(3)
    for n in range(600):
        last = steadiness.update(n / 30, trembling(rng, 3.6), first if n < 120 else then)
    assert last == believed


def trembling(rng: np.random.Generator, px: float) -> Points:
    points = np.zeros((33, 2))
    points[[27, 28]] = 0.0, 100.0
    points[[25, 26]] = rng.normal(0, px, (2, 2))
    return points


def test_new_legs_after_a_gap_are_given_time() -> None:
    steadiness, rng = Steadiness(), np.random.default_rng(3)
    for n in range(60):
        last = steadiness.update(n / 30, trembling(rng, 8.0), 0.8)
    assert not last
    assert steadiness.update(60 / 30 + 0.5, trembling(rng, 8.0), 0.8)


def test_legs_that_were_firm_are_believed_for_longer() -> None:
    known, new, rng = Steadiness(), Steadiness(), np.random.default_rng(3)
    for n in range(240):
        points = trembling(rng, 0.3 if n < 120 else 4.0)
        firm = known.update(n / 30, points, 0.8)
        fresh = new.update(n / 30, points, 0.8) if n >= 120 else True
    assert firm and not fresh


@pytest.mark.parametrize("another", [True, False])
def test_of_another_network_the_heat_counts_anew(another: bool) -> None:
    """A run-up's scout is colder: legs that the follower finds hot may tremble as such at once."""
    steadiness, rng = Steadiness(), np.random.default_rng(3)
    for n in range(75):
        if n == 30 and another:
            steadiness.by_another()
        last = steadiness.update(n / 30, trembling(rng, 1.0 if n < 30 else 3.6), 0.68 if n < 30 else 0.84)
    assert last == another

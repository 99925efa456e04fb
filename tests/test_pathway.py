"""How far something has come, from speeds at moments that need not be even."""

import numpy as np
import pytest

from posecount.pathway import Pathway


def walked(times_s: np.ndarray, asked_s: np.ndarray) -> np.ndarray:
    """Where a swing of 1 Hz to the right, and an even way down, is said to be."""
    pathway = Pathway()
    for at in times_s:
        pathway.add(at, (2 * np.pi * np.cos(2 * np.pi * at), 3.0))
    return np.array([pathway.at(at) for at in asked_s])


@pytest.mark.parametrize("steps", [(1,), (1, 2), (1, 1, 1, 3), (2, 1, 3)])
def test_it_is_the_same_way_however_uneven_the_moments(steps: tuple[int, ...]) -> None:
    times = np.cumsum(np.resize(steps, 100)) / 30
    times, asked = times[times < 3.0], np.arange(0.5, 2.5, 0.013)
    way = walked(times, asked) - walked(times, asked[:1])
    assert way[:, 0] == pytest.approx(np.sin(2 * np.pi * asked) - np.sin(2 * np.pi * asked[0]), abs=0.05)
    assert way[:, 1] == pytest.approx(3.0 * (asked - asked[0]), abs=0.01)


def test_it_reaches_as_far_as_two_places_further_on_are_known() -> None:
    pathway = Pathway()
    told = []
    for n in range(6):
        pathway.add(float(n), (1.0, 0.0))
        told.append(pathway.reaches(1.5))
    assert told == [False, False, False, True, True, True]


def test_moments_that_do_not_come_later_change_nothing() -> None:
    pathway = Pathway()
    for at, speed in ((0.0, 1.0), (1.0, 1.0), (0.5, 99.0), (1.0, 99.0), (2.0, 1.0), (3.0, 1.0)):
        pathway.add(at, (speed, 0.0))
    assert -pathway.at(0.6)[0] + pathway.at(2.4)[0] == pytest.approx(1.8, abs=0.01)


def test_nothing_known_is_nowhere() -> None:
    assert Pathway().at(1.0).tolist() == [0.0, 0.0]

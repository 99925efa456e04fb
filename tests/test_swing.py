"""Legs that kick and legs that do not."""

from collections.abc import Callable

import numpy as np
import pytest

from posecount.swing import WINDOW_S, Swing

FPS, SIZE_PX = 15, (400, 300)
Motion = Callable[[float], float]


def swung(
    right_deg: Motion, seconds: float = 4.0, seen: Callable[[float], bool] | None = None, knee_y: float = 50.0
) -> list[bool]:
    """Whether it swings after each frame; `right_deg` is where the right shank points, the left one hangs."""
    swing, told = Swing(), []
    for n in range(round(seconds * FPS)):
        at = n / FPS
        points = np.zeros((33, 2))
        points[[25, 26]] = 200, knee_y
        points[27] = 200, knee_y + 100
        points[28] = points[26] + 100 * np.array(
            [np.sin(np.radians(right_deg(at))), np.cos(np.radians(right_deg(at)))]
        )
        swing.update(at, points if seen is None or seen(at) else None, SIZE_PX)
        told.append(swing.swings)
    return told


@pytest.mark.parametrize("deg, swings", [(0, False), (15, False), (30, True), (65, True)])
def test_a_kick_swings_and_a_heel_raise_does_not(deg: float, swings: bool) -> None:
    assert any(swung(lambda at: deg * np.sin(3 * at) / 2)) == swings


def test_it_is_over_two_seconds_after_the_last_kick() -> None:
    told = swung(lambda at: 60 * np.sin(np.pi * min(at, 1.0)), seconds=6)
    last_s = max(n for n, each in enumerate(told) if each) / FPS
    assert 1 < last_s < 1 + WINDOW_S


def test_legs_that_were_lost_begin_anew() -> None:
    assert not any(swung(lambda at: 0.0 if at < 2 else 50.0, seen=lambda at: not 1.8 < at < 2.2))


def test_a_knee_beyond_the_edge_is_guessed_and_says_nothing() -> None:
    assert not any(swung(lambda at: 60 * np.sin(3 * at), knee_y=-5.0))

"""Where hips are taken to be that the picture does not show."""

import numpy as np
import pytest
from people import pose

from posecount.hips import GAP_S, Hips
from posecount.leg_look import THIGH_SHANKS, Look
from posecount.network import Found, Points, Region

HIPS, KNEES, ANKLES = [23, 24], [25, 26], [27, 28]
SIZE_PX = (2000, 2000)
FPS = 30


def standing(knees_px: float = 0.0, ankles_px: float = 0.0, hips_px: float = 0.0) -> Points:
    """(33, 2): somebody upright, with joints moved downwards."""
    points_px = pose(0.0, 0.0, 0.0, standing=True).points_px.copy()
    for joints, down_px in ((HIPS, hips_px), (KNEES, knees_px), (ANKLES, ankles_px)):
        points_px[joints, 1] += down_px
    return points_px


def seen(points_px: Points) -> Look:
    found = Found(np.vstack([points_px, np.zeros((6, 2))]), np.ones(39), np.ones(39), 1.0)
    return Look(Region(0.0, 0.0, 1000.0), "left", found)


def lifted(points_px: Points, edge_px: float) -> Points:
    """The same so much higher that the picture's upper edge is `edge_px` below the hips."""
    return points_px - (0.0, points_px[HIPS, 1].max() + edge_px)


def test_hips_in_the_picture_stay_as_they_were_found() -> None:
    hips, points_px = Hips(), standing()
    for n in range(5):
        moved = points_px + np.array([0.0, 10.0 * n])
        assert hips.update(seen(moved), SIZE_PX, n / FPS)[HIPS] == pytest.approx(moved[HIPS], abs=1e-6)


@pytest.mark.parametrize("joint", ["hips_px", "ankles_px"])
def test_hips_beyond_the_edge_move_as_their_knees_do_though_others_tremble(joint: str) -> None:
    hips, rng, ways = Hips(), np.random.default_rng(1), []
    for n in range(60):
        points_px = lifted(standing(), 40.0) + (standing(**{joint: float(rng.normal(0, 6))}) - standing())
        points_px -= (0.0, 10.0 * (n // 30))
        found = hips.update(seen(points_px), SIZE_PX, n / FPS)
        ways.append(found[HIPS, 1] - found[KNEES, 1])
    assert np.std(ways[5:], axis=0).max() < 3.0, "half of what the others do"


def test_a_hidden_thigh_is_as_long_as_the_shank_makes_it() -> None:
    points_px = lifted(standing(), 40.0)
    found = Hips().update(seen(points_px), SIZE_PX, 0.0)
    shank_px = points_px[27, 1] - points_px[25, 1]
    assert found[25, 1] - found[23, 1] == pytest.approx(THIGH_SHANKS * shank_px, rel=0.01)


def test_after_a_gap_hips_are_found_anew() -> None:
    hips = Hips()
    first, second = lifted(standing(), 40.0), lifted(standing(ankles_px=60.0), 40.0)
    hips.update(seen(first), SIZE_PX, 0.0)
    found = hips.update(seen(second), SIZE_PX, GAP_S + 0.1)
    assert found == pytest.approx(Hips().update(seen(second), SIZE_PX, 0.0), nan_ok=True)

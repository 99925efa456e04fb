"""How far a drawn foot turns from frame to frame, whatever its landmarks say."""

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest
from drawn_foot import SIZE, pose, scene

from posecount.foot_flow import FootFlow
from posecount.types import Pose


def steps(degrees: list[float], texture: float, shank: float, trembling_px: float = 0.0) -> list[float]:
    """Of the right foot, 30 pictures a second; its landmarks keep three quarters of a turn."""
    flow, rng, found = FootFlow(), np.random.default_rng(5), []
    for n, deg in enumerate(degrees):
        seen = pose(n / 30, deg, shank=shank)
        seen = replace(seen, points_px=seen.points_px + rng.normal(0, trembling_px, (33, 2)))
        found.append(flow.update(scene(deg, texture, shank=shank), seen)[1])
    return found


@pytest.mark.parametrize(("texture", "off_deg"), [(0.0, 3.5), (20.0, 1.0)], ids=["plain", "patterned"])
@pytest.mark.parametrize("shank", [60.0, 120.0, 220.0])
def test_pixels_tell_each_step(texture: float, off_deg: float, shank: float) -> None:
    degrees = [*np.linspace(0, -30, 12), *np.linspace(-28, 5, 9)]
    found = np.array(steps(degrees, texture, shank))
    told = np.isfinite(found)
    assert not told[0] and told[1:].mean() >= 0.9
    assert found[told] == pytest.approx(np.diff(degrees, prepend=0)[told], abs=off_deg)


def test_landmarks_that_tremble_do_not_matter() -> None:
    degrees = list(np.linspace(0, -30, 12))
    found = steps(degrees, 20.0, 120.0, trembling_px=2.0)
    assert found[1:] == pytest.approx(np.diff(degrees), abs=0.8)


def test_nothing_is_said_after_a_gap_nor_of_what_is_not_seen() -> None:
    flow, still = FootFlow(), scene(0, 20.0)
    nobody = Pose(0.1, SIZE, np.full((33, 2), nan), np.ones(33))
    assert isnan(flow.update(still, pose(0.0, 0))[1])
    assert flow.update(still, pose(0.05, 0))[1] == 0.0
    assert isnan(flow.update(still, nobody)[1])
    assert isnan(flow.update(still, pose(0.15, 0))[1])
    assert isnan(flow.update(still, pose(0.4, 0))[1])
    plain = np.full_like(still, 90)
    assert all(isnan(flow.update(plain, pose(0.4 + n / 30, 0))[1]) for n in range(1, 4))


def test_a_camera_that_changes_its_picture_begins_anew() -> None:
    flow, still = FootFlow(), scene(0, 20.0)
    small = np.ascontiguousarray(still[:200, :150])  # the foot is beyond it
    found = [
        flow.update(each, pose(n / 30, 0))[1] for n, each in enumerate((still, small, small, still, still))
    ]
    assert [isnan(each) for each in found] == [True, True, True, True, False]

"""When the ankle's angle is told of a leg."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from people import noisy, pumps, stand

from posecount.session import Session
from posecount.types import Pose

FPS, LEG_PX, WALKS_S = 30, 230.0, 3.0


def walks_in(speed_legs: float, body: bool) -> Iterator[Pose]:
    """Across the picture for three seconds, ankles moving as they do in steps; then at rest."""
    swings, _ = pumps(6, low=-15, high=15, move_s=0.3, pause_s=0.0, rest_s=0.0)
    for at_s in np.arange(0, 6, 1 / FPS).tolist():
        angle = swings(at_s) if at_s < WALKS_S else 0.0
        pose = stand(at_s, angle, angle)
        points = pose.points_px.copy()
        points[:, 0] += speed_legs * LEG_PX * (min(at_s, WALKS_S) - WALKS_S)
        if not body:
            points[:23] = np.nan
        yield replace(pose, points_px=points, framing="whole" if body else "legs")


def known(poses: Iterator[Pose]) -> Callable[[float, float], float]:
    """How much of the left ankle's angle is told between two times."""
    session = Session()
    for pose in noisy(poses):
        session.update(pose)
    session.finish()
    angles = session.summary().angles

    def share(start_s: float, end_s: float) -> float:
        inside = (angles.time_s >= start_s) & (angles.time_s < end_s)
        return float(np.isfinite(angles.left_ankle_deg[inside]).mean())

    return share


@pytest.mark.parametrize(
    "speed_legs, body, told",
    [
        pytest.param(1.0, False, False, id="legs that walk"),
        pytest.param(0.05, False, True, id="legs that sway"),
        pytest.param(1.0, True, True, id="a body that walks"),
    ],
)
def test_legs_without_a_body_tell_no_angle_while_they_walk(speed_legs: float, body: bool, told: bool) -> None:
    share = known(walks_in(speed_legs, body))
    walking = share(0.3, WALKS_S)
    assert walking > 0.7 if told else walking == 0
    assert share(WALKS_S + 1.1, 6.0) == 1.0

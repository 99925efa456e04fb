"""What a camera that looks down, or a leg that lies, leaves of a foot's turn."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest
from people import RIGHT, film, pumps

from posecount.foot_range import FootRange
from posecount.foreshortening import HIGHEST, LYING, kept
from posecount.session import Session


def test_the_higher_the_camera_the_less_is_seen() -> None:
    shares = [kept(True, 5.0, above) for above in (-0.1, 0.0, 0.1, 0.2, HIGHEST, 0.9)]
    assert shares[0] == shares[1] > shares[2] > shares[3] > shares[4] == shares[5] > 0.7


def test_a_leg_that_lies_is_seen_alike_from_wherever() -> None:
    assert {kept(False, 80.0, above) for above in (0.0, 0.2)} == {LYING}
    assert kept(False, 20.0, 0.0) != LYING


def test_without_a_body_more_is_seen_of_who_stands_and_less_of_who_sits() -> None:
    assert kept(True, 5.0, 0.1, alone=True) > kept(True, 5.0, 0.1)
    assert kept(False, 20.0, 0.1, alone=True) < kept(False, 20.0, 0.1)
    assert kept(False, 80.0, 0.1, alone=True) == LYING


@pytest.mark.parametrize("share", [0.8, 1.2])
def test_a_turn_that_is_seen_in_part_is_as_much_larger(share: float) -> None:
    ranges = []
    for seen in (1.0, share):
        foot = FootRange()
        for turn in [0.0, *np.linspace(-30, 10, 40).tolist()]:
            foot.learn(turn, 1.1 * turn, kept=seen)
        ends = np.array([-30.0, 10.0])
        ranges.append(np.ptp(foot.curve.ankle_degs(ends, np.ones(2), ends)))
    assert ranges[1] == pytest.approx(ranges[0] / share, rel=1e-6)


def test_the_same_movement_is_a_larger_one_when_seen_from_above() -> None:
    movement, seconds = pumps(3)

    def widest_deg(above_px: float) -> float:
        """With the farther leg so much higher in the picture."""
        session = Session()
        for pose in film(movement, seconds=seconds):
            pose.points_px[list(RIGHT), 1] -= above_px
            session.update(replace(pose, turn_deg=(movement(pose.time_s), nan)))
        session.finish()
        return max(rep.range_deg for rep in session.summary().reps)

    assert widest_deg(50.0) > 1.1 * widest_deg(0.0)

"""Several landmarkers look at one camera in turn: whom they follow, and which of them does so alone."""

from dataclasses import replace

import numpy as np
import pytest

from posecount.live.agreement import FEET_S, GONE_S, Agreement
from tests.live_poses import recorded

ONE, OTHER, THIRD = object(), object(), object()
SOMEBODY = recorded()[0]


def whole(time_s):
    return replace(SOMEBODY, time_s=time_s)


def legs(time_s):
    return replace(SOMEBODY, time_s=time_s, framing="legs")


def feet(time_s):
    return replace(
        SOMEBODY, time_s=time_s, points_px=np.full((33, 2), np.nan), framing="feet", moved=(1.0, 0.0)
    )


def nobody(time_s):
    return replace(feet(time_s), framing="whole", moved=(np.nan, np.nan))


def heard(agreement, *turns):
    return [agreement.holds(lane, pose) for lane, pose in turns]


def test_feet_are_heard_by_one_lane_alone():
    agreement = Agreement()
    assert heard(agreement, (ONE, nobody(0.0)), (OTHER, nobody(0.1)), (ONE, feet(0.2))) == [True, True, True]
    assert agreement.alone is ONE
    assert heard(agreement, (OTHER, feet(0.3)), (ONE, feet(0.4)), (OTHER, legs(0.5))) == [False, True, False]


def test_legs_are_followed_by_one_lane_alone_and_feet_after_them():
    agreement = Agreement()
    assert heard(agreement, (ONE, legs(0.0)), (OTHER, legs(0.1)), (ONE, legs(0.2))) == [True, False, True]
    assert heard(agreement, (ONE, feet(0.3)), (OTHER, feet(0.4)), (ONE, legs(0.5))) == [True, False, True]
    assert agreement.alone is ONE


def test_one_lane_that_sees_a_part_is_outvoted_by_those_that_see_all() -> None:
    agreement = Agreement()
    heard(agreement, (ONE, whole(0.0)), (OTHER, whole(0.03)))
    assert heard(agreement, (THIRD, legs(0.07)), (ONE, whole(0.1)), (OTHER, whole(0.13))) == [
        False,
        True,
        True,
    ]
    assert agreement.alone is None


@pytest.mark.parametrize("part", [legs, feet])
def test_one_lane_that_takes_a_part_for_a_body_is_outvoted_as_well(part) -> None:
    agreement = Agreement()
    for n in range(10):
        (whole_holds,) = heard(agreement, (ONE, whole(n / 10)))
        parts = [(OTHER, part(n / 10 + 0.03)), (THIRD, part(n / 10 + 0.07))]
        heard(agreement, *parts)
    assert not whole_holds
    heard(agreement, *[(lane, replace(each, time_s=1.1 + each.time_s)) for lane, each in parts])
    assert agreement.alone is OTHER


def test_who_is_whole_again_is_everybodys_but_no_lane_goes_back_to_feet_at_once():
    agreement = Agreement()
    heard(agreement, (ONE, legs(0.0)), (ONE, whole(0.1)))
    assert agreement.alone is None
    assert heard(agreement, (OTHER, feet(0.2)), (ONE, whole(0.3)), (OTHER, feet(0.4))) == [False, True, False]
    assert heard(agreement, (OTHER, feet(0.4 + FEET_S))) == [True]
    assert agreement.alone is OTHER


@pytest.mark.parametrize("blinks_s, alone", [(0.5 * GONE_S, True), (1.1 * GONE_S, False)])
@pytest.mark.parametrize("part", ["legs", "feet"])
def test_a_detector_that_blinks_has_lost_neither_legs_nor_feet(part, blinks_s, alone):
    agreement = Agreement()
    heard(agreement, (ONE, legs(0.0) if part == "legs" else feet(0.0)), (ONE, nobody(blinks_s)))
    assert (agreement.alone is ONE) is alone


def test_who_jumps_is_someone_else():
    agreement, leg = Agreement(), np.ptp(SOMEBODY.points_px[[23, 27], 1])
    aside = replace(SOMEBODY, points_px=SOMEBODY.points_px + np.array((leg, 0.0)))
    assert heard(agreement, (ONE, SOMEBODY), (OTHER, replace(aside, time_s=0.1))) == [True, False]
    assert heard(agreement, (OTHER, replace(aside, time_s=1.0))) == [True], "by then anyone may have come"

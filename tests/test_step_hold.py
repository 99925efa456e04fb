"""A stretch that somebody is already in when first seen: stick people, and landmarks of a real person."""

from collections.abc import Iterator

import numpy as np
import pytest
from people import LEFT, RIGHT, SIZE_PX, Floats, noisy, turn
from test_recordings import run

from posecount.session import Session
from posecount.types import Hold, Pose

UNIT, GROUND = 120.0, 640.0


def knee(hip: Floats, ankle: Floats) -> Floats:
    """In front of the line from hip to ankle: somebody who faces -x."""
    thigh, shank, away = 0.95 * UNIT, UNIT, ankle - hip
    length = min(float(np.hypot(*away)), thigh + shank - 1e-6)
    bend = np.arccos((thigh**2 + length**2 - shank**2) / (2 * thigh * length))
    ways = [np.arctan2(away[1], away[0]) + sign * bend for sign in (-1, 1)]
    return min(
        (hip + thigh * np.array([np.cos(way), np.sin(way)]) for way in ways), key=lambda at: float(at[0])
    )


def at_the_wall(time_s: float, step: float) -> Pose:
    """From standing (0) to a long step before a wall (1), the left leg behind."""
    hip = np.array([600 + 0.1 * step * UNIT, GROUND - 6 - 2.1 * UNIT + 0.25 * step * UNIT])
    points = np.zeros((33, 2))
    for side, ankle_x in ((LEFT, 600 + 1.05 * step * UNIT), (RIGHT, 594.0)):
        ankle = np.array([ankle_x, GROUND - 0.16 * UNIT - 6])
        heel, toe = ([ankle_x + x * UNIT, GROUND - 4] for x in (0.12, -0.42))
        points[list(side)] = [hip, knee(hip, ankle), ankle, heel, toe]
    points[[11, 12]], points[[7, 8]] = hip - turn(1.35 * UNIT, 12), hip - turn(1.7 * UNIT, 12)
    points[0] = points[7] - [20, -5]
    return Pose(time_s, SIZE_PX, points, np.ones(33))


def film(stands_s: float, holds_s: float, away_s: float) -> Iterator[Pose]:
    """Someone who stands, stretches, and steps away; into the stretch and out of it takes a second."""
    times = [0.0, stands_s, stands_s + 1, stands_s + 1 + holds_s, stands_s + 2 + holds_s]
    steps = [0.0, 0.0, 1.0, 1.0, 0.0] if stands_s else [1.0, 1.0, 1.0, 1.0, 0.0]
    for at_s in np.arange(0, times[-1] + away_s, 1 / 30):
        yield at_the_wall(float(at_s), float(np.interp(at_s, times, steps)))


def holds(poses: Iterator[Pose]) -> list[Hold]:
    session = Session("calf-stretch")
    for pose in noisy(poses):
        session.update(pose)
    session.finish()
    return list(session.summary().holds)


@pytest.mark.parametrize("away_s", [0.0, 3.0])
def test_who_is_in_the_stretch_from_the_beginning_is_found(away_s: float) -> None:
    (hold,) = holds(film(0.0, 12.0, away_s))
    assert (hold.muscle, hold.quality) == ("gastrocnemius", "steady")
    assert hold.start_s < 1 and hold.end_s == pytest.approx(13.0, abs=0.7)


def test_who_steps_into_it_is_found_once() -> None:
    (hold,) = holds(film(3.0, 12.0, 3.0))
    assert hold.start_s == pytest.approx(4.0, abs=0.5) and hold.end_s == pytest.approx(16.0, abs=0.5)


def test_a_short_one_is_none() -> None:
    assert holds(film(0.0, 1.0, 3.0)) == []


def test_the_ring_fills_meanwhile() -> None:
    session, seen = Session("calf-stretch", "left"), []
    for pose in noisy(film(0.0, 8.0, 0.0)):
        session.update(pose)
        seen.append(session.state.legs["left"].hold_s)
    assert max(seen) == pytest.approx(9.0, abs=0.7)


def test_a_real_person_in_a_lunge_stretch() -> None:
    """Still until 4 s, then three lean-ins of a second each, which are no holds."""
    (hold,) = run("lunge_calf_stretch").holds
    assert (hold.side, hold.muscle) == ("left", "gastrocnemius")
    assert hold.start_s < 1 and hold.end_s == pytest.approx(4.0, abs=0.5)

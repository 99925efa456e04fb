"""How much of a person is in view: bodies that cannot be true, trunks cut off, thighs at the edge."""

from dataclasses import replace

import numpy as np
import pytest
from people import film, pumps
from test_recordings import poses

from posecount.analysis import counts
from posecount.framing import INVENTED, NOBODY, Judge, Trembling
from posecount.session import Session
from posecount.types import Pose

REAL = ["chair_pose", "heel_raise_step_side", "jog_on_the_spot", "jump_squats", "lunges", "squats"]


def trembling(name: str) -> list[float]:
    meter = Trembling()
    return [meter.update(each.time_s, each.points_px) for each in poses(name)]


def test_a_body_invented_around_bare_feet_is_refused() -> None:
    values = trembling("feet_only_false_body")
    assert np.mean([value >= INVENTED for value in values]) > 0.9
    session = Session()
    for each in poses("feet_only_false_body"):
        session.update(each)
    session.finish()
    found = session.summary()
    assert found.reps == () and found.holds == () and found.usable_fraction < 0.25
    assert "nobody" in [notice.code for notice in found.warnings]


@pytest.mark.parametrize("name", REAL)
def test_real_bodies_are_believed(name: str) -> None:
    assert max(trembling(name)) < INVENTED / 2


def legs_of(each: Pose) -> Pose:
    """What is found of the same person when the picture ends at the hips."""
    points = each.points_px.copy()
    points[:23] = np.nan
    return replace(each, points_px=points, framing="legs")


def test_legs_count_as_the_whole_body_does() -> None:
    movement, seconds = pumps(5)
    whole, legs = Session(), Session()
    for each in film(movement, seconds=seconds + 1):
        whole.update(each)
        legs.update(legs_of(each))
    for session in (whole, legs):
        session.finish()
    assert len(legs.summary().reps) == len(whole.summary().reps) == 5
    ranges = [[rep.range_deg for rep in session.summary().reps] for session in (whole, legs)]
    assert ranges[1] == pytest.approx(ranges[0], rel=0.02)
    assert (whole.summary().framing, legs.summary().framing, legs.state.framing) == ("whole", "legs", "legs")
    assert "legs-only" in [notice.code for notice in legs.summary().warnings]


def feet(time_s: float, moved: tuple[float, float]) -> Pose:
    unseen = np.full((33, 2), np.nan)
    return Pose(time_s, (640, 240), unseen, np.full(33, np.nan), framing="feet", moved=moved)


def test_feet_are_counted_by_movement_and_told() -> None:
    session = Session()
    for n in range(300):
        session.update(feet(n / 30, (0.0, 2.0 * np.sin(np.pi * n / 30))))
    session.finish()
    found = session.summary()
    assert len(found.reps) == pytest.approx(5, abs=1)
    assert all(rep.by_movement and np.isnan(rep.range_deg) for rep in found.reps)
    assert found.framing == session.state.framing == "feet" and found.exercise == "auto"
    assert [notice.code for notice in found.warnings] == ["feet-only"]
    assert not np.isfinite(found.angles.left_ankle_deg).any()


def test_nobody_is_told_where_nothing_moves() -> None:
    session = Session()
    for n in range(60):
        session.update(feet(n / 30, (0.0, 0.0)))
    assert [notice.code for notice in session.summary().warnings] == ["nobody"]


def test_what_only_stirs_is_said_to_be_nothing_that_counts() -> None:
    session, rng = Session(), np.random.default_rng(2)
    for n in range(300):
        session.update(feet(n / 30, (0.0, 4.0 * rng.normal()) if n % 240 < 60 else (0.0, 0.0)))
    session.finish()
    found = session.summary()
    assert found.reps == () and [notice.code for notice in found.warnings] == ["feet-unclear"]


def test_reps_of_feet_are_nobodys_and_in_the_order_of_their_times() -> None:
    session = Session()
    movement, seconds = pumps(6)
    whole = list(film(movement, movement, seconds=seconds))
    told_late = [feet(pose.time_s, (0.0, 2.0 * np.sin(np.pi * pose.time_s))) for pose in whole]
    for pose in [*told_late[:-60], *whole[-60:]]:
        session.update(pose)
    session.finish()
    starts = [rep.start_s for rep in session.summary().reps]
    assert starts == sorted(starts) and len(starts) > 2
    state = session.state
    assert state.feet.smooth + state.feet.jerky > 0
    assert counts(session.summary().reps)["total"] == state.count
    assert counts(session.summary().reps)["left"] == state.legs["left"].smooth < state.count


def test_a_judge_wants_more_of_a_body_after_a_time_without() -> None:
    fresh, wary = Judge(), Judge()
    assert fresh.verdict(0.8, 0.0, partial=False) == "sure"
    verdicts = [wary.verdict(0.8, n / 30, partial=True) for n in range(30)]
    assert verdicts[0] == "no" and verdicts[-1] == "sure"
    assert fresh.verdict(None, 0.1, partial=False) == "blinked"
    assert fresh.verdict(None, 0.5, partial=False) == "no"


def test_a_body_whose_shoulders_are_guessed_is_not_whole() -> None:
    judge, rng = Judge(), np.random.default_rng(1)
    guessed = [judge.verdict(rng.normal(0.28, 0.08), n / 30, partial=False) for n in range(60)]
    assert set(guessed) == {"no"}
    flickering = [judge.verdict(rng.normal(0.55, 0.15), 2 + n / 30, partial=False) for n in range(90)]
    assert set(flickering[30:]) == {"sure"}


def test_while_nobody_is_there_the_picture_is_searched_less_often() -> None:
    judge, asked = Judge(), []
    for n in range(60):
        asked.append(judge.asks(n / 30, following=False, searched=False))
        judge.verdict(None, n / 30, partial=False)
    assert all(asked[:NOBODY]) and 10 <= sum(asked[NOBODY:]) <= 17
    judge.verdict(0.8, 2.0, partial=False)
    assert all(judge.asks(2 + n / 30, following=False, searched=False) for n in range(5))

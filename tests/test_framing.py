"""How much of a person is in view: bodies that cannot be true, trunks cut off, thighs at the edge."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from people import film, pose, pumps
from test_recordings import poses

from posecount.framing import INVENTED, NOBODY, RISES_S, Judge, KneesInView, Trembling, thigh_in_view
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


@pytest.mark.parametrize("edge_y, share", [(100, 1.0), (330, 0.95), (396, 0.5), (460, 0.0), (500, 0.0)])
def test_the_thigh_in_view(edge_y: float, share: float) -> None:
    whole = pose(0.0, 0.0, 0.0, standing=True)  # hips at 330, knees at 463
    points = whole.points_px - (0, edge_y)
    assert thigh_in_view(points, (1280, 600)) == pytest.approx(share, abs=0.08)


def test_knees_come_and_go_without_flicker() -> None:
    whole, rng, knees = pose(0.0, 0.0, 0.0, standing=True), np.random.default_rng(1), KneesInView()
    answers = []
    for n in range(120):
        points = whole.points_px - (0, 411 + rng.normal(0, 8))  # two fifths of the thigh in view
        answers.append(knees.update(replace(whole, time_s=n / 30, points_px=points), firm=False))
    assert sum(one != other for one, other in pairwise(answers)) <= 1


def test_knees_of_who_is_seated_at_the_edge_are_given_up_even_if_they_are_surely_there() -> None:
    seated, knees = pose(0.0, 0.0, 0.0, standing=False), KneesInView()
    points = seated.points_px.copy()
    points[[23, 24], 0] = points[[25, 26], 0] + 3  # faces the camera: hips behind the knees
    knee_y = points[25, 1]

    def update(time_s: float, edge_y: float) -> bool:
        at = replace(seated, time_s=time_s, points_px=points - (0, edge_y))
        return knees.update(at, firm=True)

    assert all(update(n / 30, 0) for n in range(60))
    assert not all(update(2 + n / 30, knee_y - 4) for n in range(150))


@pytest.mark.parametrize("firm, seen", [(True, True), (False, False)])
def test_knees_of_who_surely_stands_there_may_rise_towards_the_edge(firm: bool, seen: bool) -> None:
    whole, knees = pose(0.0, 0.0, 0.0, standing=True), KneesInView()

    def update(time_s: float, edge_y: float) -> bool:
        points = whole.points_px - (0, edge_y)
        return knees.update(replace(whole, time_s=time_s, points_px=points), firm)

    assert all(update(n / 30, 400) for n in range(60))  # half of the thigh in view
    assert all(update(2 + n / 30, 410 + n % 2 * 2) for n in range(150)) == seen  # a third
    assert not all(update(7 + n / 30, 445) for n in range(150))  # the knee


@pytest.mark.parametrize("away_s, seen", [(1.0, True), (RISES_S - 1.0, True), (RISES_S + 2.0, False)])
def test_knees_that_leave_the_picture_for_a_moment_are_in_view(away_s: float, seen: bool) -> None:
    whole, knees = pose(0.0, 0.0, 0.0, standing=True), KneesInView()

    def update(time_s: float) -> bool:
        edge_y = 445 if 2 <= time_s % 10 < 2 + away_s else 400
        return knees.update(
            replace(whole, time_s=time_s, points_px=whole.points_px - (0, edge_y)), firm=False
        )

    assert all(update(n / 30) for n in range(450)) == seen


@pytest.mark.parametrize("firm", [True, False])
def test_knees_of_who_sits_may_leave_it_for_a_moment_if_they_are_surely_there(firm: bool) -> None:
    seated, knees = pose(0.0, 0.0, 0.0, standing=False), KneesInView()
    hips_y = float(seated.points_px[23, 1])

    def update(time_s: float) -> bool:
        edge_y = hips_y + 20 if 2 <= time_s < 3.5 else 0.0
        points = seated.points_px - (0, edge_y)
        return knees.update(replace(seated, time_s=time_s, points_px=points), firm)

    assert all(update(n / 30) for n in range(200)) == firm


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

"""Whether the picture shows knees: thighs cut off, knees at the edge for a moment or for good."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from people import pose

from posecount.knees_in_view import RISES_S, KneesInView, thigh_in_view


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


@pytest.mark.parametrize("down, hidden, seen", [(0.0, 0.5, True), (0.25, 0.5, False), (0.25, 0.0, False)])
def test_knees_within_the_shins_are_told_by_feet_too_long_for_them(
    down: float, hidden: float, seen: bool
) -> None:
    """Cut at the knees the network may see small legs in the shins, half of their thighs in view or all."""
    whole, knees = pose(0.0, 0.0, 0.0, standing=True), KneesInView()
    points = whole.points_px.copy()
    for hip, knee, ankle in ((23, 25, 27), (24, 26, 28)):
        points[knee] += down * (points[ankle] - points[knee])
        points[hip] = 2 * points[knee] - points[ankle]
    edge_y = (1 - hidden) * points[23, 1] + hidden * points[25, 1] - 10
    answers = [
        knees.update(replace(whole, time_s=n / 30, points_px=points - (0, edge_y)), True) for n in range(60)
    ]
    assert answers[-1] is seen


def test_feet_too_long_for_the_shanks_of_who_sits_tell_nothing() -> None:
    seated, knees = pose(0.0, 0.0, 0.0, standing=False), KneesInView()
    points = seated.points_px.copy()
    for knee, ankle, heel, toe in ((25, 27, 29, 31), (26, 28, 30, 32)):
        points[heel] = points[ankle]
        points[toe] = points[ankle] + 0.9 * np.abs(points[ankle] - points[knee]).max()
    half = (points[23] + points[25]) / 2
    inwards = np.sign(points[25, 0] - points[23, 0])
    edge = (half[0], 0.0) if inwards > 0 else (half[0] - seated.size_px[0], 0.0)
    answers = [knees.update(replace(seated, time_s=n / 30, points_px=points - edge), True) for n in range(60)]
    assert all(answers)

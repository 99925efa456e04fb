"""Which of two witnesses tells the reps of feet alone."""

from dataclasses import replace
from math import inf, nan

import pytest

from posecount.feet_reps import JERKY_WAIT_S, NEAR_S, SET_S, SINCE_S, WAIT_S, FeetReps
from posecount.types import Rep, RepQuality


def rep(
    start_s: float, quality: RepQuality = "smooth", stroke_s: float = 0.7, ripple_deg: float = 0.5
) -> Rep:
    shape = {"up_s": stroke_s, "down_s": stroke_s, "ripple_deg": ripple_deg}
    return Rep("both", start_s, start_s + 1, start_s + 2, nan, quality, **shape, by_movement=True)


def starts(reps: list[Rep]) -> list[float]:
    return [each.start_s for each in reps]


def test_pixels_are_told_at_once_and_landmarks_beside_them_are_not() -> None:
    feet = FeetReps()
    assert feet.update(6.5, [], [rep(2.1), rep(4.1)]) == []
    assert starts(feet.update(7.0, [rep(2.0), rep(4.0)], [])) == [2.0, 4.0]
    assert feet.update(8.5, [], [rep(6.1)]) == []
    assert starts(feet.update(8.8, [rep(6.0)], [])) == [6.0]


def test_landmarks_are_told_where_pixels_stay_silent() -> None:
    feet = FeetReps()
    assert feet.update(6.5, [], [rep(2.0), rep(4.0)]) == []
    assert feet.update(6.0 + WAIT_S, [], []) == [], "two may be anything"
    assert starts(feet.update(8.7, [], [rep(6.0)])) == [2.0, 4.0, 6.0]
    assert starts(feet.update(11.0, [], [rep(8.1)])) == [8.1]
    assert starts(feet.update(13.0, [rep(10.1)], [rep(10.0)])) == [10.0], "whoever has begun a set tells it"
    next_set = [rep(18.0), rep(20.0), rep(22.0)]
    assert starts(feet.update(12.0 + SET_S + 0.1, next_set, [])) == [18.0, 20.0, 22.0], "another set"


@pytest.mark.parametrize("starts_s", [(2.0, 4.0), (2.0, 4.0, 6.1 + NEAR_S)])
def test_fewer_than_three_of_the_landmarks_near_to_each_other_are_no_set(starts_s: tuple[float, ...]) -> None:
    feet = FeetReps()
    told = [each for at in starts_s for each in feet.update(at + 2.5, [], [rep(at)])]
    assert [*told, *feet.update(60.0, [], []), *feet.update(inf, [], [])] == []


def test_pixels_are_waited_for_until_they_would_have_told_two() -> None:
    feet = FeetReps()
    quick = [replace(rep(at), end_s=at + 0.5) for at in (2.0, 2.5, 3.0)]
    assert feet.update(4.0, [], quick) == [] == feet.update(3.0 + WAIT_S - 0.1, [], [])
    assert starts(feet.update(3.0 + WAIT_S, [], [])) == [2.0, 2.5, 3.0]


def test_pixels_are_waited_for_longer_where_landmarks_only_tremble() -> None:
    feet = FeetReps()
    trembling = [rep(2.0, "jerky"), rep(4.0, "jerky"), rep(6.0, "jerky")]
    assert feet.update(6.0 + JERKY_WAIT_S - 0.1, [], trembling) == []
    told = feet.update(6.0 + JERKY_WAIT_S - 0.05, [rep(2.1), rep(4.1)], [])
    assert [each.quality for each in told] == ["smooth", "smooth"]
    feet = FeetReps()
    assert starts(feet.update(6.0 + JERKY_WAIT_S, [], trembling)) == [2.0, 4.0, 6.0]


def test_at_the_end_nothing_is_waited_for() -> None:
    feet = FeetReps()
    feet.update(8.4, [], [rep(2.0), rep(4.0), rep(6.0)])
    assert starts(feet.update(inf, [], [])) == [2.0, 4.0, 6.0]


def test_what_landmarks_told_before_the_first_of_the_pixels_is_not_lost() -> None:
    feet = FeetReps()
    feet.update(6.5, [], [rep(2.0), rep(4.0)])
    assert starts(feet.update(7.0, [rep(4.1)], [])) == [2.0, 4.1]


def test_a_rep_between_two_of_the_pixels_is_told_by_landmarks() -> None:
    feet = FeetReps()
    assert starts(feet.update(7.0, [rep(0.0), rep(2.0), rep(4.0)], [])) == [0.0, 2.0, 4.0]
    assert feet.update(8.5, [], [rep(3.5), rep(6.1)]) == []
    assert starts(feet.update(11.0, [rep(8.2)], [])) == [6.1, 8.2]


def test_pixels_that_miss_a_way_there_have_half_a_rep_too_many_at_the_end() -> None:
    feet = FeetReps()
    assert starts(feet.update(7.0, [rep(0.0), rep(2.0), rep(4.0)], [])) == [0.0, 2.0, 4.0]
    assert starts(feet.update(11.0, [rep(7.5)], [rep(6.0)])) == [6.0, 7.5]
    assert feet.update(inf, [replace(rep(9.5), down_s=nan)], []) == []


def test_between_two_of_the_pixels_that_leave_no_room_there_was_none() -> None:
    feet = FeetReps()
    slow = [replace(rep(at), end_s=at + 5.0) for at in (0.0, 7.0, 14.0, 21.0)]
    assert starts(feet.update(20.0, slow[:3], [])) == [0.0, 7.0, 14.0]
    assert starts(feet.update(27.0, slow[3:], [rep(19.1)])) == [21.0]


def test_two_of_the_pixels_alone_are_kicks_until_landmarks_or_a_third_say_otherwise() -> None:
    alone, third, seen = FeetReps(), FeetReps(), FeetReps()
    for feet in (alone, third, seen):
        assert feet.update(7.0, [rep(2.0), rep(4.0)], []) == []
    assert starts(third.update(9.0, [rep(6.1)], [])) == [2.0, 4.0, 6.1]
    assert starts(seen.update(8.5, [], [rep(4.1), rep(6.2)])) == [2.0, 4.0]
    assert starts(seen.update(11.0, [rep(8.3)], [])) == [6.2, 8.3]
    assert alone.update(9.0, [rep(6.1 + NEAR_S)], []) == [] == alone.update(inf, [], [])


@pytest.mark.parametrize(
    "pixels, landmarks, ripple_deg, told",
    [
        ("jerky", "smooth", 0.5, "smooth"),
        ("jerky", "smooth", 0.9, "jerky"),
        ("smooth", "jerky", 2.0, "smooth"),
        ("jerky", "jerky", 2.0, "jerky"),
    ],
)
def test_a_tremor_of_the_pixels_is_none_where_landmarks_are_calm(
    pixels: RepQuality, landmarks: RepQuality, ripple_deg: float, told: RepQuality
) -> None:
    feet = FeetReps()
    feet.update(6.5, [], [rep(2.2, landmarks, ripple_deg=ripple_deg)])
    found = feet.update(7.0, [rep(2.0, pixels), rep(4.0, "jerky")], [])
    assert [each.quality for each in found] == [told, "jerky"], "the second was seen by pixels alone"


@pytest.mark.parametrize("second, told", [("smooth", "smooth"), ("jerky", "jerky")])
def test_a_rep_that_pixels_alone_cut_so_is_no_tremor_where_landmarks_showed_none(
    second: RepQuality, told: RepQuality
) -> None:
    feet = FeetReps()
    feet.update(7.0, [], [rep(2.0), rep(4.0, second)])
    found = feet.update(7.5, [rep(3.0, "jerky"), rep(5.0, "jerky")], [])
    assert [each.quality for each in found if each.start_s in (3.0, 5.0)] == [told, told]


@pytest.mark.parametrize("stroke_s, told", [(1.2, [2.0, 8.0]), (0.95, [])])
def test_two_slow_reps_of_the_pixels_are_a_set_but_not_who_sits_down_twice(
    stroke_s: float, told: list[float]
) -> None:
    pair = [replace(rep(at, stroke_s=stroke_s), end_s=at + 5.0) for at in (2.0, 8.0)]
    assert starts(FeetReps().update(13.5, pair, [])) == told


def test_slow_reps_of_the_landmarks_are_a_set_as_two() -> None:
    quick, slow = FeetReps(), FeetReps()
    assert quick.update(12.0, [], [rep(2.0), rep(6.0)]) == []
    assert starts(slow.update(12.0, [], [rep(2.0, stroke_s=1.5), rep(6.0, stroke_s=1.5)])) == [2.0, 6.0]


@pytest.mark.parametrize("first_s, told", [(0.6, [0.6, 2.0, 4.0, 6.0]), (1.0, [2.0, 4.0, 6.0])])
def test_landmarks_that_saw_one_rep_more_tell_the_first(first_s: float, told: list[float]) -> None:
    """The pixels' own begin with the way back; what is the same by more than 0.4 is the same rep."""
    feet = FeetReps()
    assert feet.update(3.5, [], [rep(first_s)]) == []
    assert starts(feet.update(9.0, [rep(2.0), rep(4.0), rep(6.0)], [])) == told


@pytest.mark.parametrize("quality, told", [("smooth", [2.0, 3.3, 5.3]), ("jerky", [3.3, 5.3, 7.3])])
def test_half_a_rep_at_the_end_stands_for_the_first_or_is_one_too_many(
    quality: RepQuality, told: list[float]
) -> None:
    """The pixels' reps begin with the way back of the first, which landmarks have seen whole."""
    feet = FeetReps()
    feet.update(4.0, [], [rep(2.0, quality)])
    half = replace(rep(7.3), end_s=8.3, down_s=nan)
    found = feet.update(8.0, [rep(3.3), rep(5.3)], []) + feet.update(inf, [half], [])
    assert starts(found) == told


def test_where_landmarks_tell_a_set_pixels_tell_what_these_passed_over() -> None:
    feet = FeetReps()
    assert starts(feet.update(8.7, [], [rep(2.0), rep(4.0), rep(6.0)])) == [2.0, 4.0, 6.0]
    assert feet.update(8.8, [rep(6.1)], []) == [], "the same"
    assert feet.update(10.8, [rep(8.1)], []) == [], "landmarks may tell it yet"
    assert starts(feet.update(12.5, [], [rep(10.2)])) == [8.1, 10.2]
    assert feet.update(14.5, [rep(11.8), rep(12.3)], []) == [], "the first is half of the one before"
    assert starts(feet.update(inf, [], [])) == [12.3]


@pytest.mark.parametrize(
    "later, told",
    [
        (rep(6.0), [6.0]),
        (rep(6.0, "jerky"), []),
        (replace(rep(6.0), end_s=7.0), []),
    ],
    ids=["as long", "trembling", "short"],
)
def test_what_pixels_no_longer_see_landmarks_tell_once(later: Rep, told: list[float]) -> None:
    feet = FeetReps()
    feet.update(6.5, [rep(2.0), rep(4.0)], [rep(2.1), rep(4.1)])
    assert feet.update(8.5, [], [later]) == []
    assert starts(feet.update(8.0 + SINCE_S, [], [])) == told
    assert starts(feet.update(8.2 + SINCE_S, [rep(6.1)], [])) == ([] if told else [6.1]), "none twice"


def test_pixels_that_have_seen_nothing_of_the_landmarks_reps_tell_none_between() -> None:
    feet = FeetReps()
    feet.update(8.7, [], [rep(2.0), rep(4.0), rep(6.0)])
    assert starts(feet.update(12.5, [rep(8.1)], [rep(10.2)])) == [10.2]


@pytest.mark.parametrize("late_s, told", [(0.1, [12.1]), (1.0, [])])
def test_half_a_rep_of_the_pixels_is_told_after_landmarks_that_began_as_they_did(
    late_s: float, told: list[float]
) -> None:
    feet = FeetReps()
    assert starts(feet.update(9.0, [], [rep(2.0), rep(4.0), rep(6.0)])) == [2.0, 4.0, 6.0]
    assert starts(feet.update(10.5, [rep(8.0 + late_s)], [rep(8.0)])) == [8.0]
    half = replace(rep(12.1), down_s=nan)
    assert starts(feet.update(inf, [half], [])) == told


def test_half_a_rep_does_not_make_two_kicks_a_set() -> None:
    half = replace(rep(6.0), down_s=nan)
    assert FeetReps().update(9.0, [rep(2.0), rep(4.0), half], []) == []


def test_feet_go_on_where_whole_legs_were_counted() -> None:
    after, later = FeetReps(), FeetReps()
    for feet, measured_s in ((after, 0.0), (later, -NEAR_S)):
        feet.measured(rep(measured_s - 2.0))
    two = [rep(2.0), rep(4.0)]
    assert starts(after.update(7.0, two, [])) == [2.0, 4.0]
    assert later.update(7.0, two, []) == []

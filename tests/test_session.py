"""Waveforms through the whole session: what is counted, how it is called, and what must never change it."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import LEFT, RIGHT, Movement, film, leg, noisy, pumps, raises, stand, strokes

from posecount.foot_range import USUAL
from posecount.session import Session
from posecount.types import Pose, Rep, Summary


def run(poses: Iterable[Pose], **choice: str) -> Summary:
    session = Session(**choice)
    for _ in session.updates(poses):
        pass
    session.finish()
    return session.summary()


def called(summary: Summary) -> str:
    return "".join(rep.quality[0] for rep in summary.reps)


def held_behind(pose: Pose, lifted: tuple[int, ...] | None) -> Pose:
    """The shank and the foot of one leg drawn up behind, the knee bent by 80 degrees."""
    if lifted is None:
        return pose
    points = pose.points_px.copy()
    points[list(lifted)] = leg(points[lifted[0]], 0.0, -80.0, -30.0, unit=120.0)
    return replace(pose, points_px=points)


def still(at: float) -> float:
    return 0.0


def with_tremor(movement: Movement, hz: float, deg: float) -> Movement:
    """A tremor while the ankle moves, none at rest."""

    def trembling(at: float) -> float:
        moves = abs(movement(at + 0.05) - movement(at - 0.05)) > 1.0
        return movement(at) + (deg * math.sin(2 * math.pi * hz * at) if moves else 0.0)

    return trembling


WHOLE, HALF = [(0.7, -30, 0.3), (0.7, 0, 0.3)], [(0.6, -11, 0.3), (0.6, 0, 0.4)]
HALF_AFTER_WHOLE = strokes((0.001, 0, 1.5), *WHOLE * 4, *HALF * 2, (0.1, 0, 1.5))

WAVEFORMS = {
    "clean pumps": (pumps(6), False, "ssssss"),
    "brisk pumps of 1 s": (pumps(8, move_s=0.38, pause_s=0.06), False, "s" * 8),
    "cycles of 20 s": (pumps(2, move_s=3.0, pause_s=6.5), False, "ss"),
    "a pause at the top": (raises(4, pause_s=4.0), True, "ssss"),
    "clean raises": (raises(5), True, "sssss"),
    "half raises after whole ones": (HALF_AFTER_WHOLE, True, "sssspp"),
    "rebounding raises": (raises(8, move_s=0.22, pause_s=0.05), True, "j" * 8),
    "nothing": ((lambda at: 0.0, 8.0), True, ""),
    "fidgeting": ((lambda at: 1.5 * math.sin(2 * at), 12.0), False, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WAVEFORMS)
def test_waveforms(name: str) -> None:
    (movement, seconds), standing, expected = WAVEFORMS[name]
    summary = run(film(movement, seconds=seconds, standing=standing))
    assert called(summary) == expected
    assert all(rep.side == "both" for rep in summary.reps)
    assert summary.holds == ()


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_tremor_makes_pumps_jerky(fps: int) -> None:
    movement, seconds = pumps(5)
    summary = run(film(with_tremor(movement, 4.5, 4.0), seconds=seconds, fps=fps))
    assert called(summary) == "jjjjj"


@pytest.mark.parametrize("fps", [12, 15, 24, 30, 60, 120])
def test_frame_rate_changes_no_count(fps: int) -> None:
    movement, seconds = pumps(5)
    assert called(run(film(movement, seconds=seconds, fps=fps))) == "sssss"


@pytest.mark.parametrize("noise_px", [0.0, 1.0, 2.0])
def test_noise_changes_no_count(noise_px: float) -> None:
    movement, seconds = raises(5)
    summary = run(film(movement, seconds=seconds, standing=True, noise_px=noise_px))
    assert len(summary.reps) == 5


@pytest.mark.parametrize("noise_px", [1.0, 2.0, 2.5])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_grainy_slow_camera_makes_no_reps_of_who_stands_still(noise_px: float, seed: int) -> None:
    movement, seconds = raises(3, top=-14)
    times = np.arange(0, seconds + 12, 1 / 15).tolist()
    poses = noisy((stand(at, movement(at), movement(at)) for at in times), noise_px, seed)
    assert len(run(poses).reps) == 3


def test_sides() -> None:
    movement, seconds = pumps(4)
    assert {rep.side for rep in run(film(movement, still, seconds=seconds)).reps} == {"left"}
    assert {rep.side for rep in run(film(still, movement, seconds=seconds)).reps} == {"right"}


def test_alternating_feet_are_counted_one_by_one() -> None:
    left, seconds = strokes((0.001, 0, 1.5), *[(0.6, -30, 0.2), (0.8, 12, 0.2), (0.5, 0, 2.6)] * 3)
    right, _ = strokes((0.001, 0, 3.9), *[(0.6, -30, 0.2), (0.8, 12, 0.2), (0.5, 0, 2.6)] * 3)
    reps = run(film(left, right, seconds=seconds + 3)).reps
    assert [rep.side for rep in reps] == ["left", "right"] * 3


def test_a_far_foot_half_hidden_behind_the_near_one_is_counted_when_the_near_one_rests() -> None:
    left, seconds = strokes((0.001, 0, 1.5), *[(0.6, -30, 0.6), (0.6, 0, 2.6)] * 3)
    right, _ = strokes((0.001, 0, 3.9), *[(0.6, -30, 0.6), (0.6, 0, 2.6)] * 3)
    poses = film(
        lambda at: left(at) + 0.2 * right(at),
        lambda at: 0.2 * left(at) + 0.34 * right(at),
        seconds=seconds + 3,
    )
    assert [rep.side for rep in run(poses).reps] == ["left", "right"] * 3


def test_one_foot_that_makes_the_other_seem_to_move_a_little_late_is_one_foot() -> None:
    movement, seconds = pumps(5)
    poses = film(movement, lambda at: 0.25 * movement(at - 0.2), seconds=seconds + 1)
    assert [rep.side for rep in run(poses).reps] == ["left"] * 5


def guessed(poses: Iterator[Pose], side: tuple[int, ...], far_px: float) -> Iterator[Pose]:
    """A leg of which the picture shows so little that it is found elsewhere in every frame."""
    rng = np.random.default_rng(3)
    for each in poses:
        points_px = each.points_px.copy()
        points_px[list(side[1:])] += rng.normal(0, far_px, (4, 2))
        yield replace(each, points_px=points_px)


@pytest.mark.parametrize("far_px", [12.0, 18.0])
def test_a_leg_that_is_guessed_anew_in_every_frame_hides_no_reps_of_the_other(far_px: float) -> None:
    movement, seconds = pumps(6)
    summary = run(guessed(film(movement, seconds=seconds), RIGHT, far_px))
    assert [rep.quality for rep in summary.reps if rep.side != "right"] == ["smooth"] * 6


@pytest.mark.parametrize("seed", [0, 3, 4, 5])
def test_a_leg_that_settles_for_a_second_begins_no_pump(seed: int) -> None:
    movement, seconds = pumps(4, low=-25, high=10)
    rng, poses = np.random.default_rng(seed), []
    for each in film(movement, seconds=seconds):
        points_px, late = each.points_px.copy(), max(0.0, 1.0 - each.time_s)
        points_px[:] += rng.normal(0, 6.0 if late else 0.0, (33, 2))
        points_px[[LEFT[4], RIGHT[4]], 1] += 120.0 * late
        poses.append(replace(each, points_px=points_px))
    assert [rep.quality for rep in run(poses).reps] == ["smooth"] * 4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_leg_that_has_rested_begins_a_set_though_it_still_jumps(seed: int) -> None:
    movement, seconds = pumps(4, low=-25, high=0, move_s=0.4, rest_s=0.8)
    rng = np.random.default_rng(seed)
    poses = [
        replace(each, points_px=each.points_px + rng.normal(0, 3.0 if each.time_s < 1.1 else 0.0, (33, 2)))
        for each in film(movement, seconds=seconds)
    ]
    assert called(run(poses)) == "ssss"


def test_a_hidden_foot_that_flickers_after_a_rep_adds_none() -> None:
    """From frame to frame by more than a whole rep's fifth: no leg does that."""
    movement, seconds = strokes((0.001, 0, 1.5), (1.2, -35, 2.0), (1.4, 14, 9.0))
    rng = np.random.default_rng(4)
    flicker = rng.normal(0, 7.0, 2000)

    def far(at_s: float) -> float:
        return movement(at_s) + (float(flicker[int(at_s * 30)]) if at_s > 6.5 else 0.0)

    assert [rep.side for rep in run(film(movement, far, seconds=seconds)).reps] == ["both"]
    assert [rep.side for rep in run(film(far, movement, seconds=seconds)).reps] == ["both"]


@pytest.mark.parametrize("again_deg, counted", [(-50, 4), (-38, 3)])
def test_a_rep_badly_returned_from_is_one_if_the_next_goes_far_enough_again(
    again_deg: float, counted: int
) -> None:
    """Legs just found may seem to begin further away than they do."""
    first = [(0.8, -44, 0.4), (0.7, -18, 0.4), (0.7, again_deg, 0.4), (0.7, 0, 0.4)]
    movement, seconds = strokes((0.001, 0, 1.5), *first, *[(0.7, -30, 0.4), (0.7, 0, 0.4)] * 2, (0.1, 0, 1.5))
    assert len(run(film(movement, seconds=seconds, standing=True)).reps) == counted


def test_a_small_first_raise_is_told_once_the_next_has_confirmed_it() -> None:
    small, large = [(0.7, -5.5, 0.3), (0.7, 0, 0.5)], [(0.7, -7.5, 0.3), (0.7, 0, 0.5)]
    for raised, count in ((small, 0), (small + large * 2, 3)):
        movement, seconds = strokes((0.001, 0, 1.5), *raised)
        times = np.arange(0, seconds + 2, 1 / 30)
        assert len(run(noisy(stand(t, movement(t), movement(t)) for t in times)).reps) == count


@pytest.mark.parametrize(("paces_s", "counted"), [([0.5] * 5, 5), ([0.5] * 3, 0), ([0.4, 1.5] * 3, 0)])
def test_raises_too_small_to_begin_with_are_a_set_when_they_keep_time(
    paces_s: list[float], counted: int
) -> None:
    ways = [way for pace_s in paces_s for way in ((pace_s, -6.0, 0.1), (pace_s, 0.0, 0.1))]
    movement, seconds = strokes((0.001, 0.0, 1.5), *ways)
    poses = (stand(at, movement(at), movement(at)) for at in np.arange(0, seconds + 1.5, 1 / 30))
    assert len(run(noisy(poses)).reps) == counted


def test_a_small_first_raise_before_a_gap_is_forgotten() -> None:
    movement, seconds = strokes(
        (0.001, 0, 1.5),
        (0.7, -5.5, 0.3),
        (0.7, 0, 2.5),
        (0.7, -7.5, 0.3),
        (0.7, 0, 0.5),
        (0.7, -7.5, 0.3),
        (0.7, 0, 2.0),
    )
    poses = noisy(stand(t, movement(t), movement(t)) for t in np.arange(0, seconds, 1 / 30))
    assert len(run(pose for pose in poses if not 4.2 < pose.time_s < 5.2).reps) == 2


def test_where_the_network_finds_a_leg_at_first_is_no_movement() -> None:
    movement, seconds = raises(4, top=-8)
    poses = list(noisy(stand(t, movement(t), movement(t)) for t in np.arange(0, seconds, 1 / 15)))
    first = poses[0].points_px.copy()
    first[[23, 24, 25, 26]] += (0.0, 18.0)
    assert called(run([replace(poses[0], points_px=first), *poses[1:]])) == "ssss"


@pytest.mark.parametrize("lifted, side", [(LEFT, "right"), (RIGHT, "left"), (None, "both")])
def test_raises_on_one_leg_with_the_other_foot_held_behind(lifted: tuple[int, ...] | None, side: str) -> None:
    movement, seconds = raises(5)
    poses = noisy(
        held_behind(stand(t, movement(t), movement(t)), lifted) for t in np.arange(0, seconds, 1 / 30)
    )
    assert [(rep.side, rep.quality) for rep in run(poses).reps] == [(side, "smooth")] * 5


def test_a_small_raise_of_the_near_leg_is_waited_for_when_the_far_one_seems_to_raise_more() -> None:
    full = [(0.7, -28.0, 0.3), (0.7, 0.0, 0.3)] * 3
    near, seconds = strokes((0.001, 0.0, 1.5), *full, *[(0.8, -10.0, 0.15), (0.8, 0.0, 0.05)] * 2, *full)
    far, _ = strokes((0.001, 0.0, 1.5), *full, *[(0.7, -18.0, 0.15), (0.6, 0.0, 0.35)] * 2, *full)
    times = np.arange(0, seconds + 1.5, 1 / 30).tolist()
    assert called(run(noisy(stand(at, near(at), far(at)) for at in times))) == "sssppsss"


@pytest.mark.parametrize("count, pause_s, told", [(1, 0.3, 0), (2, 0.3, 2), (5, 0.3, 5), (2, 14.0, 0)])
def test_what_only_the_leg_behind_shows_is_believed_once_it_comes_twice(
    count: int, pause_s: float, told: int
) -> None:
    one = [(0.7, -28.0, 0.3), (0.7, 0.0, pause_s)]
    movement, seconds = strokes((0.001, 0.0, 1.5), *one * count, (0.1, 0.0, 1.5))

    def lost(pose: Pose) -> Pose:
        points = pose.points_px.copy()
        points[LEFT[-1], 0] += 24 * math.sin(9 * pose.time_s)  # the toes of the near leg
        return replace(pose, points_px=points)

    poses = (lost(stand(at, movement(at), movement(at))) for at in np.arange(0, seconds, 1 / 30))
    assert called(run(noisy(poses))) == "s" * told


def test_a_step_of_the_leg_behind_is_no_raise() -> None:
    movement, seconds = raises(4)
    times = np.arange(0, seconds, 1 / 30).tolist()
    assert run(noisy(stand(at, 0.0, movement(at)) for at in times)).reps == ()


@pytest.mark.parametrize("gap_s", [0.6, 1.4, 2.5])
def test_a_leg_behind_that_shifts_while_the_near_one_rises_and_falls_raises_nothing_between(
    gap_s: float,
) -> None:
    movement, seconds = strokes((0.001, 0.0, 1.5), *[(0.7, -28.0, 0.6), (0.7, 0.0, gap_s)] * 5)

    def shifted(at: float) -> float:
        up = movement(at) / -28
        return -13 * (1 - 4 * up * (1 - up))

    times = np.arange(0, seconds, 1 / 30).tolist()
    assert called(run(noisy(stand(at, movement(at), shifted(at)) for at in times))) == "sssss"


def test_side_wanted() -> None:
    movement, seconds = pumps(4)
    assert {rep.side for rep in run(film(movement, seconds=seconds), side="right").reps} == {"right"}


def test_range_and_rhythm() -> None:
    movement, seconds = pumps(6, low=-30, high=15, move_s=0.6, pause_s=0.3)
    summary = run(film(movement, seconds=seconds, noise_px=0.2))
    range_deg = 45 * USUAL["heavy"].follows
    assert np.mean([rep.range_deg for rep in summary.reps]) == pytest.approx(range_deg, abs=2)
    assert summary.rhythm.cadence_per_min == pytest.approx(60 / (2.3 * 0.6 + 0.6), rel=0.03)
    assert summary.rhythm.steadiness > 0.95
    assert summary.exercise == "ankle-pump"


def test_no_angle_is_told_that_no_ankle_reaches() -> None:
    movement, seconds = strokes((0.001, 0, 2.0), (0.6, -85, 1.0), (0.6, 0, 2.0))
    summary = run(film(movement, seconds=seconds))
    angles = summary.angles
    assert [math.isnan(rep.range_deg) for rep in summary.reps] == [True]
    far = (angles.time_s > 2.7) & (angles.time_s < 3.5)
    assert np.isnan(angles.left_ankle_deg[far]).all()
    assert np.isfinite(angles.left_ankle_deg[angles.time_s < 2.2]).all()


def test_a_foot_beyond_the_edge_of_the_picture_is_counted_but_has_no_angle() -> None:
    movement, seconds = pumps(4)
    poses = list(film(movement, seconds=seconds))
    toe_px = max(pose.points_px[LEFT[-1], 0] for pose in poses)
    cut = run(replace(pose, points_px=pose.points_px - (toe_px + 1.0, 0.0)) for pose in poses)
    whole = run(poses)
    assert key(cut.reps) == key(whole.reps)
    assert [notice.code for notice in cut.warnings] == ["foot-cut"] and not whole.warnings
    for summary, shown in ((whole, True), (cut, False)):
        assert (np.isfinite(summary.angles.left_ankle_deg) == shown).all()
        assert all(math.isfinite(rep.range_deg) == shown for rep in summary.reps)


@pytest.mark.parametrize(("knee", "muscle"), [(0, "gastrocnemius")])
def test_a_stretch_is_a_hold_and_no_rep(knee: int, muscle: str) -> None:
    movement, seconds = strokes((0.001, 0, 2.0), (1.2, 16, 10.0), (1.2, 0, 2.0))
    summary = run(film(lambda at: movement(at), seconds=seconds, standing=False), exercise="calf-stretch")
    assert summary.reps == ()
    (hold,) = summary.holds
    assert hold.duration_s == pytest.approx(10.0, abs=0.4)
    assert hold.quality == "steady"


def test_a_stretch_that_has_deepened_is_left_where_it_is_left() -> None:
    """And a foot that comes to rest a little higher than before does not make it longer."""
    movement, seconds = strokes((0.001, 0, 2.0), (1.2, 8, 6.0), (1.2, 22, 6.0), (1.2, 9, 6.0))
    (hold,) = run(film(movement, seconds=seconds), exercise="calf-stretch").holds
    assert hold.start_s == pytest.approx(3.2, abs=0.4)
    assert hold.end_s == pytest.approx(16.4, abs=0.5)


def test_a_bouncing_stretch() -> None:
    movement, seconds = strokes((0.001, 0, 2.0), (1.2, 16, 10.0), (1.2, 0, 2.0))

    def bounce(at: float) -> float:
        return movement(at) + (4 * math.sin(2 * math.pi * 1.5 * at) if 4 < at < 12 else 0)

    (hold,) = run(film(bounce, seconds=seconds), exercise="calf-stretch").holds
    assert hold.quality == "bouncing"
    assert hold.bounces == pytest.approx(12, abs=2)


@pytest.mark.parametrize("held_s", [8.0, 70.0])
def test_a_stretch_lasts_until_it_is_left_though_a_heel_is_lost_before(held_s: float) -> None:
    """And when it began is known though it lasts longer than movements are remembered."""
    movement, seconds = strokes((0.001, 0, 2.0), (1.2, 16, held_s), (1.2, 0, 2.0))
    left_s, poses = 3.2 + held_s, []
    for at in np.arange(0, seconds, 1 / 15):
        pose = stand(at, movement(at), movement(at))
        pose.points_px[[LEFT[-2], RIGHT[-2]], 1] -= np.interp(at, [left_s - 2.0, left_s - 1.0], [0.0, 18.0])
        poses.append(pose)
    (hold,) = run(noisy(iter(poses))).holds
    assert hold.start_s == pytest.approx(3.2, abs=0.3)
    assert hold.end_s == pytest.approx(left_s, abs=0.3)


def test_toes_that_tremble_below_shoulders_that_stay_are_no_bounces() -> None:
    movement, seconds = strokes((0.001, 0, 2.0), (1.2, 16, 10.0), (1.2, 0, 2.0))

    def found(trembling: list[int]) -> str:
        poses = []
        for at in np.arange(0, seconds, 1 / 30):
            pose = stand(at, movement(at), movement(at))
            tremble_px = 5 * math.sin(2 * math.pi * 1.5 * at) if 4 < at < 12 else 0.0
            pose.points_px[trembling, 1] += tremble_px
            poses.append(pose)
        (hold,) = run(noisy(iter(poses))).holds
        return hold.quality

    toes = [LEFT[-1], RIGHT[-1]]
    assert found(toes) == "steady"
    assert found([point for point in range(33) if point not in toes]) == "bouncing"


def test_who_comes_to_rest_a_little_lower_than_before_holds_no_stretch() -> None:
    """Seen from the front, where no angle tells how deep it is."""
    movement, seconds = strokes((0.001, 0, 2.0), (0.6, 5.5, 0.2), (0.6, 3.3, 8.0))

    def front(at: float) -> Pose:
        pose = stand(at, movement(at), movement(at))
        for left, right, px in ((11, 12, 60.0), (LEFT[0], RIGHT[0], 35.0), (LEFT[1], RIGHT[1], 40.0)):
            pose.points_px[[left, right], 0] += px, -px
        return pose

    summary = run(noisy(map(front, np.arange(0, seconds, 1 / 30))))
    assert [notice.code for notice in summary.warnings] == ["oblique"]
    assert not summary.holds and not summary.reps


def above(poses: Iterator[Pose], *lifted_px: float) -> Iterator[Pose]:
    """The farther leg's hip, knee, ankle, heel and toe higher in the picture."""
    for each in poses:
        points_px = each.points_px.copy()
        points_px[list(RIGHT), 1] -= lifted_px
        yield replace(each, points_px=points_px)


@pytest.mark.parametrize(
    ("lifted_px", "said"),
    [
        ((45, 60, 85, 85, 85), ["steep"]),
        ((5, 10, 50, 50, 50), []),  # as a camera at the hips' height sees who stands
        ((0, 5, 90, 90, 90), []),  # the foot held up behind
    ],
)
def test_a_camera_that_looks_down_from_far_above_is_told(lifted_px: list[float], said: list[str]) -> None:
    movement, seconds = pumps(4)
    summary = run(above(film(movement, lambda at: 0.0, seconds=seconds), *lifted_px))
    assert [notice.code for notice in summary.warnings] == said
    assert len(summary.reps) == 4


def cut_near_the_knees(poses: Iterator[Pose], inside_shanks: float) -> Iterator[Pose]:
    """Legs of who sits in a picture that ends so far above the knees, below the middle of the thighs."""
    for each in poses:
        knee, ankle = each.points_px[[RIGHT[1], RIGHT[2]]]
        points_px = each.points_px - (0, knee[1] - inside_shanks * np.hypot(*(ankle - knee)))
        points_px[[LEFT[0], RIGHT[0]], 1] = points_px[[LEFT[1], RIGHT[1]], 1]
        points_px[:23] = np.nan
        yield replace(each, points_px=points_px, framing="legs")


@pytest.mark.parametrize(("inside_shanks", "told"), [(0.03, False), (0.06, False), (0.1, True), (0.5, True)])
def test_knees_at_which_the_picture_ends_count_and_tell_no_angle(inside_shanks: float, told: bool) -> None:
    movement, seconds = pumps(4)
    seated = film(movement, lambda at: 0.0, seconds=seconds)
    summary = run(cut_near_the_knees(seated, inside_shanks))
    assert len(summary.reps) == 4
    assert all(np.isfinite(rep.range_deg) == told for rep in summary.reps)
    assert np.isfinite(summary.angles.left_ankle_deg).any() == told
    assert ("knees-cut" in [notice.code for notice in summary.warnings]) != told


def lies_cut_at_the_knees(poses: Iterator[Pose]) -> Iterator[Pose]:
    """Shanks that lie, knees at the picture's side, and hips that the network guesses above them."""
    for each in poses:
        points_px = np.stack((-each.points_px[:, 1], each.points_px[:, 0]), axis=1)
        knee, ankle = points_px[[RIGHT[1], RIGHT[2]]]
        shank_px = np.hypot(*(ankle - knee))
        points_px += (each.size_px[0] - 0.03 * shank_px, 400) - knee
        points_px[[LEFT[0], RIGHT[0]]] = points_px[[LEFT[1], RIGHT[1]]] - (0, shank_px)
        points_px[:23] = np.nan
        yield replace(each, points_px=points_px, framing="legs")


def test_nor_do_knees_of_who_lies_though_the_thighs_seem_to_hang() -> None:
    movement, seconds = pumps(4)
    summary = run(lies_cut_at_the_knees(film(movement, lambda at: 0.0, seconds=seconds)))
    assert len(summary.reps) == 4
    assert not any(np.isfinite(rep.range_deg) for rep in summary.reps)


def test_gaps_never_add_reps() -> None:
    movement, seconds = pumps(6)
    poses = list(film(movement, seconds=seconds))
    for start in np.arange(1.0, seconds - 1, 1.3):
        kept = [pose for pose in poses if not start <= pose.time_s < start + 1.0]
        assert len(run(kept).reps) <= 6


@pytest.mark.parametrize("frames", [1, 10, 90])
def test_nobody_there_is_said_and_no_error(frames: int) -> None:
    nobody = [Pose(t / 30, (640, 480), np.full((33, 2), np.nan), np.zeros(33)) for t in range(frames)]
    summary = run(nobody)
    assert summary.reps == () and summary.usable_fraction == 0
    assert [notice.code for notice in summary.warnings] == ["nobody"]


def test_no_pose_and_one_pose() -> None:
    assert Session().summary().reps == ()
    movement, _ = pumps(1)
    assert run(film(movement, seconds=0.03)).reps == ()


def mirrored(pose: Pose) -> Pose:
    points = pose.points_px * [-1, 1] + [pose.size_px[0], 0]
    swapped = points.copy()
    for left in range(11, 32, 2):
        swapped[[left, left + 1]] = points[[left + 1, left]]
    return Pose(pose.time_s, pose.size_px, swapped, pose.visibility)


def test_mirroring_swaps_the_sides() -> None:
    movement, seconds = pumps(4)
    poses = list(film(movement, lambda at: 0.0, seconds=seconds))
    assert {rep.side for rep in run(map(mirrored, poses)).reps} == {"right"}
    assert len(run(map(mirrored, poses)).reps) == len(run(poses).reps) == 4


def key(reps: Iterable[Rep]) -> list[tuple[str, str, float]]:
    return [(rep.side, rep.quality, round(rep.peak_s, 2)) for rep in reps]


@settings(max_examples=12, deadline=None)
@given(
    scale=st.floats(0.6, 2.0),
    shift=st.tuples(st.floats(-200, 200), st.floats(-100, 100)),
    phase_s=st.floats(0.0, 0.9),
    fps=st.sampled_from([20.0, 25.0, 29.97, 50.0]),
)
def test_scale_shift_phase_and_resampling_keep_the_count(
    scale: float, shift: tuple[float, float], phase_s: float, fps: float
) -> None:
    movement, seconds = pumps(4)
    poses = film(lambda at: movement(at + phase_s), seconds=seconds - phase_s, fps=fps)
    moved = [Pose(p.time_s, p.size_px, p.points_px * scale + shift, p.visibility) for p in poses]
    assert called(run(moved)) == "ssss"


def test_the_same_poses_give_the_same_bytes() -> None:
    """Nothing depends on how fast or in what portions poses arrive: there is no clock and no batch."""
    movement, seconds = pumps(5)
    poses = list(film(movement, seconds=seconds))
    whole = run(poses)
    session, events = Session(), []
    for start in range(0, len(poses), 7):
        for pose in poses[start : start + 7]:
            events += session.update(pose)
        _ = session.state  # looking changes nothing
    events += session.finish()
    assert repr(session.summary().reps) == repr(whole.reps)
    assert tuple(event for event in events if isinstance(event, Rep)) == whole.reps


def test_unknown_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="exercise must be one of"):
        Session("situp")
    with pytest.raises(ValueError, match="side must be"):
        Session(side="up")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 32), max_size=12), st.integers(0, 2**31))
def test_missing_points_never_crash(missing: list[int], seed: int) -> None:
    movement, seconds = pumps(2)
    rng = np.random.default_rng(seed)
    session = Session()
    for pose in film(movement, seconds=seconds, fps=15):
        points = pose.points_px.copy()
        if rng.random() < 0.4:
            points[missing] = np.nan
        session.update(Pose(pose.time_s, pose.size_px, points, pose.visibility))
        assert session.state.count <= 2
    session.finish()
    assert len(session.summary().reps) <= 2


@pytest.mark.parametrize("bent_deg, counted", [(8, 4), (24, 0)])
def test_small_raises_that_bend_the_knees_are_squats_seen_obliquely(bent_deg: float, counted: int) -> None:
    movement, seconds = raises(4, top=-12)
    poses = list(film(movement, seconds=seconds, standing=True))
    aside_px = math.radians(bent_deg) / (1 / 133 + 1 / 140)
    for pose in poses:
        pose.points_px[[25, 26], 0] -= aside_px * movement(pose.time_s) / -12
    assert len(run(poses).reps) == counted


@pytest.mark.parametrize("bent_deg, counted", [(8, 4), (22, 0)])
def test_feet_that_turn_as_far_as_the_knees_are_of_who_rises_from_a_seat(
    bent_deg: float, counted: int
) -> None:
    movement, seconds = pumps(4, low=-16, high=8)
    poses = list(film(movement, seconds=seconds))
    for pose in poses:
        turned = math.radians(bent_deg) * (movement(pose.time_s) - 8) / 24
        cos, sin = math.cos(turned), math.sin(turned)
        thighs = pose.points_px[[23, 24]] - pose.points_px[[25, 26]]
        pose.points_px[[23, 24]] += thighs @ np.array([[cos, sin], [-sin, cos]]) - thighs
    assert len(run(poses).reps) == counted


@pytest.mark.parametrize("lifted, counted", [(False, 5), (True, 0)])
def test_toes_of_straight_legs_may_go_far_about_an_ankle_that_stays(lifted: bool, counted: int) -> None:
    """Who sits facing the camera looks as if standing, but for toes that who stands keeps on the floor."""
    movement, seconds = pumps(5, low=-45, high=25)

    def posed(at: float) -> Pose:
        pose = stand(at, 0.0, 0.0)
        for joints in (LEFT, RIGHT):
            points = leg(pose.points_px[joints[0]], 0.0, 0.0, movement(at), unit=120.0)
            if lifted:
                points[2:] = [point - np.array([0.0, 0.6 * movement(at)]) for point in points[2:]]
            pose.points_px[list(joints)] = points
        return pose

    assert len(run(noisy(posed(i / 30) for i in range(int(30 * seconds)))).reps) == counted


@pytest.mark.parametrize("lifted_s, counted", [(0.2, 4), (1.2, 0)])
def test_a_far_foot_taken_for_something_else_for_a_moment_has_not_stepped(
    lifted_s: float, counted: int
) -> None:
    movement, seconds = raises(4, move_s=1.4)
    poses = list(film(movement, seconds=seconds, standing=True))
    for pose in poses:
        share = ((pose.time_s - 1.9) % 3.4) / lifted_s  # as the heels come up
        if share < 1:
            pose.points_px[list(RIGHT[-3:]), 1] -= 80 * math.sin(math.pi * share)
    assert len(run(poses).reps) == counted


def test_of_feet_that_pump_together_the_near_one_is_told_though_the_far_one_is_known_first() -> None:
    movement, seconds = pumps(5)
    wild = with_tremor(lambda at: 1.5 * movement(at + 0.15), 6.0, 8.0)
    found = run(film(movement, wild, seconds=seconds))
    assert called(found) == "sssss"
    assert {rep.side for rep in found.reps} == {"both"}


@pytest.mark.parametrize("pointed_for_s", [0.05, 0.15, 0.28])
def test_a_pump_that_the_end_cuts_off_with_the_toes_pointed_is_none(pointed_for_s: float) -> None:
    movement, _ = pumps(6, high=0.0)
    five_s = 1.5 + 5 * (0.6 + 0.3 + 0.78 + 0.3)
    assert called(run(film(movement, seconds=five_s + 0.6 + pointed_for_s))) == "sssss"

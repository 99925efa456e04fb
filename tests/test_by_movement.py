"""Reps counted by movement alone: there and back along one line, again and again, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from posecount.by_movement import MovementCounter
from posecount.types import TOLD_LATE_S, Rep

FPS = 30.0
Path = Callable[[np.ndarray], np.ndarray]  # seconds in, place along a line out, in thousandths


def reps(
    path: Path, seconds: float, direction_deg: float = 70.0, noise: float = 0.3, seed: int = 1
) -> list[Rep]:
    """What is counted of something that moves along a line, as the camera tells it from frame to frame."""
    times = np.arange(0, seconds, 1 / FPS)
    way = np.array([np.cos(np.radians(direction_deg)), np.sin(np.radians(direction_deg))])
    steps = np.diff(path(times), prepend=path(times)[0])[:, None] * way
    steps = steps + np.random.default_rng(seed).normal(0, noise, steps.shape)
    counter = MovementCounter()
    told = zip((times + TOLD_LATE_S).tolist(), steps.tolist(), strict=True)
    found = [rep for at, (x, y) in told for rep in counter.update(at, (x, y))]
    return found + counter.finish()


def waves(count: int, period_s: float = 2.0, height: float = 100.0, rest_s: float = 1.5) -> Path:
    """Smooth movements there and back, with a rest before and after."""

    def path(times: np.ndarray) -> np.ndarray:
        phase = np.clip((times - rest_s) / period_s, 0, count)
        return height * (1 - np.cos(2 * np.pi * phase)) / 2

    return path


@pytest.mark.parametrize("direction_deg", [0, 45, 90, 135, 250])
@pytest.mark.parametrize("height", [20, 100, 400])
def test_every_movement_there_and_back_is_one_rep(direction_deg: float, height: float) -> None:
    found = reps(waves(6, height=height), 15.0, direction_deg)
    assert [rep.quality for rep in found] == ["smooth"] * 6
    assert all(rep.by_movement and np.isnan(rep.range_deg) and rep.side == "both" for rep in found)
    assert [rep.peak_s for rep in found] == pytest.approx([2.5, 4.5, 6.5, 8.5, 10.5, 12.5], abs=0.15)


@pytest.mark.parametrize("height", [15, 280])
@pytest.mark.parametrize(("period_s", "count"), [(2.0, 6), (0.7, 5)])
def test_a_first_movement_seen_otherwise_is_one_of_the_set_if_it_takes_as_long(
    height: float, period_s: float, count: int
) -> None:
    """Smaller: what stirs is not known yet. Larger: where feet take turns only the first one has stirred."""
    first, others = waves(1, period_s, height), waves(5, height=80, rest_s=1.5 + period_s)
    found = reps(lambda t: first(t) + others(t), 16.0)
    assert [rep.quality for rep in found] == ["smooth"] * count
    assert found[0].start_s == pytest.approx(1.5 if count == 6 else 2.2, abs=0.3)


@pytest.mark.parametrize("period_s", [4.0, 8.0, 10.0, 12.0])
def test_slow_movements_that_seem_to_rest_by_the_way_are_whole(period_s: float) -> None:
    assert len(reps(waves(3, period_s), 3 * period_s + 4)) == 3


@pytest.mark.parametrize(("height", "count"), [(100, 1), (20, 0)])
def test_a_slow_rep_is_believed_once_half_of_another_has_followed(height: float, count: int) -> None:
    """20 may be the sway of someone who stands."""
    assert len(reps(waves(2, period_s=10.0, height=height), 17.0)) == count


@pytest.mark.parametrize(("period_s", "rest_s", "count"), [(9.0, 4.0, 2), (3.0, 5.5, 0)])
def test_slow_reps_are_of_one_set_though_they_lie_further_apart(
    period_s: float, rest_s: float, count: int
) -> None:
    """Six seconds from the end that is seen to the next beginning."""
    one, other = waves(1, period_s), waves(1, period_s, rest_s=1.5 + rest_s + period_s)
    assert len(reps(lambda t: one(t) + other(t), 2 * period_s + rest_s + 4)) == count


@pytest.mark.parametrize("height", [40, 200])
def test_a_set_whose_first_half_was_seen_too_late_is_whole(height: float) -> None:
    """Its movements begin with the way back, so one half is left over at the end."""
    whole = waves(6, height=height)
    found = reps(lambda t: whole(np.maximum(t, 2.5)), 15.0)
    assert [rep.quality for rep in found] == ["smooth"] * 6
    assert np.diff([rep.peak_s for rep in found]) == pytest.approx([2.0] * 5, abs=0.3)
    assert np.isnan(found[-1].down_s) and not np.isnan([rep.down_s for rep in found[:-1]]).any()


def test_who_goes_on_after_a_pause_has_nothing_left_over() -> None:
    first, later = waves(4), waves(4, rest_s=14.0)
    assert len(reps(lambda t: first(t) + later(t), 24.0)) == 8


@pytest.mark.parametrize(("tremor", "quality"), [(0.0, "smooth"), (0.02, "smooth"), (0.08, "jerky")])
@pytest.mark.parametrize("hz", [4.0, 5.5])
def test_a_tremor_seen_between_frames_far_apart_is_jerky(hz: float, tremor: float, quality: str) -> None:
    """Frames 0.1 s apart are compared; the tremor is that share of the movement."""

    def path(times: np.ndarray) -> np.ndarray:
        moves = waves(6)(times)
        shaken = moves + 100 * tremor * np.sin(2 * np.pi * hz * times) * (moves > 5) * (moves < 95)
        return np.convolve(np.pad(shaken, 1, "edge"), np.ones(3) / 3, "valid")

    assert {rep.quality for rep in reps(path, 15.0)} == {quality}


def test_quick_rebounds_are_jerky() -> None:
    assert {rep.quality for rep in reps(waves(8, period_s=0.5), 8.0)} == {"jerky"}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(lambda t: 0 * t, id="still"),
        pytest.param(lambda t: 300 * t, id="walks past"),
        pytest.param(waves(1), id="once may be anything"),
        pytest.param(waves(6, height=7), id="fidgets"),
        pytest.param(waves(6, height=600), id="a whole leg swings"),
        pytest.param(lambda t: 120 * np.clip(t - 2, 0, 1) + 20 * np.sin(9 * t) * (t > 3), id="bounces"),
    ],
)
def test_nothing_else_is_counted(path: Path) -> None:
    assert reps(path, 14.0) == []


@pytest.mark.parametrize(
    ("away", "seconds", "count"),
    [
        pytest.param(120, 1.0, 0, id="into a stretch"),
        pytest.param(120, 0.2, 4, id="a burst"),
        pytest.param(300, 1.0, 4, id="walks in"),
    ],
)
def test_what_is_small_bounces_in_a_stretch_and_only_there(away: float, seconds: float, count: int) -> None:
    """Who has walked in went away in a burst, or further than a shin leans."""
    smaller = waves(4, rest_s=4.0, height=40)
    assert len(reps(lambda t: away * np.clip((t - 1) / seconds, 0, 1) + smaller(t), 14.0)) == count


def lean(amplitude: float, seconds: float, bounce: float, drift_per_s: float) -> MovementCounter:
    """Into a stretch for 13 s, bouncing at 1.5 Hz, while what is added up drifts; `found` are its reps."""
    times = np.arange(0, 15, 1 / FPS)
    since = np.clip(times - 1 - seconds, 0, 12)
    places = amplitude * np.clip((times - 1) / seconds, 0, 1) - drift_per_s * since
    places -= bounce * np.abs(np.sin(np.pi * 1.5 * since))
    counter = MovementCounter()
    steps = zip((times + TOLD_LATE_S).tolist(), np.diff(places, prepend=0).tolist(), strict=True)
    assert [rep for at, y in steps for rep in counter.update(at, (0.0, y))] == []
    return counter


@pytest.mark.parametrize(
    ("bounce", "drift_per_s"),
    [pytest.param(35, 0, id="small"), pytest.param(55, 0, id="quick"), pytest.param(35, 6, id="drifting")],
)
def test_bounces_in_a_stretch_are_no_reps_however_long_and_speak_against_others(
    bounce: float, drift_per_s: float
) -> None:
    counter = lean(100, 1.2, bounce, drift_per_s)
    meanwhile = Rep("both", 6.0, 7.0, 8.0, np.nan, "smooth", by_movement=True)
    assert counter.bounced(meanwhile)
    assert not counter.bounced(replace(meanwhile, start_s=0.2, end_s=1.0))


@pytest.mark.parametrize(("past_per_s", "count"), [(0, 6), (300, 0)])
def test_feet_that_rise_while_they_walk_past_are_not_counted(past_per_s: float, count: int) -> None:
    counter, times = MovementCounter(), np.arange(0, 15, 1 / FPS)
    found = []
    rises = np.diff(waves(6, period_s=1.0, height=200)(times), prepend=0).tolist()
    for at, rise in zip(times.tolist(), rises, strict=True):
        found += counter.update(at, (past_per_s / FPS, rise))
    assert len(found + counter.finish()) == count


@pytest.mark.parametrize("seed", range(5))
def test_a_shaking_camera_is_not_counted(seed: int) -> None:
    assert reps(lambda t: 0 * t, 20.0, noise=20.0, seed=seed) == []


def test_a_gap_ends_what_was_going_on() -> None:
    counter = MovementCounter()
    path = waves(1, rest_s=0.0)
    for n in range(2 * int(FPS)):
        step = float(path(np.array(n / FPS)) - path(np.array((n - 1) / FPS)))
        assert counter.update(n / FPS, (0.0, step)) == []
    assert counter.update(5.0, (np.nan, np.nan)) == []
    assert counter.update(5.1, (0.0, 0.0)) == [] and counter.finish() == []

"""The curve between the landmarks' turn of a foot and the picture's, and the ankle it restores."""

from math import cos, nan, radians, sin

import numpy as np
import pytest

from posecount.foot_range import BELIEVED, USUAL, USUAL_OF_LEGS, FootRange
from posecount.geometry import sample
from posecount.types import LegSample, Pose


def taught(gain: float, rest_deg: float = 170.0, bad: float = 0.0, noise_deg: float = 0.8) -> FootRange:
    """Pumps of -30 to +15 deg whose landmarks keep 1/gain of the turn; some of the pictures are misread."""
    rng = np.random.default_rng(7)
    curve = FootRange("heavy")
    curve.learn(rest_deg, 0.0)
    for true_deg in 22.5 * np.sin(np.linspace(0, 25, 50)) - 7.5:
        landmarks = rest_deg + true_deg / gain + rng.normal(0, noise_deg)
        picture = true_deg + rng.normal(0, noise_deg)
        curve.learn((landmarks + 180) % 360 - 180, picture * 0.3 if rng.random() < bad else picture)
    return curve


def kept(curve: FootRange, turn_deg: float, rest_deg: float) -> float:
    """The restored turn over the landmarks'."""
    direction = (rest_deg + turn_deg + 180) % 360 - 180
    return (turn_deg + missing_deg(curve, direction)) / turn_deg


def missing_deg(curve: FootRange, direction_deg: float) -> float:
    return float(curve.curve.missing_deg(np.array([direction_deg]))[0])


def test_nothing_is_added_before_anything_was_seen() -> None:
    curve = FootRange("full")
    assert missing_deg(curve, 30.0) == 0
    curve.learn(nan, 3.0)
    curve.learn(3.0, nan)
    assert missing_deg(curve, 30.0) == 0


@pytest.mark.parametrize("model", USUAL)
def test_at_rest_nothing_is_added_and_elsewhere_what_is_usual(model: str) -> None:
    curve = FootRange(model)
    curve.learn(-20.0, 0.0)
    assert missing_deg(curve, -20.0) == pytest.approx(0.0, abs=1e-9)
    assert kept(curve, 30.0, -20.0) == pytest.approx(USUAL[model].slope, abs=0.01)


@pytest.mark.parametrize("model", USUAL)
def test_legs_without_a_body_have_a_usual_of_their_own(model: str) -> None:
    curve = FootRange(model)
    curve.learn(-20.0, 0.0, legs_alone=True)
    assert kept(curve, 30.0, -20.0) == pytest.approx(USUAL_OF_LEGS[model].slope, abs=0.01)
    assert USUAL_OF_LEGS[model].slope < USUAL[model].slope


@pytest.mark.parametrize("gain", [0.85, 1.0, 1.3, 1.9])
@pytest.mark.parametrize("rest_deg", [0.0, 90.0, 178.0, -179.0])
def test_a_range_flattened_by_any_gain_is_restored_most_of_the_way(gain: float, rest_deg: float) -> None:
    curve, usual = taught(gain, rest_deg), USUAL["heavy"].slope
    for true_deg in (-28.0, -15.0, 12.0):
        restored = kept(curve, true_deg / gain, rest_deg)
        assert restored == pytest.approx(usual + BELIEVED * (gain - usual), rel=0.08)


def test_one_misread_picture_in_eight_does_little() -> None:
    assert kept(taught(1.3, bad=0.125), -20.0, 170.0) == pytest.approx(1.3, rel=0.1)


def test_nonsense_stays_within_bounds() -> None:
    curve = FootRange("heavy")
    for turn in (0, *range(-30, 31, 3)):
        curve.learn(float(turn), -2.0 * turn)
    assert 0.55 < kept(curve, 25.0, 0.0) < 2.6


def test_pairs_that_disagree_are_hardly_believed() -> None:
    rng, curve = np.random.default_rng(5), FootRange("heavy")
    curve.learn(0.0, 0.0)
    for turn, read in zip(rng.uniform(5, 30, 12), rng.uniform(-40, 60, 12), strict=True):
        curve.learn(turn, read)
    assert kept(curve, 25.0, 0.0) == pytest.approx(USUAL["heavy"].slope, abs=0.35)


def test_the_same_pairs_give_the_same_curve_whatever_was_asked_between() -> None:
    asked, silent = FootRange("heavy"), FootRange("heavy")
    for turn in range(0, 40, 2):
        for curve in (asked, silent):
            curve.learn(turn / 1.4, float(turn))
        missing_deg(asked, 10.0)
    assert missing_deg(asked, 20.0) == missing_deg(silent, 20.0)
    assert np.isnan(missing_deg(asked, nan))


@pytest.mark.parametrize("forward", [1, -1])
def test_a_flattened_foot_gets_its_ankle_back(forward: int) -> None:
    """Landmarks that keep half of the turn, on either side of the person."""

    def leg(dorsiflexion_deg: float) -> LegSample:
        points = np.full((33, 2), nan)
        toe = (250 + 80 * forward * cos(radians(dorsiflexion_deg)), 500 - 80 * sin(radians(dorsiflexion_deg)))
        for first in (23, 24):
            points[[first, first + 2, first + 4, first + 6]] = (250, 200), (250, 350), (250, 490), (250, 500)
            points[first + 8] = toe
        points[[11, 12, 0]] = (250, 50), (250, 50), (250, 20)
        left = sample(Pose(0.0, (640, 640), points, np.ones(33))).left
        assert left is not None
        return left

    curve = FootRange("heavy")
    for true_deg in [*range(0, -41, -2)] * 3:
        curve.learn(leg(true_deg / 2).foot_deg, -forward * float(true_deg))
    assert curve.ankle_deg(leg(-10.0)) == pytest.approx(-20.0, abs=2.0)
    assert curve.ankle_deg(leg(0.0)) == pytest.approx(0.0, abs=0.1)

"""Breaths measured, an experiment: told when one slow rhythm is nearly all, and otherwise not."""

from math import isnan

import numpy as np
import pytest
from people import stand

from posecount.breathing import BreathMeter
from posecount.types import Pose, nan


def measured(
    per_min: float, rise_px: float, seconds: float = 32.0, still: bool = True, noise_px: float = 0.8
) -> float:
    """Of somebody 500 px tall whose shoulders rise this much with each breath."""
    meter, found, rng = BreathMeter(), nan, np.random.default_rng(3)
    for at_s in np.arange(0, seconds, 1 / 15):
        pose = stand(float(at_s), 15.0, 15.0)
        points = pose.points_px + rng.normal(0, noise_px, (33, 2))
        points[[11, 12], 1] -= rise_px * (1 - np.cos(2 * np.pi * per_min / 60 * at_s)) / 2
        found = meter.push(Pose(float(at_s), pose.size_px, points, pose.visibility), still)
    return found


@pytest.mark.parametrize("per_min", [5.0, 6.0, 7.5, 10.0, 15.0])
def test_breaths_are_measured(per_min: float) -> None:
    assert measured(per_min, 4.0) == pytest.approx(per_min, abs=0.5)


@pytest.mark.parametrize(
    "how",
    [
        {"rise_px": 0.0},
        {"rise_px": 0.8},
        {"rise_px": 40.0},
        {"rise_px": 4.0, "seconds": 12.0},
        {"rise_px": 4.0, "still": False},
        {"rise_px": 4.0, "noise_px": 60.0},
    ],
    ids=["none", "too small to be sure", "the trunk moves", "too short", "no stretch", "noise"],
)
def test_nothing_is_told_that_is_not_sure(how: dict[str, float]) -> None:
    assert isnan(measured(6.0, **how))  # type: ignore[arg-type]

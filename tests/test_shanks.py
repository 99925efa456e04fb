"""Legs that are there keep the length of their shanks; those the network makes up do not."""

import numpy as np
import pytest
from people import film

from posecount.shanks import Shanks, Verdict


def judged(
    tremble: float, fps: float = 30.0, move: float = 0.0, both: bool = True, heat: float = 0.8
) -> list[Verdict]:
    """Someone who pumps, with knees that wander by `tremble` of a shank, seen `move` larger each second."""
    shanks, rng, verdicts = Shanks(), np.random.default_rng(3), []
    for pose in film(lambda t: 15 * np.sin(np.pi * t), seconds=6.0, fps=fps, noise_px=0.0):
        points = pose.points_px * (1 + move * pose.time_s)
        shank_px = np.hypot(*(points[25] - points[27]))
        for knee in (25, 26) if both else (25,):
            points[knee] += rng.normal(0, tremble * shank_px, 2)
        verdicts.append(shanks.update(pose.time_s, points, heat))
    return verdicts


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_real_legs_are_believed_and_invented_ones_soon_are_not(fps: float) -> None:
    real, invented = judged(0.006, fps), judged(0.08, fps)
    assert (real[0], real[-1], set(real)) == ("likely", "sure", {"likely", "sure"})
    assert (invented[0], set(invented[round(1.5 * fps) :])) == ("likely", {"no"})


def test_who_comes_nearer_is_believed() -> None:
    assert judged(0.005, move=0.3)[-1] == "sure"


def test_one_leg_that_keeps_still_is_enough() -> None:
    assert judged(0.08, both=False)[-1] == "sure"


def test_new_legs_after_a_gap_are_given_time() -> None:
    shanks, rng, points = Shanks(), np.random.default_rng(3), np.zeros((33, 2))
    points[[27, 28]] = 0.0, 100.0
    for n in range(60):
        points[[25, 26]] = rng.normal(0, 8.0, (2, 2))
        last = shanks.update(n / 30, points, 0.8)
    assert last == "no"
    assert shanks.update(60 / 30 + 0.5, points, 0.8) == "likely"


def test_firm_shanks_are_believed_for_longer() -> None:
    shanks, rng, points, verdicts = Shanks(), np.random.default_rng(3), np.zeros((33, 2)), []
    points[[27, 28]] = 0.0, 100.0
    for n in range(240):
        points[[25, 26]] = rng.normal(0, 0.3 if n < 120 else 4.0, (2, 2))
        verdicts.append(shanks.update(n / 30, points, 0.8))
    assert verdicts[119] == verdicts[-1] == "sure"
    shanks = Shanks()
    for n in range(120, 240):
        points[[25, 26]] = rng.normal(0, 4.0, (2, 2))
        alone = shanks.update(n / 30, points, 0.8)
    assert alone == "no"


def test_legs_put_beside_the_real_ones_are_never_sure() -> None:
    assert set(judged(0.004, heat=0.66)) == {"likely"}
    assert judged(0.004, heat=0.6)[-1] == "no"

"""How far a drawn foot has turned, found in the picture while its landmarks flatten the turn."""

import pickle
from functools import cache
from math import cos, isfinite, isnan, nan, radians, sin

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from posecount.foot_cut import FootCutter
from posecount.turn import FootTurns
from posecount.types import Pose

Vector = NDArray[np.float64]

KEPT = 0.75  # of a turn, by these landmarks
SIZE = (640, 480)
ANKLE = np.array([300.0, 300.0])
# In shanks from the ankle, x forward, y down: the outline, and knee, ankle, heel, toe as landmarks would be.
OUTLINE = np.array(
    [(-0.14, 0.0), (-0.17, 0.17), (-0.05, 0.2), (0.3, 0.21), (0.47, 0.18), (0.3, 0.08), (0.1, -0.05)]
)
KNOTS = np.array([(0.0, -1.0), (0.0, 0.0), (-0.12, 0.17), (0.4, 0.17)])


def turned(points: Vector, deg: float) -> Vector:
    c, s = cos(radians(deg)), sin(radians(deg))
    return points @ np.array([[c, s], [-s, c]])


@cache
def speckled(shape: tuple[int, int], contrast: float, seed: int) -> Vector:
    noise = np.random.default_rng(seed).normal(size=shape)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return contrast * smooth / smooth.std()


def scene(deg: float, texture: float, ankle: Vector = ANKLE, shank: float = 120.0) -> NDArray[np.uint8]:
    """A foot turned by `deg` about its ankle before a floor with some pattern; the shank stands still."""
    floor = 120 + speckled(SIZE[::-1], 5, 1)[..., None] * np.ones(3)
    matrix = np.hstack([turned(np.eye(2), -deg) * shank / 120, ankle[:, None]])
    sole = np.array([[1.0, 0, 100], [0, 1, 100]])
    sole[:, 2] = ankle - matrix[:, :2] @ np.array([100.0, 100.0])
    sole[:, :2] = matrix[:, :2]
    shoe = cv2.warpAffine(speckled((200, 200), texture, 2), sole, SIZE)
    mask = np.zeros(SIZE[::-1], np.uint8)
    outline = np.round((turned(OUTLINE, deg) * shank + ankle) * 16).astype(np.int32)
    cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA, 4)
    share = mask[..., None] / 255.0
    picture = floor * (1 - share) + (np.array([70.0, 60.0, 150.0]) + shoe[..., None]) * share
    x, y = (int(v) for v in ankle)
    cv2.line(picture, (x, y - int(shank)), (x, y), (200, 170, 150), int(shank / 5))
    return np.clip(picture, 0, 255).astype(np.uint8)


def pose(time_s: float, deg: float, ankle: Vector = ANKLE, shank: float = 120.0) -> Pose:
    """Seen from its right side."""
    points = np.full((33, 2), nan)
    knots = KNOTS.copy()
    knots[2:] = turned(KNOTS[2:], deg * KEPT)
    points[[25, 27, 29, 31]] = points[[26, 28, 30, 32]] = knots * shank + ankle
    return Pose(time_s, SIZE, points, np.ones(33))


def watch(degrees: list[float], texture: float, shank: float) -> list[float]:
    """The right foot's turns found in pictures half a second apart, after some rest."""
    turns = FootTurns()
    resting = scene(0, texture, shank=shank)
    for step in range(15):
        turns.update(resting, pose(step / 30, 0, shank=shank))
    found = []
    for i, deg in enumerate(degrees):
        picture = scene(deg, texture, shank=shank)
        turns.update(picture, pose(1.0 + i, deg, shank=shank))  # the first after a jump counts as smeared
        found.append(turns.update(picture, pose(1.5 + i, deg, shank=shank))[1])
    return found


@pytest.mark.parametrize("texture", [0.0, 20.0], ids=["plain", "patterned"])
@pytest.mark.parametrize("shank", [60.0, 120.0, 220.0])
def test_the_picture_gives_the_turn_that_the_landmarks_flatten(texture: float, shank: float) -> None:
    degrees = [-25.0, -12.0, 10.0, 20.0, 38.0]
    assert watch(degrees, texture, shank) == pytest.approx(degrees, abs=2.5 if texture == 0 else 1.5)


def test_rest_is_zero_and_a_foot_never_at_rest_is_not_measured() -> None:
    turns, picture = FootTurns(), scene(0, 20.0)
    found = [turns.update(picture, pose(i / 30, 0))[1] for i in range(15)]
    assert isnan(found[0])
    assert {v for v in found if isfinite(v)} == {0.0}
    restless = FootTurns()
    assert all(isnan(restless.update(picture, pose(i / 30, 4.0 * i))[1]) for i in range(20))


def test_the_far_foot_is_not_measured() -> None:
    turns, picture = FootTurns(), scene(0, 20.0)
    assert all(isnan(turns.update(picture, pose(i / 30, 0))[0]) for i in range(15))


def test_a_foot_that_the_picture_does_not_show_is_not_invented() -> None:
    turns = rested()
    noise = np.random.default_rng(3).integers(0, 255, (*SIZE[::-1], 3)).astype(np.uint8)
    hidden = np.full((*SIZE[::-1], 3), 90, np.uint8)
    pictures = (noise, noise, hidden, hidden)
    assert all(isnan(turns.update(p, pose(1 + i, -20))[1]) for i, p in enumerate(pictures))


def test_a_cut_goes_to_another_process_without_its_frame() -> None:
    cut, _ = FootCutter().update(scene(0, 20.0), pose(0, 0))
    assert cut
    sent = pickle.dumps(cut)
    assert len(sent) < 1.1 * cut.pixels.nbytes
    assert np.array_equal(pickle.loads(sent).pixels, cut.pixels)


def test_half_out_of_the_picture_is_not_measured() -> None:
    ankle = np.array([630.0, 300.0])
    picture = scene(0, 20.0, ankle)
    turns = FootTurns()
    assert all(isnan(turns.update(picture, pose(i / 30, 0, ankle))[1]) for i in range(15))


def test_whoever_moves_elsewhere_rests_anew() -> None:
    turns, elsewhere = rested(), ANKLE - (150, 20)
    resting, turned_picture = scene(0, 20.0, elsewhere), scene(25, 20.0, elsewhere)
    for i in range(15):
        turns.update(resting, pose(2 + i / 30, 0, elsewhere))
    turns.update(turned_picture, pose(4, 25, elsewhere))
    assert turns.update(turned_picture, pose(5, 25, elsewhere))[1] == pytest.approx(25, abs=1.5)


def test_looks_only_a_few_times_a_second_and_less_once_it_knows() -> None:
    turns, picture = rested(), scene(10, 20.0)
    looked = [isfinite(turns.update(picture, pose(1 + i / 30, 10))[1]) for i in range(300)]
    assert sum(looked[:30]) <= 6
    assert sum(looked[150:]) <= 2


def rested(texture: float = 20.0) -> FootTurns:
    turns, picture = FootTurns(), scene(0, texture)
    for step in range(15):
        turns.update(picture, pose(step / 30, 0))
    return turns

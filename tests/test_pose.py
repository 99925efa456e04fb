"""Landmarks of a rendered person: in pixels, unsmoothed, repeatable, silent; bundles that are good or not."""

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from posecount import pose, video
from posecount.bundles import MODELS
from posecount.pose import Landmarker
from posecount.speed import PERSON
from posecount.types import Frame, Pose

LEFT_ANKLE = 27
BACKGROUND = (150, 155, 160)


@pytest.fixture(scope="module")
def person() -> np.ndarray:
    return next(video.read(PERSON)).image


@pytest.fixture
def full() -> Iterator[Landmarker]:
    with Landmarker("full") as landmarker:
        yield landmarker


def detect(landmarker: Landmarker, images: list[np.ndarray], fps: float = 30) -> list[Pose]:
    return [landmarker.detect(Frame(index / fps, image)) for index, image in enumerate(images)]


def shifted(image: np.ndarray, right: int) -> np.ndarray:
    return np.roll(image, right, axis=1)


def scene(person: np.ndarray, *places: tuple[int, float]) -> np.ndarray:
    """People of a size (1 fills the height) with their left edge at a place, standing on one floor."""
    import cv2

    image = np.full((480, 900, 3), BACKGROUND, np.uint8)
    for left, size in places:
        body = cv2.resize(person[:, 200:440], None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
        image[480 - body.shape[0] :, left : left + body.shape[1]] = body
    return image


@pytest.mark.parametrize("model", MODELS)
def test_points_are_pixels_of_the_picture(person: np.ndarray, model: str) -> None:
    with Landmarker(model) as landmarker:
        found = landmarker.detect(Frame(0.0, person))
    assert found.size_px == (640, 480)
    assert found.points_px.shape == (33, 2) and found.points_px.dtype == np.float64
    assert found.visibility.shape == (33,)
    assert found.points_px[LEFT_ANKLE] == pytest.approx((348, 400), abs=10)
    assert found.points_px[0] == pytest.approx((322, 92), abs=10)  # the nose
    assert found.people == 1


def test_a_picture_of_any_shape(person: np.ndarray, full: Landmarker) -> None:
    odd = person[3:470, 201:460]
    found = detect(full, [odd])[0]
    assert found.size_px == (259, 467)
    assert found.points_px[LEFT_ANKLE] == pytest.approx((348 - 201, 400 - 3), abs=10)


def test_nobody_is_nan(person: np.ndarray, full: Landmarker) -> None:
    empty = np.full_like(person, 128)
    poses = detect(full, [empty, person, empty, empty])
    assert [bool(np.isnan(each.points_px).all()) for each in poses] == [True, False, True, True]
    assert np.isnan(poses[0].visibility).all()


def test_points_follow_at_once(person: np.ndarray, full: Landmarker) -> None:
    poses = detect(full, [person] * 5 + [shifted(person, 3)])
    step_px = (poses[5].points_px - poses[4].points_px)[LEFT_ANKLE : LEFT_ANKLE + 6, 0].mean()
    assert step_px == pytest.approx(3, abs=1)


def test_the_same_frames_give_the_same_poses(person: np.ndarray) -> None:
    images = [shifted(person, right) for right in (0, 2, 5, 9)]
    runs = []
    for fps in (30, 30, 240):
        with Landmarker("full") as landmarker:
            runs.append(np.array([each.points_px for each in detect(landmarker, images, fps)]))
    assert np.array_equal(runs[0], runs[1])
    assert np.array_equal(runs[0], runs[2]), "poses must not depend on how fast the frames come"


def test_the_most_prominent_is_followed_and_others_are_told(person: np.ndarray, full: Landmarker) -> None:
    alone, joined = scene(person, (40, 0.6)), scene(person, (40, 0.6), (500, 1.0))
    before = detect(full, [alone, alone])
    assert [each.people for each in before] == [1, 1]
    assert before[1].points_px[:, 0].mean() < 300
    after = [full.detect(Frame(time_s, joined)) for time_s in (1.0, 1.0 + pose.LOOK_S, 1.1 + pose.LOOK_S)]
    assert [each.people for each in after] == [1, 2, 2]
    assert [each.points_px[:, 0].mean() > 500 for each in after] == [False, True, True]


def test_an_equal_does_not_take_over(person: np.ndarray, full: Landmarker) -> None:
    alone, joined = scene(person, (40, 0.9)), scene(person, (40, 0.9), (500, 1.0))
    poses = [full.detect(Frame(index * pose.LOOK_S, alone if index == 0 else joined)) for index in range(4)]
    assert [each.people for each in poses] == [1, 2, 2, 2]
    assert max(each.points_px[:, 0].mean() for each in poses) < 300


@pytest.mark.parametrize("model", MODELS)
def test_not_a_word_on_the_terminal(model: str) -> None:
    code = f"""if 1:
        from posecount import pose, speed, video
        from posecount.types import Frame
        image = next(video.read(speed.PERSON)).image
        with pose.Landmarker({model!r}) as landmarker:
            for index in range(8):
                landmarker.detect(Frame(index * 2.0, image if index != 3 else image * 0))
        import sys; print("afterwards", file=sys.stderr)
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "afterwards\n")

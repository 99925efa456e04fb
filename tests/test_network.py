"""The landmark network on its own: the same points as MediaPipe, and legs where MediaPipe sees nobody."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posecount import finder, video
from posecount.backdrop import dressed
from posecount.body import BodyTracker
from posecount.errors import PosecountError
from posecount.network import SIDE, Found, Network, Region, refined
from posecount.pose import Landmarker, bundle
from posecount.quiet import silence
from posecount.session import Session
from posecount.speed import PERSON
from posecount.sway import Sway
from posecount.types import Frame, Summary

SAMPLES = Path(__file__).parents[1] / "sample_videos"
LEGS = slice(25, 33)
RIM_PX = 10


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(bundle("full"))


def by_mediapipe(image: np.ndarray) -> np.ndarray:
    """Where its own tracking has the points of who stands still, on average: its square trembles."""
    from mediapipe import Image, ImageFormat
    from mediapipe.tasks.python.core.base_options import BaseOptions
    from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

    finder._keep_metrics_home()
    options, found = PoseLandmarkerOptions(BaseOptions(str(bundle("full"))), RunningMode.VIDEO), []
    with silence(), PoseLandmarker.create_from_options(options) as landmarker:
        for n in range(1, 13):  # 1000 s apart, so that it smooths nothing
            seen = landmarker.detect_for_video(Image(ImageFormat.SRGB, image), n * 1_000_000).pose_landmarks
            found.append([(at.x, at.y) for at in seen[0]])
    return np.mean(found[3:], axis=0) * (image.shape[1], image.shape[0])


def test_read_as_mediapipe_reads_it_the_network_gives_the_points_that_mediapipe_gives(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecount.network.MOVES", 0)
    monkeypatch.setattr("posecount.network.SHARPER", 1)
    monkeypatch.setattr("posecount.sway.ASIDE", 0.0)
    image = next(video.read(PERSON)).image
    wanted = by_mediapipe(image)
    body = BodyTracker(network)
    body.begin(image, wanted + 5)
    found = [each.points_px[:33] for n in range(10) if (each := body.follow(image, n / 30))]
    assert np.hypot(*(np.mean(found, axis=0) - wanted).T).mean() < 1
    assert body.follow(np.zeros_like(image), 1) is None and body.follow(image, 1) is None


def test_a_point_moves_to_the_warm_place_nearby_and_stays_where_all_is_cold() -> None:
    maps = np.full((64, 64, 2), -20.0, np.float32)
    maps[30, 41, 0] = 6.0
    points, heat = refined(np.array([[160.0, 120.0], [160.0, 120.0]]), maps)
    assert points[0] == pytest.approx((164, 120), abs=0.2) and points[1] == pytest.approx((160, 120))
    assert heat[0] > 0.99 and heat[1] < 0.01


def test_a_warm_place_is_found_whole_though_the_point_lies_beside_it() -> None:
    rows, columns = np.mgrid[0:64, 0:64]
    for away in (0, 2.5, 4, 6):
        apart = np.hypot(columns - 30 - away, rows - 30)
        maps = (4 - 1.2 * apart**2).astype(np.float32)[..., None]
        points, _ = refined(np.array([[122.0, 122.0]]), maps)
        found = abs(points[0, 0] - 4 * (30 + away)) < 0.2
        assert found == (away < 6)  # further away it is another's


def test_what_swaying_adds_is_taken_away_and_what_moves_is_not() -> None:
    sway, square, found = Sway(), Region(400, 300, 1000), []
    for n in range(60):
        x = sway.region(square, n / 30).x_px
        true = np.array([[100 + 10 * np.sin(n / 5), 50.0]])
        seen = true + 0.3 * (x - 400)
        found.append(sway.steadied(Found(seen, np.ones(1), np.ones(1), 1.0)).points_px - true)
    assert {10.0, -10.0} == {sway.region(square, 2 + n / 30).x_px - 400 for n in range(2)}
    assert np.abs(found[1]).max() == pytest.approx(3) and np.abs(found[20:]).max() < 0.2
    assert {sway.region(square, 3 + n / 15) for n in range(9)} == {square}  # a tremor may be as quick


def test_the_stranger_stands_only_beyond_the_edge() -> None:
    image = np.full((200, 300, 3), 77, np.uint8)
    region = Region(150, 0, 400)
    picture = dressed(image, region, "left", np.array([[150.0, 90.0]]))
    assert (picture[SIDE // 2 + 2 : SIDE // 2 + 100, 70:180] == 77).all()
    assert not np.array_equal(picture, dressed(image, region, "right", np.array([[150.0, 90.0]])))
    assert (dressed(image, Region(150, 100, 90), "left", np.empty((0, 2))) == 77).all()


def test_a_model_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "bad.task", "w") as bad:
        bad.writestr("pose_landmarks_detector.tflite", b"no network")
    with pytest.raises(PosecountError, match="cannot use the model"):
        Network(tmp_path / "bad.task")


def cut(name: str, top: int, every: int = 1) -> Iterator[Frame]:
    """A sample video without its upper rows."""
    for frame in islice(video.read(SAMPLES / f"{name}.mp4"), 0, None, every):
        yield replace(frame, image=np.ascontiguousarray(frame.image[top:]))


def counted(frames: Iterator[Frame]) -> Summary:
    session = Session(model="full")
    with Landmarker("full", looks_around=False) as landmarker:
        for frame in frames:
            session.update(landmarker.detect(frame))
    session.finish()
    return session.summary()


def hips_px(name: str) -> tuple[int, int]:
    """Rows of the hips' upper rim, and of the knees."""
    with Landmarker("full", looks_around=False) as landmarker:
        points = landmarker.detect(next(video.read(SAMPLES / f"{name}.mp4"))).points_px
    return int(points[[23, 24], 1].mean()) - RIM_PX, int(points[[25, 26], 1].mean())


@pytest.mark.parametrize("name", ["seated_ankle_pumps", "heel_raises"])
def test_legs_are_found_and_followed_where_the_picture_ends_at_the_hips(name: str) -> None:
    hips, _ = hips_px(name)
    with Landmarker("full", looks_around=False) as whole, Landmarker("full", looks_around=False) as legs:
        for frame, less in zip(
            islice(video.read(SAMPLES / f"{name}.mp4"), 25), cut(name, hips), strict=False
        ):
            wanted, found = whole.detect(frame), legs.detect(less)
    assert found.framing == "legs" and np.isnan(found.points_px[:23]).all()
    size = np.hypot(*(wanted.points_px[25] - wanted.points_px[27]))
    off = found.points_px[LEGS] + (0, hips) - wanted.points_px[LEGS]
    assert np.hypot(*off.T).mean() < 0.08 * size


def test_one_of_several_landmarkers_follows_legs_with_the_quicker_network() -> None:
    hips, _ = hips_px("heel_raises")
    frames = list(islice(cut("heel_raises", hips), 25))
    found = {}
    for model, shares in (("full", False), ("heavy", True), ("heavy", False)):
        with Landmarker(model, looks_around=False, shares=shares) as landmarker:
            found[model, shares] = [landmarker.detect(frame) for frame in frames][-1]
    quick, shared, slow = found.values()
    assert quick.framing == shared.framing == slow.framing == "legs"
    from_quick, from_slow = (np.nanmean(np.abs(shared.points_px - one.points_px)) for one in (quick, slow))
    assert from_quick < 0.7 * from_slow, "another model's points are further away than another square's"


def test_feet_alone_are_counted_by_movement() -> None:
    _, knees = hips_px("heel_raises")
    found = counted(cut("heel_raises", knees + 60, every=2))
    assert found.framing == "feet" and all(rep.by_movement for rep in found.reps)
    assert sum(rep.quality == "smooth" for rep in found.reps) == pytest.approx(8, abs=1)
    assert not np.isfinite(found.angles.left_ankle_deg).any()

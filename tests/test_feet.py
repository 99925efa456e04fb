"""How feet are searched and followed below a stranger, with a network that says what a test wants of it."""

from math import log2

import numpy as np
import pytest

from posecount import feet_look
from posecount.backdrop import Facing
from posecount.feet import FOUND, GONE_S, LATER, LOOKS, LOST_S, FeetTracker
from posecount.feet_look import FeetLook, Stranger, places
from posecount.feet_pose import JUDGED, Flicker, feet_pose
from posecount.leg_look import REGION_LEGS
from posecount.network import Found, Network, Region
from posecount.types import Pose

IMAGE = np.zeros((240, 640, 3), np.uint8)
SHANK_PX = 200.0
BARELY_PX = 0.02 * SHANK_PX


class Says(Network):
    """Two feet that point to the left: warm below a stranger who faces there and is as tall as they ask."""

    def __init__(self, x_px: float = 400.0, y_px: float = 150.0, warmth: float = 0.75) -> None:
        self.x_px, self.y_px, self.warmth = x_px, y_px, warmth
        self.regions: list[Region] = []

    def look(self, facing: Facing, region: Region) -> Found:  # type: ignore[override]
        self.regions.append(region)
        points = np.zeros((39, 2))
        for side in (0, 1):
            ankle = np.array([self.x_px + 10 * side, self.y_px])
            points[[27 + side, 29 + side, 31 + side]] = ankle + np.array([(0, 0), (15, 15), (-85, 15)])
        hips_px = np.array([region.x_px, region.y_px])
        leg_px = region.size_px / REGION_LEGS
        off = abs(np.hypot(*(points[[27, 28]].mean(axis=0) - hips_px)) - leg_px) / leg_px
        short = abs(log2(leg_px / (1.97 * SHANK_PX)))
        cold = 0.15 * (facing != "left") + 0.15 * short + 0.3 * off
        return Found(points, np.ones(39), np.full(39, max(0.0, self.warmth - cold)), 1.0)


@pytest.fixture(autouse=True)
def shows_the_side_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feet_look, "dressed", lambda image, region, facing, knees: facing)


def found(network: Says, tracker: FeetTracker, seconds: float = 10.0) -> FeetLook | None:
    for n in range(round(seconds * 30)):
        if look := tracker.update(IMAGE, n / 30):
            return look
    return None


def test_feet_are_found_below_who_faces_as_they_do_and_is_as_tall() -> None:
    network = Says()
    look = found(network, FeetTracker(network))
    assert look and look.stranger.facing == "left" and look.heat >= FOUND
    assert look.stranger.shank_px == pytest.approx(SHANK_PX, rel=0.2)
    assert look.stranger.x_px == pytest.approx(405, abs=1) and look.stranger.y_px == pytest.approx(150, abs=1)


def test_nothing_warm_enough_is_no_feet() -> None:
    network = Says(warmth=FOUND - 0.01)
    assert found(network, FeetTracker(network)) is None


def test_a_stranger_goes_with_the_feet_and_keeps_their_size() -> None:
    network = Says()
    tracker = FeetTracker(network)
    first = found(network, tracker)
    assert first
    for n in range(60):
        network.x_px -= 1.0
        now = tracker.update(IMAGE, 10 + n / 30)
    assert now and now.stranger.shank_px == first.stranger.shank_px
    assert now.stranger.x_px == pytest.approx(network.x_px + 5, abs=10)


def test_feet_that_grow_cold_are_searched_again_after_a_while() -> None:
    network = Says()
    tracker = FeetTracker(network)
    found(network, tracker)
    tracker.update(IMAGE, 10.0)
    network.warmth = 0.3
    seen = [tracker.update(IMAGE, 10 + n / 30) is not None for n in range(30)]
    assert seen.count(True) / 30 == pytest.approx(LOST_S, abs=0.1) and not any(seen[15:])


def test_feet_that_were_cold_for_a_moment_are_followed_on() -> None:
    network = Says()
    tracker = FeetTracker(network)
    first = found(network, tracker)
    assert first
    for n in range(60):
        network.warmth = 0.3 if 10 <= n < 40 else 0.75
        now = tracker.update(IMAGE, 10 + n / 30)
        cold_s = (n - 9) / 30
        assert n >= 40 or abs(cold_s - LOST_S) < 0.05 or (now is None) == (cold_s > LOST_S)
    assert now and now.stranger.x_px == pytest.approx(first.stranger.x_px, abs=2)


def test_feet_that_stay_cold_are_searched_elsewhere() -> None:
    network = Says()
    tracker = FeetTracker(network)
    found(network, tracker)
    for n in range(round(30 * GONE_S) + 5):
        tracker.update(IMAGE, 10 + n / 30)
        network.warmth = 0.3
        assert n > 28 * GONE_S or network.regions[-1].x_px == pytest.approx(405, abs=25)
    network.x_px, network.warmth = 200, 0.75
    assert found(network, tracker)


def test_a_search_in_vain_goes_on_with_fewer_looks() -> None:
    network = Says(warmth=0.3)
    tracker = FeetTracker(network)
    looks = []
    for n in range(150):
        before = len(network.regions)
        tracker.update(IMAGE, n / 30)
        looks.append(len(network.regions) - before)
    assert looks[0] == LOOKS and set(looks[-60:]) <= {0, LATER}


@pytest.mark.parametrize("width, height", [(1280, 200), (640, 480), (300, 720)])
def test_ankles_are_looked_for_at_most_a_shank_from_the_edge_where_legs_come_in(
    width: int, height: int
) -> None:
    for each in places(width, height):
        inside_px = {0.0: each.y_px, np.pi / 2: width - each.x_px, -np.pi / 2: each.x_px}[each.turn_rad]
        assert 0 <= each.x_px <= width and 0 <= each.y_px <= height and inside_px < each.shank_px


@pytest.mark.parametrize("turn_deg, way", [(0, (0, -1)), (90, (1, 0)), (-90, (-1, 0))])
def test_hips_are_the_strangers_and_knees_as_guessed(turn_deg: float, way: tuple[float, float]) -> None:
    stranger = Stranger(400.0, 150.0, 100.0, np.radians(turn_deg), "left")
    points = Says().look("left", stranger.region).points_px
    look = FeetLook(stranger, Found(points, np.ones(39), np.ones(39), 1.0))
    before = Pose(
        1.0, (640, 240), np.full((33, 2), np.nan), np.full(33, np.nan), framing="feet", moved=(1.0, 2.0)
    )
    pose = feet_pose(before, look, (True, False))
    assert pose.moved == (1.0, 2.0)
    assert pose.framing == "feet"
    assert (pose.points_px[[25, 27, 29, 31]] == points[[25, 27, 29, 31]]).all()
    assert pose.points_px[23] - pose.points_px[27] == pytest.approx(197 * np.array(way))
    assert np.isnan(pose.points_px[[24, 26, 28, 30, 32]]).all() and np.isnan(pose.points_px[:23]).all()


def test_a_foot_that_jumps_is_not_believed_until_it_is_steady_again() -> None:
    flicker, rng = Flicker(), np.random.default_rng(1)
    turns = np.sin(np.arange(120) / 10) / 10
    hidden = [(turn, rng.normal(0, 0.05)) for turn in turns.tolist()]
    assert all(flicker.update(each)[0] for each in hidden)
    assert not flicker.update(hidden[-1])[1]
    back = [flicker.update((turn, turn))[1] for turn in turns.tolist()]
    assert not back[0] and all(back[JUDGED:])

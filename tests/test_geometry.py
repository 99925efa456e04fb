import numpy as np
import pytest
from people import LEFT, pose

from posecount.geometry import sample
from posecount.movement import Viewer
from posecount.spread import spread
from posecount.types import Pose


@pytest.mark.parametrize("ankle_deg", [-45, -20, 0, 10, 25])
def test_ankle_angle(ankle_deg: float) -> None:
    body = sample(pose(0.0, ankle_deg, ankle_deg, standing=False))
    assert body.left and body.left.ankle_deg == pytest.approx(ankle_deg, abs=0.01)
    assert body.left.knee_deg == pytest.approx(65, abs=0.01)


def transformed(original: Pose, matrix: np.ndarray) -> Pose:
    return Pose(original.time_s, original.size_px, original.points_px @ matrix.T, original.visibility)


@pytest.mark.parametrize("turn_deg", [0, 37, 90, 180])
@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_angles_do_not_depend_on_scale_and_camera_roll(turn_deg: float, scale: float) -> None:
    c, s = scale * np.cos(np.radians(turn_deg)), scale * np.sin(np.radians(turn_deg))
    body = sample(transformed(pose(0.0, -20, 5, standing=False), np.array([[c, -s], [s, c]])))
    assert body.left and body.right
    assert (body.left.ankle_deg, body.right.ankle_deg) == pytest.approx((-20, 5), abs=0.01)


def test_mirroring_shows_the_other_side() -> None:
    body = sample(pose(0.0, 0, 0, standing=True))
    other = sample(transformed(pose(0.0, 0, 0, standing=True), np.diag([-1.0, 1.0])))
    assert body.left and other.left
    assert body.left.across > 0 > other.left.across
    assert body.left.ankle_deg == pytest.approx(other.left.ankle_deg)


def test_side_on_is_no_yaw() -> None:
    assert sample(pose(0.0, 0, 0, standing=True)).yaw_deg < 20


def test_a_foot_held_up_behind_says_nothing_of_the_yaw() -> None:
    """Its shank points away from the camera, so it looks longer over it than any foot from the side."""
    turned = transformed(pose(0.0, 0, 0, standing=True), np.diag([0.7, 1.0]))
    lifted = turned.points_px.copy()
    lifted[list(LEFT[2:])] += 0.5 * (lifted[LEFT[1]] - lifted[LEFT[2]])
    one = sample(Pose(0.0, turned.size_px, lifted, turned.visibility))
    assert one.left and one.left.foot_ratio > 0.7
    assert one.yaw_deg == pytest.approx(sample(turned).yaw_deg, abs=1.0)


@pytest.mark.parametrize("what", ["nobody", "foot longer than the shank", "heel far from the ankle", "tiny"])
def test_what_cannot_be_a_leg_is_none(what: str) -> None:
    still = pose(0.0, 0, 0, standing=True)
    points = still.points_px.copy()
    if what == "nobody":
        points[:] = np.nan
    elif what == "foot longer than the shank":
        points[31] = points[29] - [200, 0]
    elif what == "heel far from the ankle":
        points[29] = points[27] + [0, 120]
    else:
        points = points * 0.05
    assert sample(Pose(0.0, still.size_px, points, still.visibility)).left is None


def test_spread_forgives_single_misplaced_points() -> None:
    assert spread([*np.linspace(0, 1, 60), 99.0, -99.0]) < 1.1


def test_the_view_does_not_flicker() -> None:
    viewer = Viewer()
    views = [viewer.update(sample(pose(i / 30, 0, 0, standing=True))) for i in range(60)]
    assert views[-1].standing and views[-1].readable and views[-1].near == "left"
    assert len({view.signal for view in views[5:]}) == 1


def test_who_turns_away_in_the_middle_of_a_rep_is_followed_as_before_until_it_ends() -> None:
    def readable(in_rep: bool) -> list[bool]:
        viewer = Viewer()
        bodies = (
            sample(pose(i / 30, 0, 0, False))._replace(yaw_deg=10 if i < 60 else 60) for i in range(300)
        )
        return [viewer.update(body, in_rep and body.time_s > 1).readable for body in bodies]

    between, within = readable(False), readable(True)
    assert between[59] and not between[90]
    assert within[90] and within[140] and not within[200]

"""What moves in a picture, and how far, of drawn boxes before a drawn wall."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from posecount.by_movement import MovementCounter
from posecount.motion import Motion, _Edge
from posecount.stirring import AtEdge

FPS = 30
Place = Callable[[float], float]  # seconds in, pixels to the right or down out
BOX_PX = 60


def swings(period_s: float, far_px: float = 20.0) -> Place:
    return lambda time_s: far_px * (1 - np.cos(2 * np.pi * max(time_s - 1, 0) / period_s)) / 2


def still(_: float) -> float:
    return 0.0


def ways(
    down: Place,
    right: Place = still,
    seconds: float = 5.0,
    top: int = 90,
    noise: float = 0.0,
    contrast: float = 1.0,
    camera: Place = still,
    box_noise: int = 255,
    jumps_s: float = np.inf,
    colour: tuple[float, float, float] | None = None,
    taken: Sequence[int] = (1,),
) -> np.ndarray:
    """(frames, 2): what was told of a box that moves, summed up from the beginning.

    A box of a colour stands before an even part of the wall, as light as it is. Of so many frames in turn,
    as `taken` tells, the last one is looked at.
    """
    rng = np.random.default_rng(1)
    wall = np.asarray(rng.integers(60, 200, (30, 50)), np.uint8).repeat(8, 0).repeat(8, 1)
    box = np.asarray(130 + rng.integers(-box_noise // 2, box_noise // 2, (10, 10)), np.uint8)
    box = box.repeat(BOX_PX // 10, 0).repeat(BOX_PX // 10, 1)
    motion, told = Motion(), []
    frames = np.cumsum(np.resize(taken, round(seconds * FPS)))
    for n in frames[frames < round(seconds * FPS)]:
        at = n / FPS
        grey = np.roll(wall, round(camera(at)), axis=1).astype(float)
        y, x = top + round(down(at)), 170 + round(right(at)) + round(camera(at))
        grey[y : y + BOX_PX, x : x + BOX_PX] = box
        if abs(at - jumps_s) < 0.5 / FPS:
            grey = np.roll(grey, 2, axis=0)
        image = np.stack([grey] * 3, axis=2)
        if colour:
            image[:, 130:270] = 130
            image[y : y + BOX_PX, x : x + BOX_PX] += box[..., None] / 255 * np.array(colour)
        image = 130 + contrast * (image - 130)
        image += rng.normal(0, noise, grey.shape)[..., None] if noise else 0
        told.append(motion.update(np.clip(image, 0, 255).astype(np.uint8), at))
    return np.cumsum(np.nan_to_num(told), axis=0)


LATE = (1, 1, 1, 3)  # as of a machine that looks for legs in every fourth frame


def test_what_moves_evenly_does_so_in_frames_that_come_unevenly() -> None:
    way = ways(lambda time_s: 30 * max(time_s - 1, 0), top=30, taken=LATE)[:, 1]
    times_s = np.cumsum(np.resize(LATE, len(way))) / FPS
    pace = (np.diff(way) / np.diff(times_s))[-40:]
    assert pace[1:-1] == pytest.approx((pace[:-2] + pace[2:]) / 2, rel=0.1)


@pytest.mark.parametrize("taken", [(1,), (1, 2), LATE])
def test_reps_are_smooth_however_unevenly_frames_come(taken: tuple[int, ...]) -> None:
    way = ways(swings(2.0), seconds=10.0, taken=taken)
    times_s, counter = np.cumsum(np.resize(taken, len(way))) / FPS, MovementCounter()
    steps = np.diff(way, axis=0, prepend=0)
    reps = [rep for at, step in zip(times_s, steps, strict=True) for rep in counter.update(at, tuple(step))]
    assert [rep.quality for rep in [*reps, *counter.finish()]] == ["smooth"] * 4


def far(way: np.ndarray) -> float:
    """Between the furthest places, in thousandths of what moves."""
    return float(np.hypot(*np.ptp(way, axis=0)))


def test_a_box_that_swings_has_come_as_far_as_it_did() -> None:
    way = ways(swings(2.0))
    assert far(way) == pytest.approx(1000 * 20 / (1.3 * BOX_PX), rel=0.3)
    assert abs(np.ptp(way[:, 0])) < 0.15 * np.ptp(way[:, 1])


def test_each_frame_tells_its_own_step_and_none_two() -> None:
    """So long ago falls on a frame's own time, at 30 a second, give or take what a float leaves out."""
    steps = np.diff(ways(lambda time_s: 30 * max(time_s - 1, 0), top=30), axis=0)[-60:, 1]
    assert steps[1:-1] == pytest.approx((steps[:-2] + steps[2:]) / 2, rel=0.2)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param({"noise": 12.0}, id="in a grainy picture"),
        pytest.param({"box_noise": 30}, id="hardly to be told from the wall"),
        pytest.param({"camera": lambda at: 2 * np.sin(20 * at)}, id="while the camera shakes"),
        pytest.param({"jumps_s": 3.0}, id="when all of the picture jumps once"),
    ],
)
def test_it_has_come_as_far_however_it_is_seen(seen: dict[str, float]) -> None:
    assert far(ways(swings(2.0), **seen)) == pytest.approx(far(ways(swings(2.0))), rel=0.35)  # type: ignore[arg-type]


AS_LIGHT = (60.0, -60 * 0.299 / 0.587, 0.0)  # by Rec. 601


def test_a_red_foot_on_a_floor_as_light_as_it_moves() -> None:
    assert np.dot(AS_LIGHT, (0.299, 0.587, 0.114)) == pytest.approx(0)
    seen, grainy = (far(ways(swings(2.0), colour=AS_LIGHT, noise=noise)) for noise in (0.0, 3.0))
    assert 80 < grainy == pytest.approx(seen, rel=0.3)


def test_what_is_slow_has_come_as_far_as_what_is_quick() -> None:
    quick, slow = far(ways(swings(1.0))), far(ways(swings(16.0), seconds=18.0, noise=4.0))
    assert slow == pytest.approx(quick, rel=0.35)


def test_what_is_slow_and_nearly_drowned_is_told_by_pictures_further_apart() -> None:
    clear, drowned = (
        far(ways(swings(12.0, 8.0), seconds=14.0, **seen))
        for seen in ({"noise": 0.0}, {"noise": 8.0, "contrast": 0.1})
    )
    assert drowned == pytest.approx(clear, rel=0.35)
    assert far(ways(still, seconds=14.0, noise=8.0, contrast=0.1)) < 9


def test_what_rests_for_long_between_slow_strokes_comes_back_as_far() -> None:
    def out_and_back(time_s: float) -> float:
        out, back = np.clip([(time_s - 1.0) / 2.5, (time_s - 8.5) / 2.5], 0, 1)
        return float(8 * (out**2 * (3 - 2 * out) - back**2 * (3 - 2 * back)))

    way = ways(out_and_back, seconds=13.0, noise=6.0, contrast=0.3)[:, 1]
    rest = way[8 * FPS]
    assert rest > 60 and rest - way[-1] == pytest.approx(rest, rel=0.15)


@pytest.mark.parametrize("noise", [0.0, 12.0])
def test_nothing_moves_where_nothing_does(noise: float) -> None:
    assert far(ways(still, noise=noise)) < 9
    assert far(ways(still, noise=noise, camera=lambda at: 3 * np.sin(15 * at))) < 9


def test_what_goes_on_beyond_the_picture_is_no_foot() -> None:
    """What reaches the upper edge: swinging from side to side it is no foot, rising a little it is."""
    shank = {"top": 0, "right": swings(2.0, 40.0), "down": still}
    at_edge = ways(**shank)  # type: ignore[arg-type]
    inside = ways(**(shank | {"top": 90}))  # type: ignore[arg-type]
    assert far(at_edge[-2 * FPS :]) == 0 and far(inside[-2 * FPS :]) > 100
    risen = ways(swings(2.0, 6.0), top=0)
    assert far(risen[-2 * FPS :]) > 20


@pytest.mark.parametrize("turns", [False, True])
def test_a_leg_that_moves_most_where_it_comes_in_is_no_foot(turns: bool) -> None:
    """All of what rises rises as far; of who squats, what comes into the picture goes furthest by far."""
    rng = np.random.default_rng(2)
    wall = np.asarray(rng.integers(60, 200, (60, 100)), np.uint8).repeat(4, 0).repeat(4, 1)
    shank = np.asarray(rng.integers(0, 255, (40, 15)), np.uint8).repeat(4, 0).repeat(4, 1)
    motion, told, place = Motion(), [], swings(2.0, 8.0)
    for n in range(5 * FPS):
        grey = wall.copy()
        for y, row in enumerate(shank):
            x = 170 + round(place(n / FPS) * ((1 - y / len(shank)) ** 6 if turns else 1.0))
            grey[y, x : x + len(row)] = row
        told.append(motion.update(np.stack([grey] * 3, axis=2), n / FPS))
    lately = np.array(told[-2 * FPS :])
    assert np.isnan(lately).all() if turns else far(np.cumsum(lately, axis=0)) > 25


@pytest.mark.parametrize("step, body", [(0.05, False), (2.0, True)], ids=["noise", "moves"])
def test_noise_at_the_edge_says_nothing_of_what_comes_in_there(step: float, body: bool) -> None:
    edge = _Edge()
    for n in range(60):
        edge.update(n / 30, AtEdge(0.9, 0.9), step * (-1) ** n, 0.0)
    assert edge.of_a_body is body

"""What is around the person: floor, walls, lamps, a chair, a step, and the camera."""

import cv2
import numpy as np
import pyvista as pv
from numpy.typing import NDArray

Array = NDArray[np.floating]
Point = tuple[float, float, float]
Rng = np.random.Generator

TEXTURE_PX = 512
EXTENT_M = 9  # of floor and walls
STEP_DEPTH_M = 0.5
AROUND_BALL_M = 0.03  # how far before the ball of the foot the step ends


def furnish(rng: Rng, size: tuple[int, int], floor: float, behind: int) -> pv.Plotter:
    """Floor, two lamps, a wall behind the person and one beside them, at `behind` (-1 or 1) along x."""
    plotter = pv.Plotter(off_screen=True, window_size=size, lighting="none")
    wall = _muted(rng, 120, 215)
    plotter.set_background([int(c) for c in wall])
    planks = _texture(rng, _muted(rng, 70, 170), planks=True)
    _plane(plotter, (0, 0, floor - 0.002), (0, 0, 1), planks, 0.35)
    _plane(plotter, (1.6 * behind, 0, floor + 1.5), (1, 0, 0), _texture(rng, wall), 0.4)
    _plane(plotter, (0, 2.2, floor + 1.5), (0, 1, 0), _texture(rng, wall * 0.92), 0.4)
    for position, intensity in (((-3 * behind, -2, 4), 0.7), ((-4 * behind, 3, 2), 0.4)):
        plotter.add_light(pv.Light(position=position, focal_point=(0, 0, 0), intensity=intensity))
    return plotter


def add_chair(plotter: pv.Plotter, rng: Rng, seat: Array, floor: float) -> None:
    """A chair whose seat is at (3,) metres."""
    colour = [int(c) for c in rng.integers(40, 120, 3)]
    x, y, z = seat
    cushion = (x - 0.25, x + 0.25, y - 0.18, y + 0.27, z - 0.05, z)
    back = (x - 0.22, x + 0.22, y + 0.24, y + 0.27, z + 0.15, z + 0.5)
    for bounds in (cushion, back):
        plotter.add_mesh(pv.Box(bounds), color=colour, ambient=0.3)
    for dx in (-0.23, 0.23):
        for dy in (-0.15, 0.24):
            leg = (x + dx - 0.02, x + dx + 0.02, y + dy - 0.02, y + dy + 0.02, floor, z - 0.05)
            plotter.add_mesh(pv.Box(leg), color="#333333")


def add_step(plotter: pv.Plotter, rng: Rng, ball_y: float, floor: float, height: float) -> None:
    """A step that ends behind the balls of the feet."""
    edge = ball_y + AROUND_BALL_M
    colour = [int(c) for c in rng.integers(60, 140, 3)]
    bounds = (-0.6, 0.6, edge - STEP_DEPTH_M, edge, floor, floor + height)
    plotter.add_mesh(pv.Box(bounds), color=colour, ambient=0.3)


def project(plotter: pv.Plotter, points: Array, size: tuple[int, int]) -> Array:
    """Where points (n, 3) in metres appear, (n, 2) pixels."""
    matrix = plotter.camera.GetCompositeProjectionTransformMatrix(size[0] / size[1], -1, 1)
    m = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])
    q = np.c_[points, np.ones(len(points))] @ m.T
    q = q[:, :2] / q[:, 3:]
    return np.c_[(q[:, 0] + 1) / 2 * size[0], (1 - q[:, 1]) / 2 * size[1]]


def _plane(plotter: pv.Plotter, at: Point, facing: Point, texture: pv.Texture, ambient: float) -> None:
    plane = pv.Plane(center=at, direction=facing, i_size=EXTENT_M, j_size=EXTENT_M)
    plotter.add_mesh(plane, texture=texture, ambient=ambient)


def _texture(rng: Rng, base: Array, planks: bool = False) -> pv.Texture:
    image = np.tile(np.array(base, float), (TEXTURE_PX, TEXTURE_PX, 1))
    for step in (4, 16, 64):
        coarse = rng.normal(0, 6, (TEXTURE_PX // step,) * 2).astype(np.float32)
        image += cv2.resize(coarse, (TEXTURE_PX, TEXTURE_PX), interpolation=cv2.INTER_CUBIC)[..., None]
    if planks:
        image[:, ::64] *= 0.6
        image[:, 1::64] *= 0.6
    return pv.Texture(np.clip(image, 0, 255).astype(np.uint8))


def _muted(rng: Rng, low: int, high: int) -> NDArray[np.int64]:
    """A colour (3,) close to grey, as rooms have."""
    return np.clip(rng.integers(low, high) + rng.integers(-14, 15, 3), 0, 255)

"""Render a scenario: python render.py SCENARIO.json OUT writes OUT.mp4 and OUT.truth.json.

Needs: pip install anny pyvista imageio imageio-ffmpeg opencv-python-headless (and torch, CPU). No GPU, no display.
"""
import json
import os
import sys

os.environ.setdefault("DISPLAY", "")
import cv2
import imageio.v2 as imageio
import numpy as np
import pyvista as pv

from body import SIDES, TRIANGLES, Body
from motion import Motion

pv.OFF_SCREEN = True


def texture(rng, base, planks=False, size=512):
    image = np.tile(np.array(base, float), (size, size, 1))
    for step in (4, 16, 64):
        blur = cv2.resize(rng.normal(0, 6, (size // step,) * 2).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
        image += blur[..., None]
    if planks:
        image[:, ::64] *= 0.6
        image[:, 1::64] *= 0.6
    return pv.Texture(np.clip(image, 0, 255).astype(np.uint8))


def muted(rng, low, high):
    """A colour (3,) close to grey, as rooms have."""
    return np.clip(rng.integers(low, high) + rng.integers(-14, 15, 3), 0, 255)


def room(rng, size, floor, behind):
    """Floor, a wall on the side of the person away from the camera (behind = -1 or 1 along x), one behind their back, two lamps."""
    plotter = pv.Plotter(off_screen=True, window_size=size, lighting="none")
    wall = muted(rng, 120, 215)
    plotter.set_background([int(c) for c in wall])
    plotter.add_mesh(pv.Plane(center=(0, 0, floor - 0.002), i_size=9, j_size=9), texture=texture(rng, muted(rng, 70, 170), planks=True), ambient=0.35)
    plotter.add_mesh(pv.Plane(center=(1.6 * behind, 0, floor + 1.5), direction=(1, 0, 0), i_size=9, j_size=9), texture=texture(rng, wall), ambient=0.4)
    plotter.add_mesh(pv.Plane(center=(0, 2.2, floor + 1.5), direction=(0, 1, 0), i_size=9, j_size=9), texture=texture(rng, wall * 0.92), ambient=0.4)
    plotter.add_light(pv.Light(position=(-3 * behind, -2, 4), focal_point=(0, 0, 0), intensity=0.7))
    plotter.add_light(pv.Light(position=(-4 * behind, 3, 2), focal_point=(0, 0, 0), intensity=0.4))
    return plotter


def chair(plotter, rng, seat, floor):
    colour = [int(c) for c in rng.integers(40, 120, 3)]
    x, y, z = seat
    plotter.add_mesh(pv.Box((x - 0.25, x + 0.25, y - 0.18, y + 0.27, z - 0.05, z)), color=colour, ambient=0.3)
    plotter.add_mesh(pv.Box((x - 0.22, x + 0.22, y + 0.24, y + 0.27, z + 0.15, z + 0.5)), color=colour, ambient=0.3)
    for dx in (-0.23, 0.23):
        for dy in (-0.15, 0.24):
            plotter.add_mesh(pv.Box((x + dx - 0.02, x + dx + 0.02, y + dy - 0.02, y + dy + 0.02, floor, z - 0.05)), color="#333333")


def project(plotter, points, size):
    matrix = plotter.camera.GetCompositeProjectionTransformMatrix(size[0] / size[1], -1, 1)
    m = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])
    q = np.c_[points, np.ones(len(points))] @ m.T
    q = q[:, :2] / q[:, 3:]
    return np.c_[(q[:, 0] + 1) / 2 * size[0], (1 - q[:, 1]) / 2 * size[1]]


def render(scenario, out):
    rng = np.random.default_rng(scenario.get("seed", 0))
    size, posture = tuple(scenario.get("size", (1280, 720))), scenario["posture"]
    body = Body(rng, **scenario.get("body", {}))
    motion = Motion(scenario)
    frames = len(motion.ankle["L"])
    pivot, step = scenario.get("pivot", "ball"), scenario.get("step", 0.0)  # which part of the foot stays where it is

    start = {j: {s: float(scenario.get(j if j != "ankle" else "neutral", 0)) for s in SIDES} for j in ("ankle", "knee", "hip")}
    rest, rest_joints = body.pose(posture, start["ankle"], start["knee"], start["hip"], toes_flat=False)
    floor = rest[:, 2].min() - step - scenario.get("clearance", 0.0)
    camera = scenario.get("camera", {})
    azimuth, elevation = np.radians(camera.get("azimuth", 0)), np.radians(camera.get("elevation", 3))
    plotter = room(rng, size, floor, behind=-1 if np.cos(azimuth) > 0 else 1)
    if posture == "seated":
        chair(plotter, rng, body.hips(rest_joints) - [0, 0, 0.11], floor)
    if step:
        edge = body.contact(rest, "L", "ball")[1] + 0.03
        plotter.add_mesh(pv.Box((-0.6, 0.6, edge - 0.5, edge, floor, floor + step)), color=[int(c) for c in rng.integers(60, 140, 3)], ambient=0.3)

    mesh = pv.PolyData(rest, np.hstack([np.full((len(TRIANGLES), 1), 3), TRIANGLES]))
    mesh["rgb"] = body.colours
    mesh = mesh.compute_normals(split_vertices=False, auto_orient_normals=False)
    plotter.add_mesh(mesh, scalars="rgb", rgb=True, smooth_shading=True, ambient=0.25, specular=0.1)

    target = (rest.min(0) + rest.max(0)) / 2 + camera.get("offset", [0, 0, 0])
    eye = target + camera.get("distance", 3.2) * np.array([np.cos(azimuth) * np.cos(elevation), -np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    plotter.camera.view_angle = camera.get("fov", 38)
    shake = rng.normal(0, camera.get("shake", 0.0), (frames, 3))
    sway = np.convolve(np.pad(rng.normal(0, 1, frames), 25, "edge"), np.ones(51) / 51, "valid") * scenario.get("sway", 0.015)

    video = imageio.get_writer(out + ".mp4", fps=motion.fps, codec="libx264", quality=None, macro_block_size=8,
                               output_params=["-crf", str(scenario.get("crf", 26)), "-pix_fmt", "yuv420p", "-preset", "veryfast"])
    truth = dict(fps=motion.fps, frames=frames, ankle={s: [] for s in SIDES}, side_on_angle={s: [] for s in SIDES},
                 knee={s: motion.knee[s].round(2).tolist() for s in SIDES}, pixels=[],
                 reps=motion.reps, holds=motion.holds, distractors=motion.distractors, scenario=scenario)
    for i in range(frames):
        at = lambda track: {s: track[s][i] for s in SIDES}
        swing = 12 * np.sin(2 * np.pi * 0.4 * i / motion.fps) * scenario.get("arms", 0.0)
        vertices, joints = body.pose(posture, at(motion.ankle), at(motion.knee), at(motion.hip), toes_flat=pivot == "ball" and not step, arm_swing=swing)
        if posture == "stand":
            grounded = body.contact(vertices, "L", pivot)[1], body.contact(vertices, "R", pivot)[1]
            shift = np.array([0, body.contact(rest, "L", pivot)[1] - np.mean(grounded), 0])
            ground = min(body.contact(vertices, s, "ball")[2] for s in SIDES) - body.contact(rest, "L", "ball")[2] if step else body.lowest(vertices) - body.lowest(rest)
            shift[2] = -ground
            vertices, joints = vertices + shift, joints + shift
        drift = np.array([0, sway[i] * 0.5 + motion.place[i], 0])
        vertices, joints = vertices + drift, joints + drift
        mesh.points = vertices
        mesh.compute_normals(inplace=True, split_vertices=False, auto_orient_normals=False)
        plotter.camera.position, plotter.camera.focal_point, plotter.camera.up = eye + shake[i], target + shake[i], (0, 0, 1)
        plotter.render()
        image = plotter.screenshot(return_img=True)[..., :3].astype(np.float32) * scenario.get("light", 1.0)
        image += scenario.get("noise", 3) * rng.standard_normal(image.shape[:2], np.float32)[..., None]
        video.append_data(np.clip(image, 0, 255).astype(np.uint8))
        for s in SIDES:
            truth["ankle"][s].append(round(float(motion.ankle[s][i]), 2))
            truth["side_on_angle"][s].append(round(body.ankle_angle(vertices, joints, s), 2))
        points = np.concatenate([body.landmarks(vertices, joints, s) for s in SIDES])
        truth["pixels"].append(project(plotter, points, size).round(1).tolist())
    video.close()
    plotter.close()
    with open(out + ".truth.json", "w") as f:
        json.dump(truth, f)
    return frames


if __name__ == "__main__":
    with open(sys.argv[1]) as f:
        print(sys.argv[2], render(json.load(f), sys.argv[2]), "frames")

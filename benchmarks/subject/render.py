"""Render a scenario: `python -m benchmarks.subject.render SCENARIO.json OUT`.

Writes OUT.mp4 and OUT.truth.json. No GPU and no display are needed; benchmarks/README.md tells what is.
A core renders about eight frames a second.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("DISPLAY", "")
import imageio.v2 as imageio
import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from .body import SIDES, TRIANGLES, Array, Body
from .motion import JOINTS, Motion
from .room import add_chair, add_step, furnish, project

pv.OFF_SCREEN = True

Scenario = dict[str, Any]

SWING_HZ, SWING_DEG = 0.4, 12.0  # of the arms
SWAY_FRAMES = 51  # over how many frames the swaying is smoothed


class Scene:
    """One person in a room, moving as the scenario says."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.size = tuple(scenario.get("size", (1280, 720)))
        self._rng = np.random.default_rng(scenario.get("seed", 0))
        self.body = Body(self._rng, **scenario.get("body", {}))
        self.motion = Motion(scenario)
        self.frames = len(self.motion.place)
        self._posture, self._step = scenario["posture"], scenario.get("step", 0.0)
        self._pivot = scenario.get("pivot", "ball")  # which part of the foot stays where it is
        self._stands_on = [side for side in SIDES if side != scenario.get("lifted")]
        self._rest, self._rest_joints = self._at_rest()
        self._plotter = self._place(self._rest_joints)
        self._mesh = self._add_person()
        self._aim()
        shake = scenario.get("camera", {}).get("shake", 0.0)
        self._shake = self._rng.normal(0, shake, (self.frames, 3))
        self._sway = self._swaying() * scenario.get("sway", 0.015)

    def _at_rest(self) -> tuple[Array, Array]:
        start = {j: {side: self.motion.start[j, side] for side in SIDES} for j in JOINTS}
        return self.body.pose(self._posture, start["ankle"], start["knee"], start["hip"], toes_flat=False)

    def _place(self, rest_joints: Array) -> pv.Plotter:
        floor = self._rest[:, 2].min() - self._step - self.scenario.get("clearance", 0.0)
        azimuth = np.radians(self.scenario.get("camera", {}).get("azimuth", 0))
        plotter = furnish(self._rng, self.size, floor, behind=-1 if np.cos(azimuth) > 0 else 1)
        if self._posture == "seated":
            add_chair(plotter, self._rng, self.body.hips(rest_joints) - [0, 0, 0.11], floor)
        if self._step:
            add_step(plotter, self._rng, self.body.contact(self._rest, "L", "ball")[1], floor, self._step)
        return plotter

    def _add_person(self) -> pv.PolyData:
        mesh = pv.PolyData(self._rest, np.hstack([np.full((len(TRIANGLES), 1), 3), TRIANGLES]))
        mesh["rgb"] = self.body.colours
        mesh = mesh.compute_normals(split_vertices=False, auto_orient_normals=False)
        look = {"smooth_shading": True, "ambient": 0.25, "specular": 0.1}
        self._plotter.add_mesh(mesh, scalars="rgb", rgb=True, **look)
        return mesh

    def _aim(self) -> None:
        camera = self.scenario.get("camera", {})
        a, e = np.radians(camera.get("azimuth", 0)), np.radians(camera.get("elevation", 3))
        away = np.array([np.cos(a) * np.cos(e), -np.sin(a) * np.cos(e), np.sin(e)])
        self._target = (self._rest.min(0) + self._rest.max(0)) / 2 + camera.get("offset", [0, 0, 0])
        self._eye = self._target + camera.get("distance", 3.2) * away
        self._plotter.camera.view_angle = camera.get("fov", 38)

    def _swaying(self) -> Array:
        steps = np.pad(self._rng.normal(0, 1, self.frames), SWAY_FRAMES // 2, "edge")
        return np.convolve(steps, np.ones(SWAY_FRAMES) / SWAY_FRAMES, "valid")

    def pose(self, i: int) -> tuple[Array, Array]:
        """Vertices and joints of the person in frame `i`, metres."""
        motion = self.motion
        ankle, knee, hip = (
            {side: track[side][i] for side in SIDES} for track in (motion.ankle, motion.knee, motion.hip)
        )
        arms = self.scenario.get("arms", 0.0)
        vertices, joints = self.body.pose(
            self._posture,
            ankle,
            knee,
            hip,
            toes_flat=self._pivot == "ball" and not self._step,
            arm_swing=SWING_DEG * np.sin(2 * np.pi * SWING_HZ * i / motion.fps) * arms,
            breath=self._breath_deg(i / motion.fps),
        )
        if self._posture == "stand":
            grounded = self._grounding(vertices)
            vertices, joints = vertices + grounded, joints + grounded
        drift = np.array([0, self._sway[i] * 0.5 + motion.place[i], 0])
        return vertices + drift, joints + drift

    def _breath_deg(self, time_s: float) -> float:
        """How far the collar bones are raised; 0 for scenarios that say nothing of breathing."""
        breathing = self.scenario.get("breathing", {"per_min": 0.0, "deg": 0.0})
        phase = 2 * np.pi * breathing["per_min"] / 60 * time_s
        return float(breathing["deg"] * (1 - np.cos(phase)) / 2)

    def _grounding(self, vertices: Array) -> Array:
        """What puts a standing person back on the ground, the pivot of the feet where it was."""
        body, rest = self.body, self._rest
        now = np.mean([body.contact(vertices, side, self._pivot)[1] for side in self._stands_on])
        if self._step:
            rise = (
                min(body.contact(vertices, side, "ball")[2] for side in SIDES)
                - body.contact(rest, "L", "ball")[2]
            )
        else:
            rise = body.lowest(vertices) - body.lowest(rest)
        stood = body.contact(rest, self._stands_on[0], self._pivot)[1]
        return np.array([0, stood - now, -rise])

    def picture(self, i: int, vertices: Array) -> NDArray[np.uint8]:
        """Frame `i` as the camera takes it, (height, width, 3) RGB."""
        self._mesh.points = vertices
        self._mesh.compute_normals(inplace=True, split_vertices=False, auto_orient_normals=False)
        camera, shake = self._plotter.camera, self._shake[i]
        camera.position, camera.focal_point, camera.up = self._eye + shake, self._target + shake, (0, 0, 1)
        self._plotter.render()
        image = self._plotter.screenshot(return_img=True)[..., :3].astype(np.float32)
        image *= self.scenario.get("light", 1.0)
        grain = self._rng.standard_normal(image.shape[:2], np.float32)[..., None]
        return np.clip(image + self.scenario.get("noise", 3) * grain, 0, 255).astype(np.uint8)

    def rises(self, vertices: Array, joints: Array, side: str) -> tuple[float, float]:
        """How far heel and ankle are above where they were at rest, metres."""
        _, ankle, heel, _ = self.body.landmarks(vertices, joints, side)[:, 2]
        _, ankle_rest, heel_rest, _ = self.body.landmarks(self._rest, self._rest_joints, side)[:, 2]
        return heel - heel_rest, ankle - ankle_rest

    @property
    def height_m(self) -> float:
        """Of the person, from sole to crown, if standing."""
        return float(np.ptp(self._rest[:, 2])) if self._posture == "stand" else float("nan")

    def pixels(self, vertices: Array, joints: Array) -> Array:
        """Knee, ankle, heel and toe of the left and of the right leg in the picture, (8, 2)."""
        points = np.concatenate([self.body.landmarks(vertices, joints, side) for side in SIDES])
        return project(self._plotter, points, self.size)

    def close(self) -> None:
        """Let go of the window."""
        self._plotter.close()


class Truth:
    """What really happened: what the scenario set, and per frame what came of it."""

    def __init__(self, scene: Scene) -> None:
        motion = scene.motion
        self._scene = scene
        self._told: dict[str, Any] = {
            "fps": motion.fps,
            "frames": scene.frames,
            "ankle": {side: motion.ankle[side].round(2).tolist() for side in SIDES},
            "side_on_angle": {side: [] for side in SIDES},
            "knee": {side: motion.knee[side].round(2).tolist() for side in SIDES},
            "height_m": round(scene.height_m, 4) if scene.scenario["posture"] == "stand" else None,
            "heel_rise_m": {side: [] for side in SIDES},
            "ankle_rise_m": {side: [] for side in SIDES},
            "pixels": [],
            "reps": motion.reps,
            "holds": motion.holds,
            "distractors": motion.distractors,
            "scenario": scene.scenario,
        }

    def add(self, vertices: Array, joints: Array) -> None:
        """The next frame."""
        for side in SIDES:
            angle = self._scene.body.ankle_angle(vertices, joints, side)
            self._told["side_on_angle"][side].append(round(angle, 2))
            heel, ankle = self._scene.rises(vertices, joints, side)
            self._told["heel_rise_m"][side].append(round(float(heel), 5))
            self._told["ankle_rise_m"][side].append(round(float(ankle), 5))
        self._told["pixels"].append(self._scene.pixels(vertices, joints).round(1).tolist())

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(self._told))


def render(scenario: Scenario, out: str) -> int:
    """Write `out`.mp4 and, when that is complete, `out`.truth.json; returns how many frames."""
    scene = Scene(scenario)
    truth = Truth(scene)
    quality = ["-crf", str(scenario.get("crf", 26)), "-pix_fmt", "yuv420p", "-preset", "veryfast"]
    how = {"fps": scene.motion.fps, "codec": "libx264", "quality": None, "macro_block_size": 8}
    with imageio.get_writer(f"{out}.mp4", **how, output_params=quality) as video:
        for i in range(scene.frames):
            vertices, joints = scene.pose(i)
            video.append_data(scene.picture(i, vertices))
            truth.add(vertices, joints)
    scene.close()
    truth.write(Path(f"{out}.truth.json"))
    return scene.frames


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.subject.render", description=__doc__)
    parser.add_argument("scenario", type=Path, metavar="SCENARIO.json")
    parser.add_argument("out", metavar="OUT")
    args = parser.parse_args()
    frames = render(json.loads(args.scenario.read_text()), args.out)
    print(f"{args.out}.mp4: {frames} frames")


if __name__ == "__main__":
    main()

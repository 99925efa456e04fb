"""Draw the upper body that the product sets above legs: `python -m benchmarks.subject.upper_body OUT`.

Writes OUT/side.png and OUT/front.png, 256 pixels square with opacity, the hips in the middle, 2.55 legs wide:
what src/posecount/upper_body holds.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .render import Scene
from .room import project

REGION_LEGS, SIDE = 2.55, 256
WAIST = 134  # rows below are the person's own
AZIMUTHS = {"side": 0, "front": 90}
EDGE = 6  # of 255: less than this between with and without the person is background


def upper_body(azimuth: float) -> NDArray[np.uint8]:
    """(256, 256, 4), blue, green, red, opacity."""
    scene = Scene(
        {
            "posture": "stand", "seed": 31, "sway": 0.0, "noise": 0, "size": [900, 900],
            "camera": {"azimuth": azimuth, "elevation": 2, "distance": 3.6, "fov": 38},
            "events": [{"type": "still", "dur": 0.2}],
        }
    )  # fmt: skip
    vertices, joints = scene.pose(0)
    person, room = scene.picture(0, vertices), scene.picture(0, vertices + np.array([0, 0, 100.0]))
    hips = project(scene._plotter, np.array([scene.body.hips(joints)]), scene.size)[0]
    points = scene.pixels(vertices, joints)
    scene.close()
    knees, ankles = (points[0] + points[4]) / 2, (points[1] + points[5]) / 2
    leg_px = np.hypot(*(hips - knees)) + np.hypot(*(knees - ankles))
    scale = SIDE / (REGION_LEGS * leg_px)
    place = np.array([[scale, 0, SIDE / 2 - scale * hips[0]], [0, scale, SIDE / 2 - scale * hips[1]]])
    seen = (np.abs(person.astype(int) - room).max(axis=2) > EDGE).astype(np.uint8) * 255
    opacity = cv2.erode(cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((3, 3))), np.ones((2, 2)))
    small = [
        cv2.warpAffine(cv2.GaussianBlur(each, (0, 0), 1.2), place, (SIDE, SIDE)) for each in (person, opacity)
    ]
    picture = np.dstack([small[0][..., ::-1], small[1]])
    picture[WAIST:] = 0
    picture[picture[..., 3] == 0] = 0
    return picture


if __name__ == "__main__":
    for view, azimuth in AZIMUTHS.items():
        cv2.imwrite(str(Path(sys.argv[1]) / f"{view}.png"), upper_body(azimuth))

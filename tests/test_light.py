"""Dark and grainy pictures are told, before counts fail in them."""

from dataclasses import replace

import numpy as np
import pytest
from people import film

from posecount.light import LightMeter
from posecount.session import Session


def room(level: float = 1.0, noise: float = 0.0) -> np.ndarray:
    """A wall in uneven light, with a door frame, at a share of its usual brightness."""
    image = np.full((480, 640, 3), 130.0) + np.linspace(-30, 30, 640)[:, None]
    image[100:400, 200:330] *= 0.6
    image = level * image + np.random.default_rng(1).normal(0, noise, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("level", "noise", "told"),
    [
        (1.0, 0, set()),
        (1.0, 9, set()),
        (0.3, 9, set()),
        (1.0, 30, set()),
        (0.1, 4, {"dark"}),
        (1.0, 60, {"grainy"}),
    ],
)
def test_told_when_and_only_when_landmarks_suffer(level: float, noise: float, told: set[str]) -> None:
    light = LightMeter().update(room(level, noise), 0.0)
    session = Session()
    for pose in film(lambda t: 0.0, seconds=3):
        session.update(replace(pose, light=light))
    assert {notice.code for notice in session.summary().warnings} == told


def test_the_light_is_looked_at_once_a_second() -> None:
    meter = LightMeter()
    meter.update(room(), 0.0)
    assert meter.update(room(level=0.1), 0.9).brightness > 100
    assert meter.update(room(level=0.1), 1.0).brightness < 25

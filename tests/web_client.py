"""The app without a browser: a client for it, JPEGs for it, and a landmarker that costs nothing."""

import json
import struct
import time

import cv2
import numpy as np
from fastapi.testclient import TestClient

from posecount.types import Pose
from posecount.web import training
from posecount.web.app import create_app
from posecount.web.studio import Studio

HERE = "http://127.0.0.1:8765"
OURS = {"host": "127.0.0.1:8765", "origin": HERE}
HELLO = {"exercise": "heel-raise", "guided": False}


def client(settings=None, lan=None, base_url=HERE):
    return TestClient(create_app(settings, lan), base_url=base_url)


def jpeg(width=320, height=240, flags=()):
    image = np.full((height, width, 3), 90, np.uint8)
    image[height // 4 :, width // 3 :] = (160, 120, 40)
    return cv2.imencode(".jpg", image, [*flags])[1].tobytes()


def packet(captured_ms, picture=None):
    return struct.pack("<d", captured_ms) + (jpeg() if picture is None else picture)


class Quick:
    """Finds nobody, after as long as one is told to."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds

    def detect(self, frame):
        time.sleep(self.seconds)
        height, width = frame.image.shape[:2]
        return Pose(frame.time_s, (width, height), np.full((33, 2), np.nan), np.zeros(33))


def quick_landmarkers(monkeypatch, seconds=0.0, count=1):
    """For every session `count` of them, and nothing measured first."""
    monkeypatch.setattr(training, "_open", lambda stack, model, n: ([Quick(seconds) for _ in range(n)], None))
    monkeypatch.setattr(Studio, "_suited", lambda studio, alone: ("full", count))


def until(socket, kind):
    """The next event of this kind."""
    while True:
        message = json.loads(socket.receive_text())
        if message["event"] == kind:
            return message

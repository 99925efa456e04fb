"""Counts one video with physiocore 0.3.5, in physiocore's own environment: started by benchmarks/peer.py.

Its flags are physiocore's: `--video FILE --voice_enabled False`. The last line printed is JSON: two counts
of the same landmarks: as it is, its hold timer reading the clock on the wall while a file is worked through
as fast as the machine can; and with that timer on the video's clock, as if a camera had been watched live.
"""

import json
import types

import cv2
import numpy as np
from physiocore.ankle_toe_movement import AnkleToeMovementTracker
from physiocore.lib import mp_utils, timer_utils

look = mp_utils.processFrameAndGetLandmarks
seen = []
now = 0.0


def recorded(capture, pose):
    """What physiocore sees in the next frame, kept for the second run."""
    result = look(capture, pose)
    seen.append(result[:2] + result[3:])
    return result


def replayed(capture, pose):
    """The same once more, with the time moved on to that of the frame."""
    global now
    if not frames:
        return False, None, None, None
    success, landmarks, pose_landmarks = frames.pop(0)
    now += 1 / rate
    return success, landmarks, np.zeros((480, 640, 3), np.uint8) if success else None, pose_landmarks


mp_utils.processFrameAndGetLandmarks = recorded
tracker = AnkleToeMovementTracker()
as_it_is = tracker.process_video(display=False)

frames = list(seen)
rate = cv2.VideoCapture(tracker.video).get(cv2.CAP_PROP_FPS)
mp_utils.processFrameAndGetLandmarks = replayed
timer_utils.time = types.SimpleNamespace(time=lambda: now)
media_time = AnkleToeMovementTracker().process_video(display=False)
print(json.dumps({"as it is": as_it_is, "on the video's clock": media_time}))

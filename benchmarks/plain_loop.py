"""What anybody would write: every frame through OpenCV and MediaPipe, the points kept. VIDEO MODEL.task"""

import sys

import cv2
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode


def main(video: str, bundle: str) -> int:
    """How many frames it was."""
    options = PoseLandmarkerOptions(BaseOptions(bundle), RunningMode.VIDEO)
    capture, found = cv2.VideoCapture(video), []
    step_ms = 1000 / capture.get(cv2.CAP_PROP_FPS)
    with PoseLandmarker.create_from_options(options) as landmarker:
        while True:
            there, frame = capture.read()
            if not there:
                return len(found)
            rgb = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
            at_ms = int(len(found) * step_ms)
            found.append(landmarker.detect_for_video(Image(ImageFormat.SRGB, rgb), at_ms).pose_landmarks)


if __name__ == "__main__":
    print(main(*sys.argv[1:]))

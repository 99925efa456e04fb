"""Live at a camera: capture, landmarks, counting and the window each at their own pace.

    capture -> Newest -> lanes (a landmarker each) -> order -> director (the session) -> Newest -> window

Whoever is late takes the newest picture and leaves the others; how many were left is counted.
"""

# Before PyAV, which brings a libxcb of its own: loaded first, OpenCV's windows would hang on it for ever
# (PyAV issue 978).
import cv2 as cv2

"""Live at a camera: capture, landmarks, counting and the window each at their own pace.

    capture -> Newest -> lanes (a landmarker each) -> order -> director (the session) -> Newest -> window

Whoever is late takes the newest picture and leaves the others; how many were left is counted.
"""

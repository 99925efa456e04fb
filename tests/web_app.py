"""The app, for a browser to look at, and a video as that browser's camera."""

import threading
from contextlib import contextmanager

import cv2
import uvicorn

from posecount.video import read
from posecount.web.app import create_app
from posecount.web.listen import listening
from posecount.web.serve import config

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def as_camera(video, file, seconds, width=960):
    """The flags for Chromium to play this video as its camera, 30 pictures a second, again and again."""
    with open(file, "wb") as out:
        for frame in read(video):
            if frame.time_s >= seconds:
                break
            scale = width / frame.image.shape[1]
            small = cv2.resize(frame.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            out.write(cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [1, 92])[1].tobytes())
    return (*CAMERA, f"--use-file-for-fake-video-capture={file}")


@contextmanager
def serving(settings=None, lan=None):
    """The app in a thread; yields its address."""
    listener = listening("127.0.0.1", 0, "")
    server = uvicorn.Server(config(create_app(settings, lan)))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def watched(page):
    """The same page; what it asks of anyone is in `page.asked`, what goes wrong in it in `page.errors`."""
    page.set_default_timeout(60_000)
    page.asked, page.errors = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda line: page.errors.append(line.text) if line.type == "error" else None)
    return page

"""Cameras that fail: told in plain words, tried again, and the session goes on."""

import http.server
import os
import threading
import time
from itertools import cycle

import cv2
import numpy as np
import pytest

from posecount.errors import PosecountError
from posecount.live import camera
from posecount.live.camera import Camera, hidden, why_not
from posecount.live.stamps import Stamps
from posecount.notices import MESSAGES
from posecount.words import Words

GREY = np.full((48, 64, 3), 120, np.uint8)
BLACK = np.zeros((48, 64, 3), np.uint8)
CAMERA_WORDS = ("camera_gone", "camera_silent", "camera_stalled", "camera_black", "camera_frozen")


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    for name, value in [("STALLED_S", 0.2), ("GONE_S", 0.5), ("BACK_OFF_S", (0.02, 0.05)), ("BLACK_S", 0.2)]:
        monkeypatch.setattr(camera, name, value)


class Scripted:
    """A capture that gives `pictures` at 100 a second, then fails, or hangs."""

    def __init__(self, pictures, hangs_s=0.0):
        self.pictures, self.hangs_s, self.released = list(pictures), hangs_s, False

    def read(self):
        time.sleep(0.01)
        if self.pictures:
            return True, self.pictures.pop(0)
        time.sleep(self.hangs_s)
        return False, None

    def get(self, key):
        return 0.0  # a driver without a clock

    def release(self):
        self.released = True


def run(captures, until, timeout_s=5.0, wait_s=0.0):
    """Shots and troubles of a camera whose connections are `captures` in turn; None fails to open."""
    turn = iter(captures)

    def opened(source):
        capture = next(turn, None)
        if capture is None:
            raise PosecountError("not there")
        return capture, 100.0

    shots, told, stop = [], [], threading.Event()
    cam = Camera("0", opened)
    time.sleep(wait_s)
    thread = threading.Thread(target=cam.run, args=(shots.append, lambda *each: told.append(each), stop))
    thread.start()
    ended = time.monotonic() + timeout_s
    while not until(shots, told) and time.monotonic() < ended:
        time.sleep(0.01)
    stop.set()
    thread.join(timeout=2)
    assert not thread.is_alive()
    return shots, told


def codes(told):
    return [(code, bool(text)) for code, text in told]


def test_pulled_and_returned_ten_times_goes_on_in_one_time():
    captures = []
    for _ in range(10):
        captures += [Scripted([GREY] * 5), None, None]
    captures.append(Scripted([GREY] * 5))
    used = [each for each in captures if each]
    shots, told = run(captures, lambda shots, told: len(shots) >= 55)
    assert len(shots) >= 45
    times = [shot.frame.time_s for shot in shots]
    assert times == sorted(times) and len(set(times)) == len(times)
    assert codes(told)[:20] == [("camera-lost", True), ("camera-lost", False)] * 10
    assert all(each.released for each in used[:10])


def test_a_driver_that_hangs_is_left_behind():
    hanging = Scripted([GREY] * 3, hangs_s=2.0)
    shots, told = run([hanging, Scripted([GREY] * 5)], lambda shots, told: len(shots) >= 8)
    assert len(shots) >= 7
    stalled = codes(told)[:4]
    assert stalled == [
        ("camera-stalled", True),
        ("camera-stalled", False),
        ("camera-lost", True),
        ("camera-lost", False),
    ]


def test_a_black_picture_is_told_and_so_is_its_end():
    _, told = run([Scripted([BLACK] * 40 + [GREY] * 200)], lambda shots, told: len(told) >= 2)
    assert codes(told) == [("camera-black", True), ("camera-black", False)]


def test_a_good_camera_is_no_news():
    shots, told = run([Scripted([GREY] * 500)], lambda shots, told: len(shots) >= 20)
    assert told == []
    assert (shots[0].frame.image == 120).all()


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="Linux's words")
def test_why_a_camera_does_not_open(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    assert "there is no camera" in why_not(str(tmp_path / "video9"))
    device = tmp_path / "video0"
    device.touch()
    assert "other program" in why_not(str(device))
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "no permission" in why_not(str(device)) and "group video" in why_not(str(device))


def test_a_password_is_not_shown():
    assert hidden("rtsp://me:secret@10.0.0.2/live") == "rtsp://10.0.0.2/live"
    assert "secret" not in why_not("rtsp://me:secret@10.0.0.2/live")


def test_a_camera_that_is_not_there_is_told_at_once():
    with pytest.raises(PosecountError, match=r"there is no camera|no pictures from"):
        Camera("77")


class Phone:
    """A phone's camera app: pictures over HTTP, until it is put away."""

    def __init__(self, port=0):
        self.on = True
        noise = np.random.default_rng(1).integers(60, 200, (2, 48, 64, 3), np.uint8)
        pictures = cycle(cv2.imencode(".jpg", each)[1].tobytes() for each in noise)
        phone = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=x")
                self.end_headers()
                head = b"--x\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
                try:
                    while phone.on:
                        picture = next(pictures)
                        self.wfile.write(head % len(picture) + picture + b"\r\n")
                        time.sleep(0.02)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def put_away(self):
        self.on = False
        self.server.shutdown()
        self.server.server_close()


def test_a_phone_over_http_that_goes_and_comes_back():
    phone = Phone()
    cam = Camera(f"http://127.0.0.1:{phone.port}/video")
    shots, told, stop = [], [], threading.Event()
    thread = threading.Thread(target=cam.run, args=(shots.append, lambda *each: told.append(each), stop))
    thread.start()

    def wait(condition):
        ended = time.monotonic() + 15
        while not condition() and time.monotonic() < ended:
            time.sleep(0.02)
        assert condition(), (len(shots), told)

    wait(lambda: len(shots) > 5)
    phone.put_away()
    wait(lambda: ("camera-lost", True) in codes(told))
    seen = len(shots)
    again = Phone(phone.port)
    wait(lambda: len(shots) > seen + 5)
    assert codes(told)[-1] == ("camera-lost", False)
    stop.set()
    thread.join(timeout=5)
    again.put_away()


def test_a_picture_that_stands_still_is_told_and_so_is_its_end(monkeypatch):
    monkeypatch.setattr(camera, "FROZEN_S", 0.2)
    noisy = [np.full_like(GREY, 100 + n % 7) for n in range(100)]
    _, told = run([Scripted([GREY] * 40 + noisy)], lambda shots, told: len(told) >= 2)
    assert codes(told) == [("camera-frozen", True), ("camera-frozen", False)]


def test_troubles_are_told_in_the_language_asked_for():
    assert all(Words("de")(f"live.{code}") != Words("en")(f"live.{code}") for code in CAMERA_WORDS)
    english = Words("en")
    known = {code: text for code, text in MESSAGES.items() if f"notice.{code}" in english}
    assert known and all(english(f"notice.{code}") == text for code, text in known.items())


def arrivals(true_s, late_s):
    """Times made of stamps on a clock of their own, 1000 s ahead."""
    stamps = Stamps()
    return [stamps.time_s(at_s + late, at_s + 1000) for at_s, late in zip(true_s, late_s, strict=True)]


def test_pictures_that_come_in_bursts_have_the_times_at_which_they_were_taken():
    true_s = np.arange(300) / 30
    late_s = np.abs(np.random.default_rng(1).normal(0, 0.03, 300)) + 0.02
    late_s[100:130] += np.linspace(1.0, 0.0, 30)  # the network stalls for a second, then gives all of it
    times = np.array(arrivals(true_s, late_s))
    assert np.diff(times).min() > 0
    assert np.diff(times)[60:] == pytest.approx(1 / 30, abs=0.006)
    assert np.diff(true_s + late_s)[60:].min() < 0, "the test should be hard"


@pytest.mark.parametrize("stamp", [lambda n: 0.0, lambda n: float("nan"), lambda n: n * 0.01, lambda n: -n])
def test_stamps_that_are_no_clock_do_no_harm(stamp):
    stamps = Stamps()
    times = [stamps.time_s(n / 15, stamp(n)) for n in range(600)]
    late_s = np.arange(600) / 15 - times
    assert np.diff(times).min() > 0 and late_s.min() >= -1e-9 and late_s.max() < 3


def test_what_piled_up_before_the_session_is_left_out():
    shots, _ = run([Scripted([GREY] * 300)], lambda shots, told: len(shots) >= 3, wait_s=0.5)
    assert shots[0].frame.time_s < 0.2 and len(shots) < 20

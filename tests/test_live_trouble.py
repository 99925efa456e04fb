"""The real command in trouble: killed, disk full or read-only, beside another, the camera comes and goes."""

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import cv2
import pytest

from posecount.store import Store
from posecount.video import Writer, probe, read

RAISES = Path(__file__).parents[1] / "sample_videos" / "heel_raises.mp4"
SIX_SECONDS = 180  # pictures
PULLED = 10
RATE = 30

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and limits")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path, info = tmp_path_factory.mktemp("trouble") / "clip.mp4", probe(RAISES)
    with Writer(path, (info.width, info.height), info.fps) as writer:
        for frame in islice(read(RAISES), SIX_SECONDS):
            writer.write(frame.image, frame.time_s)
    return path


@contextmanager
def live(*arguments, **more):
    command = [
        sys.executable,
        "-m",
        "posecount",
        "live",
        "--no-window",
        "--model",
        "full",
        *map(str, arguments),
    ]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes, **more) as process:
        try:
            yield process
        finally:
            process.kill()


def lived(*arguments, **more):
    """The events of a session to its end, and what it said on stderr."""
    with live(*arguments, **more) as process:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return [json.loads(line) for line in out.splitlines()], err


def kinds(events, kind):
    return [event for event in events if event["event"] == kind]


def saved(url):
    with Store(url) as store:
        return store.sessions()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/history.sqlite3"


def test_killed_in_the_middle_of_a_set(clip, url):
    with live("--realtime", clip, "--store", url) as process:
        for line in process.stdout:
            if json.loads(line)["event"] == "rep":
                break
        time.sleep(0.3)  # the disk has been told; no longer than a blink
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
    (record,) = saved(url)
    assert record.smooth >= 1 and record.exercise == "heel-raise" and not record.finished
    shown = subprocess.run(
        [sys.executable, "-m", "posecount", "history", "--store", url],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{record.smooth} of" in shown.stdout


def test_two_sessions_at_once_keep_all_of_both(clip, url):
    with live("--realtime", clip, "--store", url) as other:
        events, err = lived("--realtime", clip, "--store", url)
        out, other_err = other.communicate(timeout=120)
    both = kinds(events, "rep") + kinds(map(json.loads, out.splitlines()), "rep")
    assert not err and not other_err
    records = saved(url)
    assert len(records) == 2 and all(record.finished for record in records)
    assert sum(each.smooth + each.jerky + each.partial for each in records) == len(both)


def test_a_full_disk_is_told_and_counting_goes_on(clip, tmp_path, url):
    import resource

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    arguments = ["--realtime", clip, "--store", url, "--record", tmp_path / "r.mp4"]
    events, err = lived(*arguments, preexec_fn=fill)
    assert kinds(events, "rep")
    assert {trouble["code"] for trouble in kinds(events, "trouble")} == {"history", "recording"}
    assert "not being saved" in err and "recording has stopped" in err
    assert len(err.splitlines()) == 2
    assert not (tmp_path / "r.mp4").exists()


def test_a_read_only_history_is_told_and_counting_goes_on(clip, url):
    with Store(url):
        pass
    read_only = url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    events, err = lived("--realtime", clip, "--store", read_only)
    assert kinds(events, "rep")
    first, last = err.splitlines()
    assert "read-only; make the file and its folder writable" in first
    assert f"{len(kinds(events, 'rep'))} events" in last


class Phone:
    """A phone's camera app with someone who exercises before it; `pull` ends the connection of the moment."""

    def __init__(self):
        small = [cv2.resize(frame.image, (640, 360)) for frame in islice(read(RAISES), SIX_SECONDS)]
        self._pictures = [cv2.imencode(".jpg", each[:, :, ::-1])[1].tobytes() for each in small]
        self._pulls = 0
        phone = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=x")
                self.end_headers()
                phone.send(self.wfile)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/video"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def send(self, out):
        pulls, began_s = self._pulls, time.monotonic()
        while self._pulls == pulls:
            picture = self._pictures[int((time.monotonic() - began_s) * RATE) % len(self._pictures)]
            head = f"--x\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            try:
                out.write(head.encode() + picture + b"\r\n")
            except OSError:
                return
            time.sleep(1 / RATE)

    def pull(self):
        self._pulls += 1

    def close(self):
        self.pull()
        self._server.shutdown()
        self._server.server_close()


def test_a_camera_pulled_and_returned_ten_times_loses_nothing(url):
    with closing(Phone()) as phone, live("--camera", phone.url, "--store", url) as process:
        events, codes = [], []
        for line in process.stdout:
            events.append(json.loads(line))
            kind, code = events[-1]["event"], events[-1].get("code")
            if kind == "rep" and not codes:
                phone.pull()
            if code == "camera-lost":
                codes.append(kind)
                if kind == "recovered" and codes.count("recovered") < PULLED:
                    phone.pull()
                elif kind == "recovered":
                    process.send_signal(signal.SIGTERM)
        err = process.stderr.read()
        assert process.wait(timeout=30) == 0
    assert codes == ["trouble", "recovered"] * PULLED
    assert err.count("camera has gone") == PULLED
    (record,) = saved(url)
    assert record.finished
    assert record.smooth + record.jerky + record.partial == len(kinds(events, "rep")) >= 1
    assert kinds(events, "report")

"""A real window on a virtual screen: it shows, the keys work, and it closes in order."""

import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from posecount.errors import PosecountError
from posecount.live import window
from posecount.video import Writer

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)


@pytest.fixture(scope="module")
def display():
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-noreset", "-displayfd", str(writer), "-screen", "0", "1600x1000x24"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait()


@pytest.fixture
def clip(tmp_path):
    with Writer(tmp_path / "clip.mp4", (640, 360), 30) as writer:
        for number in range(600):
            writer.write(np.full((360, 640, 3), 150, np.uint8), number / 30)
    return tmp_path / "clip.mp4"


def xdotool(display, *arguments):
    done = subprocess.run(
        ["xdotool", *arguments], env=os.environ | {"DISPLAY": display}, capture_output=True, text=True
    )
    return done.stdout.split()


KEYBOARD = """if 1:
    import time
    import numpy as np
    import posecount.live
    from posecount.live.window import Window

    with Window() as window:
        window.show(np.full((90, 160, 3), 99, np.uint8))
        while True:
            if key := window.key():
                print(key, flush=True)
            time.sleep(0.005)
"""


def test_every_key_is_heard(display):
    environment = os.environ | {"DISPLAY": display}
    keyboard = [sys.executable, "-c", KEYBOARD]
    with subprocess.Popen(keyboard, env=environment, stdout=subprocess.PIPE, text=True) as process:
        found = opened(display, process)
        keys = {"Escape": "esc", "space": "space"} | {key: key.lower() for key in "qrcsmnhQ"}
        for pressed, heard in keys.items():
            xdotool(display, "windowfocus", found, "key", pressed)
            assert process.stdout.readline().strip() == heard
        process.kill()


def opened(display, process):
    """The window, once it is there."""
    found, ended = [], time.monotonic() + 60
    while not found and time.monotonic() < ended and process.poll() is None:
        time.sleep(0.2)
        found = xdotool(display, "search", "--onlyvisible", "--name", f"^{window.NAME}$")
    assert found, process.communicate(timeout=5)
    return found[-1]


def test_it_shows_hears_keys_and_ends_on_q(display, clip, tmp_path):
    command = ["live", "--realtime", clip, "--model", "full", "--mute", "--record", tmp_path / "r.mp4"]
    process = subprocess.Popen(
        [sys.executable, "-m", "posecount", *map(str, command)],
        env=os.environ | {"DISPLAY": display, "POSECOUNT_STORE": f"sqlite:///{tmp_path}/h.sqlite3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    found, ended = opened(display, process), time.monotonic() + 60
    while process.poll() is None and time.monotonic() < ended:
        for key in ("h", "space", "q"):
            xdotool(display, "windowfocus", found, "key", key)
            time.sleep(0.5)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0 and not err, err
    assert out.startswith("Model: full")
    assert (tmp_path / "r.mp4").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="where Qt ends a program that has no display")
@pytest.mark.parametrize("name", ["", ":987"])
def test_without_a_display_it_is_said_in_one_line(monkeypatch, name):
    monkeypatch.setenv("DISPLAY", name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(PosecountError, match="--no-window"):
        window.check_display()

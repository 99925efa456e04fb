"""MediaPipe's usage reports stay home; the same runs without our switch show that they would be seen."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from posecount import finder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measured on Linux only")

RUN = """
from posecount import finder, pose, speed, video
from posecount.types import Frame
{switch}
image = next(video.read(speed.PERSON)).image
with pose.Landmarker("full") as landmarker:
    assert landmarker.detect(Frame(0.0, image)).people == 1
    landmarker.detect(Frame(0.1, image))
"""
ON = RUN.format(switch="")
OFF = RUN.format(switch="finder._keep_metrics_home = lambda: None")
SENT = re.compile(r"(?:connect|bind|send\w*)\(.*sa_family=AF_INET|sendm?msg.*googleapis")


def run(code: str, env: dict[str, str], *before: str) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    subprocess.run([*before, sys.executable, "-c", code], env={**clean, **env}, check=True)


class Proxy:
    """Keeps the first line of whatever connects."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(4096).decode(errors="replace").partition("\r\n")[0])

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    server = Proxy()
    yield server
    server.close()


def test_no_report_goes_to_the_users_proxy(proxy: Proxy) -> None:
    run(ON, dict.fromkeys(("https_proxy", "HTTPS_PROXY", "all_proxy"), proxy.url))
    assert proxy.asked == []


def test_without_the_switch_the_report_would_be_seen(proxy: Proxy) -> None:
    run(OFF, {"https_proxy": proxy.url})
    assert f"CONNECT {finder.METRICS_HOST}:443 HTTP/1.1" in proxy.asked


def sent(tmp_path: Path, code: str, env: dict[str, str]) -> list[str]:
    """The system calls that address another machine, names asked for included."""
    if (
        not shutil.which("strace")
        or subprocess.run(["strace", "-qq", "true"], stderr=subprocess.DEVNULL).returncode
    ):
        pytest.skip("needs strace, and the right to use it: apt install strace")
    trace = tmp_path / "trace"
    run(code, env, "strace", "-f", "-qq", "-e", "trace=network", "-s", "200", "-o", str(trace))
    return [line for line in trace.read_text().splitlines() if SENT.search(line)]


@pytest.mark.parametrize("exempt", ["", "*", "localhost, .googleapis.com"])
def test_nothing_is_sent_nor_any_name_asked_for(tmp_path: Path, exempt: str) -> None:
    assert sent(tmp_path, ON, {"no_proxy": exempt}) == []


def test_without_the_switch_something_would_be(tmp_path: Path) -> None:
    assert sent(tmp_path, OFF, {}) != []


def test_python_keeps_its_proxies() -> None:
    code = """if 1:
        import ctypes, os
        from posecount import finder
        finder._keep_metrics_home()
        assert os.environ["https_proxy"] == "http://mine:1"
        assert os.environ["no_proxy"] == "camera.lan,.googleapis.com"
        getenv = ctypes.CDLL(None).getenv
        getenv.restype = ctypes.c_char_p
        assert getenv(b"no_proxy") == b"camera.lan"
        assert not getenv(b"https_proxy").startswith(b"http")
    """
    run(code, {"https_proxy": "http://mine:1", "no_proxy": "camera.lan,.googleapis.com"})

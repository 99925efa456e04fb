"""`posecount serve`, as a program of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from posecount import cli
from posecount.web import lan, serve


@contextmanager
def program(tmp_path, *arguments):
    """Started; its first lines, up to the one that says where it is."""
    known = os.environ | {
        "POSECOUNT_STORE": f"sqlite:///{tmp_path / 'history.sqlite3'}",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "posecount", *arguments]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=known,
        start_new_session=True,
        # Whoever runs the tests in the background lets them ignore Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    lines = []
    try:
        for line in running.stdout:
            lines.append(line)
            if "posecount is at" in line:
                break
        yield running, "".join(lines)
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def told(lines):
    return lines.rpartition("posecount is at ")[2].split(" ")[0]


def test_it_says_where_it_is_answers_and_ends_with_ctrl_c(tmp_path):
    with program(tmp_path, "serve", "--port", "0") as (running, lines):
        url = told(lines)
        assert "only on this machine" in lines
        assert b"posecount" in urllib.request.urlopen(url).read()
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == cli.STOPPED
        assert "Traceback" not in running.stdout.read()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="asks Linux who listens")
def test_it_listens_on_loopback_only(tmp_path):
    with program(tmp_path, "serve", "--port", "0") as (_, lines):
        port = int(told(lines).rstrip("/").rpartition(":")[2])
        sockets = [line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [here for here, _, state in sockets if state == "0A" and here.endswith(f":{port:04X}")]
    assert listening == [f"0100007F:{port:04X}"]


def test_without_a_command_the_browser_opens(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(serve, "serve", lambda *given: asked.append(given))
    monkeypatch.setattr(sys, "argv", ["posecount"])
    assert cli.main() == 0
    ((_, port, browser, phone),) = asked
    assert (port, browser, phone) == (8765, True, False)


def test_a_port_that_is_taken_is_one_line(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert cli.main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    assert "taken" in capsys.readouterr().err


def test_started_twice_the_browser_opens_the_first(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(serve.webbrowser, "open", opened.append)
    with program(tmp_path, "serve", "--port", "0") as (_, lines):
        url = told(lines)
        time.sleep(0.5)
        assert cli.main(["serve", "--browser", "--port", url.rstrip("/").rpartition(":")[2]]) == 0
    assert opened == [url]


def test_a_code_for_the_phone_is_drawn_in_the_terminal(tmp_path, monkeypatch):
    try:
        lan.own_address()
    except lan.PosecountError:
        pytest.skip("this machine is in no network")
    with program(tmp_path, "serve", "--port", "0", "--lan") as (_, lines):
        assert "https://" in lines and "/phone#" in lines
        assert "▀" in lines and "fingerprint" in lines
        address = lines.partition("https://")[2].partition("/")[0]
        host, _, port = address.partition(":")
        with socket.create_connection((host, int(port)), timeout=5):
            pass

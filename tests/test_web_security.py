"""What others could try against the app, tried."""

import asyncio
import json
import os
import re
import socket
import tempfile
import time

import cv2
import pytest
import websockets
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from web_app import serving
from web_client import HELLO, OURS, client, jpeg, packet, quick_landmarkers, until
from websockets.sync.client import connect

from posecount.web import uploads
from posecount.web.lan import Lan
from posecount.web.link import Link
from posecount.web.pairing import COOKIE, LIFE_S, Pairing
from posecount.web.picture import Unreadable, decoded, size_px
from posecount.web.settings import Settings

PAGES = ("/", "/analyse", "/history", "/exercises")
STRANGE_HOSTS = ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.7", "[::", "")
STRANGE_ORIGINS = ("https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:8765", None)
DOOR = "https://192.168.1.7:8766"


@pytest.fixture
def settings(tmp_path):
    return Settings(store=f"sqlite:///{tmp_path / 'history.sqlite3'}", model="full")


def closed(socket):
    """Why the other side closes."""
    with pytest.raises(WebSocketDisconnect) as ended:
        while True:
            socket.receive_text()
    return ended.value


def headers(**changes):
    return {name: value for name, value in (OURS | changes).items() if value is not None}


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_a_name_that_was_made_to_mean_this_machine_is_refused(host, settings):
    asking = client(settings)
    assert asking.get("/history", headers={"host": host}).status_code == 403
    strange = {"host": host, "origin": f"http://{host}"}
    with pytest.raises(WebSocketDisconnect), asking.websocket_connect("/ws/live", headers=strange):
        pass


@pytest.mark.parametrize("origin", STRANGE_ORIGINS)
def test_a_page_from_elsewhere_changes_nothing_and_opens_no_socket(origin, settings):
    asking = client(settings)
    for method, path in (("POST", "/api/phone"), ("DELETE", "/api/phone"), ("POST", "/analyse/jobs")):
        assert asking.request(method, path, headers=headers(origin=origin)).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        asking.websocket_connect("/ws/live", headers=headers(origin=origin)),
    ):
        pass


def test_our_own_names_are_answered(settings):
    for host in ("127.0.0.1:8765", "localhost:8765", "[::1]:8765"):
        assert client(settings).get("/", headers={"host": host}).status_code == 200


def test_what_a_page_from_elsewhere_would_embed_is_refused_but_a_link_works(settings):
    asking, cross = client(settings), {"sec-fetch-site": "cross-site"}
    assert asking.get("/history", headers=cross | {"sec-fetch-mode": "no-cors"}).status_code == 403
    assert asking.get("/history", headers=cross | {"sec-fetch-mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_pages_allow_nothing_but_our_own_files(path, settings):
    answer = client(settings).get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert not re.search(r"<script>|\son\w+=|\sstyle=|<style", answer.text)  # the policy would not allow them
    assert not re.search(r"""(src|href)=["'](https?:)?//""", answer.text.replace('href="https://doi.org', ""))


def test_nothing_else_is_served(settings):
    asking = client(settings)
    paths = (
        "/docs",
        "/openapi.json",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/fonts/..%2f__init__.py",
    )
    for path in paths:
        assert asking.get(path).status_code == 404
    assert asking.get("/static//etc/passwd").status_code == 404


# The door for phones


def door(settings, clock=time.monotonic):
    lan = Lan()
    lan.pairing = Pairing(clock)
    lan.host = DOOR.removeprefix("https://")
    return lan, client(settings, lan, base_url=DOOR)


def show(asking, token):
    return asking.post("/phone/pair", json={"token": token}, headers={"origin": DOOR})


def camera(asking):
    at_door = {"host": DOOR.removeprefix("https://"), "origin": DOOR}
    return asking.websocket_connect(f"{DOOR.replace('https', 'wss')}/ws/camera", headers=at_door)


def test_no_token_no_camera(settings):
    _, asking = door(settings)
    with pytest.raises(WebSocketDisconnect), camera(asking):
        pass
    assert asking.get("/phone").status_code == 200  # says what to do, and knows nothing


@pytest.mark.parametrize("token", ["", "wrong", "x" * 64, "\N{SNOWMAN}"])
def test_a_wrong_token_is_refused_and_the_right_one_still_good(token, settings):
    lan, asking = door(settings)
    right = lan.pairing.token
    assert show(asking, token).status_code == 403
    assert not asking.cookies
    assert show(asking, right).status_code == 204


def test_a_token_is_good_once_and_not_for_long(settings):
    now = [0.0]
    lan, asking = door(settings, lambda: now[0])
    first = lan.pairing.token
    assert show(asking, first).status_code == 204
    assert show(asking, first).status_code == 403
    second = lan.pairing.token
    assert second != first
    now[0] += LIFE_S
    assert show(asking, second).status_code == 403
    assert lan.pairing.token != second


def test_the_cookie_is_kept_from_scripts_and_from_the_open(settings):
    lan, asking = door(settings)
    cookie = show(asking, lan.pairing.token).headers["set-cookie"]
    assert "Secure" in cookie and "HttpOnly" in cookie and "samesite=strict" in cookie.lower()


@pytest.mark.parametrize("cookie", [None, "guess"])
def test_a_phone_is_a_camera_and_nothing_else(cookie, settings):
    lan, asking = door(settings)
    if cookie is None:
        show(asking, lan.pairing.token)
        with camera(asking) as connected:
            connected.send_bytes(packet(0))
            assert json.loads(connected.receive_text())["event"] == "waiting"
    else:
        asking.cookies.set(COOKIE, cookie)
        with pytest.raises(WebSocketDisconnect), camera(asking):
            pass
    for path in (*PAGES, "/analyse/jobs/1", "/history/export.csv"):
        assert asking.get(path).status_code == 403
    assert asking.post("/api/phone", headers={"origin": DOOR}).status_code == 403
    assert asking.post("/analyse/jobs", content=b"x", headers={"origin": DOOR}).status_code == 403


def test_a_phone_that_is_forgotten_or_replaced_is_strange_again(settings):
    lan, asking = door(settings)
    show(asking, lan.pairing.token)
    other = TestClient(asking.app, base_url=DOOR)
    show(other, lan.pairing.token)
    with pytest.raises(WebSocketDisconnect), camera(asking):
        pass
    lan.pairing.forget()
    with pytest.raises(WebSocketDisconnect), camera(other):
        pass


def test_the_door_is_shut_until_asked_for():
    assert Lan().host == ""
    assert client(lan=Lan(), base_url="https://:8766").get("/phone").status_code == 403


# Files from the browser


def receiving(folder):
    app = FastAPI()

    @app.post("/upload")
    async def upload(request: uploads.Request, name: str = ""):
        return {"path": str(await uploads.receive(request, folder))}

    return TestClient(app)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x", "/etc/passwd", "a\0b", "x" * 5000, "con"])
def test_a_name_is_never_part_of_the_path(name, tmp_path):
    answer = receiving(tmp_path).post("/upload", params={"name": name}, content=b"video")
    (kept,) = tmp_path.iterdir()
    assert answer.json()["path"] == str(kept)
    assert re.fullmatch("[0-9a-f]{32}", kept.name)


def test_two_gigabytes_are_refused_before_they_are_sent(settings):
    with (
        serving(settings) as url,
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as wire,
    ):
        here = url.removeprefix("http://")
        wire.sendall(
            f"POST /analyse/jobs?name=big.mp4 HTTP/1.1\r\nHost: {here}\r\nOrigin: {url}\r\n"
            f"Content-Length: {2 << 30}\r\n\r\n".encode()
        )
        wire.settimeout(10)
        assert b" 413 " in wire.recv(100)


def test_who_does_not_say_how_much_is_cut_off_and_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 1 << 20)
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield bytes(1 << 16)

    endless_for_us = (piece for piece, _ in zip(endless(), range(1000), strict=False))
    assert receiving(tmp_path).post("/upload", content=endless_for_us).status_code == 413
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_refused(tmp_path):
    assert receiving(tmp_path).post("/upload").status_code == 400
    assert list(tmp_path.iterdir()) == []


def test_no_other_request_is_read_without_end(settings):
    asking = client(settings)
    right = json.dumps({"token": asking.app.state.lan.pairing.token})
    answer = asking.post("/phone/pair", content=b" " * (1 << 20) + right.encode(), headers=OURS)
    assert answer.status_code == 400


# Pictures


def bomb(width, height, marker=b"\xc0"):
    return b"\xff\xd8\xff" + marker + b"\x00\x11\x08" + height.to_bytes(2) + width.to_bytes(2) + bytes(300)


@pytest.mark.parametrize(
    "picture",
    [
        bomb(65535, 65535),
        bomb(1921, 1920),
        bomb(0, 0),
        bomb(320, 240, b"\xc2"),
        jpeg(flags=(cv2.IMWRITE_JPEG_PROGRESSIVE, 1)),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"GIF89a" + bytes(100),
        b"\xff\xd8" + b"\xff" * 5000,
        b"\xff\xd8" + b"\xff\xe0\x00\x00" * 500,
        b"",
    ],
)
def test_bombs_are_known_by_their_header(picture):
    with pytest.raises(Unreadable):
        size_px(picture)


@pytest.mark.parametrize(("width", "height"), [(320, 240), (1920, 1080), (1080, 1920), (65, 333)])
def test_sizes_are_read_from_the_header(width, height):
    assert size_px(jpeg(width, height)) == (width, height)
    assert decoded(jpeg(width, height)).shape == (height, width, 3)


def test_what_comes_before_the_size_is_passed_over():
    plain = jpeg()
    exif = b"\xff\xe1\x00\x08Exif\0\0"
    assert size_px(plain[:2] + exif * 3 + b"\xff\xff" + plain[2:]) == (320, 240)


def test_a_damaged_picture_ends_nothing(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, asking.websocket_connect("/ws/live", headers=OURS) as live:
        live.send_json(HELLO)
        until(live, "ready")
        for time_ms, broken in enumerate((jpeg()[:300], jpeg()[:-400], jpeg()[:600] + bytes(5000))):
            live.send_bytes(packet(time_ms, broken))
        live.send_bytes(packet(9))
        while until(live, "scene")["captured"] != 9:
            pass
        live.send_json({"stop": True})
        assert closed(live).code == 1000


# Messages


MALFORMED = (
    "no json",
    "[]",
    "[" * 1000,
    '{"key": "q"}',
    '{"key": {"a": 1}}',
    '"x"',
    "x" * 5000,
    b"",
    b"12345678",
    packet(float("nan")),
    packet(float("inf")),
    packet(1e300),
    packet(-5),
    packet(0, bomb(65535, 65535)),
)


@pytest.mark.parametrize("message", MALFORMED)
def test_a_malformed_message_closes_that_connection_only(message, settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, asking.websocket_connect("/ws/live", headers=OURS) as good:
        good.send_json(HELLO)
        until(good, "ready")
        with asking.websocket_connect("/ws/live", headers=OURS) as bad:
            bad.send_json(HELLO)
            until(bad, "ready")
            bad.send_bytes(message) if isinstance(message, bytes) else bad.send_text(message)
            assert closed(bad).code == 1008
        good.send_bytes(packet(1))
        assert until(good, "scene")["captured"] == 1


@pytest.mark.parametrize("hello", ['{"exercise": "jogging"}', '{"side": []}', '{"programme": "../x"}'])
def test_what_is_not_known_is_refused_in_words(hello, settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, asking.websocket_connect("/ws/live", headers=OURS) as live:
        live.send_text(hello)
        assert until(live, "refused")["message"]
        assert closed(live).code == 1013


def test_time_must_go_on(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, asking.websocket_connect("/ws/live", headers=OURS) as live:
        live.send_json(HELLO)
        until(live, "ready")
        live.send_bytes(packet(50))
        live.send_bytes(packet(50))
        assert closed(live).reason == "the time of pictures must increase"


def test_a_million_tiny_messages_end_their_connection_only(settings, monkeypatch):
    quick_landmarkers(monkeypatch)

    handled = []
    count = Link._count
    monkeypatch.setattr(Link, "_count", lambda link: (handled.append(1), count(link)))

    async def flood(url):
        async with websockets.connect(f"{url.replace('http', 'ws')}/ws/live", origin=url) as wire:
            await wire.send(json.dumps(HELLO))
            await wire.recv()
            with pytest.raises(websockets.ConnectionClosed) as ended:
                for _ in range(1_000_000):
                    await wire.send('{"key": "space"}')
                while True:  # on a busy machine all of them may be on their way before it answers
                    await wire.recv()
        return ended.value.rcvd

    with serving(settings) as url:
        ended = asyncio.run(flood(url))
        assert ended is None or ended.code == 1008  # in the flood the reason may get lost
        assert len(handled) < 2000
        with connect(f"{url.replace('http', 'ws')}/ws/live", origin=url) as next_one:
            next_one.send(json.dumps(HELLO))
            assert json.loads(next_one.recv())["event"] == "ready"


def test_a_message_of_many_megabytes_is_not_even_read(settings):
    with serving(settings) as url:
        address = f"{url.replace('http', 'ws')}/ws/live"
        with connect(address, origin=url, max_size=None) as wire:
            with pytest.raises(websockets.ConnectionClosed) as ended:
                wire.send(bytes(20 << 20))
                wire.recv()
        assert ended.value.rcvd is None or ended.value.rcvd.code == 1009


def test_whoever_says_nothing_is_sent_away(settings, monkeypatch):
    monkeypatch.setattr("posecount.web.live.HELLO_S", 0.05)
    with client(settings) as asking, asking.websocket_connect("/ws/live", headers=OURS) as live:
        assert closed(live).code == 1001


# Pictures are not kept


def test_frames_are_stored_only_when_asked_for(settings, monkeypatch, tmp_path):
    quick_landmarkers(monkeypatch)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    os.mkdir(tmp_path / "tmp")
    for record, videos in ((None, 0), (tmp_path / "kept", 1)):
        asked = Settings(settings.store, "full", record)
        with client(asked) as asking, asking.websocket_connect("/ws/live", headers=OURS) as live:
            live.send_json(HELLO)
            until(live, "ready")
            for time_ms in (0, 40, 80):
                live.send_bytes(packet(time_ms))
                until(live, "scene")
            live.send_json({"stop": True})
            closed(live)
        files = [file for file in tmp_path.rglob("*") if file.is_file() and "sqlite" not in file.name]
        assert [file.suffix for file in files] == [".mkv"] * videos

"""Live sessions of the web app: in order, fair, at most eight, stored like those at the window."""

import asyncio
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from live_poses import recorded
from web_client import HELLO, OURS, Quick, client, jpeg, packet, quick_landmarkers, until

from posecount.session import Session
from posecount.store import Store
from posecount.web import link, training
from posecount.web.lanes import Lanes, Packet
from posecount.web.outbox import MOST, Outbox
from posecount.web.settings import Settings
from posecount.web.studio import PLACES, Studio
from posecount.web.training import ASTRAY_S, MediaClock


@pytest.fixture
def settings(tmp_path):
    return Settings(store=f"sqlite:///{tmp_path / 'history.sqlite3'}", model="full")


def opened(stack, asking, hello=HELLO):
    live = stack.enter_context(asking.websocket_connect("/ws/live", headers=OURS))
    live.send_json(hello)
    return live


class Heard:
    """A listener that remembers."""

    def __init__(self):
        self.times, self.errors = [], []

    def found(self, packet, shot, pose):
        self.times.append(packet.time_s)

    def failed(self, error):
        self.errors.append(error)


def feed(lanes, seats, seconds, fps=30):
    """Everyone's camera at once; how often each was served."""
    end_s, time_s = time.monotonic() + seconds, 0.0
    picture = jpeg(64, 64)
    while time.monotonic() < end_s:
        for seat in seats:
            lanes.put(seat, Packet(time_s * 1000, time_s, time.monotonic(), picture))
        time_s += 1 / fps
        time.sleep(1 / fps)


def test_eight_are_served_in_turn_and_nobody_waits_for_more_than_a_round():
    lanes, heard = Lanes(2), [Heard() for _ in range(8)]
    seats = [lanes.sit([Quick(0.02)], each) for each in heard]
    feed(lanes, seats, 1.5)
    for seat in seats:
        lanes.leave(seat)
    lanes.close()
    served = [len(each.times) for each in heard]
    assert min(served) > 4
    assert max(served) - min(served) <= 2
    assert all(seat.dropped for seat in seats)


def test_a_slow_neighbour_takes_his_turns_but_no_more():
    lanes, heard = Lanes(2), [Heard() for _ in range(3)]
    seats = [lanes.sit([Quick(s)], each) for s, each in zip((0.1, 0.01, 0.01), heard, strict=True)]
    feed(lanes, seats, 1.0)
    for seat in seats:
        lanes.leave(seat)
    lanes.close()
    slow, *others = (len(each.times) for each in heard)
    assert slow >= 5
    assert min(others) > 1.5 * slow


def test_several_landmarkers_of_one_session_give_in_order():
    lanes, heard = Lanes(3), Heard()

    class Uneven(Quick):
        def detect(self, frame):
            self.seconds = 0.03 if round(frame.time_s * 30) % 3 else 0.001
            return super().detect(frame)

    seat = lanes.sit([Uneven() for _ in range(3)], heard)
    feed(lanes, [seat], 1.0, fps=60)
    lanes.leave(seat)
    lanes.close()
    assert len(heard.times) > 10
    assert heard.times == sorted(heard.times)
    assert heard.errors == []


def test_feet_alone_are_looked_at_by_one_landmarker_of_a_session():
    class OfFeet(Quick):
        looks = 0

        def detect(self, frame):
            self.looks += 1
            return replace(super().detect(frame), framing="feet")

    lanes, heard, landmarkers = Lanes(2), Heard(), [OfFeet(0.01), OfFeet(0.01)]
    seat = lanes.sit(landmarkers, heard)
    feed(lanes, [seat], 1.0, fps=60)
    lanes.leave(seat)
    lanes.close()
    few, many = sorted(each.looks for each in landmarkers)
    assert few <= 2 and len(heard.times) == many > 10


def test_an_error_is_told_to_its_own_session_and_the_lane_goes_on():
    class Broken(Quick):
        def detect(self, frame):
            raise RuntimeError("broken")

    lanes, bad, good = Lanes(1), Heard(), Heard()
    seats = [lanes.sit([Broken()], bad), lanes.sit([Quick()], good)]
    feed(lanes, seats, 0.3)
    for seat in seats:
        lanes.leave(seat)
    lanes.close()
    assert bad.errors and not bad.times
    assert good.times and not good.errors


def test_media_time_is_the_cameras_own():
    clock = MediaClock()
    assert [clock.time_s(ms, 100 + late) for ms, late in ((5000, 0), (5033, 0.2), (5066, 0.21))] == (
        pytest.approx([0, 0.033, 0.066])
    )


def test_media_time_goes_on_when_a_camera_comes_back():
    clock = MediaClock()
    clock.time_s(90_000, 0.0)
    assert clock.time_s(92_000, 2.0) == pytest.approx(2)
    assert clock.time_s(10, 4.0) == pytest.approx(4)  # loaded again: its clock began anew
    assert clock.time_s(43, 4.0) == pytest.approx(4.033)


@pytest.mark.parametrize("jump_ms", [1e12, 3 * ASTRAY_S * 1000])
def test_media_time_is_never_far_from_ours(jump_ms):
    clock = MediaClock()
    clock.time_s(0, 0.0)
    assert clock.time_s(jump_ms, 1.0) == pytest.approx(1.0)
    assert 1.0 < clock.time_s(jump_ms, 1.0) < 1.1


def test_eight_places_and_the_ninth_is_told_so(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, ExitStack() as stack:
        lives = [opened(stack, asking) for _ in range(PLACES)]
        for live in lives:
            until(live, "ready")
        ninth = opened(stack, asking)
        assert "8 people" in until(ninth, "refused")["message"]
        lives[0].send_json({"stop": True})
        for _ in range(100):
            tenth = opened(stack, asking)
            if tenth.receive_json()["event"] == "ready":
                break
            time.sleep(0.05)
        else:
            raise AssertionError("the place of who left is not given again")


def test_two_tabs_count_for_themselves(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, ExitStack() as stack:
        one, other = (opened(stack, asking) for _ in range(2))
        for live, captured in ((one, 10), (other, 20), (one, 50)):
            live.send_bytes(packet(captured))
            assert until(live, "scene")["captured"] == captured


def test_keys_reach_the_session(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, ExitStack() as stack:
        live = opened(stack, asking)
        live.send_json({"key": "space"})
        live.send_bytes(packet(0))
        assert until(live, "scene")["paused"]
        live.send_json({"key": "space"})
        live.send_bytes(packet(40))
        assert not until(live, "scene")["paused"]


def test_a_programme_is_walked_through(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, ExitStack() as stack:
        live = opened(stack, asking, {"programme": "circulation", "guided": False})
        live.send_bytes(packet(0))
        prompt, scene = until(live, "prompt"), until(live, "scene")
        assert "nkle" in prompt["text"]
        assert scene["programme"]["stage"] == "prompt"
        assert scene["programme"]["turns"] == 3


def test_a_camera_that_is_turned_begins_a_new_set(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, ExitStack() as stack:
        live = opened(stack, asking)
        live.send_bytes(packet(0, jpeg(320, 240)))
        until(live, "scene")
        live.send_bytes(packet(40, jpeg(240, 320)))
        until(live, "end")
        assert until(live, "scene")["size"] == [240, 320]


def test_what_is_counted_is_what_the_window_counts_and_is_kept(settings, monkeypatch):
    poses = recorded("raises-mixed")
    width, height = poses[0].size_px

    class Replay(Quick):
        def detect(self, frame):
            nearest = min(poses, key=lambda pose: abs(pose.time_s - frame.time_s))
            return replace(nearest, time_s=frame.time_s)

    monkeypatch.setattr(training, "_open", lambda stack, model, n: ([Replay()], None))
    monkeypatch.setattr(training, "ASTRAY_S", 1e6)  # quicker than any camera
    monkeypatch.setattr(link, "A_SECOND", 1e6)
    monkeypatch.setattr(Studio, "_suited", lambda studio, alone: ("heavy", 1))
    picture = jpeg(width, height)
    with client(settings) as asking, ExitStack() as stack:
        live = opened(stack, asking)
        until(live, "ready")
        for pose in poses:
            live.send_bytes(packet(pose.time_s * 1000, picture))
            scene = until(live, "scene")
        live.send_json({"stop": True})
        end = until(live, "end")
    session = Session("heel-raise")
    for pose in poses:
        session.update(pose)
    session.finish()
    assert scene["count"] >= session.state.count - 1 > 2
    assert end["counts"]["total"] == session.state.count
    with Store(settings.store) as store:
        (kept,) = store.sessions()
    assert (kept.source, kept.finished, kept.smooth) == ("web", True, end["counts"]["total"])


def test_a_browser_that_stopped_reading_is_given_up_and_keeps_no_memory():
    class Stuck:
        sent, closed = 0, None

        async def send_text(self, text):
            self.sent += 1
            if self.sent > 3:
                await asyncio.sleep(0.3)

        async def send_bytes(self, picture):
            pass

        async def close(self, code, why):
            self.closed = code

    async def telling():
        box, socket = Outbox(), Stuck()
        sending = asyncio.create_task(box.run(socket))
        for n in range(10 * MOST):
            box.tell(str(n))
            box.show("scene", b"picture")
            await asyncio.sleep(0)
            assert len(box._events) <= MOST
        await asyncio.wait_for(sending, 5)
        return socket

    socket = asyncio.run(telling())
    assert socket.closed == 1013
    assert socket.sent < 20


def test_someone_who_does_not_read_fills_nothing(settings, monkeypatch):
    quick_landmarkers(monkeypatch)
    with client(settings) as asking, ExitStack() as stack:
        live = opened(stack, asking)
        until(live, "ready")
        for n in range(60):
            live.send_bytes(packet(40 * n))
        time.sleep(0.5)
        live.send_json({"stop": True})
        scenes = 0
        for message in iter(live.receive_json, None):
            scenes += message["event"] == "scene"
            if message["event"] == "end":
                break
        assert scenes <= 60

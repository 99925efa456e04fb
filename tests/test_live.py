"""Live: the same counting as of a recording, whoever is late; nothing waits for anything."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from live_poses import recorded

from posecount import landmarks
from posecount.analysis import analyze
from posecount.live import newest
from posecount.live.director import Director
from posecount.live.lanes import Lanes
from posecount.live.lookout import Lookout
from posecount.live.loop import Loop
from posecount.live.newest import Newest
from posecount.live.pace import Delays
from posecount.live.source import Player, Shot
from posecount.pose import Landmarker
from posecount.session import Session
from posecount.speed import PERSON
from posecount.types import Frame, Pose, Rep
from posecount.video import Writer, probe, read

RAISES = Path(__file__).parents[1] / "sample_videos" / "heel_raises.mp4"


class Recorded:
    """A landmarker that remembers: it gives the pose nearest in time, after a while."""

    def __init__(self, poses, takes_s=0.0):
        self.poses, self.takes_s = poses, takes_s
        self.times = np.array([pose.time_s for pose in poses])
        self.given = []

    def detect(self, frame):
        time.sleep(self.takes_s)
        near = self.poses[int(np.abs(self.times - frame.time_s).argmin())]
        pose = Pose(frame.time_s, near.size_px, near.points_px, near.visibility)
        self.given.append(pose)
        return pose

    def forget(self):
        """Whoever it was: it gives everyone's pose by time."""


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Tiny pictures at the times of the recorded poses."""
    path = tmp_path_factory.mktemp("live") / "clip.mp4"
    with Writer(path, (64, 48), 30) as writer:
        for pose in recorded():
            writer.write(np.full((48, 64, 3), 100, np.uint8), pose.time_s)
    return path


def play(path, landmarkers, speed=10):
    """The events of a live session, and its report. Faster than the clock: the counting cannot tell."""
    events = []
    director = Director(lambda kind, value: events.append((kind, value)))
    loop = Loop(Faster(path, speed), landmarkers, director, lambda code, text: None)
    loop.start()
    while loop.running:
        loop.scenes.take(0.05)
    return events, loop.finish()


class Faster(Player):
    def __init__(self, path, speed):
        super().__init__(path)
        self._speed = speed

    def run(self, put, tell, stop):
        began_s = time.monotonic()
        for frame in self._frames():
            due_s = began_s + frame.time_s / self._speed
            stop.wait(max(due_s - time.monotonic(), 0))
            put(Shot(frame, due_s))


def offline(poses):
    session = Session()
    found = [event for pose in poses for event in session.update(pose)] + session.finish()
    return [event for event in found if isinstance(event, Rep)]


def in_step(path, landmarker, model):
    """As `play`, but no picture is put before the last one is counted: none can be dropped."""
    events = []
    director = Director(lambda kind, value: events.append((kind, value)), model=model)
    loop = Loop(Patient(path), [landmarker], director, lambda code, text: None)
    loop._source.loop = loop
    loop.start()
    while loop.running:
        time.sleep(0.01)
    return events, loop.finish()


class Patient(Player):
    def run(self, put, tell, stop):
        for frame in self._frames():
            put(Shot(frame, time.monotonic()))
            while self.loop.report.analysed < self.loop.report.captured and self.loop.running:
                time.sleep(0.001)


def found(events, kind="rep"):
    return [value for each, value in events if each == kind]


@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_live_counts_what_a_recording_of_the_same_frames_counts(clip, lanes):
    landmarkers = [Recorded(recorded(), takes_s=0.001 * (lane + 1)) for lane in range(lanes)]
    events, report = play(clip, landmarkers)
    seen = sorted((pose for each in landmarkers for pose in each.given), key=lambda pose: pose.time_s)
    assert report.analysed == len(seen)
    assert repr(found(events)) == repr(offline(seen))  # NaN is like NaN
    assert len(found(events)) >= 5


def test_a_clip_played_live_gives_the_reps_of_its_analysis(tmp_path, monkeypatch):
    monkeypatch.setattr(landmarks, "_same", lambda *_: False)  # live, every picture is looked at
    clip = tmp_path / "clip.mp4"
    info = probe(RAISES)
    with Writer(clip, (info.width, info.height), info.fps) as writer:
        for frame, _ in zip(read(RAISES), range(150), strict=False):
            writer.write(frame.image, frame.time_s)
    expected = analyze(clip, model="full").summary
    with Landmarker("full") as landmarker:
        events, report = in_step(clip, landmarker, "full")
    assert report.dropped == 0 and expected.reps
    assert repr(found(events)) == repr(list(expected.reps))
    (ended,) = found(events, "end")
    assert (ended.seconds, ended.usable_fraction) == (expected.seconds, expected.usable_fraction)
    assert not len(ended.angles.time_s), "a session live may last for days"


def test_no_picture_goes_uncounted_and_every_one_has_its_time(clip):
    landmarker = Recorded(recorded()[:60])
    _, report = play(clip, [landmarker])
    assert report.captured == len(recorded())
    assert report.analysed + report.dropped == report.captured
    assert report.seconds == pytest.approx(recorded()[-1].time_s - recorded()[0].time_s, abs=0.05)


def test_a_slow_landmarker_gets_the_newest_frame_and_the_rest_is_counted(clip):
    landmarker = Recorded(recorded(), takes_s=0.02)
    _, report = play(clip, [landmarker])
    assert report.dropped > 0.3 * report.captured
    assert report.analysed + report.dropped == report.captured
    assert report.delay.median_ms < 150  # two turns of the landmarker: no queue builds up


def test_two_lanes_do_twice_the_work(clip):
    _, one = play(clip, [Recorded(recorded(), takes_s=0.02)])
    _, two = play(clip, [Recorded(recorded(), takes_s=0.02) for _ in range(2)])
    assert two.analysed > 1.6 * one.analysed


def test_lanes_give_poses_in_order_however_long_each_takes():
    class Moody:
        def detect(self, frame):
            time.sleep(0.02 * (frame.time_s % 3))
            return Pose(frame.time_s, (4, 4), np.zeros((33, 2)), np.ones(33))

    with given([Moody(), Moody(), Moody()]) as (shots, _, poses):
        for number in range(30):
            shots.put(Shot(Frame(float(number), np.zeros((4, 4, 3), np.uint8)), 0.0))
            time.sleep(0.01)
    times = [pose.time_s for pose in poses]
    assert times == sorted(times) and len(times) > 15


@contextmanager
def given(landmarkers, lookout=None):
    """Lanes that run until the end of the block, and the poses they have given by then."""
    shots, poses = Newest(), []
    lanes = Lanes(landmarkers, shots, lookout)
    taking = threading.Thread(target=lambda: poses.extend(pose for _, pose in lanes.poses()))
    lanes.start()
    taking.start()
    yield shots, lanes, poses
    shots.close()
    taking.join()


class Confused(Recorded):
    """Follows someone else, two legs to the right, until told to forget them."""

    confused, looked_afresh = True, 0

    def forget(self):
        self.confused, self.looked_afresh = False, self.looked_afresh + 1

    def detect(self, frame):
        pose = super().detect(frame)
        if not self.confused or frame.time_s < 1:
            return pose
        aside = pose.points_px + np.array([4 * np.ptp(pose.points_px[[23, 27], 1]), 0])
        return Pose(pose.time_s, pose.size_px, aside, pose.visibility)


def test_a_lane_that_follows_someone_else_is_brought_back(clip):
    lanes = [Recorded(recorded()), Confused(recorded())]
    with given(lanes) as (shots, running, poses):
        for number, frame in enumerate(read(clip), start=1):
            shots.put(Shot(frame, 0.0))
            while len(poses) + running.odd < number:  # none is dropped, however busy the machine
                time.sleep(0.0005)
    assert lanes[1].looked_afresh >= 1 and 1 <= running.odd <= 3
    assert len(offline(poses)) == pytest.approx(len(offline(recorded())), abs=1)


class OfFeet(Recorded):
    """Sees feet alone."""

    def detect(self, frame):
        pose = super().detect(frame)
        return replace(pose, points_px=np.full((33, 2), np.nan), framing="feet", moved=(1.0, 0.0))


class OfLegs(Recorded):
    """Sees legs alone."""

    def detect(self, frame):
        return replace(super().detect(frame), framing="legs")


@pytest.mark.parametrize("lane", [OfFeet, OfLegs])
def test_parts_are_followed_by_one_lane_from_picture_to_picture(clip, lane):
    lanes = [lane(recorded(), 0.002), lane(recorded(), 0.002)]
    with given(lanes) as (shots, running, poses):
        for frame in islice(read(clip), 60):
            shots.put(Shot(frame, 0.0))
            time.sleep(0.01)
    few, many = sorted(len(each.given) for each in lanes)
    assert few <= 2 and len(poses) == many and running.odd == few


class Seen(Lookout):
    """Sees a second person, much larger, after a second."""

    def offer(self, shot, pose):
        if pose.time_s > 1 and self.people == 1:
            self.people = 2
            self.larger.set()


def test_when_another_is_much_larger_every_lane_looks_afresh(clip):
    lanes = [Confused(recorded(), 0.002), Confused(recorded(), 0.002)]
    with given(lanes, Seen()) as (shots, _, poses):
        for frame in islice(read(clip), 60):
            shots.put(Shot(frame, 0.0))
            time.sleep(0.01)
    assert all(each.looked_afresh for each in lanes)
    assert {pose.people for pose in poses if pose.time_s < 1} == {1}
    assert poses[-1].people == 2


def test_a_lookout_sees_who_else_is_there():
    image = next(read(PERSON)).image
    frame = Frame(0.0, np.hstack([image[:, 100:500]] * 2))
    with Landmarker("full") as landmarker, Lookout() as lookout:
        pose = landmarker.detect(frame)
        lookout.offer(Shot(frame, 0.0), pose)
        ended = time.monotonic() + 20
        while lookout.people == 1 and time.monotonic() < ended:
            time.sleep(0.02)
        assert lookout.people == 2 and not lookout.larger.is_set()


def test_an_error_in_a_lane_ends_the_session_and_is_told(clip):
    class Broken:
        def detect(self, frame):
            raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        play(clip, [Broken(), Broken()])


def test_an_error_of_the_source_is_told_after_what_was_seen_is_counted(clip):
    class Breaking(Faster):
        def run(self, put, tell, stop):
            super().run(put, tell, stop)
            raise RuntimeError("gone")

    events = []
    director = Director(lambda kind, value: events.append((kind, value)))
    loop = Loop(Breaking(clip, 10), [Recorded(recorded())], director, lambda code, text: None)
    loop.start()
    while loop.running:
        time.sleep(0.05)
    with pytest.raises(RuntimeError, match="gone"):
        loop.finish()
    assert found(events, "end")


def test_newest_keeps_one_and_counts_the_rest():
    slot = Newest()
    for number in range(5):
        slot.put(number)
    assert (slot.take(), slot.dropped) == (4, 4)
    assert slot.take(timeout_s=0.01) is None
    slot.put(5)
    slot.close()
    slot.put(6)
    assert not slot.done
    assert (slot.take(), slot.take(), slot.done) == (5, None, True)


def test_who_comes_late_waits_for_a_next_one_that_is_nearer(monkeypatch):
    now_s = [0.0]
    monkeypatch.setattr(newest, "time", SimpleNamespace(monotonic=lambda: now_s[0]))
    slot = Newest()
    for time_s in (0.0, 0.4):
        now_s[0] = time_s
        slot.put(time_s)
    now_s[0] = 0.5
    assert slot.take_nearest() == 0.4, "a quarter of the way to the next"
    now_s[0] = 0.8
    slot.put(0.8)
    now_s[0] = 1.1
    later = threading.Timer(0.02, slot.put, [1.2])
    later.start()
    assert (slot.take_nearest(), slot.dropped) == (1.2, 2)


def test_a_next_one_that_does_not_come_is_not_waited_for_long():
    slot = Newest()
    slot.put(1)
    time.sleep(0.05)
    slot.put(2)
    time.sleep(0.035)
    assert slot.take_nearest() == 2


def test_who_counts_fails_and_the_lanes_are_let_finish(clip):
    landmarkers = [Recorded(recorded(), 0.002), Recorded(recorded(), 0.002)]
    before = threading.active_count()

    def emit(kind, value):
        raise OSError("no place left")

    loop = Loop(Faster(clip, 10), landmarkers, Director(emit), lambda code, text: None)
    loop.start()
    while loop.running:
        time.sleep(0.01)
    with pytest.raises(OSError, match="no place left"):
        loop.finish()
    ended = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < ended:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_delays_know_their_median_and_their_slowest_hundredth():
    delays = Delays()
    for ms in [*[20] * 60, *[30] * 38, 500, 900]:
        delays.add(ms / 1000)
    assert delays.result().median_ms == 20
    assert delays.result().p99_ms == 500


def live(*arguments, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "posecount", "live", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def test_the_command_with_a_real_landmarker(tmp_path):
    clip = tmp_path / "clip.mp4"
    with Writer(clip, (64, 48), 30) as writer:
        for number in range(60):
            writer.write(np.full((48, 64, 3), 100, np.uint8), number / 30)
    store = f"sqlite:///{tmp_path}/h.sqlite3"
    process = live("--realtime", clip, "--no-window", "--model", "full", "--store", store)
    out, err = process.communicate(timeout=120)
    lines = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 0, err
    assert [lines[0]["event"], lines[-1]["event"]] == ["start", "report"]
    assert lines[-1]["captured"] == 60


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_sigterm_ends_in_order(clip, tmp_path):
    store = f"sqlite:///{tmp_path}/h.sqlite3"
    process = live("--realtime", clip, "--no-window", "--model", "full", "--store", store)
    assert '"start"' in process.stdout.readline()
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert json.loads(out.splitlines()[-1])["event"] == "report", err
    assert process.returncode == 0


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["--realtime", "no-such-file.mp4", "--no-window"], "there is no file"),
        (["--exercise", "squat", "--no-window"], "--exercise must be one of"),
        ([__file__, "--no-window"], "add --realtime"),
        (["--programme", "nonsense", "--no-window"], "no programme is called"),
    ],
)
def test_what_cannot_begin_is_said_in_one_line(arguments, says):
    process = live(*arguments)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2 and says in err and len(err.splitlines()) == 1 and not out

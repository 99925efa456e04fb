"""What a person is told and shown, and what is kept, without a camera or a window."""

import json
import sys
import time
from dataclasses import replace
from math import isnan, nan

import drawn_foot
import numpy as np
import pytest
from live_poses import recorded

from posecount.live import sound as sound_module
from posecount.live.choose import choose
from posecount.live.director import Begun, Director
from posecount.live.events import Told, line
from posecount.live.guidance import CALIBRATE_S, COUNTDOWN_S, READY_S, STILL_S, Guidance
from posecount.live.keeper import Keeper
from posecount.live.recorder import Recorder
from posecount.live.screen import Screen, mirrored
from posecount.live.silhouette import silhouette
from posecount.live.sound import TONES, Sound, tone
from posecount.live.source import Shot
from posecount.live.voice import Voice
from posecount.programmes import programme
from posecount.session import Session
from posecount.store import Store
from posecount.types import Frame, Notice, Pose, Rep
from posecount.video import probe
from posecount.words import Words

LIGHT = np.full((48, 64, 3), 120, np.uint8)
DARK = np.full((48, 64, 3), 12, np.uint8)


def standing(time_s=0.0, **changes):
    """The first pose of a recording: someone who stands still, side-on; the upper body added."""
    first = recorded("raises-mixed")[0]
    points = first.points_px.copy()
    hips = points[[23, 24]].mean(axis=0)
    height = np.ptp(points[[23, 27], 1]) * 2
    for landmarks, up in (([11, 12], 0.3), ([0, 7, 8], 0.45)):
        missing = np.isnan(points[landmarks]).any()
        if missing:
            points[landmarks] = hips - [0, up * height]
    points = changes.get("move", lambda each: each)(points)
    return Pose(time_s, first.size_px, points, np.ones(33))


def nobody(time_s):
    return Pose(time_s, (1280, 720), np.full((33, 2), nan), np.zeros(33))


def guided(poses, image=LIGHT):
    guidance = Guidance(wanted=True)
    return [guidance.update(pose, image) for pose in poses]


def at_30(pose, seconds, start_s=0.0):
    return [pose(start_s + n / 30) for n in range(round(seconds * 30))]


def test_all_well_leads_through_neutral_and_countdown_to_go():
    guides = guided(at_30(standing, READY_S + CALIBRATE_S + COUNTDOWN_S + 1))
    stages = list(dict.fromkeys(guide.stage for guide in guides))
    assert stages == ["guide", "calibrate", "countdown", "go"]
    lasted = sum(guide.stage != "go" for guide in guides) / 30
    assert lasted == pytest.approx(READY_S + CALIBRATE_S + COUNTDOWN_S, abs=0.1)


@pytest.mark.parametrize(
    "code, move",
    [
        ("nobody", lambda points: np.full_like(points, np.nan)),
        ("feet", lambda points: np.where(_feet(), 5000.0, points)),
        ("near", lambda points: points.mean(axis=0, where=~np.isnan(points)) + (points - points[23]) * 0.15),
    ],
)
def test_what_is_missing_is_told(code, move):
    assert guided([standing(0.0, move=move)])[0].code == code


def test_legs_are_enough_and_feet_that_move():
    legs = replace(standing(0.0, move=lambda points: np.where(_upper(), np.nan, points)), framing="legs")
    feet = replace(standing(0.0, move=lambda points: np.full_like(points, np.nan)), framing="feet")
    assert guided([legs])[0].code == "ready"
    for fps in (15, 60):
        moving, still = (
            [replace(feet, time_s=n / fps, moved=(0.0, way / fps)) for n in range(2)] for way in (60.0, 15.0)
        )
        assert guided(moving)[1].code == "ready"
        assert guided(still)[1].code == "feet_only"


def test_feet_alone_pause_between_reps_and_need_no_neutral():
    feet = replace(standing(0.0, move=lambda points: np.full_like(points, np.nan)), framing="feet")
    moved = [(0.0, 60.0 / 30 if n < 3 else 0.0) for n in range(round(30 * (READY_S + COUNTDOWN_S + 0.5)))]
    stages = [
        guide.stage
        for guide in guided(replace(feet, time_s=n / 30, moved=way) for n, way in enumerate(moved))
    ]
    assert list(dict.fromkeys(stages)) == ["guide", "countdown", "go"]


def _upper():
    rows = np.zeros((33, 2), bool)
    rows[[0, 7, 8, 11, 12]] = True
    return rows


def _feet():
    rows = np.zeros((33, 2), bool)
    rows[27:33] = True
    return rows


def test_the_dark_and_an_empty_room():
    assert guided([standing()], DARK)[0].code == "dark"
    assert guided([nobody(0.0)])[0].code == "nobody"
    assert all(guide.stage == "guide" and guide.text for guide in guided(at_30(nobody, 5)))


def test_someone_who_moves_does_not_get_a_neutral():
    def waving(time_s):
        def lift(points):
            points[[31, 32], 1] -= 25 * np.sin(2 * np.pi * time_s)
            return points

        return standing(time_s, move=lift)

    stages = {guide.stage for guide in guided(at_30(waving, READY_S + CALIBRATE_S + 3))}
    assert "countdown" not in stages
    assert guided(at_30(waving, READY_S + STILL_S + CALIBRATE_S + 1))[-1].stage == "countdown"


def test_someone_who_leaves_is_guided_back():
    poses = at_30(standing, READY_S + 0.5) + at_30(nobody, 2, READY_S + 0.5)
    assert guided(poses)[-1].stage == "guide"


def play(director, poses):
    return [director.update(Shot(Frame(pose.time_s, LIGHT), 0.0), pose) for pose in poses]


class Ear(list):
    def __call__(self, kind, value):
        self.append((kind, value))

    def kinds(self, *wanted):
        return [value for kind, value in self if kind in wanted]


def test_feet_are_followed_from_one_counted_picture_to_the_next(monkeypatch):
    """Not by the landmarkers: with several of them each sees some of the pictures only."""
    counted, update = [], Session.update
    monkeypatch.setattr(Session, "update", lambda self, pose: counted.append(pose) or update(self, pose))
    director = Director(Ear())
    for n in range(4):
        shot = Shot(Frame(n / 30, drawn_foot.scene(-3.0 * n, 20.0)), 0.0)
        director.update(shot, drawn_foot.pose(n / 30, -3.0 * n))
    assert [pose.flowed_deg[1] for pose in counted[1:]] == pytest.approx([-3.0] * 3, abs=1.0)


def test_notices_are_in_the_language_asked_for():
    told = Ear()
    feet = replace(standing(0.0, move=lambda points: np.full_like(points, np.nan)), framing="feet")
    director = Director(told, language="de")
    play(director, [replace(feet, time_s=n / 30, moved=(0.0, 60.0 / 30)) for n in range(60)])
    assert [notice.message for notice in told.kinds("notice")] == [Words("de")("notice.feet-only")]


def test_pause_stops_the_count_and_reset_begins_anew():
    ear = Ear()
    director = Director(ear)
    poses = recorded("raises-mixed")
    play(director, [pose for pose in poses if pose.time_s < 6])
    counted = len(ear.kinds("rep"))
    director.press("space")
    scenes = play(director, [pose for pose in poses if 6 <= pose.time_s < 13])
    assert counted >= 2 and len(ear.kinds("rep")) == counted and all(scene.paused for scene in scenes)
    director.press("space")
    director.press("r")
    scene = play(director, [pose for pose in poses if pose.time_s >= 13])[0]
    director.finish()
    assert scene.state.count == 0
    assert ear.kinds("end")[0].exercise == "heel-raise"
    assert len(ear.kinds("begin")) == len(ear.kinds("end")) == 2


def test_the_neutral_can_be_found_again_and_nothing_counted_is_lost():
    ear = Ear()
    director = Director(ear)
    poses = recorded("raises-mixed")
    play(director, [pose for pose in poses if pose.time_s < 6])
    director.press("c")
    scene = play(director, [pose for pose in poses if 6 <= pose.time_s < 7])[-1]
    assert scene.guide.stage == "calibrate" and scene.state.count >= 2
    assert len(ear.kinds("begin")) == 1


def test_side_and_exercise_by_key():
    ear = Ear()
    director = Director(ear)
    play(director, recorded("raises-mixed")[:30])
    director.press("s")
    director.press("n")
    scene = play(director, recorded("raises-mixed")[30:60])[-1]
    assert [(begun.exercise, begun.side) for begun in ear.kinds("begin")] == [
        ("auto", "auto"),
        ("ankle-pump", "both"),
    ]
    assert "Ankle pump" in scene.words


def test_a_programme_leads_and_n_goes_on():
    ear = Ear()
    director = Director(ear, programme=programme("desk-break"))
    poses = recorded("raises-mixed")
    scenes = play(director, poses[:60])
    assert ear.kinds("prompt") and scenes[-1].title
    director.press("n")
    assert play(director, poses[60:120])[-1].title != scenes[-1].title


def test_a_stretch_paces_the_breath():
    scenes = play(Director(Ear(), exercise="calf-stretch"), recorded("stretch-straight"))
    breaths = [scene.breath for scene in scenes if not isnan(scene.breath)]
    assert breaths and 0 <= min(breaths) < 0.1 and 0.9 < max(breaths) <= 1


def rep(end_s=2.0, quality="smooth"):
    return Rep("left", end_s - 1, end_s - 0.5, end_s, 30.0, quality)


def keep(url, events, told):
    keeper = Keeper("full", told.append, url)
    keeper("begin", Begun("auto", "auto", 0.0))
    for event in events:
        keeper("notice" if isinstance(event, Notice) else "rep", event)
    return keeper


def summary():
    from posecount.session import Session

    session = Session("heel-raise")
    for pose in recorded("raises-mixed")[:60]:
        session.update(pose)
    return session.summary()


def test_the_history_has_every_rep_while_the_session_still_runs(tmp_path):
    told, url = [], f"sqlite:///{tmp_path}/h.sqlite3"
    keeper = keep(url, [Notice("nobody", "…", 0.0, 1.0), rep(2), rep(4)], told)
    ended = time.monotonic() + 10
    smooth = 0
    while smooth < 2 and time.monotonic() < ended:
        time.sleep(0.05)
        with Store(url) as store:
            smooth = sum(each.smooth for each in store.sessions())
    assert smooth == 2
    keeper("end", summary())
    keeper.close()
    with Store(url) as store:
        (kept,) = store.sessions()
    assert (kept.smooth, kept.finished, kept.exercise, kept.source) == (2, True, "heel-raise", "live")
    assert told == []


def test_a_set_without_a_rep_leaves_no_trace(tmp_path):
    url = f"sqlite:///{tmp_path}/h.sqlite3"
    keeper = keep(url, [Notice("nobody", "…", 0.0, 1.0)], [])
    keeper("end", summary())
    keeper.close()
    with Store(url) as store:
        assert store.sessions() == []


def test_a_history_that_cannot_be_written_is_told_and_ends_nothing(tmp_path):
    told = []
    blocked = tmp_path / "file"
    blocked.touch()
    keeper = keep(f"sqlite:///{blocked}/h.sqlite3", [rep(2), rep(4)], told)
    keeper("end", summary())
    keeper.close()
    assert len(told) == 1 and "not being saved" in told[0]


def test_two_sessions_at_once_are_both_kept(tmp_path):
    url, told = f"sqlite:///{tmp_path}/h.sqlite3", []
    keepers = [keep(url, [rep(n + 1.0) for n in range(10)], told) for _ in range(2)]
    for keeper in keepers:
        keeper("end", summary())
        keeper.close()
    with Store(url) as store:
        assert [each.smooth for each in store.sessions()] == [10, 10]
    assert told == []


def test_what_is_recorded_is_what_was_analysed(tmp_path):
    told = []
    recorder = Recorder(tmp_path / "r.mp4", 30.0, lambda *each: told.append(each))
    for number in range(20):
        recorder.keep(Shot(Frame(5 + number / 30, LIGHT), 0.0), nobody(0.0))
        time.sleep(0.005)
    recorder.close()
    assert probe(tmp_path / "r.mp4").frames + recorder.left_out == 20
    assert recorder.left_out == 0 or told


def test_a_recording_that_fails_is_told_and_ends_nothing(tmp_path):
    told = []
    recorder = Recorder(tmp_path / "no-folder" / "r.mp4", 30.0, lambda *each: told.append(each))
    for _ in range(40):
        recorder.keep(Shot(Frame(0.0, LIGHT), 0.0), nobody(0.0))
    recorder.close()
    assert told and told[0][0] == "recording"


def test_the_preview_is_mirrored_and_what_is_analysed_is_not():
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 200
    points = np.full((33, 2), 10.0)
    pose = Pose(0.0, (64, 48), points, np.ones(33))
    scene = play(Director(Ear()), [pose])[0]
    scene = type(scene)(Shot(Frame(0.0, image), 0.0), pose, scene.state, scene.guide)
    shown, moved = mirrored(scene, (128, 96))
    assert shown.shape == (96, 128, 3) and shown[:, 70:].mean() > 150 > shown[:, :60].mean()
    assert moved.points_px[0].tolist() == [128 - 20, 20]
    assert image[0, 0, 0] == 200 and points[0, 0] == 10


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (3840, 2160), (300, 900), (40, 30), (1, 1)])
def test_every_scene_is_drawn_in_the_shape_of_the_window(size):
    director = Director(Ear(), guided=True)
    scenes = play(director, [nobody(0.0), *at_30(standing, 4.5, 0.1)])
    screen = Screen()
    for scene in [None, scenes[0], scenes[-1]]:
        image = screen.draw(scene, size, note="full", trouble="gone" if scene else "", helping=True)
        shape = image.shape[1] / image.shape[0]
        assert shape == pytest.approx(size[0] / size[1], rel=0.05)
        assert image.shape[1] <= 1920 and image.shape[0] <= 1080


@pytest.mark.parametrize("size", [(64, 48), (30, 24), (128, 96)])
def test_what_was_captured_is_never_drawn_upon(size):
    image = np.full((48, 64, 3), 120, np.uint8)
    for guided in (True, False):
        scene = play(Director(Ear(), guided=guided), [nobody(0.0)])[0]
        scene = type(scene)(Shot(Frame(0.0, image), 0.0), scene.pose, scene.state, scene.guide)
        assert (Screen().draw(scene, size, trouble="gone", helping=True) != 120).any()
        assert (image == 120).all()


def test_silhouettes_differ_and_fit():
    stand, sit = silhouette(640, 480), silhouette(640, 480, seated=True)
    assert (stand != sit).any()
    for mask in (stand, sit):
        assert mask.any() and not mask[0].any() and not mask[:, 0].any() and not mask[-1].any()


def test_tones_are_clean_and_tell_smooth_from_jerky():
    for name in TONES:
        samples = tone(name)
        assert np.abs(samples).max() <= 0.5 and abs(samples[0]) < 0.01 and abs(samples[-1]) < 0.01
    assert len(tone("smooth")) != len(tone("jerky"))


def test_without_a_sound_device_nothing_happens(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    monkeypatch.setattr(sound_module, "Voice", lambda language: Voice(language, ("no-such-voice",)))
    sound = Sound()
    sound("begin", None)
    sound("rep", rep())
    for breath in (nan, 0.0, 0.3, 0.9, 0.5, nan):
        sound.breathe(breath)
    sound.close()


def test_breath_and_reps_are_heard_and_mute_is_silent(monkeypatch):
    heard = []
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    monkeypatch.setattr(sound_module, "Voice", lambda language: Voice(language, ("no-such-voice",)))
    sound = Sound()
    sound._tone = lambda name: heard.append(name)
    for breath in (nan, 0.0, 0.3, 0.9, 0.5, 0.1, 0.2, nan):
        sound.breathe(breath)
    sound("rep", rep(quality="jerky"))
    assert heard == ["hold", "in", "out", "in", "jerky"]
    sound.close()


def test_a_voice_says_the_newest_number_and_no_cue_is_lost(tmp_path):
    said = tmp_path / "said"
    script = f"import sys,time; open({str(said)!r},'a').write(sys.stdin.read()+'\\n'); time.sleep(0.3)"
    voice = Voice("en", (sys.executable, "-c", script))
    voice.say("1")
    time.sleep(0.15)
    voice.say("2")
    voice.say("Smoother.", urgent=True)
    voice.say("3")
    ended = time.monotonic() + 10
    while "Smoother." not in (said.read_text() if said.exists() else "") and time.monotonic() < ended:
        time.sleep(0.05)
    voice.close()
    assert said.read_text().split("\n")[:2] == ["1", "Smoother."]


def test_a_terminal_is_told_no_side_of_feet_alone(capsys):
    for reps in ((rep(),), (replace(rep(), by_movement=True),)):
        Told(Words())("end", replace(summary(), reps=reps))
    sided, feet = capsys.readouterr().out.splitlines()
    assert "left" in sided and feet == "Feet, counted by movement: 1 smooth."


def test_events_are_lines_of_json_without_nan():
    told = json.loads(line("rep", Rep("left", 1.0, 1.5, 2.0, nan, "smooth")))
    assert told["event"] == "rep" and told["range_deg"] is None
    ended = json.loads(line("end", summary()))
    assert "angles" not in ended and ended["counts"]["total"] == 0


@pytest.mark.parametrize(
    "rates, cores, expected",
    [
        ({"heavy": [60.0]}, 4, ("heavy", 1)),
        ({"heavy": [20.0, 38.0]}, 4, ("heavy", 2)),
        ({"heavy": [20.0, 24.0], "full": [60.0]}, 2, ("full", 1)),
        ({"heavy": [20.0], "full": [60.0]}, 1, ("full", 1)),
        ({"heavy": [5.0, 9.0], "full": [20.0, 39.0]}, 2, ("full", 2)),
    ],
)
def test_the_model_is_chosen_by_what_was_measured(monkeypatch, rates, cores, expected):
    rates = {model: iter(each) for model, each in rates.items()}
    monkeypatch.setattr("posecount.live.choose.cores", lambda: cores)
    monkeypatch.setattr("posecount.live.choose.frames_per_second", lambda model, *_: next(rates[model]))
    choice = choose("auto", 30.0)
    assert (choice.model, choice.lanes) == expected
    assert choice.model in choice.why and "30" in choice.why


def test_a_session_goes_on_when_the_camera_was_away():
    """The session sees a gap in time, nothing else."""
    ear = Ear()
    director = Director(ear)
    poses = recorded("raises-mixed")
    play(director, [pose for pose in poses if pose.time_s < 6.0 or pose.time_s > 13])
    director.finish()
    assert len(ear.kinds("begin")) == 1 and len(ear.kinds("rep")) >= 4


def test_a_programme_shows_how_far_the_set_is_and_how_long_the_rest_lasts():
    director = Director(lambda *_: None, programme=programme("circulation"))
    run = director._run
    poses = [standing(n / 2) for n in range(2 * 25)]
    titles = [scene.title for scene in play(director, poses)]
    assert run.view.stage == "exercise"
    assert titles[0].endswith(f"1/{run.view.turns}")
    assert f"0 of {run.view.target:g}" in titles[-1]
    run.complete(25.0)
    assert run.view.stage == "rest"
    assert "rest" in play(director, [standing(25.5)])[-1].title

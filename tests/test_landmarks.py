"""Poses found in pieces: the same for any number of processes, joined on one person, however workers end."""

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from people import film

from posecount import bundles, landmarks, pieces, video
from posecount.errors import PosecountError
from posecount.landmarks import PARTLY_RUN_UP_S, Looker, Seen, join, looking
from posecount.pieces import Piece
from posecount.types import Frame, Framing, Pose

SAMPLE = Path(__file__).parents[1] / "sample_videos" / "seated_ankle_pumps.mp4"
FRAMES = 48


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> video.Survey:
    """Some movement."""
    path, info = tmp_path_factory.mktemp("clip") / "a.mp4", video.probe(SAMPLE)
    with video.Writer(path, (info.width, info.height), info.fps) as writer:
        for n, frame in enumerate(video.read(SAMPLE)):
            if 60 <= n < 60 + FRAMES:
                writer.write(frame.image, frame.time_s)
    return video.survey(path)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SHORT_S", 0.4)


def same(one: list[Seen], other: list[Seen]) -> bool:
    """To the last bit, pictures of the feet included."""
    return repr([(seen.pose, _cut_bytes(seen)) for seen in one]) == repr(
        [(seen.pose, _cut_bytes(seen)) for seen in other]
    ) and all(
        np.array_equal(a.pose.points_px, b.pose.points_px, equal_nan=True)
        for a, b in zip(one, other, strict=True)
    )


def _cut_bytes(seen: Seen) -> list[object]:
    return [cut and (cut.pixels.tobytes(), cut.place) for cut in seen.cuts]


def test_any_number_of_workers_finds_the_same(clip: video.Survey) -> None:
    found = []
    for workers in (1, 3):
        with looking(clip, "full", workers) as seen:
            found.append(list(seen))
            assert seen.found == FRAMES
    assert len(pieces.pieces(clip)) == 4
    assert same(*found)
    assert any(cut for seen in found[0] for cut in seen.cuts)
    assert np.isfinite([seen.pose.flowed_deg for seen in found[0]]).mean() > 0.5
    with Looker("full") as looker:
        whole = list(looker.look(video.read(clip.info.path)))
    assert [seen.pose.time_s for seen in found[0]] == [seen.pose.time_s for seen in whole]
    apart = [
        np.hypot(*(a.pose.points_px - b.pose.points_px)[23:].T) for a, b in zip(found[0], whole, strict=True)
    ]
    assert np.sqrt(np.square(apart).mean()) < 4  # px: the landmarks' own noise is about 2


def test_a_worker_that_is_killed_is_replaced(clip: video.Survey) -> None:
    with looking(clip, "full", 1) as seen:
        expected = list(seen)
    others = _children()  # of tests before
    with looking(clip, "full", 2) as seen:
        found, killed = [], set()
        for each in seen:
            found.append(each)
            if len(found) == 2:
                killed = _children() - others
                for child in killed:
                    os.kill(child, signal.SIGKILL)
    assert killed
    assert same(found, expected)
    assert not _children() - others


def _children() -> set[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def test_workers_that_keep_dying_are_told(clip: video.Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(PosecountError, match="--workers 1"), looking(clip, "full", 2) as seen:
        list(seen)


def test_an_error_of_a_worker_is_its_own_words(clip: video.Survey, tmp_path: Path) -> None:
    hollow = tmp_path / "hollow.task"
    with zipfile.ZipFile(hollow, "w") as archive:
        for part in bundles.PARTS:
            archive.writestr(part, b"not a network")
    with pytest.raises(PosecountError, match=r"cannot use the model .*hollow"):
        with looking(clip, hollow, 2) as seen:
            list(seen)


def test_who_stops_in_the_middle_leaves_nothing_running(clip: video.Survey) -> None:
    others = _children()
    with pytest.raises(KeyboardInterrupt), looking(clip, "full", 2) as seen:
        next(iter(seen))
        raise KeyboardInterrupt
    assert not _children() - others


PARTS = [Piece(0.0, 2.0), Piece(2.0, 4.0), Piece(4.0, 6.0)]


def somebody() -> list[Pose]:
    return list(film(lambda _: 0.0, seconds=6.0, noise_px=0.0))


class Looks:
    """Pieces of the same film, in some of which someone else is taken for the one, unless begun early."""

    def __init__(self, shift_px: float, begun_by_s: float = 0.0) -> None:
        self.asked: list[Piece] = []
        self._shift_px, self._begun_by_s = shift_px, begun_by_s

    def __call__(self, piece: Piece) -> Iterator[Seen]:
        self.asked.append(piece)
        astray = piece.start_s > 0 and piece.start_s - piece.warm_up_s > self._begun_by_s
        for pose in somebody():
            if piece.start_s - piece.warm_up_s <= pose.time_s < piece.end_s:
                points = pose.points_px + (self._shift_px if astray else 0.0)
                yield Seen(replace(pose, points_px=points), (None, None))


def test_pieces_that_agree_are_looked_at_once() -> None:
    looks = Looks(shift_px=5.0)
    poses = [seen.pose for seen in join(PARTS, looks)]
    assert looks.asked == PARTS
    assert [pose.time_s for pose in poses] == [pose.time_s for pose in somebody()]


@pytest.mark.parametrize("shift_px", [300.0, np.nan], ids=["someone else", "nobody"])
def test_whoever_was_followed_is_followed_on(shift_px: float) -> None:
    looks = Looks(shift_px)
    poses = [seen.pose for seen in join(PARTS, looks)]
    assert [piece.warm_up_s for piece in looks.asked] == [0.3, 0.3, 2.0, 0.3, 4.0]
    assert all((a.points_px == b.points_px).all() for a, b in zip(poses, somebody(), strict=True))


@pytest.mark.parametrize("framing", ["legs", "whole"])
def test_legs_alone_that_two_pieces_see_apart_are_led_over(framing: Framing) -> None:
    looks = Looks(shift_px=20.0)

    def look_at(piece: Piece) -> Iterator[Seen]:
        return (replace(seen, pose=replace(seen.pose, framing=framing)) for seen in looks(piece))

    found = [seen.pose for seen in join(PARTS, look_at)]
    shift_px = [float((a.points_px - b.points_px).mean()) for a, b in zip(found, somebody(), strict=True)]
    jumps_px = np.abs(np.diff(shift_px))
    assert looks.asked == PARTS
    assert jumps_px.max() < 0.5 if framing == "legs" else jumps_px.max() == pytest.approx(20.0)
    assert shift_px[-1] == pytest.approx(20.0, abs=4.0)  # 4 s later


@pytest.mark.parametrize("framing, again", [("legs", True), ("whole", False)])
def test_legs_alone_that_are_far_from_those_before_are_looked_at_again(framing: Framing, again: bool) -> None:
    """Beside the right ones others may be made up, as near as no other person's would be."""
    hips, ankles = (somebody()[0].points_px[[n, n + 1]].mean(axis=0) for n in (23, 27))
    looks = Looks(shift_px=0.3 * float(np.hypot(*(hips - ankles))) / 2**0.5)

    def look_at(piece: Piece) -> Iterator[Seen]:
        return (replace(seen, pose=replace(seen.pose, framing=framing)) for seen in looks(piece))

    assert list(join(PARTS, look_at))
    assert ([piece.warm_up_s for piece in looks.asked] == [0.3, 0.3, 2.0, 0.3, 4.0]) == again


@pytest.mark.parametrize(("before", "after"), [("legs", "whole"), ("feet", "legs"), ("legs", "feet")])
def test_who_is_seen_as_another_part_is_looked_at_again(before: Framing, after: Framing) -> None:
    """With a run-up from where the piece before began; of feet it is enough to tell that they are counted."""
    asked = []

    def look_at(piece: Piece) -> Iterator[Seen]:
        asked.append(piece.warm_up_s)
        for pose in somebody():
            if piece.start_s - piece.warm_up_s <= pose.time_s < piece.end_s:
                told = piece.counts_feet if before == "feet" else piece.warm_up_s == 2
                framing = before if told or piece.start_s != 2 else after
                yield Seen(replace(pose, framing=framing), (None, None))

    found = [seen.pose.framing for seen in join(PARTS, look_at)]
    assert asked == [0.3, 0.3, PARTLY_RUN_UP_S if before == "feet" else 2.0, 0.3]
    assert set(found) == {before}


@pytest.mark.parametrize("rows", [slice(None), slice(400, None)], ids=["whole", "feet"])
def test_who_is_partly_in_view_is_given_a_run_up(
    rows: slice, clip: video.Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def cut_piece(survey: video.Survey, piece: Piece) -> Iterator[Frame]:
        read.append(piece.warm_up_s)
        for frame in pieces.read_piece(survey, piece):
            yield replace(frame, image=np.ascontiguousarray(frame.image[rows]))

    monkeypatch.setattr(landmarks, "read_piece", cut_piece)
    with Looker("full") as looker:
        times_s = [seen.pose.time_s for seen in looker.look_at(clip, Piece(1.2, 1.4))]
    whole = rows == slice(None)
    assert read == ([0.3] if whole else [0.3, PARTLY_RUN_UP_S])
    assert whole == (times_s[0] > 0.8)
    assert times_s[-1] < 1.4


@pytest.mark.parametrize("warm_up_s, run_up", [(PARTLY_RUN_UP_S, True), (9.0, False)])
def test_what_is_looked_at_again_is_followed_as_in_the_piece_before(
    warm_up_s: float, run_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    looker = Looker("full")
    monkeypatch.setattr(looker._landmarker, "restart", lambda begins_s, counts_feet: begun.append(begins_s))
    assert not list(looker.look([], Piece(10.0, 20.0, warm_up_s)))
    assert begun == [10.0 if run_up else -np.inf]


def test_what_moved_before_a_piece_of_feet_is_known(
    clip: video.Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds still as it begins is seen to move only when the heels come down: too late for that rep."""

    class Feet(landmarks.Landmarker):
        heard: ClassVar[list[list[float]]] = []

        def detect(self, frame: Frame) -> Pose:
            nowhere, unseen = np.full((33, 2), np.nan), np.full(33, np.nan)
            framing: Framing = "feet" if frame.time_s > 0.8 else "whole"
            return Pose(frame.time_s, (64, 48), nowhere, unseen, framing=framing)

        def listen(self, frames: Iterable[Frame]) -> None:
            self.heard.append([frame.time_s for frame in frames])

    monkeypatch.setattr(landmarks, "Landmarker", Feet)
    monkeypatch.setattr(landmarks, "HEARD_S", 0.5)
    with Looker("full") as looker:
        times_s = [seen.pose.time_s for seen in looker.look_at(clip, Piece(1.0, 1.2))]
        (heard,) = Feet.heard
        seen_s = next(time_s for time_s in times_s if time_s > 0.8)
        assert times_s[0] < seen_s - 0.1 < heard[-1] <= seen_s
        assert heard[0] == pytest.approx(seen_s - 0.5, abs=0.05) and len(heard) == pytest.approx(5, abs=1)
        assert list(looker.look_at(clip, Piece(0.0, 1.2))) and len(Feet.heard) == 1, "all is known there"


def test_mediapipe_is_loaded_without_its_plots_and_they_still_work() -> None:
    code = """if 1:
        import sys
        from posecount import mediapipe_lean
        mediapipe_lean.load()
        from mediapipe.tasks.python.vision import drawing_utils, PoseLandmarker
        assert not {"matplotlib", "sounddevice"} & sys.modules.keys()
        assert drawing_utils.plt.figure.__module__ == "matplotlib.pyplot"
        import matplotlib.pyplot
        assert matplotlib.pyplot.figure is drawing_utils.plt.figure
    """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_picture_like_the_one_before_is_not_looked_at_again(
    clip: video.Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = [frame for frame, _ in zip(video.read(clip.info.path), range(3), strict=False)]
    twice = [replace(frame, time_s=2 * frame.time_s + more) for frame in frames for more in (0.0, 0.01)]
    detect, looked = landmarks.Landmarker.detect, []

    def count(self: landmarks.Landmarker, frame: video.Frame) -> Pose:
        looked.append(frame.time_s)
        return detect(self, frame)

    monkeypatch.setattr(landmarks.Landmarker, "detect", count)
    with Looker("full") as looker:
        found = [seen.pose for seen in looker.look(twice)]
    assert looked == [frame.time_s for frame in twice[::2]]
    assert [pose.time_s for pose in found] == [frame.time_s for frame in twice]
    assert all((a.points_px == b.points_px).all() for a, b in zip(found[::2], found[1::2], strict=True))


def test_in_a_picture_shown_twice_what_moved_a_while_ago_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Feet:
        def restart(self, begins_s: float, counts_feet: bool) -> None: ...

        def detect(self, frame: Frame) -> Pose:
            nowhere, unseen = np.full((33, 2), np.nan), np.full(33, np.nan)
            return Pose(frame.time_s, (64, 48), nowhere, unseen, framing="feet", moved=(3.0, 1.0))

        def moved(self, frame: Frame) -> tuple[float, float]:
            return 2.0, frame.time_s

    looker = Looker("full")
    monkeypatch.setattr(looker, "_landmarker", Feet())
    images = [np.full((48, 64, 3), grey, np.uint8) for grey in (90, 90, 120)]
    seen = looker.look(Frame(n / 30, image) for n, image in enumerate(images))
    assert [each.pose.moved for each in seen] == [(3.0, 1.0), (2.0, 1 / 30), (3.0, 1.0)]

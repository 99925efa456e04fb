"""Frames: their times, orientation and colours; what is no video; files written whole or not at all."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from posecount import video
from posecount.errors import PosecountError
from posecount.pieces import WHOLE, read_piece

RED, GREEN, BLUE, WHITE = (220, 40, 40), (40, 220, 40), (40, 40, 220), (220, 220, 220)


def quadrants(width: int = 64, height: int = 48) -> np.ndarray:
    image = np.empty((height, width, 3), np.uint8)
    image[: height // 2, : width // 2], image[: height // 2, width // 2 :] = RED, GREEN
    image[height // 2 :, : width // 2], image[height // 2 :, width // 2 :] = BLUE, WHITE
    return image


def letters(image: np.ndarray) -> str:
    """The colours of the quadrants, row by row."""
    height, width = image.shape[:2]
    at = [image[y, x] for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    names = {(True, False, False): "R", (False, True, False): "G", (False, False, True): "B"}
    return "".join(names.get(tuple(bool(v > 128) for v in pixel), "W") for pixel in at)


def encode(
    path: Path, codec: str = "libx264", pix_fmt: str = "yuv420p", frames: int = 5, **more: Any
) -> Path:
    size, rate, turn = more.get("size", (64, 48)), more.get("rate", Fraction(30)), more.get("turn")
    with av.open(str(path), "w", options=more.get("options", {})) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        stream.codec_context.sample_aspect_ratio = more.get("aspect", Fraction(1))
        if turn:
            stream.set_display_rotation(turn[0], hflip=turn[1])
        for _ in range(frames):
            out.mux(stream.encode(VideoFrame.from_ndarray(quadrants(*size), "rgb24")))
        out.mux(stream.encode())
    return path


def write(path: Path, times_s: list[float], fps: float = 30, size: tuple[int, int] = (64, 48)) -> Path:
    with video.Writer(path, size, fps) as writer:
        for time_s in times_s:
            writer.write(quadrants(*size), time_s)
    return path


def times(path: Path) -> list[float]:
    return [frame.time_s for frame in video.read(path)]


@pytest.mark.parametrize("rate", [15, 24, Fraction(30000, 1001), 60, 240])
def test_times_and_rate_are_those_of_the_file(tmp_path: Path, rate: Fraction) -> None:
    path = encode(tmp_path / "a.mp4", rate=rate, frames=12)
    info = video.probe(path)
    assert (info.width, info.height, info.frames) == (64, 48, 12)
    assert info.fps == pytest.approx(float(rate), rel=1e-4)
    assert info.duration_s == pytest.approx(12 / float(rate), rel=1e-4)
    assert times(path) == pytest.approx([index / float(rate) for index in range(12)], abs=1e-4)


def test_a_varying_rate_is_kept(tmp_path: Path) -> None:
    true = np.cumsum([0, 0.033, 0.033, 0.1, 0.02, 0.5, 0.033]).tolist()
    path = write(tmp_path / "a.mp4", true)
    assert times(path) == pytest.approx(true, abs=1e-4)
    assert video.probe(path).fps == pytest.approx(6 / true[-1], rel=1e-3)


def test_time_starts_at_the_first_frame(tmp_path: Path) -> None:
    assert times(write(tmp_path / "a.mkv", [7.5, 7.6, 7.7])) == pytest.approx([0, 0.1, 0.2], abs=1e-3)


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([0, 40, 40, 80], [0, 0.04, 0.08]),  # repeated: left out
        ([0, 40, 30, 80], [0, 0.04, 0.08]),  # a little back: left out
        ([0, 5000, 5040, 0, 40, 80], [0, 5, 5.04, 5.08, 5.12, 5.16]),  # a new clock: time goes on
        ([100, None, None, 220], [0, 0.04, 0.08, 0.12]),  # no stamp: the nominal step
        ([None, None], [0, 0.04]),
        ([-80, -40, 0], [0, 0.04, 0.08]),
    ],
)
def test_time_always_rises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamps: list[int | None], expected: list[float]
) -> None:
    def pictures(*_: object) -> Any:
        for stamp in stamps:
            picture = VideoFrame(64, 48, "yuv420p")
            picture.pts, picture.time_base = stamp, Fraction(1, 1000)
            yield picture

    path = encode(tmp_path / "a.mp4", rate=25)
    monkeypatch.setattr(video, "_pictures", pictures)
    assert times(path) == pytest.approx(expected)


# What FFmpeg's own player shows for a picture stored as red green / blue white.
@pytest.mark.parametrize(
    ("degrees", "mirrored", "shown"),
    [
        (0, False, "RGBW"),
        (90, False, "GWRB"),
        (180, False, "WBGR"),
        (270, False, "BRWG"),
        (-90, False, "BRWG"),
        (0, True, "GRWB"),
        (90, True, "WGBR"),
        (180, True, "BWRG"),
        (270, True, "RBGW"),
    ],
)
def test_pictures_are_shown_upright(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, degrees: int, mirrored: bool, shown: str
) -> None:
    path = encode(tmp_path / "a.mp4", turn=(degrees, mirrored))
    frame, info, survey = next(video.read(path)), video.probe(path), video.survey(path)
    assert letters(frame.image) == shown
    monkeypatch.delattr("posecount.video._mirrored")  # asked whenever a file is opened, it would fill memory
    assert letters(next(read_piece(survey, WHOLE)).image) == shown
    assert letters(next(video.read(path, survey.mirrored)).image) == shown
    assert frame.image.shape == (info.height, info.width, 3)
    assert frame.image.shape[:2] == ((64, 48) if degrees % 180 else (48, 64))


def test_pixels_become_square(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", aspect=Fraction(4, 3))
    assert next(video.read(path)).image.shape == (48, 85, 3)
    assert (video.probe(path).width, video.probe(path).height) == (85, 48)


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt", "size"),
    [
        ("a.mp4", "libx264", "yuv420p", (48, 64)),
        ("a.mov", "mpeg4", "yuv420p", (64, 48)),
        ("a.mkv", "ffv1", "yuv420p", (63, 47)),
        ("a.avi", "mjpeg", "yuvj420p", (65, 49)),
        ("a.ts", "mpeg2video", "yuv420p", (64, 48)),
        ("a.webm", "libvpx-vp9", "yuv420p", (61, 35)),
        ("a.mp4", "libx265", "yuv420p10le", (64, 48)),
    ],
)
def test_any_container_codec_and_size(
    tmp_path: Path, name: str, codec: str, pix_fmt: str, size: tuple[int, int]
) -> None:
    if codec not in av.codecs_available:
        pytest.skip(f"this build of PyAV cannot write {codec}")
    path = encode(tmp_path / name, codec, pix_fmt, size=size)
    frames = list(video.read(path))
    assert len(frames) == video.probe(path).frames == 5
    assert frames[2].image.shape == (size[1], size[0], 3)
    assert frames[2].image.dtype == np.uint8
    assert letters(frames[2].image) == "RGBW"


def spoil(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / "some.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("not a video\n" * 100)
    elif kind == "text as text":
        path = tmp_path / "some.txt"
        path.write_text("not a video\n" * 100)
    elif kind == "truncated":
        path.write_bytes(encode(tmp_path / "whole.mp4", frames=60).read_bytes()[:-200])
    elif kind == "sound":
        with av.open(str(path), "w") as out:
            stream = out.add_stream("aac", rate=44100, layout="mono")
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            silence.sample_rate = 44100
            out.mux(stream.encode(silence))
            out.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "there is no file"),
        ("folder", "is a folder"),
        ("empty", "is empty"),
        ("text", "not a video"),
        ("text as text", "not a video"),
        ("truncated", "cut off"),
        ("sound", "no moving pictures"),
    ],
)
def test_what_is_no_video_is_told_in_one_line(tmp_path: Path, kind: str, says: str) -> None:
    path = spoil(tmp_path, kind)
    for attempt in (video.probe, lambda path: list(video.read(path))):
        with pytest.raises(PosecountError, match=says) as caught:
            attempt(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_file_that_breaks_off_gives_what_it_holds(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mov"
    encode(whole, "mjpeg", "yuvj420p", frames=90, options={"movflags": "faststart"})
    path = tmp_path / "some.mov"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 7 // 10])
    found = times(path)
    assert 50 < len(found) < 70
    assert video.probe(path).frames == pytest.approx(len(found), abs=1)
    assert found == pytest.approx([index / 30 for index in range(len(found))], abs=1e-3)


def test_what_is_written_plays_in_a_browser(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [index / 30 for index in range(10)], size=(65, 49))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height, stream.pix_fmt) == (64, 48, "yuv420p")
    whole = path.read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")
    image = next(video.read(path)).image.astype(int)
    for at, colour in (((12, 16), RED), ((12, 48), GREEN), ((36, 16), BLUE), ((36, 48), WHITE)):
        assert abs(image[at] - colour).max() < 12


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_broken_off_writing_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    old = tmp_path / "old.mp4"
    old.write_text("what was there before")
    for path in (old, tmp_path / "new.mp4"):
        with pytest.raises(error), video.Writer(path, (64, 48), 30) as writer:
            writer.write(quadrants(), 0.0)
            raise error
    assert [path.name for path in tmp_path.iterdir()] == ["old.mp4"]
    assert old.read_text() == "what was there before"


def test_a_finished_writing_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("old")
    write(path, [0, 0.1])
    assert len(times(path)) == 2
    assert [each.name for each in tmp_path.iterdir()] == ["a.mp4"]


@pytest.mark.parametrize(
    ("name", "says"), [("nowhere/a.mp4", "no folder"), ("folder.mp4", "is a folder"), ("a.txt", ".mp4")]
)
def test_an_unwritable_video_is_told_before_the_work(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(PosecountError, match=says):
        video.Writer(tmp_path / name, (64, 48), 30)


def test_reading_needs_no_opencv() -> None:
    code = "import sys, posecount.video; sys.exit(bool({'cv2', 'mediapipe'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

"""Pieces of a video hold the very frames that reading it from its start gives."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from posecount import pieces, video
from posecount.pieces import WHOLE, Piece, read_piece, thinned
from posecount.types import Frame

FRAMES = 120


def picture(n: int) -> VideoFrame:
    rng = np.random.default_rng(n)
    coarse = rng.integers(0, 255, (6, 8, 3)).astype(np.uint8)
    return VideoFrame.from_ndarray(coarse.repeat(8, axis=0).repeat(8, axis=1), "rgb24")


def film(path: Path, codec: str = "libx264", **more: Any) -> Path:
    """Four seconds, every picture another, key frames a second apart."""
    times_ms = more.get("times_ms", [round(n * 1000 / 30) for n in range(FRAMES)])
    options = {"bf": "2", "x264-params": "keyint=30:open-gop=1:scenecut=0", **more.get("options", {})}
    with av.open(str(path), "w", format=more.get("format"), options=more.get("container", {})) as out:
        stream = out.add_stream(codec, rate=Fraction(30), options=options if codec == "libx264" else {})
        stream.width, stream.height, stream.pix_fmt = 64, 48, more.get("pix_fmt", "yuv420p")
        stream.codec_context.gop_size = 30
        stream.codec_context.time_base = Fraction(1, 1000) if codec != "mpeg2video" else Fraction(1, 30)
        if "turn" in more:
            stream.set_display_rotation(more["turn"])
        for n, time_ms in enumerate(times_ms):
            shown = picture(n)
            shown.pts, shown.time_base = time_ms, Fraction(1, 1000)
            if codec == "mpeg2video":
                shown.pts, shown.time_base = n, Fraction(1, 30)
            out.mux(stream.encode(shown))
        out.mux(stream.encode())
    return path


def varied() -> list[int]:
    return np.cumsum(np.random.default_rng(5).integers(10, 60, FRAMES)).tolist()


KINDS: dict[str, dict[str, Any]] = {
    "a.mp4": {},
    "varied.mp4": {"times_ms": varied()},
    "late.mkv": {"times_ms": [7500 + 33 * n for n in range(FRAMES)]},
    "late.mp4": {"times_ms": [7500 + 33 * n for n in range(FRAMES)]},
    "turned.mov": {"turn": 90},
    "fragments.mp4": {"container": {"movflags": "frag_keyframe+empty_moov"}},
    "a.avi": {"codec": "mpeg4"},
    "a.ts": {"codec": "mpeg2video"},
    "b.ts": {},
    "all-keys.mov": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "a.webm": {"codec": "libvpx-vp9"},
}


def whole_in_pieces(path: Path) -> tuple[list[tuple[float, bytes]], list[tuple[float, bytes]], int]:
    survey = video.survey(path)
    parts = pieces.pieces(survey)
    whole = [(frame.time_s, frame.image.tobytes()) for frame in video.read(path)]
    joined = [
        (frame.time_s, frame.image.tobytes())
        for part in parts
        for frame in read_piece(survey, part)
        if frame.time_s >= part.start_s
    ]
    return whole, joined, len(parts)


@pytest.mark.parametrize("name", KINDS)
def test_pieces_hold_the_same_frames_as_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(pieces, "SHORT_S", 0.45)
    if KINDS[name].get("codec", "libx264") not in av.codecs_available:
        pytest.skip("this build of PyAV cannot write it")
    whole, joined, count = whole_in_pieces(film(tmp_path / name, **KINDS[name]))
    assert len(whole) == FRAMES and len({image for _, image in whole}) == FRAMES
    assert [time_s for time_s, _ in joined] == [time_s for time_s, _ in whole]
    assert joined == whole
    assert count == 8


def test_what_is_cut_off_is_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SHORT_S", 0.45)
    path = film(tmp_path / "a.mp4", container={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 7 // 10])
    whole, joined, count = whole_in_pieces(path)
    assert 60 < len(whole) < 100 and count > 1
    assert joined == whole


def test_without_times_or_with_a_new_clock_it_is_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "SHORT_S", 0.45)
    raw = film(tmp_path / "a.h264", format="h264")
    joined = tmp_path / "b.ts"
    part = film(tmp_path / "a.ts").read_bytes()
    joined.write_bytes(part + part)
    for path in (raw, joined):
        assert pieces.pieces(video.survey(path)) == [WHOLE]
        assert len(list(read_piece(video.survey(path), WHOLE))) == len(list(video.read(path)))


def test_what_cannot_be_entered_is_read_from_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "_from_key", lambda *_: None)
    survey = video.survey(film(tmp_path / "a.mp4"))
    found = [frame.time_s for frame in read_piece(survey, Piece(2.5, 3.0, 0.2))]
    assert found == [
        time for time in (frame.time_s for frame in video.read(survey.info.path)) if 2.3 <= time < 3
    ]


def test_an_index_that_is_wrong_is_not_believed(tmp_path: Path) -> None:
    survey = video.survey(film(tmp_path / "a.mp4"))
    keys = survey.keys[:]
    keys[2] += 1
    wrong = replace(survey, keys=keys)
    one, other = (list(read_piece(each, Piece(2.5, 3.0))) for each in (survey, wrong))
    assert [frame.time_s for frame in one] == [frame.time_s for frame in other]
    assert all((a.image == b.image).all() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("fps", "true_fps", "digits", "expected"),
    [
        (30, 60, 6, list(range(0, 60, 2))),
        (30, 60, 3, list(range(0, 60, 2))),  # told in milliseconds
        (15, 240, 6, [0, *range(12, 240, 16)]),
        (30, 25, 6, list(range(25))),  # no more than there are
        (None, 60, 6, list(range(60))),
    ],
)
def test_fewer_pictures_at_even_times(
    fps: float | None, true_fps: int, digits: int, expected: list[int]
) -> None:
    image = np.zeros((1, 1, 3), np.uint8)
    times = [round(n / true_fps, digits) for n in range(true_fps)]
    kept = [frame.time_s for frame in thinned((Frame(time_s, image) for time_s in times), fps)]
    assert kept == [times[n] for n in expected]
    later = [frame.time_s for frame in thinned((Frame(time_s, image) for time_s in times[7:]), fps)]
    assert later[1:] == [time_s for time_s in kept if time_s > later[0]], "wherever it begins"


@pytest.mark.parametrize(
    ("seconds", "count"), [(0.5, 1), (11.0, 1), (14.0, 2), (31.0, 2), (33.0, 4), (60.0, 4), (600.0, 28)]
)
def test_pieces_depend_on_the_length_alone(tmp_path: Path, seconds: float, count: int) -> None:
    found = video.survey(film(tmp_path / "a.mp4"))
    info = video.VideoInfo("a.mp4", 64, 48, 30.0, round(30 * seconds), seconds)
    parts = pieces.pieces(replace(found, info=info))
    assert len(parts) == count
    assert parts[0].start_s == 0 and parts[-1].end_s == float("inf")
    assert all(one.end_s == other.start_s for one, other in pairwise(parts))

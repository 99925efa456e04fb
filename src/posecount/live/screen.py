"""The live picture: mirrored, with the painter's cards, the guide, and what a person needs to be told."""

import math
from dataclasses import replace

import cv2
import numpy as np

from posecount.draw import Painter
from posecount.draw.cards import draw_sentence, sentence_height
from posecount.draw.ink import Image, panel, paste, text_width, write
from posecount.draw.style import INK, MUTED, PAPER
from posecount.live.director import Scene
from posecount.live.silhouette import cut_out
from posecount.types import Pose
from posecount.words import Words

LARGEST = (1920, 1080)  # what is drawn; a larger window enlarges it: at 4K, drawing alone would take a frame
KEYS = ("q", "space", "r", "c", "s", "n", "m", "h")
DIM = 0.55  # of the light, where words matter more than the picture


class Screen:
    """Draws one live session, scene after scene."""

    def __init__(self, language: str = "en") -> None:
        self._say = Words(language)
        self._painter = Painter(language=language)

    def draw(
        self,
        scene: Scene | None,
        size: tuple[int, int],
        *,
        note: str = "",
        trouble: str = "",
        helping: bool = False,
    ) -> Image:
        """RGB in the shape of `size` (width, height), the scene as large as fits into it.

        `note` is small, at the foot; `trouble` is told over everything.
        """
        if scene is None:
            return _plain(size, trouble or self._say("live.starting"))
        room = _room(size)
        image, pose = mirrored(scene, room)
        unit = min(image.shape[:2]) / 100
        if scene.guide.stage == "guide":
            _guide(image, scene, unit)
        else:
            hold = scene.run.hold if scene.run else None
            self._painter.draw_on(image, pose, scene.state, cue=scene.words, breath=scene.breath, hold=hold)
            _number(image, scene.number, unit)
        _title(image, scene.title, unit)
        if scene.paused:
            _told(image, (self._say("live.paused"), self._say("live.go_on")), unit)
        if trouble:
            _told(image, (trouble,), unit)
        if helping:
            _help(image, unit, self._say)
        hint = self._say("live.help")
        _note(image, f"{note}   {hint}" if note else hint, unit)
        return _framed(image, room)


def mirrored(scene: Scene, size: tuple[int, int]) -> tuple[Image, Pose]:
    """As in a mirror, and fitted into `size`: only the preview, never what is analysed."""
    frame = scene.shot.frame.image
    height, width = frame.shape[:2]
    scale = max(min(size[0] / width, size[1] / height), 1 / min(width, height))
    fitted = round(width * scale), round(height * scale)
    image = _flipped(_scaled(frame, fitted)) if scale < 1 else _scaled(_flipped(frame), fitted)
    points = scene.pose.points_px * (np.array(fitted) / scene.pose.size_px)
    points[:, 0] = fitted[0] - points[:, 0]
    return image, replace(scene.pose, points_px=points, size_px=fitted)


def _flipped(image: Image) -> Image:
    return np.asarray(cv2.flip(image, 1), np.uint8)


def _scaled(image: Image, size: tuple[int, int]) -> Image:
    """Halved while that is still large enough: the mean of four is quick, that of other areas takes 4 ms."""
    while min(image.shape[1] // size[0], image.shape[0] // size[1]) >= 2:
        half = image.shape[1] // 2, image.shape[0] // 2
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    if image.shape[1::-1] != size:
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return image


def _guide(image: Image, scene: Scene, unit: float) -> None:
    _dim(image)
    height, width = image.shape[:2]
    mask, left, top = cut_out(width, height, seated=scene.state.exercise == "ankle-pump")
    paste(image, mask, PAPER, left, top)
    _sentence(image, scene.words, height - 4 * unit, unit)


def _number(image: Image, number: str, unit: float) -> None:
    if number:
        height, width = image.shape[:2]
        radius = 24 * unit
        panel(image, width / 2 - radius, height * 0.56 - radius, 2 * radius, 2 * radius, radius)
        write(image, number, width / 2, height * 0.56, 34 * unit, align=0.5)


def _title(image: Image, title: str, unit: float) -> None:
    if title:
        height = image.shape[0]
        size = 4.6 * unit
        wide = text_width(title, size) + 6 * unit
        panel(image, 2.5 * unit, height - 10.5 * unit, wide, 8 * unit, 4 * unit)
        write(image, title, 5.5 * unit, height - 6.5 * unit, size)


def _told(image: Image, lines: tuple[str, ...], unit: float) -> None:
    """A large sentence in the middle, a smaller one below."""
    _dim(image)
    height, width = image.shape[:2]
    size = 9 * unit if len(lines) > 1 else 6 * unit
    wide = width - 8 * unit
    tall = sentence_height(lines[0], wide, size)
    top = (height - tall) / 2 + 6 * unit
    draw_sentence(image, lines[0], width / 2, top, wide, size, align=0.5)
    if len(lines) > 1:
        draw_sentence(image, lines[1], width / 2, top + tall + 2 * unit, wide, 4 * unit, align=0.5)


def _help(image: Image, unit: float, say: Words) -> None:
    _dim(image)
    height, width = image.shape[:2]
    names, size = {"q": "q  Esc", "space": say("live.key_space")}, 4.6 * unit
    keys = max(text_width(names.get(key, key), size) for key in KEYS) + 6 * unit
    wide = keys + max(text_width(say(f"live.{key}"), size) for key in KEYS) + 10 * unit
    tall = (len(KEYS) * 8 + 6) * unit
    left, top = (width - wide) / 2, (height - tall) / 2
    panel(image, left, top, wide, tall, 3 * unit)
    for row, key in enumerate(KEYS):
        y = top + (7 + 8 * row) * unit
        write(image, names.get(key, key), left + keys, y, size, align=1)
        write(image, say(f"live.{key}"), left + keys + 4 * unit, y, size, MUTED)


def _note(image: Image, note: str, unit: float) -> None:
    height, width = image.shape[:2]
    size = 2.4 * unit
    wide = text_width(note, size) + 3 * unit
    panel(image, width - wide - 1.5 * unit, height - 5.5 * unit, wide, 4 * unit, 2 * unit)
    write(image, note, width - 3 * unit, height - 3.5 * unit, size, MUTED, align=1)


def _sentence(image: Image, text: str, bottom: float, unit: float) -> None:
    if text:
        width = image.shape[1]
        wide, size = width - 8 * unit, 6 * unit
        top = bottom - sentence_height(text, wide, size) - 4 * unit
        draw_sentence(image, text, width / 2, top, wide, size, align=0.5)


def _room(size: tuple[int, int]) -> tuple[int, int]:
    """The window's shape, no larger than what is drawn at most."""
    scale = min(1.0, LARGEST[0] / size[0], LARGEST[1] / size[1])
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _framed(image: Image, room: tuple[int, int]) -> Image:
    """In the middle of a dark frame: a white one would outshine the picture."""
    across, down = room[0] - image.shape[1], room[1] - image.shape[0]
    if across <= 0 and down <= 0:
        return image
    left, top = max(across, 0) // 2, max(down, 0) // 2
    edges = (top, max(down, 0) - top, left, max(across, 0) - left)
    return np.asarray(cv2.copyMakeBorder(image, *edges, cv2.BORDER_CONSTANT, value=(*INK, 0)), np.uint8)


def _dim(image: Image) -> None:
    cv2.convertScaleAbs(image, dst=image, alpha=DIM)


def _plain(size: tuple[int, int], text: str) -> Image:
    width, height = _room(size)
    image = np.full((height, width, 3), INK, np.uint8)
    unit = min(width, height) / 100
    tall = sentence_height(text, width - 8 * unit, 6 * unit)
    if math.isfinite(tall):
        draw_sentence(image, text, width / 2, (height - tall) / 2, width - 8 * unit, 6 * unit, align=0.5)
    return image

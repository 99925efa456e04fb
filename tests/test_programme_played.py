"""The whole step stretch, from recorded landmarks to every word said: tests/sessions/step-stretch*.txt.

After a change that is meant: python tests/test_programme_played.py writes them anew; read the difference.
"""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from actor import Actor, as_asked

from posecount.feedback import GAP_S
from posecount.live.director import Director
from posecount.live.source import Shot
from posecount.programme_run import RunView
from posecount.programmes import programme
from posecount.types import Frame, Hold

FOLDER = Path(__file__).parent / "sessions"
PICTURE = np.full((48, 64, 3), 120, np.uint8)
FPS = 15


def straight_at_first(view: RunView) -> str:
    """Mistakes: the knee stays straight where it should be bent, and the fifth stretch bounces."""
    return {2: "stretch-straight", 5: "stretch-bouncing"}.get(view.turn, as_asked(view))


def breaks_off(view: RunView, seconds: float) -> bool:
    """A third mistake: the left leg is let go after 15 s, and stretched again after a while."""
    return view.turn == 3 and 15 < seconds < 20


ACTORS = {"step-stretch": Actor(), "step-stretch-mistakes": Actor(straight_at_first, breaks_off)}


class Page:
    """Everything that is told, in order: `lines` to read, `told` to test."""

    def __init__(self, name: str) -> None:
        self.now_s = 0.0
        self.lines: list[str] = [f"{name} (every word of a live session at {FPS} pictures a second)"]
        self.told: list[tuple[str, float, Any]] = []
        self._breath = ""
        director = Director(self._hear, programme=programme("step-stretch"))
        self._play(director, ACTORS[name])
        director.finish()

    def _play(self, director: Director, actor: Actor) -> None:
        view = director._run.view  # what the person sees and hears
        while view.stage != "done":
            shot = Shot(Frame(self.now_s, PICTURE), self.now_s)
            scene = director.update(shot, actor.pose(self.now_s, view))
            view = scene.run
            self._breathe(view)
            self.now_s += 1 / FPS

    def _hear(self, kind: str, value: Any) -> None:
        self.told.append((kind, self.now_s, value))
        if kind == "prompt" and value.code != "count":
            self._write(f'prompt  "{value.text}"')
        elif kind == "cue":
            self._write(f'cue     "{value.text}"')
        elif isinstance(value, Hold):
            bounces = f", {value.bounces} bounces" if value.bounces else ""
            seconds = f"{value.duration_s:.0f} s"
            self._write(f"found   {value.quality} hold of {seconds}, {value.side}, {value.muscle}{bounces}")

    def _breathe(self, view: RunView) -> None:
        hold = view.hold
        breath = ""
        if view.stage == "exercise" and hold:
            breath = f"{hold.breaths} of 4 breaths" if hold.held_s else "waits for the stretch"
        if breath and breath != self._breath:
            self._write(f"ring    {breath}")
        self._breath = breath

    def _write(self, text: str) -> None:
        self.lines.append(f"{self.now_s:6.1f} s  {text}")

    @property
    def text(self) -> str:
        return "\n".join([*self.lines, ""])


@pytest.fixture(scope="module", params=list(ACTORS))
def page(request: pytest.FixtureRequest) -> tuple[str, Page]:
    return request.param, Page(request.param)


def test_the_programme_is_led_as_it_was(page: tuple[str, Page]) -> None:
    name, played = page
    assert played.text == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_never_two_cues_at_once(page: tuple[str, Page]) -> None:
    times = [at_s for kind, at_s, _ in page[1].told if kind == "cue"]
    assert all(later - earlier >= GAP_S for earlier, later in pairwise(times))


def test_every_stretch_is_asked_for_done_and_found(page: tuple[str, Page]) -> None:
    name, played = page
    legs = [value.text for kind, _, value in played.told if kind == "prompt" and value.code == "breaths"]
    order = ["Right leg straight", "Right leg, knee bent", "Left leg straight", "Left leg, knee bent"]
    assert [leg.split(", 4 slow")[0] for leg in legs] == [*order, *order[:2]]
    full = [value for kind, _, value in played.told if kind == "hold" and value.duration_s > 35]
    assert Counter(hold.side for hold in full) == {"right": 4, "left": 2}
    if name == "step-stretch":
        assert [hold.muscle for hold in full] == ["gastrocnemius", "soleus"] * 3


if __name__ == "__main__":
    for each in ACTORS:
        (FOLDER / f"{each}.txt").write_text(Page(each).text, encoding="utf-8")

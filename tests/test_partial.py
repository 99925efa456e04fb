"""When feet are counted and when legs are measured, of who is only partly in the picture."""

from types import SimpleNamespace

import numpy as np
import pytest
from people import pose

from posecount import partial
from posecount.network import Found, Region
from posecount.partial import PAUSE_S, Partial
from posecount.shanks import ENOUGH_S, FIRM_S
from posecount.types import TOLD_LATE_S, Frame, Framing

FPS, STILL_S = 15, 4.0
BACKGROUND = np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)


class SearchesTwice:
    """Finds nothing in a whole search, and then, from `found_s` on, the legs of somebody who stands."""

    following, found_s = False, 2.0

    def __init__(self, wander_px: float) -> None:
        self.sweeps, self._wander_px = 0, wander_px

    def update(self, image: object, time_s: float, body_px: object, seldom: bool) -> object:
        self.sweeps, self.following = 1, time_s >= self.found_s
        points = np.zeros((39, 2))
        points[:33] = pose(time_s, 0.0, 0.0, standing=True).points_px / 4
        points[[25, 26], 1] += self._wander_px * (-1) ** round(time_s * FPS)
        found = Found(points, np.ones(39), np.ones(39), 1.0)
        return SimpleNamespace(region=Region(0, 0, 1), found=found, heat=0.8) if self.following else None


def frame(time_s: float) -> Frame:
    """Something the size of a foot that goes up and down, until it rests."""
    image = BACKGROUND // 8
    y = 120 + round(30 * np.sin(3 * min(time_s, STILL_S)))
    image[y : y + 40, 140:200] = BACKGROUND[:40, :60]
    return Frame(time_s, image)


@pytest.mark.parametrize(
    ("wander_px", "until_s"),
    [
        pytest.param(0.2, STILL_S + TOLD_LATE_S + PAUSE_S, id="until a pause shows legs"),
        pytest.param(0.0, SearchesTwice.found_s + ENOUGH_S + FIRM_S, id="until legs are sure"),
    ],
)
def test_moving_feet_are_counted(monkeypatch: pytest.MonkeyPatch, wander_px: float, until_s: float) -> None:
    monkeypatch.setattr(partial, "LegTracker", lambda *_: SearchesTwice(wander_px))
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    seen: list[tuple[float, Framing]] = []
    for n in range(int(10 * FPS)):
        each = frame(n / FPS)
        found = part.legs(each, None) or part.movement(each)
        seen.append((each.time_s, found.framing))
    changed_s = next(at for at, framing in seen if framing == "legs")
    assert {framing for at, framing in seen if at < changed_s} == {"feet"}
    assert {framing for at, framing in seen if at >= changed_s} == {"legs"}
    assert changed_s == pytest.approx(until_s, abs=0.3)

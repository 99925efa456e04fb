"""When feet are counted and when legs are measured, of who is only partly in the picture."""

from types import SimpleNamespace

import numpy as np
import pytest
from people import pose

from posecount import partial
from posecount.feet_look import FeetLook, Stranger
from posecount.network import Found, Region
from posecount.partial import HEARD_ON_S, PAUSE_S, Partial
from posecount.types import TOLD_LATE_S, Frame, Framing

FPS, STILL_S = 15, 4.0
BACKGROUND = np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)


class SearchesTwice:
    """Finds nothing in a whole search, and then, from `found_s` on, the legs of somebody who stands."""

    following, anew, found_s = False, False, 2.0

    def __init__(self, *_: object) -> None:
        self.in_vain = False

    def update(
        self, image: object, time_s: float, body: object, seldom: bool, doubted: bool, quick: bool
    ) -> object:
        self.in_vain, self.following = True, time_s >= self.found_s
        points = np.zeros((39, 2))
        points[:33] = pose(time_s, 0.0, 0.0, standing=True).points_px / 4
        found = Found(points, np.ones(39), np.ones(39), 1.0)
        return SimpleNamespace(region=Region(0, 0, 1), found=found, heat=0.8) if self.following else None


def frame(time_s: float) -> Frame:
    """Something the size of a foot that goes up and down, until it rests."""
    image = BACKGROUND // 8
    y = 120 + round(30 * np.sin(3 * min(time_s, STILL_S)))
    image[y : y + 40, 140:200] = BACKGROUND[:40, :60]
    return Frame(time_s, image)


def test_feet_that_move_are_counted_until_a_pause_shows_legs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial, "LegTracker", SearchesTwice)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    seen: list[tuple[float, Framing]] = []
    for n in range(int(10 * FPS)):
        each = frame(n / FPS)
        found = part.legs(each, None) or part.movement(each)
        seen.append((each.time_s, found.framing))
    changed_s = next(at for at, framing in seen if framing == "legs")
    assert {framing for at, framing in seen if at < changed_s} == {"feet"}
    assert {framing for at, framing in seen if at >= changed_s} == {"legs"}
    assert changed_s == pytest.approx(STILL_S + TOLD_LATE_S + PAUSE_S, abs=0.3)


def test_what_moves_is_heard_on_when_legs_take_over_from_feet(monkeypatch: pytest.MonkeyPatch) -> None:
    """They may have been shins, and feet are counted again: what stirs need not be found out anew."""
    monkeypatch.setattr(partial, "LegTracker", SearchesTwice)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    heard = {}
    for n in range(int(18 * FPS)):
        each = frame(n / FPS)
        found = part.legs(each, None) or part.movement(each)
        if found.framing == "legs":
            heard[each.time_s] = found.moved[0] == found.moved[0]
    lasts_s = max(at for at in heard if heard[at]) - min(heard)
    assert lasts_s == pytest.approx(HEARD_ON_S, abs=0.2)
    assert all(heard[at] for at in heard if at < min(heard) + HEARD_ON_S - 0.2) and not heard[max(heard)]


def test_legs_that_are_gone_at_once_do_not_end_the_counting_of_feet(monkeypatch: pytest.MonkeyPatch) -> None:
    found_s = STILL_S + TOLD_LATE_S + PAUSE_S

    class Gone(SearchesTwice):
        def update(
            self, image: object, time_s: float, body: object, seldom: bool, doubted: bool, quick: bool
        ) -> object:
            look = super().update(image, time_s, body, seldom, doubted, quick)
            self.following = self.following and time_s < found_s + 0.6
            self.in_vain = time_s < found_s  # later it begins to search anew
            if look:
                look.found.points_px[:, 1] -= 95  # type: ignore[attr-defined]  # no hips in view
            return look if self.following else None

    monkeypatch.setattr(partial, "LegTracker", Gone)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    seen = [part.legs(frame(n / FPS), None) or part.movement(frame(n / FPS)) for n in range(int(9 * FPS))]
    assert {each.framing for each in seen if each.time_s > STILL_S} == {"feet", "legs"}
    assert seen[-1].framing == "feet"


@pytest.mark.parametrize(
    "told, until_s",
    [({}, SearchesTwice.found_s), ({"begins_s": 1.9}, None), ({"counts_feet": True}, None)],
    ids=["just now", "in a run-up", "in the piece before"],
)
def test_feet_that_were_counted_when_a_piece_begins_go_on_until_a_pause(
    told: dict[str, float], until_s: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partial, "LegTracker", SearchesTwice)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    part.restart(**told)  # type: ignore[arg-type]
    seen = []
    for n in range(int(1.1 * FPS), int(STILL_S * FPS)):  # feet for 0.9 s before legs are found
        found = part.legs(frame(n / FPS), None) or part.movement(frame(n / FPS))
        seen.append((n / FPS, found.framing))
    legs_s = [at for at, framing in seen if framing == "legs"]
    assert min(legs_s, default=None) == until_s


@pytest.mark.parametrize("heat, heard_on", [(0.68, True), (0.8, False)])
def test_movement_is_heard_on_beside_legs_that_were_just_found_and_are_not_hot(
    monkeypatch: pytest.MonkeyPatch, heat: float, heard_on: bool
) -> None:
    class Brief(SearchesTwice):
        """Legs for half a second, which are none."""

        def update(
            self, image: object, time_s: float, body: object, seldom: bool, doubted: bool, quick: bool
        ) -> object:
            look = super().update(image, time_s, body, seldom, doubted, quick)
            self.in_vain, self.following = False, 1.5 < time_s < 2.1
            look.heat = heat  # type: ignore[attr-defined]
            return look if self.following else None

        found_s = 0.0

    monkeypatch.setattr(partial, "LegTracker", Brief)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    part.legs(frame(0.0), None)
    seen = []
    for n in range(1, int(STILL_S * FPS)):
        found = part.legs(frame(n / FPS), None) or part.movement(frame(n / FPS))
        seen.append((found.framing, found.moved[0] == found.moved[0]))
    assert {framing for framing, _ in seen} == {"whole", "legs"}
    assert all(heard for _, heard in seen[FPS // 2 :]) == heard_on


@pytest.mark.parametrize("edge_y, waits", [(0, False), (95, True)])
def test_who_was_measured_to_the_hips_is_measured_again_without_a_pause(
    monkeypatch: pytest.MonkeyPatch, edge_y: float, waits: bool
) -> None:
    class LosesThem(SearchesTwice):
        """The legs of somebody who steps in, lost for some steps."""

        def update(
            self, image: object, time_s: float, body: object, seldom: bool, doubted: bool, quick: bool
        ) -> object:
            look = super().update(image, time_s, body, seldom, doubted, quick)
            self.in_vain, self.following = 1.0 < time_s < 2.5, not 1.0 < time_s < 2.5
            if look:
                look.found.points_px[:, 1] -= edge_y  # type: ignore[attr-defined]
            return look if self.following else None

        found_s = 0.0

    monkeypatch.setattr(partial, "LegTracker", LosesThem)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    seen = []
    for n in range(int(STILL_S * FPS)):  # the foot moves all the time
        found = part.legs(frame(n / FPS), None) or part.movement(frame(n / FPS))
        seen.append(found.framing)
    assert seen[FPS // 2] == "legs" and seen[2 * FPS] == "feet"
    assert seen[-1] == ("feet" if waits else "legs")


@pytest.mark.parametrize("sits", [True, False])
def test_who_turns_out_to_sit_is_measured_at_once(monkeypatch: pytest.MonkeyPatch, sits: bool) -> None:
    class TurnsOut(SearchesTwice):
        """Thighs beyond the edge, which from half a second on are seen behind the knees."""

        def update(
            self, image: object, time_s: float, body: object, seldom: bool, doubted: bool, quick: bool
        ) -> object:
            look = super().update(image, time_s, body, seldom, doubted, quick)
            self.anew = sits and time_s == 0.6
            look.found.points_px[:, 1] -= 120 if time_s < 0.6 else 0  # type: ignore[attr-defined]
            return look

        found_s = 0.0

    monkeypatch.setattr(partial, "LegTracker", TurnsOut)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    seen = []
    for n in range(11):
        found = part.legs(frame(n / FPS), None) or part.movement(frame(n / FPS))
        seen.append(found.framing)
    assert seen[8] == "feet" and (seen[9] == "legs") == sits


def test_legs_that_the_network_makes_up_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    class Trembles(SearchesTwice):
        found_s = 0.0

        def update(
            self, image: object, time_s: float, body: object, seldom: bool, doubted: bool, quick: bool
        ) -> object:
            look = super().update(image, time_s, body, seldom, doubted, quick)
            look.found.points_px[[25, 26], 1] += 2.0 * (-1) ** round(time_s * FPS)  # type: ignore[attr-defined]
            told.append(doubted)
            return look

    told: list[bool] = []
    monkeypatch.setattr(partial, "LegTracker", Trembles)
    part = Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    found = [part.legs(frame(n / FPS), None) for n in range(3 * FPS)]
    assert found[0] and not any(found[2 * FPS :])
    assert not told[FPS // 2] and told[-1], "others are looked for"


@pytest.mark.parametrize("follows_feet", [True, False])
def test_feet_are_followed_beside_their_movement(monkeypatch: pytest.MonkeyPatch, follows_feet: bool) -> None:
    class NoLegs(SearchesTwice):
        found_s, look = 99.0, None

    class Feet:
        following = True

        def __init__(self, *_: object) -> None:
            points = np.zeros((39, 2))
            points[:33] = pose(0.0, 0.0, 0.0, standing=True).points_px / 4
            stranger = Stranger(160.0, 200.0, 35.0, 0.0, "left")
            self.look = FeetLook(stranger, Found(points, np.ones(39), np.ones(39), 1.0))

        def update(self, *_: object) -> FeetLook:
            return self.look

    monkeypatch.setattr(partial, "LegTracker", NoLegs)
    monkeypatch.setattr(partial, "FeetTracker", Feet)
    part = Partial(None, lambda: None, follows_feet)  # type: ignore[arg-type, return-value]
    times_s = [n / 30 for n in range(90)]
    found = [part.legs(frame(at), None) or part.feet(frame(at)) for at in times_s]
    assert {each.framing for each in found} == {"feet"}
    assert all(np.isfinite(each.points_px[27, 0]) == follows_feet for each in found)
    assert sum(abs(each.moved[1]) > 0 for each in found[60:]) > 20, "and so is what moves, in every frame"


def test_what_was_listened_to_is_known() -> None:
    """Whoever holds still as a video's piece begins has been seen to move before."""
    frames = [frame(n / 30) for n in range(150)]
    at_once, late = Partial(None, lambda: None), Partial(None, lambda: None)  # type: ignore[arg-type, return-value]
    moved = [at_once.moved(each) for each in frames]
    for each in frames[80:90]:
        late.moved(each)
    late.listen(frames[:90])
    assert [late.moved(each) for each in frames[90:]] == moved[90:]
    assert max(abs(down) for _, down in moved[90:]) > 0

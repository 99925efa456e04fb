"""How legs are searched and followed, with a network that says what a test wants of it."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from people import pose

from posecount import legs
from posecount.backdrop import Facing
from posecount.leg_look import COOL, GROWN, REGION_LEGS, WARM_HIPS, Look
from posecount.leg_places import regions
from posecount.legs import FELL, FLICKERS, FOUND, LOST, OFTEN, SETTLING, STAYS_S, LegTracker
from posecount.network import Found, Network, Points, Region

IMAGE = np.zeros((240, 320, 3), np.uint8)
Warmth = Callable[[Facing], float]


class Says(Network):
    """Sees the same person who stands wherever it looks, as warm as `warmth` has it for a side.

    In a region larger than `roomy_px` it is warmer by 0.15.
    """

    def __init__(self, warmth: Warmth, roomy_px: float = inf) -> None:
        self.warmth, self.looks = warmth, 0
        self._roomy_px = roomy_px
        self._points = np.zeros((39, 2))
        self._points[:33] = pose(0.0, 0.0, 0.0, standing=True).points_px / 4

    def look(self, dressed: object, region: Region) -> Found:
        self.looks += 1
        warmth = self.warmth(dressed)  # type: ignore[arg-type]
        heat = np.full(39, warmth + 0.15 * (region.size_px > self._roomy_px))
        return Found(self._points.copy(), heat, heat, 1.0)


@pytest.fixture(autouse=True)
def shows_the_side_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legs, "dressed", lambda image, region, facing, knees: facing)


def swept(warmth: float) -> int:
    """How many looks a whole search takes that finds nothing."""
    network = Says(lambda side: warmth)
    tracker = LegTracker(network, network)
    time_s = 0.0
    while not tracker.in_vain:
        assert tracker.update(IMAGE, time_s) is None
        time_s += 0.1
    return network.looks


def test_a_place_that_does_not_warm_up_is_given_up_at_once() -> None:
    places = len(list(regions(320, 240)))
    assert swept(SETTLING[0] - 0.01) == places
    assert swept(SETTLING[-1] - 0.01) == places * len(SETTLING)
    assert swept(legs.FOUND - 0.01) > places * (1 + len(SETTLING))


def test_a_body_that_is_not_believed_keeps_no_search_from_its_end() -> None:
    network, body_px = (
        Says(lambda side: SETTLING[-1] - 0.01),
        pose(0.0, 0.0, 0.0, standing=True).points_px / 4,
    )
    tracker, frames = LegTracker(network, network), 0
    while not tracker.in_vain and frames < 300:
        tracker.update(IMAGE, frames / 30, body_px)
        frames += 1
    places = len(list(regions(320, 240)))
    assert 1 < network.looks / (places * len(SETTLING)) < 1.1


def test_the_warmest_square_is_kept_though_its_legs_ask_for_another() -> None:
    class Squeezed(Says):
        """Legs 120 pixels long, which are cold in the square that they ask for, and warm in a larger one."""

        def look(self, dressed: object, region: Region) -> Found:
            found = super().look(dressed, region)
            found.points_px[:33] = (160, 80) + 1.76 * (found.points_px[:33] - found.points_px[23])
            heat = np.full(39, 0.75 if 1.05 < region.size_px / (REGION_LEGS * 120) < 1.3 else 0.5)
            return replace(found, heat=heat, visibility=heat)

    network = Squeezed(lambda side: 0.75)
    tracker = LegTracker(network, network)
    found = next(filter(None, (tracker.update(IMAGE, n / 30) for n in range(60))), None)
    assert found and found.heat == 0.75


def test_legs_of_which_one_points_at_the_camera_are_not_found() -> None:
    class Askew(Says):
        def look(self, dressed: object, region: Region) -> Found:
            found = super().look(dressed, region)
            found.points_px[32] = found.points_px[30]
            found.heat[:] *= region.turn_rad == 0
            return found

    network = Askew(lambda side: FOUND + 0.01)
    tracker = LegTracker(network, network)
    assert not any(tracker.update(IMAGE, n / 30) for n in range(300)) and tracker.in_vain


class Ambiguous(Says):
    """Knees at the upper edge: hips above them, or behind them where they are asked about there.

    Those are `warmer`, from the picture on from which it `shows` them.
    """

    def __init__(self, knees_move_px: float, warmer: float, shows: bool, hips: float = 0.75) -> None:
        super().__init__(lambda side: 0.75)
        self._hips = hips
        self._knees_move_px, self._warmer, self.shows = knees_move_px, warmer, shows

    def look(self, dressed: object, region: Region) -> Found:
        found = super().look(dressed, region)
        points = found.points_px[:33]
        points += (160, 8) - points[25]
        if region.x_px > 190 and self.shows:
            points[[25, 26], 1] += self._knees_move_px
            points[[23, 24]] = points[[25, 26]] + (34, 0)
            found.heat[:] += self._warmer
            found.heat[[23, 24]] = self._hips
        return found


def seated(found: Look) -> bool:
    """Whether the thighs lead backwards."""
    hip, knee = found.found.points_px[[23, 25]]
    return bool(abs(hip[0] - knee[0]) > abs(hip[1] - knee[1]))


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("knees_move_px, sits", [(2.0, True), (20.0, False)])
def test_who_seems_to_stand_beyond_the_edge_may_sit(knees_move_px: float, sits: bool, at_once: bool) -> None:
    network = Ambiguous(knees_move_px, 0.0, at_once)
    tracker, anew = LegTracker(network, network), 0
    for n in range(200):
        found = tracker.update(IMAGE, n / 30)
        anew += tracker.anew
        network.shows = network.shows or n > 20
    assert found and anew == (sits and not at_once)
    assert seated(found) == sits


def test_a_seat_that_fits_better_is_taken_at_once_though_the_knees_move() -> None:
    network = Ambiguous(knees_move_px=20.0, warmer=0.15, shows=False)
    tracker = LegTracker(network, network)
    for n in range(200):
        found = tracker.update(IMAGE, n / 30)
        network.shows = network.shows or n > 20
        if tracker.anew:
            break
    assert found and seated(found), "nobody sits down by and by"


def test_knees_of_a_bad_fit_need_not_stay() -> None:
    network = Ambiguous(knees_move_px=20.0, warmer=0.15, shows=True)
    tracker = LegTracker(network, network)
    found = next(filter(None, (tracker.update(IMAGE, n / 30) for n in range(60))))
    assert seated(found)


def test_who_stands_is_not_seated_on_a_floor_however_well_the_rest_fits() -> None:
    network = Ambiguous(knees_move_px=2.0, warmer=0.15, shows=True, hips=WARM_HIPS - 0.01)
    tracker = LegTracker(network, network)
    found = [found for n in range(200) if (found := tracker.update(IMAGE, n / 30))]
    assert found and not any(map(seated, found)) and not tracker.anew


def test_above_who_sits_no_thighs_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    knees = []

    def dressed(image: object, region: Region, facing: Facing, knees_px: Points) -> Facing:
        knees.append(len(knees_px))
        return facing

    monkeypatch.setattr(legs, "dressed", dressed)
    for shows, drawn in ((True, 0), (False, 2)):
        network = Ambiguous(knees_move_px=2.0, warmer=0.0, shows=shows)
        tracker = LegTracker(network, network)
        while not (found := tracker.update(IMAGE, len(knees) / 30)):
            pass
        knees.clear()
        tracker.update(IMAGE, 9.0)
        assert found.seat == shows and knees[0] == drawn


def test_a_seat_is_not_left_for_thighs_that_lie_as_before() -> None:
    class WarmWhereAsked(Ambiguous):
        """Warmer in the square that its legs ask for than in the roomy one."""

        def look(self, dressed: object, region: Region) -> Found:
            found = super().look(dressed, region)
            found.heat[:] += 0.15 * (region.size_px < 190)
            return found

    network = WarmWhereAsked(knees_move_px=2.0, warmer=0.0, shows=True)
    tracker = LegTracker(network, network)
    looks = [found for n in range(300) if (found := tracker.update(IMAGE, n / 30))]
    assert len(looks) > 200 and all(found.seat for found in looks)
    assert looks[0].region.size_px > 190 > looks[-1].region.size_px


@pytest.mark.parametrize(
    "doubted, warmth, goes", [(True, 0.8, True), (False, 0.8, False), (True, 0.69, False)]
)
def test_where_legs_are_doubted_warmer_ones_elsewhere_are_gone_over_to(
    doubted: bool, warmth: float, goes: bool
) -> None:
    class Two(Says):
        """Somebody on the left, and somebody on the right."""

        right = 0.0

        def look(self, dressed: object, region: Region) -> Found:
            found = super().look(dressed, region)
            right = region.x_px > 160
            found.points_px[:, 0] += (250 if right else 70) - found.points_px[[23, 24], 0].mean()
            if right:
                found.heat[:] = self.right
            return found

    network = Two(lambda side: 0.67)
    tracker, anew = LegTracker(network, network), 0
    for n in range(900):
        found = tracker.update(IMAGE, n / 30, doubted=doubted and tracker.following)
        anew += tracker.anew
        network.right = warmth if n > 300 else 0.0
        assert n != 300 or (found and found.region.x_px < 160)
    assert found and (found.region.x_px > 160) == goes == anew


@pytest.mark.parametrize("wins, turns", [(1, False), (OFTEN - 1, False), (OFTEN, True)])
def test_another_side_must_fit_better_several_times_in_a_row(wins: int, turns: bool) -> None:
    network = Says(lambda side: 0.75)
    tracker = LegTracker(network, network)
    found, time_s = None, 0.0
    while found is None and time_s < 60:
        found, time_s = tracker.update(IMAGE, time_s), time_s + 0.1
    side, won = found.facing, [0]

    def warmth(asked: Facing) -> float:
        won[0] += asked != side
        return 0.75 if asked == side else 0.85 if won[0] <= wins else 0.7

    network.warmth = warmth
    sides = set()
    for _ in range(60):
        time_s += 0.1
        now = tracker.update(IMAGE, time_s)
        sides.add(now.facing if now else "lost")
    assert (sides != {side}) == turns


class Trial:
    """Legs that were found and are followed, ten pictures a second, while the network changes its mind."""

    def __init__(self) -> None:
        self.network = Says(lambda side: 0.75)
        self._tracker, self._time_s = LegTracker(self.network, self.network), 0.0
        while not (found := self.frame()):
            pass
        self.side = found.facing
        self.asked: list[Facing] = []  # other sides, in this frame

    def frame(self) -> Look | None:
        self.asked, self._time_s = [], self._time_s + 0.1
        return self._tracker.update(IMAGE, self._time_s)

    def warm(self, own: float, other: float, which: Facing | None = None) -> None:
        """From now on: the side that is followed, and another or all others; of which none else is warm."""

        def warmth(side: Facing) -> float:
            if side == self.side:
                return own
            self.asked.append(side)
            return other if which in (None, side) else 0.6

        self.network.warmth = warmth


def test_what_fits_better_once_is_asked_again_though_by_now_there_is_more_to_try() -> None:
    trial = Trial()
    for frame in range(100):
        trial.warm((COOL - 0.01, COOL + 0.01)[frame % 2], 0.6)
        trial.frame()
    for frame in range(40):
        trial.warm((COOL - 0.01, COOL + 0.01)[frame % 2], 0.95)
        trial.frame()
        if trial.asked:
            break
    first = trial.asked
    for frame in range(OFTEN - 1):
        trial.warm((COOL + 0.01, COOL - 0.01)[frame % 2], 0.95)
        found = trial.frame()
        assert trial.asked == first
    assert found and found.facing == first[0]


def test_of_legs_just_found_other_sides_are_tried_at_once() -> None:
    trial = Trial()
    trial.warm(COOL + 0.01, 0.6)
    assert [bool(trial.frame() and trial.asked) for _ in range(8)].count(True) >= 4
    assert [bool(trial.frame() and trial.asked) for _ in range(8)].count(True) <= 2


@pytest.mark.parametrize(
    "after_s, apart_px, at_once",
    [(0.0, 5.0, True), (3.0, 5.0, False), (3.0, 12.0, True)],
    ids=["just found", "a little", "the ankles lie elsewhere"],
)
def test_only_what_is_near_legs_that_stay_is_led_over_to(
    after_s: float, apart_px: float, at_once: bool
) -> None:
    class Apart(Says):
        """Another side shows the legs further to the right; their shanks are 35 pixels long."""

        def look(self, dressed: object, region: Region) -> Found:
            found = super().look(dressed, region)
            return replace(
                found, points_px=found.points_px + np.array([apart_px * (dressed != "front"), 0.0])
            )

    network = Apart(lambda side: 0.75 if side == "front" else 0.6)
    tracker, time_s, found = LegTracker(network, network), 0.0, None
    while not found:
        found, time_s = tracker.update(IMAGE, time_s), time_s + 1 / 30
    assert found.facing == "front"
    since_s, x_px = time_s, found.found.points_px[27, 0]
    while found and found.facing == "front":
        if time_s >= since_s + after_s:
            network.warmth = lambda side: 0.75 if side == "front" else 0.9
        found, time_s = tracker.update(IMAGE, time_s), time_s + 1 / 30
    assert found
    gone_px = found.found.points_px[27, 0] - x_px
    assert gone_px == pytest.approx(apart_px if at_once else 0.0, abs=0.5)


@pytest.mark.parametrize("own", [LOST - 0.01, COOL - FELL - 0.01], ids=["cold", "colder than lately"])
def test_after_a_colder_look_others_are_tried_at_once(own: float) -> None:
    trial = Trial()
    trial.warm(COOL + 0.01, 0.6)
    while trial.frame() and trial.asked:  # just found
        pass
    calm = sum(bool(trial.frame() and trial.asked) for _ in range(4))
    trial.warm(own, 0.6)
    trial.frame()
    trial.warm(COOL + 0.01, 0.6)
    assert calm <= 1 and sum(bool(trial.frame() and trial.asked) for _ in range(3)) >= 2


def test_who_is_followed_in_a_hurry_is_followed_by_the_scout() -> None:
    scout, follower = Says(lambda side: 0.75), Says(lambda side: 0.75)
    tracker, asked = LegTracker(follower, scout), []
    follower.warmth = lambda side: asked.append(side) or 0.75  # type: ignore[func-returns-value]
    for n in range(20):
        tracker.update(IMAGE, n / 10, quick=n < 15)
        assert bool(asked) == (n >= 15)


def test_a_side_that_fits_in_every_other_frame_only_is_left() -> None:
    trial = Trial()
    found = None
    for frame in range(60):
        trial.warm((0.86, 0.55)[frame % 2], 0.85)
        found = trial.frame()
    assert found and found.facing != trial.side


def followed(network: Says, seconds: float) -> float:
    """How large the region is that it looks at in the end."""
    tracker, found, time_s = LegTracker(network, network), None, 0.0
    while found is None and time_s < 60:
        found, time_s = tracker.update(IMAGE, time_s), time_s + 0.1
    sizes_px = []
    for _ in range(round(seconds / 0.1)):
        time_s += 0.1
        now = tracker.update(IMAGE, time_s)
        assert now
        sizes_px.append(now.region.size_px)
    return sizes_px[-1]


def test_legs_that_are_squeezed_into_their_square_keep_its_size_for_a_while() -> None:
    class Squeezes(Says):
        """Shows legs a tenth shorter than the square in which it is asked for them."""

        def look(self, dressed: object, region: Region) -> Found:
            found = super().look(dressed, region)
            ankle = found.points_px[27]
            leg_px = sum(np.hypot(*np.diff(found.points_px[[23, 25, 27]], axis=0).T))
            shorter = 0.9 * region.size_px / (REGION_LEGS * leg_px)
            return replace(found, points_px=ankle + shorter * (found.points_px - ankle))

    sizes = [followed(Squeezes(lambda side: COOL + 0.01), seconds) for seconds in (0.1, 2.0)]
    assert 0.85 * sizes[0] < sizes[1] < sizes[0]


@pytest.mark.parametrize("warmth, held", [(0.72, True), (COOL + 0.01, False)])
def test_legs_that_are_cool_are_held_in_a_larger_square_where_they_are_warmer(
    warmth: float, held: bool
) -> None:
    asked_px = followed(Says(lambda side: warmth), 5.0)
    larger_px = followed(Says(lambda side: warmth, roomy_px=1.2 * asked_px), 5.0)
    assert larger_px == pytest.approx(GROWN * asked_px if held else asked_px, rel=0.01)


@pytest.mark.parametrize("lasts_s, in_vain", [(0.3, True), (STAYS_S + 0.5, False)])
def test_legs_that_are_found_and_soon_lost_again_and_again_are_none(lasts_s: float, in_vain: bool) -> None:
    network = Says(lambda side: 0.75)
    tracker = LegTracker(network, network)
    losses, since_s, told = 0, 0.0, False
    for n in range(600):
        time_s, was = n / 30, tracker.following
        network.warmth = (lambda side: 0.75) if not was or time_s - since_s < lasts_s else (lambda side: 0.3)
        tracker.update(IMAGE, time_s)
        since_s = time_s if tracker.following and not was else since_s
        losses += was and not tracker.following
        told = told or tracker.in_vain
        assert not (tracker.in_vain and losses < FLICKERS)
    assert losses >= FLICKERS and told == in_vain


def test_legs_that_stay_are_legs_though_there_were_none_before() -> None:
    network = Says(lambda side: 0.75)
    tracker = LegTracker(network, network)
    for n in range(300):
        time_s = n / 30
        cold = tracker.following and time_s < 5.0
        network.warmth = (lambda side: 0.3) if cold else (lambda side: 0.75)
        tracker.update(IMAGE, time_s)
        assert n != 140 or tracker.in_vain
    assert tracker.following and not tracker.in_vain

"""The heel-raise test: what it measures, what ends it, and what it says, on stick people and made-up reps."""

from collections.abc import Iterable, Iterator
from math import isnan
from typing import Any

import numpy as np
import pytest
from people import film, pose, strokes

from posecount.body_rise import EAR_TO_HEEL, HEEL_PER_ANKLE
from posecount.errors import PosecountError
from posecount.exercises import exercise
from posecount.heel_raise_test import (
    NAME,
    HeelRaisePrompt,
    HeelRaiseResult,
    HeelRaiseTest,
    Raise,
    checked_height_cm,
)
from posecount.heel_raise_view import curve, ending, headline, lines
from posecount.live.director import Director
from posecount.live.source import Shot
from posecount.programmes import alone
from posecount.session import Session
from posecount.types import LEGS, Frame, LegState, Pose, Rep, State, nan
from posecount.words import Words

FPS = 20
HEIGHT_CM = 170.0
# Stick people in shanks: from ear to heel; their hips rise by 0.4 for each sine of the ankle.
TALL = (0.35 + 1.35 + 0.95 + 1.0 + 0.16) / EAR_TO_HEEL


def rise_cm(top_deg: float) -> float:
    return HEIGHT_CM * 0.4 * float(np.sin(np.radians(-top_deg))) / TALL


def session_of(tops: Iterable[float], cycle_s: float = 2.0, noise_px: float = 0.7) -> HeelRaiseResult:
    """A whole session of raises to these ankle angles."""
    one = (cycle_s - 0.4) / 2
    movement, seconds = strokes(
        (0.001, 0.0, 2.0), *((s, a, 0.2) for top in tops for s, a in ((one, top), (one, 0)))
    )
    session, test = Session("heel-raise", "left"), HeelRaiseTest(exercise(NAME), "left")
    for each in film(movement, seconds=seconds + 2, standing=True, noise_px=noise_px):
        test.update(each, session.update(each), session.state)
    return test.result(HEIGHT_CM)


def test_reps_heights_and_fatigue_of_someone_who_tires() -> None:
    tops = [-34 + 18 * (n / 24) ** 1.5 for n in range(25)]
    found, true = session_of(tops), [rise_cm(top) for top in tops]
    assert found.reps == 25
    assert found.peak == pytest.approx(np.mean(true[:3]), rel=0.03)
    assert found.heel_peak == pytest.approx(HEEL_PER_ANKLE * found.peak)
    assert found.total == pytest.approx(sum(true), rel=0.03)
    assert found.kept == pytest.approx(np.mean(true[-3:]) / np.mean(true[:3]), rel=0.05)
    assert found.mean_share == pytest.approx(np.mean(true) / np.mean(true[:3]), rel=0.03)
    assert np.array(found.rises) == pytest.approx(true, abs=0.5)


def test_nobody_tires_in_three_raises_and_nothing_is_nothing() -> None:
    assert isnan(session_of([-30] * 3).kept)
    nothing = HeelRaiseResult("left", "stopped", ())
    assert (nothing.reps, nothing.unit, curve(nothing)) == (0, "%", "")
    assert isnan(nothing.peak) and isnan(nothing.total) and isnan(nothing.mean_share)


class Person:
    """Raises at these times, each as high as `rise` says (1 is full); the knee as `knee_deg` says."""

    def __init__(self, peaks: Iterable[float], rise=lambda n: 1.0, knee_deg=lambda time_s: 5.0) -> None:
        self.test = HeelRaiseTest(exercise(NAME), "left")
        self.peaks, self.rise, self.knee_deg = list(peaks), rise, knee_deg
        self.said: list[HeelRaisePrompt] = []

    def go(self, seconds: float) -> "Person":
        for frame in range(int(seconds * FPS)):
            time_s = frame / FPS
            if not self.test.ended:
                self.said += self.test.update(self._pose(time_s), self._reps(frame), self._state(time_s))
        return self

    def _pose(self, time_s: float) -> Pose:
        up = [self.rise(n) for n, peak in enumerate(self.peaks) if abs(time_s - peak) < 0.3]
        return pose(time_s, -30.0 * up[0] if up else 0.0, 0.0, standing=True)

    def _reps(self, frame: int) -> Iterator[Rep]:
        for peak in self.peaks:
            if round((peak + 1.35) * FPS) == frame:
                yield Rep("left", peak - 0.6, peak, peak + 0.6, 30.0, "smooth", 0.5, 0.5)

    def _state(self, time_s: float) -> State:
        leg = LegState(knee_deg=self.knee_deg(time_s), measured=True)
        return State(time_s, "heel-raise", legs={each: leg for each in LEGS})

    @property
    def told(self) -> list[tuple[str, int]]:
        return [(each.code, each.number) for each in self.said]


def beats(count: int, cycle_s: float = 2.0, start_s: float = 3.0) -> list[float]:
    return [start_s + cycle_s * n for n in range(count)]


def test_it_ends_when_the_heel_no_longer_lifts() -> None:
    person = Person(beats(12)).go(60)
    assert (person.test.ended, person.test.result().reps) == ("heel", 12)
    assert person.told == [("heel", 1), ("heel", 2)]
    assert [each.time_s for each in person.said] == pytest.approx([30.0, 32.0], abs=0.1)


def test_raises_that_hardly_leave_the_floor_are_none() -> None:
    person = Person(beats(20), rise=lambda n: 1.0 if n < 9 else 0.15).go(60)
    assert (person.test.ended, person.test.result().reps) == ("heel", 9)


def test_it_ends_when_the_pace_is_lost_for_good() -> None:
    person = Person([*beats(8), *beats(12, 2.9, 20.0)]).go(80)
    assert person.test.ended == "pace"
    assert person.told == [("pace", 1), ("pace", 2)]


def test_it_goes_on_when_the_pace_comes_back() -> None:
    lost = [*beats(8), *beats(3, 2.9, 20.0), *beats(10, 2.0, 28.5)]
    person = Person(lost).go(53)
    assert person.test.ended is None
    assert person.told[0] == ("pace", 1)
    assert person.test.result().reps == len(lost)


def test_it_ends_when_the_knee_stays_bent_in_spite_of_two_prompts() -> None:
    person = Person(beats(20), knee_deg=lambda at: 5.0 if at < 15 else 40.0).go(60)
    assert person.test.ended == "knee"
    assert person.told == [("knee", 1), ("knee", 2)]
    assert 15 < person.said[0].time_s < 17


def test_a_knee_that_helps_with_every_raise_ends_it_too() -> None:
    person = Person(beats(20), knee_deg=lambda at: 45.0 if at > 14 and at % 2 < 0.7 else 5.0).go(60)
    assert person.test.ended == "knee" and person.told == [("knee", 1), ("knee", 2)]


def test_one_bend_is_prompted_once() -> None:
    person = Person(beats(12), knee_deg=lambda at: 45.0 if 14 < at < 14.7 else 5.0).go(27)
    assert person.test.ended is None and person.told == [("knee", 1)]


@pytest.mark.parametrize("knee_deg", [lambda at: 20.0, lambda at: nan, lambda at: 60.0 if at < 1 else 5.0])
def test_a_knee_as_in_any_raise_or_unseen_ends_nothing(knee_deg) -> None:
    person = Person(beats(10), knee_deg=knee_deg).go(23)
    assert person.told == [] and person.test.ended is None


def test_pictures_that_stood_still_ask_for_no_raise() -> None:
    person = Person(beats(4)).go(11)
    later = person.test.update(person._pose(60.0), [], person._state(60.0))
    assert later == [] and person.test.ended is None


def test_only_the_tested_leg_counts() -> None:
    person = Person([])
    rep = Rep("right", 1.0, 1.6, 2.2, 30.0, "smooth", 0.5, 0.5)
    person.test.update(person._pose(3.0), [rep], person._state(3.0))
    assert person.test.result().reps == 0


def test_the_metronome_beats_twice_a_raise() -> None:
    test = HeelRaiseTest(exercise(NAME), "left")
    assert [test.beat(at_s) for at_s in (5.0, 5.9, 6.0, 7.01, 10.0)] == [0, 0, 1, 2, 5]


@pytest.mark.parametrize("height_cm", [79.0, 251.0, 1.72, -5.0])
def test_a_height_is_in_centimetres(height_cm: float) -> None:
    with pytest.raises(PosecountError, match="expected a height in centimetres"):
        checked_height_cm(height_cm)
    assert checked_height_cm(172.0) == 172.0 and isnan(checked_height_cm(nan))


def result(height_cm: float = nan) -> HeelRaiseResult:
    rises = [0.05, 0.05, 0.05, 0.04, 0.03, 0.025, 0.025, 0.025]
    return HeelRaiseResult(
        "right", "heel", tuple(Raise(n, n + 0.5, n + 1, each) for n, each in enumerate(rises)), height_cm
    )


def test_what_is_read_of_it() -> None:
    say, known = Words(), exercise(NAME)
    page = list(lines(result(180.0), known, say))
    assert headline(result(), known, say) == "Single-leg heel-raise test, right leg: 8 raises"
    assert ending(result(), say) == "It ended when the heel no longer lifted."
    assert page[0] == ("raises", "8", "others 24-25")
    assert page[1] == ("highest rise", "9 cm", "others 9.3-9.6 cm")
    assert page[3][1:] == ("53.1 cm", "others 186-192 cm")
    assert page[5][:2] == ("last three against the first three", "50 %")
    assert curve(result()) == "███▆▅▄▄▄"


def test_without_a_height_no_centimetres_are_claimed() -> None:
    page = list(lines(result(), exercise(NAME), Words()))
    assert page[1] == ("highest rise", "5 % of your height", "")
    assert not any(" cm" in much for _, much, _ in page)


def test_german() -> None:
    german = exercise(NAME, language="de")
    page = list(lines(result(180.0), german, Words("de")))
    assert headline(result(), german, Words("de")) == "Einbeiniger Fersenhebe-Test, rechtes Bein: 8 Hebungen"
    assert page[1] == ("höchste Hebung", "9 cm", "andere 9,3-9,6 cm")


def test_it_ends_when_the_trunk_keeps_leaning() -> None:
    class Leaning(Person):
        def _pose(self, time_s: float) -> Pose:
            seen = super()._pose(time_s)
            if time_s > 15:
                seen.points_px[[11, 12], 0] -= 90  # 25 degrees
            return seen

    person = Leaning(beats(20)).go(60)
    assert person.test.ended == "lean"
    assert person.told == [("lean", 1), ("lean", 2)]


def test_live_it_beats_prompts_ends_by_itself_and_tells_the_result() -> None:
    told: list[tuple[str, float, Any]] = []
    now_s = 0.0
    steps = alone(NAME, "left")
    director = Director(lambda kind, value: told.append((kind, now_s, value)), programme=steps, height_cm=170)
    movement, _ = strokes((0.001, 0.0, 9.0), *((0.8, a, 0.2) for _ in range(12) for a in (-30.0, 0.0)))
    for each in film(movement, seconds=46, fps=FPS, standing=True):
        now_s = each.time_s
        director.update(Shot(Frame(now_s, np.full((48, 64, 3), 120, np.uint8)), now_s), each)
    beats_s = [at_s for kind, at_s, _ in told if kind == "beat"]
    assert np.diff(beats_s) == pytest.approx(1.0, abs=0.06)
    assert [value["up"] for kind, _, value in told if kind == "beat"][:3] == [True, False, True]
    assert [value.text for kind, _, value in told if kind == "cue"] == ["Up once more, on the beat."] * 2
    (result,) = [value for kind, _, value in told if kind == "test"]
    assert (result["reps"], result["ended"], result["unit"], result["leg"]) == (12, "heel", "cm", "left")
    assert result["text"].startswith("Single-leg heel-raise test, left leg: 12 raises")
    scene = director.update(
        Shot(Frame(46.0, np.full((48, 64, 3), 120, np.uint8)), 46.0), pose(46.0, 0, 0, True)
    )
    assert scene.words == result["text"], "longer on the screen than what is said after it"
    assert director.finish() is None and [kind for kind, _, _ in told].count("test") == 1
    assert [value.text for kind, _, value in told if kind == "prompt"][-1] == "Finished. Well done."


def test_begun_anew_or_left_early_it_still_tells_what_was_reached() -> None:
    told: list[Any] = []
    director = Director(
        lambda kind, value: told.append(value) if kind == "test" else None, programme=alone(NAME, "left")
    )
    for each in film(lambda at_s: 0.0, seconds=12, fps=FPS, standing=True):
        director.update(Shot(Frame(each.time_s, np.full((48, 64, 3), 120, np.uint8)), each.time_s), each)
    director.press("r")
    director.finish()
    assert [(each["reps"], each["ended"]) for each in told] == [(0, "stopped")]

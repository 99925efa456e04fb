"""What the coach says about made-up sessions: the right thing, in the right order, and seldom."""

import string
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecount.errors import PosecountError
from posecount.exercises import exercise
from posecount.feedback import FAULTS, GAP_S, PRAISE, REPEAT_S, Coach, Cue
from posecount.types import LEGS, Event, Hold, Leg, LegState, Rep, RepQuality, Side, State, nan
from posecount.words import Words, catalogue, languages

LegOfTime = Callable[[float], LegState]
FPS = 10
SEEN = LegState(ankle_deg=0.0, knee_deg=5.0, measured=True)


def rep(
    at_s: float,
    quality: RepQuality = "smooth",
    side: Side = "both",
    range_deg: float = 30.0,
    lasts_s: float = 1.6,
) -> Rep:
    return Rep(side, at_s - lasts_s, at_s - lasts_s / 2, at_s, range_deg, quality)


def hold(start_s: float, end_s: float, bounces: int = 0) -> Hold:
    quality = "bouncing" if bounces else "steady"
    return Hold("right", start_s, end_s, end_s - start_s, 15.0, 5.0, "gastrocnemius", quality, bounces)


def play(
    name: str, events: Iterable[Event], seconds: float, leg: LegOfTime = lambda _: SEEN, **more: object
) -> list[Cue]:
    """Both legs look as `leg` says at each time; events arrive when they end."""
    coach = Coach(exercise(name), **more)  # type: ignore[arg-type]
    waiting = sorted(events, key=lambda event: event.end_s)
    cues = []
    for frame in range(int(seconds * FPS)):
        time_s = frame / FPS
        due = [event for event in waiting if event.end_s <= time_s]
        waiting = waiting[len(due) :]
        state = State(time_s, name, legs={each: leg(time_s) for each in LEGS})
        cue = coach.update(time_s, due, state)
        cues += [cue] if cue else []
    return cues


def codes(cues: Iterable[Cue]) -> list[str]:
    return [cue.code for cue in cues]


def every(seconds: float, count: int, **more: object) -> list[Rep]:
    return [rep(seconds * (n + 1), **more) for n in range(count)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["ankle-pump", "heel-raise"])
def test_a_good_set_is_left_in_peace(name: str) -> None:
    assert play(name, every(2.0, 30), 70) == []


def test_two_jerky_reps_of_three_are_told_once_and_praised_when_smooth_again() -> None:
    reps = [*every(2.0, 3), rep(8, "jerky"), rep(10, "jerky"), *(rep(12 + 2 * n) for n in range(6))]
    cues = play("ankle-pump", reps, 30)
    assert [(cue.code, cue.time_s) for cue in cues] == [("bounce", 10.0), ("better.bounce", 16.0)]
    assert cues[0].text == "Smoother. Let it glide, without bouncing."
    assert cues[0].priority > cues[1].priority


def test_one_jerky_rep_is_nothing_to_talk_about() -> None:
    assert play("ankle-pump", [rep(2), rep(4, "jerky"), rep(6), rep(8), rep(10)], 14) == []


def test_half_reps() -> None:
    assert codes(play("heel-raise", [rep(2), rep(4, "partial"), rep(6, "partial")], 8)) == ["half-reps"]


def test_what_does_not_help_is_repeated_ever_more_seldom() -> None:
    cues = play("ankle-pump", every(2.0, 60, quality="jerky"), 125)
    times = [cue.time_s for cue in cues]
    assert set(codes(cues)) == {"bounce"}
    assert [later - earlier for earlier, later in pairwise(times)] == [12, 24, 48]


def test_the_most_important_comes_first_and_the_other_waits() -> None:
    reps = [*every(2.0, 4), *(rep(10 + 2.0 * n, "jerky") for n in range(5))]
    cues = play("heel-raise", reps, 18, knee([10.2, 12.2, 14.2]))
    assert codes(cues) == ["bounce", "knee-bend"]
    assert cues[0].priority > cues[1].priority
    assert cues[0].time_s == 12.0 and cues[1].time_s >= 12.0 + GAP_S


def knee(bends_at: Iterable[float], depth_deg: float = 60.0, lasts_s: float = 1.5) -> LegOfTime:
    bends = tuple(bends_at)

    def leg(time_s: float) -> LegState:
        bent = any(at_s <= time_s < at_s + lasts_s for at_s in bends)
        return replace(SEEN, knee_deg=depth_deg if bent else 5.0)

    return leg


def test_a_helping_knee() -> None:
    cues = play("heel-raise", every(2.0, 14), 32, knee([6.2, 8.2]))
    assert codes(cues) == ["knee-bend", "better.knee-bend"]
    assert 9 < cues[0].time_s < 11


@pytest.mark.parametrize(
    ("bends_at", "depth_deg", "lasts_s"),
    [([6.2, 8.2], 18.0, 1.5), ([6.2], 60.0, 1.5), ([6.2, 8.2], 60.0, 0.1), ([20.0], 90.0, 20.0)],
    ids=["as in any heel raise", "once", "a misplaced point", "sitting down"],
)
def test_no_helping_knee(bends_at: list[float], depth_deg: float, lasts_s: float) -> None:
    assert play("heel-raise", every(2.0, 8), 40, knee(bends_at, depth_deg, lasts_s)) == []


def test_squats_are_not_corrected_into_heel_raises() -> None:
    """Without a set there is nothing to correct; now and then a squat looks like a rep."""
    assert play("heel-raise", [], 40, knee(range(2, 40, 3))) == []
    assert play("heel-raise", [rep(5), rep(20)], 40, knee(range(2, 40, 3))) == []


def raised(low_deg: float) -> LegOfTime:
    """Heel raises every 2 s from 0 down to -25 deg, from the fourth on back to `low_deg` only."""

    def leg(time_s: float) -> LegState:
        rest = 0.0 if time_s < 8.0 else low_deg
        return replace(SEEN, ankle_deg=-25.0 if 0.6 <= time_s % 2.0 < 1.4 and time_s > 2 else rest)

    return leg


def test_heels_that_stay_up() -> None:
    reps = [rep(2.0 * n + 2, lasts_s=1.4) for n in range(1, 12)]
    assert codes(play("heel-raise", reps, 26, raised(-14.0)))[0] == "heels-down"
    assert play("heel-raise", reps, 26, raised(-4.0)) == []
    assert play("ankle-pump", reps, 26, raised(-14.0)) == [], "a pump has no floor to come down to"


def test_leaning_is_told_only_where_the_trunk_is_seen() -> None:
    def run(lean_deg: float) -> list[str]:
        coach, found = Coach(exercise("heel-raise")), []
        for frame in range(200):
            time_s = frame / FPS
            events = [rep(time_s)] if frame % 20 == 0 and frame else []
            tilt = 2.0 if time_s < 10 else lean_deg
            state = State(time_s, legs={leg: SEEN for leg in LEGS})
            cue = coach.update(time_s, events, state, tilt)
            found += [cue.code] if cue else []
        return found

    assert run(24.0) == ["lean"]
    assert run(10.0) == run(nan) == []


def test_pace_of_the_test_and_drift_of_a_set() -> None:
    slow = [rep(2.0 * n) for n in range(1, 9)] + [rep(16 + 3.0 * n) for n in range(1, 9)]
    assert codes(play("heel-raise-test", slow, 30)) == ["pace"]
    assert codes(play("ankle-pump", slow, 36)) == ["slower"]
    fast = [rep(2.0 * n) for n in range(1, 9)] + [rep(16 + 1.2 * n, lasts_s=1.0) for n in range(1, 9)]
    assert codes(play("ankle-pump", fast, 30)) == ["faster"]
    assert play("ankle-pump", every(1.0, 20, lasts_s=0.8), 25) == [], "brisk is prescribed"


def test_a_pause_is_not_a_change_of_pace() -> None:
    assert play("ankle-pump", [*every(2.0, 8), *(rep(40 + 3.0 * n) for n in range(8))], 70) == []


def test_tiring() -> None:
    ranges = [30.0] * 6 + [26.0, 22.0, 19.0, 17.0, 16.0, 16.0]
    reps = [rep(2.0 * (n + 1), range_deg=each) for n, each in enumerate(ranges)]
    assert codes(play("heel-raise", reps, 30)) == ["fatigue"]
    assert play("heel-raise", [replace(each, range_deg=nan) for each in reps], 30) == []


def in_turn(left: dict[str, float], right: dict[str, float]) -> list[Rep]:
    legs: list[tuple[Leg, dict[str, float]]] = [("left", left), ("right", right)]
    return [rep(2.0 * (n + 1), side=legs[n % 2][0], **legs[n % 2][1]) for n in range(12)]  # type: ignore[arg-type]


def test_left_against_right() -> None:
    assert codes(play("ankle-pump", in_turn({}, {"range_deg": 6.0}), 30)) == ["right-less"]
    assert codes(play("ankle-pump", in_turn({"lasts_s": 0.8}, {"lasts_s": 1.8}), 30)) == ["uneven"]
    half_hidden = in_turn({}, {"range_deg": 14.0})
    assert play("ankle-pump", half_hidden, 30) == [], "the leg behind is seen to do less than it does"
    assert play("ankle-pump", in_turn({}, {"range_deg": nan}), 30) == []


def stretch(knee_deg: float = 5.0, after_deg: float | None = None, bounces_at: float = 1e9) -> LegOfTime:
    """Held from 2 s to 42 s; the knee at `after_deg` from 15 s; 4 bounces, one a second."""

    def leg(time_s: float) -> LegState:
        if not 2.0 <= time_s < 42.0:
            return SEEN
        bounces = max(0, min(4, int(time_s - bounces_at) + 1)) if time_s >= bounces_at else 0
        now_deg = after_deg if after_deg is not None and time_s >= 15 else knee_deg
        return replace(SEEN, knee_deg=now_deg, hold_s=time_s - 2.0, bounces=bounces)

    return leg


def test_a_stretch_held_to_the_end_is_praised() -> None:
    assert codes(play("calf-stretch", [hold(2, 42)], 50, stretch(), target_s=40.0)) == ["held"]


def test_bounces_are_called_at_once_and_their_number_told() -> None:
    cues = play("calf-stretch", [hold(2, 42, bounces=4)], 50, stretch(bounces_at=10.0), target_s=40.0)
    assert codes(cues) == ["hold-bounce", "better.hold-bounce", "bounced"]
    assert cues[0].time_s == 10.0
    assert "4" in cues[2].text


def test_the_knee_leaving_its_position() -> None:
    assert codes(play("calf-stretch", [], 25, stretch(5.0, after_deg=32.0))) == ["knee-bent"]
    assert codes(play("calf-stretch", [], 25, stretch(40.0, after_deg=8.0))) == ["knee-straight"]
    assert play("calf-stretch", [], 30, stretch(5.0, after_deg=21.0)) == [], (
        "between the limits it cannot tell"
    )
    assert play("calf-stretch", [], 30, stretch(5.0, after_deg=nan)) == []


def test_letting_go_too_early() -> None:
    assert codes(play("calf-stretch", [hold(2, 12)], 20)) == ["released"]
    assert codes(play("calf-stretch", [hold(2, 31.8)], 40)) == ["held"], "three slow breaths, near enough"
    assert play("calf-stretch", [hold(2, 4)], 20) == [], "too short to have been one"
    again = [hold(2, 12), hold(20, 60)]
    assert codes(play("calf-stretch", again, 70)) == ["released", "held"]


def test_a_file_without_limits_switches_their_cues_off() -> None:
    quiet = replace(exercise("ankle-pump"), limits={})
    coach = Coach(quiet)
    state = State(legs={leg: SEEN for leg in LEGS})
    slower = [rep(2.0 * n) for n in range(1, 9)] + [rep(16 + 3.0 * n) for n in range(1, 9)]
    assert not [cue for each in slower if (cue := coach.update(each.end_s, [each], state))]


def test_loosen_has_nothing_to_judge() -> None:
    assert play("loosen", every(2.0, 10, quality="jerky"), 25) == []


EVENT_TIMES = st.lists(st.floats(0, 60), max_size=60)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_never_two_cues_within_some_seconds_and_always_the_same_for_the_same_session(
    data: st.DataObject,
) -> None:
    name = data.draw(st.sampled_from(["ankle-pump", "heel-raise", "heel-raise-test", "calf-stretch"]))
    qualities = st.sampled_from(["smooth", "jerky", "partial"])
    sides = st.sampled_from(["left", "right", "both"])
    ranges = st.floats(1, 60) | st.just(nan)
    reps = [
        rep(at_s + 2, data.draw(qualities), data.draw(sides), data.draw(ranges))
        for at_s in sorted(data.draw(EVENT_TIMES))
    ]
    holds = [
        hold(at_s, at_s + 12, int(at_s) % 3) for at_s in data.draw(st.lists(st.floats(0, 40), max_size=4))
    ]
    legs = data.draw(st.sampled_from([knee(range(1, 60, 3)), stretch(5.0, 40.0, 10.0), raised(-14.0)]))
    cues = play(name, [*reps, *holds], 66, legs)
    assert cues == play(name, [*reps, *holds], 66, legs)
    assert all(b.time_s - a.time_s >= GAP_S for a, b in pairwise(cues))
    for code in set(codes(cues)):
        times = [cue.time_s for cue in cues if cue.code == code]
        assert all(b - a >= REPEAT_S - 1e-6 for a, b in pairwise(times))


def test_german() -> None:
    cues = play("ankle-pump", [rep(2, "jerky"), rep(4, "jerky")], 6, language="de")
    assert [cue.text for cue in cues] == ["Fließender. Gleiten lassen, nicht wippen."]


def test_every_language_says_everything_with_the_same_places() -> None:
    english = catalogue("en")
    assert languages() == ("de", "en")
    for language in languages():
        texts = catalogue(language)
        assert list(texts) == list(english)
        for key, text in texts.items():
            assert places(text) == places(english[key]), f"{language}: {key}"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_cue_has_words_and_a_praise() -> None:
    spoken = {key for key in catalogue("en") if key.startswith(("cue.", "better."))}
    assert spoken == {f"cue.{code}" for code in FAULTS + PRAISE} | {f"better.{code}" for code in FAULTS}


def test_numbers_and_unknown_languages() -> None:
    assert (Words("en").number(9.3), Words("de").number(9.3), Words("de").number(25.0)) == (
        "9.3",
        "9,3",
        "25",
    )
    with pytest.raises(PosecountError, match="no words in the language 'xx'; there are de, en"):
        Words("xx")

"""A programme walked through with made-up sessions: every prompt at its time; holds and breaths."""

from collections.abc import Callable
from itertools import pairwise
from math import isnan
from pathlib import Path

import pytest

from posecount.coach import FORGIVEN_S, HoldCoach, pacer
from posecount.programme_run import COUNTDOWN_S, PROMPT_S, ProgrammeRun, Prompt
from posecount.programmes import load, programme, programmes
from posecount.types import LEGS, Event, Leg, LegState, Rep, RepQuality, Side, State, nan

FPS = 20
Holding = Callable[[float], bool]


def state(time_s: float, leg: Leg = "right", holding: bool = False, ankle_deg: float = nan) -> State:
    held = LegState(hold_s=1.0 if holding else 0.0, measured=True, ankle_deg=ankle_deg)
    return State(time_s, legs={each: held if each == leg else LegState() for each in LEGS})


def rep(at_s: float, side: Side = "both", quality: RepQuality = "smooth") -> Rep:
    return Rep(side, at_s - 1.0, at_s - 0.5, at_s, 30.0, quality)


class Person:
    """Does what the run asks for: stretches the leg it wants, or a rep every 2 s."""

    def __init__(self, run: ProgrammeRun, fps: float = FPS) -> None:
        self.run, self.fps, self.frame = run, fps, 0
        self.said: list[Prompt] = []

    @property
    def time_s(self) -> float:
        return self.frame / self.fps

    def go(self, seconds: float = 1e9) -> "Person":
        until_s = self.time_s + seconds
        while self.run.view.stage != "done" and self.time_s < until_s:
            self.look()
        return self

    def look(self) -> None:
        view = self.run.view
        at_work = view.stage == "exercise"
        events: list[Event] = []
        if at_work and view.step.unit == "reps" and self.frame % (2 * self.fps) == 0:
            events = [rep(self.time_s, view.step.side)]
        leg: Leg = "left" if view.step.side == "left" else "right"
        self.said += self.run.update(self.time_s, events, state(self.time_s, leg, at_work))
        self.frame += 1

    def timeline(self) -> list[str]:
        return [f"{prompt.time_s:4.0f} s  {prompt.text}" for prompt in self.said if prompt.code != "count"]


def test_a_whole_step_stretch() -> None:
    """Five seconds to get ready, three to count down, four breaths of ten seconds, five of rest."""
    assert Person(ProgrammeRun(programme("step-stretch"))).go().timeline() == [
        "   0 s  Calf stretch.",
        "   0 s  Right leg straight, 4 slow breaths.",
        "   8 s  Slowly into the stretch, and breathe.",
        "  48 s  And slowly let go.",
        "  48 s  Rest for 5 seconds.",
        "  53 s  Right leg, knee bent, 4 slow breaths.",
        "  61 s  Slowly into the stretch, and breathe.",
        " 101 s  And slowly let go.",
        " 101 s  Rest for 5 seconds.",
        " 106 s  Left leg straight, 4 slow breaths.",
        " 114 s  Slowly into the stretch, and breathe.",
        " 154 s  And slowly let go.",
        " 154 s  Rest for 5 seconds.",
        " 159 s  Left leg, knee bent, 4 slow breaths.",
        " 167 s  Slowly into the stretch, and breathe.",
        " 207 s  And slowly let go.",
        " 207 s  Rest for 5 seconds.",
        " 212 s  Right leg straight, 4 slow breaths.",
        " 220 s  Slowly into the stretch, and breathe.",
        " 260 s  And slowly let go.",
        " 260 s  Rest for 5 seconds.",
        " 265 s  Right leg, knee bent, 4 slow breaths.",
        " 273 s  Slowly into the stretch, and breathe.",
        " 313 s  And slowly let go.",
        " 313 s  Finished. Well done.",
    ]


def test_the_countdown_is_counted() -> None:
    said = Person(ProgrammeRun(programme("step-stretch"))).go(9).said
    assert [(prompt.text, prompt.time_s) for prompt in said if prompt.code == "count"] == [
        ("3", 5.0),
        ("2", 6.0),
        ("1", 7.0),
    ]


def test_sets_rests_and_german() -> None:
    run = ProgrammeRun(programme("circulation", language="de"), "de")
    texts = [prompt.text for prompt in Person(run).go().said if prompt.code != "count"]
    assert texts[:6] == [
        "Fußpumpen.",
        "Satz 1 von 3.",
        "Beide Füße: 20 Mal.",
        "Los.",
        "Das waren alle. Gut.",
        "20 Sekunden Pause.",
    ]
    assert texts[6:8] == ["Satz 2 von 3.", "Beide Füße: 20 Mal."]
    assert texts[-1] == "Fertig. Gut gemacht."
    assert texts.count("Das waren alle. Gut.") == 3


@pytest.mark.parametrize("name", [each.name for each in programmes() if each.name != "heel-raise-test"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_programme_comes_to_its_end(name: str, language: str) -> None:
    run = ProgrammeRun(programme(name, language=language), language)
    person = Person(run, fps=5).go(3600)
    assert run.view.stage == "done"
    goes = [prompt for prompt in person.said if prompt.code in ("go", "stretch")]
    assert len(goes) == run.view.turns


def test_the_test_ends_when_it_says_so() -> None:
    run = ProgrammeRun(programme("heel-raise-test"))
    person = Person(run)
    while run.view.step.unit != "open":
        person.look()
    person.go(60)
    assert (run.view.stage, run.view.target) == ("exercise", 0)
    assert run.view.amount > 50
    run.complete(person.time_s)
    person.go(1)
    assert (run.view.stage, run.view.turn) == ("rest", 2)
    assert person.said[-1].text == "Rest for 120 seconds."
    person.go(150)
    assert (run.view.stage, run.view.step.side) == ("exercise", "left")


def test_only_smooth_reps_of_the_side_asked_for_count() -> None:
    run = ProgrammeRun(programme("desk-break"))
    Person(run).go(8.1)
    others = [rep(9, "both", "jerky"), rep(9, "both", "partial")]
    run.update(9.0, others, state(9.0))
    assert run.view.amount == 0
    in_turn = [rep(10, "left"), rep(11, "right"), rep(12, "left"), rep(13, "both")]
    run.update(13.0, in_turn, state(13.0))
    assert (run.view.amount, run.view.target) == (3, 20), "left and right in turn are one for both feet"


def test_reps_done_before_the_go_do_not_count() -> None:
    run = ProgrammeRun(programme("circulation"))
    for tenth in range(70):
        run.update(tenth / 10, [rep(tenth / 10)], state(tenth / 10))
    assert (run.view.stage, run.view.amount) == ("countdown", 0)


def test_left_seconds_and_pause() -> None:
    run = ProgrammeRun(programme("step-stretch"))
    person = Person(run).go(3.05)
    assert run.view.left_s == pytest.approx(PROMPT_S - 3.0)
    run.pause(person.time_s)
    person.go(100)
    assert run.view.paused and run.view.stage == "prompt"
    run.pause(person.time_s)  # twice is once
    run.resume(person.time_s)
    person.go(PROMPT_S - 3.0 + COUNTDOWN_S - 0.1)
    assert (run.view.stage, run.view.paused) == ("countdown", False)
    person.go(0.2)
    assert run.view.stage == "exercise"


def test_a_pause_in_a_stretch_is_no_release() -> None:
    run = ProgrammeRun(programme("step-stretch"))
    person = Person(run).go(20)
    held_s = run.view.hold.held_s if run.view.hold else nan
    run.pause(person.time_s)
    person.go(30)
    run.resume(person.time_s)
    person.go(1)
    assert run.view.hold and run.view.hold.releases == 0
    assert run.view.hold.held_s == pytest.approx(held_s + 1, abs=0.15)


def test_skip_and_repeat() -> None:
    run = ProgrammeRun(programme("step-stretch"))
    person = Person(run).go(20)
    run.skip(person.time_s)
    person.go(1)
    assert (run.view.turn, run.view.stage, run.view.amount) == (2, "prompt", 0)
    assert person.said[-1].text == "Right leg, knee bent, 4 slow breaths."
    run.repeat(person.time_s)
    person.go(1)
    assert run.view.turn == 1, "before it has begun, the one before is meant"
    person.go(20)
    run.repeat(person.time_s)
    person.go(1)
    assert (run.view.turn, run.view.stage) == (1, "prompt")
    for _ in range(6):
        run.skip(person.time_s)
    person.go(1)
    assert run.view.stage == "done"
    run.repeat(person.time_s)
    person.go(1)
    assert (run.view.turn, run.view.stage) == (6, "prompt")


def test_skip_leaves_the_other_sets_out() -> None:
    run = ProgrammeRun(programme("loosen"))
    person = Person(run).go(10)
    run.skip(person.time_s)
    assert (run.view.turn, run.view.step.unit) == (3, "breaths")


def test_skipping_while_paused_waits_for_the_end_of_the_pause() -> None:
    run = ProgrammeRun(programme("step-stretch"))
    person = Person(run).go(20)
    run.pause(person.time_s)
    person.go(10)
    run.skip(person.time_s)
    person.go(10)
    run.resume(person.time_s)
    person.go(0.1)
    assert (run.view.turn, run.view.stage) == (2, "prompt")
    assert run.view.left_s == pytest.approx(PROMPT_S, abs=0.15)


def test_rare_frames_do_not_make_the_stages_drift() -> None:
    """One frame in 7 s: the run still goes through all stages, each as long as it should be."""
    run = ProgrammeRun(programme("step-stretch"))
    said = [prompt for n in range(3) for prompt in run.update(7.0 * n, [], state(7.0 * n))]
    assert [prompt.code for prompt in said] == ["title", "breaths", "count", "stretch"]
    assert run.view.stage == "exercise"


def test_seconds_are_held_in_a_stretch(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'schema = "posecount.programme/1"\nname = "mine"\ntitle = "T"\nsummary = "S"\n[sources]\np = "P"\n'
        '[[steps]]\nexercise = "calf-stretch"\nvariant = "wall-bent"\nside = "left"\n'
        'seconds = 15\nsource = "p"\n'
        '[[steps]]\nexercise = "ankle-pump"\nvariant = "lying"\nside = "both"\nseconds = 30\nsource = "p"\n'
    )
    person = Person(ProgrammeRun(load(tmp_path / "mine.toml"))).go()
    assert person.timeline()[1] == "   0 s  Left leg, knee bent, 15 seconds."
    ends = [prompt.time_s for prompt in person.said if prompt.code in ("release", "enough")]
    assert ends == pytest.approx([8 + 15, 8 + 15 + 8 + 30], abs=0.2)


@pytest.mark.parametrize(
    ("time_s", "per_min", "phase", "fraction"),
    [
        (0.0, 6, "in", 0.0),
        (2.5, 6, "in", 0.5),
        (5.0, 6, "out", 0.0),
        (9.0, 6, "out", 0.8),
        (10.0, 6, "in", 0.0),
        (9.9999999, 6, "in", 0.0),  # summed frame by frame
        (61.0, 6, "in", 0.2),
        (3.0, 10, "out", 0.0),
    ],
)
def test_pacer(time_s: float, per_min: float, phase: str, fraction: float) -> None:
    breath = pacer(time_s, per_min)
    assert (breath.phase, breath.fraction) == (phase, pytest.approx(fraction, abs=1e-9))


def hold(seconds: float, holding: Holding, breaths: float = 4, fps: float = FPS) -> HoldCoach:
    coach = HoldCoach(breaths)
    for frame in range(int(seconds * fps) + 1):
        coach.update(frame / fps, holding(frame / fps))
    return coach


def test_a_hold_fills_with_seconds_and_breaths() -> None:
    view = hold(25, lambda _: True).view
    assert (view.held_s, view.breaths, view.fraction, view.done) == (
        pytest.approx(25),
        2,
        pytest.approx(0.625),
        False,
    )
    assert (view.breath.phase, view.breath.fraction) == ("out", pytest.approx(0.0, abs=1e-6))
    view = hold(60, lambda _: True).view
    assert (view.held_s, view.breaths, view.fraction, view.done) == (pytest.approx(40), 4, 1.0, True)


def test_a_short_loss_is_forgiven_and_a_real_release_starts_again() -> None:
    short = hold(20, lambda t: not 10 <= t < 10 + FORGIVEN_S - 0.1).view
    assert short.releases == 0 and short.held_s == pytest.approx(19, abs=0.2), (
        "the loss itself does not count"
    )
    again = hold(20, lambda t: not 10 <= t < 10 + FORGIVEN_S + 0.2).view
    assert again.releases == 1 and again.held_s == pytest.approx(20 - 11.2, abs=0.1)
    let_go = hold(20, lambda t: t < 10).view
    assert (let_go.releases, let_go.held_s, let_go.holding) == (1, 0.0, False)
    many = hold(20, lambda t: t % 2 < 1.6).view
    assert many.releases == 0, "each loss is short"


def test_letting_go_after_the_end_takes_nothing_away() -> None:
    view = hold(60, lambda t: t < 45).view
    assert (view.done, view.held_s, view.releases) == (True, 40, 0)


def test_a_stalled_camera_is_not_holding() -> None:
    coach = HoldCoach(4)
    coach.update(0.0, True)
    coach.update(0.5, True)
    view = coach.update(8.0, True)
    assert (view.held_s, view.releases) == (0.0, 1)


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
def test_the_same_at_any_frame_rate(fps: float) -> None:
    view = hold(33, lambda t: not 8 <= t < 8.6, fps=fps).view
    assert view.held_s == pytest.approx(32.4, abs=2.1 / fps)


def test_what_the_breaths_out_win() -> None:
    coach, deeper = HoldCoach(6), []
    for frame in range(60 * FPS):
        breath = pacer(frame / FPS)
        depth_deg = 12.0 + frame // (10 * FPS) + (breath.fraction if breath.phase == "out" else 0.0)
        deeper.append(coach.update(frame / FPS, True, depth_deg).deeper_deg)
    each_breath = deeper[10 * FPS - 1 :: 10 * FPS]
    assert all(0.7 < b - a < 1.3 for a, b in pairwise(each_breath))
    assert isnan(HoldCoach(4).update(0.0, True).deeper_deg), "no angle, nothing won"

"""What is said about stored sessions: nothing inside the measurement error, nothing of unlike compared."""

import io
import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from posecount.cli import main
from posecount.errors import PosecountError
from posecount.exercises import exercise, exercises
from posecount.history import (
    Done,
    Dose,
    all_done,
    daily_dose,
    done_by_day,
    history,
    remaining,
    streaks,
)
from posecount.history_run import doses_for, run_delete, run_history
from posecount.history_view import history_view, spark
from posecount.store import Store
from posecount.totals import HoldTotal, RepTotal
from posecount.trends import MDC_DEG, MIN_DAYS, Comparison, comparisons, tighter_side, trends
from posecount.types import Hold, Muscle, Rep, Side
from posecount.words import Words, languages

TODAY = date(2026, 3, 1)
nan = math.nan


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def reps(days_ago: int, number: int = 10, degrees: float = 40.0, **more: Any) -> RepTotal:
    kind: dict[str, Any] = {
        "exercise": "ankle-pump",
        "model": "heavy",
        "side": "both",
        "quality": "smooth",
    } | more
    measured = 0 if math.isnan(degrees) else number
    return RepTotal(day=ago(days_ago), reps=number, measured=measured, range_deg=degrees, **kind)


def hold(days_ago: int, side: Side, degrees: float, **more: Any) -> HoldTotal:
    kind: dict[str, Any] = {
        "exercise": "calf-stretch",
        "model": "heavy",
        "muscle": "soleus",
        "quality": "steady",
    }
    measured = 0 if math.isnan(degrees) else 1
    kind |= {"day": ago(days_ago), "side": side, "holds": 1, "seconds": 30.0, "measured": measured} | more
    return HoldTotal(angle_deg=degrees, **kind)


# --- today, week, streak


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ([], (0, 0)),
        ([0], (1, 1)),
        ([1], (1, 1)),  # today is still to come
        ([2], (0, 1)),
        ([0, 1, 2, 4, 5], (3, 3)),
        ([1, 2, 3], (3, 3)),
        ([0, 5, 6, 7, 8], (1, 4)),
        ([0, 0, 1, 1], (2, 2)),
        ([-1, 0], (1, 1)),  # a clock once set wrong: tomorrow has not been practised
    ],
)
def test_streaks(days_ago: Sequence[int], expected: tuple[int, int]) -> None:
    assert streaks([ago(n) for n in days_ago], TODAY) == expected


@given(st.sets(st.integers(0, 60)))
def test_a_streak_is_never_longer_than_the_best_or_than_the_days(days_ago: set[int]) -> None:
    current, best = streaks([ago(n) for n in days_ago], TODAY)
    assert 0 <= current <= best <= len(days_ago)
    assert bool(current) == bool(days_ago & {0, 1})


def test_only_smooth_reps_and_steady_holds_count_towards_the_dose() -> None:
    found = done_by_day(
        [
            reps(0, 12),
            reps(0, 8, side="left"),
            reps(0, 5, quality="jerky"),
            reps(0, 4, quality="partial"),
            reps(1, 7),
        ],
        [hold(0, "left", 10), hold(0, "right", nan), hold(0, "left", 9, quality="bouncing")],
    )
    assert found == {
        TODAY: {"ankle-pump": Done(reps=20), "calf-stretch": Done(hold_s=60)},
        ago(1): {"ankle-pump": Done(reps=7)},
    }


@pytest.mark.parametrize(
    ("done", "dose", "fraction", "left"),
    [
        (Done(10), Dose("x", 20), 0.5, Done(10)),
        (Done(30), Dose("x", 20), 1.0, Done()),
        (Done(hold_s=30), Dose("x", hold_s=120), 0.25, Done(hold_s=90)),
        (Done(20, 30), Dose("x", 20, 60), 0.5, Done(hold_s=30)),
        (Done(), Dose("x"), 1.0, Done()),
    ],
)
def test_dose(done: Done, dose: Dose, fraction: float, left: Done) -> None:
    assert (done.fraction(dose), remaining(dose, done)) == (fraction, left)


def test_all_done_needs_every_dose_and_at_least_one() -> None:
    doses = (Dose("ankle-pump", 20), Dose("calf-stretch", hold_s=60))
    assert not all_done(doses, {"ankle-pump": Done(20)})
    assert all_done(doses, {"ankle-pump": Done(20), "calf-stretch": Done(hold_s=60)})
    assert not all_done((), {})


def test_daily_doses_come_from_the_exercise_files() -> None:
    pump = exercise("ankle-pump").dose
    least = pump["reps"].least * pump["sets"].least
    assert daily_dose(exercise("ankle-pump")) == Dose(
        "ankle-pump", reps=int(least * pump["times_a_day"].least)
    )
    assert daily_dose(exercise("ankle-pump"), "most").reps == least * pump["times_a_day"].most
    assert daily_dose(exercise("ankle-pump"), 3).reps == least * 3
    stretch = exercise("calf-stretch").dose["hold_s"].least
    assert daily_dose(exercise("calf-stretch"), 1) == Dose("calf-stretch", hold_s=stretch * 4)


def test_doses_of_what_is_practised_or_of_ankle_pumps() -> None:
    def names(*practised: str) -> list[str]:
        return [dose.exercise for dose in doses_for(practised, exercises(), 1)]

    assert names("calf-stretch", "heel-raise") == ["calf-stretch", "heel-raise"]
    assert names() == names("loosen") == names("no longer there") == ["ankle-pump"]


def test_the_week_is_seven_days_and_so_is_the_one_before() -> None:
    days = [reps(n, 1) for n in (0, 6, 7, 8, 13, 14)]
    found = history(TODAY, 84, days, [], [r.day for r in days], [])
    assert (found.week, found.week_before) == ({"ankle-pump": Done(2)}, {"ankle-pump": Done(3)})
    assert (found.practised_in_week, len(found.recent)) == (2, 14)
    assert found.recent[-1] == {"ankle-pump": Done(1)} and found.recent[-2] == {}


# --- trends


def test_a_trend_averages_weeks_by_the_number_measured() -> None:
    found = trends([reps(0, 30, 40.0), reps(6, 10, 20.0), reps(7, 5, 30.0), reps(20, 5, 25.0)], [], TODAY, 28)
    assert found[0].measure == "range"
    assert found[0].values == (pytest.approx(nan, nan_ok=True), 25.0, 30.0, 35.0)


def test_smoothness_is_the_share_of_all_reps() -> None:
    numbers = {"smooth": 6, "jerky": 3, "partial": 1}
    weeks = [reps(n, number, quality=quality) for n in (0, 7, 14) for quality, number in numbers.items()]
    share = trends(weeks, [], TODAY, 21)[-1]
    assert (share.measure, share.values) == ("smooth", (0.6, 0.6, 0.6))
    assert not share.beyond_error


def test_a_range_is_followed_in_one_leg_and_one_model() -> None:
    """The far leg and the lighter model read less: mixed in, they would look like a change."""
    right = [reps(n, 10, 40.0, side="right") for n in (0, 7, 14)]
    others = [reps(0, 9, 10.0, side="left"), reps(7, 9, 15.0, side="right", model="full")]
    [found, _] = trends([*others, *right], [], TODAY, 21)
    assert (found.side, found.model, found.values) == ("right", "heavy", (40.0, 40.0, 40.0))


@pytest.mark.parametrize(
    ("gain", "claimed"), [(0.0, False), (MDC_DEG, False), (MDC_DEG + 0.1, True), (-8, True)]
)
def test_a_change_is_claimed_only_beyond_the_error(gain: float, claimed: bool) -> None:
    [found] = trends([], [hold(n * 7, "left", 10.0 + (gain if n == 0 else 0)) for n in range(3)], TODAY, 21)
    assert (found.last - found.first, found.beyond_error) == (pytest.approx(gain), claimed)


def test_too_little_is_no_trend() -> None:
    assert trends([reps(0), reps(7)], [hold(0, "left", 3), hold(100, "left", 3)], TODAY, 84) == ()
    only_jerky = trends([reps(n, quality="jerky") for n in (0, 7, 14)], [], TODAY, 21)
    assert [(t.measure, t.values) for t in only_jerky] == [("smooth", (0.0, 0.0, 0.0))]


@given(st.integers(1, 4000))
def test_a_trend_has_few_enough_points_to_draw(days: int) -> None:
    found = trends([reps(n) for n in range(0, days, 3)], [], TODAY, days)
    assert all(len(t.values) <= 13 for t in found)


# --- left and right


def both(days: int, left: float, right: float, muscle: Muscle = "soleus", **more: Any) -> list[HoldTotal]:
    legs: tuple[tuple[Side, float], ...] = (("left", left), ("right", right))
    return [hold(n, side, degrees, muscle=muscle, **more) for n in range(days) for side, degrees in legs]


@pytest.mark.parametrize(
    ("days", "left", "right", "less"),
    [
        (MIN_DAYS, 20, 10, "right"),
        (MIN_DAYS, 10, 20, "left"),
        (MIN_DAYS - 1, 20, 10, None),
        (50, 20, 20 - MDC_DEG, None),  # many days do not make the camera truer
        (50, 20, 20 - MDC_DEG - 0.1, "right"),
    ],
)
def test_a_leg_is_called_tighter_only_beyond_the_error(
    days: int, left: float, right: float, less: str
) -> None:
    [found] = comparisons([], both(days, left, right))
    assert (found.days, found.left_deg, found.right_deg) == (days, pytest.approx(left), pytest.approx(right))
    assert found.less == tighter_side([found]) == less


def test_only_days_with_both_legs_are_compared() -> None:
    one_legged = [hold(n, "right", 0.0) for n in range(10, 40)]
    [found] = comparisons([], [*both(3, 20, 18), *one_legged])
    assert (found.days, found.right_deg) == (3, 18.0)
    assert comparisons([reps(n, side="both") for n in range(9)], one_legged) == ()


def test_a_leg_stretched_twice_a_day_counts_once() -> None:
    [found] = comparisons([], [*both(3, 20, 18), *both(1, 20, 9, holds=9, measured=9)])
    assert found.days == 3 and found.right_deg == pytest.approx((18 + 18 + (18 + 9 * 9) / 10) / 3)


def test_models_knees_bouncing_and_the_unmeasured_are_not_mixed() -> None:
    found = comparisons(
        [],
        [
            *both(4, 20, 10),
            *both(3, 0, 90, model="full"),
            *both(3, 30, 28, "gastrocnemius"),
            *both(4, 0, 90, quality="bouncing"),
            *both(4, nan, nan),
        ],
    )
    assert {(c.muscle, c.model, c.left_deg, c.right_deg) for c in found} == {
        ("soleus", "heavy", 20, 10),
        ("gastrocnemius", "heavy", 30, 28),
    }


def compared(muscle: Muscle | None, left: float, right: float) -> Comparison:
    return Comparison("calf-stretch", "heavy", muscle, left, right, 9)


@pytest.mark.parametrize(
    ("found", "leg"),
    [
        ([], None),
        ([compared("soleus", 20, 10), compared("gastrocnemius", 20, 11)], "right"),
        ([compared("soleus", 20, 10), compared("gastrocnemius", 20, 19)], "right"),
        ([compared("soleus", 20, 10), compared("gastrocnemius", 10, 20)], None),
        ([compared(None, 20, 10)], None),  # the range of a pump is not how far a calf stretches
    ],
)
def test_tighter_side(found: list[Comparison], leg: str | None) -> None:
    assert tighter_side(found) == leg


# --- the view


@pytest.mark.parametrize(
    ("values", "low", "high", "drawn"),
    [
        ([0, 0.5, 1], 0, 1, "▁▅█"),
        ([nan, 1], 0, 1, "·█"),
        ([-5, 7], 0, 1, "▁█"),
        ([3, 3], 3, 3, "▅▅"),
        ([], 0, 1, ""),
    ],
)
def test_spark(values: list[float], low: float, high: float, drawn: str) -> None:
    assert spark(values, low, high) == drawn


def drawn(language: str, days: int = 84) -> str:
    pumps = [reps(n, 10, 30 + n / 10, side="right") for n in range(0, days, 2)]
    jerky = [reps(n, 2, quality="jerky") for n in range(0, days, 2)]
    holds = [*both(days, 21, 10, "gastrocnemius"), *both(days, 21, 18)]
    practised = [r.day for r in pumps]
    doses = [Dose("ankle-pump", 20), Dose("calf-stretch", hold_s=120)]
    found = history(TODAY, days, [*pumps, *jerky], holds, practised, doses)
    titles = {each.name: each.title for each in exercises(language=language)}
    out = io.StringIO()
    Console(file=out, width=80, highlight=False).print(
        history_view(found, days // 7, titles, Words(language))
    )
    return out.getvalue()


def test_the_view_says_what_was_found() -> None:
    lines = [" ".join(line.split()) for line in drawn("en").splitlines()]
    half, full = "█" * 17 + "░" * 17, "█" * 34
    assert f"Ankle pumps {half} 10 of 20 reps" in lines
    assert f"Calf stretch {full} 120 of 120 s held ✓ done" in lines
    assert "Last 7 days: practised on 4 of 7" in lines
    assert any(
        line.startswith("Ankle pumps range, right") and line.endswith("37° to 31°, less") for line in lines
    )
    assert any(line.startswith("smooth reps") and line.endswith("83 % to 83 %") for line in lines)
    assert "Calf stretch knee straight left 21°, right 10°: the right is tighter" in lines
    assert "knee bent left 21°, right 18°: within ±5°" in lines


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("days", [84, 3650])
def test_the_view_fits_80_columns_without_breaking_a_line(language: str, days: int) -> None:
    lines = drawn(language, days).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) == 23  # one line each: a longer word would have wrapped into another
    assert "…" not in "".join(lines)


# --- the command


def practise(url: str, *days_ago: int) -> None:
    with Store(url) as store:
        for n in days_ago:
            at = datetime.now().astimezone() - timedelta(days=n)
            with store.session(exercise="ankle-pump", model="heavy", source="live", started_at=at) as log:
                log.add(Rep("left", 0, 1, 2, 30.0, "smooth"))
                log.add(Hold("left", 0, 9, 9, 5.0, 3.0, "soleus", "steady"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/history.sqlite3"


def test_history_of_a_new_user(url: str) -> None:
    out = io.StringIO()
    run_history(url=url, out=out)
    assert out.getvalue() == "Nothing practised yet. Begin with: posecount live\n"


def test_history_shows_and_exports_the_days_asked_for(url: str) -> None:
    practise(url, 0, 1, 30)
    out, recent, everything = io.StringIO(), io.StringIO(), io.StringIO()
    run_history(url=url, out=out)
    run_history(url=url, out=recent, export="csv", days=2)
    run_history(url=url, out=everything, export="csv")
    assert "1 of 20 reps" in out.getvalue()
    assert (len(recent.getvalue().splitlines()), len(everything.getvalue().splitlines())) == (1 + 2, 1 + 3)


@pytest.mark.parametrize(
    ("wrong", "words"), [({"days": 0}, "1 day or more"), ({"export": "xml"}, "csv or json")]
)
def test_what_history_cannot_do_is_one_clear_line(url: str, wrong: Any, words: str) -> None:
    with pytest.raises(PosecountError, match=words):
        run_history(url=url, **wrong)


def test_delete_asks_first(url: str) -> None:
    practise(url, 0, 1, 30)
    out, asked = io.StringIO(), []

    def answer(yes: bool) -> Any:
        return lambda question: asked.append(question) or yes

    run_delete(answer(False), url=url, out=out)
    run_delete(answer(True), older_than_days=10, url=url, out=out)
    run_delete(answer(True), url=url, out=out)
    run_delete(answer(True), url=url, out=out)  # nothing left: nothing to ask
    assert out.getvalue().splitlines() == [
        "Nothing was deleted.",
        "Sessions deleted: 1.",
        "Sessions deleted: 2.",
        "Sessions deleted: 0.",
    ]
    assert len(asked) == 3 and "sessions: 3" in asked[0] and "sessions: 1" in asked[1]


def test_the_command_does_not_delete_all_when_days_were_meant(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    practise(url, 0, 30)
    assert main(["history", "--store", url, "--delete", "--yes", "--days", "9"]) == 2
    assert "--older-than" in capsys.readouterr().err
    assert main(["history", "--store", url, "--delete", "--yes", "--older-than", "9"]) == 0
    assert main(["history", "--store", url, "--export", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 2  # what was deleted, the heading, today

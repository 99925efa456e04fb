"""The benchmark's own yardstick: which found and true movements are the same, and what the errors are."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.intervals import bootstrap, wilson
from benchmarks.measures import MEASURES
from benchmarks.peer import row, wanted
from benchmarks.robustness import PEOPLE, all_rows, specs, table
from benchmarks.scenarios import scenarios
from benchmarks.scoring import AngleError, Score, Truth, pairs, read_truth, score
from posecount.session import Session
from posecount.types import Angles, Hold, Notice, Rep, Summary

FPS = 30
FIGURE = {measure.name: measure.of for measure in MEASURES}


def told(**changes: Any) -> dict[str, Any]:
    """One smooth rep of both feet, seen from the left; the joint is at 0 where the sole reads 91 deg."""
    ankle = np.r_[np.zeros(30), np.linspace(0, -30, 30), np.linspace(-30, 0, 30), np.zeros(30)]
    seen = (91 - ankle).tolist()
    rep = {"sides": "LR", "start": 1.0, "end": 3.0, "a": -30.0, "b": 0.0, "quality": "smooth"}
    return {
        "fps": FPS,
        "frames": len(ankle),
        "ankle": {"L": ankle.tolist(), "R": [0.0] * len(ankle)},
        "side_on_angle": {"L": seen, "R": [90.0] * len(ankle)},
        "reps": [rep],
        "holds": [],
        "scenario": {"posture": "stand", "camera": {"azimuth": 0}},
    } | changes


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def of(**changes: Any) -> Truth:
        path = tmp_path / "clip.truth.json"
        path.write_text(json.dumps(told(**changes)))
        return read_truth(path)

    return of


def rep(start_s: float, end_s: float, **more: Any) -> Rep:
    plain = Rep("both", start_s, (start_s + end_s) / 2, end_s, 30.0, "smooth")
    return replace(plain, **more)


def found(truth: Truth, *reps: Rep, holds: tuple[Hold, ...] = (), **ankle_deg: Any) -> Summary:
    blank = np.full(len(truth.time_s), np.nan)
    angles = Angles(truth.time_s, ankle_deg.get("left", blank), ankle_deg.get("right", blank), blank, blank)
    summary = replace(Session().summary(), reps=reps, holds=holds, angles=angles)
    return replace(summary, warnings=(Notice("oblique", "", 0.0, 1.0),))


def text(name: str, *scores: Score) -> str:
    figure = FIGURE[name](scores)
    return figure.found if figure else ""


def test_truth_is_read(read: Any) -> None:
    truth = read()
    assert (truth.name, truth.kind, truth.near, truth.side_on) == ("clip", "heel raises", "left", True)
    assert truth.reps[0].side == "both"
    np.testing.assert_allclose(truth.ankle_deg[[0, 59]], [0, -30])  # counted from 91, not from 90


@pytest.mark.parametrize(
    ("azimuth", "near", "side_on"),
    [(0, "left", True), (34, "left", True), (36, "left", False), (170, "right", True), (200, "right", True)],
)
def test_the_camera_tells_the_near_leg(read: Any, azimuth: float, near: str, side_on: bool) -> None:
    truth = read(scenario={"posture": "seated", "camera": {"azimuth": azimuth}})
    assert (truth.near, truth.side_on, truth.kind) == (near, side_on, "ankle pumps")


@pytest.mark.parametrize(
    ("spans", "partners"),
    [
        ([(1.0, 3.0)], [0]),
        ([(0.4, 2.6)], [0]),  # begun early
        ([(1.0, 1.4)], []),  # too small a part of it
        ([(3.1, 3.2)], []),  # touches the slack only
        ([(1.0, 3.0), (1.1, 2.9)], [0]),  # one counted twice has one partner
        ([(1.5, 3.5), (1.0, 3.0)], [1]),  # the nearer one wins
        ([], []),
    ],
)
def test_pairs_are_movements_that_overlap(read: Any, spans: Any, partners: list[int]) -> None:
    reps = [rep(*span) for span in spans]
    matched = pairs(reps, read().reps, 0.25)
    assert [reps.index(f) for f, t in matched if f and t] == partners
    assert sum(f is not None for f, _ in matched) == len(reps)  # none is lost,
    assert sum(t is not None for _, t in matched) == 1  # and the true one neither


def test_counts_false_reps_and_labels(read: Any) -> None:
    truth = read()
    one = score(truth, found(truth, rep(1.0, 3.0, quality="jerky", side="left"), rep(3.5, 4.0)))
    assert one.count == (1, 1)  # two wrongs that look right in the headline
    assert one.warnings == ("oblique",)
    assert text("count exact", one) == "1/1 = 100 %"
    assert text("reps found", one) == "1/1 = 100 %"
    assert text("false reps", one) == "1"
    assert text("quality right", one) == text("side right", one) == "0/1 = 0 %"
    assert text("smooth: precision", one) == text("smooth: recall", one) == "0/1 = 0 %"
    assert text("jerky: recall", one) == ""
    missed = score(truth, found(truth))
    assert text("count exact", one, missed) == "1/2 = 50 %"
    assert text("count within one", one, missed) == "2/2 = 100 %"
    assert text("count error, of the true count", one, missed) == "0.500"


def test_holds(read: Any) -> None:
    hold = {"sides": "LR", "start": 10.0, "end": 40.0, "a": 15.0, "knee": 30.0, "quality": "steady"}
    truth = read(reps=[], holds=[hold])
    assert truth.kind == "stretches"
    got = Hold("both", 10.5, 40.0, 29.5, 14.0, 28.0, "soleus", "bouncing", 3)
    one = score(truth, found(truth, holds=(got,)))
    assert text("holds found", one) == text("muscle right", one) == "1/1 = 100 %"
    assert text("steady or bouncing right", one) == "0/1 = 0 %"
    assert text("hold duration, largest error", one) == "0.50 s"
    assert text("false holds", score(read(), found(read(), holds=(got,)))) == "1"


def test_angle_errors(read: Any) -> None:
    truth = read()
    assert truth.ankle_deg.min() == -30
    half = score(truth, found(truth, left=0.5 * truth.ankle_deg)).angle
    assert half is not None
    assert half.range_ratio == pytest.approx(0.5)
    moved = score(truth, found(truth, left=truth.ankle_deg + 3)).angle
    assert moved is not None
    assert (moved.shifted_deg, moved.absolute_deg) == pytest.approx((0, 3))


def test_no_angle_is_asked_for_where_none_can_be_told(read: Any) -> None:
    truth = read()
    known = truth.ankle_deg.copy()
    known[:70] = np.nan  # mostly not measured
    assert score(truth, found(truth, left=known)).angle is None
    assert score(truth, found(truth, right=truth.ankle_deg)).angle is None  # the far leg
    oblique = replace(truth, side_on=False)
    assert score(oblique, found(truth, left=truth.ankle_deg)).angle is None
    still = replace(truth, ankle_deg=0.1 * truth.ankle_deg)
    assert score(still, found(truth, left=still.ankle_deg)).angle is None


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson(part: int, whole: int, low: float, high: float) -> None:
    """Newcombe (1998) gives the last one; the others are z^2 / (n + z^2)."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=1e-4)


def test_bootstrap_covers_the_mean_and_repeats() -> None:
    values = np.random.default_rng(3).normal(5, 2, 400).tolist()
    low, high = bootstrap(values)
    assert (low, high) == bootstrap(values)
    half = 1.96 * np.std(values) / 20
    assert (low, high) == pytest.approx((np.mean(values) - half, np.mean(values) + half), abs=0.03)


@pytest.mark.parametrize(
    ("found_reps", "angle_deg", "warned", "said"),
    [(1, 1.0, False, ""), (0, 1.0, True, "far"), (0, 1.0, False, "SILENT"), (1, 9.0, False, "SILENT")],
)
def test_being_wrong_without_a_word_is_silent(
    read: Any, found_reps: int, angle_deg: float, warned: bool, said: str
) -> None:
    truth = read()
    angle = AngleError(angle_deg, angle_deg, 1.0)
    one = score(truth, found(truth, *[rep(1.0, 3.0)] * found_reps))
    one = replace(one, angle=angle, warnings=("far",) if warned else ())
    view = next(all_rows("pump"))
    assert f"| {said} " in table({"pump": [(view, one)]}).splitlines()[-1]


def test_every_view_of_the_robustness_benchmark_has_its_clip() -> None:
    rows = [row for person in PEOPLE for row in all_rows(person)]
    assert {row.clip for row in rows} == set(specs())
    assert len({(row.person, row.what) for row in rows}) == len(rows)
    assert {row.every for row in rows if row.what.endswith("a second")} == {1, 3, 4, 5, 6}


def test_the_peer_may_count_jerky_pumps_or_not(read: Any) -> None:
    jerky = {"sides": "LR", "start": 3.0, "end": 3.5, "quality": "jerky"}
    pumps = read(scenario={"posture": "supine"}, reps=[*told()["reps"], jerky])
    assert [count in wanted(pumps) for count in range(4)] == [False, True, True, False]
    assert [count in wanted(read()) for count in range(2)] == [True, False]  # heel raises are no pumps
    cells = row("pumps", "peer", [0, 2, 5], [wanted(pumps)] * 3)
    assert cells == ["pumps", "peer", "1/3 = 33.3 %", "2/3 = 66.7 %", "1.33", "7"]


def test_scenarios_are_drawn_as_ever() -> None:
    """Kept landmarks and published figures belong to these clips: what a name stands for must not change."""
    drawn = scenarios("held-out")
    assert (len(scenarios("dev")), len(drawn)) == (77, 41)
    assert drawn["heel_raise_a"]["camera"] == {
        "azimuth": -6.0,
        "elevation": 5.0,
        "distance": 3.99,
        "fov": 35.0,
    }
    last = drawn["shaking_pumps_a"]["events"][-2]
    assert (last["a"], last["move"], last["hold_b"]) == (-38.37, 0.97, 0.77)

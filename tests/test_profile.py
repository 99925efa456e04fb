"""The safety check and the height: asked, kept here, shown, forgotten; and the tighter leg first."""

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from posecount import cli, profile
from posecount.errors import PosecountError
from posecount.live.plan import plan
from posecount.profile import Profile
from posecount.profile_run import before_a_session, height_cm, run_profile
from posecount.safety import QUESTIONS
from posecount.store import Store
from posecount.trends import MDC_DEG
from posecount.types import Hold, Leg, nan


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(profile, "file", lambda: tmp_path / "deep" / "profile.json")
    return tmp_path / "deep" / "profile.json"


class Person:
    """Answers each question in turn, and remembers all that was said."""

    def __init__(self, *answers: bool) -> None:
        self.answers, self.asked, self.told = list(answers), [], []

    def ask(self, question: str) -> bool:
        self.asked.append(question)
        return self.answers.pop(0)

    def tell(self, text: str) -> None:
        self.told.append(text)


def test_before_the_first_session_all_is_asked_and_never_again() -> None:
    person = Person(*[False] * len(QUESTIONS))
    assert before_a_session(person.ask, person.tell)
    assert len(person.asked) == len(QUESTIONS)
    assert "Then you can begin. Stop if it hurts." in person.told
    assert any("not a medical device" in text for text in person.told)
    again = Person()
    assert before_a_session(again.ask, again.tell) and (again.asked, again.told) == ([], [])


@pytest.mark.parametrize("begin", [True, False])
def test_who_says_yes_is_advised_and_decides(begin: bool) -> None:
    person = Person(False, True, False, False, False, begin)
    assert before_a_session(person.ask, person.tell) is begin
    assert any("doctor or physiotherapist" in text for text in person.told)
    later = Person()
    assert before_a_session(later.ask, later.tell)
    assert later.told == ["Then ask your doctor or physiotherapist before you begin."]


def test_where_nobody_can_answer_the_check_is_pointed_to_and_nothing_kept(kept: Path) -> None:
    person = Person()
    assert before_a_session(None, person.tell)
    assert "posecount profile --check" in person.told[0]
    assert not kept.exists()


def test_what_is_kept_is_readable_by_its_owner_only(kept: Path) -> None:
    profile.save(Profile("2026-05-01", ("pain",), 171.5))
    assert profile.load() == Profile("2026-05-01", ("pain",), 171.5)
    if os.name == "posix":
        assert kept.stat().st_mode & 0o077 == 0


def test_show_change_forget(kept: Path) -> None:
    person = Person(True, False, False, False, False)
    run_profile(person.ask, person.tell, height_cm=180.0, check=True, language="en")
    assert {"Height: 180 cm.", f"Safety check of {date.today().isoformat()}."} <= {*person.told}
    assert height_cm(nan) == 180.0 and height_cm(165.0) == 165.0
    run_profile(person.ask, person.tell, forget=True, language="de")
    assert not kept.exists() and height_cm(nan) != height_cm(nan)
    run_profile(person.ask, person.tell, forget=True, language="en")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"checked_on": 1, "yes": [], "height_cm": null}',
     '{"checked_on": "", "yes": ["ufo"], "height_cm": null}',
     '{"checked_on": "", "yes": [], "height_cm": "tall"}'],
)  # fmt: skip
def test_a_broken_profile_is_named(kept: Path, text: str) -> None:
    kept.parent.mkdir()
    kept.write_text(text)
    with pytest.raises(PosecountError, match=r"profile\.json .*delete it to begin anew"):
        profile.load()


def test_a_height_in_metres_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["profile", "--height", "1.72"]) == 2
    assert "expected a height in centimetres" in capsys.readouterr().err


def test_cli(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["profile", "--height", "172", "--language", "de"]) == 0
    assert "Körpergröße: 172 cm." in capsys.readouterr().out


def stretched(url: str, left_deg: float, right_deg: float, days: int) -> None:
    with Store(url) as store:
        for n in range(days):
            day = date.today() - timedelta(days=n)
            at = datetime.combine(day, time(9)).astimezone()
            with store.session(exercise="calf-stretch", model="heavy", source="live", started_at=at) as log:
                sides: list[tuple[Leg, float]] = [("left", left_deg), ("right", right_deg)]
                for leg, deg in sides:
                    log.add(Hold(leg, 1.0, 41.0, 40.0, deg, 4.0, "gastrocnemius", "steady"))


def begins_with(url: str, told: list[str], name: str = "step-stretch") -> str:
    steps = plan("auto", name, "auto", told.append, url)
    assert steps
    return steps.steps[0].side


@pytest.mark.parametrize(
    ("left_deg", "right_deg", "days", "first"),
    [
        (10.0, 10.0 + MDC_DEG + 1, 4, "left"),
        (10.0 + MDC_DEG + 1, 10.0, 4, "right"),
        (10.0, 10.0 + MDC_DEG - 1, 9, "right"),
        (10.0, 25.0, 2, "right"),
        (nan, 25.0, 5, "right"),
    ],
    ids=["left is tighter", "right is tighter", "within the error", "too few days", "left never measured"],
)
def test_the_stretch_begins_with_the_tighter_leg(tmp_path, left_deg, right_deg, days, first) -> None:
    url, told = f"sqlite:///{tmp_path / 'h.sqlite3'}", []
    stretched(url, left_deg, right_deg, days)
    assert begins_with(url, told) == first
    claimed = days > 2 and abs(left_deg - right_deg) > MDC_DEG
    assert len(told) == claimed
    if claimed:
        assert f"more than the error of ±{MDC_DEG:g}°" in told[0] and f"the {first} leg" in told[0]


def test_without_a_history_the_right_leg_begins_and_a_bad_one_stops_nobody(tmp_path: Path) -> None:
    told: list[str] = []
    assert begins_with(f"sqlite:///{tmp_path / 'none.sqlite3'}", told) == "right" and told == []
    (tmp_path / "bad.sqlite3").write_text("no database")
    assert begins_with(f"sqlite:///{tmp_path / 'bad.sqlite3'}", told) == "right" and len(told) == 1
    assert begins_with("sqlite:////nowhere/at/all.sqlite3", [], "circulation") == "both"


def test_the_test_is_a_programme_of_its_own() -> None:
    steps = plan("heel-raise-test", None, "left", print)
    assert steps and [(step.exercise, step.side, step.unit) for step in steps.steps] == [
        ("heel-raise-test", "left", "open")
    ]
    assert plan("ankle-pump", None, "auto", print) is None
    with pytest.raises(PosecountError, match="one leg: add --side left or --side right"):
        plan("heel-raise-test", None, "both", print)

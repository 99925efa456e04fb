"""The exercise and programme files: complete, sourced, translated; and what a broken one says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posecount.errors import PosecountError
from posecount.exercises import DATA, LIMITS, exercise, exercises, load
from posecount.guide import guide
from posecount.guide import of as guide_of
from posecount.programmes import Programme, programme, programmes
from posecount.safety import advice, questions
from posecount.tomlfile import tomllib
from posecount.words import languages

OURS = [each.name for each in exercises()]
TEXTS = {"title", "summary", "steps", "camera", "judged", "means", "text", "when", "what", "unit"}

MINIMAL = """\
schema = "posecount.exercise/1"
name = "mine"
title = "My pumps"
counts = "ankle-pump"
summary = "As my physiotherapist showed me."
steps = ["Up.", "Down."]

[sources]
physio = "My physiotherapist, March"

[dose]
reps = { least = 12, most = 15, source = "physio" }

[[cautions]]
text = "Not on the bad days."
source = "physio"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(MINIMAL)
    return tmp_path


def test_the_names_of_the_analysis_are_exercises() -> None:
    assert {"ankle-pump", "heel-raise", "calf-stretch", "heel-raise-test", "loosen"} == set(OURS)
    for name in ("ankle-pump", "heel-raise", "calf-stretch"):
        assert exercise(name).counts == name


def test_every_way_that_is_asked_for_is_there() -> None:
    ways = {each.name: {variant.name for variant in each.variants} for each in exercises()}
    assert ways["ankle-pump"] == {"seated-free", "seated-flat", "long-sitting", "lying"}
    assert ways["heel-raise"] == {"standing", "seated", "single-leg"}
    assert ways["calf-stretch"] == {"step-straight", "step-bent", "wall-straight", "wall-bent"}
    knees = {variant.name: variant.knee for variant in exercise("calf-stretch").variants}
    assert all(knee == name.split("-")[1] for name, knee in knees.items())


@pytest.mark.parametrize("file", sorted(DATA.rglob("*.toml")), ids=lambda file: file.stem)
def test_every_number_and_caution_names_a_source(file: Path) -> None:
    """Read as plain TOML, so that the rule holds whatever the loader lets through."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    if file.parent.name in languages():
        return  # a translation: words only, which another test checks
    for path, table in _tables(values):
        numbers = [key for key, value in table.items() if isinstance(value, int | float) and key != "schema"]
        if numbers or path[-1:] in (("cautions",), ("lines",)):
            assert table.get("source"), f"{file.name}: {'.'.join(path)} has no source"
        keys = table.get("source", [])
        for key in [keys] if isinstance(keys, str) else keys:
            assert len(values["sources"][key]) > 20, f"{file.name}: {key} says too little to be found again"
    cited = set(re.findall(r'"([\w-]+)"', " ".join(re.findall(r"source = (.*)", file.read_text()))))
    assert cited == set(values.get("sources", {})), f"{file.name}: a source that nothing cites, or none"


@pytest.mark.parametrize("name", OURS)
def test_numbers_stand_where_they_have_a_source(name: str) -> None:
    """The how-to texts carry no digits: a dose in prose would have no source and would not be counted."""
    one = exercise(name)
    prose = (*one.steps, *one.camera, *one.judged, *(step for each in one.variants for step in each.steps))
    assert not [text for text in prose if re.search(r"\d", text)]


def test_the_prescription() -> None:
    pump, stretch, test = (exercise(name) for name in ("ankle-pump", "calf-stretch", "heel-raise-test"))
    doses = {key: (each.least, each.most) for key, each in pump.dose.items()}
    assert doses == {
        "reps": (10, 30),
        "sets": (2, 5),
        "times_a_day": (1, 5),
        "hold_s": (1, 3),
        "rate_per_min": (30, 60),
    }
    assert (stretch.dose["breaths"].least, stretch.dose["breaths"].most) == (3, 6)
    assert stretch.dose["breaths_per_min"].most == 6
    assert test.dose["rate_per_min"].least == test.dose["rate_per_min"].most == 30
    assert {norm.what: norm.value for norm in test.norms}["Repetitions, dominant leg"] == 25


def test_limits_are_documented_once() -> None:
    used = {key for each in exercises() for key in each.limits}
    assert used == set(LIMITS)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", OURS)
def test_guide_fits_80_columns_and_always_ends_with_safety(name: str, language: str) -> None:
    one = exercise(name, language=language)
    page = guide(one, language)
    assert max(map(len, page.splitlines())) < 80
    flat = " ".join(page.split())
    for text in (*one.steps, *(each.text for each in one.cautions), *(each.title for each in one.variants)):
        assert text in flat
    assert {"en": "Stop if it hurts. Keep breathing.", "de": "Aufhören, wenn es wehtut."}[language] in page
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", page)}
    assert cited == set(range(1, len(cited) + 1))


@pytest.mark.parametrize("language", [each for each in languages() if each != "en"])
@pytest.mark.parametrize(
    "file", [*DATA.glob("*.toml"), *DATA.glob("programmes/*.toml")], ids=lambda file: file.stem
)
def test_translations_have_every_text_and_nothing_else(file: Path, language: str) -> None:
    words = tomllib.loads((file.parent / language / file.name).read_text(encoding="utf-8"))
    ours = dict(_texts(tomllib.loads(file.read_text(encoding="utf-8"))))
    theirs = dict(_texts(words))
    assert list(theirs) == list(ours)
    assert all(len(theirs[path]) == len(ours[path]) for path in ours), "a list of another length"
    assert _fields(words) <= TEXTS, "a translation changes words, nothing else"


def test_a_users_own_exercise_stands_beside_ours(folder: Path) -> None:
    mine = exercise("mine", folder)
    assert (mine.counts, mine.dose["reps"].least, mine.replaces) == ("ankle-pump", 12, False)
    assert mine.dose["reps"].source == ("My physiotherapist, March",)
    assert [each.name for each in exercises(folder)] == [*OURS, "mine"]
    assert "Stop if it hurts" in guide(mine)


def test_a_users_file_replaces_ours_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "ankle-pump.toml").write_text(MINIMAL.replace('"mine"', '"ankle-pump"'))
    mine = exercise("ankle-pump", tmp_path)
    assert mine.replaces and mine.title == "My pumps"
    assert "in place of posecount's own" in " ".join(guide(mine).split())
    assert [each.name for each in exercises(tmp_path)] == OURS
    assert not exercise("ankle-pump").replaces


def test_a_users_own_programme_may_use_his_own_exercise(folder: Path) -> None:
    (folder / "programmes").mkdir()
    (folder / "mine.toml").write_text(MINIMAL + WAY)
    (folder / "programmes" / "morning.toml").write_text(MORNING)
    (step,) = programme("morning", folder).steps
    assert (step.exercise, step.side, step.unit, step.amount, step.sets) == ("mine", "both", "reps", 12, 1)
    assert "morning" in [each.name for each in programmes(folder)]


def test_a_broken_file_elsewhere_does_not_stop_ours(folder: Path) -> None:
    (folder / "broken.toml").write_text("name = ")
    assert exercise("ankle-pump", folder).title == "Ankle pumps"
    with pytest.raises(PosecountError, match=r"broken\.toml:1: not TOML"):
        exercises(folder)


def test_a_page_for_every_exercise_and_programme(folder: Path) -> None:
    assert guide_of("mine", folder).startswith("My pumps")
    both = guide_of("loosen")
    assert "Warm the calf up" in both and "Warm up with pumps" in both
    page = guide_of("step-stretch", language="de")
    assert "Rechtes Bein gestreckt, 4 langsame Atemzüge." in " ".join(page.split())
    assert page.count("Calf stretch") == 0 and "Aufhören, wenn es wehtut." in page
    assert max(map(len, page.splitlines())) < 80
    with pytest.raises(
        PosecountError, match="no exercise and no programme is called 'squat'; there are ankle"
    ):
        guide_of("squat")


def test_the_safety_check_asks_all_and_advises_a_professional() -> None:
    assert list(questions()) == ["clot", "injury", "swelling", "pain", "surgery"]
    assert set(questions("de").values()).isdisjoint(questions().values())
    assert "doctor or physiotherapist" in advice(["pain"])
    assert advice([]) == "Then you can begin. Stop if it hurts."


WAY = '[[variants]]\nname = "bed"\ntitle = "In bed"\nposture = "lying"\nsteps = ["Lie down."]\n'
MORNING = """\
schema = "posecount.programme/1"
name = "morning"
title = "Mornings"
summary = "Before getting up."
[sources]
physio = "My physiotherapist, March"
[[steps]]
exercise = "mine"
variant = "bed"
side = "both"
reps = 12
source = "physio"
"""

BROKEN = [
    ('title = "My pumps"\n', "", "1: title: expected text, but it is missing"),
    ('"My pumps"', "7", "3: title: expected text, found 7"),
    ('"My pumps"', '" "', "3: title: expected text, found ' '"),
    ("exercise/1", "exercise/2", "1: schema: expected one of posecount.exercise/1, found 'p"),
    ('"mine"', '"yours"', "2: name: expected 'mine', the name of the file, found 'yours'"),
    ('"ankle-pump"', '"squat"', "4: counts: expected one of ankle-pump, heel-raise, calf-"),
    ("steps =", "stpes =", "6: stpes: no such field here; did you mean steps?"),
    ('["Up.", "Down."]', "[]", "6: steps: expected at least 1 text, found a list"),
    ('["Up.", "Down."]', '["Up.", 2]', "6: steps: expected a list of texts, found 2 in it"),
    ("12", '"twelve"', "12: dose.reps.least: expected a number above 0, found 'twelve'"),
    ("12", "true", "12: dose.reps.least: expected a number above 0, found true"),
    ("12", "nan", "12: dose.reps.least: expected a number above 0, found nan"),
    ("12", "-12", "12: dose.reps.least: expected a number above 0, found -12"),
    ("12", "20", "12: dose.reps.least: expected at most 15, which is 'most', found 20"),
    ("least = 12, ", "", "12: dose.reps.least: expected a number above 0, but it is missing"),
    ("reps =", "reeps =", "12: dose.reeps: no such field here; did you mean reps?"),
    ("reps =", "laps =", "12: dose.laps: no such field here; expected one of breaths, "),
    ("{ least", "12 # { least", "12: dose.reps: expected a table"),
    (', source = "physio" }', " }", "12: dose.reps.source: expected at least 1 text, but it"),
    ('15, source = "physio"', '15, source = "doc"', "12: dose.reps.source: 'doc' is not among"),
    ("[[cautions]]", "[cautions]", "14: cautions: expected [[cautions]], found a table"),
    ('text = "Not', 'txt = "Not', "15: cautions[1].txt: no such field here; did you mean text?"),
    ('days."\nsource = "physio"', 'days."', "14: cautions[1].source: expected at least 1 text, but it"),
    ("[sources]", "[sources", "8: not TOML: "),
    ("[sources]", "[[sources]]", "8: sources: expected a table"),
    ('"physio" }', '["physio", ""] }', "12: dose.reps.source: expected a list of texts, found '' in it"),
    ("12", "1e999", "12: dose.reps.least: expected a number above 0, found inf"),
    (
        "counts =",
        "counts = [] #",
        "4: counts: expected one of ankle-pump, heel-raise, calf-stretch, nothing, found a list",
    ),
]


@pytest.mark.parametrize(("was", "now", "message"), BROKEN, ids=[each[2] for each in BROKEN])
def test_a_broken_file_names_file_line_field_and_what_is_expected(
    folder: Path, was: str, now: str, message: str
) -> None:
    assert was in MINIMAL
    (folder / "mine.toml").write_text(MINIMAL.replace(was, now))
    with pytest.raises(PosecountError) as error:
        exercise("mine", folder)
    assert str(error.value).startswith(f"{folder}/mine.toml:{message}")
    assert "\n" not in str(error.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PosecountError, match=r"there is no folder .*nowhere"):
        exercises(tmp_path / "nowhere")
    with pytest.raises(PosecountError, match="there is no folder"):
        programme("step-stretch", tmp_path / "nowhere")


def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('title = "Dehnübung"'.encode("latin-1"))
    with pytest.raises(PosecountError, match=r"latin\.toml: expected a text file in UTF-8"):
        load(tmp_path / "latin.toml")
    with pytest.raises(PosecountError, match="cannot be read: Is a directory"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["squat", "", "../pyproject", "de/ankle-pump"])
def test_unknown_names_are_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(PosecountError, match="ankle-pump, calf-stretch"):
        exercise(name)
    with pytest.raises(PosecountError, match="circulation, desk-break"):
        programme(name)
    with pytest.raises(PosecountError, match="seated-free"):
        exercise("ankle-pump").variant(name)


def test_the_step_stretch_starts_and_finishes_on_the_tighter_side() -> None:
    order = [(step.side, step.knee) for step in programme("step-stretch").steps]
    right, left = [("right", "straight"), ("right", "bent")], [("left", "straight"), ("left", "bent")]
    assert order == [*right, *left, *right]
    swapped = [(step.side, step.knee) for step in programme("step-stretch", tighter="left").steps]
    assert swapped == [*left, *right, *left]


@pytest.mark.parametrize("one", programmes(), ids=lambda one: one.name)
def test_programmes_stay_within_the_dose_of_their_exercises(one: Programme) -> None:
    for step in one.steps:
        dose = exercise(step.exercise).dose
        if step.unit == "breaths":
            assert dose["breaths"].least <= step.amount <= dose["breaths"].most
        if step.exercise == "ankle-pump":
            assert dose["reps"].least <= step.amount <= dose["reps"].most
            assert step.sets <= dose["sets"].most and step.hold_s <= dose["hold_s"].most


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ('"mine"', '"yours"', "8: steps[1].exercise: expected one of ankle-pump, "),
        ('"bed"', '"sofa"', "9: steps[1].variant: expected one of bed, found 'sofa'"),
        ("reps = 12", "", "7: steps[1]: expected one of reps, breaths, seconds, open, fou"),
        ("reps = 12", "reps = 12\nseconds = 4", "7: steps[1]: expected one of reps, brea"),
        ('"both"', '"all"', "10: steps[1].side: expected one of left, right, both, tigh"),
    ],
)
def test_a_broken_programme(folder: Path, was: str, now: str, message: str) -> None:
    (folder / "mine.toml").write_text(MINIMAL + WAY)
    (folder / "programmes").mkdir()
    (folder / "programmes" / "morning.toml").write_text(MORNING.replace(was, now))
    with pytest.raises(PosecountError) as error:
        programme("morning", folder)
    assert str(error.value).startswith(f"{folder}/programmes/morning.toml:{message}")


def _fields(values: dict[str, Any]) -> set[str]:
    """The names of all fields that hold no further table."""
    plain = [(key, each) for _, table in _tables(values) for key, each in table.items()]
    return {key for key, each in plain if not isinstance(each, dict) and not _of_tables(each)}


def _of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _tables(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(value, list):
        for each in value:
            yield from _tables(each, path)
    elif isinstance(value, dict):
        yield path, value
        for key, each in value.items():
            yield from _tables(each, (*path, key))


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every text that people read, as a list, by its place in the file, in an order of its own."""
    if _of_tables(value):
        for n, each in enumerate(value):
            yield from _texts(each, f"{path}[{n}]")
    elif isinstance(value, dict):
        for key in sorted(value):
            if key in TEXTS and not _of_tables(value[key]) and not isinstance(value[key], dict):
                yield f"{path}.{key}", [value[key]] if isinstance(value[key], str) else value[key]
            else:
                yield from _texts(value[key], f"{path}.{key}")

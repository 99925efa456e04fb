"""Programmes, as data: which exercise, which side, how much and in what order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast, get_args

from posecount import exercises, tomlfile
from posecount.errors import PosecountError
from posecount.exercises import Amount, Counts, Exercise, Knee
from posecount.tomlfile import Table
from posecount.types import Leg, Side

Unit = Literal["reps", "breaths", "seconds", "open"]
Start = Literal["left", "right", "both", "tighter", "other"]

FOLDER = "programmes"
SCHEMA = "posecount.programme/1"
_FIELDS = "schema name title summary sources times_a_day steps".split()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `amount` of `unit`; 0 when the exercise itself says when it is over ('open')."""

    exercise: str
    title: str
    counts: Counts
    variant: str
    way: str  # the variant's title
    knee: Knee
    side: Side
    unit: Unit
    amount: float
    hold_s: float  # at each end of a rep; 0 for none
    sets: int
    rest_s: float  # after each set
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    name: str
    title: str
    summary: str
    steps: tuple[Step, ...]
    times_a_day: Amount | None
    file: Path
    replaces: bool = False


def programmes(
    folder: Path | None = None, language: str = "en", tighter: Leg = "right"
) -> tuple[Programme, ...]:
    """Ours, and those in the folder 'programmes' of the user's exercise `folder`."""
    return tuple(programme(name, folder, language, tighter) for name in _files(folder))


def programme(
    name: str, folder: Path | None = None, language: str = "en", tighter: Leg = "right"
) -> Programme:
    """`tighter` is the leg that a stretch starts and finishes with. Raises PosecountError, as exercise()."""
    files = _files(folder)
    if name not in files:
        raise PosecountError(f"no programme is called {name!r}; there are {', '.join(sorted(files))}")
    ours = exercises.DATA / FOLDER
    replaces = files[name].parent != ours and (ours / files[name].name).is_file()
    return replace(load(files[name], folder, language, tighter), replaces=replaces)


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Without reading the files, any of which may be broken."""
    return tuple(_files(folder))


def alone(name: str, side: Side, folder: Path | None = None, language: str = "en") -> Programme:
    """A single exercise as a programme: its first way to do it, until it says itself that it is over."""
    one = exercises.exercise(name, folder, language)
    way, source = one.variants[0], tuple(s for each in one.dose.values() for s in each.source)
    step = Step(
        exercise=one.name,
        title=one.title,
        counts=one.counts,
        variant=way.name,
        way=way.title,
        knee=way.knee,
        side=side,
        unit="open",
        amount=0.0,
        hold_s=0.0,
        sets=1,
        rest_s=0.0,
        source=source,
    )
    return Programme(one.name, one.title, one.summary, (step,), None, one.file)


def _files(folder: Path | None) -> dict[str, Path]:
    exercises.names(folder)  # or tell that there is no such folder
    own = sorted((folder / FOLDER).glob("*.toml")) if folder is not None else []
    return {file.stem: file for file in (*sorted((exercises.DATA / FOLDER).glob("*.toml")), *own)}


def load(file: Path, folder: Path | None = None, language: str = "en", tighter: Leg = "right") -> Programme:
    words = file.parent / language / file.name
    top = tomlfile.read(file, words if words.is_file() else None)
    top.only(_FIELDS)
    top.choice("schema", (SCHEMA,))
    if top.text("name") != file.stem:
        top.fail("name", f"expected {file.stem!r}, the name of the file, found {top.text('name')!r}")
    sources = exercises.citations(top)
    known = exercises.names(folder)

    def step(table: Table) -> Step:
        one = exercises.exercise(table.choice("exercise", known), folder, language)
        return _step(table, one, sources, tighter)

    return Programme(
        name=top.text("name"),
        title=top.text("title"),
        summary=top.text("summary"),
        steps=tuple(step(each) for each in top.tables("steps", least=1)),
        times_a_day=exercises.amount(top.table("times_a_day"), sources) if "times_a_day" in top else None,
        file=file,
    )


def _step(table: Table, exercise: Exercise, sources: Mapping[str, str], tighter: Leg) -> Step:
    table.only(("exercise", "variant", "side", *get_args(Unit), "hold_s", "sets", "rest_s", "source"))
    variant = exercise.variant(table.choice("variant", [each.name for each in exercise.variants]))
    unit, amount = _amount(table)
    return Step(
        exercise=exercise.name,
        title=exercise.title,
        counts=exercise.counts,
        variant=variant.name,
        way=variant.title,
        knee=variant.knee,
        side=_side(cast(Start, table.choice("side", get_args(Start))), tighter),
        unit=unit,
        amount=amount,
        hold_s=table.number("hold_s") if "hold_s" in table else 0.0,
        sets=round(table.number("sets")) if "sets" in table else 1,
        rest_s=table.number("rest_s") if "rest_s" in table else 0.0,
        source=exercises.cited(table, sources),
    )


def _amount(table: Table) -> tuple[Unit, float]:
    found: list[Unit] = [unit for unit in get_args(Unit) if unit in table]
    if len(found) != 1:
        table.fail(None, f"expected one of {', '.join(get_args(Unit))}, found {', '.join(found) or 'none'}")
    return found[0], 0.0 if found[0] == "open" else table.number(found[0])


def _side(side: Start, tighter: Leg) -> Side:
    other: Leg = "left" if tighter == "right" else "right"
    return tighter if side == "tighter" else other if side == "other" else side

"""The exercises, as data: how, how much, what is judged, when not to; every number with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast, get_args

from posecount import tomlfile
from posecount.errors import PosecountError
from posecount.tomlfile import Table

Counts = Literal["ankle-pump", "heel-raise", "calf-stretch", "nothing"]
Posture = Literal["standing", "seated", "long-sitting", "lying"]
Knee = Literal["straight", "bent", "any"]

DATA = Path(__file__).parent / "exercises_data"
SCHEMA = "posecount.exercise/1"

# Field names carry their unit; the words for people are in words/*.toml under [dose].
DOSE = (
    "reps",
    "breaths",
    "breaths_per_min",
    "hold_s",
    "rate_per_min",
    "minutes",
    "sets",
    "rest_s",
    "times_a_day",
    "days_a_week",
)

# What feedback can be asked to watch. A limit that a file leaves out switches its cue off.
LIMITS = (
    "knee_bend_deg",  # the knee bends this much more than at the start of the movement
    "lean_deg",  # the trunk leans this far from where it was at the start
    "short_of_rest_share",  # the ankle stays this share of its own range away from rest between two reps
    "side_range_share",  # the smaller range is less than this share of the larger
    "side_time_share",  # the shorter rep takes less than this share of the longer
    "cadence_drift_share",  # the pace has changed by this share
    "pace_share",  # the pace is this share away from the pace asked for
    "fatigue_share",  # the range of the last reps is below this share of the first
    "knee_straight_deg",  # a knee asked to be straight bends beyond this
    "knee_bent_deg",  # a knee asked to be bent straightens beyond this
    "release_share",  # a hold let go before this share of what was asked
    "lift_share",  # a raise lower than this share of the first ones is none
    "prompts",  # a test ends after this many prompts without effect
)

_TEXTS = ("schema", "name", "title", "counts", "summary", "steps", "camera", "judged")
_TABLES = ("sources", "dose", "limits", "cautions", "variants", "sections", "norms")


@dataclass(frozen=True, slots=True)
class Amount:
    """A dose from `least` to `most`, the same for a fixed one; `when` it applies, if not always."""

    least: float
    most: float
    source: tuple[str, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """What feedback goes by, and what it `means` to the person doing it."""

    value: float
    means: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sourced:
    text: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Sourced, ...]


@dataclass(frozen=True, slots=True)
class Norm:
    """What others reached: the median of a published study of the figure `measure`."""

    measure: str
    what: str
    value: float
    unit: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do the exercise; `knee` is what it asks of the moving leg."""

    name: str
    title: str
    posture: Posture
    knee: Knee
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """`counts` names what the analysis does with it; every source is a citation, spelt out."""

    name: str
    title: str
    counts: Counts
    summary: str
    steps: tuple[str, ...]
    camera: tuple[str, ...]
    judged: tuple[str, ...]
    dose: Mapping[str, Amount]
    limits: Mapping[str, Limit]
    cautions: tuple[Sourced, ...]
    variants: tuple[Variant, ...]
    sections: tuple[Section, ...]
    norms: tuple[Norm, ...]
    file: Path
    replaces: bool = False  # someone's own file, in place of ours of the same name

    def variant(self, name: str) -> Variant:
        for variant in self.variants:
            if variant.name == name:
                return variant
        known = ", ".join(variant.name for variant in self.variants) or "none"
        raise PosecountError(f"{self.name} has no variant {name!r}; it has {known}")


def exercises(folder: Path | None = None, language: str = "en") -> tuple[Exercise, ...]:
    """Ours, and those in the user's `folder`; a file there replaces ours of the same name."""
    return tuple(exercise(name, folder, language) for name in names(folder))


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Without reading the files, any of which may be broken."""
    return tuple(_files(folder))


def exercise(name: str, folder: Path | None = None, language: str = "en") -> Exercise:
    """Raises PosecountError for an unknown name or a broken file; other files may be broken."""
    files = _files(folder)
    if name not in files:
        raise PosecountError(f"no exercise is called {name!r}; there are {', '.join(sorted(files))}")
    replaces = files[name].parent != DATA and (DATA / files[name].name).is_file()
    return replace(load(files[name], language), replaces=replaces)


def _files(folder: Path | None) -> dict[str, Path]:
    if folder is not None and not folder.is_dir():
        raise PosecountError(f"there is no folder {folder} for exercises of your own")
    own = sorted(folder.glob("*.toml")) if folder is not None else []
    return {file.stem: file for file in (*sorted(DATA.glob("*.toml")), *own)}


def load(file: Path, language: str = "en") -> Exercise:
    """One exercise from its file; one of the same name in the folder `language` beside it translates it."""
    words = file.parent / language / file.name
    top = tomlfile.read(file, words if words.is_file() else None)
    top.only(_TEXTS + _TABLES)
    top.choice("schema", (SCHEMA,))
    name = top.text("name")
    if name != file.stem:
        top.fail("name", f"expected {file.stem!r}, the name of the file, found {name!r}")
    sources = citations(top)
    return Exercise(
        name=name,
        title=top.text("title"),
        counts=cast(Counts, top.choice("counts", get_args(Counts))),
        summary=top.text("summary"),
        steps=top.texts("steps", least=1),
        camera=top.texts("camera"),
        judged=top.texts("judged"),
        dose=_dose(top.table("dose"), sources),
        limits=_limits(top.table("limits"), sources),
        cautions=tuple(_sourced(each, sources) for each in top.tables("cautions", least=1)),
        variants=_variants(top),
        sections=tuple(_section(each, sources) for each in top.tables("sections")),
        norms=tuple(_norm(each, sources) for each in top.tables("norms")),
        file=file,
    )


def citations(top: Table) -> dict[str, str]:
    """Short key -> citation: what the rest of the file means by `source`."""
    table = top.table("sources")
    return {key: table.text(key) for key in table.keys()}


def cited(table: Table, sources: Mapping[str, str]) -> tuple[str, ...]:
    """The citations that the table's `source` names; without one, a number is only a claim."""
    keys = table.texts("source", least=1)
    for key in keys:
        if key not in sources:
            table.fail("source", f"{key!r} is not among [sources]; add it there, with where to find it")
    return tuple(sources[key] for key in keys)


def amount(table: Table, sources: Mapping[str, str]) -> Amount:
    lower, upper = ("value", "value") if "value" in table else ("least", "most")
    table.only({lower, upper, "when", "source"})
    least, most = table.number(lower), table.number(upper)
    if least > most:
        table.fail("least", f"expected at most {most:g}, which is 'most', found {least:g}")
    return Amount(least, most, cited(table, sources), table.text("when", ""))


def _dose(table: Table, sources: Mapping[str, str]) -> dict[str, Amount]:
    table.only(DOSE)
    return {key: amount(table.table(key), sources) for key in DOSE if key in table}


def _limits(table: Table, sources: Mapping[str, str]) -> dict[str, Limit]:
    table.only(LIMITS)
    return {key: _limit(table.table(key), sources) for key in LIMITS if key in table}


def _limit(table: Table, sources: Mapping[str, str]) -> Limit:
    table.only(("value", "means", "source"))
    return Limit(table.number("value"), table.text("means"), cited(table, sources))


def _sourced(table: Table, sources: Mapping[str, str]) -> Sourced:
    table.only(("text", "source"))
    return Sourced(table.text("text"), cited(table, sources))


def _section(table: Table, sources: Mapping[str, str]) -> Section:
    table.only(("title", "lines"))
    lines = tuple(_sourced(each, sources) for each in table.tables("lines", least=1))
    return Section(table.text("title"), lines)


def _norm(table: Table, sources: Mapping[str, str]) -> Norm:
    table.only(("measure", "what", "value", "unit", "source"))
    measure, what, unit = table.text("measure", ""), table.text("what"), table.text("unit", "")
    return Norm(measure, what, table.number("value"), unit, cited(table, sources))


def _variants(top: Table) -> tuple[Variant, ...]:
    variants = tuple(_variant(each) for each in top.tables("variants"))
    for n, variant in enumerate(variants):
        if variant.name in {each.name for each in variants[:n]}:
            top.tables("variants")[n].fail("name", f"expected a name of its own, {variant.name!r} is taken")
    return variants


def _variant(table: Table) -> Variant:
    table.only(("name", "title", "posture", "knee", "steps"))
    return Variant(
        name=table.text("name"),
        title=table.text("title"),
        posture=cast(Posture, table.choice("posture", get_args(Posture))),
        knee=cast(Knee, table.choice("knee", get_args(Knee), "any")),
        steps=table.texts("steps", least=1),
    )

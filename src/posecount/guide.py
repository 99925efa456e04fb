"""An exercise, or a programme, as a page of plain text."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from posecount import exercises, programmes
from posecount.errors import PosecountError
from posecount.exercises import Amount, Exercise, Norm, Variant
from posecount.programmes import Programme, Step
from posecount.words import Words

WIDTH = 78  # an 80-column terminal, with a margin


def guide(exercise: Exercise, language: str = "en") -> str:
    """How to do it, how much, what is judged and when not to; [1] points to the sources at the end."""
    return "\n".join(_lines(exercise, Words(language)))


def of(name: str, folder: Path | None = None, language: str = "en") -> str:
    """The pages of the exercise and of the programme of that name."""
    pages = []
    if name in exercises.names(folder):
        pages.append(guide(exercises.exercise(name, folder, language), language))
    if name in programmes.names(folder):
        pages.append(programme_guide(programmes.programme(name, folder, language), language))
    if not pages:
        known = sorted({*exercises.names(folder), *programmes.names(folder)})
        raise PosecountError(f"no exercise and no programme is called {name!r}; there are {', '.join(known)}")
    return "\n\n\n".join(pages)


def programme_guide(programme: Programme, language: str = "en") -> str:
    """What is done, in order."""
    return "\n".join(_programme_lines(programme, Words(language)))


def _programme_lines(programme: Programme, say: Words) -> Iterator[str]:
    cite = Citations()
    yield from (programme.title, "=" * len(programme.title))
    yield from textwrap.wrap(programme.summary, WIDTH)
    if programme.times_a_day:
        often = programme.times_a_day
        yield from _part(say("guide.dose"), [cite(dose_text("times_a_day", often, say), often.source)])
    steps = (cite(step_text(step, say), step.source) for step in programme.steps)
    yield from _part(say("guide.steps"), steps, numbered=True)
    yield from ("", say("guide.always"))
    yield from ("", say("guide.sources"))
    for number, source in cite.numbered():
        yield from _item(f"[{number}]", source)


def step_text(step: Step, say: Words) -> str:
    """Which exercise, which way, and how much of it."""
    leg = say(f"leg.{step.side}-{step.knee}")
    amount, hold = say.number(step.amount), say.number(step.hold_s)
    much = say(f"run.{'held-reps' if step.hold_s else step.unit}", leg=leg, amount=amount, hold=hold)
    sets = f" {say('dose.sets')}: {step.sets}." if step.sets > 1 else ""
    rest = " " + say("run.rest", seconds=say.number(step.rest_s)) if step.rest_s else ""
    return f"{step.title}, {step.way}. {much}{sets}{rest}"


def _lines(exercise: Exercise, say: Words) -> Iterator[str]:
    cite = Citations()
    yield from (exercise.title, "=" * len(exercise.title))
    yield from textwrap.wrap(exercise.summary, WIDTH)
    if exercise.replaces:
        yield from textwrap.wrap(say("guide.replaces", file=exercise.file), WIDTH)
    yield from _part(say("guide.how"), exercise.steps, numbered=True)
    doses = exercise.dose.items()
    yield from _part(say("guide.dose"), (cite(dose_text(key, each, say), each.source) for key, each in doses))
    yield from _ways(exercise.variants, say)
    yield from _part(say("guide.camera"), exercise.camera)
    yield from _part(say("guide.judged"), exercise.judged)
    limits = exercise.limits.values()
    yield from _part(say("guide.pointed_out"), (cite(each.means, each.source) for each in limits))
    yield from _part(say("guide.norms"), (cite(norm_text(each, say), each.source) for each in exercise.norms))
    for section in exercise.sections:
        yield from _part(section.title, (cite(line.text, line.source) for line in section.lines))
    yield from _part(say("guide.cautions"), (cite(each.text, each.source) for each in exercise.cautions))
    yield from ("", say("guide.always"))
    yield from ("", say("guide.sources"))
    for number, source in cite.numbered():
        yield from _item(f"[{number}]", source)


class Citations:
    """Numbers the sources in the order in which the page needs them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, text: str, sources: Iterable[str]) -> str:
        return f"{text} " + "".join(f"[{number}]" for number in self.numbers(sources))

    def numbers(self, sources: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(map(self._number, sources)))

    def numbered(self) -> list[tuple[int, str]]:
        return [(number, source) for source, number in self._numbers.items()]

    def _number(self, source: str) -> int:
        return self._numbers.setdefault(source, len(self._numbers) + 1)


def _part(title: str, items: Iterable[str], numbered: bool = False) -> Iterator[str]:
    for n, item in enumerate(items, 1):
        if n == 1:
            yield from ("", title)
        yield from _item(f"{n}." if numbered else "-", item)


def _ways(variants: Iterable[Variant], say: Words) -> Iterator[str]:
    for n, variant in enumerate(variants, 1):
        if n == 1:
            yield from ("", say("guide.ways"))
        yield from _item("-", f"{variant.title} ({variant.name})")
        for step in variant.steps:
            yield from _item(" ", step)


def _item(mark: str, text: str) -> list[str]:
    first = f"  {mark} "
    rest = " " * len(first)
    # A source's address stays whole, hyphens and all.
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def dose_text(key: str, amount: Amount, say: Words) -> str:
    """One line of a dose: `key` is its field."""
    least, most = say.number(amount.least), say.number(amount.most)
    much = least if least == most else say("dose.range", least=least, most=most)
    return f"{say(f'dose.{key}')}: {much}" + (f", {amount.when}" if amount.when else "")


def norm_text(norm: Norm, say: Words) -> str:
    """One line of what others reach."""
    return f"{norm.what}: {say.number(norm.value)} {norm.unit}".rstrip()

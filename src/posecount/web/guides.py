"""An exercise and its programmes as pages show them: texts with the numbers of their sources, and figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from posecount.exercises import DATA, Exercise
from posecount.guide import Citations, dose_text, norm_text
from posecount.programmes import Programme, Step
from posecount.words import Words

FIGURES = DATA / "figures"
# An exercise without ways of its own is shown by what it consists of.
BORROWED = {"loosen": "calf-stretch.wall-straight"}


@dataclass(frozen=True, slots=True)
class Line:
    """A text, and which sources of the page say so."""

    text: str
    sources: tuple[int, ...]


def figure(exercise: str, variant: str) -> Markup:
    """Our own drawing, to be put into the page for its colours to apply; '' where there is none."""
    file = FIGURES / f"{exercise}.{variant}.svg"
    return Markup(file.read_text(encoding="utf-8") if file.is_file() else "")


def first_figure(exercise: Exercise) -> Markup:
    name, _, variant = BORROWED.get(exercise.name, "").partition(".")
    if exercise.variants:
        name, variant = exercise.name, exercise.variants[0].name
    return figure(name, variant)


def guide(exercise: Exercise, say: Words) -> dict[str, Any]:
    """What the page of one exercise needs."""
    cite = Citations()

    def line(text: str, sources: Iterable[str]) -> Line:
        return Line(text, cite.numbers(sources))

    return {
        "exercise": exercise,
        "cautions": [line(each.text, each.source) for each in exercise.cautions],
        "figure": first_figure(exercise),
        "ways": [(each, figure(exercise.name, each.name)) for each in exercise.variants],
        "dose": [line(dose_text(key, each, say), each.source) for key, each in exercise.dose.items()],
        "limits": [line(each.means, each.source) for each in exercise.limits.values()],
        "norms": [line(norm_text(each, say), each.source) for each in exercise.norms],
        "sections": [
            (section.title, [line(each.text, each.source) for each in section.lines])
            for section in exercise.sections
        ],
        "sources": cite.numbered(),
    }


def overview(programme: Programme, say: Words) -> dict[str, Any]:
    """A programme in its steps."""
    return {
        "name": programme.name,
        "title": programme.title,
        "summary": programme.summary,
        "often": dose_text("times_a_day", programme.times_a_day, say) if programme.times_a_day else "",
        "steps": [(step.exercise, step.title, step.way, _step(step, say)) for step in programme.steps],
    }


def _step(step: Step, say: Words) -> str:
    places: dict[str, object] = {
        "leg": say(f"leg.{step.side}-{step.knee}"),
        "amount": say.number(step.amount),
        "hold": say.number(step.hold_s),
    }
    text = say(f"run.{'held-reps' if step.hold_s else step.unit}", **places)
    if step.sets > 1:
        text += f" {say('dose.sets')}: {step.sets}."
    return text

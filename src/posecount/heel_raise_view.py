"""What a person reads of a heel-raise test: the figures beside the published ones, and the curve."""

from collections.abc import Iterator
from math import isfinite

from posecount.exercises import Exercise
from posecount.heel_raise_test import HeelRaiseResult
from posecount.words import Words

BARS = "▁▂▃▄▅▆▇█"


def lines(result: HeelRaiseResult, exercise: Exercise, say: Words) -> Iterator[tuple[str, str, str]]:
    """What, how much, and what others reached; one line each, after the headline."""
    cm = result.unit == "cm"
    yield say("test.reps"), say.number(result.reps), _others(exercise, "reps", say)
    yield say("test.peak"), _rise(result.peak, cm, say), _others(exercise, "peak", say) if cm else ""
    yield say("test.heel"), _rise(result.heel_peak, cm, say), ""
    yield say("test.total"), _rise(result.total, cm, say), _others(exercise, "total", say) if cm else ""
    yield say("test.mean_share"), _percent(result.mean_share, say), _others(exercise, "mean_share", say)
    yield say("test.kept"), _percent(result.kept, say), ""


def headline(result: HeelRaiseResult, exercise: Exercise, say: Words) -> str:
    return say(
        "test.headline", name=exercise.title, leg=say(f"test.leg_{result.leg}"), reps=say.number(result.reps)
    )


def ending(result: HeelRaiseResult, say: Words) -> str:
    return say(f"test.ended_{result.ended}")


def curve(result: HeelRaiseResult) -> str:
    """A bar a raise, the highest is full; a gap where the body was not seen."""
    seen = [rise for rise in result.rises if isfinite(rise)]
    most = max(seen, default=1.0)
    return "".join(_bar(rise / most) if isfinite(rise) else " " for rise in result.rises)


def _bar(share: float) -> str:
    return BARS[max(0, min(len(BARS) - 1, round(share * len(BARS)) - 1))]


def _rise(value: float, cm: bool, say: Words) -> str:
    if not isfinite(value):
        return "-"
    return (
        f"{say.number(round(value, 1))} cm"
        if cm
        else say("test.of_height", value=say.number(round(value, 1)))
    )


def _percent(share: float, say: Words) -> str:
    return f"{round(100 * share)} %" if isfinite(share) else "-"


def _others(exercise: Exercise, measure: str, say: Words) -> str:
    """The published medians: of the dominant leg and of the other one."""
    norms = [norm for norm in exercise.norms if norm.measure == measure]
    if not norms:
        return ""
    ends = sorted({norm.value for norm in norms})
    value = "-".join(say.number(end) for end in (ends[0], ends[-1])) if len(ends) > 1 else say.number(ends[0])
    return say("test.others", value=f"{value} {norms[0].unit}".rstrip())

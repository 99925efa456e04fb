"""The measures of the accuracy table: what each is, what is aimed at, and how it is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.intervals import bootstrap, wilson
from benchmarks.scoring import AngleError, Score

Scores = Sequence[Score]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was found, in words, and the interval that the truth lies in with 95 %."""

    found: str
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """`of` tells it for some clips: None where it means nothing."""

    name: str
    aim: str
    of: Callable[[Scores], Figure | None]


def share(successes: Sequence[bool]) -> Figure | None:
    """How many of how many."""
    if not successes:
        return None
    part, whole = sum(successes), len(successes)
    low, high = wilson(part, whole)
    return Figure(f"{part}/{whole} = {_percent(part / whole)}", f"{_percent(low)} to {_percent(high)}")


def _percent(part: float) -> str:
    return f"{100 * part:.1f}".removesuffix(".0") + " %"


def mean(values: Sequence[float], unit: str = "", digits: int = 2) -> Figure | None:
    """A mean of clips, or of holds."""
    if not values:
        return None
    low, high = bootstrap(values)
    return Figure(f"{np.mean(values):.{digits}f}{unit}", f"{low:.{digits}f} to {high:.{digits}f}{unit}")


def misses(scores: Scores) -> list[int]:
    """By how much each clip's headline count is wrong."""
    return [abs(got - true) for got, true in (score.count for score in scores)]


def _normalised(scores: Scores) -> list[float]:
    return [miss / max(score.count[1], 1) for miss, score in zip(misses(scores), scores, strict=True)]


def _rep_pairs(scores: Scores) -> list[tuple[Any, Any]]:
    return [pair for score in scores for pair in score.reps]


def _hold_pairs(scores: Scores) -> list[tuple[Any, Any]]:
    return [pair for score in scores for pair in score.holds]


def _both(pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [(found, true) for found, true in pairs if found and true]


def _false(pairs: list[tuple[Any, Any]]) -> Figure:
    return Figure(str(sum(true is None for _, true in pairs)))


def _labels(pairs: list[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """(found, true) qualities of every rep, '' where it has no partner."""
    return [(found.quality if found else "", true.quality if true else "") for found, true in pairs]


def _precision(quality: str) -> Callable[[Scores], Figure | None]:
    return lambda scores: share([t == quality for f, t in _labels(_rep_pairs(scores)) if f == quality])


def _recall(quality: str) -> Callable[[Scores], Figure | None]:
    return lambda scores: share([f == quality for f, t in _labels(_rep_pairs(scores)) if t == quality])


def _angles(scores: Scores) -> list[AngleError]:
    return [score.angle for score in scores if score.angle]


def _shifted(scores: Scores) -> Figure | None:
    return mean([angle.shifted_deg for angle in _angles(scores)], " deg")


def _absolute(scores: Scores) -> Figure | None:
    return mean([angle.absolute_deg for angle in _angles(scores)], " deg")


def _ratio(scores: Scores) -> Figure | None:
    return mean([angle.range_ratio for angle in _angles(scores)])


def _ratio_error(scores: Scores) -> Figure | None:
    return mean([100 * abs(angle.range_ratio - 1) for angle in _angles(scores)], " %", 1)


def _seconds(scores: Scores) -> list[float]:
    return [abs(f.duration_s - (t.end_s - t.start_s)) for f, t in _both(_hold_pairs(scores))]


def _longest(scores: Scores) -> Figure | None:
    return Figure(f"{max(_seconds(scores)):.2f} s") if _seconds(scores) else None


def _right(name: str, pairs: Callable[[Scores], list[tuple[Any, Any]]]) -> Callable[[Scores], Figure | None]:
    return lambda scores: share([getattr(f, name) == getattr(t, name) for f, t in _both(pairs(scores))])


MEASURES = (
    Measure("count exact", ">= 97 %", lambda s: share([miss == 0 for miss in misses(s)])),
    Measure("count within one", "100 %", lambda s: share([miss <= 1 for miss in misses(s)])),
    Measure("count error, of the true count", "<= 0.02", lambda s: mean(_normalised(s), digits=3)),
    Measure("count error, reps a clip", "", lambda s: mean(misses(s))),
    Measure("reps found", "", lambda s: share([bool(f) for f, t in _rep_pairs(s) if t])),
    Measure("false reps", "0", lambda s: _false(_rep_pairs(s))),
    Measure("false holds", "0", lambda s: _false(_hold_pairs(s))),
    Measure("quality right", ">= 95 %", _right("quality", _rep_pairs)),
    *(
        measure
        for quality in ("smooth", "jerky", "partial")
        for measure in (
            Measure(f"{quality}: precision", "", _precision(quality)),
            Measure(f"{quality}: recall", "", _recall(quality)),
        )
    ),
    Measure("side right", ">= 97 %", _right("side", _rep_pairs)),
    Measure("holds found", "100 %", lambda s: share([bool(f) for f, t in _hold_pairs(s) if t])),
    Measure("hold duration, error", "<= 0.4 s", lambda s: mean(_seconds(s), " s")),
    Measure("hold duration, largest error", "<= 0.4 s", _longest),
    Measure("steady or bouncing right", ">= 97 %", _right("quality", _hold_pairs)),
    Measure("muscle right", "100 %", _right("muscle", _hold_pairs)),
    Measure("angle error after the offset", "<= 1.5 deg", _shifted),
    Measure("angle error as calibrated", "<= 3 deg", _absolute),
    Measure("range over true range", "0.94 to 1.06", _ratio),
    Measure("range error", "", _ratio_error),
)

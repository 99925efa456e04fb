"""What one report shows, as plain values: for the template, and for the script in the page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any, get_args

from posecount import heel_raise_view
from posecount.analysis import Analysis, plain
from posecount.errors import PosecountError
from posecount.exercises import Exercise, exercise
from posecount.heel_raise_test import HeelRaiseResult
from posecount.report.findings import ankle, evenness, findings, limits, ranges, seen
from posecount.report.sketch import sketch
from posecount.rhythm import REST_FACTOR
from posecount.trends import MDC_DEG
from posecount.types import HoldQuality, RepQuality, Side, Summary
from posecount.words import Words

SCRIPT_WORDS = ("cadence",)
KINDS = (*get_args(RepQuality), *get_args(HoldQuality))
LONG_S = 120.0
BEFORE_S = 2.0  # a cue comes after what it is about
SIDES: tuple[Side, ...] = ("both", "left", "right")


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure to be seen first, and what it is."""

    figure: str
    words: str
    small: str = ""


def page(analysis: Analysis, say: Words) -> dict[str, Any]:
    """Everything the template needs, but the names of files."""
    found = analysis.summary
    known = _known(found.exercise, say)
    return {
        "name": Path(analysis.video.path).name,
        "exercise": known.title if known else say("report.feet" if _of_feet(found) else "report.unknown"),
        "angles": any(seen(column) for column in (found.angles.left_ankle_deg, found.angles.right_ankle_deg)),
        "measured": not _of_feet(found),
        "analysis": analysis,
        "model": Path(analysis.model).name,
        "found": found,
        "tiles": tiles(found, say),
        "findings": findings(found, known, say, analysis.cues),
        "limits": limits(found, say),
        "before_s": BEFORE_S,
        "kinds": _kinds(found),
        "clock": lambda time_s: clock(time_s, found.seconds, say),
        "sketch": sketch(found, say("report.plot_spoken")),
        "data": data(analysis, say),
        "test": test(analysis.test, known, say) if analysis.test and known else None,
        "mdc": say.number(MDC_DEG),
    }


def _of_feet(found: Summary) -> bool:
    """Whether all that was counted is feet alone, of which neither side nor range is known."""
    return bool(found.reps) and all(rep.by_movement for rep in found.reps)


def tiles(found: Summary, say: Words) -> list[Tile]:
    """The headline figures; what was not found has none."""
    told = []
    smooth = sum(rep.quality == "smooth" for rep in found.reps)
    if found.reps or not found.holds:
        small = say("report.tile_of", number=len(found.reps)) if smooth < len(found.reps) else ""
        told.append(Tile(str(smooth), say("report.tile_smooth"), small))
    if found.holds:
        steady_s = sum(hold.duration_s for hold in found.holds if hold.quality == "steady")
        all_s = sum(hold.duration_s for hold in found.holds)
        small = say("report.tile_of", number=f"{all_s:.0f} s") if steady_s < all_s else ""
        told.append(Tile(f"{steady_s:.0f} s", say("report.tile_held"), small))
    for side in SIDES:
        if degrees := ranges(found.reps, side):
            told.append(Tile(f"{fmean(degrees):.0f}°", say("report.tile_range"), ankle(side, say)))
    angles = [hold.angle_deg for hold in found.holds if math.isfinite(hold.angle_deg)]
    if angles:
        told.append(Tile(f"{fmean(angles):.0f}°", say("report.tile_angle")))
    if math.isfinite(found.rhythm.cadence_per_min):
        word = say(f"report.{evenness(found.rhythm.steadiness)}")
        told.append(Tile(f"{found.rhythm.cadence_per_min:.0f}", say("report.tile_cadence"), word))
    return told


def test(result: HeelRaiseResult, exercise: Exercise, say: Words) -> dict[str, Any]:
    """The heel-raise test, beside what others reached."""
    return {
        "headline": heel_raise_view.headline(result, exercise, say),
        "ending": heel_raise_view.ending(result, say),
        "rows": heel_raise_view.lines(result, exercise, say),
    }


def data(analysis: Analysis, say: Words) -> dict[str, Any]:
    """What the script draws: times in seconds, angles in tenths of a degree, None where not measured."""
    found = analysis.summary
    reps = [
        {"start": rep.start_s, "end": rep.end_s, "kind": rep.quality, "label": str(number)}
        for number, rep in enumerate(found.reps, 1)
    ]
    holds = [
        {"start": hold.start_s, "end": hold.end_s, "kind": hold.quality, "label": f"{hold.duration_s:.0f} s"}
        for hold in found.holds
    ]
    times, rates = cadence([rep.peak_s for rep in found.reps])
    return {
        "time": plain(found.angles.time_s, "s"),
        "left": _tenths(found.angles.left_ankle_deg.tolist()),
        "right": _tenths(found.angles.right_ankle_deg.tolist()),
        "reps": plain(reps, "s"),
        "holds": plain(holds, "s"),
        "cadence": {"time": plain(times, "s"), "rate": plain(rates, "deg")},
        "frame": 1 / analysis.video.fps,
        "words": {key: say(f"report.{key}") for key in SCRIPT_WORDS},
    }


def cadence(peaks: Sequence[float]) -> tuple[list[float], list[float | None]]:
    """At each repetition after the first, how many a minute it makes; None after a rest."""
    gaps = [after - before for before, after in pairwise(peaks)]
    usual = median(gaps) if gaps else 0.0
    return list(peaks[1:]), [60 / gap if 0 < gap <= REST_FACTOR * usual else None for gap in gaps]


def _kinds(found: Summary) -> list[str]:
    """The qualities that occur, for the key of the plot."""
    seen = {rep.quality for rep in found.reps} | {hold.quality for hold in found.holds}
    return [kind for kind in KINDS if kind in seen]


def clock(time_s: float, seconds: float, say: Words) -> str:
    """A moment of a video of so many `seconds`: long ones count in minutes."""
    if seconds < LONG_S:
        return f"{time_s:.1f} s".replace(".", say("language.decimal_point"))
    minutes, rest_s = divmod(round(time_s, 1), 60)
    return f"{minutes:.0f}:{rest_s:04.1f}".replace(".", say("language.decimal_point"))


def _tenths(column: Sequence[float]) -> list[float | None]:
    return [round(each, 1) + 0.0 if math.isfinite(each) else None for each in column]


def _known(name: str, say: Words) -> Exercise | None:
    try:
        return exercise(name, language=say.language)
    except PosecountError:
        return None  # nothing was recognised

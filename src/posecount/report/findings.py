"""What a summary says in plain words: what went well, what to do better, and what could not be measured."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecount.exercises import Exercise
from posecount.feedback import Cue, shortest_s
from posecount.types import LEGS, MOSTLY, Hold, Notice, Rep, Rhythm, Side, Summary
from posecount.words import Words

# Shares of an even beat; below the last it is uneven.
EVENNESS = ((0.9, "very_even"), (0.75, "even"), (0.5, "somewhat_uneven"))
THIRD = 3
MOST_NUMBERS = 8  # the table has the others
LEAST_REPS = 6  # before the last third is compared with the first: two of each


# What the coach sees while it happens: its cue, and the limit whose meaning says it in full.
SEEN = {
    "knee-bend": "knee_bend_deg",
    "lean": "lean_deg",
    "heels-down": "short_of_rest_share",
    "pace": "pace_share",
    "left-less": "side_range_share",
    "right-less": "side_range_share",
    "uneven": "side_time_share",
    "knee-bent": "knee_straight_deg",
    "knee-straight": "knee_bent_deg",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence; `advice` is what the coach would say to it, `times_s` when."""

    kind: Literal["good", "better", "fact"]
    text: str
    advice: str = ""
    times_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that could not be measured, from `start_s` to `end_s` where it has a time."""

    text: str
    start_s: float = math.nan
    end_s: float = math.nan


def findings(
    found: Summary, exercise: Exercise | None, say: Words, cues: Sequence[Cue] = ()
) -> list[Finding]:
    """`exercise` brings the limits that the coach goes by; without one, only what was seen is told."""
    told = [*_reps(found.reps, say), *_fading(found.reps, exercise, say)]
    told += _tempo(found.rhythm, exercise, say)
    told += [each for hold in found.holds for each in _hold(hold, exercise, say)]
    if exercise:
        told += _told(cues, exercise, say)
    return told or [Finding("fact", say("report.nothing_found"))]


def limits(found: Summary, say: Words) -> list[Limit]:
    """Warnings first, then every figure that is missing."""
    told = [Limit(_words(notice, say), notice.start_s, notice.end_s) for notice in found.warnings]
    if found.partly_usable:
        told.append(Limit(say("report.usable", percent=percent(found.usable_fraction))))
    if found.framing != "feet":  # of which no angle is to be had, as the warnings say
        told += [Limit(text) for text in _legs(found, say)]
    told += [Limit(text) for text in _missing(found, say)]
    return told


def _words(notice: Notice, say: Words) -> str:
    key = f"notice.{notice.code}"
    return say(key) if key in say else notice.message


def percent(share: float) -> int:
    """Rounded down: 100 % is everything."""
    return math.floor(100 * share + 1e-9)


def evenness(steadiness: float) -> str:
    """The key of its word."""
    return next((word for least, word in EVENNESS if steadiness >= least), "uneven")


def numbered(numbers: Sequence[int]) -> str:
    """[1, 2, 3, 7] as '1-3, 7'."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [f"{run[0]}" if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}" for run in runs]
    return ", ".join(
        texts if len(texts) <= MOST_NUMBERS else [*texts[:MOST_NUMBERS], "\N{HORIZONTAL ELLIPSIS}"]
    )


def _reps(reps: Sequence[Rep], say: Words) -> Iterator[Finding]:
    if not reps:
        return
    smooth = sum(rep.quality == "smooth" for rep in reps)
    if smooth == len(reps):
        yield Finding("good", say("report.all_smooth", reps=smooth))
    else:
        yield Finding("fact", say("report.some_smooth", smooth=smooth, reps=len(reps)))
    for quality, cue in (("jerky", "cue.bounce"), ("partial", "cue.half-reps")):
        which = [number for number, rep in enumerate(reps, 1) if rep.quality == quality]
        if which:
            places = {"count": len(which), "reps": len(reps), "numbers": numbered(which)}
            yield Finding("better", say(f"report.some_{quality}", **places), say(cue))
    sides: tuple[Side, ...] = ("both", *LEGS)
    for side in sides:
        yield from _range(side, ranges(reps, side), say)


def ranges(reps: Sequence[Rep], side: Side) -> list[float]:
    """Degrees of the whole movements of that side that could be measured."""
    mine = (rep.range_deg for rep in reps if rep.side == side and rep.quality != "partial")
    return [degrees for degrees in mine if math.isfinite(degrees)]


def _range(side: Side, degrees: Sequence[float], say: Words) -> Iterator[Finding]:
    if degrees:
        mean, least, most = (round(each) for each in (fmean(degrees), min(degrees), max(degrees)))
        text = say("report.range", side=ankle(side, say), mean=mean, least=least, most=most)
        yield Finding("fact", text)


def ankle(side: Side, say: Words) -> str:
    """What moved, in words."""
    return say("report.both_ankles" if side == "both" else f"report.{side}_ankle")


def _fading(reps: Sequence[Rep], exercise: Exercise | None, say: Words) -> Iterator[Finding]:
    limit = exercise.limits.get("fatigue_share") if exercise else None
    degrees = [rep.range_deg for rep in reps if math.isfinite(rep.range_deg)]
    if not limit or len(degrees) < LEAST_REPS:
        return
    third = len(degrees) // THIRD
    first, last = fmean(degrees[:third]), fmean(degrees[-third:])
    if last < limit.value * first:
        text = say("report.fading", first=round(first), last=round(last))
        yield Finding("better", text, say("cue.fatigue"))


def _tempo(rhythm: Rhythm, exercise: Exercise | None, say: Words) -> Iterator[Finding]:
    if not math.isfinite(rhythm.cadence_per_min):
        return
    word = evenness(rhythm.steadiness)
    places = {"cadence": round(rhythm.cadence_per_min), "evenness": say(f"report.{word}")}
    kind: Literal["good", "fact"] = "good" if word in ("very_even", "even") else "fact"
    yield Finding(kind, say("report.tempo", **places))
    limit = exercise.limits.get("cadence_drift_share") if exercise else None
    drift = rhythm.drift_per_min
    if limit and abs(drift) > limit.value * rhythm.cadence_per_min:
        change = "faster" if drift > 0 else "slower"
        text = say(f"report.getting_{change}", change=round(abs(drift)))
        yield Finding("better", text, say(f"cue.{change}"))


def _hold(hold: Hold, exercise: Exercise | None, say: Words) -> Iterator[Finding]:
    side, steady = say(f"report.{hold.side}"), hold.quality == "steady"
    places = {"seconds": round(hold.duration_s), "quality": say(f"report.{hold.quality}")}
    text = say("report.held", side=side, muscle=say(f"report.{hold.muscle}"), **places)
    yield Finding("good" if steady else "fact", text)
    if not steady:
        text = say("report.bounces", side=side, count=hold.bounces)
        yield Finding("better", text, say("cue.hold-bounce"))
    needed_s = shortest_s(exercise) if exercise else 0.0
    if exercise and hold.duration_s < needed_s:
        breaths = say.number(exercise.dose["breaths"].least)
        text = say("report.short", seconds=places["seconds"], breaths=breaths, needed=round(needed_s))
        yield Finding("better", text, say("cue.released"))


def _told(cues: Sequence[Cue], exercise: Exercise, say: Words) -> Iterator[Finding]:
    """What only the coach has seen; the rest is in the figures."""
    for code, limit in SEEN.items():
        times_s = tuple(cue.time_s for cue in cues if cue.code == code)
        if times_s and limit in exercise.limits:
            yield Finding("better", exercise.limits[limit].means, say(f"cue.{code}"), times_s)


def _legs(found: Summary, say: Words) -> Iterator[str]:
    columns = {"left": found.angles.left_ankle_deg, "right": found.angles.right_ankle_deg}
    for leg in LEGS:
        share = seen(columns[leg])
        if share < MOSTLY:
            yield say("report.leg_seen", side=ankle(leg, say), percent=percent(share))


def seen(column: NDArray[np.float64]) -> float:
    """The share of frames that have a value."""
    return float(np.isfinite(column).mean()) if len(column) else 0.0


def _missing(found: Summary, say: Words) -> Iterator[str]:
    numbered_reps = list(enumerate(found.reps, 1))
    moved = [number for number, rep in numbered_reps if rep.by_movement]
    reps = [(number, rep) for number, rep in numbered_reps if not rep.by_movement]
    for key, which in (
        ("report.by_movement", moved),
        ("report.no_range", [number for number, rep in reps if math.isnan(rep.range_deg)]),
        ("report.rough", [number for number, rep in reps if math.isnan(rep.sparc)]),
    ):
        if which:
            yield say(key, numbers=numbered(which))
    unmeasured = [f"{hold.start_s:.0f}" for hold in found.holds if math.isnan(hold.angle_deg)]
    if unmeasured:
        yield say("report.no_range_hold", numbers=", ".join(unmeasured))

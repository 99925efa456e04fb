"""What a person reads in a terminal: an analysis, the checks, the list of exercises."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from posecount.types import Hold, Notice, Rep, Rhythm, Summary
from posecount.words import Words

if TYPE_CHECKING:  # the doctor must speak even where the video library is broken
    from posecount.analysis import Analysis
    from posecount.doctor import Check
    from posecount.exercises import Exercise
    from posecount.heel_raise_test import HeelRaiseResult
    from posecount.programmes import Programme

# Shares of an even beat, in words; below the last it is uneven.
STEADINESS = ((0.9, "very even"), (0.75, "even"), (0.5, "somewhat uneven"))


MARKS = {"ok": Text("ok", "green"), "warn": Text("note", "yellow"), "fail": Text("fails", "bold red")}


def show(what: RenderableType) -> None:
    """On standard output."""
    Console(highlight=False).print(what)


def summary(analysis: "Analysis", written: Sequence[Path] = ()) -> RenderableType:
    """Headline, reps, tempo, holds, warnings, and the files written; what was not found takes no room."""
    found = analysis.summary
    parts: list[RenderableType] = [_title(analysis), _headline(found)]
    if found.reps:
        parts += [_reps(found.reps), _rhythm(found.rhythm)]
    if analysis.test:
        parts.append(_test(analysis.test))
    if found.holds:
        parts.append(_holds(found.holds))
    parts += [_warning(notice) for notice in found.warnings]
    parts += [wrote(path) for path in written]
    return Group(*(Padding(part, (0, 0, 0, 2 if n else 0), expand=False) for n, part in enumerate(parts)))


def wrote(path: Path) -> Text:
    """A file that is there now."""
    return Text(f"wrote {path}", style="dim")


def doctor(checks: Sequence["Check"]) -> RenderableType:
    """A line a check, and below it what to do."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        detail = Text(check.detail)
        if check.remedy:
            detail.append(f"\n-> {check.remedy}", style="bold")
        table.add_row(MARKS[check.status], check.name, detail)
    return table


def exercises(
    known: Sequence["Exercise"], programmes: Sequence["Programme"], language: str = "en"
) -> RenderableType:
    """A line an exercise, then a line a programme."""
    say = Words(language)
    lists: list[RenderableType] = []
    for title, listed in ((say("guide.exercises"), known), (say("guide.programmes"), programmes)):
        table = Table(box=None, show_header=False, pad_edge=False)
        for each in listed:
            table.add_row(Text(each.name, "bold"), Text(each.summary))
        lists += [Text(title), Padding(table, (0, 0, 1, 2))]
    return Group(*lists, Text(say("guide.whole"), style="dim"))


def _title(analysis: "Analysis") -> Text:
    found = analysis.summary
    line = Text(analysis.video.path, style="bold")
    line.append(f"  {found.seconds:.1f} s", style="not bold dim")
    if found.partly_usable:
        line.append(f", {found.usable_fraction:.0%} of it usable", style="not bold yellow")
    return line


def _headline(found: Summary) -> Text:
    said = [*_said(found.reps), *([_many(len(found.holds), "hold")] if found.holds else [])]
    name = "" if found.exercise == "auto" else f"{found.exercise}: "
    return Text(f"{name}{', '.join(said) or 'no reps and no holds'}", "bold green" if said else "bold yellow")


def _said(reps: Sequence[Rep]) -> list[str]:
    smooth = sum(rep.quality == "smooth" for rep in reps)
    if smooth == len(reps):
        return [_many(smooth, "smooth rep")] if reps else []
    return [f"{smooth} smooth of {_many(len(reps), 'rep')}"]


def _test(result: "HeelRaiseResult") -> RenderableType:
    from posecount.exercises import exercise
    from posecount.heel_raise_test import NAME
    from posecount.heel_raise_view import curve, ending, headline, lines

    test, say = exercise(NAME), Words()
    table = Table(box=None, show_header=False, pad_edge=False)
    for what, much, others in lines(result, test, say):
        table.add_row(Text(what), Text(much), Text(others, "dim"))
    rises = Text(f"{say('test.curve')}  {curve(result)}")
    end = Text(ending(result, say)).append("\n" + say("test.others_are"), "dim")
    if result.unit != "cm":
        end.append("\n" + say("test.give_height"), "dim")
    return Group(Text(headline(result, test, say), "bold"), table, rises, end)


def _reps(reps: Sequence[Rep]) -> Table:
    table = _table("side", "smooth", "jerky", "partial", "mean range", "range")
    for side in ("left", "right", "both", "feet"):
        mine = [rep for rep in reps if rep.whose == side]
        if mine:
            found = [rep.quality for rep in mine]
            tally = [str(found.count(quality)) for quality in ("smooth", "jerky", "partial")]
            table.add_row(side, *tally, *_range([rep.range_deg for rep in mine if rep.quality != "partial"]))
    return table


def _range(ranges: Sequence[float]) -> tuple[str, str]:
    seen = [each for each in ranges if math.isfinite(each)]
    if not seen:
        return "-", "-"
    return f"{sum(seen) / len(seen):.0f}°", f"{min(seen):.0f}-{max(seen):.0f}°"


def _rhythm(rhythm: Rhythm) -> Text:
    if not math.isfinite(rhythm.cadence_per_min):
        return Text("tempo: too few reps to tell", style="dim")
    line = Text(f"tempo: {rhythm.cadence_per_min:.0f} a minute")
    drifts = math.isfinite(rhythm.drift_per_min) and abs(rhythm.drift_per_min) >= 1
    if drifts:
        faster = "faster" if rhythm.drift_per_min > 0 else "slower"
        line.append(f", {abs(rhythm.drift_per_min):.0f} a minute {faster} at the end")
    if math.isfinite(rhythm.steadiness):
        word = next((word for least, word in STEADINESS if rhythm.steadiness >= least), "uneven")
        line.append(f", {'otherwise ' if drifts else ''}{word} (steadiness {rhythm.steadiness:.2f} of 1)")
    return line


def _holds(holds: Sequence[Hold]) -> Table:
    table = _table("hold", "from", "held", "muscle", "quality", "bounces", "ankle", "knee")
    for hold in holds:
        angles = [f"{deg:.0f}°" if math.isfinite(deg) else "-" for deg in (hold.angle_deg, hold.knee_deg)]
        times = f"{hold.start_s:.1f} s", f"{hold.duration_s:.1f} s"
        table.add_row(hold.side, *times, hold.muscle, hold.quality, str(hold.bounces), *angles)
    return table


def _warning(notice: Notice) -> Text:
    when = f" ({notice.start_s:.1f}-{notice.end_s:.1f} s)" if notice.end_s > notice.start_s else ""
    return Text("note: ", style="yellow").append(notice.message + when, style="default")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, justify="left" if name in ("side", "hold", "muscle", "quality") else "right")
    return table


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"

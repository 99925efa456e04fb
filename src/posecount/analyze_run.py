"""Videos one after the other, with a bar that tells how long it takes; a bad one does not stop the others."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import nan
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from posecount import export, table
from posecount.analysis import CUT_OFF, Analysis, analyze
from posecount.errors import PosecountError
from posecount.export import Outputs
from posecount.report import Entry
from posecount.report import write as write_report


def run(
    videos: Sequence[Path],
    plans: Sequence[Outputs],
    complain: Callable[[PosecountError], None],
    *,
    exercise: str,
    side: str,
    model: str,
    height_cm: float = nan,
    fps: float | None = None,
    workers: int | None = None,
    report: Path | None = None,
) -> int:
    """Analyze, write and show each, and write the report of all; how many could not be."""
    failed = 0
    entries: list[Entry] = []
    for path, outputs in zip(videos, plans, strict=True):
        try:
            with _progress(path) as on_progress:
                found = analyze(
                    path,
                    exercise=exercise,
                    side=side,
                    model=model,
                    height_cm=height_cm,
                    annotated=outputs.video,
                    poses=outputs.poses,
                    fps=fps,
                    workers=workers,
                    on_progress=on_progress,
                )
            export.write(found, outputs)
            if report and outputs.video:
                entries.append(Entry(found, outputs.video))
            if outputs.json != export.STDOUT:
                table.show(table.summary(found, outputs.files()))
            _demand_whole(found)
        except PosecountError as error:
            failed += 1
            complain(error)
    if report and entries:
        first = write_report(report, entries)
        if plans[0].json != export.STDOUT:
            table.show(table.wrote(first))
    return failed


def _demand_whole(found: Analysis) -> None:
    # What there is was counted and written, but nobody should take it for all.
    for notice in found.summary.warnings:
        if notice.code == CUT_OFF:
            raise PosecountError(notice.message)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.0f} frames/s" if speed else "", style="cyan")


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr while the block runs; nothing where nobody watches."""
    console = Console(stderr=True)
    name = TextColumn("{task.description}", markup=False)
    left = TimeRemainingColumn(), TextColumn("left")
    columns = name, BarColumn(), TextColumn("{task.percentage:>3.0f} %"), _Rate(), *left
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(path.name, total=None)
        yield lambda done, expected: bar.update(task, completed=done, total=expected)

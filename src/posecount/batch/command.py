"""posecount batch: what it asks, shows and says."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from posecount.analysis import check
from posecount.errors import PosecountError
from posecount.speed import cores


def command(
    sources: Sequence[str], out: str, scheduler: str | None, workers: int | None, settings: dict[str, str]
) -> None:
    """Raises PosecountError when it cannot begin, or the extra is not installed."""
    check(settings["exercise"], settings["side"], settings["model"])
    try:
        from posecount.batch.run import run
    except ImportError as error:
        raise PosecountError(f"{error.name} is missing: pip install 'posecount[batch]'") from None
    if scheduler and workers:
        raise PosecountError("--workers is for a cluster of its own; the one of --scheduler has its workers")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _progress() as on_progress:
        found = run(
            sources, out, settings, scheduler=scheduler, workers=workers or cores(), on_progress=on_progress
        )
    print(f"{found.videos} videos: {found.analyzed} analyzed, {found.known} known before, {found.bad} bad")
    print(f"wrote videos.parquet, reps.parquet and holds.parquet in {found.destination}")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    console = Console(stderr=True)
    left = TimeRemainingColumn(), TextColumn("left")
    columns = TextColumn("videos"), BarColumn(), MofNCompleteColumn(), *left
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("videos", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)

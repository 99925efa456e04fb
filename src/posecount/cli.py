"""The commands, nothing else. Each imports what it needs when it runs, so that --help is instant."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posecount import __version__
from posecount.errors import PosecountError

if TYPE_CHECKING:
    from posecount.export import Outputs

app = typer.Typer(
    help="A coach for calves and ankles: counts ankle pumps and heel raises, times calf stretches.",
    epilog="Everything happens on this machine; no picture leaves it.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # half the start-up time
)


@app.command()
def analyze(
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO...", help="Recorded videos.", show_default=False)],
    exercise: Annotated[str, typer.Option(help="ankle-pump, heel-raise, calf-stretch or auto.")] = "auto",
    side: Annotated[str, typer.Option(help="The legs to judge: left, right, both or auto.")] = "auto",
    model: Annotated[str, typer.Option(help="heavy (more exact), full (faster) or a .task file.")] = "heavy",
    json: Annotated[Path | None, typer.Option(help="Write all results; - for standard output.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write a row for each rep and hold.")] = None,
    video: Annotated[Path | None, typer.Option(help="Write the video with angle and count drawn in.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write all three for every video.")] = None,
) -> int:
    """Count the reps and time the holds in recorded videos."""
    from posecount import export

    plans = export.plan(videos, export.Outputs(json, csv, video), out)
    failed = 0
    for path, outputs in zip(videos, plans, strict=True):
        try:
            _analyze(path, outputs, exercise, side, model)
        except PosecountError as error:
            failed += 1
            _complain(error)
    return 2 if failed else 0

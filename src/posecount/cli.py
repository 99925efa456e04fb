"""The commands, nothing else. Each imports what it needs when it runs, so that --help is instant."""

import gc
import importlib.util
import io
import os
import signal
import sys
from math import nan
from pathlib import Path
from typing import Annotated

import typer

from posecount import __version__
from posecount.errors import PosecountError
from posecount.files import reason

STOPPED = 130  # by Ctrl-C: 128 and the signal's number, as in a shell; typer says it so too

app = typer.Typer(
    help="A coach for calves and ankles: counts ankle pumps and heel raises, times calf stretches.",
    epilog="Everything happens on this machine; no picture leaves it.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # half the start-up time
)


# Options that several commands have.
Exercise = Annotated[
    str,
    typer.Option(metavar="NAME", help="ankle-pump, heel-raise, calf-stretch, heel-raise-test or auto."),
]
Side = Annotated[str, typer.Option(metavar="SIDE", help="left, right, both or auto.")]
Height = Annotated[float, typer.Option(metavar="CM", help="How tall you are, for the test.")]
Model = Annotated[str, typer.Option(metavar="MODEL", help="heavy (exact), full (fast) or a .task file.")]
LiveModel = Annotated[str, typer.Option(metavar="MODEL", help="auto, heavy or full.")]
Folder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", envvar="POSECOUNT_EXERCISES", help="Your own exercise files, beside ours."),
]
Language = Annotated[str, typer.Option(envvar="POSECOUNT_LANGUAGE", help="en or de.")]
Store = Annotated[str | None, typer.Option(envvar="POSECOUNT_STORE", help="A database URL.")]
Times = Annotated[int | None, typer.Option(min=1, help="How often a day you mean to practise.")]


@app.command()
def analyze(
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO", hidden=True)],
    exercise: Exercise = "auto",
    side: Side = "auto",
    height: Height = nan,
    model: Model = "heavy",
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="All results; - prints them.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="A row for each rep and hold.")] = None,
    video: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The video with angles and counts drawn in.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="All three for each video, in a folder.")
    ] = None,
    poses: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the poses: analyze FILE in place of the video.")
    ] = None,
    fps: Annotated[float | None, typer.Option(metavar="N", help="Look at N pictures a second only.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that look for the poses. [one a core]")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A report to look at, in a folder: open index.html.")
    ] = None,
) -> int:
    """Count the reps and time the holds in recorded videos."""
    from posecount import analysis, analyze_run, export, profile_run

    plans = export.plan(videos, export.Outputs(json, csv, video, poses), out, report)
    analysis.check(exercise, side, model)
    analysis.check_fps(fps)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clears up half-written files, like Ctrl-C
    tall = profile_run.height_cm(height) if exercise == "heel-raise-test" else nan
    named = {"exercise": exercise, "side": side, "model": model}
    failed = analyze_run.run(
        videos, plans, _complain, **named, height_cm=tall, fps=fps, workers=workers, report=report
    )
    return 2 if failed else 0


@app.command()
def batch(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", hidden=True)],
    out: Annotated[str, typer.Option(metavar="DEST", help="A folder or URL for the three Parquet tables.")],
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Of a Dask cluster.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes here. [one a core]")] = None,
    exercise: Annotated[
        str, typer.Option(metavar="NAME", help="ankle-pump, heel-raise, calf-stretch or auto.")
    ] = "auto",
    side: Side = "auto",
    model: Model = "heavy",
) -> None:
    """Analyze files, folders, patterns or URLs full of videos into tables, here or on a cluster."""
    from posecount.batch.command import command

    command(sources, out, scheduler, workers, {"exercise": exercise, "side": side, "model": model})


@app.command()
def doctor() -> int:
    """Check what posecount needs, and say how to mend it."""
    from posecount import table
    from posecount.doctor import checks

    found = checks()
    table.show(table.doctor(found))
    return 1 if any(check.status == "fail" for check in found) else 0


@app.command()
def exercises(
    name: Annotated[str | None, typer.Argument(help="One of them, in full.", show_default=False)] = None,
    folder: Folder = None,
    language: Language = "en",
) -> None:
    """How to do each exercise, how much of it, and when not to; and the programmes."""
    from posecount import guide, table
    from posecount.exercises import exercises
    from posecount.programmes import programmes

    if name:
        print(guide.of(name, folder, language))
    else:
        table.show(table.exercises(exercises(folder, language), programmes(folder, language), language))


@app.command()
def history(
    days: Annotated[int | None, typer.Option(help="The last so many days. [84; exports: all]")] = None,
    export: Annotated[str | None, typer.Option(help="Print as csv (sessions) or json (everything).")] = None,
    times: Times = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the history.")] = False,
    older_than: Annotated[int | None, typer.Option(min=1, help="Delete only older than these days.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    store: Store = None,
) -> None:
    """Today against the dose, week, streak, trends, left against right."""
    from posecount.history_run import run_delete, run_history

    if delete and (days or export):  # whoever means some days must not lose all
        raise PosecountError("--delete takes --older-than DAYS, not --days or --export")
    if delete:
        run_delete(lambda question: yes or typer.confirm(question), older_than_days=older_than, url=store)
    elif older_than or yes:
        raise PosecountError("--older-than and --yes belong to --delete; to see less use --days")
    else:
        gc.disable()  # a life of a second: a fifth of it would go into looking for what to throw away
        run_history(days=days, export=export, url=store, times_a_day=times or "least")


@app.command()
def live(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", hidden=True)] = None,
    camera: Annotated[str, typer.Option(metavar="CAMERA", help="A number, a path or a URL.")] = "0",
    realtime: Annotated[bool, typer.Option("--realtime", help="Play FILE at its own speed.")] = False,
    exercise: Exercise = "auto",
    programme: Annotated[str | None, typer.Option(metavar="NAME", help="Follow a programme.")] = None,
    side: Side = "auto",
    model: LiveModel = "auto",
    record: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep the pictures as a video.")] = None,
    no_window: Annotated[bool, typer.Option("--no-window", help="Events as JSON lines instead.")] = False,
    mute: Annotated[bool, typer.Option("--mute", help="No tones, no voice.")] = False,
    guide: Annotated[bool | None, typer.Option(help="Check the view before counting.")] = None,
    breaths: Annotated[
        float, typer.Option(min=3, max=20, metavar="NUMBER", help="Breaths a minute in a stretch.")
    ] = 6.0,
    measure_breath: Annotated[
        bool, typer.Option("--measure-breath", help="An experiment: breaths seen in a stretch.")
    ] = False,
    height: Height = nan,
    folder: Folder = None,
    language: Language = "en",
    store: Store = None,
) -> None:
    """Count at the webcam, in a window."""
    from posecount import profile_run
    from posecount.live.run import Settings, run

    someone = typer.confirm if sys.stdin.isatty() else None
    # A camera with a window is set up first; a recording has been, and who reads lines can neither be guided
    # nor asked.
    seen = not (realtime or no_window)
    if seen and not profile_run.before_a_session(someone, _aside, language):
        return
    run(
        Settings(
            source=file or camera,
            realtime=realtime,
            exercise=exercise,
            side=side,
            programme=programme,
            model=model,
            record=record,
            window=not no_window,
            mute=mute,
            guide=seen if guide is None else guide,
            height_cm=profile_run.height_cm(height),
            folder=folder,
            breaths_per_min=breaths,
            measure_breath=measure_breath,
            language=language,
            store=store,
        )
    )


@app.command()
def profile(
    height: Annotated[float, typer.Option(metavar="CM", help="How tall you are.")] = nan,
    check: Annotated[bool, typer.Option("--check", help="The questions before a first session.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget all of it.")] = False,
    language: Language = "en",
) -> None:
    """What you told about yourself: your height, and the safety check. It stays on this machine."""
    from posecount.profile_run import run_profile

    run_profile(typer.confirm, print, height_cm=height, check=check, forget=forget, language=language)


@app.command()
def remind(
    every: Annotated[str, typer.Option(help="How often: 60m, 1h30m.")] = "60m",
    between: Annotated[str, typer.Option(help="From when to when.")] = "9:00-18:00",
    times: Times = None,
    store: Store = None,
) -> None:
    """Remind to practise through the day, quiet when today's dose is done. Ctrl+C ends it."""
    from posecount.remind import run_remind

    run_remind(every=every, between=between, url=store, times_a_day=times or "most")


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where; 0 takes any that is free.")] = 8765,
    lan: Annotated[bool, typer.Option("--lan", help="Let your phone be the camera: shows a code.")] = False,
    browser: Annotated[bool, typer.Option("--browser", help="Open it in the browser.")] = False,
    model: LiveModel = "auto",
    record: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep live pictures as videos.")] = None,
    store: Store = None,
) -> None:
    """The app in the browser, for this machine alone. What posecount does without a command."""
    if importlib.util.find_spec("fastapi") is None:
        raise PosecountError("the app needs a few more packages: pip install 'posecount[web]'")
    from posecount.web.serve import serve
    from posecount.web.settings import Settings

    serve(Settings(store, model, record), port, browser, lan)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"posecount {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit code. What goes wrong is one line on stderr and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a sign must not end the work
    try:
        arguments = arguments or sys.argv[1:] or ["serve", "--browser"]
        code = app(arguments, prog_name="posecount", standalone_mode=False) or 0
    except (PosecountError, typer.TyperException) as error:
        _complain(error)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except ImportError as error:  # a library of the system is missing, or two of one package are mixed
        code = 2
        _complain(f"{error}; posecount doctor tells what to do")
    except BrokenPipeError:  # whoever read our output has seen enough
        code = 1
        _give_up_stdout()
    except OSError as error:  # of stdout: whatever opens a file tells more
        code = 2
        _give_up_stdout()
        _complain(reason(error))
    if code == STOPPED:
        _complain("stopped")
    return int(code)


def _give_up_stdout() -> None:
    # Or Python tries once more, and complains, when it ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _aside(text: str) -> None:
    print(text, file=sys.stderr)


def _complain(what: object) -> None:
    text = what.format_message() if isinstance(what, typer.TyperException) else str(what)
    print("posecount:", " ".join(text.split()), file=sys.stderr)

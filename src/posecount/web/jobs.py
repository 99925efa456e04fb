"""Videos that wait for their analysis, one after the other, and their reports, in a private folder.

An upload is deleted as soon as it is analysed; a report when it is thrown away, when there are too many, and
all of them when the app ends.
"""

import logging
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from fastapi import HTTPException

from posecount.analysis import Analysis, analyze
from posecount.errors import PosecountError
from posecount.report import Entry, write
from posecount.store import Store
from posecount.types import Hold, Rep

WAITING = 4  # uploads at a time: each may be as large as uploads are allowed to be
KEPT = 8  # reports
BUSY = "Several videos are waiting already. Try again when they are done."
BROKEN = "Something went wrong with this video; the terminal that runs posecount says more."


@dataclass(frozen=True, slots=True)
class Wish:
    """`name` is what the browser calls the file: for people to read, never part of a path."""

    name: str
    exercise: str
    side: str
    model: str
    keep: bool = False  # in the history


@dataclass(slots=True)
class Job:
    """`id` is as random as the upload's name, and the only key to its report."""

    wish: Wish
    upload: Path
    state: Literal["waiting", "working", "done", "failed"] = "waiting"
    frames: int = 0
    expected: int = 0
    message: str = ""
    given_up: bool = False

    @property
    def id(self) -> str:
        return self.upload.name

    @property
    def folder(self) -> Path:
        return self.upload.with_suffix(".report")

    def progress(self, frames: int, expected: int) -> None:
        self.frames, self.expected = frames, expected
        if self.given_up:
            raise GivenUp


class GivenUp(Exception):
    """Nobody waits for this any more."""


class Jobs:
    """`close` at the end. `store` is the history's URL, None for this user's own."""

    def __init__(self, store: str | None = None) -> None:
        self._store = store
        self._room: tempfile.TemporaryDirectory[str] | None = None
        self._jobs: dict[str, Job] = {}
        self._worker = ThreadPoolExecutor(1, "analysis")

    def close(self) -> None:
        for job in self._jobs.values():
            job.given_up = True
        self._worker.shutdown(cancel_futures=True)
        if self._room:
            self._room.cleanup()

    @property
    def folder(self) -> Path:
        """Where uploads go, made when first asked for; readable by this user only."""
        self._room = self._room or tempfile.TemporaryDirectory(prefix="posecount-")
        return Path(self._room.name)

    def check_room(self) -> None:
        """Raises HTTPException 429 when too many wait."""
        if sum(job.state in ("waiting", "working") for job in self._jobs.values()) >= WAITING:
            raise HTTPException(429, BUSY)

    def add(self, upload: Path, wish: Wish) -> Job:
        """Analyse what was received, when its turn comes."""
        job = self._jobs[upload.name] = Job(wish, upload)
        self._worker.submit(self._work, job)
        return job

    def get(self, key: str) -> Job:
        """Raises HTTPException 404."""
        if key not in self._jobs:
            raise HTTPException(404, "There is no such report; perhaps it was thrown away.")
        return self._jobs[key]

    def drop(self, key: str) -> None:
        """Stop it, or throw its report away."""
        job = self.get(key)
        job.given_up = True
        if job.state in ("done", "failed"):
            del self._jobs[key]
            shutil.rmtree(job.folder, ignore_errors=True)

    def _work(self, job: Job) -> None:
        try:
            job.progress(0, 0)
            job.state = "working"
            found = report(job)
            job.message = remember(found, self._store) if job.wish.keep else ""
            job.state = "done"
        except GivenUp:
            self._jobs.pop(job.id, None)
        except PosecountError as error:
            text = named(str(error), job)
            job.state, job.message = "failed", text[:1].upper() + text[1:]
        except Exception:
            logging.getLogger(__name__).exception("the analysis of %s failed", job.upload)
            job.state, job.message = "failed", BROKEN
        finally:
            job.upload.unlink(missing_ok=True)
            if job.state != "done":
                shutil.rmtree(job.folder, ignore_errors=True)
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        done = [key for key, job in self._jobs.items() if job.state in ("done", "failed")]
        for key in done[:-KEPT]:
            self.drop(key)


def report(job: Job) -> Analysis:
    """Analyse the upload and write its report."""
    job.folder.mkdir()
    annotated = job.folder / "report.annotated.mp4"
    wish = job.wish
    found = analyze(
        job.upload,
        exercise=wish.exercise,
        side=wish.side,
        model=wish.model,
        annotated=annotated,
        on_progress=job.progress,
    )
    write(job.folder, [Entry(under_its_name(found, job), annotated)], home="/analyse")
    return found


def remember(found: Analysis, url: str | None) -> str:
    """Enter it into the history, as of now; why that failed, or nothing."""
    summary, now = found.summary, datetime.now().astimezone()
    events: list[Rep | Hold] = sorted((*summary.reps, *summary.holds), key=lambda event: event.start_s)
    try:
        with (
            Store(url) as store,
            store.session(
                exercise=summary.exercise, model=found.model, source="video", started_at=now
            ) as log,
        ):
            for event in events:
                log.add(event)
            log.finish(summary)
    except PosecountError as error:
        return f"It is not in the history: {error}"
    return ""


def under_its_name(found: Analysis, job: Job) -> Analysis:
    """As if the file had the name that its owner gave it."""
    warnings = tuple(replace(each, message=named(each.message, job)) for each in found.summary.warnings)
    summary = replace(found.summary, warnings=warnings)
    return replace(found, video=replace(found.video, path=job.wish.name), summary=summary)


def named(text: str, job: Job) -> str:
    return text.replace(str(job.upload), job.wish.name)

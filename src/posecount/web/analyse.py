"""Videos that are dropped on the page: uploaded, analysed, reported, deleted."""

import zipfile
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from posecount.analysis import check
from posecount.bundles import MODELS
from posecount.exercises import exercise
from posecount.heel_raise_test import NAME as HEEL_RAISE_TEST
from posecount.session import EXERCISES
from posecount.types import LEGS
from posecount.web.jobs import Job, Jobs, Wish
from posecount.web.pages import page
from posecount.web.uploads import LARGEST, receive

LONGEST_NAME = 200
PRIVATE = {"Cache-Control": "no-store"}  # what a browser keeps on its disk would outlive the report

router = APIRouter()


@router.get("/analyse")
def show(request: Request) -> Response:
    known = [exercise(name) for name in (*EXERCISES, HEEL_RAISE_TEST) if name != "auto"]
    return page(request, "analyse", exercises=known, largest=LARGEST, models=MODELS)


@router.post("/analyse/jobs", status_code=202)
async def upload(
    request: Request,
    name: Annotated[str, Query(max_length=LONGEST_NAME)] = "video",
    exercise: str = "auto",
    side: str = "auto",
    model: str = "heavy",
    keep: bool = False,
) -> dict[str, Any]:
    """The file is the body."""
    if model not in MODELS:  # a path would be read
        raise HTTPException(400, f"There is no model {model}; there are {', '.join(MODELS)}.")
    if exercise == HEEL_RAISE_TEST and side not in LEGS:
        raise HTTPException(400, "The heel-raise test is done on one leg: choose left or right.")
    check(exercise, side, model)
    jobs = jobs_of(request)
    jobs.check_room()
    return told(jobs.add(await receive(request, jobs.folder), Wish(name, exercise, side, model, keep)))


@router.get("/analyse/jobs/{key}")
def progress(request: Request, key: str) -> dict[str, Any]:
    return told(jobs_of(request).get(key))


@router.delete("/analyse/jobs/{key}", status_code=204)
def drop(request: Request, key: str) -> None:
    """Stop an analysis, or throw a report away."""
    jobs_of(request).drop(key)


@router.get("/reports/{key}.zip")
def keep(request: Request, key: str) -> Response:
    """The whole report, to open from disk."""
    folder = finished(request, key).folder
    packed = folder.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:  # videos do not get smaller
        for file in sorted(folder.rglob("*")):
            archive.write(file, Path("posecount-report", file.relative_to(folder)))
    gone = BackgroundTask(packed.unlink, missing_ok=True)
    return FileResponse(packed, filename="posecount-report.zip", headers=PRIVATE, background=gone)


@router.get("/reports/{key}/{name:path}")
def report(request: Request, key: str, name: str) -> Response:
    """A page of a report, or a file that it shows."""
    folder = finished(request, key).folder.resolve()
    file = (folder / name).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        raise HTTPException(404, "There is no such file in this report.")
    return FileResponse(file, headers=PRIVATE)


def jobs_of(request: Request) -> Jobs:
    return cast(Jobs, request.app.state.jobs)


def finished(request: Request, key: str) -> Job:
    """Raises HTTPException 404 for what is not there (yet)."""
    job = jobs_of(request).get(key)
    if job.state != "done":
        raise HTTPException(404, "This report is not finished.")
    return job


def told(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "state": job.state,
        "frames": job.frames,
        "expected": job.expected,
        "message": job.message,
    }

"""The Exercises page: guides with figures, doses with their sources, cautions, programmes."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from posecount.exercises import exercise, exercises, names
from posecount.programmes import programmes
from posecount.web.guides import first_figure, guide, overview
from posecount.web.pages import page
from posecount.words import Words

router = APIRouter()


@router.get("/exercises")
def show(request: Request) -> Response:
    say = Words()
    known = [(each, first_figure(each)) for each in exercises()]
    return page(request, "exercises", known=known, programmes=[overview(each, say) for each in programmes()])


@router.get("/exercises/{name}")
def show_one(request: Request, name: str) -> Response:
    if name not in names():
        raise HTTPException(404, "There is no such exercise.")
    say = Words()
    return page(request, "exercise", current="exercises", say=say, **guide(exercise(name), say))

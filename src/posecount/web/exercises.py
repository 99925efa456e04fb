"""The Exercises page."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from posecount.web.pages import page

router = APIRouter()


@router.get("/exercises")
def show(request: Request) -> Response:
    return page(request, "exercises")

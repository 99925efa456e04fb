"""Videos that are dropped on the page: uploaded, analysed, reported, deleted."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from posecount.web.pages import page

router = APIRouter()


@router.get("/analyse")
def show(request: Request) -> Response:
    return page(request, "analyse")

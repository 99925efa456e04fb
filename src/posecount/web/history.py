"""The History page."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from posecount.web.pages import page

router = APIRouter()


@router.get("/history")
def show(request: Request) -> Response:
    return page(request, "history")

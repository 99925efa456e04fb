"""Pages from templates: every page extends base.html."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from posecount import __version__

FOLDER = Path(__file__).parent
_templates = Jinja2Templates(FOLDER / "templates")


def page(request: Request, name: str, status_code: int = 200, **places: Any) -> Response:
    """`name`.html filled in; its link in the navigation, or that of `current`, is marked."""
    places = {"current": name, "version": __version__} | places
    return _templates.TemplateResponse(request, f"{name}.html", places, status_code=status_code)

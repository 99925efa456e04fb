"""The app: guard, pages, static files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from posecount.errors import PosecountError
from posecount.web import analyse, exercises, history, live, phone
from posecount.web.guard import Guard
from posecount.web.jobs import Jobs
from posecount.web.lan import Lan
from posecount.web.pages import FOLDER
from posecount.web.settings import Settings
from posecount.web.studio import Studio


def create_app(settings: Settings | None = None, lan: Lan | None = None) -> FastAPI:
    """Serves no documentation pages: FastAPI's load their scripts from elsewhere."""
    app = FastAPI(title="posecount", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_ended)
    app.state.settings = settings or Settings()
    app.state.studio = Studio(app.state.settings)
    app.state.lan = lan or Lan()
    app.state.phone = phone.Phone()
    app.state.jobs = Jobs(app.state.settings.store)
    for each in (live, phone, analyse, history, exercises):
        app.include_router(each.router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    app.mount("/fonts", StaticFiles(directory=FOLDER.parent / "draw" / "fonts"))
    app.add_exception_handler(PosecountError, _one_line)
    app.add_middleware(Guard, lan=app.state.lan)
    return app


@asynccontextmanager
async def _ended(app: FastAPI) -> AsyncIterator[None]:
    yield
    await app.state.lan.close()
    app.state.studio.close()
    app.state.jobs.close()


async def _one_line(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, 400)

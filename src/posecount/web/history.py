"""The History page: today's dose, the calendar, trends, left against right."""

import io
from datetime import date, datetime, timedelta

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response

from posecount.exercises import exercises
from posecount.history import done_by_day
from posecount.history_run import DAYS, found_in
from posecount.store import Store
from posecount.store.export import write_csv, write_json
from posecount.trends import MDC_DEG
from posecount.web.almanac import calendar, doses_of, side_rows, today_rows, trend_rows, week_rows
from posecount.web.pages import page
from posecount.words import Words

WEEKS = DAYS // 7
SESSIONS = 10  # the last ones, one by one
EXPORTS = {"csv": (write_csv, "text/csv"), "json": (write_json, "application/json")}

router = APIRouter()


@router.get("/history")
def show(request: Request) -> Response:
    say, today = Words(), datetime.now().date()
    known = exercises()
    titles = {each.name: each.title for each in known}
    with Store(request.app.state.settings.store) as store:
        found = found_in(store, today, DAYS, known, "least")
        since = _monday(today) - timedelta(weeks=WEEKS - 1)
        per_day = done_by_day(store.rep_totals(since), store.hold_totals(since))
        sessions = store.sessions(since)[: -SESSIONS - 1 : -1]
    return page(
        request,
        "history",
        say=say,
        found=found,
        today=list(today_rows(found, titles, say)),
        squares=calendar(per_day, doses_of(known), today, WEEKS, titles, say),
        week=list(week_rows(found, titles, say)),
        trends=list(trend_rows(found, titles, say)),
        sides=list(side_rows(found.comparisons, titles, say)),
        sessions=sessions,
        titles=titles,
        weeks=WEEKS,
        error=say.number(MDC_DEG),
    )


@router.get("/history/export.{kind}")
def export(request: Request, kind: str) -> Response:
    """Everything, as a file."""
    if kind not in EXPORTS:
        raise HTTPException(404, "There is CSV and JSON.")
    write, media = EXPORTS[kind]
    text = io.StringIO()
    with Store(request.app.state.settings.store) as store:
        write(store, text)
    named = {
        "Content-Disposition": f'attachment; filename="posecount-history.{kind}"',
        "Cache-Control": "no-store",
    }
    return PlainTextResponse(text.getvalue(), media_type=media, headers=named)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

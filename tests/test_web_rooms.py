"""The pages History and Exercises."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browser import DESKTOP, PHONE, chromium, needs_chromium, overflow_px, violations
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from web_app import serving, watched

from posecount.exercises import exercises
from posecount.history import Done, Dose
from posecount.programmes import programmes
from posecount.store import Store
from posecount.types import Hold, Muscle, Rep, Side
from posecount.web.almanac import LEVELS, calendar, level
from posecount.web.app import create_app
from posecount.web.guides import FIGURES, figure, first_figure
from posecount.web.settings import Settings
from posecount.words import Words

SAY = Words()
TODAY = date(2026, 11, 21)  # a Saturday
PUMPS = {"ankle-pump": Dose("ankle-pump", reps=20)}


def practised(url: str, days: int = 60) -> None:
    """Pumps every day but each third, getting larger; stretches, the right leg tighter."""
    now = datetime.now().astimezone()
    with Store(url) as store:
        for ago in range(days, -1, -1):
            if ago % 3 == 2:
                continue
            at = now - timedelta(days=ago)
            with store.session(exercise="ankle-pump", model="heavy", source="live", started_at=at) as log:
                for n in range(3 if ago else 25):
                    log.add(Rep("both", 2.0 * n, 2.0 * n + 0.5, 2.0 * n + 1.5, 50 - ago / 5, "smooth"))
            with store.session(exercise="calf-stretch", model="heavy", source="live", started_at=at) as log:
                log.add(stretch("left", 22.0))
                log.add(stretch("right", 12.0))


def stretch(side: Side, degrees: float, muscle: Muscle = "soleus") -> Hold:
    return Hold(side, 0.0, 30.0, 30.0, degrees, 40.0, muscle, "steady")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'history.sqlite'}"
    practised(url)
    return Settings(store=url)


def asked(settings: Settings, path: str) -> str:
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_history_tells_what_the_terminal_tells(settings: Settings) -> None:
    text = asked(settings, "/history")
    assert "25 of 20 reps" in text and "✓" in text
    assert "40° to 49°, more" in text or "40° to 48°, more" in text
    assert "the right is tighter" in text
    assert text.count('<tr><th scope="row">') == 7 + 10  # days of the week, last sessions


def test_nothing_practised_is_no_error(tmp_path: Path) -> None:
    text = asked(Settings(store=f"sqlite:///{tmp_path / 'new.sqlite'}"), "/history")
    assert "Nothing practised yet" in text and "0 of 20 reps" in text


def test_the_history_can_be_taken_along(settings: Settings) -> None:
    assert asked(settings, "/history/export.csv").startswith("id,started_at,day,exercise")
    sessions = json.loads(asked(settings, "/history/export.json"))
    assert {each["exercise"] for each in sessions} == {"ankle-pump", "calf-stretch"}
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get("/history/export.exe").status_code == 404


@pytest.mark.parametrize(
    ("done", "shade"),
    [
        ({}, 0),
        ({"ankle-pump": Done(reps=1)}, 1),
        ({"ankle-pump": Done(reps=10)}, 2),
        ({"ankle-pump": Done(reps=19)}, 3),
        ({"ankle-pump": Done(reps=20)}, LEVELS),
        ({"ankle-pump": Done(reps=90)}, LEVELS),
        ({"own-exercise": Done(reps=1)}, LEVELS),
        ({"ankle-pump": Done(reps=20), "own-exercise": Done(hold_s=1)}, LEVELS),
    ],
)
def test_the_shade_of_a_day_is_the_share_of_its_dose(done: dict[str, Done], shade: int) -> None:
    assert level(done, PUMPS) == shade


def test_the_calendar_ends_today_and_begins_on_a_monday() -> None:
    per_day = {TODAY: {"ankle-pump": Done(reps=20)}}
    rows = calendar(per_day, PUMPS, TODAY, 12, {"ankle-pump": "Ankle pumps"}, SAY)
    assert [len(row) for row in rows] == [12] * 7
    assert all(square.day.weekday() == weekday for weekday, row in enumerate(rows) for square in row)
    assert (rows[5][11].day, rows[5][11].level, rows[5][11].words) == (TODAY, LEVELS, "Ankle pumps: 20 reps")
    assert rows[6][11].level is None, "tomorrow"
    assert rows[4][11].level == 0


def test_every_way_of_every_exercise_has_a_figure() -> None:
    drawn = {f"{each.name}.{way.name}" for each in exercises() for way in each.variants}
    assert {file.stem for file in FIGURES.glob("*.svg")} == drawn
    for name in drawn:
        root = ElementTree.fromstring(figure(*name.split(".")))
        assert (root.get("stroke"), root.get("aria-hidden")) == ("currentColor", "true")
        assert "style" not in root.attrib and len(figure(*name.split("."))) < 3000
    assert all(first_figure(each) for each in exercises())


def test_every_exercise_has_its_page_with_its_sources(settings: Settings) -> None:
    overview = asked(settings, "/exercises")
    for each in programmes():
        assert each.title in overview
    for exercise in exercises():
        assert f'href="/exercises/{exercise.name}"' in overview
        text = asked(settings, f"/exercises/{exercise.name}")
        assert exercise.cautions[0].text.split(":")[0] in text
        assert text.count("<svg") == 1 + len(exercise.variants)
        cited = {part.partition('"')[0] for part in text.split('href="#source-')[1:]}
        listed = {part.partition('"')[0] for part in text.split('id="source-')[1:]}
        assert cited == listed and cited


@pytest.mark.parametrize("name", ["dancing", "..%2f..%2fpyproject", "ankle-pump.toml", "%00", "<script>"])
def test_an_unknown_exercise_is_not_found(settings: Settings, name: str) -> None:
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get(f"/exercises/{name}").status_code == 404


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with serving(settings) as url:
        yield url


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/history", "/exercises", "/exercises/calf-stretch", "/analyse"])
def test_anybody_can_use_it(browser: Browser, address: str, path: str, scheme: str) -> None:
    page = watched(browser.new_context(viewport=DESKTOP, color_scheme=scheme).new_page())
    page.goto(address + path)
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert overflow_px(page) <= 0
    page.set_viewport_size({"width": 640, "height": 450})  # as 1280 wide at 200 %
    assert overflow_px(page) <= 0
    assert page.errors == [] and all(each.startswith(f"{address}/") for each in page.asked)


@needs_chromium
def test_pages_are_light(browser: Browser, address: str) -> None:
    for path in ("/history", "/exercises", "/analyse"):
        page = browser.new_page()
        sizes: list[int] = []
        page.on("response", lambda response, sizes=sizes: sizes.append(len(response.body())))
        page.goto(address + path, wait_until="networkidle")
        assert sum(sizes) < 500_000

"""The Analyse page: a video goes up, a report comes back, nothing stays behind."""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, PHONE, chromium, needs_chromium, overflow_px, violations
from fastapi.testclient import TestClient
from filmed import Filmed, grey, pumping
from web_app import serving, watched

from posecount import landmarks
from posecount.store import Store
from posecount.web import jobs, uploads
from posecount.web.app import create_app
from posecount.web.settings import Settings

ORIGIN = {"origin": "http://127.0.0.1"}


@pytest.fixture
def video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four ankle pumps."""
    poses, seconds = pumping(4)
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(poses))
    return grey(tmp_path / "pumps.mp4", seconds)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with TestClient(create_app(), base_url="http://127.0.0.1", headers=ORIGIN) as client:
        yield client
    assert left(tmp_path) == [], "the app leaves something behind"


def left(tmp_path: Path) -> list[str]:
    """What is in the temporary folder, but the folders themselves."""
    return sorted(path.name for path in (tmp_path / "temporary").rglob("*") if path.is_file())


def sent(client: TestClient, video: Path, **wishes: str) -> str:
    answer = client.post("/analyse/jobs", params={"name": video.name} | wishes, content=video.read_bytes())
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def ended(client: TestClient, key: str) -> dict[str, Any]:
    for _ in range(1200):
        job = client.get(f"/analyse/jobs/{key}").json()
        if job.get("state") in ("done", "failed"):
            return dict(job)
        time.sleep(0.05)
    raise AssertionError(f"never ended: {job}")


def test_a_video_becomes_a_report_and_is_deleted(client: TestClient, video: Path, tmp_path: Path) -> None:
    key = sent(client, video)
    job = ended(client, key)
    assert job["state"] == "done" and job["frames"] == job["expected"] > 100
    assert sorted(set(left(tmp_path)) - set(left(tmp_path / "temporary" / "assets"))) != []
    assert key not in left(tmp_path), "the upload is still there"
    page = client.get(f"/reports/{key}/index.html")
    assert page.status_code == 200 and "pumps.mp4" in page.text and page.text.count('<tr class="rep') == 4
    assert page.headers["cache-control"] == "no-store"
    movie = client.get(f"/reports/{key}/report.annotated.mp4", headers={"range": "bytes=0-99"})
    assert (movie.status_code, len(movie.content)) == (206, 100)
    kept = zipfile.ZipFile(io.BytesIO(client.get(f"/reports/{key}.zip").content))
    assert "posecount-report/index.html" in kept.namelist()
    assert not [name for name in left(tmp_path) if name.endswith(".zip")]
    assert client.delete(f"/analyse/jobs/{key}").status_code == 204
    assert left(tmp_path) == []
    assert client.get(f"/reports/{key}/index.html").status_code == 404


def test_it_counts_in_the_history_only_when_asked_for(video: Path, tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'history.sqlite'}")
    with TestClient(create_app(settings), base_url="http://127.0.0.1", headers=ORIGIN) as client:
        assert ended(client, sent(client, video))["state"] == "done"
        with Store(settings.store) as store:
            assert store.sessions() == []
        assert ended(client, sent(client, video, keep="true"))["message"] == ""
        with Store(settings.store) as store:
            (session,) = store.sessions()
    assert (session.exercise, session.smooth, session.source) == ("ankle-pump", 4, "video")


def test_what_is_no_video_is_said_and_deleted(client: TestClient, tmp_path: Path) -> None:
    text = tmp_path / "letter.mp4"
    text.write_text("Dear reader, this is not a video." * 100)
    job = ended(client, sent(client, text))
    assert job["state"] == "failed"
    assert job["message"].startswith("Cannot read letter.mp4: it is not a video")
    assert left(tmp_path) == []


def test_nobody_reads_or_writes_outside(client: TestClient, video: Path, tmp_path: Path) -> None:
    secret = tmp_path / "temporary" / "secret.txt"
    secret.write_text("secret")
    key = sent(client, video, name="../../../../secret.txt")
    assert ended(client, key)["state"] == "done"
    page = client.get(f"/reports/{key}/index.html").text
    assert "<title>" in page and "secret.txt" in page and "../" not in page
    for way in (
        "../secret.txt",
        "..%2f..%2fsecret.txt",
        "%2e%2e/%2e%2e/secret.txt",
        f"/{secret}",
        "assets/../..",
    ):
        assert client.get(f"/reports/{key}/{way}").status_code == 404
        assert client.get(f"/reports/{way}/index.html").status_code == 404
    assert secret.read_text() == "secret"
    secret.unlink()


@pytest.mark.parametrize(
    "wish",
    [{"model": "/etc/passwd"}, {"exercise": "dancing"}, {"side": "middle"}, {"exercise": "heel-raise-test"}],
)
def test_wishes_are_checked_before_anything_is_read(
    client: TestClient, video: Path, tmp_path: Path, wish: dict[str, str]
) -> None:
    answer = client.post("/analyse/jobs", params=wish, content=video.read_bytes())
    assert answer.status_code == 400
    assert left(tmp_path) == []


def test_uploads_are_limited(
    client: TestClient, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 1000)

    assert client.post("/analyse/jobs", content=b"x" * 1001).status_code == 413
    assert client.post("/analyse/jobs", content=iter([b"x" * 500] * 3)).status_code == 413  # no length
    assert client.post("/analyse/jobs", content=b"").status_code == 400
    assert left(tmp_path) == []


def test_only_so_many_wait(client: TestClient, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WAITING", 0)
    answer = client.post("/analyse/jobs", content=video.read_bytes())
    assert (answer.status_code, answer.json()["detail"]) == (429, jobs.BUSY)


def test_old_reports_make_room(client: TestClient, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KEPT", 1)
    first, second = sent(client, video), sent(client, video)
    assert ended(client, second)["state"] == "done"
    assert client.get(f"/analyse/jobs/{first}").status_code == 404
    assert client.get(f"/reports/{second}/index.html").status_code == 200


def test_a_stopped_analysis_leaves_nothing(
    client: TestClient, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(job: jobs.Job) -> None:
        for frame in range(10_000):
            job.progress(frame, 10_000)
            time.sleep(0.01)

    monkeypatch.setattr(jobs, "report", slowly)
    key = sent(client, video)
    assert client.get(f"/analyse/jobs/{key}").json()["state"] in ("waiting", "working")
    assert client.get(f"/reports/{key}/index.html").status_code == 404
    assert client.delete(f"/analyse/jobs/{key}").status_code == 204
    until_gone = time.monotonic() + 5
    while left(tmp_path) and time.monotonic() < until_gone:
        time.sleep(0.02)
    assert left(tmp_path) == []


def test_another_site_cannot_send_a_video(client: TestClient, tmp_path: Path) -> None:
    for origin in ("http://evil.example", "null", "http://127.0.0.1:81"):
        answer = client.post("/analyse/jobs", content=b"x", headers={"origin": origin})
        assert answer.status_code == 403
    assert left(tmp_path) == []


@needs_chromium
def test_the_page_takes_a_video_and_shows_its_report(video: Path) -> None:
    with serving() as url, chromium() as browser:
        page = watched(browser.new_context(viewport=DESKTOP).new_page())
        page.goto(f"{url}/analyse")
        assert violations(page) == []
        page.set_input_files("#file", video)
        page.locator("[data-open]").wait_for()
        assert violations(page) == []
        page.set_viewport_size(PHONE)
        assert overflow_px(page) <= 0
        page.locator("[data-open]").click()
        page.locator("tr.rep button").nth(2).click()
        start_s = float(page.locator("tr.rep").nth(2).get_attribute("data-start"))
        page.wait_for_timeout(300)
        shown_s = page.evaluate("document.getElementById('video').currentTime")
        assert shown_s == pytest.approx(start_s, abs=1 / 30)
        assert violations(page) == []
        page.locator(".back").click()
        page.locator("[data-drop]").click()
        assert page.locator(".job").count() == 0
        assert page.errors == [] and all(each.startswith(f"{url}/") for each in page.asked)

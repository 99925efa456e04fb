"""The Live page in a real Chromium whose camera is a video: what it shows is what analyze finds."""

from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, chromium, needs_chromium, overflow_px, violations
from web_app import as_camera, serving, watched

from posecount.analysis import analyze, counts
from posecount.store import Store
from posecount.web.lan import Lan
from posecount.web.settings import Settings
from posecount.web.studio import Studio

pytestmark = needs_chromium
SAMPLES = Path(__file__).parents[1] / "sample_videos"
CLIP_S = 9.0
READY_S = 1.0  # the first page on loopback
HEAVIEST = 1_500_000  # bytes


@pytest.fixture(autouse=True)
def one_landmarker(monkeypatch):
    """As in analyze: several would each see other pictures than its one."""
    monkeypatch.setattr(Studio, "_suited", lambda studio, alone: ("full", 1))


@pytest.fixture
def settings(tmp_path):
    return Settings(f"sqlite:///{tmp_path / 'history.sqlite3'}", "full", tmp_path / "kept")


@pytest.fixture(scope="module")
def camera(tmp_path_factory):
    return as_camera(SAMPLES / "heel_raises.mp4", tmp_path_factory.mktemp("camera") / "camera.mjpeg", CLIP_S)


def begin(page, url):
    page.goto(url)
    page.uncheck("[name=guided]")
    page.check("[value='exercise heel-raise']")
    page.click("#start")


def reps(page, number):
    page.wait_for_selector(f"#reps li:nth-child({number})")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_session_counts_what_analyze_counts_on_the_same_pictures(size, settings, camera):
    with serving(settings) as url, chromium(*camera) as browser:
        page = watched(browser.new_page(viewport=size))
        page.add_init_script("window.spoken = []; speechSynthesis.speak = (words) => spoken.push(words.text)")
        begin(page, url)
        reps(page, 3)
        assert violations(page) == []
        assert overflow_px(page) <= 0
        page.keyboard.press("q")
        page.wait_for_selector("#summary:not([hidden])")
        numbers = [int(words) for words in page.evaluate("spoken") if words.isdigit()]
        shown = int(page.inner_text("#sets b"))
        assert "Heel raise" in page.inner_text("#sets")
        assert numbers == sorted(set(numbers))  # of two at once, on a busy machine, the newer is said
        assert shown - 1 <= numbers[-1] <= shown  # the last may have been counted while finishing
        assert page.errors == []
        assert all(asked.startswith((url, "blob:", "data:")) for asked in page.asked)
    (video,) = settings.record.iterdir()
    found = analyze(video, exercise="heel-raise", model="full")
    assert len(found.summary.reps) >= 3
    assert shown == counts(found.summary.reps)["total"]
    with Store(settings.store) as store:
        (kept,) = store.sessions()
    assert (kept.source, kept.smooth) == ("web", shown)


def test_keys_pause_help_and_finish(settings, camera):
    with serving(settings) as url, chromium(*camera) as browser:
        page = watched(browser.new_page(viewport=DESKTOP))
        begin(page, url)
        reps(page, 1)
        page.keyboard.press("h")
        assert page.is_visible("#help")
        page.keyboard.press("Escape")
        assert page.is_hidden("#help") and page.is_visible("#stage")
        page.keyboard.press("m")
        assert page.inner_text("[data-key=m] span") == "Sound on"
        page.keyboard.press("Space")
        page.wait_for_selector("text=Paused. Press space to go on.")
        assert page.inner_text("#phase") == "paused"
        page.keyboard.press("Escape")
        page.wait_for_selector("#summary:not([hidden])")
        assert page.is_visible("#start")
        assert page.errors == []


def test_a_phone_is_the_camera_and_this_page_the_coach(settings, camera):
    lan = Lan("127.0.0.1", 0)
    with serving(settings, lan) as url, chromium(*camera) as browser:
        page = watched(browser.new_page(viewport=DESKTOP))
        page.goto(url)
        page.uncheck("[name=guided]")
        page.select_option("#camera", "phone")
        page.click("#start")
        page.wait_for_selector(".qr")
        assert violations(page) == []
        assert lan.certificate.fingerprint in page.inner_text("#phone-body")
        invitation = page.locator("#phone-body .print").nth(1).inner_text()
        phone = watched(browser.new_context(viewport=PHONE, ignore_https_errors=True).new_page())
        phone.goto(invitation)
        assert phone.url == f"https://{lan.host}/phone"  # the token is gone from where it could be shared
        assert violations(phone) == []
        phone.click("#begin")
        reps(page, 2)
        assert int(page.inner_text("#count")) >= 0
        phone.wait_for_selector("#count:not(:empty)")
        page.keyboard.press("q")
        phone.wait_for_selector("text=Choose an exercise on your computer")
        late = watched(browser.new_context(viewport=PHONE, ignore_https_errors=True).new_page())
        late.goto(invitation)
        late.click("#begin")
        late.wait_for_selector("text=This code has been used")
        assert page.errors == phone.errors == []


def test_without_a_camera_it_says_so(settings):
    with serving(settings) as url, chromium() as browser:
        page = watched(browser.new_page(viewport=DESKTOP))
        page.goto(url)
        page.click("#start")
        page.wait_for_selector("#trouble:not(:empty)")
        assert "camera" in page.inner_text("#trouble")
        assert page.is_visible("#start")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 640, 390, 320])  # 640 is a laptop at 200 % zoom
def test_the_first_page_is_for_everyone(scheme, width, settings):
    with serving(settings) as url, chromium() as browser:
        page = watched(browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme))
        page.goto(url)
        assert violations(page) == []
        assert overflow_px(page) <= 0
        assert page.errors == []


def test_the_first_page_is_there_at_once_and_light(settings):
    with serving(settings) as url, chromium() as browser:
        page = browser.new_page(viewport=DESKTOP)
        page.goto(url)
        weight, times = 0, []
        for _ in range(3):
            page.reload(wait_until="networkidle")
            parts = page.evaluate("""() => [...performance.getEntriesByType("navigation"),
                ...performance.getEntriesByType("resource")].map((each) => each.decodedBodySize)""")
            times.append(page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive"))
            weight = max(weight, sum(parts))
        assert 20_000 < weight < HEAVIEST
        assert min(times) < 1000 * READY_S

"""The report: what it says, that nothing in it can break it, and that it works in a browser, from disk."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from browser import DESKTOP, PHONE, chromium, needs_chromium, overflow_px, violations
from filmed import Filmed, grey, pumping
from playwright.sync_api import Browser, Page, Request

from posecount import cli, heel_raise_view, landmarks, video
from posecount.analysis import Analysis
from posecount.errors import PosecountError
from posecount.exercises import exercise
from posecount.feedback import FAULTS, Cue
from posecount.heel_raise_test import HeelRaiseResult, Raise
from posecount.report import Entry, write
from posecount.report.findings import SEEN, findings, limits, numbered
from posecount.report.page import cadence, clock, page
from posecount.report.poster import moment
from posecount.report.sketch import sketch
from posecount.session import Session
from posecount.types import Angles, Hold, Notice, Pose, Rep, Rhythm, Summary
from posecount.words import Words

nan = float("nan")
SAMPLES = Path(__file__).parents[1] / "sample_videos"
RECORDED = Path(__file__).parent / "samples"
FPS = 30.0
SAY = Words("en")


def a_rep(start_s: float, quality: str = "smooth", range_deg: float = 40.0, side: str = "both") -> Rep:
    return Rep(side, start_s, start_s + 0.5, start_s + 1.0, range_deg, quality, 0.4, 0.4, -1.5, 0.2)  # type: ignore[arg-type]


def a_hold(quality: str = "steady", duration_s: float = 40.0, bounces: int = 0) -> Hold:
    return Hold("left", 2.0, 2.0 + duration_s, duration_s, 15.0, 2.0, "gastrocnemius", quality, bounces)  # type: ignore[arg-type]


def a_summary(*reps: Rep, holds: tuple[Hold, ...] = (), seconds: float = 12.0, **more: object) -> Summary:
    time_s = np.arange(0, seconds, 1 / FPS)
    ankle = 20 * np.sin(time_s * np.pi)
    angles = Angles(time_s, ankle, ankle, 0 * ankle, 0 * ankle)
    rhythm = Rhythm(30.0, 0.97, 0.0) if len(reps) > 2 else Rhythm(nan, nan, nan)
    found = Summary("ankle-pump", reps, holds, rhythm, angles, 1.0, (), seconds)
    return replace(found, **more)  # type: ignore[arg-type]


def said(found: Summary, name: str = "ankle-pump") -> list[str]:
    return [" ".join((each.text, each.advice)).strip() for each in findings(found, exercise(name), SAY)]


# --- what it says ---


def test_all_smooth_is_praised() -> None:
    found = a_summary(*(a_rep(2 * n) for n in range(4)))
    first, *_ = findings(found, exercise("ankle-pump"), SAY)
    assert (first.kind, first.text) == ("good", "Every repetition was smooth and whole: 4.")


@pytest.mark.parametrize(
    ("reps", "sentence"),
    [
        ([a_rep(0), a_rep(2, "jerky"), a_rep(4, "jerky")], "Jerky: 2 of 3, number 2\N{EN DASH}3. Smoother."),
        (
            [a_rep(0), a_rep(2, "partial", 9)],
            "Less than half of your own range: 1 of 2, number 2. Go all the",
        ),
        (
            [a_rep(0, range_deg=30), a_rep(2, range_deg=50)],
            "Both feet: each movement took the ankle through 40°",
        ),
        (
            [a_rep(2 * n, range_deg=40 - 5 * n) for n in range(6)],
            "The last movements reached 18°, the first 38",
        ),
    ],
)
def test_reps_in_words(reps: list[Rep], sentence: str) -> None:
    assert any(each.startswith(sentence) for each in said(a_summary(*reps))), said(a_summary(*reps))


def test_what_was_not_seen_is_not_said() -> None:
    assert said(a_summary()) == ["No repetition and no stretch was found."]
    steady = said(a_summary(*(a_rep(2 * n, range_deg=nan) for n in range(3))))
    assert not any("°" in each or "faster" in each or "slower" in each for each in steady)


@pytest.mark.parametrize(("drift", "word"), [(-12.0, "slower"), (12.0, "faster"), (3.0, None)])
def test_a_pace_that_changes_is_said(drift: float, word: str | None) -> None:
    found = a_summary(*(a_rep(2 * n) for n in range(4)), rhythm=Rhythm(30.0, 0.9, drift))
    assert [each for each in ("slower", "faster") if each in " ".join(said(found))] == (
        [word] if word else []
    )


@pytest.mark.parametrize(
    ("hold", "kinds", "words"),
    [
        (a_hold(), ["good"], "held for 40 s, steady"),
        (a_hold("bouncing", bounces=17), ["fact", "better"], "bounces in this stretch: 17"),
        (a_hold(duration_s=14.0), ["good", "better"], "14 s are less than 3 slow breaths"),
    ],
)
def test_stretches_in_words(hold: Hold, kinds: list[str], words: str) -> None:
    found = findings(a_summary(holds=(hold,)), exercise("calf-stretch"), SAY)
    assert [each.kind for each in found] == kinds
    assert words in " ".join(each.text for each in found)


def test_what_was_counted_by_movement_alone_is_said() -> None:
    moved = replace(a_rep(2, range_deg=nan), by_movement=True, sparc=nan)
    (told,) = limits(a_summary(a_rep(0), moved), SAY)
    assert told.text.startswith("Number 2 counted by movement alone")


def test_a_report_of_feet_alone_claims_no_angle_and_no_side() -> None:
    moved = replace(a_rep(2, range_deg=nan), by_movement=True, sparc=nan)
    found = replace(a_summary(moved, usable_fraction=0.0), framing="feet", exercise="auto")
    unseen = np.full_like(found.angles.left_ankle_deg, nan)
    found = replace(found, angles=replace(found.angles, left_ankle_deg=unseen, right_ankle_deg=unseen))
    told = page(Analysis(video.VideoInfo("a.mp4", 64, 48, 30.0, 60, 2.0), "heavy", found), SAY)
    assert (told["exercise"], told["angles"], told["measured"]) == ("Feet, counted by movement", False, False)
    assert "\N{DEGREE SIGN}" not in told["sketch"]
    assert not any("ankle: angle measured" in each.text for each in told["limits"])


def test_what_the_coach_has_seen_is_told_with_its_times() -> None:
    cues = [Cue(code, "", 1, time_s) for code, time_s in (("lean", 3.0), ("bounce", 5.0), ("lean", 20.0))]
    *_, last = findings(a_summary(a_rep(0)), exercise("heel-raise"), SAY, cues)
    assert (last.kind, last.times_s) == ("better", (3.0, 20.0))
    assert last.text == "The trunk leans instead of rising straight up."
    assert set(SEEN) < set(FAULTS)
    assert last.advice == "Stay tall. Straight up, straight down."


def test_what_could_not_be_measured_is_said_with_its_reason() -> None:
    oblique = Notice("cut-off", "Not from the side.", 1.0, 3.0)
    found = a_summary(a_rep(0, range_deg=nan), a_rep(2), warnings=(oblique,), usable_fraction=0.809)
    found = replace(found, angles=replace(found.angles, left_ankle_deg=np.full(360, nan)))
    told = limits(found, SAY)
    assert (told[0].text, told[0].start_s, told[0].end_s) == ("Not from the side.", 1.0, 3.0)
    assert [each.text.partition(":")[0] for each in told[1:]] == [
        "Could be judged",
        "Left ankle",
        "No degrees for number 1",
    ]
    assert "80 %" in told[1].text
    assert limits(a_summary(a_rep(0)), SAY) == []
    feet = replace(
        a_summary(replace(a_rep(0), range_deg=nan, by_movement=True), usable_fraction=0.0), framing="feet"
    )
    assert not any(each.text.startswith("Could be judged") for each in limits(feet, SAY)), "nor need it be"
    (translated,) = limits(a_summary(a_rep(0), warnings=(Notice("far", "", 0.0, 1.0),)), Words("de"))
    assert translated.text.startswith("Die Person ist klein im Bild")


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([3], "3"),
        ([1, 3], "1, 3"),
        ([1, 2, 3, 7, 9, 10], "1\N{EN DASH}3, 7, 9\N{EN DASH}10"),
        (list(range(1, 30, 2)), "1, 3, 5, 7, 9, 11, 13, 15, \N{HORIZONTAL ELLIPSIS}"),
    ],
)
def test_numbers_are_short(numbers: list[int], text: str) -> None:
    assert numbered(numbers) == text


def test_long_videos_count_in_minutes() -> None:
    assert [clock(61.25, seconds, SAY) for seconds in (90.0, 3600.0)] == ["61.2 s", "1:01.2"]
    assert clock(3599.96, 3600.0, Words("de")) == "60:00,0"


def test_a_rest_is_no_cadence() -> None:
    assert cadence([1.0, 3.0, 5.0, 25.0, 27.0]) == ([3.0, 5.0, 25.0, 27.0], [30.0, 30.0, None, 30.0])
    assert cadence([]) == ([], [])


def test_the_poster_shows_something_that_happened() -> None:
    assert moment(a_summary(a_rep(0), a_rep(4), a_rep(8, "partial"))) == 4.5
    assert moment(a_summary(holds=(a_hold(),))) == 22.0
    assert moment(a_summary(seconds=10.0)) == 5.0


def test_the_drawing_keeps_gaps() -> None:
    found = a_summary(a_rep(2), a_rep(4, "jerky"), holds=(a_hold(duration_s=3.0),))
    column = found.angles.left_ankle_deg.copy()
    column[100:130] = nan
    drawn = sketch(replace(found, angles=replace(found.angles, left_ankle_deg=column)), 'a "plot" & <more>')
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-label") == 'a "plot" & <more>'
    assert [each.get("class") for each in root.iter("rect")] == ["band steady", "band smooth", "band jerky"]
    left, right = (path.get("d") or "" for path in root.iter("path"))
    assert (left.count("M"), right.count("M")) == (2, 1)


def test_a_heel_raise_test_stands_beside_what_others_reach(tmp_path: Path) -> None:
    raises = tuple(Raise(2.0 * n, 2.0 * n + 0.5, 2.0 * n + 1, 0.05 - 0.001 * n) for n in range(12))
    entry = an_entry(tmp_path, found=a_summary(a_rep(0.3), exercise="heel-raise-test"))
    result = HeelRaiseResult("right", "heel", raises, 170.0)
    done = replace(entry.analysis, test=result)
    text = write(tmp_path, [replace(entry, analysis=done)]).read_text()
    assert "right leg: 12 raises" in text and "the heel no longer lifted" in text
    for line in heel_raise_view.lines(result, exercise("heel-raise-test"), SAY):
        assert all(each in text for each in line)


# --- the files ---


class _Parsed(HTMLParser):
    """Elements by name, and the text of the page's data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""
        self._in_data = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_data = tag == "script" and dict(attrs).get("id") == "data"

    def handle_data(self, data: str) -> None:
        self.data += data if self._in_data else ""

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False

    def all(self, tag: str, attribute: str) -> list[str]:
        return [value for name, each in self.elements if name == tag and (value := each.get(attribute))]


def an_entry(folder: Path, name: str = "a.mp4", found: Summary | None = None, seconds: float = 2.0) -> Entry:
    found = found or a_summary(a_rep(0.3), a_rep(2.5), a_rep(6), seconds=seconds)
    annotated = grey(folder / f"{Path(name).stem}.annotated.mp4", seconds)
    info = video.VideoInfo(name, 64, 48, FPS, 60, seconds)
    return Entry(Analysis(info, "heavy", found), annotated)


HOSTILE = "<script>alert(1)<!-- & \"quoted\" 'it' # 100% ?.mp4"


def test_a_hostile_name_breaks_nothing(tmp_path: Path) -> None:
    warning = Notice("far", "</script><script>alert(2)</script>", 0.0, 1.0)
    found = a_summary(a_rep(0.3), warnings=(warning,), exercise="</script>")
    # A slash cannot be in a file's name, but in its path.
    entry = an_entry(tmp_path, HOSTILE, found)
    entry = replace(entry, analysis=replace(entry.analysis, model="</script>/x"))
    text = write(tmp_path / "report", [entry]).read_text()
    page = _Parsed(text)
    assert page.all("script", "src") == ["assets/uplot.js", "assets/report.js"]
    assert len(re.findall(r"<script", text)) == 3
    assert json.loads(page.data)["reps"][0]["label"] == "1"
    assert "onerror" not in text and "<!--" not in text.replace("<!doctype", "")


def test_several_videos_have_a_page_each_and_the_library_once(tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    entries = [an_entry(tmp_path), an_entry(others), an_entry(tmp_path, "index.mp4")]
    first = write(tmp_path / "report", entries)
    links = _Parsed(first.read_text()).all("a", "href")
    assert links == ["a.html", "a-2.html", "index-2.html"]
    for link in links:
        page = _Parsed((first.parent / link).read_text())
        assert "index.html" in page.all("a", "href")
        (movie,) = page.all("video", "src")
        assert video.probe(first.parent / movie).frames == 60
    assert len(list(first.parent.rglob("uplot.js"))) == 1


def test_a_report_can_be_written_again_and_stays_small(tmp_path: Path) -> None:
    entry = an_entry(tmp_path)
    write(tmp_path, [entry])
    write(tmp_path, [entry])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.annotated.mp4",
        "a.jpg",
        "assets",
        "index.html",
    ]
    assert sum(file.stat().st_size for file in (tmp_path / "assets").iterdir()) < 100_000


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    entry = an_entry(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(PosecountError, match="cannot write the report"):
        write(tmp_path / "file", [entry])


def test_the_command_writes_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    poses, seconds = pumping(4)
    monkeypatch.setattr(landmarks, "Landmarker", Filmed(poses))
    monkeypatch.chdir(tmp_path)
    grey(tmp_path / "pumps.mp4", seconds)
    assert cli.main(["analyze", "pumps.mp4", "--report", "report"]) == 0
    assert "wrote report/index.html" in capsys.readouterr().out
    page = _Parsed((tmp_path / "report" / "index.html").read_text())
    assert len(json.loads(page.data)["reps"]) == 4
    assert page.all("video", "src") == ["pumps.annotated.mp4"]


# --- in a browser ---


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def sample(name: str) -> Entry:
    """The analysis of a sample video from its recorded landmarks; the video serves as its annotated copy."""
    session = Session("auto")
    data = np.load(RECORDED / f"{name}.npz")
    for time_ms, known in zip(data["time_ms"].tolist(), data["eighths_px"] / 8.0, strict=True):
        points = np.full((33, 2), nan)
        points[data["landmarks"]] = known
        session.update(Pose(time_ms / 1000, tuple(data["size_px"].tolist()), points, np.ones(33)))
    session.finish()
    path = SAMPLES / f"{name}.mp4"
    return Entry(Analysis(video.probe(path), "full", session.summary()), path)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    names = ("seated_ankle_pumps", "heel_raises", "calf_stretch")
    return write(folder, [sample(name) for name in names]).parent


def opened(browser: Browser, file: Path, **how: object) -> tuple[Page, list[str]]:
    """The page once its video can be seen, and every address that it asked for."""
    asked: list[str] = []
    page = browser.new_context(**({"viewport": DESKTOP} | how)).new_page()  # type: ignore[arg-type]

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.set_default_timeout(10_000)
    page.on("console", lambda message: asked.append(f"{message.type}: {message.text}"))
    page.goto(file.as_uri())
    if page.locator("video").count():
        until(page, "document.getElementById('video').readyState >= 2")
    return page, asked


def until(page: Page, condition: str) -> None:
    """Playwright's own wait needs eval in the page, which the page's policy forbids."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {condition}")


def shown_s(page: Page) -> float:
    until(page, "!document.getElementById('video').seeking")
    return float(page.evaluate("document.getElementById('video').currentTime"))


@needs_chromium
@pytest.mark.parametrize(
    ("name", "rows", "wanted"), [("seated_ankle_pumps", 6, 3), ("heel_raises", 8, 3), ("calf_stretch", 1, 1)]
)
def test_a_click_moves_the_video_and_nothing_is_asked_of_the_network(
    browser: Browser, reports: Path, name: str, rows: int, wanted: int
) -> None:
    page, asked = opened(browser, reports / f"{name}.html")
    assert page.locator("tr.rep").count() == rows
    row = page.locator("tr.rep").nth(wanted - 1)
    start_s = float(row.get_attribute("data-start") or "nan")
    assert start_s > 1.0 and shown_s(page) == 0.0
    row.locator("button").click()
    assert shown_s(page) == pytest.approx(start_s, abs=1 / FPS)
    assert "now" in (row.get_attribute("class") or "")
    page.evaluate("document.getElementById('video').currentTime = 0")
    _click_plot(page, start_s + 0.4)
    assert shown_s(page) == pytest.approx(start_s, abs=1 / FPS)
    assert asked and all(each.startswith(f"file://{reports}/") for each in asked), asked


def _click_plot(page: Page, time_s: float) -> None:
    plot = page.locator("#angle .u-over")
    box = plot.bounding_box()
    assert box is not None
    seconds = page.evaluate("JSON.parse(document.getElementById('data').textContent).time.at(-1)")
    plot.click(position={"x": box["width"] * time_s / seconds, "y": box["height"] / 2})


@needs_chromium
def test_a_jump_lands_on_the_very_frame(browser: Browser, tmp_path: Path) -> None:
    """One white picture in a black video, where the repetition starts: between two key frames."""
    start = 77
    with video.Writer(tmp_path / "a.annotated.mp4", (64, 48), FPS) as writer:
        for index in range(120):
            writer.write(np.full((48, 64, 3), 255 if index == start else 0, np.uint8), index / FPS)
    found = a_summary(a_rep(0.5), a_rep(start / FPS), seconds=4.0)
    info = video.VideoInfo("a.mp4", 64, 48, FPS, 120, 4.0)
    entry = Entry(Analysis(info, "heavy", found), tmp_path / "a.annotated.mp4")
    page, _ = opened(browser, write(tmp_path, [entry]))
    page.locator("tr.rep button").nth(1).click()
    assert shown_s(page) == pytest.approx(start / FPS, abs=1 / FPS)
    page.evaluate("document.getElementById('video').controls = false")
    for _ in range(25):  # until the picture is on the screen: a busy machine takes its time
        page.wait_for_timeout(200)
        mean = _mean(page.locator("video").screenshot(type="png"))
        if mean > 200:
            break
    assert mean > 200, "the jump shows another picture"


def _mean(png: bytes) -> float:
    import cv2

    return float(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)[20:-20, 20:-20].mean())


@needs_chromium
def test_a_video_that_cannot_be_played_is_said(browser: Browser, tmp_path: Path) -> None:
    file = write(tmp_path, [an_entry(tmp_path)])
    (tmp_path / "a.annotated.mp4").write_bytes(b"no video" * 100)
    page = browser.new_page()
    page.goto(file.as_uri())
    page.locator("#trouble").wait_for()
    assert "a.annotated.mp4" in page.locator("#trouble").inner_text()


@needs_chromium
def test_keys_are_enough(browser: Browser, reports: Path) -> None:
    page, _ = opened(browser, reports / "heel_raises.html")
    page.locator("#next").focus()
    starts = [float(each.get_attribute("data-start") or 0) for each in page.locator("tr.rep").all()]
    for start_s in starts[:3]:
        page.keyboard.press("Enter")
        assert shown_s(page) == pytest.approx(start_s, abs=1 / FPS)
    page.locator("#previous").press("Enter")
    assert shown_s(page) == pytest.approx(starts[1], abs=1 / FPS)
    page.locator("#repeat").press("Space")
    assert page.locator("#repeat").get_attribute("aria-pressed") == "true"


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "heel_raises", "calf_stretch"])
def test_anybody_can_use_it(browser: Browser, reports: Path, scheme: str, name: str) -> None:
    page, _ = opened(browser, reports / f"{name}.html", color_scheme=scheme)
    assert violations(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert overflow_px(page) <= 0


@needs_chromium
def test_a_hostile_name_runs_nothing(browser: Browser, tmp_path: Path) -> None:
    page, asked = opened(browser, write(tmp_path / "report", [an_entry(tmp_path, HOSTILE)]))
    assert HOSTILE in page.title()
    assert not [each for each in asked if not each.startswith("file:")], asked
    page.locator("tr.rep button").nth(0).click()
    assert shown_s(page) == pytest.approx(0.3, abs=1 / FPS)


@needs_chromium
def test_paper_shows_a_drawing_and_no_controls(browser: Browser, reports: Path) -> None:
    page, _ = opened(browser, reports / "heel_raises.html", color_scheme="dark")
    page.emulate_media(media="print")
    shown = {name: page.locator(name).is_visible() for name in (".still svg", "video", "#next", "#angle")}
    assert shown == {".still svg": True, "video": False, "#next": False, "#angle": False}
    # Dark ink, though the screen is dark.
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 36, 33)"


@needs_chromium
def test_an_hour_is_looked_at_page_by_page(browser: Browser, tmp_path: Path) -> None:
    found = a_summary(*(a_rep(2.0 * n) for n in range(150)), seconds=300.0)
    with video.Writer(tmp_path / "a.annotated.mp4", (64, 48), 2.0) as writer:
        for index in range(600):
            writer.write(np.zeros((48, 64, 3), np.uint8), index / 2)
    info = video.VideoInfo("a.mp4", 64, 48, FPS, 600, 300.0)
    entry = Entry(Analysis(info, "heavy", found), tmp_path / "a.annotated.mp4")
    page, _ = opened(browser, write(tmp_path, [entry]))
    everything = page.locator("#all")
    everything.wait_for()
    page.locator("tr.rep button").nth(140).click()
    assert shown_s(page) == pytest.approx(280.0, abs=1 / FPS)
    head = page.locator("#angle .playhead").bounding_box()
    plot = page.locator("#angle .u-over").bounding_box()
    assert head and plot and plot["x"] <= head["x"] <= plot["x"] + plot["width"]
    everything.click()
    assert not everything.is_visible()

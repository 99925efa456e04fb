"""The folder of a report: pages, pictures and videos, and beside them, once, what all pages share."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from posecount.analysis import Analysis
from posecount.errors import PosecountError
from posecount.files import reason, replacing
from posecount.report.page import page
from posecount.report.poster import moment, write_poster
from posecount.words import Words

HERE = Path(__file__).parent
ASSETS = "assets"
INDEX = "index"


@dataclass(frozen=True, slots=True)
class Entry:
    """One video of a report, and where its annotated copy is."""

    analysis: Analysis
    annotated: Path


def write(directory: Path, entries: Sequence[Entry], *, language: str = "en", home: str = "") -> Path:
    """Write the report into `directory` and return its first page.

    One video has one page; several have one each, and a first page that lists them. Annotated videos that
    are not in `directory` yet are copied there. `home` is an address to go back to, for a web app.
    """
    say = Words(language)
    render = _renderer(say)
    try:
        (directory / ASSETS).mkdir(parents=True, exist_ok=True)
        for file in sorted((HERE / "static").iterdir()):
            shutil.copyfile(file, directory / ASSETS / file.name)
        pages = [
            _files(directory, stem, entry) | page(entry.analysis, say)
            for stem, entry in zip(_stems(entries), entries, strict=True)
        ]
    except OSError as error:
        raise PosecountError(f"cannot write the report in {directory}: {reason(error)}") from None
    for each in pages:
        # With one video its page is the first page.
        each["file"] = f"{each['stem']}.html" if len(pages) > 1 else f"{INDEX}.html"
        back = f"{INDEX}.html" if len(pages) > 1 else home
        _save(directory / each["file"], render("report.html", back=back, several=len(pages) > 1, **each))
    first = directory / f"{INDEX}.html"
    if len(pages) > 1:
        _save(first, render("index.html", pages=pages, back=home))
    return first


def _files(directory: Path, stem: str, entry: Entry) -> dict[str, Any]:
    video = entry.annotated
    if video.resolve().parent != directory.resolve():
        video = directory / f"{stem}.annotated{entry.annotated.suffix}"
        shutil.copyfile(entry.annotated, video)
    poster = directory / f"{stem}.jpg"
    write_poster(video, moment(entry.analysis.summary), poster)
    return {"stem": stem, "file_of_video": video.name, "poster": poster.name}


def _stems(entries: Sequence[Entry]) -> Iterator[str]:
    used = {INDEX, ASSETS} if len(entries) > 1 else set()
    for entry in entries:
        own = entry.annotated.stem.removesuffix(".annotated")
        numbered = (own if n == 1 else f"{own}-{n}" for n in range(1, len(entries) + 3))
        # Some file systems do not tell upper from lower case.
        stem = next(name for name in numbered if name.lower() not in used)
        used.add(stem.lower())
        yield stem


def _renderer(say: Words) -> Callable[..., str]:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(say=say, assets=ASSETS)
    return lambda template, /, **values: environment.get_template(template).render(**values)


def _save(path: Path, text: str) -> None:
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")

"""Where results go: the analysis file, the spreadsheet, and which of them belongs to which video."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from posecount.errors import PosecountError
from posecount.files import check_writable, reason, replacing

if TYPE_CHECKING:  # reading a video is not needed to know where its results go
    from posecount.analysis import Analysis

STDOUT = Path("-")
CSV_COLUMNS = (
    *("kind", "side", "start_s", "peak_s", "end_s", "duration_s", "quality", "range_deg", "up_s", "down_s"),
    *("sparc", "ripple_deg", "angle_deg", "knee_deg", "muscle", "bounces", "by_movement"),
)


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files wanted of one video; None: not wanted. `json` may be STDOUT."""

    json: Path | None = None
    csv: Path | None = None
    video: Path | None = None
    poses: Path | None = None

    def files(self) -> list[Path]:
        json = None if self.json == STDOUT else self.json
        return [path for path in (json, self.csv, self.video, self.poses) if path]


def plan(
    videos: Sequence[Path], named: Outputs, folder: Path | None, report: Path | None = None
) -> list[Outputs]:
    """What to write for each video: the `named` files, or all kinds into `folder`, which is made if missing.

    A `report` shows the videos, so they go into its folder unless they are wanted elsewhere.

    Raises PosecountError for anything that could not be written, or would overwrite a video that is read.
    """
    if len(videos) > 1 and (named.json or named.files()):
        raise PosecountError("--json, --csv, --video, --poses name one file; for several use --out DIR")
    if folder and named.files():
        raise PosecountError("--out DIR writes the JSON, CSV and video; leave the other names out")
    plans = [named] * len(videos)
    if folder:
        _make(folder)
        plans = [_inside(folder, stem) for stem in _stems(videos)]
    if report:
        _make(report)
        new = [report / f"{stem}.annotated.mp4" for stem in _stems(videos)]
        plans = [replace(each, video=each.video or path) for each, path in zip(plans, new, strict=True)]
    _check(videos, [path for outputs in plans for path in outputs.files()])
    return plans


def write(analysis: "Analysis", outputs: Outputs) -> None:
    """The annotated video is written while the analysis runs; this writes the rest."""
    if outputs.json == STDOUT:
        sys.stdout.write(to_json(analysis))
        sys.stdout.flush()
    elif outputs.json:
        with replacing(outputs.json) as part:
            part.write_text(to_json(analysis), encoding="utf-8")
    if outputs.csv:
        with replacing(outputs.csv) as part:
            part.write_text(to_csv(analysis), encoding="utf-8", newline="")


def to_json(analysis: "Analysis") -> str:
    """One line a field, so that people and grep find their way past the long columns of angles."""
    found = analysis.to_dict().items()
    lines = (f" {json.dumps(key)}: {json.dumps(each, allow_nan=False)}" for key, each in found)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def to_csv(analysis: "Analysis") -> str:
    """One row a rep or hold, in order of time; what does not apply or was not measurable is empty."""
    found = analysis.to_dict()
    rows = [{"kind": kind[:-1], **each} for kind in ("reps", "holds") for each in found[kind]]
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["start_s"]))
    return text.getvalue()


def _inside(folder: Path, stem: str) -> Outputs:
    return Outputs(folder / f"{stem}.json", folder / f"{stem}.csv", folder / f"{stem}.annotated.mp4")


def _stems(videos: Sequence[Path]) -> Iterator[str]:
    """A name for each video's results: its own, numbered when another has it already."""
    used: set[str] = set()
    for path in videos:
        numbered = (path.stem if n == 1 else f"{path.stem}-{n}" for n in range(1, len(videos) + 1))
        # Some file systems do not tell upper from lower case.
        stem = next(name for name in numbered if name.lower() not in used)
        used.add(stem.lower())
        yield stem


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PosecountError(f"cannot make the folder {folder}: {reason(error)}") from None


def _check(videos: Sequence[Path], outputs: Sequence[Path]) -> None:
    inputs = {path.resolve() for path in videos}
    seen: set[Path] = set()
    for path in outputs:
        check_writable(path)
        if path.resolve() in inputs:
            raise PosecountError(f"{path} is a video to analyze; write the results under another name")
        if path.resolve() in seen:
            raise PosecountError(f"{path} is named for two outputs; give each its own name")
        if path.is_file() or not path.exists():
            seen.add(path.resolve())

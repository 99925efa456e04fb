"""What runs on the workers: a video's content told from others', and its analysis as a record."""

import hashlib
from typing import Any

from posecount import __version__
from posecount.analysis import Analysis, analyze
from posecount.batch.places import here
from posecount.errors import PosecountError

Record = dict[str, Any]
CHUNK = 1 << 20


def version() -> str:
    return __version__


def content(name: str) -> str:
    """The SHA-256 of the file. Raises OSError when it cannot be read."""
    digest = hashlib.sha256()
    with here(name) as path, open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def record(name: str, settings: dict[str, Any]) -> Record:
    """The video's row, and those of its reps and holds; of a bad one the error. OSError as `content`."""
    with here(name) as path:
        try:
            return {"error": None, **_rows(analyze(path, workers=1, **settings))}
        except PosecountError as error:
            return bad(str(error).replace(path, name))


def bad(error: str) -> Record:
    return {"error": error, "video": {}, "reps": [], "holds": []}


def _rows(found: Analysis) -> Record:
    whole = found.to_dict()
    counts, rhythm, quality = whole["counts"], whole["rhythm"], whole["quality"]
    video = {key: value for key, value in whole["video"].items() if key != "path"}
    return {
        "video": {
            **video,
            "model": whole["model"],
            "exercise": whole["exercise"],
            "left": counts["left"],
            "right": counts["right"],
            "total": counts["total"],
            "jerky": sum(rep["quality"] == "jerky" for rep in whole["reps"]),
            "partial": sum(rep["quality"] == "partial" for rep in whole["reps"]),
            **rhythm,
            "usable_fraction": quality["usable_fraction"],
            "warnings": [warning["code"] for warning in quality["warnings"]],
        },
        "reps": whole["reps"],
        "holds": whole["holds"],
    }

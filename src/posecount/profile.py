"""What a person told about themself, the safety check and their height: in a file on this machine only."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

from posecount import safety
from posecount.errors import PosecountError
from posecount.files import reason, replacing
from posecount.types import nan


@dataclass(frozen=True, slots=True)
class Profile:
    """`checked_on` is the day of the safety check, '' before it; `yes` what was answered with yes."""

    checked_on: str = ""
    yes: tuple[str, ...] = ()
    height_cm: float = nan

    def checked(self, yes: tuple[str, ...], today: date) -> "Profile":
        return replace(self, checked_on=today.isoformat(), yes=yes)


def file() -> Path:
    """Beside the history."""
    from platformdirs import user_data_path

    return user_data_path("posecount", False) / "profile.json"


def load() -> Profile:
    """An empty one before anything was told. Raises PosecountError for a file that is no profile."""
    path = file()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Profile()
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is not JSON"
        raise PosecountError(f"{path} cannot be read: {why}; delete it to begin anew") from None
    if not _sound(told):
        raise PosecountError(f"{path} is no profile of posecount's; delete it to begin anew")
    height_cm = told["height_cm"]
    return Profile(told["checked_on"], tuple(told["yes"]), nan if height_cm is None else float(height_cm))


def save(profile: Profile) -> None:
    """Raises PosecountError when it cannot be written."""
    path = file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PosecountError(f"cannot make the folder {path.parent}: {reason(error)}") from None
    height_cm = profile.height_cm if isfinite(profile.height_cm) else None
    with replacing(path) as part:
        part.write_text(json.dumps({**asdict(profile), "height_cm": height_cm}), encoding="utf-8")
        part.chmod(0o600)  # it is about someone's health


def forget() -> None:
    file().unlink(missing_ok=True)


def _sound(told: Any) -> bool:
    return (
        isinstance(told, dict)
        and told.keys() == {"checked_on", "yes", "height_cm"}
        and isinstance(told["checked_on"], str)
        and isinstance(told["yes"], list)
        and all(code in safety.QUESTIONS for code in told["yes"])
        and (told["height_cm"] is None or isinstance(told["height_cm"], int | float))
    )

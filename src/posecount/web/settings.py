"""What `posecount serve` was asked for, as all pages see it: `request.app.state.settings`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`store` is the history's URL, None for this user's own; `record` a folder to keep pictures in."""

    store: str | None = None
    model: str = "auto"
    record: Path | None = None

"""What is known of which video, kept as soon as it is known: a run that is stopped goes on where it was.

Lines of JSON in files that appear whole, in `records/` of the destination. The latest line of a video counts.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from posecount import __version__
from posecount.batch.places import Destination
from posecount.batch.work import Record
from posecount.errors import PosecountError

FOLDER = "records"
SMALL = 500  # files of one record each, before they become one: a folder of a million is no good
Entry = dict[str, Any]  # name, content, settings, passing, and the record's own fields


class Ledger:
    """`entries` by the video's name. Raises PosecountError for what it cannot read."""

    def __init__(self, destination: Destination, settings: dict[str, str]) -> None:
        self._destination = destination
        self._settings = {**settings, "posecount": __version__}
        self.entries: dict[str, Entry] = {}
        self._by_content: dict[str, Entry] = {}
        self._small: list[tuple[str, str]] = []  # file, name of its video
        self._next = 0
        for file, content in destination.read_all(FOLDER).items():
            for entry in _lines(file, content):
                self._keep(entry)
            self._next = int(file.rpartition("/")[2].partition("-")[0]) + 1

    def known(self, content: str) -> Entry | None:
        """What was found before in the same content, by the same version with the same settings."""
        return self._by_content.get(content)

    def is_done(self, name: str, content: str) -> bool:
        entry = self.entries.get(name)
        return entry is not None and entry["content"] == content and self.known(content) is not None

    def add(self, name: str, content: str | None, record: Record, passing: bool = False) -> None:
        """`passing`: an error of the circumstances, to be tried again the next time."""
        entry = {
            "name": name,
            "content": content,
            "settings": self._settings,
            "passing": passing,
            **{key: record[key] for key in ("error", "video", "reps", "holds")},
        }
        self._keep(entry)
        self._small.append((self._write([entry]), name))
        if len(self._small) >= SMALL:
            self._write([self.entries[name] for name in dict.fromkeys(name for _, name in self._small)])
            for file, _ in self._small:
                self._destination.remove(file)
            self._small.clear()

    def _keep(self, entry: Entry) -> None:
        self.entries[entry["name"]] = entry
        if entry["content"] and entry["settings"] == self._settings and not entry["passing"]:
            self._by_content[entry["content"]] = entry

    def _write(self, entries: Iterable[Entry]) -> str:
        # Numbered, so that the latest is read last; and a name of its own, should two clients be at work.
        file = f"{FOLDER}/{self._next:09}-{uuid.uuid4().hex}.jsonl"
        self._next += 1
        lines = (json.dumps(entry, allow_nan=False, separators=(",", ":")) for entry in entries)
        self._destination.write(file, ("\n".join(lines) + "\n").encode())
        return file


def _lines(file: str, content: bytes) -> list[Entry]:
    try:
        return [json.loads(line) for line in content.splitlines()]
    except ValueError:
        raise PosecountError(f"{file} is damaged: delete it, and its videos are analyzed again") from None

"""Files here and in object stores: which videos a source means, how they are read and results written."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from glob import has_magic
from pathlib import Path
from typing import Any

import fsspec

from posecount.errors import PosecountError
from posecount.files import reason, replacing

VIDEOS = {
    *(".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".poses"),
    *(".ts", ".webm", ".wmv"),
}


class Place:
    """A path or URL. Raises PosecountError when nobody knows how to reach it."""

    def __init__(self, name: str) -> None:
        try:
            self.files, self.path = fsspec.core.url_to_fs(name)
        except ValueError as error:
            raise PosecountError(f"cannot reach {name}: {str(error).lower()}") from None
        except ImportError as error:  # fsspec's words tell which package to install
            raise PosecountError(f"cannot reach {name}: {error}, here and for all workers") from None
        self.local = "file" in _protocols(self.files)

    @property
    def name(self) -> str:
        """As it is written in tables: the absolute path, or the URL."""
        return self.path if self.local else str(self.files.unstrip_protocol(self.path))

    def inside(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"


def expand(sources: Sequence[str]) -> list[str]:
    """The names of all videos meant, each once, in order. Raises PosecountError for a source without any."""
    return sorted({found for source in sources for found in _meant(source)})


def _meant(source: str) -> Iterator[str]:
    place = Place(source)
    try:
        if has_magic(place.path) and not place.files.exists(place.path):
            found = [each for each in place.files.glob(place.path) if place.files.isfile(each)]
        elif place.files.isdir(place.path):
            found = [each for each in place.files.find(place.path) if Path(each).suffix.lower() in VIDEOS]
        else:
            found = [place.path] if place.files.exists(place.path) else []
    except OSError as error:
        raise PosecountError(f"cannot look into {source}: {reason(error)}") from None
    if not found:
        raise PosecountError(f"there is no video in {source}; name files, folders, patterns or URLs")
    for each in found:
        yield each if place.local else str(place.files.unstrip_protocol(each))


@contextmanager
def here(name: str) -> Iterator[str]:
    """A path at which the file can be read while the block runs. Raises OSError when it cannot be had."""
    place = Place(name)
    if place.local:
        yield place.path
        return
    with tempfile.TemporaryDirectory(prefix="posecount-") as folder:
        path = str(Path(folder) / Path(place.path).name)
        place.files.get_file(place.path, path)
        yield path


class Destination:
    """A folder for results, here or in an object store, made if missing. Files appear in it whole."""

    def __init__(self, name: str) -> None:
        self._place = Place(name)
        try:
            self._place.files.makedirs(self._place.path, exist_ok=True)
        except OSError as error:
            raise PosecountError(f"cannot make the folder {name}: {reason(error)}") from None

    @property
    def name(self) -> str:
        return self._place.name

    def write(self, name: str, content: bytes) -> None:
        path = self._place.inside(name)
        if not self._place.local:
            self._place.files.pipe_file(path, content)  # stores have no half-written objects
            return
        Path(path).parent.mkdir(exist_ok=True)
        with replacing(Path(path)) as part:
            part.write_bytes(content)

    def read_all(self, folder: str) -> dict[str, bytes]:
        """The files in a folder by their names in the destination, in their order; hidden ones are not."""
        path = self._place.inside(folder)
        if not self._place.files.exists(path):
            return {}
        names = [each for each in self._place.files.find(path) if not Path(each).name.startswith(".")]
        found: dict[str, bytes] = self._place.files.cat(names) if names else {}
        return {f"{folder}/{Path(each).name}": found[each] for each in sorted(found)}

    def remove(self, name: str) -> None:
        self._place.files.rm_file(self._place.inside(name))


def _protocols(files: Any) -> tuple[str, ...]:
    return (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)

"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posecount.errors import PosecountError


def check_writable(path: Path) -> None:
    """Raise PosecountError now rather than after minutes of work. Leaves nothing behind."""
    if path.is_dir():
        raise PosecountError(f"cannot write {path}: it is a folder; name a file in it")
    if not path.parent.is_dir():
        raise PosecountError(f"cannot write {path}: there is no folder {path.parent}; make it first")
    try:
        # Permissions alone do not tell of read-only disks, and root passes them all.
        if _replaceable(path):
            tempfile.TemporaryFile(dir=path.resolve().parent).close()
    except OSError as error:
        raise PosecountError(f"cannot write {path}: {reason(error)}") from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write beside `path`, that takes its place when the block ends well, and else vanishes."""
    target = path.resolve()  # a link goes on pointing where it did
    part = target.with_name(f".posecount-{os.getpid()}{target.suffix}") if _replaceable(path) else path
    try:
        yield part
        if part != path:
            os.replace(part, target)
    except OSError as error:
        raise PosecountError(f"cannot write {path}: {reason(error)}") from None
    finally:
        if part != path:
            part.unlink(missing_ok=True)


def _replaceable(path: Path) -> bool:
    # /dev/null, a pipe: must be written to, never replaced.
    return path.is_file() or not path.exists()


def reason(error: OSError) -> str:
    """To end a sentence with."""
    return (error.strerror or str(error)).lower()

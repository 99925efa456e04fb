"""A file from the browser, as the body of a request: streamed into a private folder under a random name."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import HTTPException, Request

LARGEST = 1 << 30  # bytes: a quarter of an hour of a phone's video
TOO_LARGE = f"This video is too large: at most {LARGEST >> 20} MB. Cut it, or run posecount analyze on it."


async def receive(request: Request, folder: Path) -> Path:
    """The file, which the caller deletes when done; nothing is left of one that is refused or breaks off.

    What the browser calls the file is never part of the path. Raises HTTPException 413 before reading when
    the announced length is too large, else as soon as too much has come; 400 when nothing came.
    """
    if int(request.headers.get("content-length") or 0) > LARGEST:
        raise HTTPException(413, TOO_LARGE)
    path = folder / secrets.token_hex(16)
    with _kept_if_whole(path):
        size = 0
        with path.open("xb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > LARGEST:
                    raise HTTPException(413, TOO_LARGE)
                file.write(piece)
        if not size:
            raise HTTPException(400, "This file is empty.")
    return path


@contextmanager
def _kept_if_whole(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:  # also when the browser goes away in the middle
        path.unlink(missing_ok=True)
        raise

"""Opening a database, and its troubles in one clear line each."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from posecount.errors import PosecountError

BUSY_S = 1.0  # how long one session waits while another writes; a write takes milliseconds

# What databases say, in the order tried -> what it means for the user.
TROUBLES = (
    ("disk is full", "the disk is full; free some space"),
    ("no space left", "the disk is full; free some space"),
    ("read-only file system", "it is read-only; make the file and its folder writable"),
    ("readonly database", "it is read-only; make the file and its folder writable"),
    ("unable to open", "it cannot be opened; check that the folder exists and is yours to write in"),
    ("not a database", "it is not a posecount history; move the file away and a new one is begun"),
    ("malformed", "the file is damaged; move it away and a new one is begun, or restore a backup"),
    ("locked", "another program keeps it locked; close that program"),
    ("disk i/o error", "the disk reports an error; check the drive and its free space"),
    ("no module named", "the driver for this database is not installed: pip install 'posecount[postgresql]'"),
    ("could not parse", "this is not a database URL; it looks like sqlite:///file or postgresql://host/name"),
    ("can't load plugin", "this kind of database is not known; use sqlite:// or postgresql+psycopg://"),
)


def default_url() -> URL:
    """The history of whoever is logged in, in the folder their system keeps for such data."""
    from platformdirs import user_data_path

    return URL.create("sqlite", database=str(user_data_path("posecount", False) / "history.sqlite3"))


@contextmanager
def plainly(where: str) -> Iterator[None]:
    """Turn whatever a database raises into a PosecountError of one line that names the history at `where`."""
    try:
        yield
    except PosecountError as error:
        raise PosecountError(f"History {where}: {error}") from error
    except (SQLAlchemyError, OSError, ImportError) as error:
        said = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error).strip()
        known = (words for part, words in TROUBLES if part in said.lower())
        raise PosecountError(f"History {where}: {next(known, said.splitlines()[0])}.") from error


def connect(url: URL | str) -> tuple[Engine, str]:
    """The engine, and what to call the history in messages (a password never shows)."""
    with plainly(str(url) if "@" not in str(url) else "URL"):
        url = make_url(url)
    where = url.database if url.drivername.startswith("sqlite") else url.render_as_string(hide_password=True)
    with plainly(where or "in memory"):
        if not url.drivername.startswith("sqlite"):
            # A server that has gone away must not hold up the person before the camera for minutes.
            limit = {"connect_timeout": 3} if url.get_backend_name() == "postgresql" else {}
            return create_engine(url, pool_pre_ping=True, connect_args=limit), where or ""
        if url.database and not url.database.startswith((":", "file:")):
            # The history says something about a person's health: nobody else's to read.
            Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            url = _as_it_is(url, Path(url.database))
        return _sqlite(url), where or "in memory"


def _as_it_is(url: URL, file: Path) -> URL:
    """What cannot be written, as on a read-only disk, can still be read, but only if SQLite is told."""
    if not file.is_file() or os.access(file, os.W_OK) or os.access(file.parent, os.W_OK):
        return url
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    return url.set(database=f"file:{quote(str(file))}", query=query)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_S})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what a user deletes is gone from the file as well
        _write_ahead(connection)
        # In WAL mode NORMAL survives SIGKILL but may forget the last commits when the power fails.
        # FULL waits for the disk once a rep, and so forgets nothing.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A writer takes its turn at once: one that had read first could not be made to wait, only be refused.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _write_ahead(connection: Any) -> None:
    """Readers beside a writer; a killed program leaves whole transactions.

    SQLite does not wait its timeout for this change when another opens the new file too: we wait instead.
    """
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)

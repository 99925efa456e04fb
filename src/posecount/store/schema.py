"""The tables of the history, and how a file written by an older posecount becomes one of today's.

Angles, seconds and fractions that could not be measured are NULL here and NaN in the program.
"""

from collections.abc import Callable

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
)

from posecount.errors import PosecountError

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", String(32), nullable=False),  # UTC, ISO 8601: sorts as text in every database
    Column("day", Date, nullable=False),  # where the user was: a dose belongs to their day, not to UTC's
    Column("exercise", String(64), nullable=False),
    Column("model", String(16), nullable=False),
    Column("source", String(16), nullable=False),
    Column("duration_s", Float, nullable=False, default=0.0),
    Column("usable_fraction", Float),
    Column("finished", Boolean, nullable=False, default=False),
    Index("sessions_day", "day"),
)


def _of_session() -> Column[int]:
    return Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False)


reps = Table(
    "reps",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_session(),
    Column("side", String(8), nullable=False),
    Column("start_s", Float, nullable=False),
    Column("peak_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("range_deg", Float),
    Column("quality", String(8), nullable=False),
    Column("up_s", Float),
    Column("down_s", Float),
    Column("sparc", Float),
    Column("ripple_deg", Float),
    Column("by_movement", Boolean, nullable=False, default=False),
    Index("reps_session", "session_id", "side", "quality", "range_deg"),  # what the history sums
)

holds = Table(
    "holds",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_session(),
    Column("side", String(8), nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("angle_deg", Float),
    Column("knee_deg", Float),
    Column("muscle", String(16), nullable=False),
    Column("quality", String(8), nullable=False),
    Column("bounces", Integer, nullable=False, default=0),
    Index("holds_session", "session_id"),
)

cues = Table(
    "cues",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_session(),
    Column("code", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Index("cues_session", "session_id"),
)


def _add_cues(connection: Connection) -> None:
    """1 -> 2: what the coach said is kept beside what was counted."""
    cues.create(connection)


def _add_by_movement(connection: Connection) -> None:
    """2 -> 3: of a rep it is kept whether joints were seen. Until now they always were."""
    connection.exec_driver_sql("ALTER TABLE reps ADD COLUMN by_movement BOOLEAN NOT NULL DEFAULT false")


# The step at index i brings version i + 1 to i + 2. Append only: a step that has been released never changes.
MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_add_cues, _add_by_movement)
CURRENT = len(MIGRATIONS) + 1


def version(connection: Connection) -> int:
    """0 when the database is new. Raises PosecountError for one written by something else."""
    tables = inspect(connection).get_table_names()
    if schema_version.name in tables:
        return int(connection.execute(select(schema_version.c.version)).scalar_one())
    if sessions.name in tables:
        raise PosecountError("it holds other tables named 'sessions'; give posecount a database of its own")
    return 0


def upgrade(connection: Connection) -> None:
    """Bring the database to CURRENT inside the caller's transaction: all of it or nothing."""
    found = version(connection)
    if found > CURRENT:
        raise PosecountError(
            f"it was written by a newer posecount (version {found}; this one reads up to {CURRENT}); "
            "update posecount"
        )
    if found == 0:
        metadata.create_all(connection)
        connection.execute(schema_version.insert().values(version=CURRENT))
    for step in MIGRATIONS[found - 1 :] if found else ():
        step(connection)
    connection.execute(schema_version.update().values(version=CURRENT))

"""What was practised, kept in a database on this machine (or a clinic's own), written as it happens.

    with Store() as store, store.session(exercise="ankle-pump", model="heavy", source="live",
                                         started_at=datetime.now().astimezone()) as log:
        log.add(event, session.state.exercise)  # on the disk when this returns
        log.finish(summary)

Importing this package brings in SQLAlchemy (0.2 s): import it where it is used.
"""

from posecount.store.log import SessionLog, Source
from posecount.store.store import SessionRecord, Store

__all__ = ["SessionLog", "SessionRecord", "Source", "Store"]

"""Batch: every video that is not done yet goes to the cluster, and what comes back is kept at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from distributed import Client, Future, as_completed

from posecount.batch import tables, work
from posecount.batch.cluster import connected
from posecount.batch.ledger import Ledger
from posecount.batch.places import Destination, expand
from posecount.errors import PosecountError

RETRIES = 2  # of a task that fails by circumstance: a store that does not answer, a lack of memory
WINDOW = (
    3  # videos under way for each process: it never waits, and a million need not be known to the scheduler
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many videos there are, and of these: analyzed now, known before, and bad."""

    videos: int
    analyzed: int
    known: int
    bad: int
    destination: str


OnProgress = Callable[[int, int], None]


def run(
    sources: Sequence[str],
    out: str,
    settings: dict[str, Any],
    *,
    scheduler: str | None,
    workers: int,
    on_progress: OnProgress = lambda done, of: None,
) -> Outcome:
    """Analyze all videos of the sources into three tables in `out`. Stopped, it goes on the next time.

    Raises PosecountError when it cannot begin, or the scheduler is lost.
    """
    names = expand(sources)
    destination = Destination(out)
    ledger = Ledger(destination, settings)
    with connected(scheduler, workers) as client:
        rounds = _Round(client, ledger, settings)
        try:
            for done, _ in enumerate(rounds.run(names), 1):
                on_progress(done, len(names))
        finally:
            tables.write(destination, ledger.entries.values())
    bad = sum(ledger.entries[name]["error"] is not None for name in names)
    return Outcome(len(names), rounds.analyzed, len(names) - rounds.analyzed, bad, destination.name)


class _Round:
    """Each video's content first, and its analysis if that content is new."""

    def __init__(self, client: Client, ledger: Ledger, settings: dict[str, Any]) -> None:
        self._client, self._ledger, self._settings = client, ledger, settings
        self._contents: dict[Future[Any], str] = {}
        self._analyses: dict[Future[Any], tuple[str, str]] = {}
        self._alike: dict[str, list[str]] = {}  # content under analysis: other videos that hold the same
        self.analyzed = 0

    def run(self, names: Sequence[str]) -> Iterator[str]:
        """The names of the videos as they are done."""
        todo = iter(names)
        window = WINDOW * max(1, sum(self._client.nthreads().values()))
        running = as_completed([self._ask(name) for name in islice(todo, window)])
        for future in running:
            if future.cancelled():
                raise PosecountError("the scheduler is gone; the same command goes on where this one ended")
            if future in self._contents:
                name = self._contents.pop(future)
                done, more = self._heard(name, future)
            else:
                done, more = self._found(future), []
            for each in [*more, *(self._ask(name) for name in islice(todo, len(done)))]:
                running.add(each)
            future.release()
            yield from done

    def _ask(self, name: str) -> Future[Any]:
        future = self._client.submit(work.content, name, pure=False, retries=RETRIES, priority=0)
        self._contents[future] = name
        return future

    def _heard(self, name: str, future: Future[Any]) -> tuple[list[str], list[Future[Any]]]:
        """Its content is known: the videos that are done by that, and the analyses now to be done."""
        if future.status == "error":
            self._ledger.add(name, None, work.bad(_words(name, future)), passing=True)
            return [name], []
        content = future.result()
        if content in self._alike:
            self._alike[content].append(name)
            return [], []
        known = self._ledger.known(content)
        if known:
            if not self._ledger.is_done(name, content):
                error = known["error"] and known["error"].replace(known["name"], name)
                self._ledger.add(name, content, {**known, "error": error})
            return [name], []
        # Begun videos before new ones, or all contents would be read first.
        analysis = self._client.submit(
            work.record, name, self._settings, pure=False, retries=RETRIES, priority=1
        )
        self._analyses[analysis], self._alike[content] = (name, content), []
        return [], [analysis]

    def _found(self, future: Future[Any]) -> list[str]:
        name, content = self._analyses.pop(future)
        names = [name, *self._alike.pop(content)]
        lost = future.status == "error"
        record = work.bad(_words(name, future)) if lost else future.result()
        self.analyzed += 1
        for each in names:
            self._ledger.add(each, content, record, passing=lost)
        return names


def _words(name: str, future: Future[Any]) -> str:
    error = future.exception()
    words = " ".join(str(error).split())
    return f"{name} could not be analyzed: {type(error).__name__}: {words}"

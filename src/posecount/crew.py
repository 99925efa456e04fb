"""Processes that look at pieces of a video side by side, each with one landmarker, which keeps a core busy.

They are programs of their own, talked to through pipes: nothing of the caller's is run in them, as
multiprocessing would, so that a script needs no guard to analyze a video.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import cv2

from posecount.errors import PosecountError
from posecount.landmarks import Looker, Seen
from posecount.pieces import Piece
from posecount.video import Survey

AHEAD = (
    2  # pieces begun for each worker before the first of them is through: what is found ahead fills memory
)
TRIES = 3  # of a piece whose worker dies: killed once is bad luck
BATCH = 8  # frames sent at a time
DONE = None
LOST = "the processes that find landmarks end before they are done, perhaps for want of memory"

Message = list[Seen] | Exception | None


@dataclass(frozen=True, slots=True)
class Order:
    """What all workers need to know."""

    survey: Survey
    bundle: Path
    fps: float | None = None


class Crew:
    """A context manager; `look_at` gives what the frames of a piece show, in any order of pieces.

    `found` counts the frames looked at so far. An error of a worker is raised by `look_at`.
    """

    def __init__(self, order: Order, parts: Sequence[Piece], workers: int) -> None:
        self._todo = deque(parts)
        self._results: dict[Piece, queue.SimpleQueue[Message]] = {}
        self._change = threading.Condition()
        self._ahead = AHEAD * workers
        self._closed = False
        self._workers = [_Worker(order) for _ in range(workers)]
        self._threads = [threading.Thread(target=self._run, args=(each,)) for each in self._workers]
        self.found = 0

    def __enter__(self) -> "Crew":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._change:
            self._closed = True
            self._change.notify_all()
        for worker in self._workers:
            worker.kill()
        for thread in self._threads:
            thread.join()
        for worker in self._workers:
            worker.close()

    def look_at(self, piece: Piece) -> Iterator[Seen]:
        """What its frames show, in order, as they are found."""
        with self._change:
            if piece not in self._results and piece not in self._todo:
                self._todo.appendleft(piece)
            results = self._results.setdefault(piece, queue.SimpleQueue())
            self._change.notify_all()
        while (message := results.get()) is not DONE:
            if isinstance(message, Exception):
                raise message
            yield from message
        with self._change:
            del self._results[piece]
            self._change.notify_all()

    def _run(self, worker: "_Worker") -> None:
        while (piece := self._next()) is not None:
            results = self._results[piece]
            if not self._pass_on(worker, piece, results):
                results.put(PosecountError(f"{LOST}; try --workers 1"))

    def _next(self) -> Piece | None:
        with self._change:
            self._change.wait_for(lambda: self._closed or (self._todo and self._may_begin(self._todo[0])))
            if self._closed:
                return None
            piece = self._todo.popleft()
            self._results.setdefault(piece, queue.SimpleQueue())
            return piece

    def _may_begin(self, piece: Piece) -> bool:
        return piece in self._results or len(self._results) < self._ahead

    def _pass_on(self, worker: "_Worker", piece: Piece, results: "queue.SimpleQueue[Message]") -> bool:
        """Whether the piece came to its end, be it an error."""
        given = 0
        for _ in range(TRIES):
            skip = given  # the same again: frames that another worker found before it died
            try:
                for message in worker.look_at(piece):
                    if isinstance(message, list):
                        fresh = message[skip:]
                        skip -= len(message) - len(fresh)
                        given += len(fresh)
                        self._count(sum(seen.pose.time_s >= piece.start_s for seen in fresh))
                        results.put(fresh)
                    else:
                        results.put(message)
                return True
            except (EOFError, OSError, pickle.UnpicklingError):
                worker.close()
        return self._closed

    def _count(self, frames: int) -> None:
        with self._change:
            self.found += frames


class _Worker:
    """A process, started when first needed and anew after it has died."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._wanted = True

    def look_at(self, piece: Piece) -> Iterator[Message]:
        """Lists of what was seen, then DONE; or an error. EOFError or OSError when the process dies."""
        process = self._process or self._start()
        assert process.stdin and process.stdout
        pickle.dump(piece, process.stdin)
        process.stdin.flush()
        message: Message = []
        while isinstance(message, list):
            message = pickle.load(process.stdout)
            yield message

    def kill(self) -> None:
        with self._starting:
            self._wanted = False
            if self._process:
                self._process.kill()

    def close(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._starting:
            if not self._wanted:
                raise EOFError
            self._process = process = subprocess.Popen(
                [sys.executable, "-c", "from posecount.crew import work; work()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                start_new_session=True,  # Ctrl-C is for the one who asked
            )
        assert process.stdin
        pickle.dump(self._order, process.stdin)
        return process


def work() -> None:
    """In the process: looks at each piece that stdin names, until there are no more or nobody listens."""
    cv2.setNumThreads(1)  # each has a core to itself
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between
    try:
        for message in _messages(pickle.load(orders), orders):
            pickle.dump(message, answers)
            answers.flush()
    except (EOFError, BrokenPipeError):
        os._exit(0)


def _messages(order: Order, pieces: BinaryIO) -> Iterator[Message]:
    """What is answered to each piece. Raises EOFError when there are no more."""
    with ExitStack() as stack:
        looker: Looker | None = None
        while True:
            piece = pickle.load(pieces)
            try:
                looker = looker or stack.enter_context(Looker(order.bundle))
                seen = looker.look_at(order.survey, piece, order.fps)
                while batch := list(islice(seen, BATCH)):
                    yield batch
                yield DONE
            except Exception as error:
                yield error

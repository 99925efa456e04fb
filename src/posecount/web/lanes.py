"""Eight people on two cores: a few threads serve everyone's newest picture, whoever has waited longest first.

Each person has landmarkers of their own (they remember where the person was) and at most one picture waiting,
not yet unpacked: whoever is late loses pictures, nobody else's are delayed by more than one round.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from posecount.live.agreement import Agreement, Detector
from posecount.live.lookout import Lookout
from posecount.live.source import Shot
from posecount.types import Frame, Pose
from posecount.web.picture import decoded


@dataclass(frozen=True, slots=True)
class Packet:
    """A picture as it came."""

    captured_ms: float  # by the browser's own clock
    time_s: float  # the session's media time
    arrived_s: float  # by this machine's monotonic clock
    jpeg: bytes


Result = tuple[Packet, Shot, Pose]


class Listener(Protocol):
    """Called from the lanes' threads, in order of time, one call at a time."""

    def found(self, packet: Packet, shot: Shot, pose: Pose) -> None: ...
    def failed(self, error: Exception) -> None: ...


class Seat:
    """One session's place in the lanes."""

    def __init__(
        self, landmarkers: Sequence[Detector], listener: Listener, lookout: Lookout | None, served: int
    ) -> None:
        self.listener = listener
        self._lookout = lookout
        self.landmarkers = landmarkers
        self.free = list(landmarkers)
        self.waiting: Packet | None = None
        self.served = served  # the turn in which it last was served
        self.dropped = 0
        self._taken = self._given = 0
        self._giving = threading.Lock()
        self._ready: dict[int, tuple[Detector, Result | None]] = {}
        self._agreement = Agreement()
        self._astray: list[Detector] = []  # found someone else than the others

    @property
    def servable(self) -> bool:
        return self.waiting is not None and self._ready_now is not None

    @property
    def _ready_now(self) -> Detector | None:
        """Who takes the next picture; None while whoever must is at work."""
        alone = self._agreement.alone
        return next((each for each in self.free if alone in (None, each)), None)

    def take(self) -> "Task":
        packet, self.waiting = self.waiting, None
        landmarker = self._ready_now
        assert packet and landmarker
        self.free.remove(landmarker)
        self._taken += 1
        return Task(self, self._taken, landmarker, packet)

    def look(self, landmarker: Detector, packet: Packet) -> Result:
        frame = Frame(packet.time_s, decoded(packet.jpeg))
        if landmarker in self._astray:
            self._astray.remove(landmarker)
            landmarker.forget()
        return packet, Shot(frame, packet.arrived_s), landmarker.detect(frame)

    def give(self, number: int, landmarker: Detector, result: Result | None) -> None:
        """Pass results on in the order of their pictures; None for one that gave nothing."""
        with self._giving:
            self._ready[number] = landmarker, result
            while self._given + 1 in self._ready:
                self._given += 1
                self._pass_on(*self._ready.pop(self._given))

    def _pass_on(self, landmarker: Detector, result: Result | None) -> None:
        if result is None:
            return
        if len(self.landmarkers) > 1 and not self._agreement.holds(landmarker, result[2]):
            self._astray.append(landmarker)
            return
        packet, shot, pose = result
        if self._lookout:
            self._lookout.offer(shot, pose)
            if self._lookout.larger.is_set():
                self._lookout.larger.clear()
                self._astray[:] = self.landmarkers
            pose = replace(pose, people=self._lookout.people)
        self.listener.found(packet, shot, pose)


@dataclass(frozen=True, slots=True)
class Task:
    """One picture to look at."""

    seat: Seat
    number: int
    landmarker: Detector
    packet: Packet

    def run(self) -> None:
        result = None
        try:
            result = self.seat.look(self.landmarker, self.packet)
        except Exception as error:  # of this picture: the others at this machine go on
            self.seat.listener.failed(error)
        try:
            self.seat.give(self.number, self.landmarker, result)
        except Exception as error:
            self.seat.listener.failed(error)


class Lanes:
    """`count` threads for all seats. `close` ends them."""

    def __init__(self, count: int) -> None:
        self._changed = threading.Condition()
        self._seats: list[Seat] = []
        self._turn = 0
        self._closed = False
        self._threads = [threading.Thread(target=self._run, name="lane", daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def sit(
        self, landmarkers: Sequence[Detector], listener: Listener, lookout: Lookout | None = None
    ) -> Seat:
        """A `lookout` for landmarkers that do not look around themselves."""
        with self._changed:
            seat = Seat(landmarkers, listener, lookout, self._turn)
            self._seats.append(seat)
            return seat

    def put(self, seat: Seat, packet: Packet) -> None:
        """Never waits: a picture that nobody has begun with is replaced."""
        with self._changed:
            seat.dropped += seat.waiting is not None
            seat.waiting = packet
            self._changed.notify()

    def leave(self, seat: Seat) -> None:
        """Waits until none of its landmarkers is at work; nothing is found for it afterwards."""
        with self._changed:
            self._seats.remove(seat)
            self._changed.wait_for(lambda: len(seat.free) == len(seat.landmarkers))

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (task := self._take()) is not None:
            task.run()
            with self._changed:
                task.seat.free.append(task.landmarker)
                self._changed.notify_all()

    def _take(self) -> Task | None:
        """A picture of whoever has waited longest; None once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or any(seat.servable for seat in self._seats))
            if self._closed:
                return None
            seat = min((seat for seat in self._seats if seat.servable), key=lambda seat: seat.served)
            self._turn += 1
            seat.served = self._turn
            return seat.take()

"""Who trains here now: so many at once, each with landmarkers of their own."""

import asyncio
import threading
from contextlib import suppress

from posecount.errors import PosecountError
from posecount.live.choose import Choice, choose, cores
from posecount.web.lanes import Lanes
from posecount.web.settings import Settings
from posecount.web.training import Training, Wanted

PLACES = 8  # two cores give each of eight about ten pictures a second: fewer would miss brisk movements
CAMERA_FPS = 30.0
FULL_HOUSE = f"{PLACES} people are training here already. Please try again when one of them has finished."


class Studio:
    """`enter` and `leave`; `close` at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lanes = Lanes(cores())
        self._taken = 0
        self._choosing = threading.Lock()
        self._choice: Choice | None = None

    async def enter(self, asked: Wanted) -> Training:
        """Raises PosecountError when all places are taken."""
        if self._taken >= PLACES:
            raise PosecountError(FULL_HOUSE)
        self._taken += 1
        try:
            return await asyncio.to_thread(self._open, asked, alone=self._taken == 1)
        except BaseException:
            self._taken -= 1
            raise

    async def leave(self, training: Training) -> None:
        try:
            await asyncio.to_thread(training.end)
        finally:
            self._taken -= 1

    def prepare(self) -> None:
        """Find out what this machine keeps up with, so that the first who trains need not wait for it."""
        with suppress(PosecountError):  # then the first who trains is told
            self._suited(alone=True)

    def close(self) -> None:
        self._lanes.close()

    def _open(self, asked: Wanted, alone: bool) -> Training:
        model, count = self._suited(alone)
        return Training(asked, model, count, self._lanes, self._settings)

    def _suited(self, alone: bool) -> tuple[str, int]:
        """What this machine keeps up with for one; who comes while others train gets what is quick."""
        if not alone:
            return ("full" if self._settings.model == "auto" else self._settings.model), 1
        with self._choosing:
            self._choice = self._choice or choose(self._settings.model, CAMERA_FPS)
        return self._choice.model, self._choice.lanes

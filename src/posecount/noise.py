"""How much does this signal tremble when nothing happens?"""

from collections import deque
from statistics import median

BLOCK = 12  # samples judged together: less than half a second
KEEP = 40  # blocks remembered
QUIET_SHARE = 0.25  # the quietest quarter of them was rest


class NoiseFloor:
    """From each sample's distance to its smoothed self, the typical distance at rest."""

    def __init__(self) -> None:
        self._block: list[float] = []
        self._blocks: deque[float] = deque(maxlen=KEEP)
        self.value_deg = 0.0  # until there is a block

    def push(self, distance_deg: float) -> None:
        self._block.append(distance_deg)
        if len(self._block) == BLOCK:
            self._blocks.append(median(self._block))
            self._block = []
            self.value_deg = sorted(self._blocks)[int(QUIET_SHARE * (len(self._blocks) - 1))]

"""Leads points that change their kind at once over to the new ones, so that nothing seems to jump.

Another side of the stranger above the legs, or another size of the square, moves knees and hips by a
twentieth of the leg in one frame: in the middle of a rep that is as much as a step.
"""

from math import exp

from posecount.network import Points

TAU_S = 2.0  # slower than a rep's way there, so that it is no movement


class Crossfade:
    """`change` when points are found otherwise from now on; `update` with those of each frame."""

    def __init__(self) -> None:
        self._behind_px: Points | float = 0.0
        self._time_s = 0.0

    def change(self, before_px: Points, after_px: Points, time_s: float) -> None:
        """The same frame's points (n, 2), as they were found so far and as they are found from now on."""
        self._behind_px = self._left_px(time_s) + before_px - after_px
        self._time_s = time_s

    def update(self, points_px: Points, time_s: float) -> Points:
        """(n, 2): the points, but for what is left of the last change."""
        return points_px + self._left_px(time_s)

    def _left_px(self, time_s: float) -> Points | float:
        return self._behind_px * exp((self._time_s - time_s) / TAU_S)

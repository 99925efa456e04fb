"""Looks at a person from a little to the one side and a little to the other, from frame to frame.

The network's errors depend on where its square lies. Of someone who is seen in the same place for seconds
they stay the same, and look like posture or like movement. A square that sways makes two of them in turn, and
their mean is the smaller; their difference, which would look like trembling, is followed and taken away.
"""

from dataclasses import replace
from math import nan

import numpy as np

from posecount.network import Found, Points, Region

ASIDE = 0.01  # of the square's size, along the picture's diagonal: 2.6 of the network's 256 pixels
SHARE = 0.2  # of what each frame says of the difference: known after 5 frames
QUICK_S = 1 / 22  # between frames; of slower ones what alternates could be tremor


class Sway:
    """`region` is where to look in the next frame; `steadied` is what was found there."""

    def __init__(self) -> None:
        self._time_s = nan
        self._begin_again()

    def _begin_again(self) -> None:
        self._way = 0
        self._last: list[Points] = []  # of the two frames before
        self._half: Points = np.zeros(2)  # of the difference: what looking one way adds

    def region(self, region: Region, time_s: float) -> Region:
        quick = time_s - self._time_s < QUICK_S
        self._time_s = time_s
        if not quick:
            self._begin_again()
            return region
        self._way = -self._way or 1
        way_px = self._way * ASIDE * region.size_px
        return replace(region, x_px=region.x_px + way_px, y_px=region.y_px + way_px)

    def steadied(self, found: Found) -> Found:
        if not self._way:
            return found
        points = found.points_px
        if len(self._last) == 2:
            before, between = self._last
            says = self._way * ((before + points) / 2 - between) / 2
            self._half = self._half + SHARE * (says - self._half)
        self._last = [*self._last[-1:], points]
        return replace(found, points_px=points - self._way * self._half)

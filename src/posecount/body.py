"""Follows a whole body, once it has been found, by the landmark network alone.

As MediaPipe does it: each frame's points say where to look in the next. The square trembles with the points,
and sways besides (sway.py), and that is well: the network's errors depend on where its square lies, and so
they come and go from frame to frame, where smoothing takes them away. A square that is smoothed makes
steadier points, which are wrong for longer.
"""

from math import atan2, hypot

from posecount.leg_look import around
from posecount.network import Found, Image, Network, Points, Region
from posecount.sway import Sway

SQUARE = 1.25  # of twice the way from the middle of the hips to the point that tells the body's reach
CENTRE, REACH = 33, 34
LOOKS, AT_REST = 5, 0.02  # a square that moves or grows by less, of its size, has come to rest
PRESENT = 0.5  # as MediaPipe has it
# Mean heat of the network's maps. Real bodies 0.7 to 0.93, in heavy grain 0.4 to 0.8; bodies invented around
# feet 0.2 to 0.38.
JOINTS = [11, 12, *range(23, 29), 31, 32]
SHOULDERS = [11, 12]
WARM = 0.43


class BodyTracker:
    """`begin` with somebody's points, then `follow` with every frame; None when nobody is there."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._region: Region | None = None
        self._sway = Sway()

    def forget(self) -> None:
        self._region = None

    def begin(self, image: Image, body_px: Points, looks: int = LOOKS) -> Found | None:
        """`body_px` (33, 2) is near enough to find, in a few looks, the square that the network asks for."""
        self._region, self._sway = around(body_px, image), Sway()
        for _ in range(looks):
            last, found = self._region, self._look(image, self._region)
            if found is None or self._region is None or _apart(last, self._region) < AT_REST:
                break
        return found

    def follow(self, image: Image, time_s: float) -> Found | None:
        if self._region is None:
            return None
        found = self._look(image, self._sway.region(self._region, time_s))
        return self._sway.steadied(found) if found else None

    def _look(self, image: Image, region: Region) -> Found | None:
        found = self._network.look(region.cut(image), region)
        here = found.presence >= PRESENT and found.heat[JOINTS].mean() >= WARM
        self._region = _wanted(found) if here else None
        return found if here else None


def trunk(found: Found, image: Image) -> float:
    """How sure the network is of the shoulders, from 0 to 1; 0 when both are beyond the picture."""
    height, width = image.shape[:2]
    shoulders = found.points_px[SHOULDERS]
    inside = ((shoulders >= 0) & (shoulders < (width, height))).all(axis=1)
    return float(found.heat[SHOULDERS].mean()) if inside.any() else 0.0


def _wanted(found: Found) -> Region:
    """The square that MediaPipe would look at next."""
    centre, reach = found.points_px[CENTRE], found.points_px[REACH]
    x, y = reach - centre
    return Region(float(centre[0]), float(centre[1]), 2 * SQUARE * hypot(x, y), atan2(x, -y))


def _apart(one: Region, other: Region) -> float:
    moved = hypot(one.x_px - other.x_px, one.y_px - other.y_px) / one.size_px
    return max(moved, abs(other.size_px / one.size_px - 1))

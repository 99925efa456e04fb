"""Follows a whole body, once it has been found, by the landmark network alone.

MediaPipe places the network's square anew by every frame's points: a square that trembles makes the points
tremble, which make the square tremble. Here it stays where it is while it only trembles, and follows whoever
moves.
"""

from math import atan2, exp, hypot, pi, remainder

from posecount.legs import around
from posecount.network import Found, Image, Network, Points, Region

SQUARE = 1.25  # of twice the way from the middle of the hips to the point that tells the body's reach
CENTRE, REACH = 33, 34
LOOKS, AT_REST = 5, 0.02  # a square that changes less has come to rest
SLOWLY_HZ, QUICKLY_HZ = 0.4, 500.0  # a square 2 % off is followed within 1.7 s, one 10 % off within 0.2 s
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
        self.forget()

    def forget(self) -> None:
        self._region: Region | None = None
        self._time_s = 0.0
        self._seen = 0

    def begin(self, image: Image, time_s: float, body_px: Points) -> Found | None:
        """`body_px` (33, 2) is near enough to find the square that the network itself asks for."""
        region = around(body_px, image)
        for _ in range(LOOKS):
            found = self._network.look(region.cut(image), region)
            last, region = region, _wanted(found)
            if _apart(last, region) < AT_REST:
                break
        self._seen = 1
        return self._kept(found, region, time_s)

    def follow(self, image: Image, time_s: float) -> Found | None:
        last = self._region
        if last is None:
            return None
        found = self._network.look(last.cut(image), last)
        region = _wanted(found)
        self._seen += 1
        share = max(_share(last, region, time_s - self._time_s), 1 / self._seen)  # at first, the mean
        region = last.towards(region, share)
        return self._kept(found, region, time_s)

    def _kept(self, found: Found, region: Region, time_s: float) -> Found | None:
        here = found.presence >= PRESENT and found.heat[JOINTS].mean() >= WARM
        self._region, self._time_s = region if here else None, time_s
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
    """How much one differs from the other, in place, size or direction; a share of its size, or radians."""
    moved = hypot(one.x_px - other.x_px, one.y_px - other.y_px) / one.size_px
    turned = abs(remainder(other.turn_rad - one.turn_rad, 2 * pi))
    return max(moved, abs(other.size_px / one.size_px - 1), turned)


def _share(last: Region, wanted: Region, seconds: float) -> float:
    """How much of the way to the wanted square to go: little while it only trembles, all of it if far."""
    return 1 - exp(-seconds * (SLOWLY_HZ + QUICKLY_HZ * _apart(last, wanted) ** 2))

"""What moves, and which way, before a background that does not: for pictures that show little of a person.

The flow between frames, averaged over the part of the picture in which it stirs: most where it stirs most, so
that of a foot the toes are told, however much else of it can be seen to move. Nothing in here knows what a
foot is.
"""

from collections import deque
from math import exp, hypot, inf, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from posecount.flow import Flow, Grey, Grid, where_seen
from posecount.pathway import Pathway
from posecount.stirring import AtEdge, Part, Stirring
from posecount.types import SEEN_OVER_S as SHORT_S
from posecount.types import TOLD_LATE_S, nan
from posecount.ways import Ways

Image = NDArray[np.uint8]
Speed = tuple[float, Grid]  # at a moment, the flow of a second
Speeds = tuple[Speed, Speed, Speed | None]  # by frames a short way apart, far, and furthest

PIXELS = 50_000  # the picture is shrunk to about so many
# Frames so far apart are compared: the first shows tremors, the second what is slow or nearly drowned, the
# third what is both.
LONG_S, LONGEST_S = 0.27, 0.8
LONGEST_EVERY_S = 0.1  # what is so slow need not be looked at in every frame
CREEPS_PX_PER_S = 3.0  # slow raises and pumps 1.3 to 5, others 7 and more; quicker, they are blurred
SLOW_PX_PER_S, FAINT = 1.6, 17.0  # FAINT: times what the still half of the picture moves
PACE_TAU_S = 4.0
GAP_S = 0.3
SHORTEST_S = 1e-3
EARLY_S = 0.002  # frames come a little sooner or later
# What goes so far at the picture's edge, in thousandths of its size, is no foot that only turns at its ankle
# or its toes: someone who squats, sits down, steps in. Raises come to 40, pumps to 20, squats to 43 and more.
BEYOND, BEYOND_S = 42.0, 4.0
# Share times density of what moves at the picture's edge: of a leg that turns at its foot or comes in, most.
# Squats, sitting down and kicks 0.28 to 0.7, raises 0.07 to 0.27, one seen obliquely 0.33; pumps 0.1.
CROWDED, CROWDED_TAU_S = 0.4, 3.0
# Thousandths squared, a second: of who stands still it is 0 to 4, and says nothing; a slow pump has 400.
# Steps have 12 000 and more, a slow stroke of a small foot 8 400 before it stands out of the noise.
STIRS, QUICK = 20.0, 10_000.0
PER_MILLE = 1000.0


class Motion:
    """`update` with every frame of one video in order."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._begin_again()

    def _begin_again(self) -> None:
        self._past: deque[tuple[float, Grey]] = deque()
        self._speeds: deque[Speeds] = deque()  # not yet told
        self._way, self._place = Pathway(), np.zeros(2)
        self._stirring, self._slowly, self._pace, self._edge = Stirring(), Stirring(), _Pace(), _Edge()
        self._ways = Ways()
        self._longest_s = -inf

    def update(self, image: Image, time_s: float) -> tuple[float, float]:
        """How far what moves has come since the frame before, right and down, in thousandths of its own size.

        It is told TOLD_LATE_S later. (0, 0) while nothing moves; NaN in the first frames, and while what
        moves is no foot. `image` is (height, width, 3) RGB.
        """
        grey, past = _shrunk(image), self._past
        if past and (past[-1][1].shape != grey.shape or time_s - past[-1][0] > GAP_S):
            self._begin_again()
            past = self._past
        past.append((time_s, grey))
        while len(past) > 2 and time_s - past[1][0] >= LONGEST_S - EARLY_S:
            past.popleft()
        if time_s - past[0][0] < SHORT_S - EARLY_S:
            return nan, nan
        since_s, seen = time_s - past[-2][0], where_seen(grey)
        short, long = self._a_second(SHORT_S, seen), self._a_second(LONG_S, seen)
        self._stirring.update(long[1], since_s, time_s)
        if part := self._stirring.part:
            self._pace.update(part.px_per_s, since_s)
            edge = part.at_edge.share
            self._ways.update(time_s, (short[1], long[1]), part.weights, edge, self._edge.is_quick)
        else:
            self._ways.rest(time_s)
        self._speeds.append((short, long, self._longest(seen, time_s)))
        return self._told(time_s)

    @property
    def steps(self) -> bool:
        """Whether it is a leg that comes in and moves quickly, in several ways."""
        return self._ways.several

    def _longest(self, seen: NDArray[np.bool_], time_s: float) -> Speed | None:
        """None while it need not be looked at."""
        since_s = time_s - max(self._longest_s, self._past[0][0])
        if since_s < LONGEST_EVERY_S - EARLY_S:
            return None
        longest = self._a_second(LONGEST_S, seen)
        self._slowly.update(longest[1], since_s, time_s)
        self._longest_s = time_s
        return longest

    def _a_second(self, span_s: float, seen: NDArray[np.bool_]) -> Speed:
        """From frames about so far apart: it was so fast half-way between them."""
        time_s, now = self._past[-1]
        long_ago = [each for each in self._past if time_s - each[0] >= span_s - EARLY_S]
        from_s, before = long_ago[-1] if long_ago else self._past[0]
        return (from_s + time_s) / 2, self._flow.between(before, now, seen) / np.float32(time_s - from_s)

    def _told(self, time_s: float) -> tuple[float, float]:
        """What moved until TOLD_LATE_S ago, of the part of the picture that is known by now to stir."""
        part, span = self._telling()
        while self._speeds and not self._way.reaches(time_s - TOLD_LATE_S):
            if speed := self._speeds.popleft()[span]:
                x, y = part.moved(speed[1]) if part else (0.0, 0.0)
                size_px = part.size_px if part else 1.0
                self._way.add(speed[0], (PER_MILLE * x / size_px, PER_MILLE * y / size_px))
        before, self._place = self._place, self._way.at(time_s - TOLD_LATE_S)
        right, down = (self._place - before).tolist()
        self._edge.update(time_s, part.at_edge if part else AtEdge(0.0, 0.0), right, down)
        return (nan, nan) if self._edge.of_a_body or self.steps else (right, down)

    def _telling(self) -> tuple[Part | None, int]:
        """What moves, and which of the speeds shows it best."""
        part, slow = self._stirring.part, self._slowly.part
        creeps = self._pace.px_per_s < CREEPS_PX_PER_S
        if creeps and slow and (part is None or part.times_still < min(FAINT, slow.times_still)):
            return slow, 2
        faint = part is not None and part.times_still < FAINT
        return part, 1 if faint or self._pace.px_per_s < SLOW_PX_PER_S else 0


class _Edge:
    """How far what lies at the picture's edge has come lately, and how much of what moves that is."""

    def __init__(self) -> None:
        self._way: deque[tuple[float, float, float]] = deque([(0.0, 0.0, 0.0)])  # time, right, down
        self._far = False
        self._moved = self._crowd = 0.0

    def update(self, time_s: float, edge: AtEdge, right: float, down: float) -> None:
        """`right` and `down` are how far what stirs has come."""
        before_s, x, y = self._way[-1]
        self._way.append((time_s, x + edge.share * right, y + edge.share * down))
        while time_s - self._way[0][0] > BEYOND_S:
            self._way.popleft()
        self._far = self._goes_far()
        keep = exp((before_s - time_s) / CROWDED_TAU_S)
        moved = 0.0 if self._far else right * right + down * down  # who steps in is soon forgotten
        moved /= max(time_s - before_s, SHORTEST_S)
        self._moved = keep * self._moved + moved
        self._crowd = keep * self._crowd + moved * edge.share * edge.density

    @property
    def of_a_body(self) -> bool:
        """Whether it goes too far, or is too much, for a leg whose foot moves."""
        return self._far or (self._moved > STIRS and self._crowd > CROWDED * self._moved)

    @property
    def is_quick(self) -> bool:
        return self._moved > QUICK

    def _goes_far(self) -> bool:
        _, right, down = zip(*self._way, strict=True)
        return hypot(max(right) - min(right), max(down) - min(down)) > BEYOND


class _Pace:
    """How fast it moves when it does: the average counts what is quick for more."""

    def __init__(self) -> None:
        self._power = self._squared = 0.0

    def update(self, px_per_s: float, since_s: float) -> None:
        new, power = 1 - exp(-since_s / PACE_TAU_S), px_per_s**2
        self._power += new * (power - self._power)
        self._squared += new * (power**2 - self._squared)

    @property
    def px_per_s(self) -> float:
        return sqrt(self._squared / self._power) if self._power else 0.0


def _shrunk(image: Image) -> Grey:
    """The brightest of red, green and blue: a foot as light as the floor is seldom of its colour as well."""
    height, width = image.shape[:2]
    scale = min(1.0, sqrt(PIXELS / (height * width)))
    size = max(16, round(width * scale)), max(16, round(height * scale))
    red, green, blue = cv2.split(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    return np.asarray(cv2.max(cv2.max(red, green), blue))

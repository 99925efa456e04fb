"""How smooth was it? Measures that say NaN when the movement is too short or too noisy to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, nan
from typing import NamedTuple

from posecount.rep_trace import Floats, Trace
from posecount.ripple import shared_deg

# A cycle of 0.7 s spends 0.35 s beyond its middle. Brisk smooth pumps of 1 s spend 0.47 s and more.
REBOUND_S = 0.4


class Limit(NamedTuple):
    """A ripple is jerky from both of these on."""

    ripple_deg: float
    share: float  # of the movement


# On rendered people a tremor of 3.5 to 6 deg leaves 1.5 to 3.7 deg in the landmarks, 4 to 10 % of the
# movement; of smooth reps forty-nine of fifty less than 1 deg. Where pixels are a witness, of 48 pumps with a
# tremor all but two leave more than WITNESSED, of 266 smooth ones all but one less.
ALONE, WITNESSED = Limit(1.42, 0.03), Limit(0.95, 0.02)
# Of feet alone, in what landmarks share with pixels and with the other foot: tremors 1.7 to 2.6, smooth reps
# up to 1.4, with one of both up to 1.75.
OF_FEET = Limit(1.55, 0.025)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a rep was moved."""

    amplitude_deg: float  # slow beginnings and ends are left out
    top_s: float  # how long more than half of the way was left behind
    ripple_deg: float  # amplitude of what is neither the movement nor the noise below 3 Hz; NaN if not asked
    sparc: float  # of the rougher stroke
    limit: Limit

    @property
    def ripple_share(self) -> float:
        return self.ripple_deg / self.amplitude_deg if self.amplitude_deg > 0 else 0.0

    @property
    def jerky(self) -> bool:
        """Rebounding, or with a ripple in its strokes."""
        least_deg, share = self.limit
        return self.top_s < REBOUND_S or (self.ripple_deg >= least_deg and self.ripple_share >= share)


def judge(moved: Trace) -> Shape:
    """The shape of a rep."""
    ripple_deg = moved.ripple_deg(moved.tries())
    least_deg = max(ALONE.ripple_deg, moved.noise_deg)  # what does not exceed the noise is noise
    limit = Limit(least_deg, ALONE.share)
    return Shape(moved.amplitude_deg, moved.top_s, ripple_deg, moved.sparc(), limit)


def judge_rebound(moved: Trace) -> Shape:
    """Of a rep that rebounds: jerky by that alone. Its ripple, which costs most to tell, is not asked."""
    return Shape(moved.amplitude_deg, moved.top_s, nan, moved.sparc(), ALONE)


def judge_witnessed(moved: Trace, witness: Floats) -> Shape:
    """The shape of a rep of which pixels tell besides landmarks; `witness` is on the grid of `moved`.

    Its ripple is half what the landmarks show, and half what both show alike.
    """
    tries = moved.tries()
    ripple_deg = (moved.ripple_deg(tries) + shared_deg(moved.values_deg, witness, tries)) / 2
    return Shape(moved.amplitude_deg, moved.top_s, ripple_deg, moved.sparc(), WITNESSED)


def judge_shared(moved: Trace, pairs: Iterable[tuple[Floats, Floats]], limit: Limit = ALONE) -> Shape:
    """The shape of a rep of which several signals tell. Of its ripple only what both of each pair show alike.

    Their noise is their own, so what they share is none of it. All are of the same times as `moved`, on its
    grid (`lightly`); pairs are asked for until one shows too little.
    """
    tries, ripple = moved.tries(), inf
    for pair in pairs:
        ripple = min(ripple, shared_deg(*pair, tries))
        if ripple < limit.ripple_deg:
            break
    return Shape(moved.amplitude_deg, moved.top_s, ripple, moved.sparc(), limit)

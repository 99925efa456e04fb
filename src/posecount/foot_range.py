"""How much of a foot's turn the landmarks keep, learned while watching; and that turn restored.

Pairs come in: the foot's direction by its landmarks, and its turn measured in the picture (turn.py). Between
them lies a curve that differs from clip to clip: close to a line of slope 0.85 to 2 through the direction at
rest. It is made of short straight pieces, fitted so that outliers count little, and held to what is usual of
the model where few pairs say otherwise. Causal: the curve at any time follows from the pairs so far.
"""

from collections import deque
from functools import cached_property
from math import isfinite
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecount.types import LegSample, nan

Vector = NDArray[np.float64]


class Usual(NamedTuple):
    """What a model's landmarks make of a movement, mean over rendered bodies."""

    slope: float  # the picture's turn over the landmarks': where nothing was measured yet
    follows: float  # the ankle's movement over theirs: the shank's landmarks follow the foot


USUAL = {"heavy": Usual(1.12, 1.03), "full": Usual(1.2, 1.03)}
USUAL_OF_LEGS = {"heavy": Usual(1.06, 1.0), "full": Usual(1.1, 1.0)}  # without a body above them

PIECE_DEG, PIECES = 10.0, 12  # from -60 to 60 deg about rest; beyond, the last piece goes on
PAIR_SD_DEG = 1.5  # a pair's scatter about the curve at least: landmark jitter, mostly
SLOPE_SD, BEND_SD = 0.25, 0.45  # how far slopes stray from the usual one, and from their neighbours'
BELIEVED = 0.85  # of what a clip's pictures say beyond the usual: a misread foot is misread in all of them
OFFSET_SD_DEG = 3.0  # the landmarks of the resting picture are as uncertain as any
SLOPE_MIN, SLOPE_MAX = 0.6, 2.5  # outside, it is the picture that was misread
ROUNDS, SETTLED = 6, 0.005  # of reweighting at most, or until the slopes change less
KEPT = 240  # pairs; the oldest go
FIT_EVERY = 4  # pairs, once there are as many: fewer hardly move the curve, and a fit costs 0.3 ms

FIRST_DEG = -PIECE_DEG * PIECES / 2
STARTS = FIRST_DEG + PIECE_DEG * np.arange(PIECES)
LOWS, HIGHS = np.append(-180.0, STARTS[1:]), np.append(STARTS[1:], 180.0)
AT_REST = np.clip(0.0, LOWS, HIGHS)
KNOTS = np.append(LOWS, 180.0)

_BENDS = np.diff(np.eye(PIECES), axis=0)
PRIOR = np.zeros((PIECES + 1, PIECES + 1))  # the last is the offset
PRIOR[:PIECES, :PIECES] = np.eye(PIECES) / SLOPE_SD**2 + _BENDS.T @ _BENDS / BEND_SD**2
PRIOR[PIECES, PIECES] = 1 / OFFSET_SD_DEG**2


class Curve:
    """What some pairs say, fitted when it is first asked. Of the turn the picture shows the share `kept`."""

    def __init__(
        self, rest_deg: float, pairs: list[tuple[float, float]], usual: Usual, kept: float = 1.0
    ) -> None:
        self._rest_deg, self._pairs, self._usual, self._kept = rest_deg, pairs, usual, kept

    def ankle_degs(self, ankle_deg: Vector, across: Vector, foot_deg: Vector) -> Vector:
        """The ankle's angle with its range restored, from the columns (n,) of `LegSample`."""
        return self._usual.follows * (ankle_deg + np.copysign(1.0, across) * self.missing_deg(foot_deg))

    def missing_deg(self, directions_deg: Vector) -> Vector:
        """What to add to the landmarks' directions (n,): 0 at rest, or while nothing was learned."""
        if not self._pairs:
            return np.zeros_like(directions_deg)
        turns: Vector = (directions_deg - self._rest_deg + 180.0) % 360.0 - 180.0
        return np.asarray(np.interp(turns, KNOTS, self._heights) / self._kept - turns)

    @cached_property
    def _heights(self) -> Vector:
        """The turn at each of `KNOTS`."""
        return np.asarray(_pieces(KNOTS) @ _slopes(np.array(self._pairs), self._usual.slope))


class FootRange:
    """The curve of one foot, for landmarks of the named model, by the pairs so far."""

    def __init__(self, model: str = "heavy") -> None:
        self._model = model if model in USUAL else "heavy"
        self._rest_deg = nan
        self._pairs: deque[tuple[float, float]] = deque(maxlen=KEPT)
        self._learned = 0
        self.curve = Curve(nan, [], USUAL[self._model])

    def learn(
        self, direction_deg: float, turn_deg: float, legs_alone: bool = False, kept: float = 1.0
    ) -> None:
        """A pair: the foot's direction by its landmarks, its turn since rest in the picture.

        The first pair is the foot at rest: its direction is where the curve begins. NaN is passed over.
        `legs_alone`: there was no body above them in the picture. `kept`: the share of any turn that is seen.
        """
        if not (isfinite(direction_deg) and isfinite(turn_deg)):
            return
        if not self._pairs:
            self._rest_deg = direction_deg
        self._pairs.append((_wrapped(direction_deg - self._rest_deg), turn_deg))
        self._learned += 1
        if self._learned < FIT_EVERY or self._learned % FIT_EVERY == 0:
            usual = (USUAL_OF_LEGS if legs_alone else USUAL)[self._model]
            self.curve = Curve(self._rest_deg, list(self._pairs), usual, kept)

    def ankle_deg(self, leg: LegSample) -> float:
        """The ankle's angle with its range restored."""
        columns = np.array([[leg.ankle_deg], [leg.across], [leg.foot_deg]])
        return float(self.curve.ankle_degs(*columns)[0])


def _pieces(turns_deg: Vector) -> Vector:
    """(n, PIECES): how many degrees of each piece lie between rest and each turn, signed."""
    spans: Vector = turns_deg[:, None].clip(LOWS, HIGHS) - AT_REST
    return spans


def _slopes(pairs: Vector, usual: float) -> Vector:
    """(PIECES,): least squares with Cauchy weights and the priors above; an offset is fitted and left out."""
    turns, pictures = pairs.T
    design = np.ones((len(turns), PIECES + 1))
    design[:, :PIECES] = _pieces(turns)
    curve = np.array([usual] * PIECES + [0.0])
    expected = PRIOR @ curve
    weights, sd_deg = np.ones(len(turns)), PAIR_SD_DEG
    for _ in range(ROUNDS):
        weighted, before = design.T * (weights / sd_deg**2), curve
        curve = np.linalg.solve(weighted @ design + PRIOR, weighted @ pictures + expected)
        if np.abs(curve - before).max() < SETTLED:
            break
        off = np.abs(pictures - design @ curve)
        sd_deg = max(PAIR_SD_DEG, 1.48 * median(off.tolist()))  # pairs that disagree are believed less
        weights = 1 / (1 + (off / (2 * sd_deg)) ** 2)
    slopes: Vector = (usual + BELIEVED * (curve[:PIECES] - usual)).clip(SLOPE_MIN, SLOPE_MAX)
    return slopes


def _wrapped(angle_deg: float) -> float:
    return (angle_deg + 180.0) % 360.0 - 180.0

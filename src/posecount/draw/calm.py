"""The state as it is shown: numbers that can be read, and no movement where there is none."""

from dataclasses import replace

from posecount.filters import Average
from posecount.types import LEGS, Leg, LegState, State, nan

TREMBLE_S = 0.1  # landmarks tremble by a degree or two from picture to picture; an ankle does not
MOVES_DEG = 12.0  # a smaller range so far is a foot that wanders
HELD_S = 3.0  # a pause within a rep is no stretch yet, unless it is stretches that are being done


class Calm:
    """`update` with each state in order of time."""

    _time_s = 0.0

    def __init__(self) -> None:
        self._begin(0.0)

    def update(self, state: State) -> State:
        if state.time_s < self._time_s:  # a recording begins anew
            self._begin(state.time_s)
        self._time_s = state.time_s
        return replace(state, legs={leg: self._leg(state, leg) for leg in LEGS})

    def _begin(self, time_s: float) -> None:
        self._time_s = time_s
        self._ankles: dict[Leg, Average] = {leg: Average(TREMBLE_S) for leg in LEGS}

    def _leg(self, state: State, leg: Leg) -> LegState:
        shown = state.legs[leg]
        if shown.ankle_deg == shown.ankle_deg:
            ankle_deg = self._ankles[leg].push(state.time_s, shown.ankle_deg)
        else:
            self._ankles[leg], ankle_deg = Average(TREMBLE_S), nan
        moving = shown.phase in ("up", "down")
        return replace(
            shown,
            ankle_deg=ankle_deg,
            phase="rest" if moving and not _moves(shown) else shown.phase,
            hold_s=shown.hold_s if shown.hold_s >= HELD_S or state.exercise == "calf-stretch" else 0.0,
        )


def _moves(leg: LegState) -> bool:
    low, high = leg.range_deg
    return not high - low < MOVES_DEG or leg.smooth + leg.jerky + leg.partial > 0

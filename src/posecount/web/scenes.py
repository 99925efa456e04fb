"""What a page is told: scenes and events as JSON, positions as shares of the picture, null where unknown."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np

from posecount.analysis import plain
from posecount.draw.painter import HOLD_TARGET_S
from posecount.framing import in_view
from posecount.live.director import Scene
from posecount.live.events import line
from posecount.programme_run import RunView
from posecount.types import LEGS, State

POINTS = (11, 12, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)  # shoulders; hips to toes, left and right in turn


def event(kind: str, value: Any) -> str:
    """An event as `posecount live --no-window` writes it."""
    return line(kind, value)


def message(kind: str, **fields: Any) -> str:
    return json.dumps({"event": kind, **plain(fields)}, allow_nan=False)


def scene(scene: Scene, state: State, captured_ms: float) -> str:
    """`state` is the scene's, made calm; `captured_ms` the browser's own time: it tells how late this is."""
    fields = {
        "captured": captured_ms,
        "size": scene.pose.size_px,
        "points": _points(scene),
        "framing": state.framing,
        "exercise": state.exercise,
        "count": state.count,
        "legs": {leg: asdict(state.legs[leg]) for leg in LEGS},
        "guide": asdict(scene.guide),
        "words": scene.words,
        "number": scene.number,
        "paused": scene.paused,
        "breath": scene.breath,
        "hold": _hold(scene, state),
        "programme": _programme(scene.run),
    }
    return message("scene", **fields)


def _points(scene: Scene) -> list[list[float]] | None:
    shares = in_view(scene.pose)[list(POINTS)] / scene.pose.size_px
    return None if np.isnan(shares).all() else shares.round(4).tolist()


def _hold(scene: Scene, state: State) -> dict[str, float] | None:
    if scene.run and scene.run.hold:
        return {"held_s": scene.run.hold.held_s, "target_s": scene.run.hold.target_s}
    held_s = max(state.legs[leg].hold_s for leg in LEGS)
    return {"held_s": held_s, "target_s": HOLD_TARGET_S} if held_s > 0 else None


def _programme(run: RunView | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "stage": run.stage,
        "turn": run.turn,
        "turns": run.turns,
        "title": run.step.title,
        "way": run.step.way,
        "side": run.step.side,
        "unit": run.step.unit,
        "amount": run.amount,
        "target": run.target,
        "left_s": run.left_s,
    }

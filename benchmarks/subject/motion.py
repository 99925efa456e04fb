"""From a scenario's events to joint angles per frame, with the truth: reps, holds and their quality."""

from collections.abc import Mapping
from typing import Any

import numpy as np

Event = Mapping[str, Any]
JointOfSide = tuple[str, str]
Targets = Mapping[JointOfSide, float]

SIDES = "LR"
JOINTS = ("ankle", "knee", "hip")
STRIDE_M = 1.1  # two steps
LIFTED = {"ankle": -10.0, "knee": 70.0, "hip": 15.0}  # of a leg that is held off the floor


def minimum_jerk(x: float) -> float:
    """How far a natural movement has come, when the part `x` of its time is over."""
    return 10 * x**3 - 15 * x**4 + 6 * x**5


class Motion:
    """`ankle`, `knee`, `hip`: side -> (frames,) degrees; `place`: (frames,) metres behind where it is done.

    `start`: every joint's angle before anything happens.
    `reps`, `holds`, `distractors`: what happened, in seconds from the start.
    """

    def __init__(self, scenario: Event) -> None:
        self.fps = scenario.get("fps", 30)
        self.neutral = float(scenario.get("neutral", 0))
        self._rest = {
            "ankle": self.neutral,
            "knee": float(scenario.get("knee", 0)),
            "hip": float(scenario.get("hip", 0)),
        }
        self._now = {(joint, side): angle for joint, angle in self._rest.items() for side in SIDES}
        if lifted := scenario.get("lifted"):  # stands on the other leg
            self._now |= {(joint, lifted): angle for joint, angle in LIFTED.items()}
        self.start = dict(self._now)
        self._track: dict[JointOfSide, list[float]] = {key: [] for key in self._now}
        self._place: list[float] = []
        self.reps: list[dict[str, Any]] = []
        self.holds: list[dict[str, Any]] = []
        self.distractors: list[dict[str, Any]] = []
        for event in scenario["events"]:
            getattr(self, f"_{event['type']}")(event)
        self.ankle, self.knee, self.hip = (
            {side: np.array(self._track[joint, side]) for side in SIDES} for joint in JOINTS
        )
        self.place = np.array(self._place)

    @property
    def seconds(self) -> float:
        """How long it has gone on."""
        return round(len(self._place) / self.fps, 3)

    def _go(self, seconds: float, targets: Targets, bounce: Event | None = None) -> None:
        """Move to the targets along a minimum-jerk path; bounce adds a sine on the ankle."""
        n = max(1, round(seconds * self.fps))
        start = dict(self._now)
        for i in range(1, n + 1):
            x = i / n
            for key in start:
                angle = start[key] + (targets.get(key, start[key]) - start[key]) * minimum_jerk(x)
                if bounce and key[0] == "ankle" and key[1] in bounce["sides"]:
                    wave = np.sin(2 * np.pi * bounce["hz"] * i / self.fps)
                    angle += bounce["amp"] * wave * min(1, 8 * x, 8 * (1 - x))
                self._track[key].append(angle)
            self._place.append(0.0)
        self._now |= targets

    def _still(self, e: Event) -> None:
        self._go(e["dur"], {})

    def _rep(self, e: Event) -> None:
        """One rep: to angle a, then to b (or back to neutral). 'quality' is smooth, jerky or partial."""
        begun, sides = self.seconds, e["sides"]
        bounce = dict(e["bounce"], sides=sides) if e.get("bounce") else None
        back = e["b"] if e.get("b") is not None else self.neutral
        further = 1.0 if e.get("b") is None else 1.5
        self._go(e["move"], {("ankle", side): e["a"] for side in sides}, bounce)
        self._go(e.get("hold_a", 0.05), {})
        self._go(e["move"] * e.get("lower", 1.0) * further, {("ankle", side): back for side in sides}, bounce)
        self._go(e.get("hold_b", 0.05), {})
        if e.get("return"):
            self._go(e["move"] * 0.6, {("ankle", side): self.neutral for side in sides})
        told = {"sides": sides, "start": begun, "end": self.seconds, "a": e["a"], "b": back}
        self.reps.append(told | {"quality": e.get("quality", "smooth")})

    def _hold(self, e: Event) -> None:
        """A stretch held at angle a, knee bent by 'knee'; each breath out goes 'deepen' degrees further."""
        sides, bent = (
            e["sides"],
            {"knee": e.get("knee", self._rest["knee"]), "hip": e.get("hip", self._rest["hip"])},
        )
        leg = {(joint, side): angle for joint, angle in bent.items() for side in sides}
        self._go(e["move"], {("ankle", side): e["a"] for side in sides} | leg)
        begun, bounce = self.seconds, dict(e["bounce"], sides=sides) if e.get("bounce") else None
        breaths = e.get("breaths", 0)
        for _ in range(breaths):
            one = e["dur"] / breaths
            self._go(0.4 * one, {}, bounce)
            deeper = {("ankle", side): self._now["ankle", side] + e.get("deepen", 0) for side in sides}
            self._go(0.6 * one, deeper, bounce)
        if not breaths:
            self._go(e["dur"], {}, bounce)
        told = {"sides": sides, "start": begun, "end": self.seconds, "a": e["a"], "knee": bent["knee"]}
        self.holds.append(told | {"breaths": breaths, "quality": "bouncing" if bounce else "steady"})
        self._go(e["move"], {(joint, side): self._rest[joint] for joint in JOINTS for side in sides})

    def _distract(self, name: str, seconds: float, targets: Targets, stay: float | None = None) -> None:
        begun = self.seconds
        self._go(seconds, targets)
        if stay is not None:
            self._go(stay, {})
        self._go(seconds, {key: self._rest[key[0]] for key in targets})
        self.distractors.append({"kind": name, "start": begun, "end": self.seconds})

    def _squat(self, e: Event) -> None:
        depth = e["depth"]
        shares = {"ankle": 0.22, "knee": 1.0, "hip": 0.78}
        self._distract("squat", e["dur"], {(j, side): shares[j] * depth for side in SIDES for j in JOINTS})

    def _kick(self, e: Event) -> None:
        self._distract("knee extension", e["dur"], {("knee", side): e["knee"] for side in e["sides"]})

    def _march(self, e: Event) -> None:
        for side in e["sides"]:
            lifted = {("hip", side): 45.0, ("knee", side): 65.0, ("ankle", side): -14.0}
            self._distract("march", e["dur"], lifted)

    def _sit(self, e: Event) -> None:
        """Sit down, stay, stand up again; the chair is not drawn."""
        down = {"ankle": 4.0, "knee": 88.0, "hip": 84.0}
        self._distract("sit", e["dur"], {(j, side): down[j] for side in SIDES for j in JOINTS}, e["stay"])

    def _walk(self, e: Event) -> None:
        """Walk from one place to another, metres along the line the person faces, with a plain gait."""
        start, end = e["from"], e.get("to", 0.0)
        n = max(1, round(abs(end - start) / e["speed"] * self.fps))
        begun = self.seconds
        for x in np.arange(1, n + 1) / n:
            phase = x * abs(end - start) / STRIDE_M
            fade = min(1, 6 * x, 6 * (1 - x))
            for side, lag in zip(SIDES, (0.0, 0.5), strict=True):
                self._step(side, 2 * np.pi * (phase + lag), fade)
            self._place.append(start + (end - start) * x)
        self.distractors.append({"kind": "walk", "start": begun, "end": self.seconds})

    def _step(self, side: str, phase: float, fade: float) -> None:
        lift = max(0.0, np.cos(phase)) ** 2
        self._track["hip", side].append(self._rest["hip"] + fade * (22 * np.sin(phase) + 8 * lift))
        self._track["knee", side].append(self._rest["knee"] + fade * (8 + 45 * lift))
        self._track["ankle", side].append(self._rest["ankle"] + fade * (-12 * np.sin(phase - 0.6)))

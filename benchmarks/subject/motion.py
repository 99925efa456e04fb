"""From a scenario's events to joint angles per frame, with the truth: reps, holds and their quality."""
import numpy as np

SIDES = "LR"


def minimum_jerk(x):
    return 10 * x**3 - 15 * x**4 + 6 * x**5


class Motion:
    """ankle, knee, hip: side -> (frames,) degrees. reps, holds: what happened, seconds from the start."""

    def __init__(self, scenario):
        self.fps = scenario.get("fps", 30)
        self.neutral = float(scenario.get("neutral", 0))
        self._rest = {"ankle": self.neutral, "knee": float(scenario.get("knee", 0)), "hip": float(scenario.get("hip", 0))}
        self._now = {(j, s): v for j, v in self._rest.items() for s in SIDES}
        self._track = {key: [] for key in self._now}
        self._place = []  # metres behind (+) or in front of (-) where the person exercises
        self.reps, self.holds, self.distractors = [], [], []
        for event in scenario["events"]:
            getattr(self, "_" + event["type"])(event)
        for j in self._rest:
            setattr(self, j, {s: np.array(self._track[j, s]) for s in SIDES})
        self.place = np.array(self._place)

    @property
    def seconds(self):
        return round(len(self._track["ankle", "L"]) / self.fps, 3)

    def _go(self, seconds, targets, bounce=None):
        """Move to targets {(joint, side): degrees} along a minimum-jerk path; bounce adds a sine on the ankle."""
        n = max(1, round(seconds * self.fps))
        start = dict(self._now)
        for i in range(1, n + 1):
            x = i / n
            for key in start:
                v = start[key] + (targets.get(key, start[key]) - start[key]) * minimum_jerk(x)
                if bounce and key[0] == "ankle" and key[1] in bounce["sides"]:
                    v += bounce["amp"] * np.sin(2 * np.pi * bounce["hz"] * i / self.fps) * min(1, 8 * x, 8 * (1 - x))
                self._track[key].append(v)
            self._place.append(0.0)
        self._now |= targets

    def _still(self, e):
        self._go(e["dur"], {})

    def _rep(self, e):
        """One rep: to angle a, then to b (or back to neutral). 'quality' is smooth, jerky, partial or fast."""
        t0, sides = self.seconds, e["sides"]
        bounce = dict(e["bounce"], sides=sides) if e.get("bounce") else None
        back = e["b"] if e.get("b") is not None else self.neutral
        self._go(e["move"], {("ankle", s): e["a"] for s in sides}, bounce)
        self._go(e.get("hold_a", 0.05), {})
        self._go(e["move"] * e.get("lower", 1.0) * (1 if e.get("b") is None else 1.5), {("ankle", s): back for s in sides}, bounce)
        self._go(e.get("hold_b", 0.05), {})
        if e.get("return"):
            self._go(e["move"] * 0.6, {("ankle", s): self.neutral for s in sides})
        self.reps.append(dict(sides=sides, start=t0, end=self.seconds, a=e["a"], b=back, quality=e.get("quality", "smooth")))

    def _hold(self, e):
        """A stretch held at angle a, knee bent by 'knee'; each breath out goes 'deepen' degrees further."""
        sides = e["sides"]
        leg = {("knee", s): e.get("knee", self._rest["knee"]) for s in sides} | {("hip", s): e.get("hip", self._rest["hip"]) for s in sides}
        self._go(e["move"], {("ankle", s): e["a"] for s in sides} | leg)
        t0, bounce = self.seconds, dict(e["bounce"], sides=sides) if e.get("bounce") else None
        breaths = e.get("breaths", 0)
        for _ in range(breaths):
            one = e["dur"] / breaths
            self._go(0.4 * one, {}, bounce)
            self._go(0.6 * one, {("ankle", s): self._now["ankle", s] + e.get("deepen", 0) for s in sides}, bounce)
        if not breaths:
            self._go(e["dur"], {}, bounce)
        self.holds.append(dict(sides=sides, start=t0, end=self.seconds, a=e["a"], knee=leg["knee", sides[0]], breaths=breaths,
                               quality="bouncing" if bounce else "steady"))
        self._go(e["move"], {(j, s): self._rest[j] for j in self._rest for s in sides})

    def _distract(self, name, seconds, targets):
        t0 = self.seconds
        self._go(seconds, targets)
        self._go(seconds, {k: self._rest[k[0]] for k in targets})
        self.distractors.append(dict(kind=name, start=t0, end=self.seconds))

    def _squat(self, e):
        d = e["depth"]
        self._distract("squat", e["dur"], {(j, s): v for s in SIDES for j, v in (("ankle", 0.22 * d), ("knee", d), ("hip", 0.78 * d))})

    def _kick(self, e):
        self._distract("knee extension", e["dur"], {("knee", s): e["knee"] for s in e["sides"]})

    def _march(self, e):
        for s in e["sides"]:
            self._distract("march", e["dur"], {("hip", s): 45.0, ("knee", s): 65.0, ("ankle", s): -14.0})

    def _sit(self, e):
        """Sit down, stay, stand up again; the chair is not drawn."""
        down = {(j, s): v for s in SIDES for j, v in (("ankle", 4.0), ("knee", 88.0), ("hip", 84.0))}
        t0 = self.seconds
        self._go(e["dur"], down)
        self._go(e["stay"], {})
        self._go(e["dur"], {k: self._rest[k[0]] for k in down})
        self.distractors.append(dict(kind="sit", start=t0, end=self.seconds))

    def _walk(self, e):
        """Walk from one place to another, metres along the line the person faces, with a plain gait of 0.55 m steps."""
        start, end = e["from"], e.get("to", 0.0)
        n = max(1, round(abs(end - start) / e["speed"] * self.fps))
        t0, phases = self.seconds, np.arange(1, n + 1) / n * abs(end - start) / 1.1
        for x, phase in zip(np.arange(1, n + 1) / n, phases):
            fade = min(1, 6 * x, 6 * (1 - x))
            for side, lag in zip(SIDES, (0.0, 0.5)):
                swing = np.sin(2 * np.pi * (phase + lag))
                lift = max(0.0, np.cos(2 * np.pi * (phase + lag))) ** 2
                self._track["hip", side].append(self._rest["hip"] + fade * (22 * swing + 8 * lift))
                self._track["knee", side].append(self._rest["knee"] + fade * (8 + 45 * lift))
                self._track["ankle", side].append(self._rest["ankle"] + fade * (-12 * np.sin(2 * np.pi * (phase + lag) - 0.6)))
            self._place.append(start + (end - start) * x)
        self.distractors.append(dict(kind="walk", start=t0, end=self.seconds))

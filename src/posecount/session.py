"""The one pipeline that recorded videos, live cameras, the web app and batches all run.

Poses in, events out. Time is what the poses say; the same poses give the same events whoever feeds them.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from math import inf

import numpy as np

from posecount.by_movement import MovementCounter
from posecount.calibration import Calibration
from posecount.feet_reps import FeetReps, of_feet
from posecount.filters import smoothed
from posecount.framing import Believer, Framings, Moves, seen
from posecount.movement import View, Viewer
from posecount.notices import Watch
from posecount.rhythm import rhythm
from posecount.sides import Sides
from posecount.steps_and_squats import StepsAndSquats
from posecount.track import Track
from posecount.types import (
    LEGS,
    Angles,
    BodySample,
    Event,
    Hold,
    Leg,
    LegState,
    Phase,
    Pose,
    Rep,
    Side,
    State,
    Summary,
    nan,
)  # fmt: skip

QUALITIES = ("smooth", "jerky", "partial")
EXERCISES = ("auto", "ankle-pump", "heel-raise", "calf-stretch")
BLOCK = 512  # poses whose geometry is worked out at once
ANGLE_SIGMA_S = 0.04  # light smoothing of the angles that are written


class Session:
    """`update` with each pose in order of time, `finish` at the end, then `summary`; `state` at any time.

    `side` limits counting to one leg ('left', 'right'), or says that both feet move together ('both');
    `model` found the landmarks: how much of the ankle's range they flatten depends on it.
    Without `keeps_angles` the summary has none, and a session may last for days.
    """

    def __init__(
        self, exercise: str = "auto", side: str = "auto", model: str = "heavy", keeps_angles: bool = True
    ) -> None:
        if exercise not in EXERCISES:
            raise ValueError(f"exercise must be one of {', '.join(EXERCISES)}, not {exercise!r}")
        if side not in ("auto", "left", "right", "both"):
            raise ValueError(f"side must be left, right, both or auto, not {side!r}")
        self._exercise = exercise
        self._tracks: dict[Leg, Track] = {leg: Track(exercise, model, keeps_angles) for leg in LEGS}
        self._judged: tuple[Leg, ...] = tuple(leg for leg in LEGS if side in (leg, "both", "auto"))
        wanted: Side | None = "left" if side == "left" else "right" if side == "right" else None
        if side == "both":
            wanted = "both"
        self._sides = Sides(wanted, {leg: track.follower for leg, track in self._tracks.items()})
        self._viewer, self._watch = Viewer(), Watch()
        self._believer, self._framings, self._moves = Believer(), Framings(), Moves()
        self._movement = MovementCounter(wanted or "both") if exercise != "calf-stretch" else None
        self._feet = FeetReps()
        self._others = StepsAndSquats(self._tracks["left"].follower, self._tracks["right"].follower)
        self._keeps_angles = keeps_angles
        self._times = array("d")
        self._first_s = self._now_s = nan
        self._reps: list[Rep] = []
        self._holds: list[Hold] = []
        self._tally: Counter[tuple[str, str]] = Counter()  # (side, quality)
        self._standing: Counter[bool] = Counter()
        self._frames = self._followed = 0  # and those with a leg in them, not its foot alone
        self._view: View | None = None

    def update(self, pose: Pose) -> list[Event]:
        """What this pose makes certain. Poses must come in order of time."""
        (believed,) = self._believer.believed([pose])
        return self._update(*believed)

    def updates(self, poses: Iterable[Pose]) -> Iterator[tuple[Pose, list[Event]]]:
        """Each pose with what `update` would tell of it; many known beforehand take a third of the time."""
        source = iter(poses)
        while block := list(islice(source, BLOCK)):
            for pose, believed in zip(block, self._believer.believed(block), strict=True):
                yield pose, self._update(*believed)

    def _update(self, pose: Pose, body: BodySample) -> list[Event]:
        moves = self._moves.update(body.time_s, pose.moved)
        there = bool(body.left or body.right) or seen(pose)
        self._framings.update(pose, there, moves)
        in_rep = self._tracks["left"].reps.open or self._tracks["right"].reps.open
        self._view = view = self._viewer.update(body, in_rep)
        self._now_s = body.time_s
        if not self._frames:
            self._first_s = body.time_s
        if self._keeps_angles:
            self._times.append(body.time_s)
        self._frames += 1
        self._followed += bool(body.left or body.right) and not body.feet
        moved = self._movement.update(pose.time_s, pose.moved) if self._movement else []
        events = self._told(self._heard(body, view), moved, view, pose.time_s)
        cut = view.near is not None and self._tracks[view.near].cut
        events += self._watch.update(pose, body, view, there, moves, cut)
        self.turned(pose.turn_deg)
        return events

    def turned(self, turn_deg: tuple[float, float]) -> None:
        """How far the left and right foot have turned since they rested, in the last pose's picture.

        Angles are the truer for it from the next pose on: what takes long to measure need hold up no count.
        """
        left_deg, right_deg = turn_deg
        if left_deg == left_deg:  # not NaN
            self._tracks["left"].turned(left_deg, self._viewer.kept)
        if right_deg == right_deg:
            self._tracks["right"].turned(right_deg, self._viewer.kept)

    def finish(self) -> list[Event]:
        """What was still open when the poses ended."""
        if self._view is None:
            return []
        moved = self._movement.finish() if self._movement else []
        last = {leg: self._tracks[leg].finish() for leg in self._judged}
        return self._told(self._sides.update(last, self._near(self._view)), moved, self._view)

    def calibrate(self) -> None:
        """Forget what neutral was: the next steady second tells it anew. Counts stay."""
        for track in self._tracks.values():
            track.calibration = Calibration()

    def _heard(self, body: BodySample, view: View) -> list[Rep | Hold]:
        left, right = self._tracks["left"], self._tracks["right"]
        new = left.update(body.time_s, body.left, body.right, view)
        new = right.update(body.time_s, body.right, body.left, view) or new
        if not (new or self._sides.due(self._near(view), body.time_s)):
            return []
        news = {leg: self._tracks[leg].news for leg in self._judged}
        return self._sides.update(news, self._near(view), body.time_s)

    def _told(self, found: list[Rep | Hold], moved: list[Rep], view: View, now_s: float = inf) -> list[Event]:
        """What counts of what landmarks found, and of what `moved`: of feet alone one of both is told."""
        holds = [each for each in found if isinstance(each, Hold)]
        reps = [each for each in found if isinstance(each, Rep)]
        turned, measured = ([rep for rep in reps if rep.by_movement is alone] for alone in (True, False))
        self._holds += holds
        self._standing.update(view.standing for _ in measured)
        for rep in measured:
            self._feet.measured(rep)
        feet = self._others.without(self._of_feet(moved, turned, now_s))
        return [*holds, *self._counted(measured), *self._counted(feet)]

    def _of_feet(self, moved: list[Rep], turned: list[Rep], now_s: float) -> list[Rep]:
        movement = self._movement
        if movement is None:
            return []
        return self._feet.update(now_s, moved, [rep for rep in turned if not movement.bounced(rep)])

    def _near(self, view: View) -> Leg | None:
        return view.near if view.near in self._judged else None

    def _counted(self, reps: list[Rep]) -> list[Rep]:
        for rep in reps:
            self._reps.append(rep)
            self._tally[rep.whose, rep.quality] += 1
        return reps

    @property
    def exercise(self) -> str:
        """What was asked for, or what it looks like so far."""
        if self._exercise != "auto":
            return self._exercise
        if self._holds and len(self._holds) >= len(self._reps):
            return "calf-stretch"
        if self._standing:  # of reps counted by movement alone nobody knows
            return "heel-raise" if self._standing[True] >= self._standing[False] else "ankle-pump"
        return "auto"

    @property
    def state(self) -> State:
        """What a screen shows now."""
        return State(
            time_s=self._now_s if self._frames else 0.0,
            exercise=self.exercise,
            count=self._headline(),
            legs={leg: self._leg_state(leg) for leg in LEGS},
            last_rep=self._reps[-1] if self._reps else None,
            framing=self._framings.now,
            feet=self._tallied("feet"),
        )

    def _headline(self) -> int:
        if self.exercise == "calf-stretch":
            return sum(hold.quality == "steady" for hold in self._holds)
        return sum(n for (_, quality), n in self._tally.items() if quality == "smooth")

    def _leg_state(self, leg: Leg) -> LegState:
        track = self._tracks[leg]
        tallied = self._tallied(leg, "both")
        if leg not in self._judged or track.now is None:
            return tallied
        return replace(
            tallied,
            ankle_deg=track.ankle_deg,
            knee_deg=track.measured.knee_deg if track.measured else nan,
            phase=self._phase(track),
            range_deg=track.range_deg,
            hold_s=max(track.holds.held_s, track.step_hold.held_s),
            bounces=track.holds.bounces,
            measured=not track.follower.view.feet,
        )

    def _tallied(self, *sides: str) -> LegState:
        smooth, jerky, partial = (sum(self._tally[side, each] for side in sides) for each in QUALITIES)
        return LegState(smooth=smooth, jerky=jerky, partial=partial)

    def _phase(self, track: Track) -> Phase:
        if self._now_s - track.follower.begun_s < 0.5:
            return "arming"
        return ("rest", "up", "down")[track.reps.direction]

    def summary(self) -> Summary:
        """Everything so far."""
        times = np.array(self._times)
        (left_ankle, left_knee), (right_ankle, right_knee) = (self._tracks[leg].angles_deg() for leg in LEGS)
        columns, holds = [left_ankle, right_ankle, left_knee, right_knee], self._holds
        reps = sorted(self._reps, key=lambda rep: rep.start_s)  # what moves is told later than angles
        if self._framings.made_up:
            columns = [np.full_like(column, nan) for column in columns]
            reps = [of_feet(rep) for rep in reps]
            holds = [replace(hold, angle_deg=nan) for hold in holds]
        return Summary(
            exercise=self.exercise,
            reps=tuple(reps),
            holds=tuple(holds),
            rhythm=rhythm(reps),
            angles=Angles(times, *(smoothed(times, column, ANGLE_SIGMA_S) for column in columns)),
            usable_fraction=self._followed / self._frames if self._frames else 0.0,
            warnings=self._watch.notices(feet_counted=any(rep.by_movement for rep in reps)),
            seconds=self._now_s - self._first_s if self._frames else 0.0,
            framing=self._framings.most,
        )

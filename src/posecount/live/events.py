"""What live tells other programs: one JSON object a line, `event` says which kind."""

import json
import sys
from dataclasses import asdict, is_dataclass
from typing import Any

from posecount.analysis import counts, plain
from posecount.types import Summary
from posecount.words import Words


def line(kind: str, value: Any) -> str:
    """`value` is a dataclass or a dict: its fields, rounded, null where not measurable."""
    fields = asdict(value) if is_dataclass(value) and not isinstance(value, type) else dict(value)
    if isinstance(value, Summary):  # all the rest was told when it happened
        fields = {name: fields[name] for name in ("exercise", "seconds", "usable_fraction", "rhythm")}
        fields["counts"] = counts(value.reps)
    return json.dumps({"event": kind, **plain(fields)}, allow_nan=False)


class Told:
    """For whoever looks at the terminal beside a window: which model and why, and what was counted."""

    broken = False

    def __init__(self, say: Words) -> None:
        self._say = say

    def __call__(self, kind: str, value: Any) -> None:
        if kind == "start":
            print(self._say("live.model", why=value["why"]))
        elif kind == "test":
            print(value["text"])
        elif kind == "end":
            print(self._ended(value))

    def _ended(self, summary: Summary) -> str:
        exercise = self._say(f"picture.{summary.exercise}")
        if summary.exercise == "calf-stretch":
            steady = [hold for hold in summary.holds if hold.quality == "steady"]
            seconds = round(sum(hold.duration_s for hold in steady))
            return self._say("live.held", exercise=exercise, steady=len(steady), seconds=seconds)
        if summary.reps and all(rep.by_movement for rep in summary.reps):
            return self._say("live.counted_feet", **counts(summary.reps))
        return self._say("live.counted", exercise=exercise, **counts(summary.reps))


class Printer:
    """Writes events to standard output as they happen; `broken` once nobody reads them any more."""

    def __init__(self) -> None:
        self.broken = False

    def __call__(self, kind: str, value: Any) -> None:
        if self.broken:
            return
        try:
            sys.stdout.write(line(kind, value) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            self.broken = True

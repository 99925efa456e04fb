"""A line that tells where a programme is: the exercise, which set, and how far that is."""

from math import ceil, floor, isfinite

from posecount.coach import HoldView
from posecount.programme_run import RunView
from posecount.types import nan
from posecount.words import Words

DEEPER_DEG = 1.0  # less is the landmarks' wandering


def title(view: RunView, breaths_per_min: float, say: Words, measured_per_min: float = nan) -> str:
    """`breaths_per_min` is the pacer's; `measured_per_min` the person's, NaN where it is not sure."""
    where = f"{view.step.title}  {view.turn}/{view.turns}"
    measured = say("live.breathing", number=round(measured_per_min)) if isfinite(measured_per_min) else ""
    return "   ".join(each for each in (where, _progress(view, breaths_per_min, say), measured) if each)


def _progress(view: RunView, breaths_per_min: float, say: Words) -> str:
    """How far the set is, or how long the rest lasts."""
    if view.stage == "rest" and view.left_s > 0:
        return say("live.rest_left", seconds=ceil(view.left_s))
    if view.stage != "exercise":
        return ""
    if view.hold:
        return _breaths(view.hold, breaths_per_min, say) if view.hold.held_s else ""
    done, target = floor(view.amount), say.number(view.target)
    return say("live.done_of", done=done, target=target) if view.target else ""


def _breaths(hold: HoldView, breaths_per_min: float, say: Words) -> str:
    """How many are done, and what those out have won."""
    whole = say.number(round(hold.target_s * breaths_per_min / 60))
    text = say("live.breaths", done=say.number(hold.breaths), whole=whole)
    if hold.deeper_deg >= DEEPER_DEG:
        text += "   " + say("live.deeper", deg=say.number(round(hold.deeper_deg)))
    return text

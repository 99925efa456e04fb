"""What a live session follows: a programme that begins with the tighter leg, a test, or nothing."""

from collections.abc import Callable
from pathlib import Path

from posecount.errors import PosecountError
from posecount.heel_raise_test import NAME as HEEL_RAISE_TEST
from posecount.history_run import tighter
from posecount.programmes import Programme, alone, programme
from posecount.trends import MDC_DEG, Comparison
from posecount.types import Leg
from posecount.words import Words

USUAL: Leg = "right"  # the tighter of the two legs, unless the history says otherwise
OTHER: Leg = "left"


def plan(
    exercise: str,
    name: str | None,
    side: str,
    tell: Callable[[str], None],
    store: str | None = None,
    folder: Path | None = None,
    language: str = "en",
) -> Programme | None:
    """`folder` holds the user's own files. Raises PosecountError for a programme that is not known, and for a
    test of no leg.
    """
    if name is not None:
        return _in_order(name, tell, store, folder, language)
    if exercise != HEEL_RAISE_TEST:
        return None
    if side not in ("left", "right"):
        raise PosecountError(f"{exercise} is done on one leg: add --side left or --side right")
    return alone(exercise, "left" if side == "left" else "right", language=language)


def _in_order(
    name: str, tell: Callable[[str], None], store: str | None, folder: Path | None, language: str
) -> Programme:
    usual, other = (programme(name, folder, language, leg) for leg in (USUAL, OTHER))
    if usual.steps == other.steps:  # it has an order of its own
        return usual
    found = _history(tell, store)
    if found:
        tell(_why(found, Words(language)))
    return other if found and found.less == OTHER else usual


def _history(tell: Callable[[str], None], store: str | None) -> Comparison | None:
    try:
        return tighter(store)
    except PosecountError as error:  # no history, no order of its own: that must not stop anyone
        tell(str(error))
        return None


def _why(found: Comparison, say: Words) -> str:
    less = say.number(round(abs(found.right_deg - found.left_deg)))
    return say(f"profile.begins_{found.less}", days=found.days, less=less, error=say.number(MDC_DEG))

"""How the picture speaks: its colours, its words, its shapes' names. Nothing here draws."""

from typing import Final

from posecount.types import Leg, Phase, RepQuality

Colour = tuple[int, int, int]

# After Okabe and Ito's palette, which colour-blind people tell apart, lightened for the dark panels.
INK: Final[Colour] = (13, 17, 23)
PAPER: Final[Colour] = (246, 248, 250)
MUTED: Final[Colour] = (176, 184, 194)
FAINT: Final[Colour] = (92, 101, 112)
LEG_COLOUR: Final[dict[Leg, Colour]] = {"left": (86, 180, 233), "right": (230, 143, 190)}
QUALITY_COLOUR: Final[dict[RepQuality, Colour]] = {
    "smooth": (20, 196, 156),
    "jerky": (242, 168, 28),
    "partial": (166, 174, 184),
}

LEG_LETTER: Final[dict[Leg, str]] = {"left": "L", "right": "R"}
PHASE_WORD: Final[dict[Phase, str]] = {"arming": "getting ready", "rest": "ready", "up": "up", "down": "down"}
QUALITY_WORD: Final[dict[RepQuality, str]] = {"smooth": "smooth", "jerky": "jerky", "partial": "too small"}
HOLD = "hold"
FEET_LOST = "feet not in view"
NOT_SEEN = "I cannot see you: step into the picture"
NO_ANGLE = "no angle from here"
NO_NUMBER = "\N{EN DASH}"
TRACE_TITLE = "Ankle"
BREATHE = "breathe"


def exercise_title(name: str) -> str:
    """`heel-raise` as a heading; while the exercise is still being found out, a heading that claims none."""
    return "Watching" if name == "auto" else name.replace("-", " ").capitalize()


def degrees(angle_deg: float) -> str:
    """A signed whole number of degrees with a true minus sign; a dash for NaN."""
    if angle_deg != angle_deg:
        return NO_NUMBER
    whole = round(angle_deg)
    sign = "\N{MINUS SIGN}" if whole < 0 else "+" if whole > 0 else ""
    return f"{sign}{abs(whole)}°"

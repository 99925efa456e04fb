"""How the picture speaks: its colours and signs; its words are in words/*.toml. Nothing here draws."""

from typing import Final

from posecount.types import Leg, RepQuality

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
NO_NUMBER = "\N{EN DASH}"


def degrees(angle_deg: float) -> str:
    """A signed whole number of degrees with a true minus sign; a dash for NaN."""
    if angle_deg != angle_deg:
        return NO_NUMBER
    whole = round(angle_deg)
    sign = "\N{MINUS SIGN}" if whole < 0 else "+" if whole > 0 else ""
    return f"{sign}{abs(whole)}°"

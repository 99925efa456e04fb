"""What the camera's place leaves of a foot's turn: less from above, and of legs that lie.

A camera that looks down shows the farther foot higher in the picture than the nearer one, the more so the
farther down it looks. Measured on rendered people, whole and cut at the hips or the thighs: what was found of
the ankle's range, over the true one, falls with that height (correlation -0.5 to -0.9).
"""

# Of a turn that a level camera sees, with what landmarks and picture overstate of it; and how much less for
# each leg's length that the farther ankle is above the nearer one.
STANDING, SEATED, LESS = 1.18, 1.14, 1.2
STANDING_ALONE, SEATED_ALONE = 1.24, 1.08  # of legs with no body above them in the picture
HIGHEST = 0.3  # legs; what is more is no camera's doing
LYING = 0.95
LIES_DEG = 55.0


def kept(standing: bool, shank_deg: float, above_legs: float, alone: bool = False) -> float:
    """The share of a turn that is seen.

    `shank_deg` from upright; `above_legs` of the farther ankle; `alone`: there is no body above the legs.
    """
    if not standing and shank_deg > LIES_DEG:
        return LYING
    level = (STANDING_ALONE, SEATED_ALONE) if alone else (STANDING, SEATED)
    return level[0 if standing else 1] - LESS * min(max(above_legs, 0.0), HIGHEST)

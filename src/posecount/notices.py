"""What keeps the camera from judging, while it lasts: nobody there, feet lost, too oblique, too far."""

from math import inf

from posecount.framing import RESTS_S
from posecount.movement import View
from posecount.types import BodySample, Notice, Pose

PATIENCE_S = 1.0  # shorter troubles are not worth a word
SMALL_PX = 170.0  # a body this tall has shanks of about 42 px: 2 px of error are 4 deg of angle
# Rendered people: counts begin to fail at a brightness of 14, and not at 40; at a grain of 33, and not at 17.
DARK, GRAINY = 25.0, 24.0
FAST_S = 0.075  # longer between frames, and brisk movement falls between them: at 12 a second reps were lost

MESSAGES = {
    "nobody": "Nobody was seen. The whole body should be in the picture, or at least legs and feet.",
    "legs-only": "Legs only: hips-down tracking. Reps and angles are measured, the trunk is not.",
    "feet-only": "Feet only: counting by movement. For angles, knees and half of the thighs must be in view.",
    "feet-lost": "The feet were not seen well enough to judge. Keep both feet in the picture, and light.",
    "oblique": "Not seen from the side: reps are counted, but degrees would be guesses and are left out.",
    "steep": "Seen from above: angles may come out too small. Place the camera lower, as high as the knees.",
    "knees-cut": "The picture ends at the knees: reps are counted, angles are left out. Tilt the camera up.",
    "foot-cut": "The near foot reaches beyond the picture: reps are counted, but its angles are left out.",
    "far": "The person is small in the picture: come nearer, so that the body fills most of its height.",
    "slow-camera": "Fewer than 13 pictures a second: brisk or jerky movement may be missed.",
    "dark": "The picture is too dark to be sure of anything: more light on the legs.",
    "grainy": "The picture is so grainy that the legs are found badly: more light, or a cleaner camera.",
    "people": "More than one person is in the picture: only the most prominent one is measured.",
    "feet-unclear": "Feet at most are in view, and nothing moved as feet do in a set: nothing was counted.",
}


class Watch:
    """`update` returns a notice when a trouble has lasted; `notices` are all of them with their ends."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}  # of the troubles there are now
        self._spells: dict[str, list[tuple[float, float]]] = {code: [] for code in MESSAGES}
        self._first_s: float | None = None
        self._last_s: float | None = None
        self._met = False  # anybody, ever
        self._moved_s = self._feet_s = -inf

    def update(
        self, pose: Pose, body: BodySample, view: View, there: bool, moves: bool, cut: bool
    ) -> list[Notice]:
        """Troubles that have lasted long enough as of this frame.

        `there`: somebody is seen; `moves`: something does (`Moves`); `cut`: the picture's edge cuts the near
        foot.
        """
        if moves:
            self._moved_s = pose.time_s
        if pose.framing == "feet":
            self._feet_s = pose.time_s
        legs = bool(body.left or body.right)
        moved = not there and pose.time_s - min(self._feet_s, self._moved_s) < RESTS_S
        feet = moved or (there and pose.framing == "feet")
        gap_s = 0.0 if self._last_s is None else pose.time_s - self._last_s
        self._last_s = pose.time_s
        self._first_s = pose.time_s if self._first_s is None else self._first_s
        self._met = self._met or there or feet
        now = (  # in the order of `MESSAGES`
            not there and not moved,
            there and pose.framing == "legs",
            feet,
            there and not legs,
            legs and not (view.readable or view.feet),
            legs and view.readable and view.steep,
            legs and view.readable and view.knees_cut,
            cut,
            legs and body.height_px < SMALL_PX,
            (there or feet) and gap_s > FAST_S,
            pose.light.brightness < DARK,
            pose.light.grain > GRAINY,
            pose.people > 1,
            False,  # unclear they are only when all is over
        )
        since_s, self._since_s = self._since_s, {}
        if True not in now:
            return []
        for code, bad in zip(MESSAGES, now, strict=True):
            if bad:
                self._since_s[code] = since_s.get(code, pose.time_s)
        return [notice for code in self._since_s if (notice := self._note(code, pose.time_s))]

    def _note(self, code: str, time_s: float) -> Notice | None:
        since_s, spells = self._since_s[code], self._spells[code]
        if time_s - since_s < PATIENCE_S:
            return None
        if spells and spells[-1][0] == since_s:
            spells[-1] = (since_s, time_s)
            return None
        spells.append((since_s, time_s))
        return Notice(code, MESSAGES[code], since_s, time_s)

    def notices(self, feet_counted: bool) -> tuple[Notice, ...]:
        """Every trouble once, from its first beginning to its last end."""
        spells = dict(self._spells)
        if not self._met and self._first_s is not None and self._last_s is not None:
            spells["nobody"] = [(self._first_s, self._last_s)]  # however short it was
        if feet := spells["feet-only"]:  # who rests before the first movement was there all the same
            spells["nobody"] = [each for each in spells["nobody"] if each[1] > feet[0][0] + PATIENCE_S]
            if not feet_counted:
                spells |= {"feet-unclear": feet, "feet-only": [], "nobody": []}
        return tuple(
            Notice(code, MESSAGES[code], times[0][0], times[-1][1]) for code, times in spells.items() if times
        )

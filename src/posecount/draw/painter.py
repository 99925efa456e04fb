"""What the person sees: the legs, the count and the rhythm over the picture. It never counts."""

import math
from dataclasses import dataclass, replace

import numpy as np

from posecount.coach import HoldView
from posecount.draw.calm import Calm
from posecount.draw.cards import (
    COUNT_WIDTH,
    REP_HEIGHT,
    ROW,
    draw_counts,
    draw_rep,
    draw_ring,
    draw_sentence,
    sentence_height,
)
from posecount.draw.ink import Image
from posecount.draw.skeleton import JOINTS, TOE, draw_feet, draw_legs
from posecount.draw.trace import Trace
from posecount.types import LEGS, Pose, State
from posecount.words import Words

# In units of 1 % of the picture's shorter side, so that all sizes of picture look alike.
MARGIN = 2.5
TRACE_WIDEST, TRACE_SLIMMEST = 62.0, 32.0
REP_SHOWN_S = 1.5
UNSEEN_S = 1.2  # a detector that blinks, or searches for legs, is no reason to tell anyone that they are gone
HOLD_TARGET_S = 30.0  # a common dose for a calf stretch; exercises with their own say so


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things go, in pixels. The cards stand in one row, at the top unless the feet are there."""

    unit: float
    width: int
    height: int
    at_top: bool

    @property
    def left(self) -> float:
        """Left edge of the first card."""
        return MARGIN * self.unit

    @property
    def right(self) -> float:
        """Right edge of the last card."""
        return self.width - MARGIN * self.unit

    @property
    def row_y(self) -> float:
        """Upper edge of the row of cards."""
        return MARGIN * self.unit if self.at_top else self.height - (ROW + MARGIN) * self.unit

    def beyond_row(self, height: float, past: float = 0.0) -> float:
        """Upper edge of something `height` high beside the row, inwards, `past` pixels further on."""
        gap = MARGIN * self.unit + past
        return self.row_y + ROW * self.unit + gap if self.at_top else self.row_y - gap - height

    @property
    def ring_in_row(self) -> bool:
        """Whether the ring has room between the other cards; else it hangs below the trace."""
        return self.width >= (COUNT_WIDTH + ROW + TRACE_SLIMMEST + 4 * MARGIN) * self.unit

    @property
    def ring_spot(self) -> tuple[float, float]:
        """Upper left corner of the ring's card."""
        if self.ring_in_row:
            return self.left + (COUNT_WIDTH + MARGIN) * self.unit, self.row_y
        return self.right - ROW * self.unit, self.beyond_row(ROW * self.unit)

    @property
    def trace_width(self) -> float:
        """What the other cards leave of the row."""
        others = COUNT_WIDTH + 3 * MARGIN + (ROW + MARGIN if self.ring_in_row else 0)
        return min(TRACE_WIDEST * self.unit, self.width - others * self.unit)


class Painter:
    """Draws one session, frame after frame; it remembers the trace and when a person was last seen.

    `hold_target_s` closes the hold ring.
    """

    def __init__(self, hold_target_s: float = HOLD_TARGET_S, language: str = "en") -> None:
        self._hold_target_s = hold_target_s
        self._say = Words(language)
        self._calm, self._trace = Calm(), Trace()
        self._seen_s = math.inf
        self._at_top = True

    def annotate(
        self,
        image_rgb: Image,
        pose: Pose,
        state: State,
        *,
        cue: str = "",
        breath: float = math.nan,
        hold: HoldView | None = None,
    ) -> Image:
        """A new picture of the same size with everything on it.

        `image_rgb` (height, width, 3) uint8 is left as it was. `cue` is one sentence for the person;
        `breath` paces breathing from 0 (out) to 1 (in), NaN for none. The ring is that of `hold`, which a
        programme asks for, or else of any hold.
        """
        image = np.array(image_rgb, order="C")
        self.draw_on(image, pose, state, cue=cue, breath=breath, hold=hold)
        return image

    def draw_on(
        self,
        image: Image,
        pose: Pose,
        state: State,
        *,
        cue: str = "",
        breath: float = math.nan,
        hold: HoldView | None = None,
    ) -> None:
        """As `annotate`, on the picture itself: live, even a copy takes its time."""
        seen = bool(np.isfinite(pose.points_px).any()) or state.framing == "feet"
        if seen or pose.time_s < self._seen_s:  # the second: a recording begins, or begins anew
            self._seen_s = pose.time_s
        state = self._calm.update(state)
        self._trace.add(state)
        layout = self._layout(image, pose)
        hold_s, target_s = max(leg.hold_s for leg in state.legs.values()), self._hold_target_s
        if hold:
            hold_s, target_s = hold.held_s, hold.target_s
        ring = hold_s > 0 or math.isfinite(breath)
        draw_legs(image, pose, state, layout.unit)
        draw_counts(image, state, layout.left, layout.row_y, layout.unit, self._say)
        trace_x = layout.right - layout.trace_width
        self._trace.draw(image, state, trace_x, layout.row_y, layout.trace_width, layout.unit, self._say)
        if ring:
            draw_ring(image, hold_s, target_s, breath, *layout.ring_spot, layout.unit, self._say)
        unseen = pose.time_s - self._seen_s >= UNSEEN_S
        cue = cue or (self._say("picture.feet_first") if _waits(state) else "")
        _draw_cue(image, "" if unseen else cue, layout)  # one thing at a time
        _draw_last_rep(image, state, ring and not layout.ring_in_row, layout, self._say)
        draw_feet(image, pose, state, layout.unit)  # last: one that strays under a card still shows
        if unseen:
            code = "feet_at_most" if pose.framing == "feet" else "unseen"
            _draw_unseen(image, layout, self._say(f"picture.{code}"))

    def _layout(self, image: Image, pose: Pose) -> Layout:
        """The row of cards leaves its place only when both feet come there, so that it does not flicker."""
        height, width = image.shape[:2]
        layout = Layout(min(width, height) / 100, width, height, self._at_top)
        toes_y = pose.points_px[[JOINTS[leg][TOE] for leg in LEGS], 1]
        if (np.abs(toes_y - layout.row_y - ROW / 2 * layout.unit) < ROW / 2 * layout.unit).all():
            self._at_top = not self._at_top
        return replace(layout, at_top=self._at_top)


def _waits(state: State) -> bool:
    """Whether feet move of which nothing is counted yet: a few movements must be alike first."""
    return state.framing == "feet" and state.last_rep is None


def _draw_cue(image: Image, cue: str, layout: Layout) -> None:
    if cue:
        width, size = COUNT_WIDTH * layout.unit, 5 * layout.unit
        y = layout.beyond_row(sentence_height(cue, width, size))
        draw_sentence(image, cue, layout.left, y, width, size)


def _draw_last_rep(image: Image, state: State, ring_below: bool, layout: Layout, say: Words) -> None:
    rep = state.last_rep
    if rep and 0 <= state.time_s - rep.end_s < REP_SHOWN_S:
        past = (ROW + MARGIN) * layout.unit if ring_below else 0
        y = layout.beyond_row(REP_HEIGHT * layout.unit, past)
        draw_rep(image, rep, layout.right, y, layout.unit, say)


def _draw_unseen(image: Image, layout: Layout, text: str) -> None:
    width, size = layout.width - 2 * MARGIN * layout.unit, 6 * layout.unit
    y = (layout.height - sentence_height(text, width, size)) / 2
    draw_sentence(image, text, layout.width / 2, y, width, size, align=0.5)

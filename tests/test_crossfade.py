"""Points that change their kind at once seem not to jump."""

import numpy as np
import pytest

from posecount.crossfade import TAU_S, Crossfade

BEFORE_PX, AFTER_PX = np.zeros((39, 2)), np.full((39, 2), 8.0)


def test_nothing_is_done_before_a_change() -> None:
    assert Crossfade().update(AFTER_PX, 3.0) == pytest.approx(AFTER_PX)


def test_a_change_does_not_show_at_once_and_does_in_the_end() -> None:
    fade = Crossfade()
    fade.change(BEFORE_PX, AFTER_PX, 5.0)
    way = [fade.update(AFTER_PX, 5.0 + n / 30)[0, 0] for n in range(round(8 * TAU_S * 30))]
    assert way[0] == pytest.approx(0.0) and way[-1] == pytest.approx(8.0, abs=0.01)
    assert max(np.diff(way)) <= 8.0 / (TAU_S * 30)


def test_a_second_change_begins_where_the_first_has_come_to() -> None:
    fade = Crossfade()
    fade.change(BEFORE_PX, AFTER_PX, 0.0)
    here = fade.update(AFTER_PX, 1.0)
    fade.change(AFTER_PX, BEFORE_PX, 1.0)
    assert fade.update(BEFORE_PX, 1.0) == pytest.approx(here)

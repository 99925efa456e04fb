"""The annotated picture: what it must show, and what must never break it."""

import dataclasses
import subprocess
import sys
import time
from itertools import pairwise
from math import nan

import numpy as np
import pytest

from posecount.draw import Painter
from posecount.draw.calm import Calm
from posecount.draw.cards import _phase
from posecount.draw.ink import ICONS, _icon_mask, panel, paste, text_width, wrapped, write
from posecount.draw.painter import UNSEEN_S
from posecount.draw.skeleton import JOINTS
from posecount.draw.style import QUALITY_COLOUR, degrees
from posecount.types import LegState, Pose, Rep, State
from posecount.words import Words

SIZES = [(640, 480), (1280, 720), (720, 1280), (641, 479), (97, 61), (3, 5), (1, 1)]
HD = (1280, 720)


def picture(size=HD, level=120):
    return np.full((size[1], size[0], 3), level, np.uint8)


def pose(time_s=0.0, size=HD, foot_y=0.9):
    """Someone who stands side-on in the middle, toes to the left."""
    points = np.full((33, 2), nan)
    for shift, joints in zip((0.0, 0.02), JOINTS.values(), strict=True):
        points[joints] = [(0.5, 0.5), (0.5, 0.7), (0.5, foot_y - 0.03), (0.52, foot_y), (0.46, foot_y)]
        points[joints, 0] += shift
    return Pose(time_s, size, points * size, np.ones(33))


def nobody(time_s=0.0, size=HD):
    return Pose(time_s, size, np.full((33, 2), nan), np.zeros(33))


def state(time_s=0.0, last_rep=None, **left):
    seen = {"ankle_deg": 5.0, "phase": "up", "smooth": 3, "range_deg": (-30.0, 12.0), "measured": True}
    legs = {"left": LegState(**(seen | left)), "right": LegState(phase="up", smooth=2)}
    return State(time_s, "heel-raise", 3, legs, last_rep)


def rep(quality="smooth", end_s=0.0, range_deg=30.0):
    return Rep("left", end_s - 1.0, end_s - 0.5, end_s, range_deg, quality)


def painted(a_pose=None, a_state=None, image=None, **words):
    return Painter().annotate(
        picture() if image is None else image, a_pose or pose(), a_state or state(), **words
    )


def differ(one, other):
    """The box (left, top, right, bottom) of the pixels that differ."""
    rows, columns = np.nonzero((one != other).any(axis=2))
    assert len(rows), "the pictures are the same"
    return columns.min(), rows.min(), columns.max(), rows.max()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("hold_s", [0.0, 12.0])
def test_any_size_keeps_its_shape_and_the_input_stays_as_it_was(size, hold_s):
    image = picture(size)
    shown = state(last_rep=rep(), hold_s=hold_s)
    for a_pose in (pose(size=size), nobody(size=size)):
        out = Painter().annotate(image, a_pose, shown, cue="Slower on the way down.", breath=0.5)
        assert (out.shape, out.dtype) == (image.shape, np.uint8)
        assert not np.shares_memory(out, image)
        assert (image == 120).all()
        assert (out != image).any()


def test_a_picture_seen_backwards_is_drawn_upon_all_the_same():
    image = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    assert (painted(image=image[..., ::-1]) == painted(image=np.ascontiguousarray(image[..., ::-1]))).all()


@pytest.mark.parametrize(
    "left",
    [
        {"ankle_deg": nan},
        {"range_deg": (nan, nan)},
        {"range_deg": (nan, 12.0)},
        {"range_deg": (5.0, 5.0)},
        {"ankle_deg": nan, "range_deg": (nan, nan)},
        {"ankle_deg": 400.0, "knee_deg": nan},
        {"hold_s": nan},
        {"hold_s": 1e6},
        {"measured": False},
        {"smooth": 12345, "jerky": 999, "partial": 100},
    ],
)
def test_what_cannot_be_measured_never_breaks_the_picture(left):
    painter = Painter()
    for step in range(4):
        one_rep = rep(end_s=nan, range_deg=nan) if step % 2 else None
        painter.annotate(picture(), pose(step / 30), state(step / 30, one_rep, **left))


@pytest.mark.parametrize("value", [nan, np.inf, -1e300, 1e12])
@pytest.mark.parametrize("joint", range(5))
def test_a_landmark_gone_astray_never_breaks_the_picture(value, joint):
    astray = pose()
    astray.points_px[[joints[joint] for joints in JOINTS.values()]] = value
    painted(astray)


def test_only_a_measured_leg_gets_its_colour_and_its_angle():
    faint = painted(pose(), state(measured=False))[300:]
    bright = painted(pose(), state())[300:]
    coloured = [np.ptp(out.astype(int), axis=2) > 60 for out in (faint, bright)]
    assert (faint != 120).any() and not coloured[0].any()
    assert coloured[1].sum() > 1000


def test_no_arc_claims_an_angle_that_is_not_measurable():
    ankle_y = int(pose().points_px[JOINTS["left"][2], 1])
    above = slice(ankle_y - 60, ankle_y - 15)
    with_angle, without = painted(), painted(a_state=state(ankle_deg=nan))
    assert (with_angle[above, 500:640] != 120).any(axis=2).sum() > 2000
    assert (without[above, 500:628] == 120).all()


@pytest.mark.parametrize("size", [(640, 480), HD, (720, 1280), (3840, 2160)])
def test_the_cards_stay_clear_of_the_feet(size):
    unit = min(size) / 100
    image = picture(size)
    everything = {"cue": "Lower your heels more slowly.", "breath": 0.5}
    out = Painter().annotate(image, nobody(size=size), state(1.0, rep(end_s=0.9), hold_s=9.0), **everything)
    out = Painter().annotate(image, pose(size=size), state(1.0, rep(end_s=0.9), hold_s=9.0), **everything)
    feet = (out != 120).any(axis=2)[int(0.94 * size[1]) :]
    assert not feet.any()
    painter = Painter()
    raised = pose(size=size, foot_y=20 * unit / size[1])
    out = painter.annotate(image, raised, state(measured=False))
    assert (out[-int(10 * unit) :] != 120).any(), "feet at the top: the cards go to the bottom"
    out = painter.annotate(image, pose(0.1, size, foot_y=0.5), state(0.1, measured=False))
    assert (out[-int(10 * unit) :] != 120).any(), "and stay there until the feet come"


def test_someone_lost_is_told_so_but_not_for_a_blink():
    painter, middle = Painter(), np.s_[330:390, 300:460]
    times = np.arange(0, 2, 0.1)
    told = [
        bool((painter.annotate(picture(), nobody(t) if t else pose(t), state(t))[middle] != 120).any())
        for t in times
    ]
    assert told == [t >= UNSEEN_S for t in times]
    assert (painted(nobody())[middle] == 120).all(), "legs without a body are searched for a second"
    assert (lost()[middle] != 120).any(), "someone who never came"


def test_each_quality_is_shown_by_colour_and_by_shape_for_a_moment():
    still = painted(a_state=state(9.0))
    shapes = []
    for quality, colour in QUALITY_COLOUR.items():
        out = painted(a_state=state(9.0, rep(quality, end_s=8.5)))
        _, top, right, bottom = differ(out[216:], still[216:])
        close = np.abs(out[216:].astype(int) - colour).max(axis=2) < 12
        shapes.append(close[top : bottom + 1, right - 320 : right + 1])
        assert close.sum() > 150
        long_ago = painted(a_state=state(19.0, rep(quality, end_s=8.5)))
        assert (long_ago[216:] == painted(a_state=state(19.0))[216:]).all()
    assert all((one.shape != other.shape) or (one != other).mean() > 0.01 for one, other in pairwise(shapes))


def test_the_hold_ring_fills_up_to_its_target():
    def filled(hold_s, target_s):
        out = Painter(hold_target_s=target_s).annotate(picture(), pose(), state(hold_s=hold_s))
        return (np.abs(out.astype(int) - QUALITY_COLOUR["smooth"]).max(axis=2) < 12).sum()

    amounts = [filled(hold_s, 30.0) for hold_s in (1.0, 10.0, 20.0, 30.0)]
    assert all(more > 1.2 * less for less, more in pairwise(amounts))
    assert filled(60.0, 30.0) == amounts[-1] == filled(30.0, 15.0)


def test_the_breath_swells():
    def blue(breath):
        out = painted(breath=breath).astype(int)
        return ((out[..., 2] - out[..., 0] > 40) & (out.max(axis=2) < 180)).sum()

    assert blue(nan) < blue(0.0) < blue(0.5) < blue(1.0) == blue(7.0)


def test_a_cue_is_wrapped_under_the_count():
    without, short = painted(), painted(cue="Slower.")
    long = painted(cue="Lower your heels more slowly, all the way down to the floor.")
    _, top, right, bottom = differ(long, without)
    assert top > 0.29 * 720 and right < 0.5 * 1280
    assert bottom > differ(short, without)[3] + 60


def test_the_trace_moves_and_a_gap_stays_a_gap():
    def traced(angle):
        painter = Painter()
        for step in range(120):
            t = step / 30
            out = painter.annotate(picture(), nobody(t), state(t, ankle_deg=angle(t)))
        return out[60:170, 990:1160]  # the last four seconds

    wave, gap = (
        traced(lambda t: 20 * np.sin(3 * t) - 9),
        traced(lambda t: nan if 1 < t < 3 else 20 * np.sin(3 * t) - 9),
    )
    blue = [(out[..., 2].astype(int) - out[..., 0] > 80) for out in (wave, gap)]
    columns = [shown.any(axis=0).sum() for shown in blue]
    assert columns[0] > 1.5 * columns[1] > 0


def test_the_trace_forgets_when_a_recording_begins_anew():
    painter = Painter()
    for step in range(60):
        painter.annotate(picture(), pose(step / 30), state(step / 30, ankle_deg=step % 20))
    again = painter.annotate(picture(), pose(0.0), state(0.0))
    assert (again == painted()).all()


def test_the_same_session_gives_the_same_pictures():
    def last():
        painter = Painter()
        painter.annotate(picture(), pose(0.0), state(0.0))
        return painter.annotate(picture(), pose(0.1), state(0.1, rep(end_s=0.1)))

    assert (last() == last()).all()


@pytest.mark.parametrize(
    ("angle", "text"),
    [(nan, "–"), (-31.4, "−31°"), (11.6, "+12°"), (0.2, "0°"), (-0.4, "0°")],  # noqa: RUF001
)
def test_degrees_are_signed_whole_numbers(angle, text):
    assert degrees(angle) == text


def test_an_exercise_not_yet_known_is_not_named():
    assert Words()("picture.heel-raise") == "Heel raise"


def test_pasting_mixes_by_opacity_and_cuts_at_the_edges():
    image = picture((4, 4), 100)
    mask = np.array([[255, 128], [0, 255]], np.uint8)
    paste(image, mask, (200, 0, 100), 1, 1)
    assert image[1, 1].tolist() == [200, 0, 100]
    assert np.abs(image[1, 2].astype(int) - [150, 50, 100]).max() <= 1
    assert image[2, 1].tolist() == [100, 100, 100]
    for x, y in ((-1, -1), (3, 3), (-9, 0), (0, 99)):
        paste(image, mask, (1, 2, 3), x, y)
    assert image[0, 0].tolist() == [1, 2, 3]
    assert image[3, 3].tolist() == [1, 2, 3]


def test_words_are_wrapped_to_width_and_none_is_lost():
    text = "Lower your heels more slowly than you think"
    lines = wrapped(text, 20, 160)
    assert " ".join(lines) == text
    assert len(lines) > 2
    assert all(text_width(line, 20) <= 160 for line in lines)
    assert wrapped("Wadenmuskulaturdehnung", 20, 50) == ["Wadenmuskulaturdehnung"]
    assert wrapped("", 20, 50) == []


def test_text_starts_ends_or_centres_where_it_is_told():
    spans = []
    for align in (0.0, 0.5, 1.0):
        image = picture((300, 60), 0)
        write(image, "Hold", 150, 30, 30, align=align)
        columns = np.nonzero(image.any(axis=(0, 2)))[0]
        spans.append((columns.min(), columns.max()))
    assert spans[0][0] >= 150 > spans[2][1]
    assert abs(sum(spans[1]) / 2 - 150) <= 2


def test_every_icon_is_drawn_in_a_shape_of_its_own():
    masks = {name: _icon_mask(name, 40) for name in ICONS}
    for name, mask in masks.items():
        assert 100 < (mask > 128).sum() < 1600
        assert all((mask != other).mean() > 0.05 for key, other in masks.items() if key != name)


def test_a_panel_darkens_a_white_wall_enough_for_white_words():
    wall = picture((200, 100), 255)
    panel(wall, 0, 0, 200, 100, 10)
    assert wall[50, 100].max() < 100  # contrast of white on it: above 6 to 1
    assert wall[0, 0].min() == 255  # round corners


def test_importing_posecount_brings_no_drawing_along():
    code = "import posecount, sys; assert not {'cv2', 'PIL', 'posecount.draw'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_how_long_a_frame_takes(capsys):
    """Printed, not asserted: the budget is 4 ms at 720p on one core."""
    painter, image = Painter(), picture()
    took = []
    for step in range(90):
        t = step / 30
        shown = dataclasses.replace(state(t, rep(end_s=t), ankle_deg=20 * np.sin(3 * t)), count=step)
        began = time.perf_counter()
        painter.annotate(image, pose(t), shown, cue="Lower your heels more slowly.")
        took.append(1000 * (time.perf_counter() - began))
    with capsys.disabled():
        print(f"\n  annotate at 720p: median {np.median(took):.1f} ms, slowest {max(took):.1f} ms")


def test_what_is_still_is_shown_still():
    painter = Calm()
    trembling = [
        painter.update(state(n / 30, ankle_deg=5.0 + 2 * (-1) ** n, smooth=0, range_deg=(2.0, 9.0)))
        for n in range(60)
    ]
    shown = [each.legs["left"] for each in trembling[30:]]
    assert max(each.ankle_deg for each in shown) - min(each.ankle_deg for each in shown) < 2
    assert {each.phase for each in shown} == {"rest"}
    moving = painter.update(state(2.0, ankle_deg=-20.0, smooth=0, range_deg=(-20.0, 9.0)))
    assert moving.legs["left"].phase == "up"


def test_a_pause_within_a_rep_is_no_hold():
    assert Calm().update(state(hold_s=2.0)).legs["left"].hold_s == 0
    assert Calm().update(state(hold_s=4.0)).legs["left"].hold_s == 4
    stretching = dataclasses.replace(state(hold_s=2.0), exercise="calf-stretch")
    assert Calm().update(stretching).legs["left"].hold_s == 2


def test_who_is_not_seen_is_told_one_thing():
    assert (lost(cue="Smoother.") == lost()).all()


def test_who_may_be_feet_alone_is_told_how_they_are_counted():
    assert (lost(framing="feet") != lost()).any()


def test_feet_alone_are_not_given_to_a_side():
    feet = dataclasses.replace(
        state(9.0), framing="feet", feet=LegState(jerky=3), legs={leg: LegState() for leg in JOINTS}
    )
    unsided = Painter().annotate(picture(), nobody(9.0), feet)
    more = Painter().annotate(picture(), nobody(9.0), dataclasses.replace(feet, feet=LegState(jerky=4)))
    assert (unsided != more).any()
    sided = dataclasses.replace(feet, legs={leg: LegState(smooth=2) for leg in JOINTS})
    assert (unsided != Painter().annotate(picture(), nobody(9.0), sided)).any()


def lost(framing="whole", language="en", **told):
    """The picture when nobody has been seen from its beginning on."""
    painter = Painter(language=language)
    painter.annotate(picture(), nobody(7.0), state(7.0))
    return painter.annotate(picture(), dataclasses.replace(nobody(9.0), framing=framing), state(9.0), **told)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_language_has_its_own_picture(language):
    assert (lost(language=language) != lost(language="de" if language == "en" else "en")).any()


@pytest.mark.parametrize(("framing", "told"), [("feet", "by_movement"), ("legs", "feet_lost")])
def test_feet_alone_are_not_said_to_be_out_of_view(framing, told):
    legs = {leg: LegState() for leg in JOINTS}
    assert _phase(State(0.0, "auto", 0, legs, None, framing=framing)) == told

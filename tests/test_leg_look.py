"""Which squares of the picture are tried instead of the one in which legs were seen."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from posecount.leg_look import (
    AS_WELL,
    CLEARLY,
    REGION_LEGS,
    SHRUNK,
    THIGH_SHANKS,
    WARM_HIPS,
    Look,
    next_region,
    others,
    seated,
    sensible,
    settled,
    sits,
)
from posecount.network import Found, Points, Region

IMAGE = np.zeros((240, 320, 3), np.uint8)
SHANK_PX = 100.0


def px(x: float, y: float) -> Points:
    return np.array([x, y])


KNEE = px(150, 20)
SEAT = KNEE - px(SHANK_PX, 0)
ABOVE, BEHIND = px(0, -THIGH_SHANKS * SHANK_PX), px(-THIGH_SHANKS * SHANK_PX, 0)


HALF_SEEN = px(-90, -36)  # behind the knee, and beyond the edge


def look(
    thigh: Points, knee: Points = KNEE, foot_px: float = 50.0, warmth: float = 0.8, hips: float = 0.8
) -> Look:
    """Both legs alike: `thigh` leads from the knee to the hip, the foot points to the right."""
    ankle = knee + px(0, SHANK_PX)
    joints: Mapping[tuple[int, int], Points] = {
        (23, 24): knee + thigh,
        (25, 26): knee,
        (27, 28): ankle,
        (29, 30): ankle + px(-0.2 * foot_px, 10),
        (31, 32): ankle + px(0.8 * foot_px, 10),
    }
    points = np.full((39, 2), 500.0)
    for both, at in joints.items():
        points[list(both)] = at
    x, y = (knee + thigh).tolist()
    heat = np.full(39, warmth)
    heat[[23, 24]] = hips
    return Look(Region(x, y, REGION_LEGS * 2 * SHANK_PX), "right", Found(points, heat, heat, 1.0))


def middle(one: Look) -> tuple[float, float]:
    return one.region.x_px, one.region.y_px


def test_thighs_beyond_the_edge_may_be_those_of_who_sits() -> None:
    first = others(look(ABOVE), IMAGE)[0]
    assert middle(first) == pytest.approx(tuple(SEAT))
    assert first.facing == "right" and first.region.size_px == pytest.approx(REGION_LEGS * 1.97 * SHANK_PX)


def shrunk(seen: Look) -> list[Look]:
    return [
        each
        for each in others(seen, IMAGE)
        if each.region.size_px < 0.9 * seen.region.size_px and not each.seat
    ]


def test_knees_at_the_edge_may_be_the_middle_of_the_thighs() -> None:
    seen = look(ABOVE)
    (smaller,) = shrunk(seen)
    ankles, was = KNEE + px(0, SHANK_PX), px(*middle(seen))
    assert middle(smaller) == pytest.approx(tuple(ankles + SHRUNK * (was - ankles)))
    assert smaller.region.size_px == pytest.approx(SHRUNK * seen.region.size_px)


@pytest.mark.parametrize(
    "seen",
    [look(ABOVE, KNEE + px(0, 100)), replace(look(ABOVE), held=(0.0, -190.0))],
    ids=["thighs in view", "a larger one is tried"],
)
def test_no_smaller_square_is_tried(seen: Look) -> None:
    assert shrunk(seen) == []


@pytest.mark.parametrize(
    "seen",
    [look(BEHIND, KNEE + px(0, 30)), look(ABOVE, foot_px=5.0), look(ABOVE, foot_px=18.0)],
    ids=["seated", "from the front", "nearly so"],
)
def test_nobody_else_is_tried_seated(seen: Look) -> None:
    assert all(middle(each) != pytest.approx(tuple(SEAT)) for each in others(seen, IMAGE))


@pytest.mark.parametrize("thigh", [ABOVE, 0.8 * BEHIND], ids=["beyond the edge", "too short"])
def test_who_was_found_seated_stays_so_above_the_ankles_whatever_hips_seem_to_do(thigh: Points) -> None:
    seat = others(look(ABOVE), IMAGE)[0]
    moved = px(6, -4)
    seen = settled(replace(seat, found=look(thigh, KNEE + moved).found), IMAGE)
    asked = next_region(seen, IMAGE)
    assert (asked.x_px, asked.y_px) == pytest.approx(tuple(SEAT + moved))
    assert asked.size_px == seat.region.size_px


def test_thighs_that_are_seen_say_where_who_sits_is_and_that_is_kept() -> None:
    thigh, knee = 1.1 * BEHIND, KNEE + px(20, 20)
    seat = replace(others(look(ABOVE, knee), IMAGE)[0], found=look(thigh, knee).found)
    assert not seated(replace(seat, found=look(ABOVE, knee).found), IMAGE), "it is one already"
    asked = next_region(seat, IMAGE)
    assert (asked.x_px, asked.y_px) == pytest.approx(tuple(knee + thigh))
    later = settled(replace(seat, region=asked), IMAGE)
    risen = next_region(replace(later, found=look(ABOVE, knee).found), IMAGE)
    assert (risen.x_px, risen.y_px) == pytest.approx((asked.x_px, asked.y_px))


def test_hips_at_the_very_edge_move_nobody_who_sits() -> None:
    seat = replace(others(look(ABOVE), IMAGE)[0], found=look(1.1 * BEHIND).found)
    asked = next_region(seat, IMAGE)
    assert (asked.x_px, asked.y_px) == pytest.approx(tuple(SEAT))


@pytest.mark.parametrize(
    "other, better",
    [
        (look(BEHIND), True),
        (look(BEHIND, KNEE + px(5, 0)), True),
        (look(BEHIND, KNEE + px(0, 14)), False),  # another knee: it was none
        (look(ABOVE), False),
        (look(ABOVE, warmth=0.95), False),
        (look(BEHIND, warmth=0.81 - AS_WELL), True),
        (look(BEHIND, warmth=0.79 - AS_WELL), False),
        (look(HALF_SEEN, warmth=0.81 + CLEARLY), True),
        (look(HALF_SEEN, warmth=0.79 + CLEARLY), False),
        (look(BEHIND, hips=WARM_HIPS - 0.01), False),  # a floor behind who stands
    ],
)
def test_who_sits_keeps_the_knees_and_shows_the_thighs(other: Look, better: bool) -> None:
    assert sits(replace(other, seat=True), look(ABOVE), IMAGE) == better
    assert not sits(other, look(ABOVE), IMAGE), "it was not asked about as a seat"


@pytest.mark.parametrize(
    "foot_deg, lies, possible",
    [(0, True, False), (20, True, False), (55, True, True), (90, True, True), (0, False, True)],
)
def test_feet_that_go_on_along_shanks_that_lie_are_of_nobody(
    foot_deg: float, lies: bool, possible: bool
) -> None:
    along, across = (px(1, 0), px(0, -1)) if lies else (px(0, 1), px(1, 0))
    hip = px(20, 80)
    knee, ankle = hip + 0.9 * SHANK_PX * along, hip + 1.8 * SHANK_PX * along
    turn = np.radians(foot_deg)
    toe = ankle + 50 * (np.cos(turn) * along + np.sin(turn) * across)
    points = np.full((39, 2), 500.0)
    for both, at in zip((23, 25, 27, 29, 31), (hip, knee, ankle, ankle, toe), strict=True):
        points[[both, both + 1]] = at
    heat = np.full(39, 0.8)
    region = Region(20, 80, REGION_LEGS * 1.8 * SHANK_PX)
    assert (
        sensible(Look(region, "front", Found(points, heat, heat, 1.0)), np.zeros((400, 400, 3), np.uint8))
        is possible
    )

import numpy as np
import pytest

from posecount.bounces import bounce_times_s
from posecount.rep_trace import _flicker_deg, lightly, sharpened, trace
from posecount.ripple import smooth
from posecount.smoothness import judge, judge_witnessed
from posecount.sparc import sparc
from posecount.strokes import Stroke


def test_sparc_golden_value() -> None:
    """The published reference implementation gives -1.41403 for this profile."""
    t = np.arange(-1, 1, 0.01)
    assert sparc(np.exp(-5 * t**2), 100) == pytest.approx(-1.41403, abs=1e-5)


@pytest.mark.parametrize(("scale", "stretch"), [(1, 1), (7, 1), (1, 3)])
def test_sparc_ignores_amplitude_and_duration(scale: float, stretch: float) -> None:
    t = np.arange(-1, 1, 0.01 / stretch)
    assert sparc(scale * np.exp(-5 * t**2), 100 * stretch) == pytest.approx(-1.414, abs=0.02)


def test_sparc_of_nothing_is_not_a_number() -> None:
    assert np.isnan(sparc(np.zeros(50), 60))
    assert np.isnan(sparc(np.ones(2), 60))


def test_smoothing_keeps_a_straight_line() -> None:
    line = np.linspace(0, 5, 200)
    assert smooth(line, 0.1)[30:-30] == pytest.approx(line[30:-30])


def stroke_up_and_down(
    seconds: float, height: float, hz: float = 0.0, deg: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    t = np.arange(0, 2 * seconds + 1.4, 1 / 30)
    x = np.clip((t - 0.5) / seconds, 0, 1) - np.clip((t - 0.9 - seconds) / seconds, 0, 1)
    path = height * x**3 * (10 - 15 * x + 6 * x**2)
    moving = (np.abs(np.gradient(path)) > 0.1) * deg * np.sin(2 * np.pi * hz * t)
    return t, path + moving


def strokes_of(seconds: float, height: float) -> tuple[Stroke, Stroke]:
    part = 0.506 * seconds / 2
    middle = 0.5 + seconds / 2, 0.9 + 1.5 * seconds
    return (
        Stroke(middle[0] - part, middle[0] + part, 0, height),
        Stroke(middle[1] - part, middle[1] + part, height, 0),
    )


@pytest.mark.parametrize("seconds", [0.4, 0.7, 1.5, 3.0])
def test_minimum_jerk_strokes_are_smooth(seconds: float) -> None:
    t, x = stroke_up_and_down(seconds, 40)
    shape = judge(trace(t, x, *strokes_of(seconds, 40), noise_deg=0.2))
    assert not shape.jerky
    assert shape.ripple_deg < 0.7
    assert shape.amplitude_deg == pytest.approx(40, rel=0.1)


@pytest.mark.parametrize("hz", [3.5, 5.0, 6.5])
@pytest.mark.parametrize("seconds", [0.6, 1.0])
def test_tremor_within_a_stroke_is_jerky(hz: float, seconds: float) -> None:
    t, x = stroke_up_and_down(seconds, 40, hz, 4.5)
    assert judge(trace(t, x, *strokes_of(seconds, 40), noise_deg=0.2)).jerky


@pytest.mark.parametrize("seed", range(6))
def test_a_ripple_that_the_witness_does_not_show_is_smooth(seed: int) -> None:
    """Two signals of one smooth stroke, each with a noise of its own that would be jerky alone."""
    rng, (t, x) = np.random.default_rng(seed), stroke_up_and_down(0.8, 40)
    one, other = (x + 3.0 * smooth(rng.normal(0, 1, len(t)), 0.03, 30) for _ in range(2))
    moved = trace(t, one, *strokes_of(0.8, 40), noise_deg=0.0)
    assert judge_witnessed(moved, lightly(t, other)).ripple_deg < judge(moved).ripple_deg
    assert not judge_witnessed(moved, lightly(t, other)).jerky


@pytest.mark.parametrize("hz", [3.5, 5.0, 6.5])
@pytest.mark.parametrize("deg", [2.5, 4.0])
def test_a_slight_tremor_that_both_show_is_jerky(hz: float, deg: float) -> None:
    rng, (t, x) = np.random.default_rng(1), stroke_up_and_down(0.8, 40, hz, deg)
    one, other = (x + rng.normal(0, 0.4, len(t)) for _ in range(2))
    moved = trace(t, one, *strokes_of(0.8, 40), noise_deg=0.4)
    assert judge_witnessed(moved, lightly(t, 0.9 * other)).jerky


def test_sparc_is_silent_in_noise() -> None:
    t, x = stroke_up_and_down(0.7, 10)
    assert np.isnan(trace(t, x, *strokes_of(0.7, 10), noise_deg=2.0).sparc())


@pytest.mark.parametrize(("hz", "expected"), [(1.0, 9), (2.0, 19), (0.1, 0)])
def test_bounces(hz: float, expected: int) -> None:
    t = np.arange(0, 10, 1 / 30)
    found = bounce_times_s(t, 16 + 3 * np.sin(2 * np.pi * hz * t), least_deg=2.0)
    assert len(found) == pytest.approx(expected, abs=1)


def test_breathing_deeper_into_a_stretch_is_no_bounce() -> None:
    t = np.arange(0, 20, 1 / 30)
    assert len(bounce_times_s(t, 15 + np.floor(t / 5) * 1.2, least_deg=2.0)) == 0


@pytest.mark.parametrize("samples", [1, 2, 3, 6])
def test_a_running_mean_is_undone(samples: int) -> None:
    times = np.arange(0, 4, 1 / 30)
    sine = np.sin(2 * np.pi * times * 30 / (4 * samples))
    flattened = np.mean([np.roll(sine, n) for n in range(samples)], axis=0)
    inside = slice(samples + 20, -samples - 20)
    assert np.ptp(sharpened(times, flattened, samples)[inside]) == pytest.approx(
        np.ptp(sine[inside]), rel=0.1
    )


def test_frames_that_come_unevenly_are_no_bends() -> None:
    times = np.cumsum(np.tile([1, 1, 1, 3], 20)) / 30
    assert sharpened(times, 50 * times, 3) == pytest.approx(50 * times)


@pytest.mark.parametrize("noise_deg", [0.0, 1.0])
def test_frames_that_come_unevenly_are_no_noise(noise_deg: float) -> None:
    noise = np.random.default_rng(4).normal(0, noise_deg, 120)
    even, uneven = np.arange(120) / 40, np.cumsum(np.tile([1, 1, 1, 3], 30)) / 60
    seen, seen_unevenly = (_flicker_deg(times, 10 * np.sin(3 * times) + noise) for times in (even, uneven))
    assert seen_unevenly == pytest.approx(seen, rel=0.35, abs=0.01)

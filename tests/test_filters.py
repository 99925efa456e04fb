import numpy as np
import pytest

from posecount.filters import Average, Smoother, smoothed
from posecount.noise import BLOCK, NoiseFloor


def run(times: np.ndarray, values: np.ndarray, sigma_s: float) -> np.ndarray:
    smoother = Smoother(sigma_s)
    out = [pair for t, x in zip(times, values, strict=True) for pair in smoother.push(float(t), float(x))]
    out += smoother.flush()
    assert [t for t, _ in out] == pytest.approx(list(times))
    return np.array([x for _, x in out])


@pytest.mark.parametrize(("hz", "gain"), [(0.6, 0.956), (2.0, 0.603), (3.5, 0.213)])
def test_gain_is_that_of_a_gaussian(hz: float, gain: float) -> None:
    t = np.arange(0, 6, 1 / 60)
    smooth = run(t, np.sin(2 * np.pi * hz * t), 0.08)[60:-60]
    assert np.ptp(smooth) / 2 == pytest.approx(gain, abs=0.02)


def test_no_phase() -> None:
    t = np.arange(0, 6, 1 / 60)
    smooth = run(t, np.sin(2 * np.pi * t), 0.08)
    assert abs(np.argmax(smooth[90:150]) - np.argmax(np.sin(2 * np.pi * t)[90:150])) <= 1


def test_gaps_stay_gaps() -> None:
    t = np.arange(0, 3, 1 / 30)
    x = np.ones_like(t)
    x[30:60] = np.nan
    smooth = run(t, x, 0.08)
    assert np.isnan(smooth[40:50]).all()
    assert smooth[:28] == pytest.approx(1) and smooth[62:] == pytest.approx(1)


RNG = np.random.default_rng(3)
EVEN = np.arange(120) / 31


@pytest.mark.parametrize(
    "t",
    [
        pytest.param(np.cumsum(RNG.uniform(0.01, 0.06, 200)), id="uneven"),
        pytest.param(EVEN, id="even"),
        pytest.param(np.delete(EVEN, [40, 41, 70]), id="frames dropped"),
        pytest.param(np.append(EVEN, EVEN[-1] + np.arange(1, 90) / 17), id="another rate"),
        pytest.param(EVEN[:4], id="shorter than the window"),
    ],
)
def test_whole_series_and_running_smoother_agree(t: np.ndarray) -> None:
    x = np.random.default_rng(4).normal(size=len(t))
    assert smoothed(t, x, 0.08) == pytest.approx(run(t, x, 0.08))
    x[len(x) // 2] = np.nan
    known = np.isfinite(x)
    assert smoothed(t, x, 0.08)[known] == pytest.approx(run(t, x, 0.08)[known])


def test_how_times_are_rounded_changes_nothing() -> None:
    """At 30 a second a sample lies at the very end of the window."""
    t, x = np.arange(90) / 30, np.random.default_rng(5).normal(size=90)
    assert run(t + 1000.1, x, 0.08) == pytest.approx(run(t, x, 0.08), rel=1e-3, abs=1e-4)


def test_smoothing_a_whole_series_invents_nothing() -> None:
    t, x = np.arange(10) / 30, np.full(10, np.nan)
    x[4] = 2.0
    out = smoothed(t, x, 0.05)
    assert out[4] == 2.0 and np.isnan(np.delete(out, 4)).all()
    assert smoothed(np.empty(0), np.empty(0), 0.05).size == 0


def test_average_forgets_with_its_time_constant() -> None:
    average = Average(2.0)
    average.push(0.0, 10.0)
    for i in range(1, 201):
        average.push(i / 100, 0.0)
    assert average.value == pytest.approx(10 * np.exp(-1), rel=0.01)
    assert average.push(3.0, float("nan")) == average.value


def test_noise_floor_is_that_of_rest() -> None:
    floor = NoiseFloor()
    assert floor.value_deg == 0.0
    for distance in [0.3] * 4 * BLOCK + [5.0] * 8 * BLOCK:
        floor.push(distance)
    assert floor.value_deg == pytest.approx(0.3)

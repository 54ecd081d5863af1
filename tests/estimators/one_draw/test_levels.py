"""The distribution of functions of one draw that turn, against closed forms of their CDFs."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.one_draw.cells import Cells, cells_of
from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.estimators.one_draw.levels import Levels
from guessmodel.graph.coordinates import Element

Array = NDArray[np.float64]
NORMAL = stats.norm()
P = np.linspace(0.001, 0.999, 41)


def cells(quantity: gm.Quantity) -> Cells:
    one = OneDraw.of(Element(quantity, ()), 512)
    assert one is not None
    found = cells_of(one)
    assert found is not None
    return found


def known_of(quantity: gm.Quantity) -> Levels:
    found = Levels.of(cells(quantity))
    assert found is not None
    return found


def normal() -> gm.Quantity:
    return gm.normal(mean=0, sd=1)


def parabola(y: Array) -> Array:
    """P(x + x² <= y)."""
    root = np.sqrt(np.maximum(0.25 + y, 0.0))
    return np.asarray(NORMAL.cdf(root - 0.5) - NORMAL.cdf(-root - 0.5))


def wave(y: Array) -> Array:
    """P(cos(2 π u) <= y) of a uniform u."""
    return np.asarray(1.0 - np.arccos(np.clip(y, -1.0, 1.0)) / np.pi)


def gap(y: Array) -> Array:
    """P(x² + 5 [x > 1] <= y): what is up to 1, and what is beyond, where it is 5 more."""
    root, beyond = np.sqrt(y), np.sqrt(np.maximum(y - 5.0, 1.0))
    inner = NORMAL.cdf(np.minimum(root, 1.0)) - NORMAL.cdf(-root)
    return np.asarray(inner + NORMAL.cdf(beyond) - NORMAL.cdf(1.0))


CASES = {
    "parabola": (lambda: (x := normal()) + x**2, parabola, np.linspace(-0.24, 8.0, 50)),
    "wave": (lambda: gm.cos(2 * np.pi * gm.uniform(0, 1)), wave, np.linspace(-0.99, 0.99, 50)),
    "gap": (lambda: (x := normal()) ** 2 + 5 * (x > 1), gap, np.linspace(0.01, 12.0, 50)),
}


@pytest.mark.parametrize("case", CASES)
def test_probabilities_and_quantiles(case: str) -> None:
    build, cdf, x = CASES[case]
    known = known_of(build())
    assert known.at_most(x) == pytest.approx(cdf(x), abs=1e-12)
    assert cdf(known.quantiles(P)) == pytest.approx(P, abs=1e-12)


def test_many_turns_are_followed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    known = known_of(gm.sin(20 * normal()))
    x = np.linspace(-0.9, 0.9, 7)
    whole = known.at_most(x)
    monkeypatch.setattr("guessmodel.estimators.one_draw.levels._AT_ONCE", 1)
    assert known.at_most(x) == pytest.approx(whole, abs=1e-14)
    # By the density of 20 x, which is nearly flat over a wave.
    assert whole == pytest.approx(0.5 + np.arcsin(x) / np.pi, abs=1e-3)


def test_isolated_values_are_not_told() -> None:
    assert Levels.of(cells(gm.maximum(normal() ** 2, 1))) is None

"""Multivariate normal draws: closed forms, and the published case H.2 of the GUM."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import guessmodel as gm
from guessmodel.errors import GuessmodelError

MEAN = {"x": 1.0, "y": 2.0, "z": -1.0}
COV = [[4.0, 3.0, -1.0], [3.0, 9.0, 0.5], [-1.0, 0.5, 1.0]]


def test_sums_have_the_variance_of_the_textbook() -> None:
    """Var(aᵀx) = aᵀ Σ a."""
    made = gm.multivariate_normal(MEAN, cov=COV)
    run = gm.Model(**made, total=made["x"] - 2.0 * made["y"] + 3.0 * made["z"]).sample(64)
    weights = np.array([1.0, -2.0, 3.0])
    assert run["total"].sd().value == pytest.approx(
        math.sqrt(weights @ np.array(COV) @ weights), rel=1e-12
    )
    assert run["total"].mean().value == pytest.approx(1.0 - 4.0 - 3.0, abs=1e-12)
    assert run["y"].sd().value == pytest.approx(3.0, rel=1e-12)


def test_units_of_each() -> None:
    made = gm.multivariate_normal({"x": 1, "y": 2}, {"x": "USD"}, cov=[[1, 0], [0, 1]])
    assert (str(made["x"].unit), str(made["y"].unit)) == ("USD", "")


def test_labels_of_one_quantity() -> None:
    x = gm.multivariate_normal(MEAN, "USD", cov=COV, dim="case", name="x")
    run = gm.Model(x=x, total=x.sum("case")).sample(1 << 14)
    assert np.cov(run["x"].values) == pytest.approx(np.array(COV), abs=0.05)
    assert run["total"].sd().value == pytest.approx(math.sqrt(np.sum(COV)), rel=1e-12)
    assert (str(x.unit), x.name, x.dims[0].labels) == ("USD", "x", ("x", "y", "z"))


def test_the_first_keeps_the_bits_that_it_has_alone() -> None:
    alone = gm.Model(x=gm.normal(mean=1, sd=2)).sample(64)["x"].values
    made = gm.multivariate_normal(MEAN, cov=COV)
    assert np.array_equal(gm.Model(**made).sample(64)["x"].values, alone)


@pytest.mark.parametrize("kind", ["frame", "correlations", "pairs"])
def test_matrices_by_labels(kind: str) -> None:
    expected = gm.Model(**gm.multivariate_normal(MEAN, cov=COV)).sample(64)
    order, labels = [2, 0, 1], ["z", "x", "y"]
    spread = np.sqrt(np.diag(COV))
    r = np.array(COV) / np.outer(spread, spread)
    how: dict[str, Any] = {"sd": dict(zip("xyz", spread.tolist(), strict=True))}
    if kind == "frame":
        how = {"cov": pd.DataFrame(np.array(COV)[np.ix_(order, order)], labels, labels)}
    elif kind == "correlations":
        how["correlation"] = r
    else:
        how["correlation"] = {("y", "x"): r[0, 1], ("x", "z"): r[0, 2], ("y", "z"): r[1, 2]}
    found = gm.Model(**gm.multivariate_normal(MEAN, **how)).sample(64)
    for name in "xyz":
        assert found[name].values == pytest.approx(expected[name].values, rel=1e-12)


# JCGM 100:2008, table H.2: five simultaneous readings of voltage, current and phase angle.
VOLTS = [5.007, 4.994, 5.005, 4.990, 4.999]
MILLIAMPERES = [19.663, 19.639, 19.640, 19.685, 19.678]
RADIANS = [1.0456, 1.0438, 1.0468, 1.0428, 1.0433]


def test_gum_h2_resistance_reactance_and_impedance() -> None:
    """JCGM 100:2008, H.2, tables H.3 and H.4: the means' standard uncertainties and correlations,
    and R = V/I cos φ, X = V/I sin φ, Z = V/I with theirs."""
    readings = np.array([VOLTS, MILLIAMPERES, RADIANS])
    of_means = np.cov(readings) / 5.0
    assert np.sqrt(np.diag(of_means)) == pytest.approx([0.0032, 0.0095, 0.00075], rel=0.02)
    assert np.corrcoef(readings)[0] == pytest.approx([1.0, -0.36, 0.86], abs=0.006)
    means = dict(zip(("V", "I", "phi"), readings.mean(axis=1).tolist(), strict=True))
    made = gm.multivariate_normal(means, cov=of_means)
    impedance = 1000.0 * made["V"] / made["I"]
    model = gm.Model(
        **made,
        R=impedance * gm.cos(made["phi"]),
        X=impedance * gm.sin(made["phi"]),
        Z=impedance,
    )
    run = model.sample(1 << 14)
    published = ("R", 127.732, 0.071), ("X", 219.847, 0.295), ("Z", 254.260, 0.236)
    for name, value, uncertainty in published:
        assert run[name].mean().value == pytest.approx(value, abs=2e-3)
        assert run[name].sd().value == pytest.approx(uncertainty, abs=1.5e-3)
    for one, other, r in (("R", "X", -0.588), ("R", "Z", -0.485), ("X", "Z", 0.993)):
        assert run.correlation(one, other).value == pytest.approx(r, abs=3e-3)


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: gm.multivariate_normal([1, 2], cov=COV), "takes means by label or by name"),
    (lambda: gm.multivariate_normal(MEAN), r"takes cov=, or sd= and correlation="),
    (lambda: gm.multivariate_normal(MEAN, sd=MEAN), r"takes cov=, or sd= and correlation="),
    (lambda: gm.multivariate_normal(MEAN, cov=[[1, 2], [2, 1]]), "2 x 2 numbers; write 3 x 3"),
    (lambda: gm.multivariate_normal({"x": 1}, cov=[[0]]), "of x is not above 0; write gm.constant"),
    (lambda: gm.multivariate_normal({"x": 1, "y": 2}, cov=[[1, 2], [2, 1]]),
     "covariance of x and y is more than the product"),
    (lambda: gm.multivariate_normal({"x": 1, "y": 2}, cov=[[1, 0.5], [0.4, 1]]), "is symmetric"),
    (lambda: gm.multivariate_normal({"x": 1, "y": 2}, sd={"x": 1}, correlation=COV),
     "one sd for each"),
    (lambda: gm.multivariate_normal(MEAN, cov=[[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]),
     r"no variables have these covariances together; most off is the correlation of x and y, 0\.9"),
    (lambda: gm.multivariate_normal(MEAN, {"a": "USD"}, cov=COV), "a unit for 'a', which is none"),
    (lambda: gm.multivariate_normal(MEAN, {"x": "USD"}, cov=COV, dim="d"), "share one unit"),
    (lambda: gm.multivariate_normal(MEAN, cov=COV, nmae="x"), "has no nmae=; did you mean 'name'"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "text"), REFUSED)
def test_what_is_refused(call: Callable[[], Any], text: str) -> None:
    with pytest.raises(GuessmodelError, match=text):
        call()

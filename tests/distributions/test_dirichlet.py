"""dirichlet: shares along a dimension, each beta distributed (scipy.stats.beta)."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.dirichlet import dirichlet
from guessmodel.distributions.gamma import gamma
from guessmodel.distributions.parametrisation import constant
from guessmodel.errors import GuessmodelError
from guessmodel.model.model import Model

SHAPES = {"a": 0.5, "b": 3.0, "c": 6.5}


def test_shares_sum_to_1_and_are_beta_distributed() -> None:
    shares = dirichlet(SHAPES, dim="case")
    drawn = Model({"shares": shares}).sample(2**14)["shares"].values
    assert drawn.sum(axis=0) == pytest.approx(np.ones(drawn.shape[1]), rel=1e-12)
    total = sum(SHAPES.values())
    for row, shape in zip(drawn, SHAPES.values(), strict=True):
        beta = stats.beta(shape, total - shape)
        # Kolmogorov's statistic exceeds 2.7 / sqrt(n) once in a million for independent draws.
        assert stats.kstest(row, beta.cdf).statistic < 2.7 / np.sqrt(row.size)
    # Twin: the share of another label, which must fail.
    assert stats.kstest(drawn[0], stats.beta(3.0, 7.0).cdf).statistic > 2.7 / np.sqrt(2**14)
    covariance = np.cov(drawn)[0, 1]
    assert covariance == pytest.approx(-0.5 * 3.0 / (total**2 * (total + 1.0)), rel=0.15)


def test_labels_that_are_not_applicable_have_no_share() -> None:
    shares = dirichlet({"a": 2, "b": None, "c": 2}, dim="case")
    drawn = Model({"s": shares}).sample(2**8)["s"].values
    assert np.isnan(drawn[1]).all()
    assert drawn[[0, 2]].sum(axis=0) == pytest.approx(np.ones(drawn.shape[1]))


def test_concentrations_may_be_quantities_or_arrays() -> None:
    uncertain = dirichlet(gamma(shape=5, scale=1) * constant({"a": 1, "b": 3}, dim="case"))
    assert uncertain.sel(case="b").sample(2**10).mean().value == pytest.approx(0.75, abs=0.01)
    import xarray

    table = xarray.DataArray([[2.0, 4.0], [1.0, 1.0]], {"year": [1, 2], "case": ["a", "b"]})
    by_year = dirichlet(table, "case")  # type: ignore[arg-type]
    total = by_year.sum("case").sel(year=1)
    assert total.sample(64).values == pytest.approx(np.ones(64))
    assert "xarray" in sys.modules


def test_names_are_on_the_shares() -> None:
    shares = dirichlet(SHAPES, dim="case", name="mix", doc="how traffic splits", source="guess")
    assert (shares.name, shares.doc, shares.source) == ("mix", "how traffic splits", "guess")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({"a": 1, "b": 2},), 'labels need the name of their dimension: dim="technique"'),
        ((3, "case"), 'dirichlet needs labels, e.g. gm.dirichlet({"a": 2, "b": 3}, dim="x")'),
        (({"a": 1}, "case"), "dirichlet: 'case' has a single label, whose share is always 1"),
        (({"a": 1, "b": 0.01}, "case"), "dirichlet: a concentration is 0.01; write 0.05 or more"),
        (({"a": 1, "b": -1}, "case"), "dirichlet: a concentration is -1; write 0.05 or more"),
        ((constant({"a": 1, "b": 2}, dim="case"), "year"), "no dimension 'year'"),
    ],
)
def test_a_mistake_says_what_to_write(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        dirichlet(*arguments)
    assert message in str(caught.value)
    assert caught.value.where is not None


def test_along_which_dimension_must_be_said() -> None:
    table = constant({"a": 1, "b": 2}, dim="case") * constant({1: 1.0, 2: 2.0}, dim="year")
    with pytest.raises(
        GuessmodelError, match="say along which of 'case', 'year' the shares sum to 1"
    ):
        dirichlet(table)

"""Drawing through quantile functions: each half by the tail function that is accurate there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.f import F
from guessmodel.distributions.gamma import Gamma
from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.graph.family import Frozen, Transformed
from guessmodel.graph.variates import NORMAL

P = np.array([0.0, 1e-20, 0.3, 0.5, 0.7, 1.0 - 2.0**-53])


@pytest.mark.parametrize(
    ("shape", "scale"),
    [
        (2.0, 3.0),
        (np.full(1, 2.0), np.full((1, 1), 3.0)),
        (np.linspace(1.0, 2.0, 6), 3.0),
        (np.array([[1.0], [2.0]]), np.linspace(3.0, 4.0, 6)),
    ],
)
def test_draw_is_the_quantile(shape: Any, scale: Any) -> None:
    family = Gamma()
    wanted = np.where(P > 0.5, family.isf(1.0 - P, shape, scale), family.ppf(P, shape, scale))
    drawn = family.draw(P, shape, scale)
    assert drawn.shape == wanted.shape
    assert np.array_equal(drawn, wanted)
    assert np.all(np.diff(family.draw(P, 2.0, 3.0)) > 0.0)


def test_each_half_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int]] = []
    for name in ("ppf", "isf"):

        def count(self: F, p: Any, *_: Any, name: str = name) -> Any:
            seen.append((name, p.size))
            return np.zeros_like(p)

        monkeypatch.setattr(F, name, count)
    F().draw(P, 3.0, 5.0)
    assert seen == [("ppf", 4), ("isf", 2)]


def test_a_frozen_family_is_a_source_that_equals_its_like() -> None:
    family = Gamma()
    source = Frozen(family, (2.0, 3.0))
    assert source == Frozen(family, (2.0, 3.0))
    assert hash(source) == hash(Frozen(family, (2.0, 3.0)))
    assert np.array_equal(source.ppf(P), family.ppf(P, 2.0, 3.0))
    assert np.array_equal(source.isf(P), family.isf(P, 2.0, 3.0))
    assert not source.discrete


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_labels_of_equal_parameters_share_a_table_and_have_the_draws_of_unequal_ones(
    method: str,
) -> None:
    # The third label's parameters differ, so that the second model transforms draw by draw.
    alike = gm.lognormal({"a": (1, 3), "b": (1, 3)}, dim="case", name="x")
    unlike = gm.lognormal({"a": (1, 3), "b": (1, 3), "c": (1, 4)}, dim="case", name="x")
    one, other = gm.Model(x=alike), gm.Model(x=unlike)
    assert isinstance(one.plan().streams[0].sources[0], Transformed)
    assert one.plan().streams[0].sources[0].base is NORMAL
    assert other.plan().streams[0].sources == (NORMAL,)
    for n in (100, 5000):
        a, b = (m.sample(n, seed=2, method=method)["x"].values for m in (one, other))
        assert np.array_equal(a, b[:2])


def test_a_carried_family_is_a_source_by_itself() -> None:
    source = Transformed(LOGNORMAL, (0.5, 2.0))
    p = np.array([1e-12, 0.01, 0.3, 0.5])
    np.testing.assert_allclose(source.ppf(p), stats.lognorm.ppf(p, 2.0, scale=np.exp(0.5)))
    np.testing.assert_allclose(source.isf(p), stats.lognorm.isf(p, 2.0, scale=np.exp(0.5)))


def test_where_draws_may_overflow_each_is_transformed_so_that_its_fault_is_told() -> None:
    wild = gm.lognormal(
        mu=xarray.DataArray([0.0, 0.0], {"case": ["a", "b"]}, ["case"]), sigma=400.0, name="x"
    )
    assert gm.Model(x=wild).plan().streams[0].sources == (NORMAL,)

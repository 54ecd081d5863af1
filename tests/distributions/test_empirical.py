"""empirical: resampled data, weighted and paired; numpy.quantile and sums beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from guessmodel.distributions.empirical import Empirical, empirical
from guessmodel.distributions.normal import normal
from guessmodel.errors import GuessmodelError
from guessmodel.graph.quantity import Quantile
from guessmodel.model.model import Model
from guessmodel.testing.families import check_family

DATA = np.array([3.0, 5.0, 5.0, 9.0, -2.0, 3.0, 5.0])
WEIGHTED = Empirical.of(np.array([1.0, 4.0, 2.0, 4.0]), np.array([0.1, 0.3, 0.0, 0.2]))


def test_formulas_agree_with_each_other() -> None:
    check_family(Empirical.of(DATA, np.ones(7)), ())
    check_family(WEIGHTED, ())


def test_quantiles_are_those_of_the_data() -> None:
    family = Empirical.of(DATA, np.ones(7))
    p = np.array([0.0, 1e-9, 1 / 7, 0.2, 3 / 7, 0.5, 6 / 7, 0.99, 1.0])
    inverted = np.quantile(DATA, p, method="inverted_cdf")
    assert family.ppf(p).tolist() == inverted.tolist()
    assert family.isf(1.0 - np.array([0.2, 0.5, 0.99])).tolist() == [3.0, 5.0, 9.0]
    # At a step the value itself suffices.
    assert family.ppf(family.at_most).tolist() == family.values.tolist()
    assert family.isf(family.more).tolist() == family.values.tolist()


def test_probabilities_are_counts() -> None:
    family = Empirical.of(DATA, np.ones(7))
    for x in (-3.0, -2.0, 0.0, 3.0, 4.9, 5.0, 9.0, 10.0):
        assert float(family.cdf(x)) == (x >= DATA).sum() / 7
        assert float(family.sf(x)) == (x < DATA).sum() / 7
        assert float(family.pdf(x)) == (x == DATA).sum() / 7
    assert np.isnan(
        [family.cdf(np.nan), family.pdf(np.nan), family.ppf(1.5), family.isf(-1.0)]
    ).all()


def test_moments_are_those_of_the_data() -> None:
    family = Empirical.of(DATA, np.ones(7))
    assert float(family.mean()) == pytest.approx(DATA.mean())
    assert float(family.variance()) == pytest.approx(DATA.var())
    assert float(WEIGHTED.mean()) == pytest.approx(np.average([1, 4, 4], weights=[0.1, 0.3, 0.2]))


def test_weights_decide_and_values_of_weight_0_are_left_out() -> None:
    assert WEIGHTED.values.tolist() == [1.0, 4.0]
    assert WEIGHTED.shares == pytest.approx([1 / 6, 5 / 6])
    assert [float(end) for end in WEIGHTED.support()] == [1.0, 4.0]


def test_many_equal_weights_are_exact() -> None:
    # 0.1 ten times does not sum to 1 in floating point; counts do.
    family = Empirical.of(np.arange(10.0), np.ones(10))
    assert family.at_most.tolist() == [k / 10 for k in range(1, 11)]
    assert family.ppf(np.arange(1, 11) / 10).tolist() == list(range(10))


def test_only_data_are_drawn_as_often_as_they_occur() -> None:
    node = empirical(DATA, "day")
    assert str(node.unit) == "day"
    drawn = node.sample(7 * 2**9).values
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [-2.0, 3.0, 5.0, 9.0]
    assert counts / drawn.size == pytest.approx([1 / 7, 2 / 7, 3 / 7, 1 / 7], abs=0.002)
    assert (
        isinstance(node.operation, Quantile)
        and node.operation.given["data"].tolist() == DATA.tolist()
    )


def test_rows_stay_together() -> None:
    table = {"size": [1.0, 2.0, 3.0], "cost": [10.0, 30.0, 20.0]}
    pair = empirical(table, {"cost": "USD"}, weights=[1, 1, 2], name="survey")
    assert [str(pair["size"].unit), str(pair["cost"].unit)] == ["", "USD"]
    assert [pair["size"].name, pair["cost"].name] == ["survey[size]", "survey[cost]"]
    drawn = Model(pair).sample(2**12)
    rows = np.stack([drawn["size"].values, drawn["cost"].values], axis=1)
    found, counts = np.unique(rows, axis=0, return_counts=True)
    assert found.tolist() == [[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]]
    assert counts / len(rows) == pytest.approx([0.25, 0.25, 0.5], abs=0.002)


def test_a_column_of_its_own_is_known_exactly() -> None:
    columns = {"a": [4.0, 1.0, 1.0], "b": [1.0, 2.0, 3.0]}
    drawn = Model(empirical(columns, weights=[1, 1, 2])).sample(64)
    assert drawn["a"].mean().value == pytest.approx(1.75, rel=1e-12)
    assert drawn["a"].mean().low == drawn["a"].mean().high
    assert drawn["a"].quantile(0.75).value == 1.0
    assert drawn["b"].median().value == 2.0


def test_one_unit_for_all_columns() -> None:
    pair = empirical({"a": [1], "b": [2]}, "hour")
    assert {str(q.unit) for q in pair.values()} == {"hour"}


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ([], {}, "empirical: data is empty; give at least one number"),
        ([1, np.nan], {}, "empirical: data holds nan at position 1 (counted from 0); leave it out"),
        ([np.inf], {}, "empirical: data holds inf at position 0"),
        ([[1, 2]], {}, "empirical: data has 2 dimensions instead of 1; for columns that belong"),
        (3, {}, "empirical: data has 0 dimensions instead of 1"),
        (["a"], {}, "empirical: data must be a list of numbers, e.g. [3, 5, 5, 9]"),
        (normal(1, 2), {}, "empirical takes numbers that were observed"),
        ([1, 2], {"weights": [1]}, "empirical: 2 values but 1 weights; write one for each"),
        ([1, 2], {"weights": [1, -1]}, "empirical: a weight is -1; it must not be below 0"),
        ([1, 2], {"weights": [0, 0]}, "empirical: all weights are 0; at least one must be above"),
        ({"a": [1], "b": [1, 2]}, {}, "empirical: columns differ in length ('a' 1, 'b' 2)"),
        ({"a": [1, None]}, {}, "empirical: column 'a' holds nan at position 1"),
        ({}, {}, "empirical: no columns"),
        ({"a": [1]}, {"unit": {"b": "USD"}}, "empirical: a unit for 'b', which is none of"),
        ([1], {"unit": "parsec"}, "unknown unit 'parsec'"),
    ],
)
def test_a_mistake_says_what_to_write(data: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        empirical(data, **options)
    assert message in str(caught.value)
    assert caught.value.where is not None

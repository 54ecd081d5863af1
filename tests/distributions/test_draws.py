"""Draws placed in the graph, and values that are known when it is wired."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel import units
from guessmodel.distributions.bernoulli import Bernoulli
from guessmodel.distributions.draws import constant_value, draw_from, magnitude_in, scalar_value
from guessmodel.distributions.normal import normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.errors import DimensionError, GuessmodelError, Location, ModelError
from guessmodel.graph.quantity import Quantile

HERE = Location("model.py", 7)


def test_a_draw_takes_labels_from_its_operands() -> None:
    p = constant({"a": 0.1, "b": 0.2}, dim="case")
    node = draw_from(
        Bernoulli(), (p,), "USD", HERE, given={"p": p}, shared="case", name="x", doc="why"
    )
    assert isinstance(node.operation, Quantile)
    assert [dim.name for dim in node.dims] == ["case"]
    assert (str(node.unit), node.name, node.doc, node.location) == ("USD", "x", "why", HERE)
    assert node.variate is not None and node.variate.dims == ()
    assert node.parameters == (p,)
    with pytest.raises(DimensionError, match="no dimension 'year'"):
        draw_from(Bernoulli(), (p,), None, HERE, given={}, shared="year")


def test_a_known_value_is_seen_through_conversions() -> None:
    assert constant_value(constant(3, "day").to("hour")) == pytest.approx(72.0)
    assert scalar_value(constant(3, "day").to("hour") / constant(1, "hour")) == pytest.approx(72.0)
    labelled = constant_value(constant({"a": 1, "b": 2}, "day", dim="x").to("hour"))
    assert labelled is not None and labelled.tolist() == [24.0, 48.0]
    assert scalar_value(constant({"a": 1, "b": 2}, dim="x")) is None
    assert constant_value(normal(1, 2)) is None
    assert constant_value(constant(3) / normal(1, 2)) is None
    assert constant_value(constant(3) + 1) is None
    assert constant_value(constant(3) / constant({"a": 1, "b": 2}, dim="x")) is None


def test_long_chains_do_not_recurse() -> None:
    node = constant(1.0)
    for _ in range(5000):
        node = node / 1.0
    assert scalar_value(node) == 1.0


def test_plain_counts_in_the_unit() -> None:
    hour = units.parse("hour")
    assert scalar_value(magnitude_in(constant(2, "day"), hour)) == pytest.approx(48.0)
    assert magnitude_in(constant(2, "day"), hour).unit == units.DIMENSIONLESS
    literal = constant(5)
    assert magnitude_in(literal, hour) is literal


def test_known_is_an_array_of_its_own() -> None:
    source = constant({"a": 1.0, "b": 2.0}, dim="x")
    value = constant_value(source)
    assert value is not None
    value[0] = 9.0
    assert np.asarray(constant_value(source))[0] == 1.0


@pytest.mark.parametrize(
    ("labels", "rest", "text"),
    [
        ({2024: (1, 2)}, {}, "normal: labels need the name of their dimension: dim='technique'"),
        ({}, {"dim": "year"}, "normal: no labels with dim='year'; write"),
        ({"a": (1, 2), "b": 3}, {"dim": "case"}, r"the label 'b' has 3; write a pair, as \(1, 2\)"),
        ({"a": (1, 2), "b": "x"}, {"dim": "case"}, "the label 'b' has 'x'; write a pair"),
        ({"a": (1, 2), "b": (3,)}, {"dim": "case"}, r"the label 'b' has \(3,\); write a pair"),
        (
            {"a": (1, 2)},
            {"dim": "case", "shared": True},
            "dimensions are named, as 'year', and not True",
        ),
    ],
)
def test_labels_that_make_no_sense_are_told(labels: Any, rest: dict[str, Any], text: str) -> None:
    with pytest.raises(GuessmodelError, match=rf"test_draws.py:\d+: .*{text}"):
        normal(labels, **rest)


def test_pairs_and_a_unit_in_the_place_of_the_upper_bound() -> None:
    with pytest.raises(GuessmodelError, match="pairs .* alone, but high is 'USD'; .*unit='USD'"):
        normal({"a": (1, 2), "b": (2, 3)}, "USD", dim="case")  # type: ignore[arg-type]


@pytest.mark.parametrize("family", [gm.normal, gm.lognormal, gm.uniform])
def test_an_order_that_is_wrong_names_the_label(family: Any) -> None:
    with pytest.raises(ModelError, match=r" at 'b': low \(2\) lies above high \(1\); swap them$"):
        family({"a": (1, 2), "b": (2, 1)}, dim="case")
    with pytest.raises(ModelError, match=r" at 'b': low and high are both 2; .*constant\(2\)$"):
        family({"a": 1, "b": 2}, 2, dim="case")


def test_a_unit_after_pairs_is_told_to_be_given_by_name() -> None:
    with pytest.raises(ModelError, match=r"write \{'a': \(1, 2\), …\}, dim='case', unit='hour'$"):
        gm.normal({"a": (1, 2)}, "hour", dim="case")


def test_bounds_without_labels_have_none_to_name() -> None:
    with pytest.raises(ModelError, match=r"triangular: low \(9\) lies above high \(1\); swap them"):
        gm.triangular(9, 1, mode={"a": 2, "b": 3}, dim="case")

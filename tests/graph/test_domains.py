"""Domains of parameters: what lies in them, what is said of what does not, and the docs' table."""

from __future__ import annotations

import math
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guessmodel.distributions.text import FAMILIES
from guessmodel.graph.domains import (
    COUNT,
    EXTENDED,
    POSITIVE,
    PROBABILITY,
    REAL,
    SOME_CHANCE,
    Domain,
)
from guessmodel.graph.family import Family
from guessmodel.testing.strategies import parameters


def family_of(name: str) -> Family:
    """The family of a constructor."""
    module = vars(import_module(f"guessmodel.distributions.{name}"))
    return next(x() for x in module.values() if getattr(x, "name", 0) == name and callable(x))


DECLARED = {name: family_of(name) for name in FAMILIES if name != "metalog"}


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        (REAL, [-1e308, 0.0, 5.0], [math.inf, -math.inf, math.nan]),
        (EXTENDED, [-math.inf, 0.0, math.inf], [math.nan]),
        (POSITIVE, [5e-324, 1e308], [0.0, -1.0, math.inf, math.nan]),
        (PROBABILITY, [0.0, 0.5, 1.0], [-5e-324, 1.0000000000000002, math.nan]),
        (SOME_CHANCE, [5e-324, 1.0], [0.0, 1.0000000000000002]),
        (Domain(2.0, 3.0, "low"), [2.0, 2.5], [3.0, 1.0]),
        (COUNT, [0.0, 7.0, 100 * 0.9999999999999999], [-1.0, 0.5, 99.5, math.inf]),
    ],
)
def test_what_lies_in_a_domain(domain: Domain, inside: list[float], outside: list[float]) -> None:
    assert domain.holds(np.array(inside)).all()
    assert not domain.holds(np.array(outside)).any()
    assert not domain.holds(np.array(domain.outside())).any()


@pytest.mark.parametrize(
    ("domain", "value", "text"),
    [
        (POSITIVE, -2.0, "; it must be above 0"),
        (Domain(0.0, closed="low"), -2.0, "; it must not be below 0"),
        (Domain(high=3.0), 3.0, "; it must be below 3"),
        (Domain(high=3.0, closed="high"), 4.0, "; it must not be above 3"),
        (PROBABILITY, 30.0, ", not between 0 and 1; write 0.3"),
        (PROBABILITY, 300.0, ", not between 0 and 1"),
        (SOME_CHANCE, 0.0, "; it must be above 0"),
        (COUNT, 7.5, "; write a whole number, e.g. 8"),
        (COUNT, -7.5, "; it must not be below 0"),
    ],
)
def test_what_is_said_of_what_lies_outside(domain: Domain, value: float, text: str) -> None:
    assert domain.mistake(value) == text


def test_domains_as_text() -> None:
    shown = [str(domain) for domain in (REAL, POSITIVE, PROBABILITY, SOME_CHANCE, COUNT)]
    assert shown == ["(−∞, ∞)", "(0, ∞)", "[0, 1]", "(0, 1]", "{0, 1, 2, …}"]


@pytest.mark.parametrize("name", DECLARED)
def test_the_page_of_families_says_what_they_declare(name: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "distributions.md"
    declared = DECLARED[name].parameters.items()
    row = ", ".join(f"`{key}` {domain}" for key, domain in declared)
    assert f"| {name} | {row} |" in page.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", DECLARED)
def test_every_family_is_one_where_its_parameters_are_valid_and_nowhere_else(name: str) -> None:
    family = DECLARED[name]

    @settings(max_examples=20)
    @given(parameters(family), st.data())
    def check(at: tuple[float, ...], data: st.DataObject) -> None:
        low, high = (float(end) for end in family.support(*at))
        median = float(family.ppf(0.5, *at))
        assert low <= median <= high
        i = data.draw(st.integers(0, len(at) - 1))
        domain = list(family.parameters.values())[i]
        for outside in domain.outside():
            assert not family.valid(*at[:i], outside, *at[i + 1 :])

    check()


@pytest.mark.parametrize("name", DECLARED)
def test_a_family_answers_wherever_its_parameters_are_valid(name: str) -> None:
    """What is too large for a number is infinite: no warning of NumPy's reaches a user."""
    family = DECLARED[name]
    points = np.array([-1e300, -1.3, 0.0, 1.3, 1e300])
    shares = np.array([0.0, 1e-12, 0.5, 1.0 - 1e-12, 1.0])

    @settings(max_examples=60)
    @given(parameters(family, decades=6.0))
    def check(at: tuple[float, ...]) -> None:
        family.support(*at), family.mean(*at), family.variance(*at)
        assert not np.isnan(family.pdf(points, *at)).any()
        assert np.array_equal(np.sort(family.cdf(points, *at)), family.cdf(points, *at))
        assert np.array_equal(np.sort(family.sf(points, *at)), family.sf(points, *at)[::-1])
        assert np.array_equal(np.sort(family.ppf(shares, *at)), family.ppf(shares, *at))
        assert np.array_equal(np.sort(family.isf(shares, *at)), family.isf(shares, *at)[::-1])

    check()

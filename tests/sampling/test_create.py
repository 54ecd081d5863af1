"""Designs by the name of their method, and what is said of a bad request."""

from __future__ import annotations

import pytest

from guessmodel.errors import UsageError
from guessmodel.graph.variates import NORMAL
from guessmodel.sampling import METHODS, Stream, design
from guessmodel.sampling.create import METHODS as NAMES

STREAMS = [Stream(("a",), False, (NORMAL,))]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_by_its_name(method):
    assert design(method, 10, 0, STREAMS).method == method
    assert NAMES == ("nets", "lhs", "random")


def test_unknown_method():
    with pytest.raises(UsageError) as error:
        design("sobel", 10, 0, STREAMS)
    assert str(error.value) == (
        "no sampling method 'sobel' (there are nets, lhs, random); did you mean 'sobol'?"
    )


@pytest.mark.parametrize("n", [0, -5])
def test_no_draws(n):
    with pytest.raises(UsageError, match=rf"^{n} draws: write a number from 1 upwards$"):
        design("nets", n, 0, STREAMS)


def test_numbers_are_integers():
    with pytest.raises(TypeError):
        design("nets", 1000.0, 0, STREAMS)
    with pytest.raises(TypeError):
        design("nets", 1000, 0.5, STREAMS)

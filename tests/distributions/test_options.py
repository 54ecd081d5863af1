"""The options that constructors share, of each kind of constructor."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.options import TextOptions

CALLS: dict[str, Callable[..., Any]] = {
    "constant": lambda **options: gm.constant(3, **options),
    "dirichlet": lambda **options: gm.dirichlet({"a": 1, "b": 2}, "part", **options),
    "empirical": lambda **options: gm.empirical([1, 2], **options),
    "from_scipy": lambda **options: gm.from_scipy(stats.norm(), **options),
    "hurdle": lambda **options: gm.hurdle(gm.poisson(2), 0.5, **options),
    "lognormal": lambda **options: gm.lognormal(1, 2, **options),
    "mixture": lambda **options: gm.mixture([1, 2], **options),
    "poisson": lambda **options: gm.poisson(3, **options),
    "truncated": lambda **options: gm.truncated(gm.normal(0, 1), 0, **options),
    "zero_inflated": lambda **options: gm.zero_inflated(gm.normal(0, 1), 0.5, **options),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_misspelt_option_names_the_nearest_at_the_users_line(name: str) -> None:
    with pytest.raises(gm.GuessmodelError) as caught:
        CALLS[name](sourec="a shop")
    assert caught.value.message.startswith(f"{name} has no sourec=; did you mean 'source'?")
    assert isinstance(caught.value, TypeError)
    assert caught.value.where is not None and caught.value.where.file == __file__


def test_a_misspelt_argument_of_its_own_does_too() -> None:
    with pytest.raises(gm.GuessmodelError, match="lognormal has no sigme=; did you mean 'sigma'?"):
        gm.lognormal(mu=1, sigme=2)
    with pytest.raises(gm.GuessmodelError, match="truncated has no shared=; it takes q, lower, "):
        gm.truncated(gm.normal(0, 1), 0, shared="month")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: gm.triangular(1, 5, mean=3),
            "triangular has no mean=; it takes (low, high[, mode=][, mass=]) or "
            "(quantiles={p: low, q: high}[, mode=])",
        ),
        (
            lambda: gm.normal(men=3, sd=1),
            "normal has no men=; did you mean 'mean'? It takes (low, high) or "
            "(quantiles={p: low, q: high}) or (mean=, sd=)",
        ),
        (lambda: gm.poisson(rate=3), "poisson has no rate=; it takes (mean=)"),
        (
            lambda: gm.parse("exponential(shape=2)"),
            "exponential has no shape=; it takes (mean=) or (rate=)",
        ),
    ],
)
def test_an_argument_of_another_family_lists_the_forms_of_this_one(
    call: Callable[[], Any], message: str
) -> None:
    with pytest.raises(gm.GuessmodelError) as caught:
        call()
    assert caught.value.message.partition("\n")[0] == message


@pytest.mark.parametrize("name", CALLS)
def test_signatures_show_every_option_with_its_type(name: str) -> None:
    shown = inspect.signature(getattr(gm, name)).parameters
    assert not any(each.kind is inspect.Parameter.VAR_KEYWORD for each in shown.values())
    assert {"name", "doc", "source", "format"} <= set(shown)
    for key in TextOptions.__annotations__:
        assert shown[key].annotation == "str | None" and shown[key].default is None

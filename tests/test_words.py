"""Words of other tools: what is written here instead exists, and none of them is a word of ours."""

import re

import pytest

import guessmodel as gm
from guessmodel import units, words
from guessmodel.units.vocabulary import model_words

Q = gm.normal(1, 2, "USD", dim={"year": [2025, 2026]}, name="cost").sum("year")
MODEL = gm.Model(cost=Q)
RUN = MODEL.sample(1024)
SHOWN = {
    "gm": gm,
    "q": Q,
    "result": RUN["cost"],
    "simulation": RUN,
    "model": MODEL,
    "estimate": RUN["cost"].mean(),
}
CLASSES = {type(thing).__name__: thing for thing in SHOWN.values()}
ASKED = sorted(
    {
        (kind, name)
        for kind in CLASSES
        for table in (words._STATISTICS, *words._BY_KIND.values())
        for name in (*table, *words._FUNCTIONS, *words._PLOTTED, *words._TABLES, "p95", "q2_5")
        if words.attribute_instead(kind, name) is not None and not hasattr(CLASSES[kind], name)
    }
)


def check_exists(instead: str) -> None:
    """Every attribute that a hint names is there."""
    for chain in re.findall(
        rf"\b(?:{'|'.join(SHOWN)})\b(?:\.\w+(?:\([^)]*\))?|\[[^]]*\])*", instead
    ):
        first, *steps = re.findall(r"\.?\w+(?:\([^)]*\))?|\[[^]]*\]", chain)
        place = SHOWN[first]
        for each in steps:
            name, _, arguments = each.removeprefix(".").partition("(")
            place = place["cost"] if each[0] == "[" else getattr(place, name)
            place = MODEL if place is gm.Model else place
            if name in ("sample", "mean", "sd", "summary") and arguments == ")":
                place = place()


@pytest.mark.parametrize(("kind", "name"), ASKED)
def test_what_a_hint_says_exists(kind: str, name: str) -> None:
    instead = words.attribute_instead(kind, name)
    assert instead is not None
    check_exists(instead)


@pytest.mark.parametrize("name", sorted(words._PACKAGE))
def test_functions_that_are_named_exist(name: str) -> None:
    assert not hasattr(gm, name)
    instead = words.function_instead(name)
    assert instead is not None
    check_exists(instead)


@pytest.mark.parametrize("name", sorted(words._UNITS))
def test_units_that_are_named_exist(name: str) -> None:
    # A model that another test has loaded in this process may have added the word.
    unknown = pytest.raises(gm.GuessmodelError, match=rf"unknown unit '{name}'; write ")
    with model_words(lambda _: False), unknown:
        units.parse(name)
    instead = words.unit_instead(name)
    assert instead is not None
    for quoted in re.findall(r"'([^']+)'", instead):
        assert str(units.parse(quoted))


def test_a_hint_that_is_wrong_is_seen() -> None:
    with pytest.raises(AttributeError):
        check_exists("result.no_such_statistic()")
    with pytest.raises(AttributeError):
        check_exists("simulation['cost'].no_such_statistic()")
    with pytest.raises(AttributeError):
        check_exists("gm.finance.no_such_function(…)")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: gm.normal(mu=3, sigma=1), "normal has no mu=; did you mean 'mean'? It takes"),
        (lambda: gm.normal(loc=3, scale=1), "normal has no loc=; did you mean 'mean'?"),
        (lambda: gm.lognormal(mu=3, std=1), "lognormal has no std=; did you mean 'sd'?"),
        (lambda: gm.triangular(min=1, max=3), "triangular has no min=; did you mean 'low'?"),
        (lambda: gm.pert(1, 3, likely=2), "pert has no likely=; did you mean 'mode'?"),
        (lambda: gm.exponential(lam=3), "exponential has no lam=; did you mean 'rate'?"),
        (lambda: gm.poisson(lam=3), "poisson has no lam=; did you mean 'mean'?"),
        (lambda: gm.binomial(n=3, p=0.1), "binomial has no n=; did you mean 'trials'?"),
        (lambda: gm.normal(1, 2).sample(size=9), "sample has no size=; did you mean 'n'?"),
        (lambda: gm.normal(1, 2).sample(rng=9), "sample has no rng=; did you mean 'seed'?"),
        (lambda: gm.correlate([], pearson=0.3), "correlate has no pearson=; did you mean 'rank'?"),
        (lambda: gm.normal(1, 2, ci=0.8), "normal has no ci=; did you mean 'mass'? It takes"),
        (lambda: gm.lognormal(1, 2, credibility=0.8), "lognormal has no credibility=; did you m"),
        (lambda: gm.normal(p10=1, p90=2), "normal has no p10=; did you mean 'quantiles'?"),
        (lambda: gm.normal(1, 2).sum(axis=0), "sum has no axis=; did you mean 'dim'?"),
    ],
)
def test_arguments_of_other_tools(call, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(gm.GuessmodelError) as caught:
        call()
    assert told in str(caught.value)

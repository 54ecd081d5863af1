"""categorical: its formulas and messages; SciPy is the independent method."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.categorical import Categorical
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family

SHARES = [(0.2, 0.3, 0.5), (1.0, 0.0), (0.0, 0.5, 0.0, 0.5, 0.0), (1.0,), (1e-9, 1 - 1e-9)]
WAY = {"train": 0.7, "car": 0.3}
MONTHS = {"month": (1, 2, 3)}


@pytest.mark.parametrize("p", SHARES)
def test_formulas_agree_with_each_other_and_with_scipy(p: tuple[float, ...]) -> None:
    labels = tuple("abcdefg"[: len(p)])
    check_family(Categorical(labels), p, reference=stats.rv_discrete(values=(range(len(p)), p)))


def test_where_it_jumps_and_what_it_does_not_reach() -> None:
    family = Categorical(("a", "b", "c", "d"))
    assert family.jumps(0.25, 0.0, 0.75, 0.0) == (0.25,)
    assert family.support(0.0, 0.25, 0.75, 0.0) == (1.0, 2.0)
    assert family.ppf([0.0, 1.0], 0.0, 0.25, 0.75, 0.0).tolist() == [1.0, 2.0]
    assert family.isf([1e-300, 1.0], 0.0, 0.25, 0.75, 0.0).tolist() == [2.0, 1.0]
    assert np.isnan(family.ppf([-0.1, 1.1, np.nan], 0.25, 0.25, 0.25, 0.25)).all()
    assert not family.valid(0.25, 0.25, 0.25, 0.2)


def test_probabilities_that_are_known_are_exact() -> None:
    way = gm.categorical(WAY)
    found = way.sample(64)
    assert [found.category_probability(label).value for label in WAY] == [0.7, 0.3]
    assert found.category_probability("car").estimator == "exact"
    with pytest.raises(GuessmodelError, match="'result' has no label 'bus'; its labels: 'train', "):
        found.category_probability("bus")
    with pytest.raises(GuessmodelError, match="has no label 'bus'; its labels: none, for it is no"):
        gm.normal(0, 1).sample(64).category_probability("bus")


def test_conditions_and_choices_go_by_its_labels() -> None:
    way, number = gm.categorical(WAY), gm.categorical({1: 0.5, 2: 0.25, 4: 0.25})
    x, y = gm.normal(0, 1), gm.normal(5, 6)
    run = gm.Model(
        way=way,
        x=x,
        y=y,
        car=way == "car",
        chosen=gm.choose({"train": x, "car": y}, by=way),
        number=number,
        few=number < 3,
    ).sample(4096)
    car = run["way"].values == 1
    assert car.mean() == pytest.approx(0.3, abs=1e-3)
    assert np.array_equal(run["car"].values, car)
    assert np.array_equal(run["chosen"].values, np.where(car, run["y"].values, run["x"].values))
    assert np.array_equal(run["few"].values, run["number"].values < 2)


def test_uncertain_probabilities() -> None:
    p = gm.beta(alpha=2, beta=6)
    share = gm.dirichlet({"a": 2, "b": 3, "c": 5}, dim="way")
    run = gm.Model(
        k=gm.categorical({"yes": p, "no": 1 - p}), way=gm.categorical(share), share=share
    ).sample(1 << 14)
    for name, label, mean in (("k", "yes", 0.25), ("way", "a", 0.2), ("way", "c", 0.5)):
        found = run[name].category_probability(label)
        assert found.low <= mean <= found.high or found.value == pytest.approx(mean, abs=2e-3)
    # Of draws in which "c" has a large share more are "c": E[S; S > m] / P(S > m), S ~ Beta(5, 5).
    large = run["share"].sel(way="c").values > 0.6
    beta = stats.beta(5, 5)
    expected = beta.expect(lambda s: s, lb=0.6, conditional=True)
    assert (run["way"].values[large] == 2).mean() == pytest.approx(expected, abs=0.03)


def test_draws_are_lost_where_probabilities_do_not_sum_to_1() -> None:
    p = gm.bernoulli(0.5) * 0.5 + 0.25
    run = gm.Model(k=gm.categorical({"a": p, "b": 0.25})).sample(1024)
    lost = np.isnan(run["k"].values)
    assert lost.mean() == pytest.approx(0.5, abs=1e-3)
    assert run["k"].category_probability("a").value == pytest.approx(0.75, abs=0.01)
    kept = gm.Model(k=gm.categorical({"a": p, "b": 0.25})).sample(1 << 12, keep=False)
    assert kept["k"].category_probability("a").value == pytest.approx(0.75, abs=0.01)


def test_labels_of_probabilities() -> None:
    monthly = gm.constant({1: 0.1, 2: 0.4, 3: 0.9}, dim="month")
    for made in (
        gm.categorical({"a": monthly, "b": 1 - monthly}),
        gm.categorical({"a": {1: 0.1, 2: 0.4, 3: 0.9}, "b": {1: 0.9, 2: 0.6, 3: 0.1}}, dim="month"),
        gm.categorical(gm.stack({"a": monthly, "b": 1 - monthly}, dim="way"), "way"),
    ):
        assert made.categories == ("a", "b")
        found = made.sample(2048)
        for month, share in ((1, 0.1), (2, 0.4), (3, 0.9)):
            part = found.sel(month=month).category_probability("a")
            assert part.value == pytest.approx(share, abs=2e-3)
    same = gm.categorical(WAY, dim=MONTHS)
    shared = gm.categorical(WAY, dim=MONTHS, shared="month")
    assert len({row.tobytes() for row in same.sample(64).values}) == 3
    assert len({row.tobytes() for row in shared.sample(64).values}) == 1
    series = pd.Series({"a": 0.25, "b": 0.75}).rename_axis("way")
    assert gm.categorical(series).categories == ("a", "b")
    assert (
        gm.categorical(gm.constant({"a": 25, "b": 75}, "percent", dim="w"))
        .sample(64)
        .category_probability("a")
        .value
        == 0.25
    )


def test_other_values_in_its_place() -> None:
    way, x = gm.categorical(WAY), gm.normal(0, 1)
    wet = gm.categorical({"dry": 0.5, "wet": 0.5}, dim=MONTHS)
    model = gm.Model(way=way, x=x, late=way == "car", wet=wet, days=(wet == "wet").sum("month"))

    def late(**changes: Any) -> float:
        return float(np.mean(model.with_(**changes).sample(1024)["late"].values))

    assert late(way="car") == 1
    assert late(way=" train ") == 0
    for text in ("categorical(0.25, 75%)", "categorical(car=0.75, train=0.25)"):
        assert late(way=text) == pytest.approx(0.75, abs=1e-2)
    assert late(way=gm.categorical({"train": 0.5, "car": 0.5})) == pytest.approx(0.5, abs=1e-2)
    # What is replaced keeps its random number: all that were "car" are so at a higher probability.
    before, after = (
        m.sample(512)["way"].values for m in (model, model.with_(way="categorical(0.6, 0.4)"))
    )
    assert np.all(after[before == 1] == 1)
    days = model.with_({"wet": "wet"}).sample(64)["days"]
    assert np.all(days.values == 3)
    days = model.with_({"wet[2]": "dry", "wet[3]": "wet"}).sample(1024)["days"]
    assert set(days.values.tolist()) == {1.0, 2.0}
    one = gm.categorical({"dry": 0.5, "wet": 0.5})
    same = model.with_(wet=one).sample(64)["days"]
    assert set(same.values.tolist()) == {0.0, 3.0}
    numbers = gm.Model(n=gm.categorical({1: 0.5, 2: 0.5})).with_(n=2).sample(64)["n"]
    assert numbers.category_probability(2).value == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("trian", "way: 'trian' is none of its labels; did you mean 'train'?; write one, or categ"),
        (1, "1 is none of its labels, 'train', 'car'; write one, or categorical(…, …)"),
        (gm.normal(0, 1), "it is a category of 'train', 'car', and what is given a number"),
        (gm.categorical({"a": 1}), "it is a category of 'train', 'car', and what is given a categ"),
        ("categorical(1)", "categorical takes a probability for each label: 2, not 1"),
        ("categorical(bus=1, car=0)", "categorical: 'bus' is none of the labels, 'train', 'car'"),
        ("categorical(train=1, car=0, bus=0)", "for each label: 2, not 3"),
        ("categorical(train=1, train=0)", "categorical: 'train' is given twice"),
        ("normal(1, 2)", "it is a category of 'train', 'car', and what is given a number"),
    ],
)
def test_values_that_do_not_fit(value: Any, text: str) -> None:
    with pytest.raises(GuessmodelError, match=re.escape(text)):
        gm.Model(way=gm.categorical(WAY)).with_(way=value)


def test_a_category_is_no_number_for_sweeps() -> None:
    model = gm.Model(x=gm.normal(0, 1), way=gm.categorical(WAY))
    with pytest.raises(GuessmodelError, match="x: it is a number, and what is given a category of"):
        model.with_(x=model.quantities["way"])
    late = gm.Model(way=model.quantities["way"], late=model.quantities["way"] == "car")
    for call in (
        lambda: late.sweep({"way": [0, 1]}, "late"),
        lambda: late.seek("late", "mean", 0.5, by="way"),
    ):
        with pytest.raises(
            GuessmodelError, match=r"'way' is a category; .*with_\(way='train'\), or"
        ):
            call()


def test_text() -> None:
    made = gm.parse("categorical(train=70%, car=0.3)")
    assert made.categories == ("train", "car")
    assert made.sample(64).category_probability("train").value == 0.7
    for text in ("categorical(0.7, 0.3)", "categorical()"):
        with pytest.raises(GuessmodelError, match=r"write categorical\(train=70%, car=30%\)"):
            gm.parse(text)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: gm.categorical({}), "needs labels: gm.categorical({'north': 0.2, 'south': 0.8})"),
        (lambda: gm.categorical({"a": 20, "b": 80}), "p of 'a' is 20, not between 0 and 1; write"),
        (lambda: gm.categorical({"a": 0.2, "b": 0.7}), "the probabilities sum to 0.9, not 1; divi"),
        (lambda: gm.categorical({"a": 0.3333, "b": 0.6666}), "sum to 0.9999, not 1"),
        (
            lambda: gm.categorical([0.2, 0.8]),
            "takes probabilities by label, {'north': 0.2, 'south'",
        ),
        (lambda: gm.categorical({"a": 1}, "x"), "along='x' names the dimension of a quantity, and"),
        (lambda: gm.categorical({1: 0.5, "1": 0.5}), "has the label '1' twice"),
        (
            lambda: gm.categorical(gm.constant(0.5, dim={"way": ["a", "b"], **MONTHS})),
            "the labels of which dimension? Its dimensions: way: 2, month: 3; write gm.cat",
        ),
        (lambda: gm.categorical(WAY, dim={"category": [1, 2]}), "that is called 'category' itself"),
        (lambda: gm.categorical(WAY, format="year"), "format='year' says how numbers are written"),
        (
            lambda: gm.categorical(gm.categorical(WAY)),
            "takes numbers, and categorical is a category",
        ),
    ],
)
def test_messages(call: Callable[[], Any], text: str) -> None:
    with pytest.raises(GuessmodelError, match=re.escape(text)):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda k: gm.truncated(k, lower=0),
        lambda k: gm.hurdle(k, 0.5),
        lambda k: gm.sum_of(2, k),
        lambda k: gm.compound(k, gm.gamma(1, 2)),
        lambda k: gm.correlate([k, gm.normal(0, 1)], 0.5),
        lambda k: gm.pool([k, gm.normal(0, 1)]),
        lambda k: gm.mixture([k, k]),
    ],
)
def test_no_other_draw_is_made_of_its_numbers(call: Callable[[gm.Quantity], Any]) -> None:
    with pytest.raises(GuessmodelError, match="takes numbers, and categorical is a category"):
        call(gm.categorical(WAY))

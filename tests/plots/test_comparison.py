"""Quantities one below the other."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.graph.dims import Dim
from guessmodel.numerics.normal import ppf
from guessmodel.plots import comparison

P = (np.arange(4096) + 0.5) / 4096


def rows(ax) -> list[str]:  # type: ignore[no-untyped-def]
    return [label.get_text() for label in ax.get_yticklabels()]


def numbers(ax) -> list[str]:  # type: ignore[no-untyped-def]
    heading, *rest = [text.get_text() for text in ax.texts]
    assert heading == "median (90% interval)"
    return rest


def test_units_are_brought_to_the_first_one_s() -> None:
    model = gm.Model(old=gm.normal(5, 8, "USD"), new=gm.normal(400, 700, "cent"))
    ax = comparison(*model.sample(1024).results())
    assert rows(ax) == ["old", "new"]
    assert numbers(ax) == ["6.5 (5 to 8)", "5.5 (4 to 7)"]
    assert ax.get_xlabel() == "[USD]"
    intervals = [list(line.get_xdata()) for line in ax.lines if line.get_linewidth() > 2]
    assert intervals == [pytest.approx([5, 8]), pytest.approx([4, 7])]


def test_the_first_stands_above() -> None:
    model = gm.Model(a=gm.normal(1, 2), b=gm.normal(1, 2))
    low, high = comparison(*model.sample(64).results()).get_ylim()
    assert low > high


def test_labels_are_rows_and_those_that_do_not_apply_are_left_out() -> None:
    cost = gm.normal({"a": (1, 2), "b": None, "$c$": (3, 5)}, unit="USD", dim="plan", name="cost")
    ax = comparison(cost.sample(1024))
    assert rows(ax) == ["a", "$c$"]
    assert ax.get_xlabel() == "cost [USD]"
    assert not any(label.get_parse_math() for label in ax.get_yticklabels())


def test_a_labelled_quantity_beside_another_names_both() -> None:
    cost = gm.normal({"a": (1, 2), "b": (2, 3)}, unit="USD", dim="plan")
    model = gm.Model(cost=cost, price=gm.normal(1, 2, "USD"))
    assert rows(comparison(*model.sample(64).results())) == ["cost[a]", "cost[b]", "price"]


def test_the_axis_is_common_and_logarithmic_where_rows_lie_decades_apart(drawn) -> None:  # type: ignore[no-untyped-def]
    near, far = drawn("near", np.exp(ppf(P) / 9)), drawn("far", 1e4 * np.exp(ppf(P) / 9))
    ax = comparison(near, far)
    assert ax.get_xscale() == "log"
    assert ax.get_xlim()[0] < 1 and ax.get_xlim()[1] > 1e4


def test_many_rows_have_room(drawn) -> None:  # type: ignore[no-untyped-def]
    labels = Dim("k", tuple(f"label {i}" for i in range(60)))
    result = drawn("x", np.tile(ppf(P), (60, 1)) + np.arange(60)[:, None], "USD", [labels])
    ax = comparison(result)
    assert len(rows(ax)) == 60
    assert ax.get_figure().get_size_inches()[1] > 60 * 0.4


def test_indicators_show_probabilities() -> None:
    a = gm.normal({"x": (1, 2), "y": (5, 9)}, dim="way")
    ax = comparison(gm.Model(above=a > 1.5).sample(1024)["above"])
    assert rows(ax) == ["x", "y"]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([0.5, 1.0], abs=1e-3)
    assert ax.get_xlabel() == "probability of above"


def test_a_label_without_finite_draws_is_left_out(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.tile(ppf(P), (2, 1))
    draws[1] = np.inf
    result = drawn("x", draws, "USD", [Dim("k", ("a", "b"))])
    assert rows(comparison(result)) == ["a"]
    draws[0] = np.inf
    with pytest.raises(UsageError, match="'x' has no finite draws: there is nothing to plot"):
        comparison(result)


def test_what_does_not_fit_is_refused() -> None:
    model = gm.Model(a=gm.normal(1, 2, "USD"), b=gm.normal(1, 2, "hour"))
    with pytest.raises(UsageError, match=r"^'b' does not fit on one axis: USD and hour$"):
        comparison(*model.sample(64).results())
    with pytest.raises(UsageError, match="needs a quantity"):
        comparison()
    best = gm.normal({"a": (1, 2), "b": (1, 3)}, dim="way").idxmin("way")
    with pytest.raises(UsageError, match="'best' is one of 2 labels, which have no common axis"):
        comparison(gm.Model(best=best).sample(64)["best"])

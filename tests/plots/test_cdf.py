"""The cumulative distribution, against closed forms."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.numerics.normal import ppf
from guessmodel.plots import cdf

P = (np.arange(8192) + 0.5) / 8192


def test_a_closed_form_is_exact_also_where_it_is_turned_round() -> None:
    x = gm.normal(mean=2, sd=1, unit="USD")
    for result, mean, sd in (
        (x.sample(256), 2, 1),
        ((gm.constant(0, "USD") - 3 * x).sample(256), -6, 3),
    ):
        line = cdf(result).lines[0]
        expected = stats.norm.cdf(line.get_xdata(), mean, sd)
        assert line.get_ydata() == pytest.approx(expected, abs=1e-12)


def test_what_is_turned_round_rises_too() -> None:
    """-3 times a uniform draw has the distribution function 1 + x/3 between -3 and 0."""
    line = cdf((-3 * gm.uniform(0, 1)).sample(256)).lines[0]
    x = np.array(line.get_xdata())
    assert line.get_ydata() == pytest.approx(np.clip(1 + x / 3, 0, 1), abs=1e-12)


def test_draws_give_their_shares(drawn) -> None:  # type: ignore[no-untyped-def]
    line = cdf(drawn("x", ppf(P))).lines[0]
    x, y = np.array(line.get_xdata()), np.array(line.get_ydata())
    assert len(x) < 500
    assert y[1:-1] == pytest.approx(stats.norm.cdf(x[1:-1]), abs=2e-4)


def test_discrete_quantities_have_steps(drawn) -> None:  # type: ignore[no-untyped-def]
    line = cdf(drawn("n", stats.poisson(4).ppf(P))).lines[0]
    x, y = np.array(line.get_xdata()), np.array(line.get_ydata())
    for k in range(8):
        at = y[x == k]
        assert (at.min(), at.max()) == pytest.approx(
            (stats.poisson(4).cdf(k - 1), stats.poisson(4).cdf(k)), abs=2e-4
        )


def test_an_atom_is_a_jump(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.where(P < 0.6, 0.0, np.exp(ppf(((P - 0.6) / 0.4).clip(1e-9)) / 2))
    line = cdf(drawn("x", draws)).lines[0]
    x, y = np.array(line.get_xdata()), np.array(line.get_ydata())
    assert y[x == 0.0].min() == 0.0
    assert y[x == 0.0].max() == pytest.approx(0.6, abs=2e-3)


def test_three_quantiles_are_marked_in_numbers() -> None:
    ax = cdf(gm.lognormal(1, 100, "USD", name="cost").sample(256))
    shown = ax.get_legend()
    assert shown is not None
    assert [text.get_text() for text in shown.get_texts()] == ["5%: 1", "50%: 10", "95%: 100"]
    marked = [
        (line.get_xdata()[0], line.get_ydata()[0])
        for line in ax.lines
        if len(line.get_xdata()) == 1
    ]
    assert marked == [pytest.approx(point) for point in ((1, 0.05), (10, 0.5), (100, 0.95))]
    assert ax.get_ylim() == (0.0, 1.0)
    assert ax.get_xscale() == "log" and ax.get_xlabel() == "cost [USD]"


def test_categories_have_no_order() -> None:
    best = gm.normal({"a": (1, 2), "b": (1, 3)}, dim="way").idxmin("way")
    message = "'best' is one of 2 labels, which have no cumulative distribution"
    with pytest.raises(UsageError, match=message):
        cdf(gm.Model(best=best).sample(64)["best"])

"""Correlations and covariance of results of a run: names, labels, units, refusals."""

import math

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import GuessmodelError

A = gm.normal(mean=1, sd=2, unit="USD")
B = gm.normal(mean=5, sd=3, unit="hour")
ROWS = gm.normal({"x": (1, 2), "y": (2, 5)}, dim="case")
HEAVY = gm.pareto(scale=1, shape=3)
WILD = gm.pareto(scale=1, shape=1.5)
FIRST, SECOND = gm.correlate([A, B], rank=0.5)
MODEL = gm.Model(
    a=FIRST, b=SECOND, rows=ROWS, heavy=HEAVY, wild=WILD, best=ROWS.idxmax("case"),
    total=FIRST * gm.constant(1, "hour/USD") + SECOND, shifted=HEAVY + 1,
    top=gm.maximum(HEAVY, gm.exponential(mean=1)),
)  # fmt: skip
RUN = MODEL.sample(4096)


def test_correlations_of_correlated_draws_are_near_the_closed_forms() -> None:
    r = 2.0 * math.sin(math.pi * 0.5 / 6.0)
    rank = RUN.rank_correlation("a", "b")
    assert rank.value == pytest.approx(0.5, abs=8 * rank.error)
    assert rank.error > 0.0
    for found, expected in ((RUN.correlation("a", "b"), r), (RUN.covariance("a", "b"), 6.0 * r)):
        assert found.value == pytest.approx(expected, rel=1e-9)
        assert found.is_exact
    assert RUN.covariance("a", "b").unit == str((A * B).unit)
    assert RUN.rank_correlation("a", "b").unit == ""


def test_results_go_by_name_label_quantity_or_themselves() -> None:
    expected = RUN.rank_correlation("rows[x]", "a").value
    assert RUN.rank_correlation(RUN["rows"].sel(case="x"), FIRST).value == expected
    assert RUN.rank_correlation(FIRST, "rows[x]").value == expected


def test_a_covariance_of_temperatures_is_one_of_differences() -> None:
    t = gm.normal(10, 20, "degC")
    found = gm.Model(t=t, u=t.to("degF")).sample(1024).covariance("t", "t")
    assert found.value == pytest.approx((10.0 / 3.2897) ** 2, rel=0.05)


def test_what_is_refused() -> None:
    for call, text in (
        (lambda: RUN.rank_correlation("rows", "a"), r"'rows' has dimensions \(case: 2\); write"),
        (lambda: RUN.rank_correlation("best", "a"), "'best' is a category"),
        (lambda: RUN.rank_correlation("c", "a"), "no result 'c'; there are a, b"),
        (lambda: RUN.rank_correlation(MODEL.sample(64)["a"], "a"), "is of another run"),
        (lambda: RUN.correlations(["a", "b"]), r"no result '.*a', 'b'.*; there are a, b"),
        (lambda: RUN.correlations("a"), "takes two quantities or more"),
        (lambda: RUN.correlations("a", "b", statistic="tau"), "write 'rank' or 'pearson'"),
        (lambda: gm.Model(a=A).sample(64).correlations(), "no inputs and outputs that vary"),
    ):
        with pytest.raises(GuessmodelError, match=text):
            call()


def test_heavy_tails_have_rank_correlations_only() -> None:
    assert RUN.correlation("wild", "a").note == "the variance of wild is infinite"
    assert math.isnan(RUN.covariance("wild", "a").value)
    assert RUN.correlation("heavy", "shifted").is_exact  # whose moments up to the second exist
    assert (
        RUN.correlation("heavy", "top").note == "unreliable: the fourth moment of top is infinite"
    )
    assert RUN.rank_correlation("wild", "a").note is None


@pytest.mark.parametrize("pair", [("wild", "a"), ("wild", "total"), ("heavy", "shifted")])
def test_a_matrix_of_correlations_holds_what_a_pair_is_told(pair: tuple[str, str]) -> None:
    for statistic, alone in (("pearson", RUN.correlation), ("rank", RUN.rank_correlation)):
        assert str(RUN.correlations(*pair, statistic=statistic)[pair]) == str(alone(*pair))
        assert RUN.correlations(*pair, statistic=statistic)[pair].note == alone(*pair).note


def test_what_has_no_draw_in_common_is_independent() -> None:
    for found in (
        RUN.rank_correlation("total", "heavy"),
        RUN.correlation("total", "heavy"),
        RUN.covariance("total", "heavy"),
        RUN.correlations("a", "b", "rows")["b", "rows[x]"],
    ):
        assert found.is_exact and found.value == 0.0 and found.reliable
    assert RUN.covariance("total", "heavy").unit == "hour"
    # Labels of a draw are drawn by themselves, unless they share their luck.
    assert RUN.rank_correlation("rows[x]", "rows[y]").is_exact
    labels = {"x": (0, 1), "y": (2, 5)}
    some = gm.normal(labels, dim="case")
    model = gm.Model(
        shared=gm.lognormal({"x": (1, 2), "y": (3, 7)}, dim="case", shared="case"),
        some=some,
        running=some.cumsum("case"),
        pair=gm.correlate(gm.normal(labels, dim="case"), along="case", ar1=0.5),
    )
    run = model.sample(4096)
    assert run.rank_correlation("shared[x]", "shared[y]").value == pytest.approx(1.0)
    assert run.rank_correlation("running[x]", "some[y]").is_exact
    assert run.rank_correlation("running[y]", "some[x]").error > 0.0
    assert run.rank_correlation("pair[x]", "pair[y]").value == pytest.approx(0.5, abs=0.02)
    # Correlated; and linked by what is given.
    assert RUN.rank_correlation("a", "b").error > 0.0
    x, y = gm.normal(0, 1), gm.normal(0, 1)
    given = gm.Model(x=x, y=y).sample(8192).given(x + y > 1)
    found = given.rank_correlation("x", "y")
    assert found.value + 4 * found.error < 0.0


@pytest.mark.parametrize("statistic", ["rank", "pearson"])
def test_what_does_not_vary_has_no_correlation_though_it_is_independent(statistic: str) -> None:
    run = gm.Model(a=A, fee=gm.constant(3, "USD"), b=B).sample(256)
    found = run.correlations("a", "fee", "b", statistic=statistic)
    assert np.isnan(found["a", "fee"].value)
    assert "constant" in str(found["a", "fee"].note)
    assert found["a", "b"].is_exact and found["a", "b"].value == 0.0


def test_runs_that_keep_no_draws_answer_from_the_preview() -> None:
    found = MODEL.sample(1 << 16, keep=False).rank_correlation("a", "b")
    assert found.value == pytest.approx(0.5, abs=8 * found.error)


def test_the_matrix_has_inputs_and_outputs() -> None:
    found = RUN.correlations()
    assert found.rows == ("a", "b", "rows[x]", "rows[y]", "heavy", "wild")
    assert found.columns == ("total", "shifted", "top")
    assert found["a", "total"].value == RUN.rank_correlation("a", "total").value
    some = RUN.correlations("a", "rows", statistic="pearson")
    assert some.rows == some.columns == ("a", "rows[x]", "rows[y]")
    assert some["a", "a"].value == pytest.approx(1.0)
    assert some["rows[x]", "a"] is some["a", "rows[x]"]
    table = some.to_pandas()
    assert table.loc["a", "rows[y]"] == some["a", "rows[y]"].value
    data = some.to_dict()
    assert data["statistic"] == "pearson"
    assert set(data["correlations"]["a"]["rows[x]"]) >= {"value", "low", "high"}
    assert "<th" in some._repr_html_()
    assert "Pearson's correlations" in str(some)
    assert str(found).splitlines()[1] == "rank correlations (Spearman)"
    with pytest.raises(GuessmodelError, match="no correlation of 'a' and 'b'"):
        _ = found["a", "b"]
    assert np.isfinite(table.to_numpy()).all()


@pytest.mark.parametrize("given", [None, "w > 0.5"])
def test_rare_events_decide_about_a_correlation(given: str | None) -> None:
    """A loss of probability 1e-5 has nearly all of the variance of the cost: in draws that met none
    cost and price are one. Variances and covariances of a sum of independent parts, by hand."""
    p, first, second = 1e-5, math.exp(14.125), math.exp(28.5)
    price, hit = gm.normal(mean=100, sd=10, unit="USD"), gm.bernoulli(p)
    loss, w = gm.lognormal(mu=14, sigma=0.5, unit="USD"), gm.uniform(0, 1)
    model = gm.Model(
        price=price, hit=hit, loss=loss, w=w, cost=price + hit * loss, other=2 * price + hit * loss
    )
    run = model.sample(4096)
    run = run if given is None else run.given(given)
    variance = p * second - (p * first) ** 2
    true = {
        ("cost", "price"): 10.0 / math.sqrt(100 + variance),
        ("cost", "other"): (200 + variance) / math.sqrt((100 + variance) * (400 + variance)),
        ("cost", "loss"): p * math.sqrt((second - first**2) / (100 + variance)),
    }
    for pair, value in true.items():
        found = run.correlation(*pair)
        assert abs(found.value - value) < 3.0 * found.error + 1e-9
        assert found.error < 0.1 * value
    found = run.covariance("cost", "price")
    assert found.unit == run.covariance("price", "price").unit
    assert abs(found.value - 100.0) < 3.0 * found.error


def test_no_correlation_over_rare_events_is_above_1() -> None:
    """An excess of which the two differ by noise has nearly all of the variance."""
    y = 1e6 * gm.maximum(gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=1) - 6.5, 0)
    noise = gm.normal(mean=0, sd=1)
    for seed in range(4):
        found = gm.Model(a=y + noise, b=y - noise).sample(4096, seed=seed).correlation("a", "b")
        assert -1.0 <= found.low <= found.value <= found.high <= 1.0
        assert found.high > 0.999

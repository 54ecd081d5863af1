"""Results: which estimator, which error, and what happens to draws that are not finite."""

import copy
import json
import pickle

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError, WrongKind
from guessmodel.estimators.conditional.cdf import ConditionalCdf
from guessmodel.estimators.estimate import Estimate


def test_primitives_are_exact_and_the_rest_is_estimated():
    x = gm.lognormal(1, 3)
    y = gm.ceil(x) * gm.ceil(gm.lognormal(2, 5))
    sim = gm.Model(x=x, y=y).sample(4096)
    assert sim["x"].mean().is_exact
    assert sim["x"].interval().low.value == pytest.approx(1)
    assert not sim["y"].mean().is_exact
    assert sim["y"].mean().low < sim["y"].mean().value < sim["y"].mean().high


def test_results_by_quantity_or_name():
    x = gm.normal(1, 3)
    sim = gm.Model(x=x).sample(64)
    assert sim[x].name == sim["x"].name == "x"
    with pytest.raises(UsageError, match="no result 'y'; there are x"):
        sim["y"]
    with pytest.raises(UsageError, match="has no name in model"):
        sim[gm.normal(0, 1)]


def test_probabilities_are_of_indicators():
    x = gm.lognormal(1, 3)
    sim = gm.Model(x=x, high=gm.ceil(x) > 2).sample(4096)
    assert 0 < sim["high"].probability().value < 1
    with pytest.raises(UsageError, match="'x' is not an indicator; compare it first"):
        gm.Model(x=gm.ceil(x)).sample(64)["x"].probability()


def test_labelled_results_are_had_label_by_label():
    spans = gm.lognormal({"a": (1, 2), "b": (3, 9)}, dim="case")
    result = gm.Model(spans=spans).sample(256)["spans"]
    assert result.sel(case="b").interval().high.value == pytest.approx(9)
    assert list(result.by_label) == ["a", "b"]
    assert result.by_label["a"].name == "spans[a]"
    piece = result.sel(case="b")
    assert piece.sel() is piece and result.sel() is result  # of xarray, too
    with pytest.raises(DimensionError, match=r"choose a label, e.g. .sel\(case='a'\)"):
        result.mean()
    with pytest.raises(DimensionError, match="no label 'c'"):
        result.sel(case="c")


def test_draws_are_read_only():
    result = gm.normal(0, 1).sample(64)
    with pytest.raises(ValueError, match="read-only"):
        result.values[0] = 3


def test_lost_draws_are_counted_and_located():
    x = gm.normal(mean=0, sd=1)
    root = gm.sqrt(x)
    sim = gm.Model(x=x, root=root, twice=2 * root, fine=x + 1).sample(4096)
    assert sim["root"].non_finite == pytest.approx(0.5, abs=0.01)
    assert sim["fine"].non_finite == 0.0
    lines = sim.problems()
    assert [line.split(":")[0] for line in lines] == ["root", "twice"]
    assert "50% of the draws are not finite" in lines[0]
    assert "invalid value in sqrt" in lines[1]
    assert "test_simulation.py:" in lines[1]
    assert "of the draws are not finite and left out" in sim["root"].mean().note


def test_comparing_a_lost_draw_does_not_hide_it():
    x = gm.normal(mean=0, sd=1)
    sim = gm.Model(high=gm.sqrt(x) > 0).sample(4096)
    assert sim["high"].non_finite == pytest.approx(0.5, abs=0.01)
    assert sim["high"].probability().value == 1.0


def test_parameters_out_of_range_are_told():
    spread = gm.normal(mean=1, sd=1)
    y = gm.normal(mean=0, sd=spread)
    sim = gm.Model(spread=spread, y=y).sample(4096)
    assert sim["y"].non_finite == pytest.approx(0.1587, abs=0.01)  # P(Z < -1)
    assert "parameters outside the family's range" in sim.problems()[0]


def test_division_by_zero_and_overflow():
    x = gm.normal(mean=0, sd=1)
    sim = gm.Model(zero=1 / (x - x), huge=gm.exp(1e4 * gm.abs(x) + 800)).sample(64)
    assert "divide by zero in /" in sim.problems()[0]
    assert "overflow in exp" in sim.problems()[1]
    assert str(sim["zero"].mean()) == "no finite draws"


def test_intervals_refuse_percent_for_shares():
    result = gm.normal(0, 1).sample(64)
    with pytest.raises(UsageError, match="mass is 90, not between 0 and 1; write 0.9"):
        result.interval(90)
    with pytest.raises(UsageError, match="between 0 and 1, not 95"):
        result.quantile(95)


def test_guesstimate_interval_of_a_closed_form_is_the_rule_on_its_draws():
    from guessmodel.estimators.replicates import guesstimate_interval

    x = gm.lognormal(1, 30)
    result = x.sample(2**14)
    exact = result.guesstimate_interval()
    drawn = guesstimate_interval(result.values.reshape(8, -1))
    assert exact.low.is_exact
    for a, b in zip(exact, drawn, strict=True):
        assert abs(a.value - b.value) < 3 * b.error


def test_to_xarray_keeps_labels_units_and_provenance():
    pytest.importorskip("xarray")
    x = gm.lognormal({"a": (1, 2), "b": (3, 9)}, unit="USD", dim="case", doc="a price", source="s")
    data = gm.Model(x=x).sample(64, seed=7).to_xarray()
    assert data["x"].dims == ("replicate", "draw", "case")
    assert data["x"].attrs["units"] == "USD"
    assert data["x"].attrs["description"] == "a price"
    assert data["x"].attrs["source"] == "s"
    assert data.attrs["seed"] == "7"
    assert data.sizes == {"replicate": 8, "draw": 8, "case": 2}


@pytest.mark.parametrize("other", [{2025: (1, 2), 2026: (1, 2)}, {2024: (1, 2)}])
def test_to_xarray_refuses_labels_that_differ(other):
    # Of the same number of labels, those of the last would silently stand at both.
    pytest.importorskip("xarray")
    a = gm.normal({2024: (1, 2), 2025: (1, 2)}, dim="year")
    sim = gm.Model(a=a, b=gm.normal(other, dim="year")).sample(64)
    with pytest.raises(DimensionError, match="'a' and 'b' have other labels along 'year', and"):
        sim.to_xarray()
    drawn = gm.normal({1: (1, 2)}, dim="draw").sample(8)
    with pytest.raises(DimensionError, match="'x' has a dimension 'draw'; give it another name"):
        gm.Model(x=drawn.quantity).sample(8).to_xarray()


def test_html_escapes():
    page = gm.Model({"<b>": gm.normal(0, 1)}).sample(64)._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_values_match_replicates():
    x = gm.normal(mean=0, sd=1)
    rows = x.sample(512).values.reshape(8, 64)
    # One draw a stratum in each replicate: sorted normal scores are the strata's numbers.
    from scipy.special import ndtr

    for row in rows:
        np.testing.assert_array_equal(np.sort(np.floor(ndtr(row) * 64)), np.arange(64))


def test_categories_have_probabilities_and_no_mean():
    span = gm.uniform({"a": (0, 1), "b": (0.5, 1.5)}, dim="case")
    rows = gm.Model(best=span.idxmin("case")).sample(2**14).summary().rows
    assert [(row.title, row.unit) for row in rows] == [
        ("best[a]", "probability"),
        ("best[b]", "probability"),
    ]
    assert rows[0].p5 is None
    # P(U < V + 1/2) = 1 - (1/2)**2 / 2 for independent standard uniform U and V.
    assert rows[0].mean.low <= 7 / 8 <= rows[0].mean.high


def test_the_mean_of_a_comparison_is_its_probability():
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    sim = gm.Model(sure=(x > -3.5) & (y < 9)).sample(4096)
    assert sim["sure"].mean() == sim["sure"].probability()
    assert sim["sure"].mean().reliable


def test_what_is_not_applicable_is_not_called_lost():
    cost = gm.normal({"a": (1, 2), "b": None}, dim="case")
    for quantity in (cost, cost * 2, cost > 1.5):
        result = quantity.sample(64).sel(case="b")
        for statistic in (result.mean, result.sd, result.median, result.probability):
            assert str(statistic()) == "not applicable"


@pytest.mark.parametrize(("share", "estimator"), [(0.5, "conditional"), (1.5, "conditional"),
                                                  (3.0, "order statistics")])  # fmt: skip
def test_the_smaller_of_two_like_errors_is_not_chosen(monkeypatch, share, estimator):
    result = (gm.normal(0, 1) * gm.lognormal(1, 3)).sample(4096)
    counted = result._sampled().quantiles((0.9,), "")[0]

    def quantile(self, p, start, width, unit=""):
        half = share * counted.error
        return Estimate(start, start - half, start + half, "conditional", unit)

    monkeypatch.setattr(ConditionalCdf, "quantile", quantile)
    assert result.quantile(0.9).estimator == estimator


def test_a_mean_that_is_no_number_is_refused():
    pareto = gm.pareto(scale=1, shape=0.9)
    for quantity, why in ((pareto, "is infinite"), (gm.cauchy(1, 2), "does not exist")):
        for again in (quantity, quantity * -2):
            mean = again.sample(64).mean()
            assert (mean.note, mean.reliable) == (f"the mean {why}", False)


def test_figures_at_the_end_of_the_range_warn_nobody():
    huge = (gm.normal(8, 12) * 1e300).sample(64)  # its variance is beyond the range
    assert huge.mean().value == pytest.approx(1e301)
    sd = huge.sd()
    assert sd.value == pytest.approx(2 / 1.6448536269514722 * 1e300)


def test_an_exact_nought_is_nought() -> None:
    # -0.4 + 0.1 * 0.4 - 0.04 + 0.4 = 0, but 5.6e-17 in floating point.
    a, b = gm.normal(-1.1, 0.3), gm.normal(-0.7, 1.5)
    nought = gm.Model(x=a + 0.1 * b - 0.04 + 0.4).sample(64)["x"]
    assert nought.mean().value == nought.median().value == 0.0
    assert nought.guesstimate_interval().low.value < 0.0
    small = gm.Model(x=gm.normal(mean=1e-20, sd=1e-6)).sample(64)["x"]
    assert small.mean().value == 1e-20  # 45 ulp of the standard deviation


def test_draws_by_replicate_are_there_whether_kept_or_not():
    model = gm.Model(x=gm.normal({"a": 1, "b": 3}, {"a": 2, "b": 5}, dim="k") * gm.normal(1, 2))
    kept = model.sample(1 << 18)["x"]
    assert kept.by_replicate.shape == (2, kept.run.replicates, kept.run.size)
    np.testing.assert_array_equal(kept.by_replicate.reshape(2, -1), kept.values)
    assert model.sample(1 << 18, keep=False)["x"].by_replicate.shape == (2, 8, 1 << 14)


def test_a_label_with_a_newline_keeps_the_table_whole() -> None:
    x = gm.normal({"a\nb": (1, 2), "c": (2, 3)}, dim="case")
    lines = str(gm.Model(x=x).sample(64)).splitlines()
    assert len(lines) == 4
    assert lines[2].startswith("x[a b] * ")


def test_a_summary_is_a_table_json_and_a_frame():
    """Exact statistics of normal draws: percentiles are the bounds that were written."""
    cost = gm.normal({"a": (1, 3), "b": None}, unit="USD", dim="site")
    found = gm.Model(fee=gm.constant(5, "EUR"), cost=cost).sample(1024).summary((5, 95))
    told = found.to_dict()
    assert list(told) == ["fee", "cost[a]", "cost[b]"]
    assert told["cost[a]"]["unit"] == "USD"
    assert told["cost[a]"]["p95"]["value"] == pytest.approx(3)
    assert told["cost[b]"]["mean"] is None
    assert json.loads(json.dumps(told)) == told
    frame = found.to_pandas()
    assert list(frame.columns) == ["unit", "mean", "p5", "p95"]
    assert list(frame.loc["cost[a]"][1:]) == pytest.approx([2, 1, 3])
    assert frame.loc["cost[b]"].isna().sum() == 3
    assert "<table" in found._repr_html_()


def test_runs_are_copied_as_they_are_and_not_pickled() -> None:
    """They hold their model, which cannot be pickled; their draws can."""
    simulation = gm.Model(cost=gm.normal(1, 2)).sample(8)
    result = simulation["cost"]
    assert copy.copy(simulation) is copy.deepcopy(simulation) is simulation
    assert copy.copy(result) is copy.deepcopy(result) is result
    with pytest.raises(WrongKind, match=r"a simulation cannot be pickled; pickle simulation\.to_p"):
        pickle.dumps(simulation)
    with pytest.raises(WrongKind, match=r"result of a run, cannot be pickled; pickle result\.val"):
        pickle.dumps(result)
    kept = pickle.loads(pickle.dumps(simulation.to_pandas()))
    assert kept["cost"].tolist() == result.values.tolist()


def test_what_a_notebook_shows_and_completes() -> None:
    run = gm.Model(price=gm.normal(1, 2), fee=gm.normal(1, 2)).sample(64)
    assert run._ipython_key_completions_() == ["price", "fee"]
    assert repr(run.summary()) == str(run.summary())

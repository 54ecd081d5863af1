"""gm.clip, and gm.filtered, which drops draws: all that is made of it drops them too."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.errors import ModelError, UnitError


def test_statistics_are_those_of_the_truncated_distribution() -> None:
    """SciPy's truncated normal: the sum of two standard normals has sd sqrt(2)."""
    total = gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=1)
    result = gm.Model(x=gm.filtered(total, -0.5, 2)).sample()["x"]
    sd = math.sqrt(2)
    exact = stats.truncnorm(-0.5 / sd, 2 / sd, scale=sd)
    assert result.mean().value == pytest.approx(exact.mean(), abs=1e-3)
    assert result.sd().value == pytest.approx(exact.std(), abs=1e-3)
    for p in (0.05, 0.5, 0.95):
        assert result.quantile(p).value == pytest.approx(exact.ppf(p), abs=5e-3)
    dropped = stats.norm.cdf(-0.5 / sd) + stats.norm.sf(2 / sd)
    assert result.non_finite == pytest.approx(dropped, abs=1e-3)


def test_what_is_made_of_it_is_under_the_same_condition_and_nothing_else_is() -> None:
    x = gm.normal(mean=0, sd=1)
    positive = gm.filtered(x, low=0)
    model = gm.Model(x=x, positive=positive, twice=2 * x + 0 * positive, above=positive > 1)
    simulation = model.sample()
    assert simulation["x"].mean().value == 0
    assert simulation["x"].non_finite == 0
    half_normal = math.sqrt(2 / math.pi)
    assert simulation["twice"].mean().value == pytest.approx(2 * half_normal, abs=1e-3)
    share = stats.norm.sf(1) / 0.5  # P(x > 1 | x > 0)
    assert simulation["above"].mean().value == pytest.approx(share, abs=1e-3)


def test_the_dropped_share_is_counted_and_told() -> None:
    price = gm.uniform(0, 10, "USD")
    simulation = gm.Model(price=gm.filtered(price, high=7)).sample()
    (problem,) = simulation.problems()
    assert problem.startswith("price: 30% of the draws are dropped (filtered, ")
    assert "test_bounded.py:" in problem
    mean = simulation["price"].mean()
    assert mean.reliable and mean.value == pytest.approx(3.5, abs=1e-3)
    assert str(simulation).splitlines()[-1] == problem
    told = problem.removeprefix("price: ")
    assert repr(simulation["price"]).endswith(f"USD; {told}>")
    assert f"<p>{told}</p>" in simulation["price"]._repr_html_().replace("&gt;", ">")
    assert problem.replace(">", "&gt;") in simulation._repr_html_()


def test_a_claim_of_a_filtered_quantity_is_decided(tmp_path: Path) -> None:
    """The half-normal distribution: mean sqrt(2 / pi), and its 95th percentile is 1.96."""
    file = tmp_path / "half.py"
    file.write_text(
        "import guessmodel as gm\n\n"
        "z = gm.normal(mean=0, sd=1)\n"
        "x = gm.filtered(z, low=0)\n"
        'gm.claim(x, mean="0.798", quantiles={0.95: "1.96"}, source="tables")\n'
    )
    checked = gm.check(gm.Model.from_file(file), reports="none")
    assert [claim.verdict for claim in checked.claims] == ["holds", "holds"]


def test_draws_that_are_lost_beside_dropped_ones_are_told_as_lost() -> None:
    x = gm.normal(mean=0, sd=1)
    result = gm.Model(x=gm.sqrt(x) + gm.filtered(x, high=1)).sample()["x"]
    assert "are not finite and left out" in (result.mean().note or "")


def test_bounds_may_be_quantities_in_other_units_and_at_labels() -> None:
    length = gm.uniform({"a": (0, 1), "b": (0, 4)}, dim="k", unit="m")
    bound = gm.constant(50, "cm")
    simulation = gm.Model(length=gm.filtered(length, low=bound)).sample()
    by_label = simulation["length"].by_label
    assert by_label["a"].mean().value == pytest.approx(0.75, abs=1e-3)
    assert by_label["b"].mean().value == pytest.approx(2.25, abs=1e-2)


def test_none_left_is_said() -> None:
    result = gm.Model(x=gm.filtered(gm.uniform(0, 1), low=2)).sample()["x"]
    assert math.isnan(result.mean().value) and result.mean().note == "no finite draws"


def test_a_filter_at_both_ends_has_all_moments_and_at_one_only_the_other_tail() -> None:
    """A Cauchy variable within bounds is bounded; above a bound its mean is infinite."""
    x = gm.cauchy(0, 1)
    both, above = gm.filtered(x, -5, 5), gm.filtered(x, low=0)
    simulation = gm.Model(both=both, above=above).sample()
    assert (
        simulation["both"].mean().note == simulation["both"].median().note
        and abs(simulation["both"].mean().value) < 5
    )
    assert math.isnan(simulation["above"].mean().value)


def test_a_rare_event_weighs_what_it_weighs_among_the_draws_that_are_left() -> None:
    """E[X | X >= 0] of -1 or 1 at even odds, and of 1e6 with probability 1e-6 in place of them."""
    usual = 2 * gm.bernoulli(0.5) - 1
    x = gm.where(gm.bernoulli(1e-6), 1e6, usual)
    result = gm.Model(x=gm.filtered(x, low=0)).sample()["x"]
    exact = (1e-6 * 1e6 + (1 - 1e-6) * 0.5) / (1e-6 + (1 - 1e-6) * 0.5)
    assert result.mean().value == pytest.approx(exact, rel=1e-3)


def test_streamed_runs_drop_too() -> None:
    x = gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=1)
    result = gm.Model(x=gm.filtered(x, low=0)).sample(2**16, keep=False)["x"]
    assert result.non_finite == pytest.approx(0.5, abs=1e-2)
    assert result.mean().value == pytest.approx(2 / math.sqrt(math.pi), abs=1e-2)


def test_what_is_refused() -> None:
    x = gm.normal(1, 2, "USD")
    with pytest.raises(ModelError, match=r"filtered needs a bound: gm.filtered\(x, low=0\)"):
        gm.filtered(x)
    with pytest.raises(ModelError, match=r"filtered: low \(3\) lies above high \(2\); swap them"):
        gm.filtered(x, 3, 2)
    with pytest.raises(UnitError, match="USD"):
        gm.filtered(x, gm.constant(1, "kg"))


def test_clip_takes_either_bound() -> None:
    x = gm.normal(-5, 5)
    sim = gm.Model(x=x, low=gm.clip(x, low=0), high=gm.clip(x, high=1)).sample(64)
    np.testing.assert_array_equal(sim["low"].values, np.maximum(sim["x"].values, 0))
    np.testing.assert_array_equal(sim["high"].values, np.minimum(sim["x"].values, 1))
    with pytest.raises(ModelError, match="clip needs a bound"):
        gm.clip(x)


def test_bounds_in_the_wrong_order_are_refused() -> None:
    x = gm.normal(0, 1)
    with pytest.raises(ModelError, match=r"test_bounded.py:\d+: clip: low \(2\) lies above high"):
        gm.clip(x, 2, 1)
    cost = gm.normal(1, 2, "USD")
    for low, high in (("5 USD", "2 USD"), ("5 USD", "300 cent"), (np.int64(5), "2 USD")):
        for cut in (gm.clip, gm.filtered):
            with pytest.raises(ModelError, match=r"low \(5( USD)?\) lies above high \([23]"):
                cut(cost, low, high)
    gm.clip(x, gm.constant(2), 1)  # of quantities nobody knows

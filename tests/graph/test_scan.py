"""Recurrences: closed forms, the same written out, whose draws they are, and refusals."""

import math
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.errors import DimensionError, UnitError, WrongKind
from guessmodel.plots.network import network_of

MONTHS = {"month": range(1, 13)}


def values(quantity: gm.Quantity, n: int = 256) -> np.ndarray:
    return gm.Model(x=quantity).sample(n)["x"].values


def test_geometric_growth_begins_after_one_step() -> None:
    users = gm.scan(lambda now: now * 1.02, 1000, dim=MONTHS)
    expected = 1000 * 1.02 ** np.arange(1, 13)  # closed form
    np.testing.assert_allclose(values(users)[:, 0], expected, rtol=1e-12)
    assert users.dims[0].labels == tuple(range(1, 13))


def test_autoregression_has_the_moments_of_its_recursion_exactly() -> None:
    """x' = a x + e, e ~ N(m, s²): mean a^n x0 + m (1 - a^n) / (1 - a), variance
    s² (1 - a^2n) / (1 - a²), and normal."""
    a, m, s = 0.8, 3.0, 2.0
    process = gm.scan(lambda x: a * x + gm.normal(mean=m, sd=s), 50, dim=MONTHS)
    result = gm.Model(process=process).sample(64)["process"]
    for n in (1, 5, 12):
        there = result.sel(month=n)
        mean, sd = there.mean(), there.sd()
        assert mean.value == pytest.approx(a**n * 50 + m * (1 - a**n) / (1 - a), rel=1e-12)
        assert sd.value == pytest.approx(s * math.sqrt((1 - a ** (2 * n)) / (1 - a * a)), rel=1e-12)
        assert (mean.estimator, sd.estimator) == ("exact", "exact")


def test_the_step_is_traced_once_and_sees_units_and_slices() -> None:
    calls = []

    def step(cash: gm.Quantity, flow: gm.Quantity) -> gm.Quantity:
        calls.append((str(cash.unit), str(flow.unit), flow.dims))
        return cash + flow * gm.constant(1, "month")

    flows = gm.constant({"jan": 1, "feb": 2, "mar": 4}, "USD/month", dim="m")
    cash = gm.scan(step, gm.constant(10, "USD"), flows, dim="m")
    assert calls == [("USD", "USD/month", ())]
    assert str(cash.unit) == "USD"
    assert values(cash)[:, 0].tolist() == [11.0, 13.0, 17.0]


def test_it_is_the_same_as_written_out_bit_by_bit() -> None:
    rates = gm.normal(0.01, 0.05, dim=MONTHS, name="rates")
    extra = gm.lognormal(1, 9, name="extra")

    def step(now: gm.Quantity, rate: gm.Quantity) -> gm.Quantity:
        return gm.maximum(now * (1 + gm.exp(rate)) - extra, 3) ** 0.9

    by_scan = gm.scan(step, 100, rates, dim="month")
    rows, now = {}, gm.constant(100)
    for month in MONTHS["month"]:
        now = rows[month] = step(now, rates.sel(month=month))
    by_hand = gm.stack(rows, dim="month")
    run = gm.Model(rates=rates, extra=extra, a=by_scan, b=by_hand).sample(512)
    assert np.array_equal(run["a"].values, run["b"].values)


def test_a_draw_in_the_step_is_the_labelled_draw_of_its_name() -> None:
    inside = gm.scan(lambda x: x * 0.5 + gm.gamma(1, 3, name="shock"), 0, dim=MONTHS)
    shock = gm.gamma(1, 3, dim=MONTHS, name="shock")
    outside = gm.scan(lambda x, each: x * 0.5 + each, 0, shock, dim="month")
    assert np.array_equal(values(inside), values(outside))


def test_names_in_the_step_own_the_draws_whose_parameters_are_the_state(tmp_path: Path) -> None:
    file = tmp_path / "outbreak.py"
    file.write_text(
        "import guessmodel as gm\n"
        "def day(ill):\n"
        "    return ill + gm.poisson(mean=0.5 * ill, name='infected')\n"
        "ill = gm.scan(day, 10, dim={'day': [1, 2, 3]})\n"
    )
    model = gm.Model.from_file(file)
    assert model.unnamed == []
    assert sorted(model.keys.values()) == [f"outbreak.infected[day={day}]" for day in (1, 2, 3)]
    before = model.sample(64)["ill"].values
    file.write_text(file.read_text().replace("def day", "noise = gm.poisson(3)\ndef day"))
    assert np.array_equal(gm.Model.from_file(file).sample(64)["ill"].values, before)


def test_a_draw_outside_of_the_step_is_one_for_all_labels() -> None:
    rate = gm.normal(1, 2)
    total = gm.scan(lambda x: x + rate, 0, dim=MONTHS)
    run = gm.Model(rate=rate, total=total).sample(64)
    np.testing.assert_allclose(run["total"].values[-1], 12 * run["rate"].values, rtol=1e-12)


def infections(days: int) -> tuple[gm.Quantity, ...]:
    def day(state: tuple[gm.Quantity, ...]) -> tuple[gm.Quantity, ...]:
        healthy, ill = state
        new = gm.minimum(gm.poisson(mean=0.5 * ill), healthy)
        return healthy - new, ill + new

    found: tuple[gm.Quantity, ...] = gm.scan(day, (1000, 10), dim={"day": range(1, days + 1)})
    return found


def test_several_states_and_draws_whose_parameters_are_the_state() -> None:
    healthy, ill = infections(5)
    run = gm.Model(healthy=healthy, ill=ill).sample(8192)
    assert np.all(run["healthy"].values + run["ill"].values == 1010.0)
    # E[ill] = 10 · 1.5^n while nobody runs out (a branching process)
    mean = run["ill"].sel(day=5).mean()
    assert mean.value == pytest.approx(10 * 1.5**5, rel=0.01)


def test_draws_of_the_state_own_their_randomness_by_label() -> None:
    short, long = infections(4), infections(6)
    a = gm.Model(healthy=short[0], ill=short[1]).sample(512, method="random")["ill"].values
    b = gm.Model(healthy=long[0], ill=long[1]).sample(512, method="random")["ill"].values
    assert np.array_equal(a, b[:4])
    steps = np.diff(np.vstack([np.full(512, 10.0), b]), axis=0)
    assert steps.min() >= 0.0
    # One draw a label: n independent pairs have a correlation of sd 1/√n, and 5 sd at most.
    n = 8192
    first, second = gm.Model(ill=long[1].isel(day=[0, 1])).sample(n, method="random")["ill"].values
    assert abs(np.corrcoef(first, second - 1.5 * first)[0, 1]) < 5 / math.sqrt(n)
    keys = gm.Model(healthy=long[0], ill=long[1]).keys.values()
    assert sorted(keys) == [f".healthy/poisson#1[day={n}]" for n in range(1, 7)]


def test_a_recurrence_moves_no_other_draw() -> None:
    other = gm.lognormal(1, 5)
    alone = gm.Model(other=other).sample(256, method="random")["other"].values
    beside = gm.Model(other=other, ill=infections(3)[1]).sample(256, method="random")
    assert np.array_equal(alone, beside["other"].values)


def test_states_have_further_dimensions_and_labels_that_are_not_applicable() -> None:
    rate = gm.constant({"north": 0.1, "south": None}, dim="region")
    stock = gm.scan(lambda now: now * (1 + rate), 100, dim=MONTHS)
    assert [dim.name for dim in stock.dims] == ["month", "region"]
    found = values(stock, 8)
    assert found[1, 0, 0] == pytest.approx(121.0)
    assert np.isnan(found[:, 1]).all()


def test_functions_of_the_users_own_see_one_label_at_a_time() -> None:
    def double(x: np.ndarray) -> np.ndarray:
        assert x.ndim == 1
        return 2.0 * x

    flows = gm.normal(1, 2, dim=MONTHS)
    total = gm.scan(lambda now, flow: now + gm.apply(double, flow), 0, flows, dim="month")
    run = gm.Model(flows=flows, total=total).sample(64)
    expected = 2.0 * run["flows"].values.sum(axis=0)
    np.testing.assert_allclose(run["total"].values[-1], expected, rtol=1e-12)


def test_correlated_draws_in_the_step_stay_correlated() -> None:
    def step(state: tuple[gm.Quantity, ...]) -> tuple[gm.Quantity, ...]:
        a, b = gm.correlate([gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)], rank=0.8)
        return state[0] * 0 + a, state[1] * 0 + b

    a, b = gm.scan(step, (0, 0), dim={"t": [1, 2]})
    n = 1 << 16
    run = gm.Model(a=a, b=b).sample(n)
    # Pearson's correlation r of normal scores is 2 sin(π ρ / 6); its sd is (1 - r²)/√n.
    r = 2 * math.sin(math.pi * 0.8 / 6)
    for t in range(2):
        found = np.corrcoef(run["a"].values[t], run["b"].values[t])[0, 1]
        assert found == pytest.approx(r, abs=5 * (1 - r * r) / math.sqrt(n))


def test_plans_are_pickled_inputs_are_changed_and_runs_stream() -> None:
    rate = gm.normal(0.01, 0.03)
    model = gm.Model(rate=rate, users=gm.scan(lambda x: x * (1 + rate), 100, dim=MONTHS))
    assert pickle.loads(pickle.dumps(model.plan())).steps
    fixed = model.with_(rate=0.02).sample(64)["users"]
    assert fixed.sel(month=12).mean().value == pytest.approx(100 * 1.02**12)
    whole = model.sample(4096)["users"].sel(month=12).mean()
    sd = 0.01 / stats.norm.ppf(0.95)  # E (1 + X)^12, X normal, by its moments (k - 1)!! sd^k
    exact = sum(
        math.comb(12, k) * 1.02 ** (12 - k) * sd**k * math.prod(range(1, k, 2))
        for k in range(0, 13, 2)
    )
    assert whole.value == pytest.approx(100 * exact, rel=1e-5)


def test_the_picture_has_one_node_for_what_is_written_once() -> None:
    healthy, ill = infections(20)
    network = network_of(gm.Model(healthy=healthy, ill=ill))
    assert [node.name for node in network.nodes if node.role == "draw"] == ["poisson"]
    assert len(network.nodes) == 3
    assert len(gm.Model(healthy=healthy, ill=ill).unnamed) == 1


def test_sensitivity_takes_the_labels_of_a_draw_together() -> None:
    ill = gm.Model(ill=infections(4)[1].isel(day=-1))
    inputs = ill.sample(1024).sensitivity("ill")
    assert "(4 labels)" in str(inputs)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: gm.scan(lambda x: x, 1), DimensionError, "scan goes along one dimension"),
        (lambda: gm.scan(lambda x: x, 1, dim="month"), DimensionError, "comes without labels"),
        (
            lambda: gm.scan(lambda x, y: x, 1, gm.normal(1, 2), dim="month"),
            DimensionError,
            "no input has the dimension 'month'",
        ),
        (lambda: gm.scan(3, 1, dim=MONTHS), WrongKind, "scan takes a function first"),
        (lambda: gm.scan(lambda x: None, 1, dim=MONTHS), WrongKind, "end it with return"),
        (lambda: gm.scan(lambda x: (x, x), 1, dim=MONTHS), WrongKind, "init has one state"),
        (lambda: gm.scan(lambda x: x, (), dim=MONTHS), WrongKind, "init is empty"),
        (lambda: gm.scan(lambda x: x[0], (1, 2), dim=MONTHS), WrongKind, "init has 2 states"),
        (
            lambda: gm.scan(lambda x: x + 1, gm.normal(1, 2, dim=MONTHS), dim=MONTHS),
            DimensionError,
            "init has the dimension 'month' itself",
        ),
        (
            lambda: gm.scan(lambda x, y: x, 1, gm.constant(1, dim={"month": [1]}), dim=MONTHS),
            DimensionError,
            "dimension 'month' has labels",
        ),
        (
            lambda: gm.scan(lambda x: x * gm.constant(1, "USD"), 1, dim=MONTHS),
            UnitError,
            "USD",
        ),
    ],
)
def test_refusals(call, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)) as caught:
        call()
    assert "test_scan.py" in str(caught.value)


def test_a_quantity_along_the_dimension_has_to_be_an_input() -> None:
    rates = gm.normal(1, 2, dim=MONTHS)
    with pytest.raises(DimensionError, match="that is no input; write gm.scan"):
        gm.scan(lambda x: x * rates, 1, dim=MONTHS)
    with pytest.raises(DimensionError, match="that is no input"):
        gm.scan(lambda x: rates, 1, dim=MONTHS)

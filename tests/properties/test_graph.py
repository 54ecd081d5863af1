"""Properties of all models: identities on the same draws, names that own them, bits that stay."""

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.engine.run import run_plan
from guessmodel.estimators.conditional.cdf import ESTIMATOR
from guessmodel.estimators.replicates import quantile
from guessmodel.sampling import design
from guessmodel.testing import assert_same_draws
from guessmodel.testing.strategies import distributions, expressions, models

SMALL = settings(max_examples=40, suppress_health_check=list(HealthCheck))
METHODS = st.sampled_from(["nets", "lhs", "random"])


@SMALL
@given(models(), METHODS, st.integers(-(2**70), 2**70))
def test_the_same_draws_cancel_and_square(model, method, seed):
    y = model.quantities["y"]
    sim = gm.Model(y=y, zero=y - y, square=y * y, same=(y == y)).sample(
        64, method=method, seed=seed
    )
    finite = np.isfinite(sim["square"].values)
    assert not sim["zero"].values[finite].any()
    assert (sim["square"].values[finite] >= 0).all()
    assert sim["same"].values[finite].all()


@SMALL
@given(models(), METHODS, st.sampled_from([16, 32, 64]), st.sampled_from([1, 2]))
def test_threads_and_blocks_do_not_change_a_bit(model, method, block, threads):
    plan = model.plan()
    points = design(method, 1024, 1, plan.streams)
    reference, _ = run_plan(plan, points, threads=1)
    draws, _ = run_plan(plan, points, threads=threads, block=block)
    for name, array in reference.items():
        np.testing.assert_array_equal(draws[name], array)


@SMALL
@given(st.data(), st.sampled_from(["lhs", "random"]))
def test_no_edit_elsewhere_moves_a_named_draw(data, method):
    inputs = {f"x{i}": data.draw(distributions(f"x{i}")) for i in range(4)}
    whole = gm.Model(inputs)
    kept = data.draw(st.sets(st.sampled_from(sorted(inputs)), min_size=1))
    order = data.draw(st.permutations(sorted(kept)))
    other = {f"new{i}": data.draw(distributions(f"new{i}")) for i in range(2)}
    edited = gm.Model({**other, **{name: inputs[name] for name in order}})
    assert_same_draws(whole, edited, kept, method=method, n=64)


@SMALL
@given(st.sets(st.text("abcdefgh", min_size=1, max_size=3), min_size=2, max_size=40), st.data())
def test_with_nets_a_name_moves_at_most_one_other(names, data):
    ordered = data.draw(st.permutations(sorted(names)))
    added, rest = ordered[0], ordered[1:]
    before = gm.Model({name: gm.normal(0, 1) for name in rest}).sample(64)
    after = gm.Model({name: gm.normal(0, 1) for name in ordered}).sample(64)
    moved = [n for n in rest if not np.array_equal(before[n].values, after[n].values)]
    assert len(moved) <= 1
    assert added not in moved


@SMALL
@given(st.permutations(list("abcdefghijkl")))
def test_order_never_moves_a_draw(order):
    made = {name: gm.normal(0, 1) for name in "abcdefghijkl"}
    assert_same_draws(
        gm.Model(made), gm.Model({n: made[n] for n in order}), made, method="nets", n=64
    )


@SMALL
@given(st.integers(2, 6), METHODS)
def test_a_new_label_leaves_the_others_but_one_on_nets(count, method):
    years = {2020 + i: (i, i + 1) for i in range(count)}
    before = gm.Model(x=gm.normal(years, dim="year")).sample(64, method=method)["x"]
    more = {**years, 2099: (7, 8)}
    after = gm.Model(x=gm.normal(more, dim="year")).sample(64, method=method)["x"]
    same = [
        np.array_equal(before.sel(year=year).values, after.sel(year=year).values) for year in years
    ]
    assert same.count(False) <= (method == "nets")


@SMALL
@given(models(labelled=False), st.sampled_from([0.05, 0.3, 0.5, 0.95]))
def test_conditional_estimates_agree_with_counted_ones(model, p):
    result = model.sample(2**12)["y"]
    estimate = result.quantile(p)
    assume(estimate.estimator == ESTIMATOR)
    counted = quantile(result.values.reshape(8, -1), p)
    # Student's t with 7 degrees of freedom: 8 half-widths leave about 1e-6 to chance.
    assert abs(estimate.value - counted.value) <= 8 * (estimate.error + counted.error)


@SMALL
@given(st.data())
def test_closed_forms_agree_with_draws(data):
    inputs = [data.draw(distributions(f"x{i}", positive=True, labelled=False)) for i in range(3)]
    y = inputs[0] * inputs[1] / inputs[2] ** data.draw(st.sampled_from([0.5, 1.0, 2.0]))
    result = y.sample(2**12)
    counted = quantile(result.values.reshape(8, -1), 0.5)
    assert result.median().is_exact
    assert abs(result.median().value - counted.value) <= 8 * counted.error


@SMALL
@given(st.data())
def test_overrides_by_the_same_change_nothing(data):
    inputs = {f"x{i}": data.draw(distributions(f"x{i}", labelled=False)) for i in range(3)}
    y = data.draw(expressions(list(inputs.values())))
    model = gm.Model({**inputs, "y": y})
    fixed = model.with_(x0=7.0)
    assert (fixed.sample(64)["x0"].values == 7.0).all()
    assert_same_draws(model, fixed, ["x1", "x2"], method="nets", n=64)
    assert list(model.quantities) == list(fixed.quantities)

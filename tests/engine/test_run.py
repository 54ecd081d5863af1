"""Bits depend on the plan and the design alone; the plan keeps no more than it needs."""

import pickle

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.engine.run import block_size, run_plan
from guessmodel.sampling import design


def model():
    a, b = gm.lognormal(1, 3), gm.normal(2, 5)
    spans = gm.lognormal({"p": (1, 2), "q": (3, 9), "r": None}, dim="case")
    c = gm.normal(mean=b, sd=a)
    return gm.Model(a=a, c=c, spans=spans, total=(spans * a).sum("case"), deep=gm.exp(-a) + c % 2)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_threads_and_blocks_do_not_change_a_bit(method):
    plan = model().plan()
    points = design(method, 2**12, 3, plan.streams)
    reference, _ = run_plan(plan, points, threads=1)
    for threads, block in ((2, None), (1, 64), (3, 128), (1, 512)):
        draws, _ = run_plan(plan, points, threads=threads, block=block)
        for name, array in reference.items():
            np.testing.assert_array_equal(draws[name], array)


def test_a_pickled_plan_gives_the_same_bits():
    plan = model().plan()
    points = design("nets", 512, 0, plan.streams)
    again = pickle.loads(pickle.dumps(plan))
    first, _ = run_plan(plan, points)
    second, _ = run_plan(again, points)
    for name, array in first.items():
        np.testing.assert_array_equal(second[name], array)


def test_buffers_are_reused_along_a_chain():
    x = gm.normal(0, 1)
    for _ in range(50):
        x = gm.sin(x) + 1
    assert gm.Model(x=x).plan().width <= 2


def recurrence(months, part=None):
    churn = gm.beta(2, 5, "percent")
    users = gm.scan(lambda u: u * (1 - churn) + 50, 1000, dim={"month": range(months)})
    return users if part is None else users.isel(month=part)


@pytest.mark.parametrize("part", [0, 7, -1])
def test_of_a_recurrence_no_state_is_kept_that_nothing_reads(part):
    plan = gm.Model(last=recurrence(400, part)).plan()
    assert plan.width <= 3
    users = recurrence(12)
    model = gm.Model(users=users, last=users.isel(month=part), twice=2 * users.isel(month=part))
    draws = model.sample(64)
    assert np.array_equal(draws["last"].values, draws["users"].values[part])
    assert np.array_equal(draws["twice"].values, 2 * draws["users"].values[part])
    alone = model.sample(64, quantities=["last"])["last"].values
    assert np.array_equal(alone, draws["last"].values)


def test_a_part_of_a_stack_has_the_labels_of_the_others():
    one, other = gm.normal(0, 1), gm.normal({"p": (1, 2), "q": None}, dim="case")
    both = gm.stack({"one": one, "other": other}, dim="kind")
    parts = {name: both.sel(kind=name) for name in ("one", "other")}
    draws = gm.Model(one=parts["one"], other=parts["other"], x=one, y=other).sample(64)
    assert np.array_equal(draws["one"].values, np.stack([draws["x"].values] * 2))
    assert np.array_equal(draws["other"].values, draws["y"].values, equal_nan=True)
    assert both.sel(kind="one").axes.mask is None
    kept = gm.Model(x=one, part=gm.stack({"a": one, "b": 2 * one}, dim="kind").sel(kind="a"))
    for keep in (True, False):
        found = kept.sample(1 << 12, keep=keep)
        assert found["part"].mean().value == found["x"].mean().value


def test_short_steps_get_long_blocks():
    plan = gm.Model(users=recurrence(500).max("month")).plan()
    assert plan.width > 500
    assert block_size(plan, 2**16) >= 2**11


def test_wide_plans_get_small_blocks():
    wide = gm.normal({str(i): (i, i + 1) for i in range(2000)}, dim="case")
    assert block_size(gm.Model(total=wide.sum("case")).plan(), 2**17) < 2**10
    assert block_size(gm.Model(x=gm.normal(0, 1)).plan(), 2**17) >= 2**14


def test_constants_are_folded_and_still_reported():
    a = gm.constant(3, "USD")
    quantities = {"a": a, "b": 2 * a, "c": gm.sqrt(a * a)}
    plan = gm.Model(**quantities).plan()
    assert not plan.steps
    sim = gm.Model(**quantities).sample(64)
    assert sim["c"].values[5] == 3.0


def test_an_error_in_one_thread_stops_the_run():
    def broken(a):
        raise RuntimeError("broken")

    with pytest.raises(gm.GuessmodelError, match="RuntimeError: broken"):
        gm.apply(broken, gm.normal(0, 1)).sample(2**12, threads=2)


def test_what_goes_wrong_in_an_applied_function_is_said_at_its_line():
    def broken(a):
        return a / {}["none"]

    def short(a):
        return a[:3]

    line = broken.__code__.co_firstlineno + 1
    with pytest.raises(
        gm.GuessmodelError,
        match=rf"test_run.py:{line}: gm.apply: broken failed with KeyError: 'none'; it gets arrays",
    ):
        gm.apply(broken, gm.normal(0, 1)).sample(64)
    wired = gm.apply(short, gm.normal(0, 1))
    with pytest.raises(
        gm.GuessmodelError,
        match=rf"test_run.py:{wired.location.line}: gm.apply: short failed .* of the same shape",
    ):
        wired.sample(64)


def test_shared_dimensions_share_the_variate():
    both = gm.normal({"a": (0, 1), "b": (10, 12)}, dim="case", shared="case")
    values = both.sample(256).values
    np.testing.assert_allclose((values[0] - 0.5) / 0.5, (values[1] - 11) / 1.0)
    apart = gm.normal({"a": (0, 1), "b": (10, 12)}, dim="case").sample(4096).values
    assert abs(np.corrcoef(apart)[0, 1]) < 0.1


def test_two_names_of_one_quantity_have_the_same_draws():
    x = gm.normal(1, 2)
    simulation = gm.Model(x=x, same=+x, more=x + 1).sample(64)
    np.testing.assert_array_equal(simulation["x"].values, simulation["same"].values)
    np.testing.assert_array_equal(simulation["x"].values + 1, simulation["more"].values)

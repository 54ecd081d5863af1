"""Draws with one coordinate replaced, against the same model written with the replacement."""

import numpy as np
import pytest
import scipy.stats

import guessmodel as gm
from guessmodel.engine.recompute import Change, changed_draws, cost_of, drawn_at
from guessmodel.engine.run import run_plan
from guessmodel.estimators.program import program_of

PRICE = gm.lognormal(5, 10, name="price")
LOAD = gm.normal({"a": 1.0, "b": 4.0}, {"a": 3.0, "b": 9.0}, dim="case", name="load")
RATE = gm.normal(PRICE, PRICE + 1, name="rate")
MODEL = gm.Model(
    price=PRICE, load=LOAD, rate=RATE, other=PRICE + 1, cost=(PRICE * LOAD + RATE).sum("case")
)


def numbers() -> dict[str, int]:
    plan = program_of(MODEL).plan(("cost",))
    return {stream.owner.partition(".")[2]: i for i, stream in enumerate(plan.streams)}


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_one_coordinate_is_held_and_the_rest_stays(method: str) -> None:
    plan = program_of(MODEL).plan(("cost",))
    points = plan.points(method, 1 << 12, 0)
    number = numbers()
    z = 1.5
    changes = [Change(((number["load"], 1),), (z,)), Change(((number["price"], 0),), (z,))]
    found = [np.empty(points.n) for _ in range(3)]
    for begin, end, draws, changed in changed_draws(plan, points, changes):
        for whole, part in zip(found, [draws, *changed], strict=True):
            whole[begin:end] = part
    all_draws, _ = run_plan(program_of(MODEL).plan(), points_of_all(method))
    np.testing.assert_array_equal(found[0], all_draws["cost"])
    price, load, rate = all_draws["price"], all_draws["load"], all_draws["rate"]
    held = 6.5 + z * 2.5 / 1.6448536269514722  # b is 4 to 9
    np.testing.assert_allclose(found[1], price * (load[0] + held) + 2 * rate, rtol=1e-12)
    spread = np.log(2.0) / 2.0 / 1.6448536269514722
    at = np.sqrt(50.0) * np.exp(spread * z)
    # What the price is a parameter of moves with it, at the same random number.
    moved = at + (rate - price)
    np.testing.assert_allclose(found[2], at * load.sum(axis=0) + 2 * moved, rtol=1e-9)


def points_of_all(method: str):  # type: ignore[no-untyped-def]
    return program_of(MODEL).plan().points(method, 1 << 12, 0)


def test_draws_of_another_design_take_the_place_of_a_coordinate() -> None:
    plan = program_of(MODEL).plan(("cost",))
    points, other = (plan.points("nets", 1 << 12, seed) for seed in (0, 7))
    change = Change(((numbers()["price"], 0),))
    moved = np.empty(points.n)
    for begin, end, _, (changed,) in changed_draws(plan, points, [change], other):
        moved[begin:end] = changed
    ours, _ = run_plan(
        program_of(MODEL).plan(), program_of(MODEL).plan().points("nets", 1 << 12, 0)
    )
    theirs, _ = run_plan(
        program_of(MODEL).plan(), program_of(MODEL).plan().points("nets", 1 << 12, 7)
    )
    rate = theirs["price"] + ours["rate"] - ours["price"]
    expected = theirs["price"] * ours["load"].sum(axis=0) + 2 * rate
    np.testing.assert_allclose(moved, expected, rtol=1e-9)


def test_several_coordinates_of_several_streams_together() -> None:
    plan = program_of(MODEL).plan(("cost",))
    points, other = (plan.points("nets", 1 << 12, seed) for seed in (0, 7))
    number = numbers()
    places = ((number["load"], 0), (number["load"], 1), (number["price"], 0))
    found = [np.empty(points.n) for _ in range(2)]
    changes = [Change(places, (1.5, -0.5, 1.0)), Change(places)]
    for begin, end, _, changed in changed_draws(plan, points, changes, other):
        for whole, part in zip(found, changed, strict=True):
            whole[begin:end] = part
    whole_plan = program_of(MODEL).plan()
    ours, theirs = (run_plan(whole_plan, whole_plan.points("nets", 1 << 12, s))[0] for s in (0, 7))
    own = ours["rate"] - ours["price"]
    per = 1.6448536269514722
    price = np.sqrt(50.0) * np.exp(np.log(2.0) / 2.0 / per)
    loads = (2.0 + 1.5 / per) + (6.5 - 0.5 * 2.5 / per)
    np.testing.assert_allclose(found[0], price * loads + 2 * (price + own), rtol=1e-9)
    expected = theirs["price"] * theirs["load"].sum(axis=0) + 2 * (theirs["price"] + own)
    np.testing.assert_allclose(found[1], expected, rtol=1e-9)


def test_random_numbers_that_are_given() -> None:
    plan = program_of(MODEL).plan(("cost",))
    rows = [np.zeros((len(stream.keys), 2)) for stream in plan.streams]
    rows[numbers()["price"]][0, 1] = 1.6448536269514722
    middle = np.sqrt(50.0)
    known = [middle * 8.5 + 2 * (middle + 0.5), 10.0 * 8.5 + 2 * 10.5]
    np.testing.assert_allclose(drawn_at(plan, rows), known, rtol=1e-9)


def test_the_cost_is_what_lies_behind() -> None:
    x = gm.normal(0, 1)
    y = gm.normal(0, 1)
    model = gm.Model(x=x, y=y, z=gm.exp(gm.exp(x)) + y)
    plan = program_of(model).plan(("z",))
    # x: draw, two exponentials, sum; y: draw and sum; and all five once.
    stream = {s.owner: i for i, s in enumerate(plan.streams)}
    assert cost_of(plan, [Change(((stream[".x"], 0),))]) == 4 + 5
    assert cost_of(plan, [Change(((stream[".y"], 0),))] * 2) == 2 * 2 + 5


def test_quantiles_of_numbers_that_stay_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poisson draws at the other label cost nothing; those at the changed one are as by hand."""
    rate = gm.lognormal({"a": (2, 5), "b": (30, 60)}, dim="case", name="rate")
    counts = gm.poisson(rate, name="counts")
    model = gm.Model(rate=rate, counts=counts, total=counts.sum("case"))
    plan = program_of(model).plan(("total",))
    points = plan.points("nets", 1 << 12, 0)
    number = {stream.owner.partition(".")[2]: i for i, stream in enumerate(plan.streams)}
    drawn: list[int] = []
    family = type(model.quantities["counts"].operation.family)  # type: ignore[attr-defined]
    quantile = family._quantile
    monkeypatch.setattr(
        family,
        "_quantile",
        lambda self, p, *given, **tail: drawn.append(p.size) or quantile(self, p, *given, **tail),
    )
    change = Change(((number["rate"], 1),), (1.0,))
    moved = np.empty(points.n)
    for begin, end, _, (changed,) in changed_draws(plan, points, [change]):
        moved[begin:end] = changed
    assert sum(drawn) == 3 * points.n  # both labels once, and b again
    middle, spread = np.sqrt(30.0 * 60.0), np.log(2.0) / 2.0 / 1.6448536269514722
    held = np.full(points.n, middle * np.exp(spread))
    whole = program_of(model).plan()
    ours, _ = run_plan(whole, whole.points("nets", 1 << 12, 0))
    u = np.empty((2, points.size))
    variates = []
    for r in range(points.replicates):
        points.replicate(r).fill(number["counts"], 0, points.size, u)
        variates.append(u[1].copy())
    by_hand = scipy.stats.poisson(held).ppf(np.concatenate(variates))
    np.testing.assert_array_equal(moved, ours["counts"][0] + by_hand)

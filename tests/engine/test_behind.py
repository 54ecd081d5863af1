"""What lies behind a moved quantity, against runs of models that were changed and wired anew."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.engine.behind import Behind, depending
from guessmodel.engine.run import run_plan
from guessmodel.estimators.program import program_of
from guessmodel.model.overrides import alone

N = 1 << 10


def model() -> gm.Model:
    price, other = gm.correlate([gm.lognormal(5, 10), gm.gamma(2, 8)], rank=0.6)
    load = gm.normal({"a": 1.0, "b": 4.0}, {"a": 3.0, "b": 9.0}, dim="case", name="load")
    share = gm.beta(0.2, 0.6, name="share")
    count = gm.constant(12, name="count")
    rate = gm.normal(price, price + 1, name="rate")  # a draw of a moved parameter
    doubled = gm.apply(lambda x: 2.0 * x, share)
    cost = (price * load).sum("case") * count + rate + other * (doubled > 1)
    # Names that nothing here needs: components of nets are assigned over them too.
    others = {f"beside{k}": gm.normal(1, 2, name=f"beside{k}") for k in range(40)}
    return gm.Model(
        **others,
        price=price,
        load=load,
        share=share,
        other=other,
        count=count,
        rate=rate,
        doubled=doubled,
        cost=cost,
        spread=load.max("case") - load.min("case"),
    )


MODEL = model()


@pytest.mark.parametrize(
    ("name", "edits", "behind"),
    [
        ("price", {"price": "6 to 20"}, {"rate", "cost"}),
        ("price", {"price": "pert(1, 9)"}, {"rate", "cost"}),
        ("price", {"price": "7"}, {"rate", "cost"}),
        ("load", {"load": "2 to 9"}, {"cost", "spread"}),
        ("load", {"load[b]": "2 to 9"}, {"cost", "spread"}),
        ("load", {"load[a]": "3"}, {"cost", "spread"}),
        ("share", {"share": "0.1 to 0.3"}, {"doubled", "cost"}),
        ("other", {"other": "3 to 4"}, {"cost"}),
        ("count", {"count": "20"}, {"cost"}),
        ("count", {"count": "10 to 30"}, {"cost"}),
    ],
)
def test_it_is_what_the_changed_model_has(
    name: str, edits: dict[str, str], behind: set[str]
) -> None:
    changed = MODEL.with_(edits)
    moved = changed.quantities[name]
    found = Behind.of(changed.quantities, moved, changed.keys, changed.universe, N)
    assert found is not None
    assert set(found.plan.outputs) == behind
    # The input alone, from the file's model, has the draws that it has in the changed one.
    small = alone(MODEL, name, changed.universe).with_(edits)
    plan = program_of(small).plan((name,))
    values = run_plan(plan, plan.points("nets", N, 0))[0][name]
    whole = changed.sample(N)
    np.testing.assert_array_equal(values, whole[name].values)
    for each, draws in found.at(values).items():
        np.testing.assert_allclose(draws, whole[each].values, rtol=1e-9, err_msg=each)


def test_it_is_moved_again_and_again() -> None:
    found = Behind.of(MODEL.quantities, MODEL.quantities["count"], MODEL.keys, MODEL.universe, N)
    assert found is not None
    first = found.at(np.array([1.0]))["cost"].copy()
    third = found.at(np.array([3.0]))["cost"].copy()
    np.testing.assert_array_equal(found.at(np.array([1.0]))["cost"], first)
    whole = MODEL.sample(N)
    product = (whole["price"].values * whole["load"].values).sum(axis=0)
    np.testing.assert_allclose(third - first, 2.0 * product, rtol=1e-9)


def test_where_nothing_lies_behind() -> None:
    q = MODEL.quantities
    found = Behind.of(q, q["beside3"], MODEL.keys, MODEL.universe, N)
    assert found is not None and found.at(np.zeros(1)) == {}


def test_draws_are_fewer_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    q = MODEL.quantities
    monkeypatch.setattr("guessmodel.engine.behind._MEMORY", 8 * 20 * 512)  # some 20 numbers a draw
    found = Behind.of(q, q["price"], MODEL.keys, MODEL.universe, 1 << 13)
    assert found is not None and 256 <= found.n <= 1024
    small = MODEL.sample(found.n)
    draws = found.at(small["price"].values)["cost"]
    np.testing.assert_allclose(draws, small["cost"].values, rtol=1e-9)


def test_only_what_lies_behind_is_computed() -> None:
    calls = []

    def counted(x):  # type: ignore[no-untyped-def]
        calls.append(len(x))
        return x + 1.0

    a, b = gm.normal(1, 2, name="a"), gm.normal(3, 5, name="b")
    beside = gm.apply(counted, b)
    made = gm.Model(a=a, b=b, beside=beside, total=a + beside)
    found = Behind.of(made.quantities, a, made.keys, made.universe, N)
    assert found is not None
    before = len(calls)
    found.at(np.zeros(1))
    assert len(calls) == before
    assert [step.label for step in found.plan.steps] == ["+"]


def test_a_sum_of_events_that_moves_is_wired_anew() -> None:
    count, size = gm.poisson(3, name="count"), gm.lognormal(1, 4, name="size")
    total = gm.compound(count, size)
    made = gm.Model(count=count, size=size, total=total)
    assert Behind.of(made.quantities, size, made.keys, made.universe, N) is None
    found = Behind.of(made.quantities, count, made.keys, made.universe, N)
    assert found is not None and set(found.plan.outputs) == {"total"}


def test_what_depends_on_some_quantities() -> None:
    q = MODEL.quantities
    found = depending(q.values(), [q["price"], q["rate"]])
    assert {name for name, each in q.items() if each in found} == {"cost"}  # not the rate itself
    found = depending(q.values(), [q["share"], q["rate"]])
    assert {name for name, each in q.items() if each in found} == {"doubled", "cost"}

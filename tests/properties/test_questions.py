"""What no answer to a question may depend on: units, order, and what has nothing to do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.estimators.estimate import Estimate

few = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
LABELS = ("a", "b", "c")
# By `random` and `lhs` no edit elsewhere moves a draw: the answers are the same in bits.
METHODS = st.sampled_from(["random", "lhs"])
INCREASING: Sequence[Callable[[Any], Any]] = (
    lambda x: 3 * x + 7,
    lambda x: x**3,
    gm.exp,
    lambda x: gm.log(x + 100),
    lambda x: 1 - 1 / (x + 100),
)


def numbers(estimate: Estimate | None, scale: float = 1.0) -> list[float]:
    assert estimate is not None
    return [scale * estimate.value, scale * estimate.low, scale * estimate.high]


def parts(unit: str = "kg", scale: float = 1.0, order: Sequence[str] = "xyz", **edits: Any) -> Any:
    """A model of three inputs, made in an order, and what is computed from them."""
    made = {
        "x": lambda: gm.lognormal(*(scale * e for e in edits.get("x", (1, 3))), unit),
        "y": lambda: gm.uniform(*edits.get("y", (2, 5))),
        "z": lambda: gm.normal(*(scale * e for e in edits.get("z", (1, 2))), unit),
    }
    inputs = {name: made[name]() for name in order}
    more = edits.get("more", {})
    out = inputs["x"] * inputs["y"] + inputs["z"]
    return gm.Model({**inputs, **more, "out": out, "high": out > gm.constant(9 * scale, unit)})


def attributed(old: gm.Model, new: gm.Model, n: int = 512, **how: Any) -> dict[str, list[float]]:
    found = gm.compare(old, new, n, **how).attribute("out", "p95")
    return {edit: numbers(part) for edit, part in found.statistics["p95"].items()}


EDITS: Mapping[str, tuple[float, float]] = {"x": (2, 4), "y": (2, 6), "z": (0.5, 3)}


@few
@given(st.sampled_from([("g", 1e3), ("tonne", 1e-3)]), st.sets(st.sampled_from("xyz"), min_size=1))
def test_units_change_no_attribution(unit: tuple[str, float], edited: set[str]) -> None:
    edits = {name: EDITS[name] for name in edited}
    known = attributed(parts(), parts(**edits))
    name, scale = unit
    found = attributed(parts(name, scale), parts(name, scale, **edits))
    assert found.keys() == known.keys() == edited
    for edit, values in found.items():
        assert values == pytest.approx([scale * v for v in known[edit]], rel=1e-6, abs=1e-9 * scale)


@few
@given(st.permutations("xyz"), st.sets(st.sampled_from("xyz"), min_size=2))
def test_the_order_of_edits_changes_no_attribution(order: list[str], edited: set[str]) -> None:
    edits = {name: EDITS[name] for name in edited}
    known = attributed(parts(), parts(**edits))
    found = attributed(parts(), parts(order=order, **edits))
    assert found.keys() == known.keys()
    for edit, values in found.items():
        assert values == pytest.approx(known[edit], rel=1e-9, abs=1e-12)


def answers(model: gm.Model, method: str) -> dict[str, Any]:
    """Of the questions that a model can be asked, a few answers each."""
    how: dict[str, Any] = {"n": 1 << 14, "method": method}
    run = model.sample(**how)
    drivers = run.sensitivity("out", of="p80")
    swept = model.sweep({"y": [2, 3]}, "out", **how)
    sought = model.seek("high", "probability", 0.5, by="y", between=(1, 12), **how)
    assert sought.value is not None
    changed = attributed(model, model.with_(x="2 to 4 kg", z="0 to 3 kg"), **how)
    return {
        "shares": {n: numbers(d.first) for n, d in drivers.inputs.items()},
        "totals": {n: numbers(d.total) for n, d in drivers.inputs.items()},
        "swings": {n: numbers(d.tornado.swing) for n, d in drivers.inputs.items() if d.tornado},
        "correlation": numbers(run.rank_correlation("x", "out")),
        "swept": [row.p95.value for row in swept.rows if row.p95 is not None],
        "sought": numbers(sought.value),
        "changed": changed,
    }


@settings(deadline=None, max_examples=2)
@given(METHODS, st.lists(st.sampled_from(["a", "w", "zz", "other"]), unique=True, min_size=1))
def test_names_that_have_nothing_to_do_with_it_change_no_answer(
    method: str, names: list[str]
) -> None:
    more = {name: gm.normal(1, 3) * gm.constant(2) for name in names}
    assert answers(parts(more=more), method) == answers(parts(), method)


@few
@given(st.sampled_from(INCREASING), st.sampled_from([True, False]))
def test_ranks_know_no_increasing_transform(how: Callable[[Any], Any], falling: bool) -> None:
    x, y = gm.normal(1, 3), gm.normal(2, 4)
    out = x * y
    other = -how(out) if falling else how(out)
    run = gm.Model(x=x, y=y, out=out, other=other, xx=how(x)).sample(1024)
    sign = -1.0 if falling else 1.0
    for name in ("x", "y"):
        known = run.rank_correlation(name, "out")
        found = run.rank_correlation(name, "other")
        assert found.value == pytest.approx(sign * known.value, abs=1e-9)
        assert found.error == pytest.approx(known.error, abs=1e-9)
    assert run.rank_correlation("xx", "out").value == pytest.approx(
        run.rank_correlation("x", "out").value, abs=1e-9
    )
    drivers, others = (run.sensitivity(each) for each in ("out", "other"))
    assert others["y"].rank.value == pytest.approx(sign * drivers["y"].rank.value, abs=1e-9)


@settings(deadline=None, max_examples=3)
@given(st.permutations(LABELS), METHODS)
def test_the_order_of_labels_changes_no_answer(order: list[str], method: str) -> None:
    """Each label owns its randomness, wherever it stands."""

    def model(labels: Sequence[str], high: float) -> gm.Model:
        ends = {"a": 3.0, "b": high, "c": 5.0}
        price = gm.uniform(1, {label: ends[label] for label in labels}, dim="kind")
        hours = gm.normal(1, 2)
        cost = price * hours
        return gm.Model(price=price, hours=hours, cost=cost, total=cost.sum("kind"))

    def told(labels: Sequence[str]) -> dict[str, Any]:
        run = model(labels, 4.0).sample(1 << 14, method=method)
        shares = run.sensitivity("total").inputs
        moved = gm.compare(model(labels, 4.0), model(labels, 6.0), 1024, method=method)
        return {
            "shares": {name: numbers(each.first) for name, each in shares.items()},
            "ranks": {k: run.rank_correlation(f"cost[{k}]", "total").value for k in LABELS},
            "moved": {change.title for change in moved.moved},
            "b": numbers(moved["cost[b]"].difference["p95"]),
        }

    known, found = told(LABELS), told(order)
    assert found["moved"] == known["moved"] == {"price[b]", "cost[b]", "total"}
    for key in ("shares", "ranks"):
        for name, values in known[key].items():
            assert found[key][name] == pytest.approx(values, rel=1e-6, abs=1e-9)
    assert found["b"] == pytest.approx(known["b"], rel=1e-9)


@few
@given(st.floats(0.2, 3.0), st.floats(0.5, 2.0))
def test_a_model_and_itself_in_other_words_are_all_zeros(low: float, width: float) -> None:
    old = parts(x=(low, low + width))
    for new in (parts(x=(low, low + width)), parts(order="zyx", x=(low, low + width))):
        found = gm.compare(old, new, 256)
        assert found.moved == ()
        assert not found.edited
        for change in found.everything:
            for each in change.difference.values():
                assert each is None or each.value == 0.0


def test_what_is_looked_at_would_be_seen() -> None:
    """An edit that does something is not the same."""
    assert attributed(parts(), parts(x=(2, 4))) != attributed(parts(), parts(x=(2, 5)))

"""No argument of a function or method is dropped in silence: each makes a difference.

Each argument of all that `guessmodel.__all__` holds has a row with two calls that differ in nothing
else; a new argument fails here until it has one. Pictures: `test_arguments_of_plots.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from argument_examples import (
    BOTH,
    DEAR,
    DRAWN,
    GIVEN,
    MODEL,
    PRICE,
    RATE,
    ROWS,
    YEARS,
    A,
    B,
    Pair,
    booked,
    celled,
    checked,
    claimed,
    compared,
    draws,
    exported,
    fitted_column,
    joint,
    of_rows,
    option,
    ratio,
    tabled,
    told,
    two,
)
from argument_rows import OF_MODELS
from categories_given import NUMBERS, refused

import guessmodel as gm

MONTHS = {"month": [1, 2, 3]}
STACKED = gm.stack({1: ROWS, 2: 3}, "b")


def decided(options: Any, **how: Any) -> str:
    made = gm.decision(options, **how)
    return repr(made.evaluate(gm.Model(a=A).sample(1024, method="random")))


FLAT, LEAST = gm.uniform(1, 2), ROWS.idxmin("case")

PAIRS: dict[str, Pair] = {
    **{
        f"{name}.x": two(lambda x, name=name: draws(getattr(gm, name)(x)), 0.5, -1.5)
        for name in (
            *("abs", "ceil", "cos", "exp", "expm1", "floor", "round", "sign", "sin", "tan"),
            *("tanh", "trunc"),
        )
    },
    **{
        f"{name}.x": two(lambda x, name=name: draws(getattr(gm, name)(x)), 0.5, 1.5)
        for name in ("log", "log1p", "log2", "log10", "sqrt")
    },
    **{
        f"{name}.to": two(
            lambda to, name=name: draws(getattr(gm, name)(0.5 * RATE, to=to)), None, "percent"
        )
        for name in ("ceil", "floor", "trunc", "round")
    },
    "round.digits": two(lambda n: draws(gm.round(1.23, n)), 0, 1),
    "minimum.x": two(lambda x: draws(gm.minimum(x, 5)), 1, 2),
    "minimum.y": two(lambda y: draws(gm.minimum(5, y)), 1, 2),
    "maximum.x": two(lambda x: draws(gm.maximum(x, 0)), 1, 2),
    "maximum.y": two(lambda y: draws(gm.maximum(0, y)), 1, 2),
    "filtered.x": two(lambda x: draws(gm.filtered(x, 0, 9)), 1, 2),
    "filtered.low": two(lambda low: draws(gm.filtered(1, low, 9)), None, 2),
    "filtered.high": two(lambda high: draws(gm.filtered(1, 0, high)), None, 0.5),
    "parse.text": two(lambda text: draws(gm.parse(text)), "1 to 2", "1 to 3"),
    "clip.x": two(lambda x: draws(gm.clip(x, 0, 9)), 1, 2),
    "clip.low": two(lambda low: draws(gm.clip(1, low, 9)), None, 2),
    "clip.high": two(lambda high: draws(gm.clip(1, 0, high)), None, 0.5),
    "where.condition": two(lambda c: draws(gm.where(c, 1, 2)), 0, 1),
    "where.x": two(lambda x: draws(gm.where(1, x, 2)), 0, 1),
    "where.y": two(lambda y: draws(gm.where(0, 2, y)), 0, 1),
    "apply.function": two(lambda f: draws(gm.apply(f, 2, 3)), np.add, np.subtract),
    "apply.quantities": two(lambda q: draws(gm.apply(np.add, 2, q)), 3, 4),
    "apply.unit": two(lambda u: draws(gm.apply(np.add, 2, 3, unit=u)), None, "USD"),
    "stack.quantities": two(lambda q: draws(gm.stack({"a": 1, "b": q}, dim="x")), 3, 4),
    "stack.dim": two(lambda dim: draws(gm.stack({"a": 1, "b": 2}, dim=dim)), "x", "y"),
    "unit.name": two(lambda name: gm.unit(name) or draws(gm.constant(1, name)), "uhu", "aha"),
    "unit.equals": (
        lambda: gm.unit("plain_word") or draws(gm.constant(1, "plain_word").to("plain_word")),
        lambda: gm.unit("pair_word", "2 hour") or draws(gm.constant(1, "pair_word").to("hour")),
    ),
    # --- claims
    "correlate.draws": two(lambda q: draws(gm.correlate([q, A], 0.5)[0]), B, gm.gamma(1, 4)),
    "correlate.rank": two(lambda rank: draws(gm.correlate([A, B], rank)[1]), 0.5, 0.6),
    "correlate.along": two(
        lambda dim: draws(gm.correlate(BOTH, along=dim, ar1=0.5)), "case", "year"
    ),
    "correlate.ar1": two(lambda r: draws(gm.correlate(YEARS, along="year", ar1=r)), 0.5, 0.6),
    "compare.old": two(lambda m: compared(old=m), MODEL, MODEL.with_(price=5)),
    "compare.new": two(lambda m: compared(new=m), MODEL, MODEL.with_(price=5)),
    "compare.n": two(lambda n: compared(n=n), 64, 128),
    "compare.seed": two(lambda seed: compared(seed=seed), 0, 1),
    "compare.method": two(lambda method: compared(method=method), "random", "lhs"),
    "choose.options": two(lambda x: draws(gm.choose({"a": x, "b": 2}, by=LEAST)), 1, 3),
    "choose.by": two(
        lambda q: draws(gm.choose({"a": 1, "b": 2}, by=q)), LEAST, ROWS.idxmax("case")
    ),
    "choose.otherwise": two(lambda x: draws(gm.choose({"b": 9}, by=LEAST, otherwise=x)), 1, 2),
    "interpolate.x": two(lambda x: draws(gm.interpolate(x, {0: 1, 9: 2})), FLAT, 2 * FLAT),
    "interpolate.table": two(lambda t: draws(gm.interpolate(FLAT, t)), {0: 1, 9: 2}, {0: 1, 9: 3}),
    "interpolate.unit": two(lambda u: draws(gm.interpolate(FLAT, {0: 1, 9: 2}, u)), "USD", "kg"),
    "interpolate.beyond": two(
        lambda b: draws(gm.interpolate(FLAT, {0: 1, 1.5: 2}, beyond=b)), "drop", "hold"
    ),
    "compound.frequency": two(lambda n: draws(gm.compound(n, gm.uniform(1, 2))), 2, 3),
    "compound.severity": two(lambda high: draws(gm.compound(2, gm.uniform(1, high))), 2, 3),
    **{
        f"compound.{name}": two(
            lambda x, name=name: draws(gm.compound(2, gm.uniform(1, 2), **{name: x})), None, 0.5
        )
        for name in ("deductible", "limit", "aggregate_deductible", "aggregate_limit")
    },
    "sum_of.n": two(lambda n: draws(gm.sum_of(n, gm.uniform(1, 2))), 2, 3),
    "sum_of.draw": two(lambda high: draws(gm.sum_of(2, gm.uniform(1, high))), 2, 3),
    "scan.step": two(lambda step: draws(gm.scan(step, 1, dim=MONTHS)), np.sqrt, np.negative),
    "scan.init": two(lambda x: draws(gm.scan(np.negative, x, dim=MONTHS)), 1, 2),
    "scan.inputs": two(lambda x: draws(gm.scan(np.add, 1, x, dim=MONTHS)), FLAT, 2 * FLAT),
    "scan.dim": two(lambda dim: draws(gm.scan(np.negative, 1, dim=dim)), {"a": [1]}, MONTHS),
    "Quantity.diff.dim": two(lambda dim: draws(STACKED.diff(dim)), "b", "case"),
    "Quantity.growth.dim": two(lambda dim: draws(STACKED.growth(dim)), "b", "case"),
    "Quantity.first_where.condition": two(
        lambda c: draws(ROWS.first_where(c, "case")), ROWS > 1, ROWS > 9
    ),
    "Quantity.first_where.dim": two(
        lambda dim: draws(ROWS.first_where(STACKED > 9, dim)), "b", "case"
    ),
    "Quantity.first_where.never": two(
        lambda x: draws(FLAT.first_where(gm.constant(0, dim=MONTHS) > 1, "month", x)), 7, 8
    ),
    "present_value.cash_flow": two(lambda x: draws(gm.present_value(x, 0, "case")), ROWS, 2 * ROWS),
    "present_value.rate": two(lambda x: draws(gm.present_value(ROWS, x, "case")), 0, 0.1),
    "present_value.dim": two(lambda dim: draws(gm.present_value(STACKED, 0.1, dim)), "b", "case"),
    "present_value.first": two(
        lambda x: draws(gm.present_value(ROWS, 0.1, "case", first=x)), 0, 0.5
    ),
    "headline.quantity": two(lambda q: gm.headline(q).quantity.serial, PRICE, 2 * PRICE),
    "headline.percentiles": two(lambda p: gm.headline(PRICE, percentiles=p).statistics, [5], [9]),
    "headline.statistics": two(lambda s: gm.headline(PRICE, statistics=s).statistics, ["sd"], []),
    "headline.sentence": two(
        lambda text: gm.headline(PRICE, sentence=text).sentence, "It costs {mean}", "Or {p5}"
    ),
    "headline.priority": two(lambda p: gm.headline(PRICE, priority=p).priority, None, 2),
    "headline.at": two(lambda at: gm.headline(ROWS, at={"case": at}).labels, "a", "b"),
    "headlines.simulation": two(lambda n: str(gm.headlines(MODEL.sample(n))), 64, 128),
    "Simulation.given.condition": two(
        lambda c: str(DRAWN.given(c).condition), "price > 2 USD", "price > 2.5 USD"
    ),
    "Model.sample.given": two(
        lambda c: str(MODEL.sample(4096, given=c).condition), "price > 2 USD", "price > 2.5 USD"
    ),
    "Simulation.summary.percentiles": two(lambda p: str(DRAWN.summary(p)), [5], [9]),
    "claim.quantity": two(lambda q: told(gm.claim(q, mean="2 USD")), PRICE, 2 * PRICE),
    **{
        f"claim.{kind}": two(lambda v, kind=kind: claimed(**{kind: v}), "2 USD", "2.1 USD")
        for kind in ("mean", "median", "sd")
    },
    **{
        f"claim.{kind}": option(claimed, **{kind: "2 to 3 USD"})
        for kind in ("interval", "guesstimate_interval")
    },
    "claim.quantiles": option(claimed, quantiles={0.2: "2 USD"}),
    "claim.probability": two(lambda p: told(gm.claim(DEAR, probability=p)), "5%", "50%"),
    "claim.statistics": option(claimed, statistics={"mode": "2 USD"}),
    "claim.at": (lambda: of_rows(at={"case": "a"}), lambda: of_rows(at={"case": "b"})),
    "claim.rtol": option(claimed, rtol=0.1),
    "claim.log10_tol": option(claimed, log10_tol=0.01),
    "claim.expected": two(lambda e: claimed(note="x", expected=e), "holds", "falls short"),
    "claim.source": option(claimed, source="a table"),
    "claim.note": option(claimed, note="a remark"),
    "claim.scenario": option(claimed, scenario="as published"),
    "claim.kind": two(lambda x: told(gm.claim(2 * PRICE, mean="5 USD", kind=x)), None, "echo"),
    "claim_ratio_of_means.numerator": two(lambda q: ratio(numerator=q), PRICE, 2 * PRICE),
    "claim_ratio_of_means.denominator": two(lambda q: ratio(denominator=q), PRICE, 2 * PRICE),
    "claim_ratio_of_means.figure": two(lambda x: ratio(figure=x), "1", "2"),
    "claim_ratio_of_means.at": (
        lambda: ratio(ROWS, ROWS, at={"case": "a"}),
        lambda: ratio(ROWS, ROWS, at={"case": "b"}),
    ),
    "claim_ratio_of_means.rtol": option(ratio, rtol=0.1),
    "claim_ratio_of_means.log10_tol": option(ratio, log10_tol=0.01),
    "claim_ratio_of_means.expected": (
        lambda: ratio(note="x"),
        lambda: ratio(note="x", expected="falls short"),
    ),
    "claim_ratio_of_means.source": option(ratio, source="a table"),
    "claim_ratio_of_means.note": option(ratio, note="a remark"),
    "claim_ratio_of_means.scenario": option(ratio, scenario="as published"),
    "claim_ratio_of_means.kind": option(ratio, kind="echo"),
    "claim_joint.first": two(lambda q: joint(first=q), PRICE, 2 * PRICE),
    "claim_joint.second": two(lambda q: joint(second=q), PRICE, 2 * PRICE),
    **{
        f"claim_joint.{kind}": two(lambda x, k=kind: joint(**{k: x}), None, figure)  # type: ignore[misc]
        for kind, figure in {"rank_correlation": "0.9", "covariance": "2 USD**2"}.items()
    },
    "claim_joint.correlation": two(lambda x: joint(correlation=x), "0.8", "0.9"),
    "claim_joint.at": (
        lambda: joint(ROWS, ROWS, at={"case": "a"}),
        lambda: joint(ROWS, ROWS, at={"case": "b"}),
    ),
    "claim_joint.rtol": option(joint, rtol=0.1),
    "claim_joint.log10_tol": option(joint, log10_tol=0.01),
    "claim_joint.expected": (
        lambda: joint(note="x"),
        lambda: joint(note="x", expected="falls short"),
    ),
    "claim_joint.source": option(joint, source="a table"),
    "claim_joint.note": option(joint, note="a remark"),
    "claim_joint.scenario": option(joint, scenario="as published"),
    "claim_joint.kind": two(lambda x: joint(second=2 * PRICE, kind=x), None, "echo"),
    "score.forecast": two(lambda x: str(gm.score(x, 3)), 5, 6),
    "score.outcome": two(lambda x: str(gm.score(A, x)), 3, 4),
    "score.mass": two(lambda x: str(gm.score(A, 3, mass=x)), 0.9, 0.5),
    "elicit.quantiles": two(lambda x: str(gm.elicit({0.1: 1, 0.9: x})), 5, 6),
    "elicit.families": two(lambda f: str(gm.elicit({0.1: 1, 0.9: 5}, f)), "normal", "gamma"),
    "elicit.unit": two(lambda u: str(gm.elicit({0.1: 1, 0.9: 5}, unit=u)), None, "USD"),
    "elicit.lower": two(lambda x: str(gm.elicit({0.1: 1, 0.9: 5}, lower=x)), None, 0.5),
    "elicit.upper": two(lambda x: str(gm.elicit({0.1: 1, 0.9: 5}, upper=x)), None, 9),
    "elicit.feedback": two(lambda x: str(gm.elicit({0.1: 1, 0.9: 5}, feedback=x)), [0.5], [0.6]),
    "fit.data": two(lambda x: str(gm.fit([1, 2, 3, 4, x], "normal")), 5, 6),
    "fit.families": two(lambda f: str(gm.fit([1, 2, 3, 4, 6], f)), "normal", "gamma"),
    "fit.unit": two(lambda u: str(gm.fit([1, 2, 3, 4, 6], "normal", unit=u)), None, "USD"),
    "decision.options": two(lambda x: decided({"a": A, "b": x}), 1.5, 1.6),
    "decision.minimise": two(lambda m: decided({"a": A, "b": 1.5}, minimise=m), False, True),
    "decision.utility": two(
        lambda rho: decided({"a": A, "b": 1.5}, utility=gm.utility.exponential(rho)), 1, 2
    ),
    **OF_MODELS,
}


WITH_FILES: dict[str, tuple[Callable[[Path], Any], Callable[[Path], Any]]] = {
    "Simulation.export.path": (
        lambda folder: exported(folder, "a.csv"),
        lambda folder: exported(folder, "b.csv"),
    ),
    "Simulation.export.to": (
        lambda folder: exported(folder, "a.csv"),
        lambda folder: exported(folder, "a.csv", "json"),
    ),
    "fit.column": (
        lambda folder: fitted_column(folder, "a"),
        lambda folder: fitted_column(folder, "b"),
    ),
    "table.columns": (tabled, lambda folder: tabled(folder, columns=["m"])),
    "table.table": (lambda folder: booked(folder, "A"), lambda folder: booked(folder, "B")),
    "from_xlsx.path": (celled, lambda folder: celled(folder, value=7.0)),
    "from_xlsx.unit": (celled, lambda folder: celled(folder, unit="USD")),
    "from_xlsx.names": (celled, lambda folder: celled(folder, names=["y"])),
    "table.data": (lambda folder: tabled(folder), lambda folder: tabled(folder, "7")),
    "table.index": (tabled, lambda folder: tabled(folder, index="n")),
    "table.source": (tabled, lambda folder: tabled(folder, source="a table")),
    "check.models": (checked, lambda folder: checked(folder, figure="3")),
    "check.reports": (
        checked,
        lambda folder: checked(folder, reports=folder / "elsewhere"),
    ),
    "check.drift": (checked, lambda folder: checked(folder, drift=False)),
    "check.samples": (checked, lambda folder: checked(folder, samples=1024)),
    "check.scenario": (checked, lambda folder: checked(folder, scenario="double")),
    "check.scenarios": (checked, lambda folder: checked(folder, scenarios=True)),
    "check.seed": (checked, lambda folder: checked(folder, seed=1)),
    "check.most_samples": (
        lambda folder: checked(folder, most_samples=512),
        lambda folder: checked(folder, most_samples=1024),
    ),
}
# How a run is carried out: none of it changes a draw. What it does is tested in tests/simulation.
HOW = {
    *(f"Model.sample.{key}" for key in ("threads", "keep", "store", "cluster", "progress")),
    *("check.threads", "check.progress"),
    *("Model.from_module.module",),
}


def public() -> Iterator[str]:
    """Each argument of all that is public, but for constructors, which have tables of their own."""
    found = {name: getattr(gm, name) for name in gm.__all__}
    for name, thing in found.items():
        if inspect.isclass(thing):
            if issubclass(thing, BaseException):
                continue
            for method, function in inspect.getmembers(thing, callable):
                if not method.startswith("_"):
                    yield from (f"{name}.{method}.{p}" for p in _parameters(function))
        elif "doc" not in _parameters(thing) or name in ("scenario", "seek", "sweep"):
            yield from (f"{name}.{p}" for p in _parameters(thing))


def _parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


def test_every_argument_has_a_row() -> None:
    rows = {*PAIRS, *WITH_FILES, *HOW}
    there = set(public())
    assert there - rows == set(), "write a row for each, with two calls that differ"
    assert rows - there == set(), "rows of what is no more"


@pytest.mark.parametrize("row", PAIRS)
def test_two_values_of_an_argument_make_a_difference(row: str) -> None:
    first, second = PAIRS[row]
    assert repr(first()) != repr(second())


@pytest.mark.parametrize("row", WITH_FILES)
def test_two_values_of_an_argument_make_a_difference_in_files(row: str, tmp_path: Path) -> None:
    first, second = WITH_FILES[row]
    assert repr(first(tmp_path)) != repr(second(tmp_path))


GOES_BY_LABELS: Final = {
    "choose.by",  # that is what it is for
    "Model.extended.extra",  # a name
    "Simulation.sensitivity.by_model",
    *(f"Estimate.refused.{key}" for key in ("note", "estimator", "unit")),
    *("Estimate.exact.value", "Estimate.exact.unit", "Estimate.scaled.unit"),
}
"""Or is no place for a quantity at all, where anything goes."""


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("row", [row for row, (first, _) in PAIRS.items() if first in GIVEN])
def test_functions_take_no_category_for_a_number(row: str, kind: str) -> None:
    if row not in GOES_BY_LABELS:
        assert refused(GIVEN[PAIRS[row][0]], kind)

"""No argument of a function or method is dropped in silence: each makes a difference.

Each argument of all that `guessmodel.__all__` and `guessmodel.plots` hold has a row with two calls
that differ in nothing else; a new argument fails here until it has one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib.figure
import numpy as np
import pytest

import guessmodel as gm
from guessmodel import plots
from guessmodel.model.scenario import Scenario

PRICE = gm.normal(2, 3, "USD", name="price")
ROWS = gm.normal({"a": (1, 2), "b": (2, 4)}, dim="case", name="rows")
YEARS = gm.normal(1, 2, dim={"year": range(3)})
BOTH = gm.normal(ROWS, 9, dim={"year": range(3)})
MODEL = gm.Model(price=PRICE, rows=ROWS, years=YEARS, both=BOTH)
DRAWN = MODEL.sample(1024, method="random")
RESULT, LABELS, ALONG = DRAWN["price"], DRAWN["rows"], DRAWN["years"]
OTHER = DRAWN["rows"].sel(case="a")
OTHERS = gm.Model(x=gm.normal(3, 5, dim={"year": range(4)})).sample(1024)["x"]
RATE = gm.constant(1.5, "percent")
DEAR = 2.5 * gm.constant(1, "USD") < PRICE
A, B = gm.normal(1, 2), gm.normal(1, 4)
SWUNG = gm.Model(a=A, b=B, out=A * B + A, other=A + B).sample(1024)
DRIVERS = SWUNG.sensitivity("out")
_OLD = gm.Model(a=A, b=B, out=A * B)
MOVED, MOVED_MORE = (
    gm.compare(_OLD, _OLD.with_(a=gm.normal(1, most), b=gm.normal(2, 4)), 1024) for most in (5, 6)
)
SWEPT = gm.Model(
    fee=(FEE := gm.constant(3)), share=(SHARE := gm.constant(2)), out=FEE * A + SHARE, other=FEE + B
)
MAPPED = SWEPT.sweep({"fee": [1, 2], "share": [3, 4]}, "out", n=64).result
BEST = gm.Model(best=ROWS.idxmin("case")).sample(1024)["best"]
MODULES = [Path(__file__).parents[2] / "models" / f"{name}.py" for name in ("twitter", "labour")]


def draws(made: Any) -> str:
    values = gm.Model(x=made).sample(64, method="random")["x"].values
    return repr((made.unit, made.dims, values.tobytes()))


def simulated(**options: Any) -> str:
    simulation = MODEL.sample(**{"n": 512, "method": "random", **options})
    first = simulation[next(iter(simulation))]
    return repr((simulation.run, tuple(simulation), first.preview.tobytes()))


def lazily(**options: Any) -> str:
    data = MODEL.lazy(**{"n": 512, "method": "random", **options})
    return repr((list(data), next(iter(data.values())).values.tobytes()))


def told(claim: Any) -> str:
    figures = [(s, claim.accepted(s).text) for s in claim.statements]
    said = claim.expected, claim.source, claim.note, claim.scenario
    return repr((figures, claim.labels, said, claim.subjects))


def scenario(price: float) -> Scenario:
    return gm.scenario("other", {"price": price})


def changes(new: gm.Model, n: int = 64, **how: Any) -> str:
    found = MODEL.compare(new, n, **how)
    return f"{found.run} {found.to_dict()}"


def compared(**options: Any) -> str:
    models = {"old": MODEL, "new": MODEL.with_(price=gm.uniform(1, 3, "USD"))}
    return repr(gm.compare(**{**models, "n": 64, "method": "random", **options}).to_dict())


def claimed(**options: Any) -> str:
    return told(gm.claim(PRICE, **{"mean": "2.5 USD", **options}))


def of_rows(**options: Any) -> str:
    return told(gm.claim(ROWS, mean="2", **options))


def ratio(numerator: Any = PRICE, denominator: Any = PRICE, figure: Any = "1.0", **how: Any) -> str:
    return told(gm.claim_ratio_of_means(numerator, denominator, figure, **how))


def checked(tmp_path: Path, figure: str = "1.9", **options: Any) -> str:
    file = tmp_path / "made.py"
    text = "import guessmodel as gm\ncost = gm.lognormal(1, 3)\n"
    text += f"gm.claim(cost**1.5, mean={figure!r})\n"
    text += "gm.scenario('double', {cost: '2 to 6'})\n"
    file.write_text(text + "gm.claim(gm.apply(abs, cost), mean='1.8314')\n")
    result = gm.check(**{"models": file, "samples": 512, **options})
    return repr([(c.computed, c.samples) for c in result.claims]) + repr(result)


def swept(**given: Any) -> str:
    return str(SWEPT.sweep(**{"over": {"fee": [1, 2]}, "output": "out", "n": 64} | given))


def sought(**given: Any) -> str:
    usual = {"output": "out", "statistic": "mean", "target": 9, "by": "fee", "n": 64}
    return str(SWEPT.seek(**usual | given))


def pictured(made: Any) -> str:
    return plots.svg(made[0] if isinstance(made, list) else made)


def sized(figure: Any) -> str:
    return repr((figure.get_size_inches().tolist(), figure.get_facecolor()))


def by_model(asked: bool) -> str:
    """Refused where all inputs come from one model."""
    try:
        return str(SWUNG.sensitivity("out", by_model=asked))
    except gm.GuessmodelError as error:
        return str(error)


def axes() -> Any:
    return plots.new_axes(9.0, 2.0)


Pair = tuple[Callable[[], Any], Callable[[], Any]]


def two(call: Callable[..., Any], *values: Any) -> Pair:
    """Two calls of one function, with two values."""
    first, second = values
    return lambda: call(first), lambda: call(second)


def option(call: Callable[..., Any], **given: Any) -> Pair:
    """A call without and with an option."""
    return call, lambda: call(**given)


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
    "headline.quantity": two(lambda q: gm.headline(q).quantity.serial, PRICE, 2 * PRICE),
    "headline.percentiles": two(lambda p: gm.headline(PRICE, percentiles=p).statistics, [5], [9]),
    "headline.statistics": two(lambda s: gm.headline(PRICE, statistics=s).statistics, ["sd"], []),
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
    # --- models and runs
    "Model.with_.changes": two(
        lambda x: draws(MODEL.with_({"price": x}).quantities["price"]), 1, 2
    ),
    "Model.with_.named": two(lambda x: draws(MODEL.with_(price=x).quantities["price"]), 1, 2),
    "Model.extended.extra": two(lambda x: list(MODEL.extended({x: DEAR}).quantities), "x", "y"),
    "Model.from_file.path": two(lambda p: gm.Model.from_file(p).title, *MODULES),
    "Model.from_paths.paths": two(lambda p: gm.Model.from_paths([p])[0].title, *MODULES),
    "Model.name_of.quantity": two(MODEL.name_of, PRICE, ROWS),
    "Model.find.name": two(MODEL.find, "price", "rows"),
    "Model.doc_of.name": two(gm.Model(x=gm.constant(1, doc="one"), y=PRICE).doc_of, "x", "y"),
    "Model.plan.names": two(lambda names: list(MODEL.plan(names).outputs), None, ["rows"]),
    "Model.sample.n": option(simulated, n=1024),
    "Model.sample.seed": option(simulated, seed=1),
    "Model.sample.method": option(simulated, method="lhs"),
    "Model.sample.quantities": option(simulated, quantities="rows"),
    "Model.sample.precision": option(simulated, precision=0.02),
    "Model.lazy.n": option(lazily, n=1024),
    "Model.lazy.seed": option(lazily, seed=1),
    "Model.lazy.method": option(lazily, method="lhs"),
    "Model.lazy.quantities": option(lazily, quantities=["rows"]),
    "Model.in_scenario.scenarios": two(
        lambda price: draws(MODEL.in_scenario(scenario(price)).quantities["price"]), 1, 2
    ),
    "Model.side_by_side.scenarios": two(
        lambda price: draws(MODEL.side_by_side(scenario(price)).quantities["price"]), 1, 2
    ),
    "Model.sample.scenarios": two(
        lambda price: MODEL.sample(64, scenarios=scenario(price))["price"].values.tobytes(), 1, 2
    ),
    "Model.compare.new": two(lambda m: changes(m), MODEL, MODEL.with_(price=5)),
    "Model.compare.n": two(lambda n: changes(MODEL.with_(price=5), n), 64, 128),
    "Model.compare.how": two(
        lambda seed: changes(MODEL.with_(price=gm.uniform(1, 3, "USD")), seed=seed), 0, 1
    ),
    "Model.sweep.over": two(lambda o: swept(over=o), {"fee": [1, 2]}, {"fee": [1, 3]}),
    "Model.sweep.output": two(lambda o: swept(output=o), "out", "other"),
    "Model.sweep.how": two(lambda n: swept(n=n), 64, 128),
    "Model.seek.output": two(lambda o: sought(output=o), "out", "other"),
    "Model.seek.statistic": two(lambda s: sought(statistic=s), "mean", "p5"),
    "Model.seek.target": two(lambda t: sought(target=t), 9, 10),
    "Model.seek.by": two(lambda b: sought(by=b), "fee", "share"),
    "Model.seek.how": two(lambda n: sought(n=n), 64, 128),
    "Quantity.sample.n": two(lambda n: PRICE.sample(n).run.samples, 512, 1024),
    "Quantity.sample.options": two(lambda s: PRICE.sample(512, seed=s).values.tobytes(), 1, 2),
    **{
        f"Quantity.{name}.dim": two(
            lambda d, name=name: draws(getattr(BOTH, name)(d)), "case", "year"
        )
        for name in (
            *("sum", "mean", "min", "max", "prod", "cumsum", "cumprod", "idxmin", "idxmax"),
            *("median", "sd"),
        )
    },
    "Quantity.quantile.dim": two(lambda d: draws(BOTH.quantile(0.4, d)), "case", "year"),
    "Quantity.quantile.p": two(lambda p: draws(ROWS.quantile(p, "case")), 0.1, 0.2),
    "Quantity.sel.labels": two(lambda x: draws(ROWS.sel(case=x)), "a", "b"),
    "Quantity.isel.positions": two(lambda x: draws(ROWS.isel(case=x)), 0, 1),
    "Quantity.shift.fill": two(lambda x: draws(ROWS.shift(x, case=1)), 0.0, 1.0),
    "Quantity.shift.steps": two(lambda x: draws(ROWS.shift(0.0, case=x)), 0, 1),
    "Quantity.formatted.format": two(lambda x: PRICE.formatted(x).format, "year", "2 digits"),
    "Quantity.to.unit": two(lambda x: draws(PRICE.to(x)), "USD", "cent"),
    "Quantity.where.condition": two(lambda x: draws(ROWS.where(x, 0)), 0, 1),
    "Quantity.where.other": two(lambda x: draws(ROWS.where(0, x)), 0, 1),
    "Result.category_probability.label": two(BEST.category_probability, "a", "b"),
    "Result.interval.mass": two(RESULT.interval, 0.9, 0.8),
    "Result.cdf.x": two(RESULT.cdf, 3, 4),
    "Result.exceedance.x": two(RESULT.exceedance, 3, 4),
    "Result.hdi.mass": two(RESULT.hdi, 0.9, 0.8),
    "Result.shortfall.p": two(RESULT.shortfall, 0.9, 0.8),
    "Result.shortfall.tail": two(lambda t: RESULT.shortfall(0.9, t), "upper", "lower"),
    "Result.quantile.p": two(RESULT.quantile, 0.1, 0.2),
    "Result.quantiles.ps": two(RESULT.quantiles, 0.1, 0.2),
    "Result.sel.labels": two(lambda x: LABELS.sel(case=x).mean(), "a", "b"),
    **{
        f"Simulation.{name}.{side}": two(
            lambda r, name=name, side=side: getattr(DRAWN, name)(
                **{"a": "rows[a]", "b": "rows[a]"} | {side: r}
            ),
            *("price", "rows[b]"),
        )
        for name in ("rank_correlation", "correlation", "covariance")
        for side in "ab"
    },
    "Simulation.correlations.names": two(lambda r: DRAWN.correlations(r, "rows"), RESULT, ALONG),
    "Simulation.correlations.statistic": two(
        lambda s: SWUNG.correlations(statistic=s), "rank", "pearson"
    ),
    "Simulation.sensitivity.output": two(lambda o: str(SWUNG.sensitivity(o)), "out", "other"),
    "Simulation.sensitivity.groups": two(
        lambda g: str(SWUNG.sensitivity("out", groups=g)), None, {"both": "*"}
    ),
    "Simulation.sensitivity.by_model": two(by_model, False, True),
    "Simulation.sensitivity.of": two(lambda o: str(SWUNG.sensitivity("out", of=o)), "mean", "p95"),
    "Estimate.exact.value": two(gm.Estimate.exact, 1.0, 2.0),
    "Estimate.exact.unit": two(lambda u: gm.Estimate.exact(1.0, u), "", "USD"),
    "Estimate.refused.note": two(lambda x: gm.Estimate.refused(x, "draws"), "one", "two"),
    "Estimate.refused.estimator": two(lambda x: gm.Estimate.refused("one", x), "draws", "exact"),
    "Estimate.refused.unit": two(lambda x: gm.Estimate.refused("one", "draws", x), "", "USD"),
    "Estimate.scaled.factor": two(lambda x: RESULT.mean().scaled(x), 1.0, 2.0),
    "Estimate.scaled.unit": two(lambda x: RESULT.mean().scaled(2.0, x), "", "USD"),
    "Estimate.text.digits": two(lambda x: gm.Estimate.exact(1.23456).text(x), 3, 6),
    # --- pictures
    **{
        f"plots.{name}.scale": two(
            lambda scale, name=name, on=on: pictured(getattr(plots, name)(*on, scale=scale)),
            "linear",
            "log",
        )
        for name, on in (
            *((name, (RESULT,)) for name in ("cdf", "density", "histogram", "comparison")),
            *(("fan", (ALONG,)), ("scatter", (RESULT, OTHER)), ("small_multiples", (LABELS,))),
        )
    },
    **{
        f"plots.{name}.result": two(
            lambda result, name=name: pictured(getattr(plots, name)(result)), RESULT, OTHER
        )
        for name in ("cdf", "density", "histogram")
    },
    **{
        f"plots.{name}.{what}": (
            lambda name=name, on=on: pictured(getattr(plots, name)(*on)),
            lambda name=name, on=on, what=what: pictured(
                getattr(plots, name)(*on, **{what: axes() if what == "ax" else "dark"})
            ),
        )
        for name, on in (
            *((name, (RESULT,)) for name in ("cdf", "density", "histogram", "comparison")),
            *(("fan", (ALONG,)), ("graph", (MODEL,)), ("scatter", (RESULT, OTHER))),
            *(("tornado", (DRIVERS,)), ("changes", (MOVED,)), ("waterfall", (MOVED,))),
            ("heat_map", (MAPPED,)),
        )
        for what in ("ax", "style")
    },
    "plots.heat_map.result": two(
        lambda values: pictured(
            plots.heat_map(SWEPT.sweep({"fee": values, "share": [3, 4]}, "out", n=64).result)
        ),
        [1, 2],
        [1, 3],
    ),
    **{
        f"plots.{name}.comparison": two(
            lambda found, name=name: pictured(getattr(plots, name)(found)), MOVED, MOVED_MORE
        )
        for name in ("changes", "waterfall")
    },
    **{
        f"plots.{name}.most": two(
            lambda m, name=name: pictured(getattr(plots, name)(MOVED, most=m)), 1, 2
        )
        for name in ("changes", "waterfall")
    },
    "plots.waterfall.title": two(lambda t: pictured(plots.waterfall(MOVED, t)), "out", "a"),
    "plots.waterfall.statistic": two(
        lambda s: pictured(plots.waterfall(MOVED, statistic=s)), "mean", "p95"
    ),
    "plots.tornado_for_report.answer": two(
        lambda a: plots.tornado_for_report(a).alt, DRIVERS, SWUNG.sensitivity("out", of="p95")
    ),
    "plots.tornado_for_report.style": two(
        lambda s: pictured(plots.tornado_for_report(DRIVERS, style=s).figure), "auto", "dark"
    ),
    "plots.tornado.answer": two(
        lambda a: pictured(plots.tornado(a)), DRIVERS, SWUNG.sensitivity("out", of="p95")
    ),
    "plots.tornado.most": two(lambda m: pictured(plots.tornado(DRIVERS, most=m)), 1, 2),
    "plots.comparison.results": two(lambda r: pictured(plots.comparison(r)), RESULT, LABELS),
    "plots.comparison.title": two(lambda t: pictured(plots.comparison(RESULT, title=t)), None, "x"),
    "plots.fan.result": two(lambda r: pictured(plots.fan(r)), ALONG, OTHERS),
    "plots.for_report.result": two(lambda r: plots.for_report(r)[0].alt, RESULT, LABELS),
    "plots.for_report.style": two(
        lambda s: pictured(plots.for_report(RESULT, style=s)[0].figure), "auto", "dark"
    ),
    "plots.graph.model": two(lambda m: pictured(plots.graph(m)), MODEL, gm.Model(x=PRICE)),
    "plots.graph.names": two(lambda n: pictured(plots.graph(MODEL, n)), "price", "rows"),
    "plots.graph.everything": two(
        lambda e: pictured(plots.graph(gm.Model.from_file(MODULES[0]), everything=e)), False, True
    ),
    "plots.graph_for_report.model": two(
        lambda m: plots.graph_for_report(m).alt, MODEL, gm.Model(x=PRICE)
    ),
    "plots.graph_for_report.style": two(
        lambda s: pictured(plots.graph_for_report(MODEL, style=s).figure), "auto", "dark"
    ),
    **{
        f"plots.new_axes.{key}": two(
            lambda x, key=key: pictured(plots.new_axes(**{key: x})), *values
        )
        for key, values in {
            "width": (3.0, 4.0),
            "height": (3.0, 4.0),
            "style": ("auto", "dark"),
            "margins": (None, plots.style.Margins(left=1.0)),
        }.items()
    },
    "plots.new_figure.width": two(lambda x: sized(plots.new_figure(x, 2.0)), 3.0, 4.0),
    "plots.new_figure.height": two(lambda x: sized(plots.new_figure(2.0, x)), 3.0, 4.0),
    "plots.new_figure.style": two(lambda s: sized(plots.new_figure(2.0, 2.0, s)), "light", "dark"),
    "plots.rank_correlation.x": two(lambda r: plots.rank_correlation(r, RESULT), RESULT, OTHER),
    "plots.rank_correlation.y": two(lambda r: plots.rank_correlation(RESULT, r), RESULT, OTHER),
    "plots.scatter_matrix.figure": two(
        lambda f: sized(plots.scatter_matrix(RESULT, OTHER, figure=f)),
        *(plots.new_figure(5.0, 5.0), plots.new_figure(6.0, 6.0)),
    ),
    "plots.scatter_matrix.style": two(
        lambda s: sized(plots.scatter_matrix(RESULT, OTHER, style=s)), "light", "dark"
    ),
    "plots.scatter_matrix.scale": two(
        lambda s: pictured(plots.scatter_matrix(RESULT, OTHER, scale=s)), "linear", "log"
    ),
    "plots.scatter_matrix.results": two(
        lambda r: pictured(plots.scatter_matrix(RESULT, r)), RESULT, OTHER
    ),
    "plots.scatter.x": two(lambda r: pictured(plots.scatter(r, RESULT)), RESULT, OTHER),
    "plots.scatter.y": two(lambda r: pictured(plots.scatter(RESULT, r)), RESULT, OTHER),
    "plots.small_multiples.result": two(
        lambda r: pictured(plots.small_multiples(r)), LABELS, ALONG
    ),
    "plots.small_multiples.kind": two(
        lambda k: pictured(plots.small_multiples(LABELS, kind=k)), "density", "histogram"
    ),
    "plots.small_multiples.figure": two(
        lambda f: pictured(plots.small_multiples(LABELS, figure=f)),
        None,
        matplotlib.figure.Figure(figsize=(9.0, 9.0)),
    ),
    "plots.small_multiples.style": two(
        lambda s: pictured(plots.small_multiples(LABELS, style=s)), "auto", "dark"
    ),
    "plots.svg.picture": two(lambda a: plots.svg(a), plots.new_axes(3, 3), plots.new_axes(4, 4)),
    "plots.svg.alt": two(lambda t: plots.svg(plots.new_axes(), alt=t), "", "x"),
    "plots.svg.ids": two(lambda t: plots.svg(plots.new_axes(), ids=t), "", "x"),
}
WITH_FILES: dict[str, tuple[Callable[[Path], Any], Callable[[Path], Any]]] = {
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
    "plots.save.picture": (
        lambda folder: plots.save(axes(), folder / "x.svg").read_bytes(),
        lambda folder: plots.save(plots.new_axes(), folder / "x.svg").read_bytes(),
    ),
    "plots.save.path": (
        lambda folder: plots.save(axes(), folder / "x.svg"),
        lambda folder: plots.save(axes(), folder / "y.svg"),
    ),
    "plots.save.alt": (
        lambda folder: plots.save(axes(), folder / "x.png").read_bytes(),
        lambda folder: plots.save(axes(), folder / "x.png", alt="words").read_bytes(),
    ),
}
# How a run is carried out: none of it changes a draw. What it does is tested in tests/simulation.
INNER = (
    *("Simulation.conditional.quantity", "Simulation.conditional.position"),
    *("Simulation.tail_index.quantity", "Simulation.tail_index.position"),
)
HOW = {
    *(f"Model.sample.{key}" for key in ("threads", "keep", "store", "cluster", "progress")),
    *("check.threads", "check.progress", *INNER),
    *(
        "Model.from_module.module",
        "claim.unknown",
        "plots.Picture.kind",
        "plots.Picture.figure",
        "plots.Picture.alt",
    ),
}


def public() -> Iterator[str]:
    """Each argument of all that is public, but for constructors, which have tables of their own."""
    found = {name: getattr(gm, name) for name in gm.__all__}
    found |= {f"plots.{name}": getattr(plots, name) for name in plots.__all__}
    for name, thing in found.items():
        if inspect.isclass(thing) and not name.startswith("plots"):
            if issubclass(thing, BaseException):
                continue
            for method, function in inspect.getmembers(thing, callable):
                if not method.startswith("_"):
                    yield from (f"{name}.{method}.{p}" for p in _parameters(function))
        elif "doc" not in _parameters(thing):
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

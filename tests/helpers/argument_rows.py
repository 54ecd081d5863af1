"""Rows of `test_arguments_of_functions.py`: what is stated of a model, and models and runs."""

from __future__ import annotations

from argument_examples import (
    ALONG,
    BEST,
    BOTH,
    DEAR,
    DRAWN,
    EVENTS,
    LABELS,
    MODEL,
    MODULES,
    PRICE,
    RESULT,
    ROWS,
    SWUNG,
    Pair,
    asked_seek,
    asked_seek_at,
    asked_sweep,
    by_model,
    changes,
    draws,
    lazily,
    option,
    scenario,
    simulated,
    sought,
    swept,
    two,
)

import guessmodel as gm

OF_MODELS: dict[str, Pair] = {
    # --- what is stated of a model
    "scenario.name": two(lambda n: gm.scenario(n, {PRICE: 1}).name, "a", "b"),
    "scenario.changes": two(
        lambda x: draws(MODEL.in_scenario(gm.scenario("a", {PRICE: x})).quantities["price"]), 1, 2
    ),
    "scenario.doc": two(lambda d: gm.scenario("a", {PRICE: 1}, doc=d).doc, None, "x"),
    "scenario.source": two(lambda s: gm.scenario("a", {PRICE: 1}, source=s).source, None, "x"),
    "sweep.over": two(lambda o: asked_sweep(over=o), {"fee": [1, 2]}, {"fee": [1, 3]}),
    "sweep.output": two(lambda o: asked_sweep(output=o), "out", "other"),
    "sweep.crosses": two(lambda c: asked_sweep(crosses=c), None, 9),
    "sweep.doc": two(lambda d: gm.sweep({"fee": [1, 2]}, doc=d).doc, None, "x"),
    "seek.output": two(lambda o: asked_seek(output=o), "out", "other"),
    "seek.statistic": two(lambda s: asked_seek(statistic=s), "mean", "p5"),
    "seek.target": two(lambda t: asked_seek(target=t), 9, 10),
    "seek.by": two(lambda b: asked_seek(by=b), "fee", "share"),
    "seek.between": two(lambda b: asked_seek(between=b), (1, 2), (1, 20)),
    "seek.labels": two(asked_seek_at, "a", "b"),
    "seek.doc": two(lambda d: gm.seek("out", "mean", 9, by="fee", doc=d).doc, None, "x"),
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
    "Model.compare.seed": two(
        lambda seed: changes(MODEL.with_(price=gm.uniform(1, 3, "USD")), seed=seed), 0, 1
    ),
    "Model.compare.method": two(
        lambda method: changes(MODEL.with_(price=5), method=method), "random", "lhs"
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
    "Result.share.x": two(lambda x: RESULT.share(x, above=True, including=True), 3, 4),
    "Result.share.above": two(lambda a: RESULT.share(3, above=a, including=True), True, False),
    "Result.share.including": two(lambda i: EVENTS.share(1, above=True, including=i), True, False),
    "Result.hdi.mass": two(RESULT.hdi, 0.9, 0.8),
    "Result.shortfall.p": two(RESULT.shortfall, 0.9, 0.8),
    "Result.shortfall.tail": two(lambda t: RESULT.shortfall(0.9, t), "upper", "lower"),
    "Result.quantile.p": two(RESULT.quantile, 0.1, 0.2),
    "Result.quantiles.ps": two(RESULT.quantiles, 0.1, 0.2),
    "Result.sel.labels": two(lambda x: LABELS.sel(case=x).mean(), "a", "b"),
    **{
        f"Simulation.{name}.{side}": two(
            lambda r, name=name, side=side: getattr(SWUNG, name)(
                **{"a": "out", "b": "out"} | {side: r}
            ),
            *("a", "other"),
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
    "Simulation.to_arviz.group": two(lambda g: list(DRAWN.to_arviz(g).children), "prior", "fit"),
    "Estimate.exact.value": two(gm.Estimate.exact, 1.0, 2.0),
    "Estimate.exact.unit": two(lambda u: gm.Estimate.exact(1.0, u), "", "USD"),
    "Estimate.refused.note": two(lambda x: gm.Estimate.refused(x, "draws"), "one", "two"),
    "Estimate.refused.estimator": two(lambda x: gm.Estimate.refused("one", x), "draws", "exact"),
    "Estimate.refused.unit": two(lambda x: gm.Estimate.refused("one", "draws", x), "", "USD"),
    "Estimate.scaled.factor": two(lambda x: RESULT.mean().scaled(x), 1.0, 2.0),
    "Estimate.scaled.unit": two(lambda x: RESULT.mean().scaled(2.0, x), "", "USD"),
    "Estimate.brief.digits": two(lambda x: gm.Estimate.exact(1.23456).brief(x), 3, 6),
    "Estimate.text.digits": two(lambda x: gm.Estimate.exact(1.23456).text(x), 3, 6),
}

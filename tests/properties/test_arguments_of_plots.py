"""No argument of a picture is dropped in silence: each makes a difference.

Each argument of all that `guessmodel.plots` holds has a row with two calls that differ in nothing
else; a new argument fails here until it has one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.figure
import pytest
from argument_examples import (
    ALONG,
    DECIDED,
    DRIVERS,
    FITS,
    LABELS,
    MAPPED,
    MODEL,
    MODULES,
    MOVED,
    MOVED_MORE,
    OTHER,
    OTHERS,
    PRICE,
    RESULT,
    SWEPT,
    SWUNG,
    Pair,
    axes,
    pictured,
    scenario,
    sized,
    two,
)

import guessmodel as gm
from guessmodel import plots

SOUGHT = gm.Model(fee=(_FEE := gm.constant(2)), out=_FEE * gm.normal(1, 5))


def shown_scenarios(price: Any, **how: Any) -> plots.Picture:
    result = MODEL.sample(512, scenarios=scenario(price), quantities="price")["price"]
    made = plots.scenarios_for_report(result, **how)
    assert made is not None
    return made


def sought_at(target: float) -> Any:
    return SOUGHT.seek("out", "mean", target, by="fee", between=(1, 9), n=64)


PAIRS: dict[str, Pair] = {
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
            *(("heat_map", (MAPPED,)), ("decision", (DECIDED[0],)), ("qq", (FITS[0],))),
            ("seek", (sought_at(8),)),
        )
        for what in ("ax", "style")
    },
    "plots.sweep.swept": two(
        lambda values: pictured(plots.sweep(SWEPT.sweep({"fee": values}, "out", n=64))),
        [1, 2],
        [1, 3],
    ),
    "plots.sweep.style": two(
        lambda style: sized(plots.sweep(SWEPT.sweep({"fee": [1, 2]}, "out", n=64), style=style)),
        "auto",
        "dark",
    ),
    "plots.sweep_for_report.answer": two(
        lambda values: plots.sweep_for_report(SWEPT.sweep({"fee": values}, "out", n=512)).alt,
        [1, 2],
        [1, 3],
    ),
    "plots.sweep_for_report.style": two(
        lambda s: sized(
            plots.sweep_for_report(SWEPT.sweep({"fee": [1, 2]}, "out", n=512), style=s).figure
        ),
        "auto",
        "dark",
    ),
    "plots.seek_for_report.answer": two(
        lambda target: plots.seek_for_report(sought_at(target)).alt, 8, 20
    ),
    "plots.seek_for_report.style": two(
        lambda s: sized(plots.seek_for_report(sought_at(8), style=s).figure), "auto", "dark"
    ),
    "plots.seek.sought": two(
        lambda target: pictured(plots.seek(sought_at(target))),
        *(8, 20),
    ),
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
    "plots.qq.fit": two(lambda f: pictured(plots.qq(f)), *FITS),
    "plots.qq.family": two(lambda f: pictured(plots.qq(FITS[0], f)), "normal", "gamma"),
    "plots.decision.answer": two(lambda a: pictured(plots.decision(a)), *DECIDED),
    "plots.decision.most": two(lambda m: pictured(plots.decision(DECIDED[0], most=m)), 1, 2),
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
    "plots.scenarios_for_report.result": two(
        lambda price: shown_scenarios(price).alt, "1 to 2 USD", "1 to 3 USD"
    ),
    "plots.scenarios_for_report.style": two(
        lambda style: pictured(shown_scenarios("1 to 2 USD", style=style).figure), "auto", "dark"
    ),
    "plots.together_for_report.results": two(
        lambda r: plots.together_for_report(r).alt, [RESULT, OTHER], [OTHER, RESULT]
    ),
    "plots.together_for_report.style": two(
        lambda s: pictured(plots.together_for_report([RESULT, OTHER], style=s).figure),
        *("auto", "dark"),
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
HOW = {"plots.Picture.kind", "plots.Picture.figure", "plots.Picture.alt"}


def test_every_argument_has_a_row() -> None:
    there = {
        f"plots.{name}.{parameter}"
        for name in plots.__all__
        for parameter in inspect.signature(getattr(plots, name)).parameters
    }
    rows = {*PAIRS, *WITH_FILES, *HOW}
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

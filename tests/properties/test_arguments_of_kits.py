"""No argument of `guessmodel.testing` and `guessmodel.report` is dropped in silence.

As in `test_arguments_of_functions.py` each argument has a row with two calls that differ in nothing
else; a new argument fails here until it has one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

import guessmodel as gm
from guessmodel import report, testing
from guessmodel.distributions.beta import Beta
from guessmodel.distributions.lognormal import Lognormal
from guessmodel.distributions.normal import Normal
from guessmodel.testing import strategies

MODEL = "import guessmodel as gm\ncost = gm.lognormal(5, 10, 'USD')\nfew = gm.apply(abs, cost)\n"
NORMAL = np.random.default_rng(1).normal(size=2048)
X, Y = gm.normal(0, 2, name="x"), gm.normal(0, 2, name="y")
MADE = gm.Model(x=X, y=Y)
CHANGED = gm.Model(x=X, y=gm.normal(0, 3, name="y"))  # the draws of y differ
NEAR = gm.Estimate(10.0, 9.9, 10.1, "replicates")
SCALED = stats.norm(3.0, 2.0 * (1.0 + 1e-6))


def said(call: Callable[[], Any]) -> str:
    """What a call returns, or what it fails with."""
    try:
        return repr(call())
    except (AssertionError, gm.GuessmodelError) as error:
        return f"{type(error).__name__}: {error}"


def either(call: Callable[[Any], Any], *values: Any) -> tuple[Callable[[], Any], ...]:
    """Two calls that differ in one value."""
    return tuple(lambda value=value: call(value) for value in values)


def follows(**options: Any) -> Any:
    return testing.assert_follows(**{"draws": NORMAL, "cdf": stats.norm.cdf, **options})


def covered(**options: Any) -> Any:
    def estimate(seed: int) -> gm.Estimate:  # holds 0 in 4 of 5 runs
        return gm.Estimate.exact(0.0 if seed % 5 else 1.0)

    return testing.assert_coverage(**{"estimate": estimate, "truth": 0.0, "runs": 40, **options})


def same(**options: Any) -> Any:
    given = {"first": MADE, "second": CHANGED, "names": ["y"], "n": 64, **options}
    return testing.assert_same_draws(**given)


def checked(**options: Any) -> Any:
    return testing.check_family(**{"family": Normal(), "parameters": (3.0, 2.0), **options})


class Heavy(Normal):
    """A normal family whose variance is wrong."""

    def variance(self, *parameters: Any) -> Any:
        return 2.0 * super().variance(*parameters)


class Short(Normal):
    """A normal family without tails below a probability of 1e-9."""

    def ppf(self, p: Any, *parameters: Any) -> Any:
        return super().ppf(np.maximum(p, 1e-9), *parameters)


def examples(strategy: st.SearchStrategy[Any]) -> list[str]:
    """The same examples at each call, as text."""
    found: list[str] = []

    @settings(
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(made: Any) -> None:
        if isinstance(made, gm.Quantity):
            made = (made.name, made.dims, made.operation, len(made.operands), repr(made))
            found.append(repr(made).partition(" at 0x")[0])
        else:
            found.append(repr(made))

    collect()
    return found


TESTING = {
    "assert_follows.draws": either(lambda x: follows(draws=x), NORMAL, NORMAL + 1.0),
    "assert_follows.cdf": either(
        lambda f: follows(cdf=f), stats.norm.cdf, stats.norm(1.0, 1.0).cdf
    ),
    "assert_follows.bins": either(lambda n: follows(bins=n), 64, 1024),  # too few draws for these
    "assert_follows.false_alarm": either(lambda p: follows(false_alarm=p), 1e-6, 0.999),
    "assert_follows.atoms": either(
        lambda on: follows(
            draws=np.repeat([0.0, 1.0], 512), cdf=stats.bernoulli(0.5).cdf, atoms=on
        ),
        False,
        True,
    ),
    "assert_true_value.estimate": either(
        lambda e: testing.assert_true_value(e, 10.05), NEAR, gm.Estimate.exact(11.0)
    ),
    "assert_true_value.truth": either(lambda t: testing.assert_true_value(NEAR, t), 10.05, 12.0),
    "assert_true_value.false_alarm": either(
        lambda p: testing.assert_true_value(NEAR, 10.3, false_alarm=p), 1e-6, 0.1
    ),
    "assert_coverage.estimate": either(
        lambda f: covered(estimate=f, at_least=0.5),
        lambda seed: gm.Estimate.exact(0.0),
        lambda seed: gm.Estimate.exact(float(seed == 7)),
    ),
    "assert_coverage.truth": either(lambda t: covered(truth=t, at_least=0.5), 0.0, 1.0),
    "assert_coverage.runs": either(lambda n: covered(runs=n, at_least=0.5), 40, 41),
    "assert_coverage.at_least": either(lambda p: covered(at_least=p), 0.8, 0.999),
    "assert_coverage.at_most": either(lambda p: covered(at_least=0.0, at_most=p), 1.0, 0.2),
    "assert_coverage.false_alarm": either(
        lambda p: covered(at_least=0.9, false_alarm=p), 1e-6, 0.2
    ),
    "assert_same_draws.first": either(lambda m: same(first=m), MADE, CHANGED),
    "assert_same_draws.second": either(lambda m: same(second=m), MADE, CHANGED),
    "assert_same_draws.names": either(lambda n: same(names=n), ["x"], ["y"]),
    "assert_same_draws.method": either(lambda m: same(method=m), "random", "lhs"),
    "assert_same_draws.n": either(lambda n: same(n=n), 64, 128),
    "assert_same_draws.seed": either(
        lambda s: same(first=gm.Model(y=Y < 1), second=gm.Model(y=Y < 0.9), n=8, seed=s), 0, 1
    ),
    "check_family.family": either(
        lambda f: checked(family=f, reference=stats.norm(3.0, 2.0)), Normal(), Lognormal()
    ),
    "check_family.parameters": either(
        lambda p: checked(parameters=p, reference=stats.norm(3.0, 2.0)), (3.0, 2.0), (3.0, 2.5)
    ),
    "check_family.reference": either(lambda r: checked(reference=r), None, SCALED),
    "check_family.tail": either(lambda p: checked(family=Short(), tail=p), 1e-12, 1e-6),
    "check_family.rtol": either(lambda r: checked(reference=SCALED, rtol=r, tail=0.01), 1e-9, 1e-3),
    "check_family.moments": either(lambda on: checked(family=Heavy(), moments=on), True, False),
    "strategies.intervals.positive": either(
        lambda on: examples(strategies.intervals(positive=on)), False, True
    ),
    "strategies.distributions.name": either(
        lambda name: examples(strategies.distributions(name)), "x", "y"
    ),
    "strategies.distributions.positive": either(
        lambda on: examples(strategies.distributions(positive=on)), False, True
    ),
    "strategies.distributions.labelled": either(
        lambda on: examples(strategies.distributions(labelled=on)), False, True
    ),
    "strategies.parameters.family": either(
        lambda family: examples(strategies.parameters(family)), Normal(), Beta()
    ),
    "strategies.parameters.decades": either(
        lambda decades: examples(strategies.parameters(Normal(), decades=decades)), 1.0, 3.0
    ),
    "strategies.expressions.inputs": either(
        lambda q: examples(strategies.expressions([q])),
        X,
        gm.normal({"a": (0, 1), "b": (0, 1)}, dim="case"),
    ),
    "strategies.expressions.operations": either(
        lambda n: examples(strategies.expressions([X], operations=n)), 1, 6
    ),
    "strategies.models.inputs": either(lambda n: examples(strategies.models(inputs=n)), 1, 5),
    "strategies.models.operations": either(
        lambda n: examples(strategies.models(operations=n)), 1, 8
    ),
    "strategies.models.labelled": either(
        lambda on: examples(strategies.models(labelled=on)), False, True
    ),
}


def files(folder: Path, name: str = "made", text: str = MODEL) -> Path:
    file = folder / f"{name}.py"
    file.write_text(text)
    return file


def document(text: str = "x", **options: Any) -> report.Document:
    quantity = gm.apply(abs, gm.lognormal(5, 10, name="cost"))
    return report.document(gm.Model({text: quantity}), **{"samples": 64, **options})


def within(folder: Path, names: list[str]) -> report.Document:
    text = "import guessmodel as gm\nx = gm.normal(1, 2)\ngm.scenario('one', {x: 1})\n"
    model = gm.Model.from_file(files(folder, text=text))
    return report.document(model, samples=64, within=names)


def written(folder: Path, name: str = "made", below: str = "reports", **options: Any) -> Any:
    given = report.Options(samples=64)
    file = files(folder, name)
    done = report.write([file], folder / below, **{"options": given, **options})
    return [(str(path), path.read_text()) for path in done.files]


def verified(folder: Path, name: str = "made", below: str = "reports") -> Any:
    written(folder)
    (folder / below).mkdir(exist_ok=True)
    return report.verify([files(folder, name)], folder / below).differences


def told(folder: Path, run: Callable[..., Any]) -> list[Any]:
    calls: list[Any] = []
    run([files(folder)], folder / "reports", progress=lambda *call: calls.append(call))
    return calls


def saved(folder: Path, text: str) -> Path:
    file = folder / text / "model.json"
    file.parent.mkdir()
    file.write_text(report.text_of(document(text)))
    return file


REPORT: dict[str, tuple[Callable[[Path], Any], Callable[[Path], Any]]] = {
    "document.model": (lambda _: document("x"), lambda _: document("y")),
    "document.samples": (lambda _: document(samples=64), lambda _: document(samples=128)),
    "document.seed": (lambda _: document(seed=0), lambda _: document(seed=1)),
    "document.within": (lambda f: within(f, []), lambda f: within(f, ["one"])),
    "document.method": (lambda _: document(method="lhs"), lambda _: document(method="random")),
    "document.percentiles": (
        lambda _: document(percentiles=None),
        lambda _: document(percentiles=(10, 90)),
    ),
    "write.paths": (written, lambda folder: written(folder, "other")),
    "write.folder": (written, lambda folder: written(folder, below="elsewhere")),
    "write.options": (
        written,
        lambda folder: written(folder, options=report.Options(samples=128)),
    ),
    "write.progress": (lambda folder: told(folder, report.write), lambda _: []),
    "verify.paths": (verified, lambda folder: verified(folder, "other")),
    "verify.folder": (verified, lambda folder: verified(folder, below="elsewhere")),
    "verify.progress": (
        lambda folder: (written(folder), told(folder, report.verify))[1],
        lambda _: [],
    ),
    "rendered.made": (
        lambda _: report.rendered(document("x")),
        lambda _: report.rendered(document("y")),
    ),
    "text_of.made": (
        lambda _: report.text_of(document("x")),
        lambda _: report.text_of(document("y")),
    ),
    "read.path": (
        lambda folder: report.read(saved(folder, "x")),
        lambda folder: report.read(saved(folder, "y")),
    ),
}


def public() -> Iterator[str]:
    for prefix, room in (("", testing), ("strategies.", strategies)):
        for name in room.__all__:
            for parameter in inspect.signature(getattr(room, name)).parameters:
                yield f"{prefix}{name}.{parameter}"


def test_every_argument_has_a_row() -> None:
    assert set(public()) == set(TESTING)
    functions = [getattr(report, name) for name in report.__all__]
    there = {
        f"{function.__name__}.{parameter}"
        for function in functions
        if inspect.isfunction(function)
        for parameter in inspect.signature(function).parameters
    }
    assert there == set(REPORT)


@pytest.mark.parametrize("row", TESTING)
def test_two_values_of_an_argument_make_a_difference(row: str) -> None:
    first, second = TESTING[row]
    assert said(first) != said(second)


@pytest.mark.parametrize("row", REPORT)
def test_two_values_of_an_argument_make_a_difference_in_reports(row: str, tmp_path: Path) -> None:
    first, second = (call(tmp_path) for call in REPORT[row])
    assert repr(first) != repr(second)

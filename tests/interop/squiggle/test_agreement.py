"""What Squiggle's own engine says of our scripts, against what the importer makes of them.

`answers.json` has, for each value of each script, the mean over sixteen seeds and its standard
error; `answers.mjs` beside it makes them.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.interop.squiggle.library import load, registry
from guessmodel.interop.squiggle.nodes import in_order
from guessmodel.interop.squiggle.script import Script, read_script
from guessmodel.interop.squiggle.values import Bool, Dict, Dist, List, Num, Str, Value

FOLDER = Path(__file__).parents[1] / "data" / "squiggle"
ANSWERS = json.loads((FOLDER / "answers.json").read_text())
LEVELS = ANSWERS["statistics"][2:]
SCRIPTS = sorted(ANSWERS["scripts"])
# 6.5 standard errors of a mean of 16 seeds: t with 15 degrees of freedom lies beyond in 1e-5 of
# all cases; there are some 1,500 comparisons, most of them far closer.
FACTOR = 6.5
# The engine's shapes are tables of 2,000 points between quantiles 0.0001 and 0.9999: their standard
# deviations and quantiles are off by some thousandths of a standard deviation.
SHAPE = 0.01
NESTED = 2e-3  # of mean and standard deviation: rounding and error of statistics used as numbers
# A standard deviation from samples misses the far tail of what is much wider than its mean, in all
# seeds alike, as that of a lognormal with sigma 1.5 does; there the quantiles have to do.
WIDE = 1.5

UNUSED = {
    # Names of earlier versions of the language, which the engine does not have.
    *("binomial", "choose", "factorial", "laplace", "mode", "parseFloat", "Dict", "Dist.mode"),
    # What is refused for all distributions.
    *("Dist.max", "Dist.min", "Dist.sample"),
    # What is only shown, as functions; presentation.squiggle has the decorators.
    *("Tag.clear", "Tag.format", "Tag.hide", "Tag.location", "Tag.notebook", "Tag.omit"),
    *("Tag.showAs", "Tag.spec", "Tag.startClosed", "Tag.startOpen"),
    # What makes a table of a shape coarser; here a shape stays as it is.
    "PointSet.downsample",
}


def imported(name: str) -> Script:
    return read_script((FOLDER / name).read_text(), lambda file: (FOLDER / file).read_text())


def flat(path: str, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Dict):
        for key, member in value.items.items():
            yield from flat(f"{path}.{key}", member)
    elif isinstance(value, List):
        for i, member in enumerate(value.items):
            yield from flat(f"{path}.{i}", member)
    else:
        yield path, value


@cache
def values(name: str) -> dict[str, Value]:
    return {p: v for key, value in imported(name).values.items() for p, v in flat(key, value)}


@cache
def statistics(name: str) -> dict[str, tuple[list[float], list[float]]]:
    """By value: mean, standard deviation and quantiles, and their errors."""
    drawn = {p: v.node.quantity for p, v in values(name).items() if isinstance(v, Dist)}
    simulation = gm.Model(**{f"it{i}": q + 0 for i, q in enumerate(drawn.values())}).sample(2**14)
    found = {}
    for i, path in enumerate(drawn):
        result = simulation[f"it{i}"]
        estimates = [result.mean(), result.sd(), *result.quantiles(*LEVELS)]
        found[path] = [e.value for e in estimates], [e.error for e in estimates]
    return found


def nested(value: Value) -> bool:
    """Whether a statistic from draws is in it, whose error is not seen from outside."""
    return isinstance(value, Num | Dist) and any(one.note for one in in_order(value.node))


def distance(name: str, path: str, answer: dict[str, Any]) -> float:
    """The largest distance of a statistic from its answer, as a share of what is allowed."""
    value = values(name)[path]
    if answer["kind"] == "text":
        return 0.0 if isinstance(value, Str) and value.value == answer["text"] else math.inf
    theirs, errors = answer["value"], answer["error"]
    size = abs(theirs[0] or 0.0) + (theirs[1] or 0.0 if len(theirs) > 1 else 0.0)
    if isinstance(value, Bool):
        ours = [float(value.value)]
    elif isinstance(value, Num):
        ours = [value.value] if answer["kind"] == "number" else [value.value, 0.0]
        ours += [value.value] * (len(theirs) - len(ours))
    else:
        ours, _ = statistics(name)[path]
    own = statistics(name)[path][1] if isinstance(value, Dist) else [0.0] * len(ours)
    extra = NESTED * size if nested(value) else 0.0
    extra += SHAPE * (theirs[1] or 0.0) if answer["kind"] == "shape" else 0.0
    far = 0.0
    for i, (a, b, error, mine) in enumerate(zip(ours, theirs, errors, own, strict=True)):
        wide = i == 1 and theirs[1] is not None and theirs[1] > WIDE * abs(theirs[0])
        if b is not None and not wide:
            allowed = FACTOR * error + 3 * mine + extra + 1e-8 * max(1e-6, abs(b))
            far = max(far, abs(a - b) / allowed)
    return far


@pytest.mark.parametrize("name", SCRIPTS)
def test_values_are_those_of_the_engine(name: str) -> None:
    assert imported(name).refusals == []
    far = {key: distance(name, key, one) for key, one in ANSWERS["scripts"][name].items()}
    assert {key: share for key, share in far.items() if not share <= 1} == {}


def test_every_number_and_distribution_was_compared() -> None:
    for name in SCRIPTS:
        kept = {p for p, v in values(name).items() if isinstance(v, Num | Dist | Bool | Str)}
        assert kept == set(ANSWERS["scripts"][name]), name


def test_the_scripts_use_every_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under every name, but for those above."""
    load()
    rows = {(name, i): row for name, own in registry._rows.items() for i, row in enumerate(own)}
    used = set()

    def watched(key: tuple[str, int], function: Any) -> Any:
        def called(*arguments: Any) -> Any:
            used.add(key)
            return function(*arguments)

        return called

    with monkeypatch.context() as patched:
        for key, row in rows.items():
            seen = replace(row, function=watched(key, row.function))
            patched.setitem(registry._rows, key[0], [*registry._rows[key[0]]])
            registry._rows[key[0]][key[1]] = seen
        for name in SCRIPTS:
            read_script((FOLDER / name).read_text(), lambda file: (FOLDER / file).read_text())
    unused = {name for name, _ in rows} - {name for name, _ in used}
    assert len(rows) > 400 and unused == UNUSED


def test_a_wrong_answer_is_seen() -> None:
    """Were every mean, deviation and quantile off by 2%, most comparisons would fail."""
    seen = total = 0
    for name in SCRIPTS:
        for path, answer in ANSWERS["scripts"][name].items():
            if answer["kind"] in ("samples", "number") and any(answer["value"]):
                wrong = [value and value * 1.02 for value in answer["value"]]
                total += 1
                seen += distance(name, path, {**answer, "value": wrong}) > 1
    assert seen > 0.95 * total


def test_a_mixture_of_a_shape_and_a_number_is_right() -> None:
    """Half of it is 4, half a standard normal: mean 2, variance 1/2 + 4. The engine (0.10.0) has 1
    and 1.8² there, while its quantiles are right."""
    found = read_script("x = mx(Sym.normal(0, 1), 4)", lambda name: "").values["x"]
    assert isinstance(found, Dist)
    result = gm.Model(it=found.node.quantity).sample(2**10)["it"]
    assert abs(result.mean().value - 2) < 1e-9
    assert abs(result.sd().value - math.sqrt(4.5)) < 1e-9

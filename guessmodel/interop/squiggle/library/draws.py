"""Functions of numbers, applied to the draws of distributions: SampleSet.map and its like."""

from __future__ import annotations

from guessmodel.interop.squiggle.algebra import samples
from guessmodel.interop.squiggle.library.distributions import draw_of
from guessmodel.interop.squiggle.library.registry import (
    DIST,
    FUNCTION,
    Kind,
    Runner,
    define,
    unsupported,
)
from guessmodel.interop.squiggle.nodes import fresh, parameter
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Dist, List, Num, Value, kind

__all__: list[str] = []

_SINGLE = "single samples change with each run; use the distribution itself"


def _drawn(run: Runner, function: Value, dists: list[Dist], together: bool = False) -> Value:
    """A function of numbers, applied to the draws of distributions."""
    draws: list[Value] = [Dist(samples(dist).node, single=True) for dist in dists]
    value = run.call(function, [List(tuple(draws))] if together else draws)
    if isinstance(value, Num):
        return draw_of(value)
    if not isinstance(value, Dist) or not value.single:
        raise Refused(f"a function of draws has to give a Number, and gives a {kind(value)}")
    return Dist(value.node)


def _enter_maps() -> None:
    for name, size in (("map", 1), ("map2", 2), ("map3", 3)):

        @define(f"SampleSet.{name}", *[DIST] * size, FUNCTION)
        def apply(run: Runner, *arguments: Value) -> Value:
            *dists, function = arguments
            return _drawn(run, function, [dist for dist in dists if isinstance(dist, Dist)])


_enter_maps()
_DISTS = Kind(
    "List of Distributions", lambda v: isinstance(v, List) and all(map(DIST.fits, v.items))
)


@define("SampleSet.mapN", _DISTS, FUNCTION)
def _apply_to_all(run: Runner, dists: List, function: Value) -> Value:
    return _drawn(run, function, [one for one in dists.items if isinstance(one, Dist)], True)


@define("SampleSet SampleSet.make SampleSet.fromFn", FUNCTION)
def _simulated(run: Runner, function: Value) -> Value:
    """A function that is called for each sample: what it samples is drawn, once a call."""
    index = Dist(parameter("index"), single=True)
    with run.sampling():
        value = run.call(function, [index] if run.accepts(function, 1) else [])
    if isinstance(value, Num):
        return draw_of(value)
    if not isinstance(value, Dist) or not value.single:
        raise Refused(f"a function of samples has to give a Number, and gives a {kind(value)}")
    if value.node.abstract:
        raise Refused("the number of a sample is not known to a model")
    return Dist(value.node)


@define("sample Dist.sample", DIST)
def _sampled(run: Runner, value: Dist) -> Value:
    if not run.samples:
        raise Refused(f"sample: {_SINGLE}")
    return Dist(fresh(value.node), single=True)


unsupported("sampleN Dist.sampleN SampleSet.toList List.sample List.sampleN List.shuffle", _SINGLE)

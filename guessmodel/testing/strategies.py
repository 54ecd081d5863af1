"""Hypothesis strategies: intervals, distributions and small models.

Needs hypothesis (`pip install 'guessmodel[test]'`). All quantities they make have names, so that
their draws do not depend on the order in which they were made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from guessmodel.distributions.beta import beta
from guessmodel.distributions.exponential import exponential
from guessmodel.distributions.gamma import gamma
from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.normal import normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.poisson import poisson
from guessmodel.distributions.triangular import triangular
from guessmodel.distributions.uniform import uniform
from guessmodel.graph.domains import Domain
from guessmodel.graph.family import Family
from guessmodel.graph.functions import exp, log, maximum, minimum, sqrt, where
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model

__all__ = ["distributions", "expressions", "intervals", "labels", "models", "parameters"]

_CASES = ("a", "b", "c", "d")


@st.composite
def intervals(draw: st.DrawFn, *, positive: bool = False) -> tuple[float, float]:
    """Bounds low < high that differ by at least a thousandth of their size.

    With `positive`, both lie above 0 and at most six decades apart.
    """
    if positive:
        low = 10.0 ** draw(st.floats(-6, 6))
        return low, low * 10.0 ** draw(st.floats(0.01, 6))
    low = draw(st.floats(-1e6, 1e6))
    width = (abs(low) + 1.0) * 10.0 ** draw(st.floats(-3, 3))
    return low, low + width


def parameters(family: Family, *, decades: float = 3.0) -> st.SearchStrategy[tuple[float, ...]]:
    """Canonical parameters of a family: each in the domain that it declares, within so many
    decades of 1, and such that they fit together."""
    return st.tuples(*(_values(domain, decades) for domain in family.parameters.values())).filter(
        lambda at: bool(family.valid(*at))
    )


def _values(domain: Domain, decades: float) -> st.SearchStrategy[float]:
    size = st.floats(-decades, decades).map(lambda x: 10.0**x)
    if math.isfinite(domain.low) and math.isfinite(domain.high):
        width = domain.high - domain.low
        inner = st.floats(0.001, 0.999).map(lambda x: domain.low + x * width)
    elif math.isfinite(domain.low):
        inner = size.map(lambda x: domain.low + x)
    else:
        inner = st.builds(lambda sign, x: sign * x, st.sampled_from([-1.0, 1.0]), size)
    if domain.whole:
        inner = inner.map(round).map(float)
    own = [end for end in (domain.low, domain.high) if domain.holds(end)]
    return st.one_of(inner, st.sampled_from(own)) if own else inner


_FAMILIES: tuple[Callable[..., Quantity], ...] = (
    lambda ends, **kw: normal(*ends, **kw),
    lambda ends, **kw: uniform(*ends, **kw),
    lambda ends, **kw: triangular(*ends, **kw),
    lambda ends, **kw: exponential(mean=abs(ends[0]) + 1, **kw),
    lambda ends, **kw: gamma(shape=1 + abs(ends[0]) % 9, scale=ends[1] - ends[0], **kw),
    lambda ends, **kw: beta(alpha=1 + abs(ends[0]) % 9, beta=1 + abs(ends[1]) % 9, **kw),
    lambda ends, **kw: poisson(mean=1 + abs(ends[0]) % 30, **kw),
)


@st.composite
def distributions(
    draw: st.DrawFn, name: str = "x", *, positive: bool = False, labelled: bool | None = None
) -> Quantity:
    """A draw from one of the common families, at constant parameters.

    `positive` restricts to lognormals; `labelled` makes normals and lognormals over a dimension
    `case` (None: now and then).
    """
    if labelled if labelled is not None else draw(st.integers(0, 3)) == 0:
        cases = draw(labels())
        pairs = {case: draw(intervals(positive=positive)) for case in cases}
        if positive:
            return lognormal(pairs, dim="case", name=name)
        return normal(pairs, dim="case", name=name)
    if positive:
        return lognormal(*draw(intervals(positive=True)), name=name)
    family: Callable[..., Quantity] = draw(st.sampled_from(_FAMILIES))
    return family(draw(intervals()), name=name)


def labels() -> st.SearchStrategy[tuple[str, ...]]:
    """Some of the labels of the dimension `case`; always the same two first, so that labelled
    quantities fit together."""
    return st.just(_CASES[:2])


_UNARY: tuple[Callable[[Quantity], Quantity], ...] = (
    lambda x: -x,
    abs,
    lambda x: 2 * x + 1,
    lambda x: exp(minimum(x, 20)),
    lambda x: log(1 + abs(x)),
    lambda x: sqrt(abs(x)),
)
_BINARY: tuple[Callable[[Quantity, Quantity], Quantity], ...] = (
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x / (1 + abs(y)),
    minimum,
    maximum,
    lambda x, y: where(x > y, x, 0.5 * y),
)


@st.composite
def expressions(draw: st.DrawFn, inputs: Sequence[Quantity], *, operations: int = 6) -> Quantity:
    """A quantity wired from the inputs by up to `operations` steps, finite wherever they are."""
    pool = list(inputs)
    for _ in range(draw(st.integers(1, operations))):
        if draw(st.booleans()):
            made = draw(st.sampled_from(_UNARY))(draw(st.sampled_from(pool)))
        else:
            first, second = draw(st.sampled_from(pool)), draw(st.sampled_from(pool))
            made = draw(st.sampled_from(_BINARY))(first, second)
        pool.append(made)
    return pool[-1]


@st.composite
def models(
    draw: st.DrawFn, *, inputs: int = 5, operations: int = 8, labelled: bool = True
) -> Model:
    """A small model: up to `inputs` named draws `x0`, `x1`, … and constants, one or two outputs."""
    count = draw(st.integers(1, inputs))
    kinds: bool | None = None if labelled else False
    made: list[Quantity] = [draw(distributions(f"x{i}", labelled=kinds)) for i in range(count)]
    named: dict[str, Any] = {f"x{i}": quantity for i, quantity in enumerate(made)}
    if draw(st.booleans()):
        named["k"] = constant(draw(st.floats(-100, 100)), name="k")
        made.append(named["k"])
    for name in ("y", "z")[: draw(st.integers(1, 2))]:
        named[name] = draw(expressions(made, operations=operations))
    return Model(named)

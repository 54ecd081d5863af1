"""Comparisons of random small graphs against plain NumPy on the same draws.

Caps, floors, branches, whole numbers, discrete draws and constants make values that are taken with
a probability; comparisons are made with these values too, where `<` and `<=` differ.
"""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.estimators.replicates import probability

N = 2**10
SETTINGS = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
NUMBERS = st.sampled_from([-2.0, -1.1, -1.0, -0.3, 0.0, 0.1, 0.3, 0.7, 1.0, 1.1, 2.0, 3.0])
OPERATORS = [np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal]

INPUTS = {
    "normal": lambda: gm.normal(mean=0.1, sd=1),
    "wide": lambda: gm.normal(-9, 11),
    "positive": lambda: gm.lognormal(0.5, 3),
    "between": lambda: gm.uniform(-1, 2),
    "coin": lambda: gm.bernoulli(0.3),
    "count": lambda: gm.poisson(1.5),
    "die": lambda: gm.empirical([1, 2, 3, 4, 5, 6]),
}
OPERATIONS = {
    1: {
        "-{}": lambda f, x: -x,
        "ceil({})": lambda f, x: f.ceil(x),
        "floor({})": lambda f, x: f.floor(x),
        "round({})": lambda f, x: f.round(x),
        "trunc({})": lambda f, x: f.trunc(x),
        "abs({})": lambda f, x: f.abs(x),
        "sign({})": lambda f, x: f.sign(x),
        "exp(minimum({}, 3))": lambda f, x: f.exp(f.minimum(x, 3.0)),
        "sqrt(maximum({}, 0))": lambda f, x: f.sqrt(f.maximum(x, 0.0)),
        "maximum({}, 0.3) ** 2": lambda f, x: f.maximum(x, 0.3) ** 2,
        "minimum({}, 0.3) ** 3": lambda f, x: f.minimum(x, 0.3) ** 3,
        "1.1 / maximum({}, 0.3)": lambda f, x: 1.1 / f.maximum(x, 0.3),
        "-0.7 / minimum({}, -0.3)": lambda f, x: -0.7 / f.minimum(x, -0.3),
        "clip({}, -0.3, 1.1)": lambda f, x: f.clip(x, -0.3, 1.1),
    },
    2: {
        "minimum({}, {})": lambda f, x, y: f.minimum(x, y),
        "maximum({}, {})": lambda f, x, y: f.maximum(x, y),
        "{} + {}": lambda f, x, y: x + y,
        "{} - {}": lambda f, x, y: x - y,
        "{} * {}": lambda f, x, y: x * y,
    },
    3: {"where({} > 0.1, {}, {})": lambda f, c, x, y: f.where(c > 0.1, x, y)},
}


@dataclass(frozen=True)
class Graph:
    """An expression of inputs and numbers, by guessmodel or by NumPy, whichever `f` is."""

    text: str  # for a failing example
    leaf: str | float | None = None
    operation: object = None
    operands: tuple = ()
    inputs: frozenset = field(default=frozenset())

    def of(self, f, inputs):
        if isinstance(self.leaf, str):
            return inputs[self.leaf]
        if self.leaf is not None:
            return f.float64(self.leaf) if f is np else gm.constant(self.leaf)
        return self.operation(f, *(operand.of(f, inputs) for operand in self.operands))


@st.composite
def leaves(draw):
    if draw(st.integers(0, 2)) == 0:
        number = draw(NUMBERS)
        return Graph(f"{number}", number)
    name = f"{draw(st.sampled_from(sorted(INPUTS)))}{draw(st.integers(0, 1))}"
    return Graph(name, name, inputs=frozenset({name}))


@st.composite
def grown(draw, children):
    arity = draw(st.sampled_from([1, 1, 2, 2, 3]))
    text, operation = draw(st.sampled_from(sorted(OPERATIONS[arity].items(), key=lambda p: p[0])))
    operands = tuple(draw(children) for _ in range(arity))
    inputs = frozenset().union(*(operand.inputs for operand in operands))
    shown = text.format(*(f"({operand.text})" for operand in operands))
    return Graph(shown, None, operation, operands, inputs)


GRAPHS = st.recursive(leaves(), grown, max_leaves=6).filter(lambda graph: graph.inputs)


def values_of(graph, draws):
    return np.broadcast_to(graph.of(np, draws), N)


@SETTINGS
@given(GRAPHS, GRAPHS, st.sampled_from(["number", "taken", "graph"]), NUMBERS, st.data())
def test_probabilities_of_comparisons(graph, other, kind, number, data):
    names = graph.inputs | (other.inputs if kind == "graph" else set())
    inputs = {name: INPUTS[name[:-1]]() for name in sorted(names)}
    simulation = gm.Model(inputs).sample(N)
    draws = {name: simulation[name].values for name in inputs}
    values = values_of(graph, draws)
    if kind == "graph":
        threshold, limits = other.of(gm, inputs), values_of(other, draws)
    else:  # a number, or a value of the quantity's own, which may be one that it often takes
        number = number if kind == "number" else float(values[data.draw(st.integers(0, N - 1))])
        threshold, limits = gm.constant(number), np.full(N, number)
    quantity = graph.of(gm, inputs)
    events, expected = {}, {}
    for operator in OPERATORS:
        events[f"{operator.__name__}"] = operator(quantity, threshold)
        expected[f"{operator.__name__}"] = operator(values, limits)
        events[f"turned {operator.__name__}"] = operator(threshold, quantity)
        expected[f"turned {operator.__name__}"] = operator(limits, values)
    simulation = gm.Model(inputs, **events).sample(N)
    for name, hits in expected.items():
        result = simulation[name]
        np.testing.assert_array_equal(result.values, hits)
        estimate = result.probability()
        counted = probability(hits.reshape(8, -1).astype(np.float64))
        # Student's t with 7 degrees of freedom: 8 half-widths leave about 1e-6 to chance.
        gap = abs(estimate.value - counted.value)
        assert gap <= 8 * (estimate.error + counted.error), (name, estimate, counted)

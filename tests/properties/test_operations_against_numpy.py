"""Random graphs of recurrences, choices, tables, random sums, correlated draws and statistics along
dimensions, against plain NumPy: as `test_against_numpy.py`, whose steps come in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np
import pytest
from numpy_graphs import DRAWS, LABELS, Case, Graph, check, noticed, without_labels
from scipy import stats

import guessmodel as gm

GRAPHS = 80
Step = Callable[["_Newer"], None]


@final
class _Newer(Graph):
    """With operations that make labels, choose, look up or add up."""

    def one(self) -> Case:
        """A node without labels."""
        return without_labels(self.pick())

    def scanned(self) -> None:
        """A state that decays, takes in another number and is capped; the draw in the step is
        another at each label."""
        x, start = self.one(), self.one()
        keep, cap = self.quarter(0.25, 0.75), self.quarter(2, 9)
        noisy = self.rng.random() < 0.5

        def step(now: Any) -> Any:
            more = gm.normal(mean=0, sd=1) if noisy else 0
            return gm.minimum(keep * now + x.quantity + more, cap)

        state, states = start.draws, []
        for _ in LABELS:
            noise = self.rng.normal(size=DRAWS) if noisy else 0.0
            state = np.minimum(keep * state + x.draws + noise, cap)
            states.append(state)
        text = f"scan(min({keep} * now + {x.text} + {noisy}, {cap}), {start.text})"
        quantity = gm.scan(step, 1 * start.quantity, dim={"case": list(LABELS)})
        self.add(quantity, states, text)

    def chosen(self) -> None:
        """One of three by where the largest of a labelled quantity is, or by a number."""
        options = [self.one() for _ in LABELS]
        quantities = {k: each.quantity for k, each in zip(LABELS, options, strict=True)}
        if self.rng.random() < 0.5:
            wide = gm.normal({k: (0, 1 + i) for i, k in enumerate(LABELS)}, dim="case")
            mean, sd = (np.arange(1, 4) / 2)[:, None], (np.arange(1, 4) / 3.2897072539029435)
            draws = mean + sd[:, None] * self.rng.normal(size=(3, DRAWS))
            by, number = wide.idxmax("case"), draws.argmax(axis=0)
            found = gm.choose(quantities, by=by)
        else:
            by, number = gm.binomial(trials=2, p=0.25), self.rng.binomial(2, 0.25, DRAWS)
            numbered = {i: each.quantity for i, each in enumerate(options)}
            found = gm.choose(numbered, by=by, otherwise=0)
        picked = np.array([each.draws for each in options])[number, np.arange(DRAWS)]
        self.add(found, picked, f"choose({[each.text for each in options]})")

    def interpolated(self) -> None:
        x = self.one()
        at = np.cumsum([self.quarter(-3, 0)] + [self.quarter(0.25, 2) for _ in range(3)])
        values = [self.quarter(-2, 5) for _ in at]
        table = dict(zip(at.tolist(), values, strict=True))
        found = gm.interpolate(x.quantity, table, beyond="hold")
        self.add(found, np.interp(x.draws, at, values), f"interpolate({x.text}, {table})")

    def compounded(self) -> None:
        rng = self.rng
        mean, low = self.quarter(0.25, 3), self.quarter(0, 1)
        count = rng.poisson(mean, DRAWS)
        sizes = rng.exponential(2.0, (int(count.max(initial=1)), DRAWS))
        cap = self.quarter(1, 4)
        paid = np.clip(sizes - low, 0.0, cap)
        paid[np.arange(len(sizes))[:, None] >= count] = 0.0
        losses = gm.compound(gm.poisson(mean), gm.exponential(mean=2), deductible=low, limit=cap)
        self.add(losses, paid.sum(axis=0), f"compound(poisson({mean}), exponential, {low}, {cap})")

    def correlated(self) -> None:
        """A Gaussian copula: normal scores of a correlation 2 sin(πρ/6)."""
        rho = float(self.rng.choice([-0.5, 0.25, 0.75]))
        a, b = gm.correlate([gm.normal(mean=1, sd=2), gm.exponential(mean=1)], rho)
        r = 2.0 * np.sin(np.pi * rho / 6.0)
        z = self.rng.normal(size=(2, DRAWS))
        other = r * z[0] + np.sqrt(1 - r * r) * z[1]
        x, y = 1 + 2 * z[0], -np.log(stats.norm.sf(other))
        name, f = [("product", lambda u, v: u * v), ("ratio", lambda u, v: u / (1 + v))][
            int(self.rng.integers(2))
        ]
        self.add(f(a, b), f(x, y), f"{name} of draws correlated by {rho}")

    def along(self) -> None:
        wide = [node for node in self.nodes if node.quantity.dims]
        if not wide:
            return self.scanned()
        x = wide[int(self.rng.integers(len(wide)))]
        name = str(self.rng.choice(list(_ALONG)))
        ours, numpy = _ALONG[name]
        self.add(ours(x.quantity), numpy(x.draws), f"{x.text}.{name}")
        return None

    def last(self) -> Case:
        """The last node, of half the graphs without what lies below or above a number."""
        case = without_labels(self.nodes[-1])
        if self.rng.random() < 0.5:
            return case
        low = float(np.round(4 * np.quantile(case.draws, 0.25))) / 4
        kept = case.draws[case.draws >= low]
        if kept.size < DRAWS / 2:
            return case
        quantity = gm.filtered(case.quantity, low=low)
        return Case(quantity, kept, f"filtered({case.text}, low={low})")


_ALONG: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "quantile": (lambda x: x.quantile(0.3, "case"), lambda x: np.quantile(x, 0.3, axis=0)),
    "median": (lambda x: x.median("case"), lambda x: np.median(x, axis=0)),
    "sd": (lambda x: x.sd("case"), lambda x: np.std(x, axis=0)),
    "cumsum": (lambda x: x.cumsum("case"), lambda x: np.cumsum(x, axis=0)),
    "isel": (lambda x: x.isel(case=-1), lambda x: x[-1]),
    "first": (
        lambda x: x.first_where(x > 1, "case") == "b",
        lambda x: ~(x[0] > 1) & (x[1] > 1),
    ),
}


def random_graph(seed: int) -> list[Case]:
    """The last node of a random graph and a comparison."""
    graph = _Newer(seed + 10_000)
    rng = graph.rng
    graph.draw_inputs(2, 3)
    old: list[Step] = [Graph.unary, Graph.binary, Graph.where]
    new: list[Step] = [_Newer.scanned, _Newer.chosen, _Newer.interpolated, _Newer.compounded]
    new += [_Newer.correlated, _Newer.along]
    for _ in range(rng.integers(2, 6)):
        steps = new if rng.random() < 0.6 else old
        steps[int(rng.integers(len(steps)))](graph)
    return [graph.last(), without_labels(graph.compared())]


@pytest.mark.parametrize("first", range(0, GRAPHS, 40))
def test_random_graphs(first: int) -> None:
    check(random_graph, range(first, first + 40))


def test_a_wrong_answer_is_noticed() -> None:
    assert noticed(random_graph, range(40)) >= 12

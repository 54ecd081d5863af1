"""Scaling laws: time against draws, quantities and coordinates, as log-log slopes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import guessmodel as gm
from benchmarks import reference
from benchmarks.measure import Section, interleaved, milliseconds, slope, table


def chain(count: int) -> gm.Model:
    """So many quantities, one in ten an input, each made of two before it."""
    nodes: list[gm.Quantity] = []
    for i in range(count):
        if i % 10 == 0:
            nodes.append(gm.normal(1, 2))
        else:
            nodes.append(nodes[-1] * 0.5 + nodes[i // 2])
    return gm.Model(**{f"q{i}": node for i, node in enumerate(nodes)})


def wide(count: int) -> gm.Model:
    """A labelled input with so many coordinates, and its sum."""
    x = gm.lognormal({str(i): (1.0, 3.0) for i in range(count)}, dim="case")
    return gm.Model(x=x, total=x.sum("case"))


def recurrence(count: int) -> gm.Model:
    """Users of so many months, each made of the month before."""
    signups = gm.normal(40, 60, dim={"month": range(count)})
    churn = gm.beta(alpha=2, beta=50)
    users = gm.scan(lambda now, new: now * (1 - churn) + new, 1000.0, signups, dim="month")
    return gm.Model(users=users, revenue=users * gm.lognormal(3, 9))


def _planned(count: int) -> object:
    return chain(count).plan()


def _sampled(model: gm.Model, n: int, names: list[str]) -> object:
    return model.sample(n, threads=1, quantities=names).draws


def _table(model: gm.Model) -> object:
    return model.sample(1024, threads=1).summary()


def _row(
    title: str, cases: Mapping[int, Callable[[], object]], rounds: int, limit: str
) -> list[str]:
    times = interleaved({str(size): case for size, case in cases.items()}, rounds)
    seconds = [times[str(size)].least for size in cases]
    shown = ", ".join(
        f"{size:,}: {milliseconds(each)}" for size, each in zip(cases, seconds, strict=True)
    )
    return [title, shown, f"{slope(list(cases), seconds):.2f}", limit]


def run(quick: bool) -> list[Section]:
    """One row a law."""
    rounds = 2 if quick else 5
    model = reference.model()
    many = [1 << k for k in (17, 18, 19, 20, 21)]
    quantities = [300, 1000, 3000, 10_000]
    coordinates = [100, 300, 1000, 3000, 10_000]
    months = [50, 200, 800, 3200]
    recurrences = {count: recurrence(count) for count in months}
    models = {count: chain(count) for count in quantities}
    labelled = {count: wide(count) for count in coordinates}
    for built in (*models.values(), *labelled.values(), *recurrences.values()):
        built.plan()
    rows = [
        _row(
            "draws: a run of the reference model (no statistics), ms",
            {n: partial(_sampled, model, n, ["cost", "ratio"]) for n in many},
            rounds,
            "1",
        ),
        _row(
            "quantities: wiring and planning, ms",
            {count: partial(_planned, count) for count in quantities},
            rounds,
            "< 1.15",
        ),
        _row(
            "quantities: a run of 1,024 draws for the last of them, ms",
            {
                count: partial(_sampled, built, 1024, [f"q{count - 1}"])
                for count, built in models.items()
            },
            rounds,
            "≤ 1",
        ),
        _row(
            "coordinates: a run of 1,024 draws for their sum, ms",
            {count: partial(_sampled, built, 1024, ["total"]) for count, built in labelled.items()},
            rounds,
            "≤ 1",
        ),
        _row(
            "months of a recurrence: a run of 1,024 draws and its table, ms",
            {count: partial(_table, built) for count, built in recurrences.items()},
            rounds,
            "< 1.15",
        ),
    ]
    body = "Least processor time of the rounds, one thread; the slope of log time on log size.\n\n"
    return [Section("Scaling", body + table(["", "times", "slope", "wanted"], rows))]

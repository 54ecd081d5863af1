"""What the JSON of answers has in common: statistics below their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label
from guessmodel.simulation.summary import RECORDED, Row

__all__ = ["insert", "quantities"]


def insert(tree: Any, path: Sequence[str], value: Any) -> None:
    """Put a value into nested dictionaries, such as a statistic below its labels.

    >>> costs: dict[str, Any] = {}
    >>> insert(costs, ["mean", "twitter"], 453.0)
    >>> costs
    {'mean': {'twitter': 453.0}}
    """
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = value


def quantities(rows: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """The quantities of a run as `run --json` has them: statistics are below their labels; None
    where a quantity is not applicable."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.name not in found:
            found[row.name] = {
                "unit": row.unit,
                "kind": row.kind,
                "doc": row.doc,
                "source": row.source,
                "dims": _dims(row),
            }
        statistics: dict[str, Estimate | None] = {key: getattr(row, key) for key in RECORDED}
        statistics |= {f"p{p:g}": estimate for p, estimate in (row.asked or {}).items()}
        for key, estimate in statistics.items():
            path = [key, *map(str, row.labels.values())]
            insert(found[row.name], path, estimate and estimate.to_dict())
    return found


def _dims(row: Row) -> dict[str, list[Label]]:
    quantity = row.result.quantity
    dims = {dim.name: list(dim.labels) for dim in quantity.dims if dim.name in row.labels}
    return {**dims, "category": list(quantity.categories)} if quantity.categories else dims

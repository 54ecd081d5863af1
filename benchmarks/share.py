"""To how many quantities of models/ each estimator applies: `python -m benchmarks.share`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.measure import Section, table
from guessmodel import Model
from guessmodel.errors import GuessmodelError

_MODELS = Path(__file__).parents[1] / "models"
_N = 1 << 16
_ORDER = ("exact", "conditional", "order statistics")


def counted(path: Path) -> Counter[str]:
    """How many of the medians of a model's uncertain quantities each estimator gives."""
    model = Model.from_file(path)
    found = model.sample(_N)
    tally: Counter[str] = Counter()
    for result in found.results():
        if result.quantity.kind == "constant" or result.quantity.categories:
            continue
        for part in result.by_label.values() if result.dims else [result]:
            if part.applicable:
                tally[part.quantile(0.95).estimator] += 1
    return tally


def run(quick: bool) -> list[Section]:
    """One row a model, and all together."""
    rows, total = [], Counter[str]()
    for path in sorted(_MODELS.glob("*.py")):
        try:
            tally = counted(path)
        except GuessmodelError:  # a file of sources has no quantities
            continue
        total += tally
        rows.append([path.stem, *_shown(tally)])
    rows.append(["**all**", *_shown(total)])
    body = (
        "The estimator of the 95th percentile of every uncertain quantity (and label), 65,536 "
        "samples. Pooled order statistics are left for what has jumps of its own (whole nodes, "
        "choices), or draws that reach it along several paths.\n\n"
        + table(["model", *_ORDER, "smooth of sampled"], rows)
    )
    return [Section("Share of the conditional estimator in models/", body)]


def _shown(tally: Counter[str]) -> list[str]:
    sampled = tally["conditional"] + tally["order statistics"]
    share = f"{tally['conditional'] / sampled:.0%}" if sampled else "–"
    return [*(str(tally[kind]) for kind in _ORDER), share]


if __name__ == "__main__":
    print(run(quick=False)[0].markdown())

"""A comparison as JSON, as a table of pandas, as text and as HTML."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from guessmodel import tables
from guessmodel.analysis.answers import insert
from guessmodel.analysis.change import Change
from guessmodel.analysis.compare import Comparison
from guessmodel.estimators.estimate import Estimate, in_a_row
from guessmodel.simulation.summary import ABSENT, STATISTICS, marked

if TYPE_CHECKING:
    import pandas

__all__ = [
    "HEADER",
    "as_frame",
    "as_html",
    "as_json",
    "as_text",
    "attributions",
    "cells",
    "definitions",
    "signed_percent",
    "summary",
]

HEADER = ("quantity", "unit", "old mean", "new mean", "difference", "mean", "p5", "p50", "p95")
_SIDES = ("old", "new", "difference")


# --- JSON ---------------------------------------------------------------------------------------


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Every quantity; statistics are below their labels, one level a dimension."""
    c = comparison
    quantities: dict[str, dict[str, Any]] = {}
    for change in c.everything:
        entry = quantities.setdefault(change.name, {"unit": change.unit})
        labels = list(map(str, change.labels.values()))
        for side in _SIDES:
            found = getattr(change, side)
            for key in STATISTICS:
                estimate = found[key]
                insert(entry, [side, key, *labels], estimate and estimate.to_dict())
        insert(entry, ["significant", *labels], change.significant)
        if change.note is not None:
            entry["note"] = change.note
    for entry in quantities.values():
        for side in _SIDES:
            if _is_empty(entry[side]):
                entry[side] = None
    attribution: dict[str, Any] = {}
    known = {change.title: change for change in c.everything}
    for title, said in c.attribution.items():
        change = known[title]
        entry = attribution.setdefault(change.name, {})
        labels = list(map(str, change.labels.values()))
        if said.note is not None:
            insert(entry, ["note", *labels], said.note)
        for key, parts in said.statistics.items():
            insert(entry, [key, *labels], {edit: e.to_dict() for edit, e in parts.items()})
    return {
        "seed": c.run.seed,
        "samples": c.run.samples,
        "method": c.run.method,
        "quantities": quantities,
        "added": dict(c.added),
        "removed": dict(c.removed),
        "renamed": {old: new for new, old in c.renamed.items()},
        "edited": {name: {"old": old, "new": new} for name, (old, new) in c.edited.items()},
        "attribution": attribution,
    }


def _is_empty(tree: Any) -> bool:
    return all(map(_is_empty, tree.values())) if isinstance(tree, dict) else tree is None


def as_frame(comparison: Comparison) -> pandas.DataFrame:
    """See `Comparison.to_pandas`."""
    import pandas

    rows: dict[str, dict[tuple[str, str], float]] = {}
    for change in comparison.everything:
        row = rows.setdefault(change.title, {})
        for key in STATISTICS:
            old, new, d = change.old[key], change.new[key], change.difference[key]
            for side, value in (
                ("old", old and old.value),
                ("new", new and new.value),
                ("difference", d and d.value),
                ("low", d and d.low),
                ("high", d and d.high),
            ):
                row[key, side] = math.nan if value is None else value
    frame = pandas.DataFrame.from_dict(rows, orient="index")
    columns = [(key, side) for key in STATISTICS for side in (*_SIDES, "low", "high")]
    frame.columns = pandas.MultiIndex.from_tuples(columns, names=["statistic", ""])
    frame.index.name = "quantity"
    return frame


# --- tables -------------------------------------------------------------------------------------


def cells(change: Change) -> tuple[str, ...]:
    """A row below HEADER: both means, their difference and the relative one of each statistic."""
    means = [_text(side["mean"]) for side in (change.old, change.new)]
    title = f"{change.title} *" if change.output else change.title
    if change.folded:
        title += f" and {change.folded} more"
    if change.note is not None:
        return (title, change.unit, *means, change.note, "", "", "", "")
    shares = [
        signed_percent(change.relative(key)) if change.moved(key) else "" for key in STATISTICS
    ]
    return (title, change.unit, *means, _text(change.difference["mean"]), *shares)


def signed_percent(share: float) -> str:
    """A relative difference with its sign, as +12.3%; nothing where there is none."""
    if math.isnan(share):
        return ""
    if math.isinf(share) or abs(share) >= 10.0:
        return "from 0" if math.isinf(share) else f"{share:+.0%}"
    return "0%" if share == 0.0 else f"{100.0 * share:+.3g}%"


def _text(estimate: Estimate | None) -> str:
    return ABSENT if estimate is None else marked(estimate, in_a_row(estimate)[0])


def summary(comparison: Comparison) -> str:
    """How much moved, in a line."""
    c = comparison
    moved, still = len({change.name for change in c.moved}), len(c.unchanged)
    kind = "quantity" if moved + still == 1 else "quantities"
    parts = [f"{moved} of {moved + still} {kind} moved"]
    for names, what in ((c.edited, "edited"), (c.added, "added"), (c.removed, "removed")):
        parts += [f"{len(names)} {what}"] if names else []
    return ", ".join([*parts, *([f"{len(c.renamed)} renamed"] if c.renamed else [])])


def definitions(comparison: Comparison) -> list[str]:
    """What was edited, added, removed and renamed: lines of the old version after a minus, of the
    new one after a plus."""
    c = comparison
    lines = [f"  {old} is called {new}" for new, old in c.renamed.items()]
    for name, (old, new) in c.edited.items():
        lines += [f"- {_named(name, old)}", f"+ {_named(name, new)}"]
    lines += [f"- {_named(name, text)}" for name, text in c.removed.items()]
    lines += [f"+ {_named(name, text)}" for name, text in c.added.items()]
    return lines


def _named(name: str, text: str) -> str:
    return text if text.startswith(name) else f"{name}: {text}"


def attributions(comparison: Comparison) -> list[str]:
    """For each output that moved: what each edit did to the mean, or where that did not move to
    the first percentile that did, the largest first; and to what else was asked for."""
    lines: list[str] = []
    rows = {change.title: change for change in comparison.shown}
    for title, said in comparison.attribution.items():
        asked = [statistic for name, statistic in comparison.asked if name == title]
        if title not in rows and not asked:
            continue
        keys = [each for each in asked if each is not None]
        if len(keys) < len(asked) or not asked:
            ours = [key for key in STATISTICS if key in said.statistics]
            moved = [key for key in ours if title in rows and rows[title].moved(key)]
            keys = [*(moved or ours)[:1], *keys]
        if not keys or not said.statistics:
            lines.append(f"{title}: {said.note}")
        for key in dict.fromkeys(keys):
            parts = sorted(said.statistics.get(key, {}).items(), key=lambda p: -abs(p[1].value))
            unit = "" if key.startswith("P(") else f" {said.unit}".rstrip()
            lines += [f"{title}, {key}:"] if parts else []
            pairs = [(_signed(estimate) + unit, edit) for edit, estimate in parts]
            lines += [f"  {line}" for line in tables.aligned(pairs, {1})]
    return lines


def _signed(estimate: Estimate) -> str:
    shown = _text(estimate)
    return f"+{shown}" if estimate.value > 0.0 else shown


def as_text(comparison: Comparison) -> str:
    """The table of what moved, and what was edited."""
    rows = [HEADER, *map(cells, comparison.shown)]
    table = tables.aligned(rows, {0, 1}) if len(rows) > 1 else []
    return "\n".join([*table, *definitions(comparison), summary(comparison)])


def as_html(comparison: Comparison) -> str:
    """The same for notebooks."""
    table = tables.as_html(summary(comparison), [HEADER, *map(cells, comparison.shown)])
    lines = [*attributions(comparison), *definitions(comparison)]
    return f"{table}<pre>{escape(chr(10).join(lines))}</pre>"

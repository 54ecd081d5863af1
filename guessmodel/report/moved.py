"""What moved between two documents of a model: the page that a reviewer reads.

Both are of the same draws unless seed, samples or method were changed, so that a quantity behind
which nothing was edited has the same numbers. What differs by less than the sampling errors is
told apart: another net of draws does that, where a name came or went.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, final

from guessmodel.claims.drift import relative_change
from guessmodel.claims.report_format import ClaimData, Document, EstimateData, QuantityData
from guessmodel.graph.dims import titled
from guessmodel.report.numbers import at, coordinates, figures, in_percent, is_chance, with_unit
from guessmodel.report.page import Block, Cell, Details, Page, Paragraphs, Section, Table
from guessmodel.simulation.summary import STATISTICS

__all__ = ["MOVED", "Moved", "moved", "moved_page"]

MOVED: Final = "what-moved"
_FLOATING_POINT: Final = 1e-6
_CANCELLED: Final = 64 * 2.0**-52  # of the spread: a mean of 0 is a sum of numbers that cancel
_FACTOR: Final = 11.0
_ROWS: Final = 12  # of a table that is not folded


@final
@dataclass(frozen=True, slots=True)
class Moved:
    """A quantity at one coordinate, before and now: mean and 90% interval as text."""

    title: str
    main: bool
    means: tuple[float | None, float | None]
    before: tuple[str, str]
    now: tuple[str, str]
    significant: bool

    @property
    def change(self) -> float | None:
        """The change of the mean as a share of what it was; None where there is none, inf from
        0."""
        before, now = self.means
        return None if before is None or now is None else relative_change(before, now)


def moved(before: Document, now: Document) -> list[Moved]:
    """The quantities whose numbers differ: results first, and the largest changes first."""
    found = [
        each
        for name, entry in now["quantities"].items()
        if name in before["quantities"]
        for each in _of_quantity(name, before["quantities"][name], entry)
    ]
    return sorted(found, key=lambda each: (not each.main, not each.significant, -_size(each)))


def moved_page(before: Mapping[str, Document], now: Mapping[str, Document], since: str) -> Page:
    """The page over all models of which something differs, each with its former document."""
    sections = []
    still = []
    new = [name for name in now if name not in before]
    gone = [name for name in before if name not in now]
    for name, document in now.items():
        if name not in before:
            sections.append(Section(name, name, (Paragraphs("New model."),)))
            continue
        blocks = tuple(_blocks(before[name], document))
        if blocks:
            sections.append(Section(name, name, blocks))
        else:
            still.append(name)
    sections += [Section(name, name, (Paragraphs("Removed."),)) for name in gone]
    both = len(now) - len(new)
    lead = f"{both - len(still)} of {both} models differ from the reports of {since}"
    for names, word in ((new, "new"), (gone, "removed")):
        lead += f"; {len(names)} {word}" if names else ""
    last = f"Nothing moved in {', '.join(still)}." if still else ""
    return Page("What moved", f"{lead}.", tuple(sections), (last,) if last else ())


# --- quantities ---------------------------------------------------------------------------------


def _of_quantity(name: str, before: QuantityData, now: QuantityData) -> Iterator[Moved]:
    if before["unit"] != now["unit"] or is_chance(before) != is_chance(now):
        return  # told in words: numbers do not compare
    common = set(coordinates(before)) if list(before["dims"]) == list(now["dims"]) else set()
    for labels in coordinates(now):
        if labels not in common:
            continue
        pairs = [(at(before, key, labels), at(now, key, labels)) for key in STATISTICS]
        noise = _CANCELLED * max(_spread(before, labels), _spread(now, labels))
        if all(_same(old, new, noise) for old, new in pairs):
            continue
        shown = [_texts(entry, labels) for entry in (before, now)]
        old, new = pairs[0]
        yield Moved(
            titled(name, labels),
            now["main"],
            (_value(old), _value(new)),
            shown[0],
            shown[1],
            any(not _within_errors(old, new, noise) for old, new in pairs),
        )


def _spread(entry: QuantityData, labels: tuple[str, ...]) -> float:
    low, high = (_value(at(entry, key, labels)) for key in ("p5", "p95"))
    return 0.0 if low is None or high is None else high - low


def _same(old: EstimateData | None, new: EstimateData | None, noise: float) -> bool:
    a, b = _value(old), _value(new)
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=_FLOATING_POINT, abs_tol=noise)


def _within_errors(old: EstimateData | None, new: EstimateData | None, noise: float) -> bool:
    if old is None or new is None or None in (*_ends(old), *_ends(new)):
        return _same(old, new, noise)
    (a, *_), (b, *_) = _ends(old), _ends(new)
    widths = sum((each["high"] or 0.0) - (each["low"] or 0.0) for each in (old, new))
    return abs((a or 0.0) - (b or 0.0)) <= widths or _same(old, new, noise)


def _ends(given: EstimateData) -> tuple[float | None, float | None, float | None]:
    return given["value"], given["low"], given["high"]


def _value(given: EstimateData | None) -> float | None:
    return None if given is None else given["value"]


def _size(each: Moved) -> float:
    return math.inf if each.change is None else abs(each.change)


def _texts(entry: QuantityData, labels: tuple[str, ...]) -> tuple[str, str]:
    """The mean, and the 90% interval."""
    unit = entry["unit"]
    mean, low, middle, high = (at(entry, key, labels) for key in STATISTICS)
    if is_chance(entry):
        return (f"{figures(in_percent(mean))[0]}%" if mean else "–"), ""
    *ends, head = figures(low, middle, high, mean=mean, unit=unit)
    spread = "" if ends[0] == ends[2] else f"{ends[0]} to {ends[2]}"
    return with_unit(head, unit), spread


# --- words --------------------------------------------------------------------------------------


def _blocks(before: Document, now: Document) -> Iterator[Block]:
    lines = [*_of_run(before, now), *_of_claims(before, now), *_of_words(before, now)]
    changes = moved(before, now)
    if lines:
        yield Paragraphs("\n\n".join(lines))
    if not changes:
        return
    clear = [each for each in changes if each.significant]
    doubt = [each for each in changes if not each.significant]
    if clear:
        yield _table("Beyond the sampling errors", clear[:_ROWS])
    rest: list[Paragraphs | Table] = []
    if clear[_ROWS:]:
        rest.append(_table("Beyond the sampling errors", clear[_ROWS:]))
    if doubt:
        rest.append(_table("Within the sampling errors", doubt))
    if rest:
        count = len(clear[_ROWS:]) + len(doubt)
        inside = f", {len(doubt)} of them within the sampling errors" if doubt else ""
        yield Details(f"{count} more{inside}", tuple(rest))


def _table(caption: str, changes: list[Moved]) -> Table:
    header = ("Quantity", "Mean before", "Mean now", "Change", "5% to 95% before", "5% to 95% now")
    rows = tuple(
        (
            Cell(each.title, name=True),
            Cell(each.before[0]),
            Cell(each.now[0]),
            Cell(_percent(each)),
            Cell(each.before[1]),
            Cell(each.now[1]),
        )
        for each in changes
    )
    return Table(caption, header, rows, frozenset(range(1, 6)))


def _percent(each: Moved) -> str:
    """The change; as a factor where it is large and the sign stays."""
    before, now = each.means
    if not before or now is None:
        return ""
    if now / before >= _FACTOR:
        return f"× {now / before:.3g}"
    change = relative_change(before, now)
    text = f"{100.0 * change:+.2g}%" if abs(change) < 0.1 else f"{100.0 * change:+.0f}%"
    return text.replace("-", "−")


def _of_run(before: Document, now: Document) -> Iterator[str]:
    pairs = {
        "samples": (before["samples"], now["samples"]),
        "seed": (before["seed"], now["seed"]),
        "method": (before["method"], now["method"]),
    }
    changed = [f"{key} {old} → {new}" for key, (old, new) in pairs.items() if old != new]
    if changed:
        yield f"Sampled otherwise: {', '.join(changed)}."


def _of_claims(before: Document, now: Document) -> Iterator[str]:
    old = {_key(claim): claim for claim in before["claims"]}
    new = {_key(claim): claim for claim in now["claims"]}
    for key, claim in new.items():
        was = old.get(key)
        title = f"{claim['quantity']}, {claim['statistic']} {claim['published']}"
        if was is None:
            yield f"New claim: {title}: {_verdict(claim)}."
        elif _verdict(was) != _verdict(claim):
            yield f"Claim on {title}: {_verdict(was)} → {_verdict(claim)}."
    for key, claim in old.items():
        if key not in new:
            title = f"{claim['quantity']}, {claim['statistic']} {claim['published']}"
            yield f"Claim withdrawn: {title}, which was: {_verdict(claim)}."


def _key(claim: ClaimData) -> tuple[str, ...]:
    where = claim.get("scenario", "")
    return claim["quantity"], claim["statistic"], claim["published"], where, claim["source"] or ""


def _verdict(claim: ClaimData) -> str:
    return claim["verdict"] + ("" if claim["as_expected"] else " (not as expected)")


def _of_words(before: Document, now: Document) -> Iterator[str]:
    """Names, units, labels, sources and formulas."""
    old, new = before["quantities"], now["quantities"]
    come, gone = [n for n in new if n not in old], [n for n in old if n not in new]
    for words, names in (("New", come), ("Removed", gone)):
        if names:
            yield f"{words}: {', '.join(names)}."
    for name in (each for each in new if each in old):
        a, b = old[name], new[name]
        if a["unit"] != b["unit"]:
            yield f"{name}: the unit {a['unit'] or 'none'} → {b['unit'] or 'none'}."
        if a["dims"] != b["dims"]:
            yield f"{name}: other labels."
        if a["source"] != b["source"]:
            yield f"{name}: the source {a['source'] or 'none'} → {b['source'] or 'none'}."
        if a["distribution"] != b["distribution"]:
            kinds = (each["distribution"] or each["kind"] for each in (a, b))
            yield f"{name}: {' → '.join(kinds)}."

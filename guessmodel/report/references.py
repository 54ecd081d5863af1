"""What a model's figures rest on, each document once: the end of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guessmodel.claims.report_format import Document
from guessmodel.report.inline import inlines
from guessmodel.report.page import Cell, Section, Table

__all__ = ["references_section"]

# Hoffmann et al. (2022), Villalobos and Atkinson (2023)
_SHORT: Final = re.compile(
    r"[A-Z][\w'’-]*(?:(?: and | & | )[A-Z][\w'’-]*)*(?: et al\.)? \((?:1[5-9]|20)\d\d[a-z]?\)"
)
_MOST_NAMES: Final = 12


def references_section(document: Document) -> Section:
    """A row for each document that a source cites: its link, or its authors and year, and the
    figures that rest on it."""
    found: dict[str, dict[str, None]] = {}
    for name, source in _sources(document):
        for reference in _cited(source):
            found.setdefault(reference, {})[name] = None
    if not found:
        return Section("references", "References", ())
    rows = tuple(
        (Cell(reference), Cell(_in_words(list(names))))
        for reference, names in sorted(found.items(), key=lambda each: each[0].casefold())
    )
    table = Table("What is cited, and for what", ("Reference", "For"), rows, across=1)
    return Section("references", "References", (table,))


def _sources(document: Document) -> Iterator[tuple[str, str]]:
    for name, entry in document["quantities"].items():
        if entry["source"]:
            yield name, entry["source"]
    for claim in document["claims"]:
        if claim["source"]:
            yield f"published {claim['quantity']}", claim["source"]
    for scenario in document.get("scenarios", []):
        if scenario["source"]:
            yield f"scenario {scenario['name']}", scenario["source"]


def _cited(source: str) -> Iterator[str]:
    """Links, else authors with a year.

    >>> list(_cited("Cox and Li (2022), note 38, citing Leopold et al. (2019) and Barr (2019)"))
    ['Cox and Li (2022)', 'Leopold et al. (2019)', 'Barr (2019)']
    >>> list(_cited("see https://example.org/a, table 2"))
    ['https://example.org/a']
    """
    links = [piece.text for piece in inlines(source) if piece.target]
    if links:
        yield from links
        return
    yield from _SHORT.findall(source)


def _in_words(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")

"""What drives an output, as a table for people: groups with their strongest members below them."""

from __future__ import annotations

import math
from html import escape

from guessmodel import tables
from guessmodel.analysis.drivers import Driver, Drivers, Group, Sensitivity
from guessmodel.estimators.estimate import Estimate, in_a_row
from guessmodel.simulation.summary import marked
from guessmodel.units.formats import percent_of

__all__ = ["as_html", "as_text", "cells", "notes", "rows_of", "share_text", "title"]

_HEADER = ("input", "alone", "in all", "rank", "at 5%", "at 95%", "swing")
_MEMBERS = 4  # of a group that have lines of their own


def title(answer: Sensitivity) -> str:
    """What the table is about, in a line."""
    unit = f", in {answer.unit}" if answer.unit else ""
    return f"what drives {answer.output}: shares {answer.shared}, and its {answer.statistic}{unit}"


def cells(answer: Sensitivity, *, folded: bool = False) -> list[list[str]]:
    """Header and rows as text; without the members of groups where folded."""
    held = [f"{answer.statistic} {_HEADER[4]}", f"{answer.statistic} {_HEADER[5]}"]
    table = [[*_HEADER[:4], *held, _HEADER[6]]]
    for position, piece in answer.pieces.items():
        if answer.dims:
            table.append([f"{answer.title_at(position)}:", *[""] * 6])
        for row, below in rows_of(piece):
            table.append(_cells(row))
            if not folded:
                table += [["  " + each[0], *each[1:]] for each in map(_cells, below[:_MEMBERS])]
                if len(below) > _MEMBERS:
                    table.append([f"  … {len(below) - _MEMBERS} more", *[""] * 6])
    return table


def notes(answer: Sensitivity) -> list[str]:
    """Sums, and why numbers may be wrong."""
    lines = []
    for position, piece in answer.pieces.items():
        named = answer.title_at(position)
        if piece.unreliable is not None:
            lines.append(f"! {named}: {piece.unreliable}")
            continue
        lines += _reservations(piece)
        lines += [
            f"{named}: {_together(group)} are correlated, so that only together they have a share"
            for group in piece.groups
            if group.kind == "correlated"
        ]
        if piece.drivers:
            total = piece.alone if round(piece.alone, 3) != 1.0 else min(piece.alone, 1.0)
            what = "the variance" if answer.shared == "of its variance" else "that"
            lines.append(
                f"{named}: inputs alone make {percent_of(total)} of {what}, "
                f"{percent_of(1.0 - total)} is what they do together"
            )
    return lines


def _reservations(piece: Drivers) -> list[str]:
    """Why numbers in the table are marked, once each."""
    by_note: dict[str, list[str]] = {}
    rows: list[Driver | Group] = [*piece.groups, *piece.drivers]
    for one in rows:
        for heading, estimate in _numbers(one):
            if estimate is not None and not (estimate.reliable or math.isnan(estimate.value)):
                by_note.setdefault(estimate.note or "", []).append(f"{one.name} {heading}")
    return [f"! {_in_short(where)}: {note}" for note, where in by_note.items()]


def _in_short(names: list[str]) -> str:
    more = f" and {len(names) - _MEMBERS} more" if len(names) > _MEMBERS else ""
    return f"{', '.join(names[:_MEMBERS])}{more}"


def _numbers(one: Driver | Group) -> list[tuple[str, Estimate | None]]:
    """The estimates of a row, by the headings of their columns."""
    found: list[tuple[str, Estimate | None]] = [("alone", one.first), ("in all", one.total)]
    if isinstance(one, Group):
        return found
    found.append(("rank", one.rank))
    if one.tornado is not None:
        swing = one.tornado
        found += zip(_HEADER[4:], (swing.at_p5, swing.at_p95, swing.swing), strict=True)
    return found


def _together(group: Group) -> str:
    titles = list(dict.fromkeys(name.partition("[")[0] for name in group.members))
    if len(titles) == 1:
        return f"the labels of {titles[0]}"
    if len(titles) == len(group.members):  # one label of each
        titles = list(group.members)
    more = f" and {len(titles) - _MEMBERS} more" if len(titles) > _MEMBERS else ""
    return f"{', '.join(sorted(titles)[:_MEMBERS])}{more}"


def as_text(answer: Sensitivity) -> str:
    """The table, for a terminal."""
    return tables.as_text(f"{answer.heading}\n{title(answer)}", cells(answer), notes(answer))


def as_html(answer: Sensitivity) -> str:
    """The table, for a notebook; groups unfold below it."""
    heading = f"{title(answer)}; {answer.heading}"
    parts = [tables.as_html(heading, cells(answer, folded=True), notes(answer))]
    for position, piece in answer.pieces.items():
        for row, below in rows_of(piece):
            if below:
                name = _cells(row)[0] + (f" of {answer.title_at(position)}" if answer.dims else "")
                table = [cells(answer)[0], *map(_cells, below)]
                inside = tables.as_html(name, table)
                parts.append(f"<details><summary>{escape(name)}</summary>{inside}</details>")
    return "".join(parts)


def rows_of(piece: Drivers) -> list[tuple[Driver | Group, list[Driver]]]:
    """Groups with their members, and inputs that are in none, the strongest first."""
    by_name = {driver.name: driver for driver in piece.drivers}
    rows: list[tuple[Driver | Group, list[Driver]]] = [
        (group, [by_name[name] for name in group.members]) for group in piece.groups
    ]
    inside = {name for group in piece.groups for name in group.members}
    rows += [(driver, []) for name, driver in by_name.items() if name not in inside]
    return sorted(rows, key=lambda row: -round(row[0].size, 6))


def _cells(one: Driver | Group) -> list[str]:
    shares = [_share(one.first), _share(one.total)]
    if isinstance(one, Group):
        what = "input" if len(one.members) == 1 else one.kind
        return [f"{one.name} ({len(one.members)} {what})", *shares, *["–"] * 4]
    swing = one.tornado
    if swing is None:
        return [one.name, *shares, _text(one.rank), *["–"] * 3]
    return [
        one.name,
        *shares,
        _text(one.rank),
        *_apart(swing.at_p5, swing.at_p95),
        _text(swing.swing),
    ]


def _apart(one: Estimate, other: Estimate) -> list[str]:
    """Both with the digits that tell them apart."""
    if math.isnan(one.value) or math.isnan(other.value):
        return [_text(one), _text(other)]
    ascending = sorted((one, other), key=lambda each: each.value)
    shown = [
        marked(each, text)
        for each, text in zip(ascending, in_a_row(*ascending, digits=3), strict=True)
    ]
    return shown if ascending[0] is one else shown[::-1]


def share_text(estimate: Estimate | None) -> str:
    """A share in percent, in few digits; `<0.1%` where all that it may be is less."""
    if estimate is None or math.isnan(estimate.value):
        return "–"
    most = percent_of(max(abs(estimate.low), abs(estimate.high)))
    return most if most in ("0%", "<0.1%") else f"{estimate.scaled(100.0).text(3)}%"


def _share(estimate: Estimate | None) -> str:
    shown = share_text(estimate)
    return shown if estimate is None or math.isnan(estimate.value) else marked(estimate, shown)


def _text(estimate: Estimate) -> str:
    return "–" if math.isnan(estimate.value) else marked(estimate, estimate.text(3))

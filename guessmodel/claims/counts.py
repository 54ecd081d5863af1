"""How many published figures hold, in one line: the same words in `check`, reports and index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from guessmodel.claims.kinds import KINDS, ClaimKind
from guessmodel.claims.verdicts import Verdict

__all__ = ["CountedClaim", "in_short"]

_PLURAL: Final = {"reconstruction": "reconstructions", "prediction": "predictions"}


@final
@dataclass(frozen=True, slots=True)
class CountedClaim:
    """What is counted of a figure; `beside` are its verdicts in other scenarios."""

    verdict: Verdict
    as_expected: bool
    kind: ClaimKind = "arithmetic"
    beside: Mapping[str, Verdict] = field(default_factory=dict)


def in_short(figures: Sequence[CountedClaim], what: str = "figures") -> str:
    """How many of them hold, by kind, fall short or are undecided, and how many hold elsewhere. An
    echo tests nothing, as long as it was entered right, and is counted apart.

    >>> in_short([CountedClaim("holds", True), CountedClaim("falls short", True, "prediction")])
    '1 of 2 figures hold, 1 falls short (as expected)'
    >>> in_short([CountedClaim("holds", True, "reconstruction", {"base": "falls short"})])
    '1 of 1 figures hold (1 reconstruction); 0 of 1 in base'
    """
    counted = [each for each in figures if each.kind != "echo" or not each.as_expected]
    echoes = len(figures) - len(counted)
    holding = [each for each in counted if each.verdict == "holds"]
    short = [each for each in counted if each.verdict == "falls short"]
    remarks = [_kinds([each.kind for each in holding])]
    if surprises := sum(not each.as_expected for each in holding):
        remarks.append(f"{surprises} unexpectedly")
    text = f"{len(holding)} of {len(counted)} {what} hold"
    text += "".join(f" ({remark})" for remark in remarks if remark)
    if short:
        expected = sum(each.as_expected for each in short)
        some = "as expected" if expected == len(short) else f"{expected} as expected"
        text += f", {len(short)} fall{'s' * (len(short) == 1)} short"
        text += f" ({some})" * (expected > 0)
    if unsure := len(counted) - len(holding) - len(short):
        text += f", {unsure} undecided"
    if echoes:
        text += f"; {echoes} echo{'es' * (echoes > 1)} of inputs"
    for name in dict.fromkeys(name for each in counted for name in each.beside):
        there = [each.beside[name] for each in counted if name in each.beside]
        text += f"; {there.count('holds')} of {len(there)} in {name}"
    return text


def _kinds(kinds: Sequence[ClaimKind]) -> str:
    """How many there are of each kind; nothing where all is arithmetic."""
    counts = {kind: kinds.count(kind) for kind in KINDS if kind in kinds}
    if set(counts) <= {"arithmetic"}:
        return ""
    return ", ".join(
        f"{n} {_PLURAL.get(kind, kind) if n > 1 else kind}" for kind, n in counts.items()
    )

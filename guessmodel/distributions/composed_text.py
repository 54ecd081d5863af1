"""The arguments of texts that are made of other texts, such as `mixture([normal(2 to 8), 0], [0.3,
0.7])` and `truncated(normal(2 to 8), lower=0)`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from guessmodel import units
from guessmodel.errors import GuessmodelError, UsageError, did_you_mean
from guessmodel.units import DIMENSIONLESS, Unit
from guessmodel.units.figures import Figure, parse_figure

__all__ = [
    "COMPOSED",
    "ArgumentText",
    "by_name",
    "figures_of",
    "listed",
    "number_of",
    "parts",
    "refuse_labels",
    "unit_of",
]

COMPOSED: Final = {
    "truncated": "truncated(normal(2 to 8), lower=0)",
    "mixture": "mixture([normal(2 to 8), 0], [0.3, 0.7])",
    "zero_inflated": "zero_inflated(lognormal(1 to 5), 90%)",
    "hurdle": "hurdle(poisson(2), 70%)",
    "dirichlet": "dirichlet(2, 3, 5)",
    "categorical": "categorical(train=70%, car=30%)",
}
"""How each is written."""
UNWRITTEN: Final = {
    "from_scipy": "gm.from_scipy(scipy.stats.gumbel_r(5, 2))",
    "filtered": "gm.filtered(price, price > 0)",
    "multivariate_normal": "gm.multivariate_normal(…)",
    "correlate": "gm.correlate([a, b], rank=0.6)",
}
"""What is made of other quantities and has no text, and how it is written in Python."""
_T = TypeVar("_T")
_OPENING: Final = "(["
_CLOSING: Final = ")]"


class ArgumentText(NamedTuple):
    """An argument: its text, where it begins in the whole, and its keyword, if any."""

    text: str
    begin: int
    key: str = ""

    def read(self, how: Callable[[str], _T]) -> _T:
        """What is read of it; an error points into the whole."""
        try:
            return how(self.text)
        except GuessmodelError as error:
            if error.column is not None:
                error.column += self.begin
            raise


def parts(text: str, begin: int, names: Collection[str] = ()) -> list[ArgumentText]:
    """The arguments between the brackets of a call, parted by the commas in no other brackets; a
    keyword is an identifier or one of `names`."""
    found = []
    for each in _pieces(text, begin):
        key, equals, value = each.text.partition("=")
        if equals and (key.strip().isidentifier() or key.strip() in names):
            found.append(ArgumentText(value, each.begin + len(key) + 1, key.strip()))
        else:
            found.append(each)
    return found


def _pieces(text: str, begin: int) -> Iterator[ArgumentText]:
    """What stands between commas that are in no brackets; what is empty is left out."""
    depth = start = 0
    for place, letter in enumerate(f"{text},"):
        depth += (letter in _OPENING) - (letter in _CLOSING)
        if letter == "," and depth <= 0:
            if text[start:place].strip():
                yield ArgumentText(text[start:place], begin + start)
            start = place + 1


def listed(part: ArgumentText) -> list[ArgumentText] | None:
    """The elements of a list in square brackets; None of what is none."""
    text = part.text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    begin = part.begin + part.text.index("[") + 1
    return list(_pieces(text[1:-1], begin))


def figures_of(part: ArgumentText) -> list[Figure]:
    """A list of figures."""
    elements = listed(part)
    if elements is None:
        raise UsageError("write a list of numbers, such as [0.3, 0.7]", column=part.begin)
    return [each.read(parse_figure) for each in elements]


def by_name(
    name: str, given: list[ArgumentText], known: tuple[str, ...]
) -> dict[str, ArgumentText]:
    """Arguments by their names, in their places or by keyword; UsageError for others."""
    found: dict[str, ArgumentText] = {}
    for place, part in enumerate(given):
        key = part.key or (known[place] if place < len(known) else "")
        if key not in known or key in found:
            raise UsageError(f"write {COMPOSED[name]}", column=part.begin)
        found[key] = part
    return found


def refuse_labels(name: str, given: Sequence[ArgumentText], names: Sequence[str]) -> None:
    """Raise UsageError for what is given to no label, and to one label twice."""
    seen: set[str] = set()
    for part, place in zip(given, names, strict=True):
        key = part.key or place
        if key not in names:
            hint = did_you_mean(key, list(names)) or f", {', '.join(map(repr, names))}"
            raise UsageError(f"{name}: {key!r} is none of the labels{hint}", column=part.begin)
        if key in seen:
            raise UsageError(f"{name}: {key!r} is given twice", column=part.begin)
        seen.add(key)


def unit_of(figures: Sequence[Figure], unit: Unit) -> Unit:
    """The unit of plain numbers: that of the last figure with one; else of what is replaced."""
    return next((f.unit for f in reversed(figures) if f.unit != DIMENSIONLESS), unit)


def number_of(figure: Figure, own: Unit) -> float:
    """A figure as a number in a unit, in which plain numbers are counted; UnitError where the
    figure is in one that does not convert."""
    if figure.unit in (DIMENSIONLESS, own):
        return figure.value
    return float(units.conversion(figure.unit, own).apply(figure.value))

"""Names in Python for what has names in words."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from typing import Final, final

__all__ = ["LONGEST", "RESERVED", "Identifiers", "snake_case"]

LONGEST: Final = 36
RESERVED: Final = frozenset(
    {
        *dir(builtins),
        *keyword.kwlist,
        *keyword.softkwlist,
        "gm",
        "np",
        "math",
        "functools",
        "operator",
        "guessmodel",
        "rows",
    }
)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")


def snake_case(text: str, longest: int = LONGEST) -> str:
    """The words of a text in lower case with `_` between them; empty where it has none.

    Numbers at the start go to the end, since no name begins with one.

    >>> snake_case("2023 Revenue (in €)"), snake_case("How many piano tuners?")
    ('revenue_in_2023', 'how_many_piano_tuners')
    """
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text[:400]))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.replace("%", " percent ").replace("&", " and ").replace("'", "").replace("’", "")
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", plain).casefold())
    words = [part for word in words for part in word.split("_") if part]
    start = next((i for i, word in enumerate(words) if word.isidentifier()), len(words))
    words = [*words[start:], *words[:start]]
    found = ""
    for word in words:
        longer = f"{found}_{word}" if found else word[:longest]
        if len(longer) > longest:
            break
        found = longer
    return found if found.isidentifier() else ""


@final
class Identifiers:
    """Names that were given, each once; none is a word of Python's or of guessmodel's."""

    def __init__(self, taken: Iterable[str] = (), longest: int = LONGEST) -> None:
        self._taken = {*taken}
        self._longest = longest
        self._next: dict[str, int] = {}

    def of(self, *texts: str) -> str:
        """A new name, from the first text that has words."""
        words = next(filter(None, map(snake_case, texts)), "cell")
        if words in RESERVED:
            words = f"{words}_"
        return self.free(words)

    def inner(self) -> Identifiers:
        """Names within a function, which differ from those around it."""
        return Identifiers(self._taken, self._longest)

    def free(self, name: str) -> str:
        """The name, or the name with a number where it is taken."""
        found, number = name, self._next.get(name, 2)
        while found in self._taken:
            tail = f"_{number}"
            found = f"{name[: self._longest - len(tail)].rstrip('_')}{tail}"
            number += 1
        self._next[name] = number
        self._taken.add(found)
        return found

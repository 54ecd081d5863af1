"""Parametrisations of families: what each takes, and how an error lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, final

from guessmodel.errors import GuessmodelError
from guessmodel.graph.domains import Domain

__all__ = ["INTERVAL", "Form", "instead_of_text", "listed"]

INTERVAL: Final[Mapping[str, int]] = {"low": 1, "high": 1}


@final
@dataclass(frozen=True, slots=True)
class Form:
    """One parametrisation: its arguments, and how they become canonical parameters.

    `powers` gives each argument's power of the quantity's unit: 1 for a location or scale, 0 for
    a shape, -1 for a rate. `convert` gets the arguments as magnitudes (floats, arrays over labels,
    or quantities: write it with NumPy functions) and returns the canonical parameters; without it
    the arguments are these. With `low` and `high` among the arguments it also gets p and q, p < q,
    the probabilities they stand at; it serves both `low, high` with `mass` and
    `quantiles={p: low, q: high}`. Where a family has a form with the same arguments as `bounds`,
    low and high are quantiles only with `mass` or `quantiles`. `domains` says where an argument
    must lie that is no canonical parameter; widths (`sd`) are positive.
    """

    powers: Mapping[str, int]
    convert: Callable[..., Sequence[Any]] | None = None  # None: the canonical parameters themselves
    domains: Mapping[str, Domain] = field(default_factory=dict)
    needs_numbers: bool = False  # solved numerically, so that quantities cannot stand in
    bounds: bool = False  # low and high are the ends of the support: no p and q
    whole: bool = False  # convert also gets `whole`, the number 1 counted in the quantity's unit

    @property
    def interval(self) -> bool:
        """Whether low and high are quantiles."""
        return not self.bounds and INTERVAL.keys() <= self.powers.keys()

    def shown(self, ends: str = "low, high") -> str:
        """The arguments as they are written, `ends` in place of low and high.

        >>> Form({"low": 1, "high": 1, "mode": 1}).shown()
        '(low, high, mode=)'
        """
        first = [ends] if INTERVAL.keys() <= self.powers.keys() else []
        others = [f"{name}=" for name in self.powers if name not in INTERVAL]
        return f"({', '.join([*first, *others])})"


def listed(forms: Sequence[Form]) -> str:
    """All forms as they are written; what may be left out in square brackets.

    >>> listed([Form(INTERVAL), Form({"mean": 1, "sd": 1})])
    '(low, high) or (quantiles={p: low, q: high}) or (mean=, sd=)'
    >>> listed([Form(INTERVAL, bounds=True), Form({**INTERVAL, "mode": 1}, bounds=True)])
    '(low, high[, mode=])'
    """
    points = [form for form in forms if form.interval]
    bounded = any(form.bounds for form in forms)
    texts = _chained([form.shown() for form in forms if not (bounded and form.interval)])
    if bounded and points:
        texts = [text.replace(")", "[, mass=])") if "low, high" in text else text for text in texts]
    place = next((i + 1 for i, text in enumerate(texts) if "low, high" in text), 0)
    texts[place:place] = _chained([form.shown("quantiles={p: low, q: high}") for form in points])
    return " or ".join(texts)


def _chained(texts: Sequence[str]) -> list[str]:
    """Texts of which some go on where another ends: `(a)` and `(a, b)` as `(a[, b])`."""
    kept: list[list[str]] = []
    for text in sorted(dict.fromkeys(texts), key=len):
        shorter = (each for each in kept if text.startswith(f"{each[-1][:-1]}, "))
        if chain := next(shorter, None):
            chain.append(text)
        else:
            kept.append([text])
    kept.sort(key=lambda chain: texts.index(chain[0]))
    return [_chained_text(chain) for chain in kept]


def _chained_text(chain: Sequence[str]) -> str:
    """The longest of a chain, with brackets about what each adds to the one before."""
    ends = [len(text) - 1 for text in chain]
    parts = [chain[-1][i:j] for i, j in pairwise([0, *ends])]
    return "[".join(parts) + "]" * (len(parts) - 1) + ")"


def instead_of_text(family: str, low: Any) -> str:
    """A hint for who gives an interval as text; none for anything else.

    >>> instead_of_text("normal", "5 to 8 USD")
    "; text is read by gm.parse('normal(5 to 8 USD)')"
    """
    from guessmodel.units.figures import Range, parse_value

    try:
        if isinstance(low, str) and isinstance(parse_value(low), Range):
            return f"; text is read by gm.parse({f'{family}({low})'!r})"
    except GuessmodelError as error:
        return f"; {error.message}"
    return ""

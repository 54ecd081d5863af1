"""Published figures as claims state them: "450 USD/day", "> 1", 0.2; and the range of results
that agrees with one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, final

from guessmodel.errors import UnitError, UsageError
from guessmodel.graph.values import is_number
from guessmodel.units import DIMENSIONLESS, Unit, compatible, conversion, factor
from guessmodel.units.figures import Figure, parse_figure, parse_range, with_unit
from guessmodel.units.formats import format_number

__all__ = ["INFERRED", "Accepted", "End", "Ends", "Published", "accepted", "read", "read_range"]

INFERRED = 0.15
"""Relative tolerance where an inferred input stands between the source and its figure; no
tolerance is wider without a reason."""

_EDGE = 0.2  # of a tolerance
_ROUNDING = 1e-9  # relative: rounding at the edge of a range, far below any published digit
_BOUND = re.compile(
    r"(?P<sign>>=|≥|at least\b|<=|≤|at most\b|>|more than\b|<|less than\b)\s*(?P<figure>.*)",
    re.DOTALL,
)
Sign = Literal["=", ">", ">=", "<", "<="]
_SIGNS: Final[Mapping[str, Sign]] = {
    ">=": ">=",
    "≥": ">=",
    "at least": ">=",
    "<=": "<=",
    "≤": "<=",
    "at most": "<=",
    ">": ">",
    "more than": ">",
    "<": "<",
    "less than": "<",
}
End = str | float
Ends = str | tuple[End | None, End | None]


@final
@dataclass(frozen=True, slots=True)
class Published:
    """One figure, in the unit of the quantity that it is about.

    Attributes
    ----------
    value, half_unit : the figure, and half a unit of its last significant digit
    sign : "=", or of a bound (">" in "more than 1 TB/s")
    text : as it was written, unit included
    unit, scale : unit of the text; a value of the quantity times `scale` is in that unit
    bare : whether a number was given, whose digits say nothing about its rounding
    """

    value: float
    half_unit: float
    sign: Sign
    text: str
    unit: Unit
    scale: float
    bare: bool = False


@final
@dataclass(frozen=True, slots=True)
class Accepted:
    """The results that agree with a figure: `low` to `high`, in the unit of the quantity.

    `relative` is the tolerance as a share of the figure, None about 0; `text` says where it comes
    from.
    """

    low: float
    high: float
    relative: float | None
    text: str

    def at_edge(self, value: float, figure: float) -> bool:
        """Whether a value lies within the last fifth of the way from the figure to the end of what
        agrees with it; never for a bound, which has one end and no tolerance."""
        if math.isinf(self.low) or math.isinf(self.high):
            return False
        end = self.high if value > figure else self.low
        return abs(value - figure) > (1.0 - _EDGE) * abs(end - figure) > 0.0


def read(value: End, unit: Unit) -> Published:
    """The figure that a text or a number means for a quantity in `unit`.

    Raises UsageError for text that is no figure, UnitError for a unit that does not fit.

    >>> from guessmodel.units import parse
    >>> read("at least 1.20 USD/hour", parse("USD/day"))
    Published(value=28.799999999999997, half_unit=0.12, sign='>=', text='at least 1.20 USD/hour',
    unit=Unit('USD/hour'), scale=0.041666666666666664, bare=False)
    """
    if not isinstance(value, str):
        return _bare(value, unit)
    bound = _BOUND.fullmatch(value.strip())
    if bound is None:
        return _fitted(parse_figure(value), "=", value.strip(), unit)
    return _fitted(parse_figure(bound["figure"]), _SIGNS[bound["sign"]], value.strip(), unit)


def read_range(value: Ends, unit: Unit) -> tuple[Published | None, Published | None]:
    """Both ends of an interval: text such as "240 to 720 USD/day", or a pair of which one end may
    be None where nothing is said of it. Errors as in `read`."""
    if isinstance(value, str):
        written = parse_range(value)
        low, high = (
            _fitted(figure, "=", _complete(figure), unit) for figure in (written.low, written.high)
        )
        return low, high
    if not isinstance(value, Sequence) or len(value) != 2 or all(end is None for end in value):
        raise UsageError(
            f"{value!r} is no interval; write '240 to 720 USD/day', or a pair such as "
            "(240, 720) or (None, '720 USD/day')"
        )
    ends = [None if end is None else read(end, unit) for end in value]
    first, last = ends
    if first is not None and last is not None and first.value > last.value:
        raise UsageError(f"{first.text} to {last.text} starts above its end; swap the ends")
    return first, last


def accepted(
    figure: Published, *, rtol: float | None, log10_tol: float | None, inferred: bool
) -> Accepted:
    """The results that agree with a figure.

    A tolerance that is given counts. Otherwise a bound has none, and any other figure the
    rounding of its text, at most 15%, where all inputs are stated by the source, and 15% where
    one is inferred.
    """
    value = figure.value
    size = abs(value)
    if log10_tol is not None:
        spread = 10.0**log10_tol
        low, high = sorted((value / spread, value * spread))
        relative: float | None = spread - 1.0
        text = f"±{log10_tol:g} OOM, orders of magnitude"
    else:
        if rtol is not None:
            relative, text = rtol, f"±{_percent(rtol)}"
        elif figure.sign != "=":
            relative, text = 0.0, "none, a bound"
        elif inferred:
            relative, text = INFERRED, f"±{_percent(INFERRED)}, an input is inferred"
        else:
            rounding = figure.half_unit / size if size else math.inf
            relative = min(rounding, INFERRED)
            text = f"±{_percent(relative)}, its rounding"
        if not size and rtol is None and figure.sign == "=":
            relative, reach = None, figure.half_unit
            text = f"±{format_number(figure.half_unit * figure.scale)}, its rounding"
        else:
            reach = (relative or 0.0) * size
        low, high = value - reach, value + reach
    fuzz = _ROUNDING * size
    if figure.sign in (">", ">="):
        strict = figure.sign == ">" and low == value
        return Accepted(low + fuzz if strict else low - fuzz, math.inf, relative, text)
    if figure.sign in ("<", "<="):
        strict = figure.sign == "<" and high == value
        return Accepted(-math.inf, high - fuzz if strict else high + fuzz, relative, text)
    return Accepted(low - fuzz, high + fuzz, relative, text)


def _bare(value: float, unit: Unit) -> Published:
    figure = float(value) if is_number(value) and abs(value) <= 1e308 else math.nan
    if isinstance(value, bool) or not math.isfinite(figure):
        raise UsageError(f"{value!r} is no figure; write text such as '160K USD'")
    text = with_unit(f"{figure:g}", str(unit))
    return Published(figure, 0.0, "=", text, unit, 1.0, bare=True)


def _fitted(figure: Figure, sign: Sign, text: str, unit: Unit) -> Published:
    if figure.unit == DIMENSIONLESS and not unit.is_plain:
        raise UnitError(f"{text!r} has no unit; write '{text} {unit}'")
    if not compatible(figure.unit, unit):
        if not str(unit):
            raise UnitError(f"{text!r} has a unit, and the quantity is a plain number")
        raise UnitError(f"{text!r} does not fit a quantity in {unit}")
    to_own = conversion(figure.unit, unit)
    shown = (
        unit if to_own.offset else figure.unit
    )  # degC to degF needs an offset, not a factor alone
    scale = factor(unit, shown)
    return Published(
        to_own.apply(figure.value),
        figure.half_unit * to_own.factor,
        sign,
        text,
        shown,
        scale,
    )


def _complete(figure: Figure) -> str:
    """One end of a range with the unit that only the other end may show."""
    own = parse_figure(figure.text).unit
    return figure.text if own == figure.unit else f"{figure.text} {figure.unit}"


def _percent(share: float) -> str:
    return f"{format_number(100 * share, 2)}%"

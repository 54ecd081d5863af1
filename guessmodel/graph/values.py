"""Numbers as they come from a user: what is one, and what only looks like one."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from guessmodel.attributes import Told
from guessmodel.errors import GuessmodelError, Location, WrongKind, article, caller
from guessmodel.numerics.arrays import FloatArray
from guessmodel.words import COUNTED_IN_DAYS, is_date

__all__ = [
    "NoOperand",
    "in_short",
    "instead_of_percent",
    "is_number",
    "is_whole",
    "number",
    "numbers",
    "written_as",
]

_REAL = "biuf"  # NumPy's kinds: truth values, integers, floats


class NoOperand(Told, ABC):
    """Abstract: what looks like a number but is wrong in a formula, such as a statistic, whose
    error a formula would lose. WrongKind, as soon as somebody calculates with it or compares it."""

    __slots__ = ()

    @abstractmethod
    def no_operand(self) -> str:
        """Why it is refused, and what to write."""

    def _no_arithmetic(self, *_: object, **__: object) -> NoReturn:
        raise WrongKind(self.no_operand(), caller())

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _no_arithmetic
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __pow__ = _no_arithmetic
    __rpow__ = __mod__ = __neg__ = __abs__ = __lt__ = __le__ = __gt__ = __ge__ = _no_arithmetic
    __rmod__ = __divmod__ = __rdivmod__ = __pos__ = __round__ = __trunc__ = __int__ = _no_arithmetic
    __matmul__ = __rmatmul__ = __array_ufunc__ = _no_arithmetic

    if not TYPE_CHECKING:  # which shall tell that it is no number

        def __float__(self) -> float:
            return self._no_arithmetic()


def number(value: Any, where: Location | None = None) -> float:
    """A real number as a float.

    Raises WrongKind for what has an imaginary part, for bytes and other buffers (which `float`
    would read as text), for a statistic, for what is no number, and for a finite number beyond
    the floats.
    """
    kind = type(value).__name__
    if isinstance(value, NoOperand):
        raise WrongKind(value.no_operand(), where)
    if (instead := _of_time(value)) is not None:
        raise WrongKind(f"{article(kind)} is neither a number nor a quantity; {instead}", where)
    if isinstance(value, np.generic | np.ndarray):
        if value.dtype.kind not in _REAL or value.ndim > 0:
            raise WrongKind(f"a {kind} of {value.dtype} is neither a number nor a quantity", where)
    elif not (hasattr(type(value), "__float__") or hasattr(type(value), "__index__")):
        what = "None" if value is None else article(kind)
        raise WrongKind(f"{what} is neither a number nor a quantity", where)
    try:
        with np.errstate(all="ignore"):
            read = float(value)
            beyond = math.isinf(read) and not bool(value == read)
    except OverflowError:
        beyond = True
    except GuessmodelError as error:  # a quantity
        told = "a quantity stands where a number is needed; write the number, and its unit as unit="
        raise WrongKind(told, where) from error
    except Exception as error:
        told = f"a {kind} that cannot be made a number ({type(error).__name__})"
        raise WrongKind(told, where) from error
    if beyond:
        told = f"a {kind} beyond 1.8e308 is too large for a number; choose a larger unit"
        raise WrongKind(told, where)
    return read


def _of_time(value: object) -> str | None:
    """What to write for a date or a span of time; None for what is neither."""
    if isinstance(value, np.datetime64) or hasattr(value, "strftime"):
        return COUNTED_IN_DAYS
    if isinstance(value, np.timedelta64):
        return "write gm.constant(3, 'day')"
    if isinstance(value, timedelta):
        return f"write gm.constant({value / timedelta(days=1):.12g}, 'day')"
    return None


def numbers(values: Any, where: Location | None = None) -> FloatArray:
    """An array of real numbers, None as nan; WrongKind, as `number`, for other arrays."""
    array = np.asarray(values)
    if array.dtype.kind in _REAL and array.dtype.itemsize <= 8:
        return array.astype(np.float64)
    if array.dtype.kind not in _REAL and array.dtype.kind != "O":
        raise WrongKind(f"an array of {array.dtype} holds no numbers", where)
    flat = [math.nan if x is None else number(x, where) for x in array.ravel()]
    return np.array(flat, dtype=np.float64).reshape(array.shape)


def is_number(value: object) -> bool:
    """Whether it is a number of Python's or NumPy's, and no array."""
    kinds = int | float | np.integer | np.floating
    return isinstance(value, kinds) and not isinstance(value, np.timedelta64)


def is_whole(value: object) -> bool:
    """Whether it is a whole number, such as 8, 1e6 or one of NumPy's; True is none."""
    if isinstance(value, int | np.integer):
        return is_number(value) and not isinstance(value, bool)
    return isinstance(value, float | np.floating) and float(value).is_integer()


def instead_of_percent(value: float, name: str = "") -> str:
    """A hint for who writes a share in percent; none for other numbers.

    >>> instead_of_percent(95), instead_of_percent(80, "mass="), instead_of_percent(-1)
    ('; write 0.95', '; write mass=0.8', '')
    """
    return f"; write {name}{value / 100:g}" if 1.0 < value < 100.0 else ""


def written_as(text: str | bytes) -> str:
    """What to write in place of a text that stands where a quantity should.

    >>> written_as("5"), written_as("5 USD"), written_as("USD")
    ('5', "gm.constant('5 USD')", "a number, or unit='USD' for a unit")
    """
    plain = text.strip() if isinstance(text, str) else ""
    if is_date(plain):
        return f"no date: {COUNTED_IN_DAYS}"
    try:
        float(plain)
    except ValueError:
        figure = plain[:1] in {*"0123456789.-+$€"} - {""}
        return f"gm.constant({text!r})" if figure else f"a number, or unit={text!r} for a unit"
    return plain


def in_short(value: Any) -> str:
    """A number, or the first four of an array, for messages."""
    if np.ndim(value):
        return "[" + ", ".join(f"{x:g}" for x in np.ravel(value)[:4]) + "]"
    try:
        return f"{float(value):g}"
    except OverflowError:
        return "a number beyond 1.8e308"

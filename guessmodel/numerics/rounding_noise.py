"""Which spread is only rounding error: what is constant in exact arithmetic, as sin² + cos² is."""

from __future__ import annotations

__all__ = ["only_rounding"]

_UNITS = 1 << 10  # in the last place: some hundred roundings, and no figure that people know
_EPSILON = 2.0**-52


def only_rounding(low: float, high: float) -> bool:
    """Whether numbers from `low` to `high` are one number, but for the rounding of arithmetic.

    They are where they differ by less than 1024 units in the last place, 2.3e-13 of the larger one.
    (The most precise constant of nature is known to 1e-12 of its value.) Noise around 0, as that
    of a difference of two such numbers, cannot be told from small numbers.

    >>> only_rounding(1 - 2**-53, 1.0), only_rounding(1.0, 1 + 1e-12), only_rounding(3.0, 3.0)
    (True, False, True)
    """
    # Each end apart, as the difference of two large ones may be infinite.
    size = max(abs(low), abs(high))
    return high / 2.0 - low / 2.0 <= _UNITS / 2.0 * _EPSILON * size if size else True

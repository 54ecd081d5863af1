"""What a range, such as 5 to 8, says of a family."""

from __future__ import annotations

from typing import Final

__all__ = ["BOUNDS", "INTERVALS"]

BOUNDS: Final = frozenset(
    {"arcsine", "double_triangular", "loguniform", "pert", "triangular", "uniform"}
)
"""Families of which it is the bounds."""
INTERVALS: Final = frozenset(
    {
        *("beta", "cauchy", "gamma", "inverse_gamma", "logistic", "lognormal", "normal"),
        *("pareto", "weibull"),
    }
)
"""Families of which it is the central 90% interval. Of all others it says nothing."""

"""Points: from names to components of nets, to strata, to draws."""

from __future__ import annotations

from guessmodel.graph.variates import (
    CAUCHY,
    EXPONENTIAL,
    LOGISTIC,
    NORMAL,
    UNIFORM,
    QuantileFunction,
)
from guessmodel.sampling.create import METHODS, design
from guessmodel.sampling.design import Design, Replicate, Stream
from guessmodel.sampling.slots import assign

__all__ = [
    "CAUCHY",
    "EXPONENTIAL",
    "LOGISTIC",
    "METHODS",
    "NORMAL",
    "UNIFORM",
    "Design",
    "QuantileFunction",
    "Replicate",
    "Stream",
    "assign",
    "design",
]

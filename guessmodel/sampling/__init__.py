"""Points: from names to components of nets, to strata, to draws."""

from __future__ import annotations

from guessmodel.sampling.create import METHODS, design
from guessmodel.sampling.design import Design, Replicate, Stream
from guessmodel.sampling.slots import assign
from guessmodel.sampling.source import CAUCHY, EXPONENTIAL, LOGISTIC, NORMAL, UNIFORM, Source

__all__ = [
    "CAUCHY",
    "EXPONENTIAL",
    "LOGISTIC",
    "METHODS",
    "NORMAL",
    "UNIFORM",
    "Design",
    "Replicate",
    "Source",
    "Stream",
    "assign",
    "design",
]

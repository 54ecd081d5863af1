"""Points: from names to components of nets, to strata, to draws."""

from __future__ import annotations

from guessmodel.sampling.create import METHODS, design
from guessmodel.sampling.design import Design, Replicate, Stream

__all__ = ["METHODS", "Design", "Replicate", "Stream", "design"]

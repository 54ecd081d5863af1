"""What by_parts knows of a quantity at a coordinate."""

from __future__ import annotations

from typing import NamedTuple, final

from guessmodel.numerics.central_moments import CentralMoments

__all__ = ["Part", "moments_of"]


@final
class Part(NamedTuple):
    """A quantity at a coordinate.

    Attributes
    ----------
    free : the variates behind it that are not sampled, as bits (see `VariateSets`)
    moments : given the variates that are sampled; None where they are not known
    """

    free: int
    moments: CentralMoments | None


def moments_of(part: Part) -> CentralMoments:
    """The moments of a part that is known to have them."""
    assert part.moments is not None
    return part.moments

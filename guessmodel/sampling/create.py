"""A design by the name of its method."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Final

from guessmodel.errors import UsageError, did_you_mean
from guessmodel.sampling.design import Design, Stream
from guessmodel.sampling.nets import NetDesign

__all__ = ["METHODS", "design", "today", "usual_samples"]

METHODS: Final = ("nets", "lhs", "random")
_USUAL: Final = 1 << 16
_FEWEST: Final = 1 << 12
_NUMBERS: Final = 20_000_000  # of all quantities that have a name


def today(method: str) -> str:
    """The name of a method today: nets were Sobol' once, and "sobol" is still taken for them."""
    return "nets" if method == "sobol" else method


def usual_samples(coordinates: int) -> int:
    """Draws of a run that does not say how many, for so many named quantities, label by label.

    65,536; halved while these would be more than 20 million numbers, but at least 4,096.

    >>> [usual_samples(coordinates) for coordinates in (1, 305, 306, 2_000, 1_000_000)]
    [65536, 65536, 32768, 8192, 4096]
    """
    samples = _USUAL
    while samples > _FEWEST and samples * coordinates > _NUMBERS:
        samples //= 2
    return samples


def design(
    method: str,
    n: int,
    seed: int,
    streams: Iterable[Stream],
    *,
    universe: Iterable[str] = (),
    ordered: bool = False,
) -> Design:
    """Points for these streams.

    Parameters
    ----------
    method : str
        "nets" (randomised polynomial lattice rules; "sobol" is taken for it), "lhs" (Latin
        hypercubes) or "random" (independent draws).
    n : int
        Draws wanted. Rounded up to 8 times a power of two for "nets", to a multiple of 8 for the
        others; see `Design.n`.
    seed : int
        Any integer.
    streams : iterable of Stream
        Their order does not matter to the draws.
    universe : iterable of str
        Scalar keys of another version of the model, among which "nets" shall assign components as
        well, so that both versions see common draws.
    ordered : bool
        "nets" gives the streams its first components in their own order: a better net for an
        estimate of its own, whose draws nobody sees or compares.

    Raises
    ------
    UsageError
        If the method is unknown, or `n` is not positive.

    Examples
    --------
    >>> from guessmodel.graph.variates import NORMAL
    >>> from guessmodel.sampling import Stream
    >>> points = design("nets", 1000, seed=0, streams=[Stream(("cost",), False, (NORMAL,))])
    >>> points.replicates, points.size, points.n
    (8, 128, 1024)
    """
    n, seed = operator.index(n), operator.index(seed)
    if n < 1:
        raise UsageError(f"{n} draws: write a number from 1 upwards")
    method = today(method)
    if method == "nets":
        return NetDesign.create(n, seed, streams, universe, ordered=ordered)
    if method == "lhs":
        from guessmodel.sampling.latin import LatinHypercubeDesign

        return LatinHypercubeDesign.create(n, seed, streams)
    if method == "random":
        from guessmodel.sampling.iid import RandomDesign

        return RandomDesign.create(n, seed, streams)
    known, hint = ", ".join(METHODS), did_you_mean(method, [*METHODS, "sobol"])
    raise UsageError(f"no sampling method '{method}' (there are {known}){hint}")

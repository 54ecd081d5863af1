"""What a claim tests: that we multiply as the source does, that a model of ours can have its
figure, that it follows without having been in view, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args

from guessmodel.errors import Location, UsageError, did_you_mean
from guessmodel.graph.dims import Label
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.provenance import rests_on_inference
from guessmodel.graph.quantity import Quantity

__all__ = ["KINDS", "ClaimKind", "check_declared", "kind_of"]

ClaimKind = Literal["arithmetic", "reconstruction", "prediction", "echo"]
"""Of a claim. arithmetic: all inputs are stated by a source. reconstruction: some are inferred,
with the published figure in view. prediction: some are inferred, independently of it. echo: it is
about an input itself, and tests nothing but its entry."""

KINDS: Final[tuple[ClaimKind, ...]] = get_args(ClaimKind)
_INFERRED = ("reconstruction", "prediction")


def kind_of(
    subjects: Sequence[Quantity],
    labels: Mapping[str, Label],
    declared: ClaimKind | None,
    *,
    joint: bool = False,
) -> ClaimKind:
    """What is declared, else worked out; inferred inputs make a reconstruction, for whoever infers
    knows the figure unless they say otherwise."""
    alone = joint or len(subjects) == 1  # a quotient of two inputs is computed
    if declared == "echo" or (alone and all(map(_is_input, subjects))):
        return "echo"
    if not rests_on_inference(subjects, labels):
        return "arithmetic"
    return declared if declared in _INFERRED else "reconstruction"


def check_declared(
    declared: ClaimKind | None,
    subjects: Sequence[Quantity],
    labels: Mapping[str, Label],
    scenario: str | None,
    where: Location,
) -> None:
    """Raise UsageError for a kind that is none, or one that the inputs contradict."""
    if declared is None:
        return
    if declared not in KINDS:
        hint = did_you_mean(str(declared), list(KINDS)) or f"; kinds are {', '.join(KINDS)}"
        raise UsageError(f"kind={declared!r} is no kind of claim{hint}", where)
    if scenario is not None or declared == "echo":
        return  # a scenario has other inputs, which are looked at when it is checked
    inferred = rests_on_inference(subjects, labels)
    if inferred and declared == "arithmetic":
        raise UsageError(
            "kind='arithmetic', but an input is inferred; write 'prediction' if it was chosen "
            "independently of this figure, else leave kind= out",
            where,
        )
    if not inferred and declared in _INFERRED:
        raise UsageError(
            f"kind='{declared}', but no input is inferred: this is arithmetic; leave kind= out",
            where,
        )


def _is_input(quantity: Quantity) -> bool:
    while isinstance(quantity.operation, Convert):
        quantity = quantity.operands[0]
    return quantity.kind != "derived"

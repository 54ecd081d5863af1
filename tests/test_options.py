"""Options that several functions take: shown one by one, and what is none of them refused."""

from __future__ import annotations

import inspect
from typing import Any, TypedDict, Unpack

import pytest

from guessmodel.errors import WrongKind
from guessmodel.options import refuse_unknown, taking


class Paint(TypedDict, total=False):
    colour: str | None
    coats: int


class Frame(Paint, total=False):
    width: float


DEFAULTS = {"width": 1.5, "colour": None, "coats": 1}


@taking(Paint, DEFAULTS)
def wall(height: float, **options: Unpack[Paint]) -> dict[str, Any]:
    """How a wall is painted."""
    refuse_unknown("wall", options)
    return {"height": height, **options}


@taking(Frame, DEFAULTS)
def window(**options: Unpack[Frame]) -> dict[str, Any]:
    refuse_unknown("window", options)
    return dict(options)


def test_a_signature_shows_the_options_of_its_own_in_order() -> None:
    assert str(inspect.signature(wall)) == (
        "(height: 'float', *, colour: 'str | None' = None, coats: 'int' = 1) -> 'dict[str, Any]'"
    )
    assert list(inspect.signature(window).parameters) == ["width", "colour", "coats"]
    assert wall.__doc__ == "How a wall is painted."


def test_only_what_is_given_arrives() -> None:
    assert wall(2, coats=3) == {"height": 2, "coats": 3}
    assert window(width=1) == {"width": 1}


def test_an_option_that_there_is_not_is_an_error_at_the_users_line() -> None:
    given: dict[str, Any] = {"colur": "red"}
    with pytest.raises(WrongKind) as caught:
        wall(2, **given)
    assert caught.value.message == (
        "wall has no colur=; did you mean 'colour'? It takes height, colour=, coats="
    )
    assert caught.value.where is not None and caught.value.where.file == __file__
    with pytest.raises(WrongKind, match="wall has no width=; it takes height, colour=, coats="):
        wall(2, width=1)  # type: ignore[call-arg]
    with pytest.raises(WrongKind, match="wall needs height; it takes height, colour=, coats="):
        wall()  # type: ignore[call-arg]


def test_forms_stand_in_place_of_the_arguments() -> None:
    with pytest.raises(
        WrongKind, match=r"wall has no heigth=; did you mean 'height'\? It takes \(h"
    ):
        refuse_unknown("wall", {"heigth": 1}, forms="(height) or (high=, low=)")


def test_what_has_no_such_options_refuses_by_its_signature() -> None:
    refuse_unknown("no such function", {"colour": "red"})

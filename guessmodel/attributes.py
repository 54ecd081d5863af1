"""What is no attribute of an object, and no number: told with what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from guessmodel import words
from guessmodel.errors import NoAttribute, WrongKind, article, caller, did_you_mean

__all__ = ["Told"]

_PLACE = re.compile(r"(.?[<>^])?[0-9]*s?", re.DOTALL)  # of a text in its column


class Told:
    """Abstract: what is no attribute of it, and how its numbers are written in a text, is told with
    what to write instead."""

    __slots__ = ()

    if not TYPE_CHECKING:  # which shall tell what is no attribute

        def __getattr__(self, name: str) -> NoReturn:
            kind = type(self).__name__
            told = f"{article(kind)} has no attribute '{name}'"
            if name.startswith("_"):  # asked for by Python and libraries, to see what it can do
                raise AttributeError(told)
            instead = self._named(name) or words.attribute_instead(kind, name)
            own = [each for each in dir(type(self)) if not each.startswith("_")]
            hint = f"; write {instead}" if instead else did_you_mean(name, own)
            raise NoAttribute(told + hint, caller())

    def _named(self, name: str) -> str | None:
        """What to write where it knows something by this name, other than as an attribute."""
        return None

    def __format__(self, spec: str) -> str:
        if spec and _PLACE.fullmatch(spec) is None:
            kind = type(self).__name__
            instead = words.FORMATTED.get(kind)
            raise WrongKind(
                f"{article(kind)} is no number that could be written as {spec!r}"
                + (f"; write {instead}" if instead else "; its numbers can"),
                caller(),
            )
        return format(str(self), spec)

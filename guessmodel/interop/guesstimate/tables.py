"""What the tables of functions are made of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from guessmodel.interop.guesstimate.converting import Converted, Converter
from guessmodel.interop.guesstimate.formulas import Applied

__all__ = ["MANY", "Convert", "Function"]

MANY: Final = sys.maxsize
Convert: TypeAlias = Callable[[Converter, Applied], Converted]


@final
@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments a function takes, and how a call of it is written."""

    least: int
    most: int
    convert: Convert

    @property
    def takes(self) -> str:
        """The number of arguments, in words."""
        if self.most == MANY:
            return f"{self.least} arguments or more"
        if self.least < self.most:
            return f"{self.least} to {self.most} arguments"
        return f"{self.least} argument{'s' * (self.least != 1)}"

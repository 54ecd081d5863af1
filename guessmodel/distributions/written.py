"""Whether a quantity was written inside a call, so that nothing else in the file can name it."""

from __future__ import annotations

import opcode
from collections.abc import Iterable
from operator import attrgetter
from types import CodeType
from typing import Final

from guessmodel.errors import Location
from guessmodel.graph.quantity import Constant, Quantity, Variate
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import reached

__all__ = ["is_written_inside"]

# Where an instruction stands: first and last line, first and last column.
_Span = tuple[int | None, int | None, int | None, int | None]

_COPY: Final = opcode.opmap["COPY"]
_KEPT: Final = 16
_positions: dict[int, tuple[CodeType, list[_Span]]] = {}


def is_written_inside(nodes: Iterable[Quantity], call: Location) -> bool:
    """Whether all that some quantities are made of was written between the brackets of a call: by
    calls that stand there themselves, from plain numbers, without a name.

    What a function returns that is defined elsewhere was not, nor what an earlier round of a loop
    made. Where Python keeps no columns (`-X no_debug_ranges`), only what stands on the first line
    of the call was.
    """
    if call.code is None:
        return False
    span = _span(call.code, call.instruction)
    for node in reached(nodes, attrgetter("operands")):
        where = node.location
        if isinstance(node.operation, Scores):
            return False  # normal scores are shared by several draws
        if isinstance(node.operation, Constant) and node.operation.literal:
            continue
        if node.name is not None:
            return False
        if where.code is call.code and where.instruction == call.instruction:
            if isinstance(node.operation, Variate):
                return False  # made by this call in an earlier round of a loop
        elif where.code is None or not _inside(where, where.code, call.code, span):
            return False
    return True


def _inside(where: Location, code: CodeType, outer: CodeType, span: _Span) -> bool:
    first, last, first_column, last_column = span
    line, end, column, end_column = _span(code, where.instruction)
    if None in (last, first_column, last_column, end, column, end_column):
        if line is None or line != first:
            return False
    elif not ((first, first_column) <= (line, column) and (end, end_column) <= (last, last_column)):
        return False
    # At a prompt, each text has the same file name and begins at line 1.
    return _holds(outer, code) and not _is_kept(code, where.instruction)


def _holds(outer: CodeType, code: CodeType) -> bool:
    """Whether code is the outer one, or of a comprehension or function in it."""
    if outer is code:
        return True
    inner = (each for each in outer.co_consts if isinstance(each, CodeType))
    return any(_holds(each, code) for each in inner)


def _is_kept(code: CodeType, instruction: int) -> bool:
    """Whether the result is given a name on the spot, as in `(loss := gm.normal(1, 2))`."""
    following = code.co_code[instruction + 2 :: 2]
    return next((each for each in following if each), 0) == _COPY  # 0: room for Python's caches


def _span(code: CodeType, instruction: int) -> _Span:
    known = _positions.get(id(code))
    if known is None:
        if len(_positions) >= _KEPT:
            _positions.clear()
        # The code is kept as well, so that no other code can get its id.
        known = _positions[id(code)] = code, list(code.co_positions())
    return known[1][instruction // 2]

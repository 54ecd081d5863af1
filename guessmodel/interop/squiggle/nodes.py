"""What a script comes to: an expression of the model file, and the quantity that it stands for.

Running a script makes a graph of nodes. The writer turns the graph into Python, and statistics
that the script asks for are those of the quantities. Equal nodes are one quantity only if they are
one object, as with quantities.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, TypeAlias

import numpy as np

from guessmodel.distributions.draws import scalar_value
from guessmodel.distributions.mixture import mixture
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.proportions import as_proportions
from guessmodel.distributions.spelled import constructor
from guessmodel.errors import GuessmodelError
from guessmodel.graph import functions
from guessmodel.graph.bounded import filtered
from guessmodel.interop.squiggle.refusals import Refused

__all__ = [
    "FUNCTIONS",
    "OPERATORS",
    "Argument",
    "Node",
    "call",
    "fresh",
    "in_order",
    "limited",
    "literal",
    "operation",
    "parameter",
]

MOST_NODES: Final = 20_000

_serials = count()
_made_so_far: ContextVar[list[int] | None] = ContextVar("made", default=None)
_MOST_LEAVES = 4  # of arithmetic with literals, which is written as it stands: 60 * 60 * 24

OPERATORS: Final[dict[str, Callable[..., Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "&": operator.and_,
    "|": operator.or_,
    "~": operator.invert,
    "neg": operator.neg,
}
_DRAWS: Final = (
    *("bernoulli", "beta", "binomial", "cauchy", "empirical", "exponential", "gamma", "logistic"),
    *("lognormal", "mixture", "normal", "poisson", "triangular", "truncated", "uniform"),
)


def _mixture(components: Any, weights: Any) -> Any:
    """A mixture whose weights are proportions, as all are in Squiggle, also where they are below 1:
    here named numbers stand inside the call, where the model file has their names."""
    known = [each if isinstance(each, float) else scalar_value(each) for each in weights]
    sizes = [each for each in known if each is not None]
    told = as_proportions(sizes)
    scaled = len(sizes) == len(known) and told != sizes
    return mixture(components, told if scaled else weights)


_ELSEWHERE: Final[Mapping[str, Callable[..., Any]]] = {
    "constant": constant,
    "filtered": filtered,
    "mixture": _mixture,
}
FUNCTIONS: Final = (
    *_DRAWS,
    *(
        "abs",
        "ceil",
        "constant",
        "cos",
        "exp",
        "filtered",
        "floor",
        "log",
        "log10",
        "log2",
        "maximum",
    ),
    *("minimum", "sin", "sqrt", "tan", "where"),
)

Argument: TypeAlias = "Node | tuple[Node, ...]"


@dataclass(eq=False, slots=True, repr=False)
class Node:
    """A number, an operation or a call of a function of guessmodel.

    `value` is known of numbers and of arithmetic with them; nodes of a function that nobody
    calls depend on `parameter` nodes, and have no quantity.
    """

    form: str  # "number", "parameter", a symbol, or the name of a function
    arguments: tuple[Argument, ...] = ()
    keywords: tuple[tuple[str, Argument], ...] = ()
    value: float | None = None
    note: str = ""
    about: Node | None = None  # what the note is about
    hint: str = ""  # what the script calls it, where it has no name of its own
    bound: bool = False  # has a name in the model file
    used: bool = False  # of a shape: whether it has been mentioned
    plain: bool = False  # numbers only: what Python makes of it is a float, and no quantity
    folded: bool = False  # numbers only: what arithmetic came to that is not written out
    abstract: bool = False  # depends on a parameter
    serial: int = field(default_factory=lambda: next(_serials))
    _quantity: Any = None

    def __repr__(self) -> str:
        return f"<{self.hint or self.form} #{self.serial}>"

    @property
    def operands(self) -> tuple[Node, ...]:
        """All nodes that it is made of."""
        return tuple(self._operands())

    def _operands(self) -> Iterator[Node]:
        for argument in (*self.arguments, *(value for _, value in self.keywords)):
            if isinstance(argument, tuple):
                yield from argument
            else:
                yield argument

    @property
    def is_draw(self) -> bool:
        """Whether it is drawn anew, and not worked out from others."""
        return self.form in _DRAWS

    def bind(self) -> None:
        """Give it a name: from now on it is a quantity, also where it is a mere number."""
        self.bound = True
        self.plain = False
        if self.value is not None:
            self._quantity = constant(self.value)

    @property
    def quantity(self) -> Any:
        """The quantity, or the plain number, that it stands for."""
        assert not self.abstract
        return self.value if self.form == "number" and not self.bound else self._quantity

    def build(self) -> None:
        """Make the quantity; operands have theirs. Raises Refused where there can be none."""
        if self.abstract or self.form == "number":
            return
        if self.plain:
            self._quantity = self.value
            return
        positional = [_quantities(argument) for argument in self.arguments]
        keywords = {name: _quantities(value) for name, value in self.keywords}
        function = OPERATORS.get(self.form) or _function(self.form)
        try:
            with np.errstate(all="ignore"):
                self._quantity = function(*positional, **keywords)
        except GuessmodelError as error:
            raise Refused(error.message) from None
        except (ArithmeticError, TypeError, ValueError) as error:
            raise Refused(f"this cannot be calculated: {error}") from None


def _function(name: str) -> Callable[..., Any]:
    """A function of guessmodel's, by the name that it has in model files."""
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    found: Callable[..., Any] = constructor(name) if name in _DRAWS else getattr(functions, name)
    return found


def literal(value: float, note: str = "") -> Node:
    """A number."""
    return Node("number", value=value, plain=True, note=note)


def parameter(name: str) -> Node:
    """What a function is called with, which is not known."""
    return Node("parameter", hint=name, abstract=True)


def operation(symbol: str, *operands: Node, value: float | None = None) -> Node:
    """An operator applied to nodes. Arithmetic with literals is written out while it is short,
    and is the number that comes out otherwise."""
    plain = all(node.plain for node in operands)
    if plain and value is not None:
        folded = any(node.folded for node in operands)
        if folded or _leaves(*operands) > _MOST_LEAVES or not _safe(value):
            made = literal(value)
            made.folded = True
            return made
    return _made(Node(symbol, operands, value=value, plain=plain))


def call(
    function: str,
    *arguments: Argument,
    keywords: Mapping[str, Argument] | None = None,
    value: float | None = None,
) -> Node:
    """A function of guessmodel applied to nodes, or to lists of them."""
    assert function in FUNCTIONS
    return _made(Node(function, arguments, tuple((keywords or {}).items()), value=value))


def fresh(node: Node) -> Node:
    """A copy in which every draw is drawn anew, and named numbers stay what they are."""
    copies: dict[Node, Node] = {}
    for old in in_order(node):
        if old.value is not None or old.form == "parameter":
            copies[old] = old
            continue
        copies[old] = _made(
            Node(
                old.form,
                tuple(_replaced(argument, copies) for argument in old.arguments),
                tuple((name, _replaced(value, copies)) for name, value in old.keywords),
                hint=old.hint,
            )
        )
    return copies[node]


def in_order(node: Node, known: Container[Node] = ()) -> list[Node]:
    """The node and all that it is made of, operands first, without what is known and behind it."""
    seen = {node}
    stack = [node]
    while stack:
        for operand in stack.pop().operands:
            if operand not in seen and operand not in known:
                seen.add(operand)
                stack.append(operand)
    return sorted(seen, key=lambda one: one.serial)


def _replaced(argument: Argument, copies: dict[Node, Node]) -> Argument:
    if isinstance(argument, tuple):
        return tuple(copies[node] for node in argument)
    return copies[argument]


@contextmanager
def limited() -> Iterator[None]:
    """Refuse to make more than so many nodes, as copies of copies would be."""
    token = _made_so_far.set([0])
    try:
        yield
    finally:
        _made_so_far.reset(token)


def _made(node: Node) -> Node:
    count = _made_so_far.get()
    if count is not None:
        count[0] += not node.plain
    if count is not None and count[0] > MOST_NODES:
        raise Refused(f"the model would have more than {MOST_NODES:,} parts", final=True)
    node.abstract = any(operand.abstract for operand in node.operands)
    node.build()
    return node


def _quantities(argument: Argument) -> Any:
    if isinstance(argument, tuple):
        return [node.quantity for node in argument]
    return argument.quantity


def _leaves(*nodes: Node) -> int:
    return sum(_leaves(*node.operands) if node.operands else 1 for node in nodes)


def _safe(value: float) -> bool:
    """Whether Python, too, comes to this number, and soon: its whole numbers have no end."""
    return math.isfinite(value) and abs(value) < 1e15

"""Runs a script, with quantities for distributions. It reads no file and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast, final

from guessmodel.interop.squiggle.algebra import mention, number
from guessmodel.interop.squiggle.library import load
from guessmodel.interop.squiggle.library.registry import apply, arities, knows
from guessmodel.interop.squiggle.literals import read_number
from guessmodel.interop.squiggle.nodes import Node, call, in_order, literal
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.statistics import Statistics
from guessmodel.interop.squiggle.syntax import (
    Binary,
    Block,
    Branch,
    Call,
    Expression,
    Lambda,
    Listed,
    Literal,
    Lookup,
    Parameter,
    Record,
    Statement,
    Text,
    Truth,
    Unary,
    Variable,
)
from guessmodel.interop.squiggle.values import (
    Bool,
    Builtin,
    Closure,
    Date,
    Dict,
    Dist,
    Domain,
    List,
    Num,
    Picture,
    Poison,
    Scope,
    Str,
    Uncertain,
    Value,
    kind,
)

__all__ = ["Description", "Interpreter", "hint"]

MOST_STEPS: Final = 300_000
_STEPS_OF_DRAWS: Final = 10  # that the draws of one part of a quantity take as long as
DEEPEST: Final = 60  # expressions and calls inside one another
LONGEST: Final = 10_000  # elements of a list, characters of a text

_INFIX: Final = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "^": "pow",
    ".+": "Dist.dotAdd",
    ".-": "Dist.dotSubtract",
    ".*": "Dist.dotMultiply",
    "./": "Dist.dotDivide",
    ".^": "Dist.dotPow",
    "&&": "and",
    "||": "or",
    "==": "equal",
    "!=": "unequal",
    "<": "smaller",
    "<=": "smallerEq",
    ">": "larger",
    ">=": "largerEq",
    "to": "to",
}
_PREFIX: Final = {"-": "unaryMinus", "!": "not", ".-": "unaryDotMinus"}
_PICTURES: Final = frozenset(("Plot", "Table", "Scale", "Calculator", "Input", "Spec"))
_GRID: Final = "RelativeValues.gridPlot"


@dataclass(slots=True)
class Description:
    """What a script says of a value: `@name` and `@doc`."""

    title: str = ""
    text: str = ""


@final
class Interpreter:
    """The state of one import: how much was done, and what there is to say about it."""

    def __init__(self) -> None:
        self.library = load()
        self.remarks: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.descriptions: dict[Node, Description] = {}
        self.called: set[int] = set()
        self.samples = False
        self._statistics = Statistics()
        self._steps = 0
        self._depth = 0

    # --- what statements ask for ------------------------------------------------------------------

    def value(self, expression: Expression, scope: Scope) -> Value:
        """What an expression comes to. Raises Refused, with the place."""
        self._depth += 1
        try:
            self._spend(1)
            if self._depth > DEEPEST:
                raise Refused(f"more than {DEEPEST} calls inside one another")
            evaluate = cast(Callable[[Any, Scope], Value], self._evaluators[type(expression)])
            return evaluate(self, expression, scope)  # type: ignore[call-arg, arg-type]
        except Refused as refused:
            raise refused.at(expression.place) from None
        except RecursionError:
            raise Refused("the script is nested too deeply", expression.place) from None
        finally:
            self._depth -= 1

    def assigned(self, statement: Statement, scope: Scope) -> tuple[Value, Description]:
        """The value that a statement binds, and what its decorators say about it."""
        value = self.value(statement.value, scope)
        description = Description()
        for decorator in reversed(statement.decorators):
            if decorator.name not in ("name", "doc"):
                if not knows(f"Tag.{decorator.name}"):
                    raise Refused(f"@{decorator.name} is not defined", decorator.place)
                self.dropped[f"@{decorator.name}"] += 1
                continue
            texts = [self.value(argument, scope) for argument in decorator.arguments]
            if len(texts) != 1 or not isinstance(texts[0], Str):
                raise Refused(f"@{decorator.name} takes a String", decorator.place)
            if decorator.name == "name":
                description.title = texts[0].value
            else:
                description.text = texts[0].value
        return value, description

    def means(self, name: str) -> bool:
        """Whether a name has a meaning in the language."""
        return name in self.library or knows(name)

    # --- what library functions ask for -----------------------------------------------------------

    def call(self, function: Value, arguments: Sequence[Value]) -> Value:
        """The value of a function."""
        if isinstance(function, Builtin):
            if _is_picture(function.name):
                self.dropped[function.name] += 1
                return Picture()
            return apply(self, function.name, arguments)
        if not isinstance(function, Closure):
            raise Refused(f"a {kind(function)} cannot be called")
        code = function.code
        if len(arguments) != len(code.parameters):
            raise Refused(
                f"{code.name or 'the function'} takes {len(code.parameters)} arguments, and not "
                f"{len(arguments)}"
            )
        scope = Scope(function.scope)
        for parameter, domain, value in zip(
            code.parameters, function.domains, arguments, strict=True
        ):
            if domain is not None:
                _check_domain(parameter.name, domain, value)
            hint(value, parameter.name)
            scope.names[parameter.name] = value
        self.called.add(id(code))
        return self.value(code.body, scope)

    def accepts(self, function: Value, number: int) -> bool:
        """Whether a function takes so many arguments."""
        if isinstance(function, Closure):
            return len(function.code.parameters) == number
        return isinstance(function, Builtin) and arities(function.name, number)

    def statistic(self, name: str, node: Node, level: float = 0.0) -> Num:
        """A statistic of a quantity, as a constant."""
        if not self._statistics.knows(name, node, level):
            self._spend(_STEPS_OF_DRAWS * len(in_order(node)))
            self.remark("a statistic that is used as a number is a constant now")
        number = self._statistics.of(name, node, level)
        if number.node.note.endswith("does not exist"):
            self.remark(number.node.note.format(node.hint or "a distribution"))
        return number

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Sample in the meantime."""
        before, self.samples = self.samples, True
        try:
            yield
        finally:
            self.samples = before

    def remark(self, text: str) -> None:
        """Say something about the import in its summary."""
        (self.dropped if text.startswith("@") else self.remarks)[text] += 1

    def describe(self, value: Value, *, title: str = "", text: str = "") -> None:
        """Keep a title or a description for when the value is written."""
        if isinstance(value, Num | Dist):
            known = self.descriptions.setdefault(value.node, Description())
            known.title = title or known.title
            known.text = text or known.text

    def check(self, amount: int) -> None:
        """Raise Refused if a list or text so long is too long."""
        if amount > LONGEST:
            raise Refused(f"a list or text of {amount:,} is longer than {LONGEST:,}")
        self._spend(max(amount, 0) // 10)

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise Refused(f"the script takes more than {MOST_STEPS:,} steps", final=True)

    # --- expressions ------------------------------------------------------------------------------

    def _literal(self, literal_: Literal, scope: Scope) -> Value:
        return read_number(literal_)

    def _text(self, text: Text, scope: Scope) -> Value:
        return Str(text.value)

    def _truth(self, truth: Truth, scope: Scope) -> Value:
        return Bool(truth.value)

    def _variable(self, variable: Variable, scope: Scope) -> Value:
        name = variable.name
        value = scope.find(name)
        if isinstance(value, Poison):
            raise Refused(f"{name} was refused", silent=True)
        if value is not None:
            return value
        if name in self.library:
            return number(self.library[name])
        if knows(name) or _is_picture(name):
            return Builtin(name)
        return apply(self, name, [])  # which says that there is none

    def _unary(self, unary: Unary, scope: Scope) -> Value:
        operand = self.value(unary.operand, scope)
        known = isinstance(operand, Num) and operand.node.form == "number" and operand.node.plain
        if unary.symbol == "-" and isinstance(operand, Num) and known:
            return Num(-operand.value, literal(-operand.value))
        return apply(self, _PREFIX[unary.symbol], [operand])

    def _binary(self, binary: Binary, scope: Scope) -> Value:
        value = self.value(binary.first, scope)
        for symbol, place, operand in binary.rest:
            other = self.value(operand, scope)
            try:
                value = apply(self, _INFIX[symbol], [value, other])
            except Refused as refused:
                raise refused.at(place) from None
        return value

    def _call(self, call_: Call, scope: Scope) -> Value:
        function = self.value(call_.function, scope)
        if isinstance(function, Builtin) and _is_picture(function.name):
            return self.call(function, [])  # what is only shown need not be worked out
        return self.call(function, [self.value(argument, scope) for argument in call_.arguments])

    def _lookup(self, lookup: Lookup, scope: Scope) -> Value:
        owner = self.value(lookup.owner, scope)
        key = self.value(lookup.key, scope)
        if isinstance(owner, Dict) and isinstance(key, Str):
            if key.value not in owner.items:
                known = ", ".join(list(owner.items)[:8]) or "none"
                raise Refused(f"the dict has no '{key.value[:40]}'; its keys: {known}")
            return _alive(owner.items[key.value])
        if isinstance(owner, List) and isinstance(key, Num):
            index = key.value
            if index != index // 1 or not 0 <= index < len(owner.items):
                raise Refused(f"a list of {len(owner.items)} has no element {index:g}")
            return _alive(owner.items[int(index)])
        raise Refused(f"a {kind(owner)} has no member by {kind(key)}")

    def _branch(self, branch: Branch, scope: Scope) -> Value:
        condition = self.value(branch.condition, scope)
        if isinstance(condition, Bool):
            self.remark("an if over constants was decided: only the branch that it took is here")
            return self.value(branch.then if condition.value else branch.otherwise, scope)
        if not isinstance(condition, Uncertain):
            raise Refused(f"a condition is a Boolean, and this is a {kind(condition)}")
        values = [self.value(part, scope) for part in (branch.then, branch.otherwise)]
        nodes = []
        for value in values:
            if not isinstance(value, Num | Dist):
                raise Refused(f"either branch has to give a number here, and not a {kind(value)}")
            nodes.append(mention(value))
        single = all(value.single for value in values if isinstance(value, Dist))
        return Dist(call("where", condition.node, *nodes), single=single)

    def _list(self, listed: Listed, scope: Scope) -> Value:
        return List(tuple(self.value(element, scope) for element in listed.elements))

    def _record(self, record: Record, scope: Scope) -> Value:
        items: dict[str, Value] = {}
        for key, value in record.entries:
            name = self.value(key, scope)
            if not isinstance(name, Str):
                raise Refused(f"a key is a String, and not a {kind(name)}", key.place)
            items[name.value] = self.value(value, scope)
        return Dict(items)

    def _lambda(self, lambda_: Lambda, scope: Scope) -> Value:
        domains = tuple(
            None if parameter.domain is None else self._domain(parameter.domain, scope)
            for parameter in lambda_.parameters
        )
        return Closure(lambda_, scope, domains)

    def _domain(self, expression: Expression, scope: Scope) -> Domain:
        value = self.value(expression, scope)
        if isinstance(value, Domain):
            return value
        ends = value.items if isinstance(value, List) else ()
        if len(ends) == 2:
            low, high = ends
            if isinstance(low, Num) and isinstance(high, Num) and low.value < high.value:
                return Domain(low.value, high.value, dates=False)
            if isinstance(low, Date) and isinstance(high, Date) and low.ms < high.ms:
                return Domain(low.ms, high.ms, dates=True)
        raise Refused("a domain is [low, high], both numbers or both dates", expression.place)

    def _annotated(self, parameter: Parameter, scope: Scope) -> Value:
        raise Refused("an annotation belongs to a parameter, not to a value")

    def _block(self, block: Block, scope: Scope) -> Value:
        inner = Scope(scope)
        for statement in block.statements:
            value, description = self.assigned(statement, inner)
            if description.title or description.text:
                self.describe(value, title=description.title, text=description.text)
            hint(value, statement.name)
            inner = inner.bound(statement.name, value, hides=self.means(statement.name))
        return self.value(block.value, inner)

    _evaluators: Final = {
        Literal: _literal,
        Text: _text,
        Truth: _truth,
        Variable: _variable,
        Unary: _unary,
        Binary: _binary,
        Call: _call,
        Lookup: _lookup,
        Branch: _branch,
        Listed: _list,
        Record: _record,
        Lambda: _lambda,
        Block: _block,
        Parameter: _annotated,
    }


def _is_picture(name: str) -> bool:
    return name.partition(".")[0] in _PICTURES or name == _GRID


def _alive(value: Value) -> Value:
    if isinstance(value, Poison):
        raise Refused("a member was refused", silent=True)
    return value


def hint(value: Value, name: str) -> None:
    """Remember what the script calls a value that it gives no name in the model file."""
    if isinstance(value, Num | Dist) and not value.node.bound and not value.node.hint:
        value.node.hint = name


def _check_domain(name: str, domain: Domain, value: Value) -> None:
    if isinstance(value, Dist) and value.single:
        return
    amount = (
        value.ms if isinstance(value, Date) else value.value if isinstance(value, Num) else None
    )
    if amount is None or isinstance(value, Date) != domain.dates:
        raise Refused(f"{name} is a {'Date' if domain.dates else 'Number'}, not a {kind(value)}")
    if not domain.low <= amount <= domain.high:
        raise Refused(f"{name} is outside its domain")

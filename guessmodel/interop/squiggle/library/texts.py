"""Texts, truth, and what works with any value."""

from __future__ import annotations

from guessmodel.interop.squiggle.algebra import Real, compared
from guessmodel.interop.squiggle.library.lists import same
from guessmodel.interop.squiggle.library.registry import (
    ANY,
    FUNCTION,
    NUMBER,
    SINGLE,
    TEXT,
    TRUTH,
    Runner,
    define,
    optional,
    unsupported,
)
from guessmodel.interop.squiggle.nodes import operation
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import (
    Bool,
    Duration,
    List,
    Num,
    Str,
    Uncertain,
    Value,
    kind,
)

__all__ = ["shown"]


def shown(value: Value) -> str:
    """A value as text, as the language shows it."""
    if isinstance(value, Str):
        return value.value
    if isinstance(value, Num):
        whole = value.value == value.value // 1 and abs(value.value) < 1e15
        return str(int(value.value)) if whole else f"{value.value!r}"
    if isinstance(value, Bool):
        return "true" if value.value else "false"
    if isinstance(value, List):
        return f"[{', '.join(map(shown, value.items))}]"
    if isinstance(value, Duration):
        return f"{value.ms / 86_400_000:.3g} days"
    raise Refused(f"the text of a {kind(value)} cannot be imported")


@define("String String.make", ANY)
def _text(run: Runner, value: Value) -> Value:
    return Str(shown(value))


@define("String String.make", NUMBER, TEXT)
def _formatted(run: Runner, value: Num, form: Str) -> Value:
    run.remark("numbers as text are written without their format")
    return Str(shown(value))


@define("concat add String.concat String.add", TEXT, ANY)
def _joined(run: Runner, a: Str, b: Value) -> Value:
    text = a.value + shown(b)
    run.check(len(text))
    return Str(text)


@define("String.split", TEXT, TEXT)
def _split(run: Runner, text: Str, separator: Str) -> Value:
    parts = text.value.split(separator.value) if separator.value else list(text.value)
    return List(tuple(map(Str, parts)))


# --- truth ----------------------------------------------------------------------------------------


@define("not Boolean.not", TRUTH)
def _not(run: Runner, value: Bool | Uncertain) -> Value:
    if isinstance(value, Bool):
        return Bool(not value.value)
    return Uncertain(operation("~", value.node))


@define("not Number.not", NUMBER)
def _zero(run: Runner, value: Num) -> Value:
    return Bool(value.value == 0)


def _enter_connectives() -> None:
    for name, symbol in (("and", "&"), ("or", "|")):

        @define(f"{name} Boolean.{name}", TRUTH, TRUTH)
        def connect(
            run: Runner, a: Bool | Uncertain, b: Bool | Uncertain, symbol: str = symbol
        ) -> Value:
            for one, other in ((a, b), (b, a)):
                if isinstance(one, Bool):  # true and x is x, false and x is false
                    return other if one.value == (symbol == "&") else one
            assert isinstance(a, Uncertain) and isinstance(b, Uncertain)
            return Uncertain(operation(symbol, a.node, b.node))


_enter_connectives()


def _enter_equality() -> None:
    for name, symbol in (("equal", "=="), ("unequal", "!=")):

        @define(name, SINGLE, SINGLE)
        def compare(run: Runner, a: Real, b: Real, symbol: str = symbol) -> Value:
            return compared(symbol, a, b)

        @define(name, ANY, ANY)
        def equal(run: Runner, a: Value, b: Value, symbol: str = symbol) -> Value:
            return Bool(same(a, b) == (symbol == "=="))


_enter_equality()


@define("typeOf", ANY)
def _type(run: Runner, value: Value) -> Value:
    return Str(kind(value))


@define("inspect", ANY, optional(TEXT))
def _inspected(run: Runner, value: Value, message: Str | None = None) -> Value:
    return value


@define("throw", optional(TEXT))
def _thrown(run: Runner, message: Str | None = None) -> Value:
    raise Refused(
        "the script throws" + (f": {message.value[:200]}" if message else ""), thrown=True
    )


@define("try", FUNCTION, FUNCTION)
def _tried(run: Runner, function: Value, fallback: Value) -> Value:
    try:
        return run.call(function, [])
    except Refused as refused:
        if not refused.thrown:
            raise
    return run.call(fallback, [])


# --- titles and descriptions ----------------------------------------------------------------------


@define("Tag.name", ANY, TEXT)
def _titled(run: Runner, value: Value, title: Str) -> Value:
    run.describe(value, title=title.value)
    return value


@define("Tag.doc", ANY, TEXT)
def _described(run: Runner, value: Value, text: Str) -> Value:
    run.describe(value, text=text.value)
    return value


def _enter_tags() -> None:
    dropped = "showAs format hide startOpen startClosed notebook location spec omit clear"
    for name in dropped.split():

        @define(f"Tag.{name}", ANY, optional(ANY), optional(ANY))
        def keep(run: Runner, value: Value, *rest: Value, name: str = name) -> Value:
            run.remark(f"@{name}")
            return value


_enter_tags()
unsupported(
    "Tag.getName Tag.getDoc Tag.getShowAs Tag.getExportData Tag.getSpec Tag.getFormat Tag.getHide "
    "Tag.getStartOpenState Tag.getNotebook Tag.getLocation Tag.getAll",
    "tags are not values in a model file",
)

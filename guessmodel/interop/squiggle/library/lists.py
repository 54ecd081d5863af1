"""Lists."""

from __future__ import annotations

from collections.abc import Callable

from guessmodel.interop.squiggle.algebra import number
from guessmodel.interop.squiggle.library.registry import (
    ANY,
    FUNCTION,
    LIST,
    NUMBER,
    TEXT,
    TEXTS,
    Runner,
    define,
    optional,
)
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Bool, Dict, Dist, List, Num, Str, Value, kind

__all__ = ["same"]


def same(a: Value, b: Value) -> bool:
    """Whether two values are equal, as `==` has it."""
    if kind(a) != kind(b):
        return False
    if isinstance(a, Num) and isinstance(b, Num):
        return a.value == b.value
    if isinstance(a, List) and isinstance(b, List):
        pairs = zip(a.items, b.items, strict=False)
        return len(a.items) == len(b.items) and all(same(x, y) for x, y in pairs)
    if isinstance(a, Dict) and isinstance(b, Dict):
        return a.items.keys() == b.items.keys() and all(
            same(value, b.items[key]) for key, value in a.items.items()
        )
    if isinstance(a, Dist) and isinstance(b, Dist):
        return a.node is b.node
    if kind(a) in ("Function", "Plot"):
        raise Refused(f"a {kind(a)} cannot be compared")
    return a == b


def _whole(value: Num) -> int:
    if value.value != value.value // 1 or abs(value.value) > 1e9:
        raise Refused(f"{value.value:g} is no whole number")
    return int(value.value)


def _filled(values: List) -> tuple[Value, ...]:
    if not values.items:
        raise Refused("the list is empty")
    return values.items


def _holds(run: Runner, function: Value, *arguments: Value) -> bool:
    value = run.call(function, arguments)
    if not isinstance(value, Bool):
        raise Refused(f"the function has to give a Boolean, and gives a {kind(value)}")
    return value.value


def _key(run: Runner, function: Value, value: Value) -> float:
    key = run.call(function, [value])
    if not isinstance(key, Num):
        raise Refused(f"the function has to give a Number, and gives a {kind(key)}")
    return key.value


@define("List List.make", NUMBER, FUNCTION)
def _made(run: Runner, length: Num, function: Value) -> Value:
    count = _whole(length)
    run.check(count)
    indexed = run.accepts(function, 1)
    return List(
        tuple(run.call(function, [number(i)] if indexed else []) for i in range(max(count, 0)))
    )


@define("List List.make", NUMBER, ANY)
def _repeated(run: Runner, length: Num, value: Value) -> Value:
    run.check(_whole(length))
    return List((value,) * _whole(length))


@define("List.upTo", NUMBER, NUMBER)
def _up_to(run: Runner, low: Num, high: Num) -> Value:
    first, last = _whole(low), _whole(high)
    if last < first:
        raise Refused(f"the list would go from {first} up to {last}")
    run.check(last - first)
    return List(tuple(number(i) for i in range(first, last + 1)))


@define("List.length", LIST)
def _length(run: Runner, values: List) -> Value:
    return number(len(values.items))


@define("List.first", LIST)
def _first(run: Runner, values: List) -> Value:
    return _filled(values)[0]


@define("List.last", LIST)
def _last(run: Runner, values: List) -> Value:
    return _filled(values)[-1]


@define("reverse List.reverse", LIST)
def _reversed(run: Runner, values: List) -> Value:
    return List(values.items[::-1])


@define("concat List.concat", LIST, LIST)
def _concatenated(run: Runner, a: List, b: List) -> Value:
    run.check(len(a.items) + len(b.items))
    return List(a.items + b.items)


@define("List.append", LIST, ANY)
def _appended(run: Runner, values: List, value: Value) -> Value:
    run.check(len(values.items))
    return List((*values.items, value))


@define("List.slice", LIST, NUMBER, optional(NUMBER))
def _slice(run: Runner, values: List, start: Num, end: Num | None = None) -> Value:
    return List(values.items[_whole(start) : None if end is None else _whole(end)])


@define("List.uniq", LIST)
def _unique(run: Runner, values: List) -> Value:
    return _unique_by(run, values, None)


@define("List.uniqBy", LIST, FUNCTION)
def _unique_by(run: Runner, values: List, function: Value | None) -> Value:
    seen: list[Value] = []
    kept = []
    run.check(len(values.items) ** 2 // 100)
    for value in values.items:
        key = value if function is None else run.call(function, [value])
        if not any(same(key, other) for other in seen):
            seen.append(key)
            kept.append(value)
    return List(tuple(kept))


@define("List.sortBy", LIST, FUNCTION)
def _sorted_by(run: Runner, values: List, function: Value) -> Value:
    return List(tuple(sorted(values.items, key=lambda value: _key(run, function, value))))


@define("List.minBy", LIST, FUNCTION)
def _least(run: Runner, values: List, function: Value) -> Value:
    return min(_filled(values), key=lambda value: _key(run, function, value))


@define("List.maxBy", LIST, FUNCTION)
def _most(run: Runner, values: List, function: Value) -> Value:
    return max(_filled(values), key=lambda value: _key(run, function, value))


@define("map List.map", LIST, FUNCTION)
def _map(run: Runner, values: List, function: Value) -> Value:
    if run.accepts(function, 2) and not run.accepts(function, 1):
        pairs = enumerate(values.items)
        return List(tuple(run.call(function, [value, number(i)]) for i, value in pairs))
    return List(tuple(run.call(function, [value]) for value in values.items))


@define("reduce List.reduce", LIST, ANY, FUNCTION)
def _reduce(run: Runner, values: List, start: Value, function: Value) -> Value:
    indexed = run.accepts(function, 3)
    for i, value in enumerate(values.items):
        start = run.call(function, [start, value, number(i)] if indexed else [start, value])
    return start


@define("reduceReverse List.reduceReverse", LIST, ANY, FUNCTION)
def _reduce_reverse(run: Runner, values: List, start: Value, function: Value) -> Value:
    for value in reversed(values.items):
        start = run.call(function, [start, value])
    return start


@define("List.reduceWhile", LIST, ANY, FUNCTION, FUNCTION)
def _reduce_while(run: Runner, values: List, start: Value, step: Value, condition: Value) -> Value:
    for value in values.items:
        following = run.call(step, [start, value])
        if not _holds(run, condition, following):
            break
        start = following
    return start


@define("filter List.filter", LIST, FUNCTION)
def _filter(run: Runner, values: List, function: Value) -> Value:
    return List(tuple(value for value in values.items if _holds(run, function, value)))


def _enter_queries() -> None:
    queries: dict[str, Callable[[list[bool]], bool]] = {"every": all, "some": any}
    for name, query in queries.items():

        @define(f"List.{name}", LIST, FUNCTION)
        def ask(
            run: Runner,
            values: List,
            function: Value,
            query: Callable[[list[bool]], bool] = query,
        ) -> Value:
            return Bool(query([_holds(run, function, value) for value in values.items]))


_enter_queries()


@define("List.find", LIST, FUNCTION)
def _find(run: Runner, values: List, function: Value) -> Value:
    for value in values.items:
        if _holds(run, function, value):
            return value
    raise Refused("the list has no such element")


@define("List.findIndex", LIST, FUNCTION)
def _find_index(run: Runner, values: List, function: Value) -> Value:
    for i, value in enumerate(values.items):
        if _holds(run, function, value):
            return number(i)
    return number(-1)


@define("List.join", TEXTS, optional(TEXT))
def _join(run: Runner, values: List, separator: Str | None = None) -> Value:
    between = "," if separator is None else separator.value
    texts = [value.value for value in values.items if isinstance(value, Str)]
    run.check(sum(map(len, texts)) + len(between) * len(texts))
    return Str(between.join(texts))


@define("List.flatten", LIST)
def _flatten(run: Runner, values: List) -> Value:
    flat: list[Value] = []
    for value in values.items:
        flat.extend(value.items if isinstance(value, List) else (value,))
        run.check(len(flat))
    return List(tuple(flat))


@define("List.zip", LIST, LIST)
def _zip(run: Runner, a: List, b: List) -> Value:
    if len(a.items) != len(b.items):
        raise Refused(f"lists of {len(a.items)} and {len(b.items)} elements cannot be paired")
    return List(tuple(List(pair) for pair in zip(a.items, b.items, strict=True)))


@define("List.unzip", LIST)
def _unzip(run: Runner, pairs: List) -> Value:
    columns = [pair.items for pair in pairs.items if isinstance(pair, List)]
    if len(columns) != len(pairs.items) or any(len(pair) != 2 for pair in columns):
        raise Refused("a list of pairs is wanted")
    return List((List(tuple(a for a, _ in columns)), List(tuple(b for _, b in columns))))

"""Dicts: values by key, in their order."""

from __future__ import annotations

from guessmodel.interop.squiggle.algebra import number
from guessmodel.interop.squiggle.library.registry import (
    ANY,
    DICT,
    FUNCTION,
    LIST,
    TEXT,
    TEXTS,
    Runner,
    define,
)
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Bool, Dict, List, Str, Value, kind

__all__: list[str] = []


@define("Dict.set", DICT, TEXT, ANY)
def _set(run: Runner, dict_: Dict, key: Str, value: Value) -> Value:
    return Dict({**dict_.items, key.value: value})


@define("Dict.has", DICT, TEXT)
def _has(run: Runner, dict_: Dict, key: Str) -> Value:
    return Bool(key.value in dict_.items)


@define("Dict.size", DICT)
def _size(run: Runner, dict_: Dict) -> Value:
    return number(len(dict_.items))


@define("Dict.delete", DICT, TEXT)
def _delete(run: Runner, dict_: Dict, key: Str) -> Value:
    return Dict({name: value for name, value in dict_.items.items() if name != key.value})


@define("Dict.merge", DICT, DICT)
def _merge(run: Runner, a: Dict, b: Dict) -> Value:
    return Dict({**a.items, **b.items})


@define("Dict.mergeMany", LIST)
def _merge_many(run: Runner, dicts: List) -> Value:
    merged: dict[str, Value] = {}
    for one in dicts.items:
        if not isinstance(one, Dict):
            raise Refused(f"only dicts can be merged, and not a {kind(one)}")
        merged.update(one.items)
    return Dict(merged)


@define("Dict.keys", DICT)
def _keys(run: Runner, dict_: Dict) -> Value:
    return List(tuple(map(Str, dict_.items)))


@define("Dict.values", DICT)
def _values(run: Runner, dict_: Dict) -> Value:
    return List(tuple(dict_.items.values()))


@define("Dict.toList", DICT)
def _pairs(run: Runner, dict_: Dict) -> Value:
    return List(tuple(List((Str(key), value)) for key, value in dict_.items.items()))


@define("Dict Dict.fromList", LIST)
def _from_pairs(run: Runner, pairs: List) -> Value:
    entries: dict[str, Value] = {}
    for pair in pairs.items:
        if not isinstance(pair, List) or len(pair.items) != 2 or not isinstance(pair.items[0], Str):
            raise Refused("a list of [key, value] is wanted")
        entries[pair.items[0].value] = pair.items[1]
    return Dict(entries)


@define("Dict.map", DICT, FUNCTION)
def _map_values(run: Runner, dict_: Dict, function: Value) -> Value:
    return Dict({key: run.call(function, [value]) for key, value in dict_.items.items()})


@define("Dict.mapKeys", DICT, FUNCTION)
def _map_keys(run: Runner, dict_: Dict, function: Value) -> Value:
    entries: dict[str, Value] = {}
    for key, value in dict_.items.items():
        renamed = run.call(function, [Str(key)])
        if not isinstance(renamed, Str):
            raise Refused(f"a key is a String, and not a {kind(renamed)}")
        entries[renamed.value] = value
    return Dict(entries)


@define("Dict.pick", DICT, TEXTS)
def _pick(run: Runner, dict_: Dict, keys: List) -> Value:
    wanted = [key.value for key in keys.items if isinstance(key, Str)]
    return Dict({key: dict_.items[key] for key in wanted if key in dict_.items})


@define("Dict.omit", DICT, TEXTS)
def _omit(run: Runner, dict_: Dict, keys: List) -> Value:
    unwanted = {key.value for key in keys.items if isinstance(key, Str)}
    return Dict({key: value for key, value in dict_.items.items() if key not in unwanted})

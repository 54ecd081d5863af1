"""A call whose arguments do not fit is an error of ours, at the user's line, that says what there
is: of every function that users call, and of every method of what they hold."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import pytest

import guessmodel as gm
from guessmodel import finance, plots, testing, utility
from guessmodel.errors import WrongKind

COST = gm.normal(1, 2, name="cost")
MODEL = gm.Model(cost=COST)
RUN = MODEL.sample(64)
HELD = {"Quantity": COST, "Model": MODEL, "Simulation": RUN, "Result": RUN["cost"]}
HELD["Estimate"] = RUN["cost"].mean()


def called() -> Iterator[tuple[str, Callable[..., Any]]]:
    rooms = {"gm": gm, "finance": finance, "plots": plots, "testing": testing, "utility": utility}
    for room, module in rooms.items():
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield f"{room}.{name}", getattr(module, name)
    yield "gm.Model", gm.Model
    for kind, held in HELD.items():
        for name, each in inspect.getmembers_static(type(held)):
            if name[0] != "_" and isinstance(each, FunctionType | classmethod):
                yield f"{kind}.{name}", getattr(held, name)


CALLS = dict(called())


def parameters(call: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(call).parameters.values())


def told(call: Callable[[], Any]) -> str:
    with pytest.raises(WrongKind) as caught:
        call()
    assert "test_arguments_unknown.py" in str(caught.value)
    return caught.value.message


@pytest.mark.parametrize("name", CALLS)
def test_arguments_that_there_are_not(name: str) -> None:
    call, short = CALLS[name], name.partition(".")[2]
    own = parameters(call)
    kinds = {each.kind for each in own}
    keys = [each.name for each in own]
    if inspect.Parameter.VAR_KEYWORD not in kinds:
        message = told(lambda: call(no_such_argument=1))
        assert message.startswith(f"{short} has no no_such_argument=; it takes")
        if "; it takes (" not in message:  # the forms of a family
            assert [key for key in keys if key not in message] == []
        if keys and len(keys[0]) > 2:
            assert f"did you mean '{keys[0]}'" in told(lambda: call(**{f"{keys[0]}_": 1}))
    if inspect.Parameter.VAR_POSITIONAL not in kinds:
        message = told(lambda: call(*range(20)))
        assert message.startswith(f"{short} takes ") and "without a name, not 20; it " in message
        listed = [each.name for each in own if each.kind is not each.VAR_KEYWORD]  # those are "…"
        assert [key for key in listed if key not in message] == []
    needed = [
        each.name
        for each in own
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]
    if needed:
        assert told(call).startswith(f"{short} needs {' and '.join(needed)}; it takes ")
        first = own[0]
        if first.kind is first.POSITIONAL_OR_KEYWORD and len(needed) == 1:
            message = told(lambda: call(1, **{first.name: 2}))
            twice = f"{short} is given {first.name} twice, by its place and by name; it takes "
            assert message.startswith(f"{twice}{first.name}")


@pytest.mark.parametrize(
    "call",
    [
        lambda **how: COST.sample(64, **how),
        lambda **how: MODEL.sweep({"cost": [1, 2]}, **how),
        lambda **how: MODEL.seek("cost", "mean", 1, by="cost", **how),
        lambda **how: MODEL.compare(MODEL, **how),
    ],
)
def test_arguments_that_are_passed_on(call: Callable[..., Any]) -> None:
    assert " has no no_such_argument=" in told(lambda: call(no_such_argument=1))


def test_an_error_of_pythons_from_within_is_passed_on() -> None:
    def step(total: gm.Quantity) -> gm.Quantity:
        return len(3)  # type: ignore[arg-type,return-value]

    with pytest.raises(TypeError, match=r"object of type 'int' has no len\(\)") as caught:
        gm.scan(step, 0, dim={"year": range(3)})
    assert not isinstance(caught.value, gm.GuessmodelError)

"""Margins of all kinds of turns against what the operations do, draw by draw."""

from collections.abc import Callable

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.engine.turns import Margin, Turn, turns_of
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import rewired

N = 1 << 12


def normal(mean: float = 0.0, **more) -> Quantity:
    return gm.normal(mean=mean, sd=1, **more)


def near(x: Quantity, y: Quantity) -> dict[str, Quantity]:
    """Quantities that hardly ever turn, of x about 4 times its deviation above y."""
    flags = {"a": 1.0, "b": 2.0}
    return {
        "above": x < y,
        "at most": x <= y,
        "holds": x > y,
        "at least": x >= y,
        "larger": gm.maximum(x, y),
        "smaller": gm.minimum(x, y),
        "sign": gm.abs(x - y),
        "ceil": gm.ceil((x - y + 90) / 100),
        "floor": gm.floor((x - y + 20) / 30),
        "round": gm.round((x - y + 40) / 100),
        "trunc": gm.trunc((x - y + 20) / 30),
        "below 0": gm.trunc((y - x - 40) / 30),
        "digits": gm.round(x - y + 40, -2),
        "quotient": (x - y + 20) // 30,
        "left": (x - y + 20) % 30,
        "fmod": np.fmod(x - y + 20, 30),
        "which": gm.sign(x - y),
        "both": (x < y + 1) & (x < 2 * y + 2),
        "one of them": (x < y) | (x < y - 0.5),
        "neither": ~((x < y) | (x < y - 0.5)),
        "labels": gm.maximum(x * gm.constant(flags, dim="i"), y),
    }


NAMES = list(near(normal(), normal()))


@pytest.mark.parametrize("name", NAMES)
def test_margins_tell_which_draws_turn(name: str) -> None:
    x, y = normal(4.0), 0.3 * normal()
    node = near(x, y)[name]
    turn = next(turn for turn in turns_of([node]) if turn.node is node)
    simulation = gm.Model({f"n{k}": each for k, each in enumerate(turn.needed)}).sample(N)
    draws = {each: simulation[f"n{k}"].draws for k, each in enumerate(turn.needed)}
    margin = Margin.of(turn, draws.__getitem__, 10.0 / N)
    assert margin is not None
    names = {f"n{k}": each for k, each in enumerate(turn.needed)}
    names["usual"], names["node"] = margin.usual(turn.node), turn.node
    both = gm.Model(names).sample(N, seed=1)
    again = {each: both[f"n{k}"].draws for k, each in enumerate(turn.needed)}
    told = margin.of_draws(again.__getitem__)
    other = both["usual"].draws != both["node"].draws
    turned = other.reshape(-1, N).any(axis=0)
    assert np.array_equal(told > 0.0, turned)
    assert turned.mean() < 0.01
    typical = np.median(told)
    assert -3.0 < typical < -0.3  # in typical distances


@pytest.mark.parametrize("name", NAMES)
def test_otherwise_is_always_on_the_other_side(name: str) -> None:
    x, y = normal(8.0), 0.3 * normal()
    node = near(x, y)[name]
    turn = turns_of([node])[-1]
    both = gm.Model(usual=turn.node, other=turn.otherwise()).sample(N)
    usual, other = both["usual"].draws, both["other"].draws
    if name in ("larger", "labels"):
        assert np.all(other >= usual)
    elif name == "smaller":
        assert np.all(other <= usual)
    assert np.all(other != usual)


def test_comparisons_that_are_combined_are_one_turn() -> None:
    x, y, z = normal(), normal(), normal()
    first, second = x > y, y > z
    both = first & second
    (turn,) = turns_of([both])
    assert turn.node is both
    nodes = [turn.node for turn in turns_of([both, gm.where(first, x, y)])]
    assert len(nodes) == 2
    assert nodes[0] is first
    assert nodes[1] is both


def test_ties_belong_to_the_side_that_they_are_on() -> None:
    """Of counts x >= 9 and x > 8 are the same, and x > 9 is not."""
    x = gm.poisson(1) + gm.poisson(1)
    margins = {}
    for name, node in {"at least": x >= 9, "above 8": x > 8, "above 9": x > 9}.items():
        (turn,) = turns_of([node])
        values = np.arange(12.0)
        draws = dict.fromkeys(turn.needed, values)
        for each in turn.needed:
            draws[each] = values if each is x else np.full(12, 9.0 if "8" not in name else 8.0)
        draws[node] = np.zeros(12)
        margin = Margin.of(turn, lambda q, draws=draws: draws[q], 0.5)
        assert margin is not None
        margins[name] = margin.of_draws(draws.__getitem__) > 0.0
    assert margins["at least"].tolist() == [False] * 9 + [True] * 3
    assert margins["above 8"].tolist() == margins["at least"].tolist()
    assert margins["above 9"].tolist() == [False] * 10 + [True] * 2


def test_long_chains_of_logic_do_not_recurse() -> None:
    x, y = normal(), normal()
    event = x > y + 9
    for k in range(1500):
        event = event | (x > y + 9 + k)
    (turn,) = turns_of([event])
    assert turn.node is event
    assert len(turn.needed) > 3000


def test_what_is_made_of_constants_never_turns() -> None:
    length = gm.constant(2500.0)
    chosen = gm.maximum(length, gm.constant(0.0)) + gm.where(length > 5000.0, 1.0, 0.0)
    assert turns_of([chosen, gm.ceil(length)]) == []
    assert len(turns_of([gm.maximum(length, gm.normal(1, 2))])) == 1


def test_ends_that_are_never_passed_are_none() -> None:
    """Of what is positive 0 is near, and no way to what is below."""
    x = gm.exponential(mean=1, name="a") + gm.exponential(mean=1, name="b")
    values = gm.Model(x=x).sample(N)["x"].draws
    for node in (gm.ceil(x / 40), (x < 0.0) | (x > 40.0)):
        turn = turns_of([node])[-1]

        def draws(factor: float, turn: Turn = turn) -> Callable[[Quantity], np.ndarray]:
            scaled = rewired(turn.needed, {x: factor * x})
            names = {f"n{k}": scaled[each] for k, each in enumerate(turn.needed)}
            found = gm.Model(names).sample(N)
            return {each: found[f"n{k}"].draws for k, each in enumerate(turn.needed)}.__getitem__

        first = Margin.of(turn, draws(1.0), 10.0 / N)
        assert first is not None
        before = first.of_draws(draws(1.0))
        after = first.passed(draws(9.0)).of_draws(draws(1.0))
        assert np.argmax(before) == np.argmin(values)
        assert np.argmax(after) == np.argmax(values)
        assert np.array_equal(first.passed(draws(0.01)).of_draws(draws(1.0)), before)


def test_of_a_limit_that_is_fixed_the_other_goes_beyond() -> None:
    x = normal(5.0) + normal(5.0)
    low, high = gm.maximum(x, 1.0), gm.minimum(x, 18.0)
    for node, at in ((low, 1.0), (high, 18.0)):
        (turn,) = turns_of([node])
        assert np.all(gm.Model(y=turn.otherwise()).sample(N)["y"].draws == at)

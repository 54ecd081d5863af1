"""Which turns there are, and what a quantity would be if it took them."""

import numpy as np
import pytest
from turning import near, normal

import guessmodel as gm
from guessmodel.engine.turns import turns_of

N = 1 << 12


NAMES = list(near(normal(), normal()))


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


def test_of_a_limit_that_is_fixed_the_other_goes_beyond() -> None:
    x = normal(5.0) + normal(5.0)
    low, high = gm.maximum(x, 1.0), gm.minimum(x, 18.0)
    for node, at in ((low, 1.0), (high, 18.0)):
        (turn,) = turns_of([node])
        assert np.all(gm.Model(y=turn.otherwise()).sample(N)["y"].draws == at)


def test_what_is_counted_alone_is_no_turn_of_its_own() -> None:
    each = normal(dim={"i": range(3)}) + normal() > 9.0
    count = each.sum("i") >= 2
    assert [turn.node for turn in turns_of([count])] == [count]
    assert [turn.node for turn in turns_of([count, each.sum("i")])] == [each, count]

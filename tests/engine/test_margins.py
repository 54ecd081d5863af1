"""Margins of all kinds of turns against what the operations do, draw by draw."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from scipy import stats
from turning import near, normal

import guessmodel as gm
from guessmodel.engine.margins import Margin
from guessmodel.engine.run import run_plan
from guessmodel.engine.turns import Turn, turns_of
from guessmodel.estimators.program import program_of
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import rewired

N = 1 << 12


NAMES = list(near(normal(), normal()))


def drawn(model: gm.Model, nodes: Sequence[Quantity], seed: int) -> Mapping[Quantity, np.ndarray]:
    """Draws of quantities; of what a draw is made of, its normal scores."""
    plan = program_of(model).compiled({f"{k}": node for k, node in enumerate(nodes)})
    found, _ = run_plan(plan, plan.points("random", N, seed))
    return {node: found[f"{k}"] for k, node in enumerate(nodes)}


@pytest.mark.parametrize("name", NAMES)
def test_margins_tell_which_draws_turn(name: str) -> None:
    x, y = normal(4.0), 0.3 * normal()
    node = near(x, y)[name]
    turn = next(turn for turn in turns_of([node]) if turn.node is node)
    model = gm.Model(y=node)
    margin = Margin.of(turn, drawn(model, turn.needed, 0).__getitem__, 10.0 / N)
    assert margin is not None
    usual = margin.usual(turn.node)
    both = drawn(model, [*turn.needed, usual, turn.node], 1)
    told, other = margin.of_draws(both.__getitem__), both[usual] != both[turn.node]
    turned = other.reshape(-1, N).any(axis=0)
    assert np.array_equal(told > 0.0, turned)
    assert turned.mean() < 0.01
    typical = np.median(told)
    assert -3.0 < typical < -0.3  # in typical distances


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


def test_ends_that_are_never_passed_are_none() -> None:
    """Of what is positive 0 is near, and no way to what is below."""
    parts = {name: gm.exponential(mean=1) for name in ("a", "b")}
    x = parts["a"] + parts["b"]
    values = gm.Model(parts, x=x).sample(N)["x"].draws
    for node in (gm.ceil(x / 40), (x < 0.0) | (x > 40.0)):
        turn = turns_of([node])[-1]

        def draws(factor: float, turn: Turn = turn) -> Callable[[Quantity], np.ndarray]:
            scaled = rewired(turn.needed, {x: factor * x})
            names = {f"n{k}": scaled[each] for k, each in enumerate(turn.needed)}
            found = gm.Model({**parts, **names}).sample(N)
            return {each: found[f"n{k}"].draws for k, each in enumerate(turn.needed)}.__getitem__

        first = Margin.of(turn, draws(1.0), 10.0 / N)
        assert first is not None
        before = first.of_draws(draws(1.0))
        after = first.passed(draws(9.0)).of_draws(draws(1.0))
        assert np.argmax(before) == np.argmin(values)
        assert np.argmax(after) == np.argmax(values)
        assert np.array_equal(first.passed(draws(0.01)).of_draws(draws(1.0)), before)


@pytest.mark.parametrize(
    ("compare", "last"),
    [
        (lambda n: n >= 3, 2),
        (lambda n: n > 3, 3),
        (lambda n: ~(n < 3), 2),
        (lambda n: ~(n <= 3), 3),
        (lambda n: gm.constant(3.0) <= n, 2),
        (lambda n: gm.constant(3.0) < n, 3),
    ],
)
def test_how_far_a_count_is_tells_its_score(compare: Callable, last: int) -> None:
    """The score beyond which the draw is more than the last number at which nothing turns."""
    number = gm.poisson(0.2, name="n")
    node = compare(number) & (gm.normal(mean=0, sd=1) > -50)
    (turn,) = [turn for turn in turns_of([node]) if turn.node is node]
    draws = drawn(gm.Model(y=node), turn.needed, 0)
    margin = Margin.of(turn, draws.__getitem__, 10.0 / N)
    assert margin is not None
    score = draws[number.operands[0]] - stats.norm.isf(stats.poisson(0.2).sf(last))
    told = margin.of_draws(draws.__getitem__)
    assert told / told[0] == pytest.approx(score / score[0], rel=1e-9, abs=1e-9)

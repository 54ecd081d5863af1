"""What jumps as a function of one draw, found by evaluating it."""

import numpy as np
from scipy import stats

import guessmodel as gm
from guessmodel.engine.jumps import by_row, events, profiles
from guessmodel.graph.quantity import Quantity


def test_comparisons_and_whole_numbers_of_one_draw_are_events() -> None:
    x, y = gm.normal(1, 2), gm.normal(1, 2)
    above, whole = 2.0 * x + 1.0 > 5.0, gm.ceil(x / 3.0)
    mixed, smooth = x > y, gm.exp(x)
    opaque = gm.apply(lambda v: v * 1.0, x, unit="") > 2.0
    scaled = gm.normal(mean=x, sd=1.0) > 2.0  # its parameters are no constants
    found = events([above + whole + mixed + smooth + opaque + scaled])
    assert [(event.node, event.draw) for event in found] == [(above, x), (whole, x)]


def test_the_place_of_a_number_among_labels_jumps_at_each() -> None:
    walk = gm.normal(0, 1, dim={"month": (1, 2, 4)}).cumsum("month")
    limit = gm.normal(mean=2, sd=1)
    sooner = walk.first_where(walk > 1, "month") < limit
    (found,) = events([sooner])
    assert found.node is sooner.operands[1]
    p = np.array([0.4, 0.1, 0.001])
    (table,) = profiles([found], gm.Model(y=sooner, limit=limit).keys, p, p)
    numbers = stats.norm(2, 1).ppf(np.concatenate((p, 1 - p)))
    assert table.tolist() == (np.searchsorted((1, 2, 4), numbers) - 0.5).tolist()


def test_an_event_is_seen_where_it_turns_over() -> None:
    x = gm.normal(mean=0, sd=1)
    event = gm.where(x > 1.0, 1.0, 0.0) * 0.0 + (x > 1.0)
    model = gm.Model(y=event)
    (found, *_) = events([event])
    p = np.linspace(0.01, 0.49, 25)
    (table,) = profiles([found], model.keys, p, p)
    expected = np.concatenate((stats.norm.ppf(p), stats.norm.isf(p))) > 1.0
    assert table.tolist() == expected.tolist()


def test_labels_beside_those_of_the_draw_are_put_together() -> None:
    x = gm.normal({"a": 0, "b": 5}, {"a": 1, "b": 6}, dim="kind")
    limit = gm.stack({"low": gm.constant(2.0), "high": gm.constant(5.5)}, dim="level")
    event: Quantity = x > limit
    model = gm.Model(y=event.sum("level").sum("kind"))
    (found,) = events([model.quantities["y"]])
    p = np.array([0.5, 0.25, 0.1, 0.01])
    (table,) = profiles([found], model.keys, p[:0], p)
    rows = by_row(found, table != 0.0)
    scale = 0.5 / stats.norm.ppf(0.95)
    means = np.array([[0.5], [5.5]])
    assert rows.tolist() == (means + scale * stats.norm.isf(p) > 2.0).tolist()

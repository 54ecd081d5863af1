"""What a quantity refuses, and the replacement that it names."""

import math
import pickle

import numpy as np
import pytest

import guessmodel as gm


def test_a_quantity_is_not_a_number_list_or_array():
    x = gm.normal(-1, 2)
    for wrong in (bool, float, int, len, list):
        with pytest.raises(TypeError, match=r"test_refusals.py:\d+: a quantity \(normal"):
            wrong(x)
    with pytest.raises(TypeError, match=r"use gm.where\(condition, a, b\) for if"):
        max(x, x)
    with pytest.raises(TypeError, match=r"\(1 < q\) & \(q < 2\)"):
        _ = 1 < x < 2
    with pytest.raises(TypeError, match=r"gm.stack"):
        np.array([x, x])
    for function in (math.exp, math.floor, math.isnan):
        with pytest.raises(TypeError, match=r"test_refusals.py:\d+: .* use gm.exp, gm.log"):
            function(x)
    with pytest.raises(TypeError, match=r"test_refusals.py:\d+: .* use gm.trunc"):
        math.trunc(x)
    with pytest.raises(TypeError, match="no truth value"):
        _ = x in [gm.normal(0, 1)]
    with pytest.raises(TypeError, match="cannot be pickled; pickle model.plan"):
        pickle.dumps(x)
    with pytest.raises(TypeError, match="np.add.reduce does not work on quantities"):
        np.add.reduce(x)
    with pytest.raises(TypeError, match="arrays have no labels"):
        _ = np.ones(3) * x
    with pytest.raises(TypeError, match=r"dict of quantities .* by its key, as in …\['a'\]"):
        _ = x * {"a": x}
    with pytest.raises(TypeError, match="write no date: count the days from a first one"):
        _ = x > "2027-03-31"
    with pytest.raises(TypeError, match="neither a number nor a quantity"):
        _ = x + {1}


def test_labels_are_selected_by_name():
    x = gm.normal({"a": (1, 2), "b": (2, 3)}, dim="case")
    for label in ("a", 0, slice(1)):
        with pytest.raises(TypeError, match=r"has labels, not positions; use q.sel\(case='a'\)"):
            x[label]
    with pytest.raises(TypeError, match=r"looped over; use q.sel\(case='a'\) or q.sum\('case'\)"):
        list(x)
    with pytest.raises(TypeError, match=r"has no labels or positions; simulation\[q\].values has"):
        gm.normal(1, 2)[0]


def test_a_reduction_without_a_dimension_says_which_there_are():
    x = gm.normal(1, 2, dim={"ward": ["a", "b"], "day": [1, 2]})
    with pytest.raises(TypeError, match=r"write sum\('ward'\) or sum\(\['ward', 'day'\]\)$"):
        x.sum()

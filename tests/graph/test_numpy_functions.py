"""NumPy's functions that are not ufuncs do on quantities what they do on arrays."""

import re

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import WrongKind


def test_numpys_own_arguments_are_used_or_refused():
    x = gm.normal(-5, 5)
    sim = gm.Model(x=x, low=np.clip(x, min=0), even=np.round(x, decimals=1)).sample(64)
    np.testing.assert_array_equal(sim["low"].values, np.maximum(sim["x"].values, 0))
    np.testing.assert_array_equal(sim["even"].values, np.round(sim["x"].values, 1))
    for wrong in (
        lambda: np.clip(x, 0, 1, out=None),
        lambda: np.clip(x, 0, min=1),
        lambda: np.round(x, out=None),
        lambda: np.sum(x, axis="year", keepdims=True),
    ):
        with pytest.raises(WrongKind, match=r"np\.\w+"):
            wrong()


def test_numpy_functions_that_need_a_name_say_so():
    q = gm.constant({"a": 1, "b": 2}, dim="case")
    assert np.sum(q).sample(8).values[0] == 3
    with pytest.raises(WrongKind, match=r'write .cumsum\("dim"\)'):
        np.cumsum(q)
    with pytest.raises(WrongKind, match="np.sort does not work on quantities; gm.apply"):
        np.sort(q)


@pytest.mark.parametrize(
    ("use", "told"),
    [
        (lambda q: np.std(q), "np.std does not work on quantities; write q.sample().sd()"),
        (lambda q: np.nanpercentile(q, 5), "write q.sample().quantile(0.95)"),
        (lambda q: np.median(q), "write q.sample().median()"),
        (lambda q: np.average(q), "write q.sample().mean()"),
        (lambda q: np.histogram(q), "write gm.plots.density(q.sample())"),
        (lambda q: np.argmax(q), "write q.idxmax('dim')"),
        (lambda q: np.convolve(q, q), "gm.apply(function, …) wraps any function"),
    ],
)
def test_statistics_of_numpy_are_those_of_results(use, told):
    with pytest.raises(WrongKind, match=re.escape(told)):
        use(gm.normal(1, 2))


@pytest.mark.parametrize(
    ("use", "told"),
    [
        (lambda r: np.mean(r), "np.mean does not work on it; write result.mean()"),
        (lambda r: np.std(r), "write result.sd()"),
        (lambda r: np.quantile(r, 0.05), "write result.quantile(0.95)"),
        (lambda r: np.histogram(r), "write gm.plots.density(result)"),
        (lambda r: np.sort(r), "write result.values for its draws"),
    ],
)
def test_functions_of_numpy_on_results_say_what_there_is(use, told):
    result = gm.normal(1, 2).sample(8)
    with pytest.raises(WrongKind, match=re.escape(told)):
        use(result)

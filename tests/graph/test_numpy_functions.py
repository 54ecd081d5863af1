"""NumPy's functions that are not ufuncs do on quantities what they do on arrays."""

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

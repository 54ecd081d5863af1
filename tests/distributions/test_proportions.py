"""Weights: which are probabilities, and which proportions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.distributions.proportions import as_proportions, refuse_part_of_one
from guessmodel.errors import ModelError

CLEAR = [
    [0.7, 0.3],
    [0.33, 0.33, 0.33],  # thirds, rounded
    [1 / 7] * 7,
    [3.0, 1.0],
    [70.0, 20.0],
    [1.0, 0.0],
    [1.0, 1.0],
    [0.5, 1.5],  # above 1 there is no probability
    [1.0],
]
UNCLEAR = [
    ([0.7, 0.2], "the weights 0.7, 0.2 sum to 0.9, not to 1; write what is missing, or [7, 2] if"),
    ([0.5, 0.5, 0.5], "sum to 1.5, not to 1; write what is missing, or [5, 5, 5] if"),
    ([0.25, 0.7], "or [25, 70] if they are proportions"),
    ([1 / 3, 1 / 7], "or shares of their sum if they are proportions"),
    ([0.9], "sum to 0.9"),
]


@pytest.mark.parametrize("weights", CLEAR)
def test_what_is_clear_is_taken_as_it_is(weights: list[float]) -> None:
    assert as_proportions(weights) == weights
    mixed = gm.mixture(list(range(len(weights))), weights)
    mean = np.average(np.arange(len(weights)), weights=weights)
    assert mixed.sample(64).mean().value == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize(("weights", "message"), UNCLEAR)
def test_probabilities_that_miss_1_are_refused(weights: list[float], message: str) -> None:
    values = list(range(len(weights)))
    for made in (
        lambda: gm.mixture(values, weights),
        lambda: gm.mixture(values, np.array(weights)),
        lambda: gm.mixture(values, [gm.constant(100 * w, "percent") for w in weights]),
    ):
        with pytest.raises(ModelError) as caught:
            made()
        assert message in str(caught.value)
    with pytest.raises(ModelError, match="mixture: the weights"):
        gm.parse(f"mixture({list(range(len(weights)))}, {weights})")


def test_what_may_become_another_number_is_not_judged() -> None:
    # Named numbers may be overridden, and drawn ones vary: their proportions count.
    often, rarely = gm.constant(0.7), gm.constant(0.2)
    assert gm.mixture([0, 9], [often, rarely]).sample(64).mean().value == pytest.approx(2.0)
    assert gm.mixture([0, 9], [often, 0.2]).sample(64).mean().value == pytest.approx(2.0)
    unsure = gm.mixture([0, 1], [gm.uniform(0.1, 0.3), 0.2])
    assert 0.3 < unsure.sample(1024).mean().value < 0.7


def test_each_label_has_weights_of_its_own() -> None:
    with pytest.raises(ModelError, match=r"0\.9, 0\.2 sum to 1\.1, not to 1"):
        gm.mixture([0, 1], [{"a": 0.1, "b": 0.9}, {"a": 0.9, "b": 0.2}], dim="case")
    fine = gm.mixture([0, 1], [{"a": 0.1, "b": 3}, {"a": 0.9, "b": 1}], dim="case").sample(64)
    assert fine.sel(case="b").mean().value == pytest.approx(0.25)


def test_experts_have_weights_in_any_proportion() -> None:
    # Of both kinds of linear pool the mean is that of the means, by 7 : 2.
    spread = gm.uniform(1, 2)
    one, other = gm.normal(mean=0, sd=1), gm.normal(mean=9, sd=1)
    doubted = gm.normal(mean=0, sd=spread)
    assert gm.pool([one, other], [0.7, 0.2]).sample(64).mean().value == pytest.approx(2.0)
    mean = gm.pool([doubted, other], [0.7, 0.2]).sample(2**12).mean()
    assert mean.value == pytest.approx(2.0, abs=0.05)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5)
    | st.lists(st.integers(0, 100).map(lambda n: n / 100), min_size=1, max_size=5)
)
def test_proportions_are_kept_and_never_refused(weights: list[float]) -> None:
    total = sum(weights)
    if total < 1e-300:  # 0, or below what is divided without loss
        return
    told = as_proportions(weights)
    refuse_part_of_one("mixture", [np.asarray(weight) for weight in told])
    assert as_proportions(told) == told
    np.testing.assert_allclose(np.array(told) / sum(told), np.array(weights) / total, rtol=1e-9)

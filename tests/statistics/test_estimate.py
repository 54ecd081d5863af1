import copy
import math
import pickle
from dataclasses import FrozenInstanceError

import pytest

from guessmodel.statistics.estimate import Estimate, Interval


def estimate(value: float, half: float, unit: str = "", note: str | None = None) -> Estimate:
    return Estimate(value, value - half, value + half, "replicates", unit, note)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (estimate(453.2, 2.1, "USD/day"), "453 ± 2 USD/day"),
        (estimate(160_021.0, 400.0, "USD/year"), "160.0K ± 0.4K USD/year"),
        (estimate(160_021.0, 4000.0), "160K ± 4K"),
        (estimate(2.6e6, 3e4, "USD"), "2.60M ± 0.03M USD"),
        (estimate(0.1234, 0.0021), "0.123 ± 0.002"),
        (estimate(-12.34, 0.2, "m"), "-12.3 ± 0.2 m"),
        (estimate(0.0, 0.02), "0 ± 0.02"),
        (estimate(1200.0, 3e6), "1K ± 3M"),
        (estimate(3.0, 0.0, "node"), "3 node"),
        (estimate(90.0, 20.0, "USD", "unreliable: infinite variance"),
         "90 ± 20 USD (unreliable: infinite variance)"),
        (Estimate.exact(1 / 3, "USD"), "0.3333 USD"),
        (Estimate.refused("needs n >= 1024", "order statistics", "USD"), "needs n >= 1024"),
    ],
)  # fmt: skip
def test_text_has_the_digits_that_the_error_supports(given: Estimate, text: str) -> None:
    assert str(given) == text


def test_error_is_the_longer_side() -> None:
    skewed = Estimate(10.0, 9.0, 12.5, "order statistics")
    assert skewed.error == 2.5
    assert skewed.relative_error == 0.25
    assert float(skewed) == 10.0


def test_relative_error_about_zero() -> None:
    assert estimate(0.0, 0.1).relative_error == math.inf
    assert estimate(-5.0, 1.0).relative_error == 0.2
    assert Estimate.exact(0.0).relative_error == 0.0


def test_kinds_of_estimates() -> None:
    exact, refused = Estimate.exact(2.0), Estimate.refused("the mean does not exist", "replicates")
    marked = estimate(2.0, 1.0, note="unreliable: infinite variance")
    assert (exact.is_exact, exact.reliable, exact.error) == (True, True, 0.0)
    assert (refused.is_exact, refused.reliable) == (False, False)
    assert math.isnan(refused.value) and math.isnan(refused.error)
    assert (marked.is_exact, marked.reliable) == (False, False)
    assert not estimate(2.0, 0.0).is_exact


def test_to_dict_is_json_without_nan() -> None:
    assert estimate(2.0, 0.5, "USD").to_dict() == {"value": 2.0, "low": 1.5, "high": 2.5}
    assert Estimate.refused("needs n >= 64", "order statistics").to_dict() == {
        "value": None,
        "low": None,
        "high": None,
        "note": "needs n >= 64",
    }


def test_estimates_are_values() -> None:
    one = estimate(2.0, 0.5)
    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    with pytest.raises(FrozenInstanceError):
        one.value = 3.0  # type: ignore[misc]


def test_interval_unpacks_and_reads() -> None:
    low, high = estimate(240.4, 2.0, "USD/day"), estimate(721.0, 14.0, "USD/day")
    both = Interval(low, high)
    assert tuple(both) == (low, high)
    assert str(both) == "240 to 720 USD/day"
    assert str(Interval(Estimate.exact(1.0), Estimate.exact(2.5))) == "1 to 2.5"


def test_interval_with_a_refused_end_says_why() -> None:
    refused = Estimate.refused("needs n >= 1024", "order statistics")
    assert str(Interval(estimate(1.0, 0.1), refused)) == "needs n >= 1024"

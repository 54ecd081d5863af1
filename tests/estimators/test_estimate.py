import copy
import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate, Interval, in_a_row


def estimate(value: float, half: float, unit: str = "", note: str | None = None) -> Estimate:
    return Estimate(value, value - half, value + half, "replicates", unit, note)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (estimate(453.2, 2.1, "USD/day"), "453.2 ± 2.1 USD/day"),
        (estimate(160_021.0, 400.0, "USD/year"), "160000 ± 500 USD/year"),
        (estimate(160_021.0, 4000.0), "160K ± 5K"),
        (estimate(12.3, 0.21, "percent"), "12.30 ± 0.21%"),  # as figures are published
        (Interval(estimate(1.0, 0.0, "percent"), estimate(3.0, 0.0, "percent")), "1 to 3%"),
        (estimate(2.6e6, 3e4, "USD"), "2.600M ± 0.030M USD"),
        (estimate(0.1234, 0.0021), "0.1234 ± 0.0021"),
        (estimate(-12.34, 0.2, "m"), "-12.34 ± 0.20 m"),
        (estimate(0.0, 0.02), "0.000 ± 0.020"),
        (estimate(1200.0, 3e6), "0.0M ± 3.1M"),
        (estimate(5417.6, 0.7), "5417.6 ± 0.7"),
        (estimate(11_231.0, 3.0), "11231 ± 3"),
        (estimate(5417.63, 1e-4), "5417.63"),
        (estimate(1.8021, 7e-4), "1.8021 ± 0.0007"),
        (estimate(0.0027321, 5e-6), "0.002732 ± 0.000006"),
        (estimate(8.66e-4, 2e-6), "8.660e-4 ± 0.020e-4"),
        (estimate(5417.6, 999_700.0), "0.0M ± 1.1M"),
        (estimate(3.0, 0.0, "node"), "3 node"),
        (estimate(90.0, 20.0, "USD", "unreliable: infinite variance"),
         "90 ± 20 USD (unreliable: infinite variance)"),
        (Estimate.exact(1 / 3, "USD"), "0.3333 USD"),
        (Estimate.refused("no finite draws", "order statistics", "USD"), "no finite draws"),
    ],
)  # fmt: skip
def test_text_has_the_digits_that_the_error_supports(given: Estimate | Interval, text: str) -> None:
    assert str(given) == text


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (".2f", "1234.50 ± 2.11 USD"),
        (",.0f", "1,234 ± 3 USD"),
        ("+.1e", "+1.2e+03 ± 3.7e+01 USD"),
        (">20", "    1234.5 ± 2.2 USD"),
        ("*^22.1f", "***1234.5 ± 2.2 USD***"),
        ("", "1234.5 ± 2.2 USD"),
    ],
)
def test_a_format_holds_for_the_value_and_its_error(spec: str, text: str) -> None:
    assert format(estimate(1234.499, 2.1, "USD"), spec) == text


def test_a_format_of_other_estimates() -> None:
    assert f"{Estimate.exact(0.25):.1%}" == "25.0%"
    assert f"{estimate(0.25, 0.014):.1%}" == "25.0% ± 1.4%"
    assert f"{estimate(-0.001, 0.2, 'm', 'unreliable'):.1f}" == "0.0 ± 0.3 m (unreliable)"
    assert f"{Estimate.refused('no finite draws', 'replicates'):>17.2f}" == "  no finite draws"
    both = Interval(estimate(240.4, 2.0, "USD"), estimate(721.0, 14.0, "USD"))
    assert f"{both:.1f}" == "240.4 ± 2.0 to 721.0 ± 14.0 USD"
    assert f"{both:>30}" == "   240.4 ± 2.0 to 721 ± 14 USD"


@pytest.mark.parametrize("spec", ["d", "s", "08.2f", "=5", "x"])
def test_a_format_that_is_none_of_numbers_says_what_is(spec: str) -> None:
    message = f"an estimate cannot be written as '{spec}'; write for example '.2f' or"
    with pytest.raises(UsageError, match=message):
        format(estimate(1.0, 0.1), spec)
    with pytest.raises(UsageError, match=message):
        format(Interval(estimate(1.0, 0.1), estimate(2.0, 0.1)), spec)


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


def test_labels_are_written_as_labels() -> None:
    mean = Estimate(2025.182, 2025.16, 2025.2, "replicates", format="year")
    assert str(mean) == "2025.18 ± 0.02"
    first, last = (Estimate(year, year, year, "replicates", format="year") for year in (2024, 2031))
    assert str(Interval(first, last)) == "2024 to 2031"
    assert first.to_dict() == {"value": 2024, "low": 2024, "high": 2024, "plain": True}


def test_to_dict_is_json_without_nan() -> None:
    assert estimate(2.0, 0.5, "USD").to_dict() == {"value": 2.0, "low": 1.5, "high": 2.5}
    assert Estimate.refused("needs 64 samples or more", "order statistics").to_dict() == {
        "value": None,
        "low": None,
        "high": None,
        "note": "needs 64 samples or more",
    }


def test_estimates_are_values() -> None:
    one = estimate(2.0, 0.5)
    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    with pytest.raises(AttributeError, match="an Estimate never changes, so 'value' cannot be set"):
        one.value = 3.0  # type: ignore[misc]


def test_interval_unpacks_and_reads() -> None:
    low, high = estimate(240.4, 2.0, "USD/day"), estimate(721.0, 14.0, "USD/day")
    both = Interval(low, high)
    assert tuple(both) == (low, high)
    assert str(both) == "240.4 ± 2.0 to 721 ± 14 USD/day"
    assert str(Interval(Estimate.exact(1.0), Estimate.exact(2.5))) == "1 to 2.5"


def test_interval_with_a_refused_end_says_why() -> None:
    refused = Estimate.refused("needs 1024 samples or more", "order statistics")
    assert str(Interval(estimate(1.0, 0.1), refused)) == "needs 1024 samples or more"


@pytest.mark.parametrize(
    "operation",
    [
        lambda e: e + 1,
        lambda e: 2 * e,
        lambda e: e - e,
        lambda e: e / 3,
        lambda e: e**2,
        lambda e: -e,
        lambda e: sum([e, e]),
        lambda e: e < 3,
        lambda e: np.float64(2.0) * e,
        lambda e: round(e, 1),
        lambda e: int(e),
        lambda e: +e,
        lambda e: divmod(7, e),
        lambda e: gm.round(e, 1),
        np.exp,
        lambda e: np.array([1.0, 2.0]) * e,
        lambda e: np.add(e, 1, dtype=float),
        lambda e: e @ e,
    ],
)
def test_arithmetic_says_what_to_do(operation: Callable[[Any], object]) -> None:
    estimate = Estimate(453.2, 451.1, 455.3, "replicates", "USD")
    with pytest.raises(TypeError, match=r"453.2 ± 2.1 USD is a statistic.*take float\(estimate\)"):
        operation(estimate)
    result = gm.normal(3, 6, "USD").sample(64)
    with pytest.raises(TypeError, match="is the result of a run: work on the quantities"):
        operation(result)
    with pytest.raises(TypeError, match=r"3 to 6 USD is an interval.*take float\(interval.low\)"):
        operation(Interval(Estimate.exact(3.0, "USD"), Estimate.exact(6.0, "USD")))


@pytest.mark.parametrize("read", [float, math.exp])
def test_only_an_estimate_is_a_number_by_itself(read: Callable[[Any], float]) -> None:
    assert read(Estimate.exact(2.0)) == read(2.0)
    result = gm.normal(3, 6).sample(64)
    for other in (result, result.interval()):
        with pytest.raises(TypeError, match="work on the quantities"):
            read(other)


@pytest.mark.parametrize(
    "use",
    [
        lambda p, e: p * e,
        lambda p, e: p + e,
        lambda p, e: p**e,
        lambda p, e: p < e,
        lambda p, e: p == e,
        lambda p, e: gm.maximum(p, e),
        lambda p, e: gm.where(p > gm.constant(1, "USD"), p, e),
        lambda _, e: gm.constant(e),
        lambda _, e: gm.constant({"a": e, "b": 2}, dim="part"),
        lambda _, e: gm.normal(e, 600),
        lambda _, e: gm.lognormal(1, e),
        lambda _, e: gm.normal(mean=1, sd=e),
        lambda _, e: gm.normal({"a": e}, 600, dim="part"),
        lambda _, e: gm.normal(quantiles={0.1: 1, 0.9: e}),
        lambda _, e: gm.metalog(quantiles={0.1: 1, 0.5: e, 0.9: 800}),
        lambda p, e: gm.mixture([p, p], [e, 0.5]),
        lambda p, e: gm.truncated(p, lower=e),
        lambda p, e: gm.compound(gm.poisson(3), p, deductible=e),
        lambda _, e: gm.bernoulli(e),
    ],
)
def test_no_quantity_is_made_of_a_statistic(use: Callable[[gm.Quantity, Any], object]) -> None:
    """Its unit and its error would be lost. Nor is one of a result, which is of one run."""
    estimate = Estimate(453.2, 451.1, 455.3, "replicates", "USD")
    result = gm.normal(3, 6, "USD").sample(64)
    for operand, text in (
        (estimate, r"453.2 ± 2.1 USD is a statistic"),
        (result, "is the result of a run"),
    ):
        with pytest.raises(gm.GuessmodelError, match=text) as caught:
            use(gm.normal(3, 6, "USD"), operand)
        assert isinstance(caught.value, TypeError)
        assert "\n" not in str(caught.value)


def test_notebooks_show_the_text() -> None:
    estimate = Estimate(453.2, 451.1, 455.3, "replicates", "USD")
    assert estimate._repr_html_() == "<code>453.2 ± 2.1 USD</code>"
    assert "to" in Interval(estimate, estimate)._repr_html_()


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((-2.0, 3e-16, 2.0), ["-2", "0", "2"]),  # a difference, whose middle is rounding
        ((3e-29, 1e-15, 0.03), ["3.00e-29", "1.00e-15", "0.03"]),  # positive throughout
        ((-0.03, -1e-15, -3e-29), ["-0.03", "-1.00e-15", "-3.00e-29"]),
    ],
)
def test_what_is_small_is_0_beside_both_signs_only(
    values: tuple[float, ...], texts: list[str]
) -> None:
    shown = in_a_row(*(Estimate.exact(x) for x in values))
    assert [float(x) for x in shown] == [float(x) for x in texts]

"""gm.finance against formulas written out, numpy's roots and published examples."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import guessmodel as gm
from guessmodel import finance
from guessmodel.errors import DimensionError, ModelError, UnitError, UsageError, WrongKind


def value(quantity: gm.Quantity) -> float:
    return gm.Model(x=quantity).sample(64)["x"].mean().value


# The examples of the documentation of finance.js (Guesstimate's library), before its rounding.
PUBLISHED = [
    (finance.pv(0.05, 100), 95.24),
    (finance.fv(0.005, 1000, 12), 1061.68),
    (finance.npv(0.10, -500_000, 200_000, 300_000, 200_000), 80_015.03),
    (finance.payback(-105, 25, 25, 25, 25, 25), 4.2),
    (100 * finance.roi(-55_000, 60_000), 9.09),
    (finance.annuity_payment(20_000, 0.075 / 12, 60), 400.76),
    (finance.annuity_payment(20_000, 0.075 / 12, 60, at_beginning=True), 398.27),
    (finance.profitability_index(0.10, -40_000, 18_000, 12_000, 10_000, 9_000, 6_000), 1.09),
    (finance.compound(0.043, 4, 1500, 6), 1938.84),
    (100 * finance.cagr(10_000, 19_500, 3), 24.93),
    (finance.leverage_ratio(25, 10, 20), 1.75),
    (finance.rule_of_72(0.10), 7.2),
    (100 * finance.wacc(600_000, 400_000, 0.06, 0.05, 0.35), 4.9),
    (finance.discount_factor(0.10, 2), 0.826),
]


@pytest.mark.parametrize("row", range(len(PUBLISHED)))
def test_published_examples(row: int) -> None:
    quantity, published = PUBLISHED[row]
    assert value(quantity) == pytest.approx(published, abs=0.5 * 10.0 ** -_decimals(published))


def _decimals(number: float) -> int:
    return len(str(number).partition(".")[2])


def test_rates_in_percent_and_money_in_its_unit() -> None:
    rate, flow = gm.constant(5, "percent"), gm.constant(100, "EUR")
    present = finance.pv(rate, flow, 2)
    assert present.unit == flow.unit and value(present) == pytest.approx(100 / 1.05**2)
    npv = finance.npv(rate, -flow, flow, flow)
    assert npv.unit == flow.unit
    assert value(npv) == pytest.approx(-100 + 100 / 1.05 + 100 / 1.05**2)
    assert value(finance.wacc(flow, flow, rate, rate, gm.constant(50, "percent"))) == pytest.approx(
        0.5 * 0.05 + 0.5 * 0.05 * 0.5
    )
    with pytest.raises(UnitError):
        finance.npv(rate, flow, gm.constant(100, "USD"))
    with pytest.raises(UnitError):
        finance.irr(-flow, gm.constant(100, "USD"))


def test_uncertain_rates_are_computed_draw_by_draw() -> None:
    """Sample by sample against NumPy."""
    rate, flow = gm.uniform(0.01, 0.2), gm.normal(80, 120)
    model = gm.Model(
        rate=rate, flow=flow, npv=finance.npv(rate, -100, flow, flow), pv=finance.pv(rate, flow, 3)
    )
    draws = model.sample(2**10)
    r, c = draws["rate"].values, draws["flow"].values
    np.testing.assert_allclose(draws["npv"].values, -100 + c / (1 + r) + c / (1 + r) ** 2)
    np.testing.assert_allclose(draws["pv"].values, c / (1 + r) ** 3)


@pytest.mark.parametrize(
    "flows",
    [(-100, 60, 60), (-500, 200, 300, 200), (-100, 10, 10), (100, -60, -60), (-1, 0, 0, 0, 3)],
)
def test_the_internal_rate_is_a_root_of_the_polynomial(flows: tuple[float, ...]) -> None:
    """NumPy's roots of sum C_k d^k in d = 1 / (1 + r)."""
    roots = np.roots(flows[::-1])
    real = roots[(abs(roots.imag) < 1e-9) & (roots.real > 0)].real
    rates = 1 / real - 1
    assert value(finance.irr(*flows)) == pytest.approx(min(rates, key=abs), rel=1e-9)


def test_of_several_internal_rates_the_nearest_to_nought_is_told() -> None:
    """Of polynomials by their roots: -(d - 1/(1 + a))(d - 1/(1 + b)), in d = 1 / (1 + r)."""
    for a, b in ((0.789, -0.716), (-0.3, 0.31), (0.5, -0.2), (2.0, 0.1)):
        flows = -np.poly([1 / (1 + a), 1 / (1 + b)])[::-1]
        assert value(finance.irr(*flows)) == pytest.approx(min(a, b, key=abs), rel=1e-9)


def test_a_loan_without_interest_is_paid_off_in_equal_parts() -> None:
    """The limit of P r / (1 - (1 + r)^-n) at 0 is P / n."""
    for rate in (0, "0%", gm.mixture([0, 1e-9], [0.5, 0.5])):
        assert value(finance.annuity_payment("1200 USD", rate, 12)) == pytest.approx(100, rel=1e-6)
        due = finance.annuity_payment("1200 USD", rate, 12, at_beginning=True)
        assert value(due) == pytest.approx(100, rel=1e-6)
    yearly = finance.annuity_payment("1000 USD", "5%/year", "3 year", at_beginning=True)
    assert value(yearly.to("USD/year")) == pytest.approx(50 / (1 - 1.05**-3) / 1.05)


def test_without_an_internal_rate_or_a_payback_the_draw_is_lost() -> None:
    for quantity in (finance.irr(100, 60), finance.payback(-100, 60)):
        assert math.isnan(value(quantity))


def test_payback_within_a_period() -> None:
    assert value(finance.payback(-100, 60, 60)) == pytest.approx(1 + 40 / 60)
    assert value(finance.payback(-50, 10, 13, 16, 19, 22)) == pytest.approx(3 + 11 / 19)
    assert value(finance.payback(-60, 60, 60)) == 1
    assert value(finance.payback(10, 60)) == 0


def test_a_missing_cash_flow_is_an_error() -> None:
    for function, name in (
        (finance.irr, r"gm\.finance\.irr\(-100, 60, 60\)"),
        (finance.payback, r"gm\.finance\.payback\(-9, 5, 5\)"),
    ):
        with pytest.raises(ModelError, match=f"needs a later cash flow: {name}"):
            function(-100)
    with pytest.raises(ModelError, match="needs a later cash flow"):
        finance.profitability_index(0.1, -100)


def test_present_value_along_a_dimension_is_the_sum_of_single_ones() -> None:
    flows = gm.constant({2025: 60, 2026: 70, 2027: -20}, "USD", dim="year")

    def value(**options: float) -> float:
        return gm.present_value(flows, 0.1, "year", **options).sample(8).mean().value

    assert value() == pytest.approx(60 / 1.1 + 70 / 1.21 - 20 / 1.331, rel=1e-12)
    assert value(first=0) == pytest.approx(60 + 70 / 1.1 - 20 / 1.21, rel=1e-12)
    assert value(first=0.5) == pytest.approx((60 + 70 / 1.1 - 20 / 1.21) / 1.1**0.5, rel=1e-12)


def test_present_value_with_rates_that_differ() -> None:
    flows = gm.constant({1: 60, 2: 70}, "USD", dim="year")
    rates = gm.constant({1: 10, 2: 20}, "percent", dim="year")
    found = gm.present_value(flows, rates, "year").sample(8).mean().value
    assert found == pytest.approx(60 / 1.1 + 70 / (1.1 * 1.2), rel=1e-12)
    found = gm.present_value(flows, rates, "year", first=0).sample(8).mean().value
    assert found == pytest.approx(60 + 70 / 1.1, rel=1e-12)
    with pytest.raises(UsageError, match="write first=1"):
        gm.present_value(flows, rates, "year", first=0.5)
    with pytest.raises(DimensionError, match="present_value: no dimension 'month'"):
        gm.present_value(flows, 0.1, "month")
    with pytest.raises(WrongKind, match="first= is a number of periods"):
        gm.present_value(flows, 0.1, "year", first="now")


def test_rates_per_time() -> None:
    """(1 + r)^(k / 12) after k months of a rate r per year; a quarter is three months."""
    year = gm.constant({1: 60, 2: 70}, "USD", dim="year")
    for rate in ("10%/year", gm.constant(10, "percent/year"), gm.constant(0.1, "1/year")):
        assert value(gm.present_value(year, rate, "year")) == pytest.approx(60 / 1.1 + 70 / 1.21)
    month = gm.constant(10, "USD", dim={"month": range(1, 25)})
    k = np.arange(1, 25)
    expected = np.sum(10 / 1.1 ** (k / 12))
    assert value(gm.present_value(month, "10%/year", "month")) == pytest.approx(expected)
    quarter = gm.constant({1: 60, 2: 70}, "USD", dim="quarter")
    expected = 60 / 1.1**0.125 + 70 / 1.1**0.375
    found = value(gm.present_value(quarter, "10%/year", "quarter", first=0.5))
    assert found == pytest.approx(expected)
    differing = gm.constant({1: 10, 2: 20}, "percent/year", dim="year")
    found = value(gm.present_value(year, differing, "year"))
    assert found == pytest.approx(60 / 1.1 + 70 / (1.1 * 1.2))
    assert value(finance.pv("10%/year", "60 USD", "18 month")) == pytest.approx(60 / 1.1**1.5)
    assert value(finance.discount_factor("1%/month", "1 year")) == pytest.approx(1.01**-12)


def test_amounts_may_be_text() -> None:
    assert value(gm.finance.npv("10%", "-100 USD", "60 USD", "60 USD")) == pytest.approx(
        -100 + 60 / 1.1 + 60 / 1.21
    )
    assert value(finance.annuity_payment("20K USD", "0.625%", 60)) == pytest.approx(
        value(finance.annuity_payment(20_000, 0.00625, 60))
    )
    assert value(finance.compound("4.3%", 4, "1500 USD", 6)) == pytest.approx(
        1500 * (1 + 0.043 / 4) ** 24
    )
    assert value(finance.wacc("6K USD", "4K USD", "6%", "5%", "35%")) == pytest.approx(0.049)
    assert value(finance.rule_of_72("10%")) == pytest.approx(7.2)
    assert value(finance.roi("-55K USD", "60K USD")) == pytest.approx(5 / 55)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda flows: finance.pv("10%/year", 1, 3), "not with a plain number of periods"),
        (lambda flows: finance.pv("10%/year", 1, "3 kg"), r"constant\(3, 'year'\), not with kg"),
        (lambda flows: gm.present_value(flows, "10%/year", "phase"), "in percent/year goes with a"),
        (
            lambda flows: gm.present_value(flows, "10 USD", "phase"),
            "percent or percent/year, not in USD",
        ),
        (lambda flows: gm.present_value(flows, "10 USD/year", "phase"), "not in USD/year"),
        (lambda flows: gm.present_value(flows, "10 %%", "phase"), "is unclear: write"),
    ],
)
def test_rates_that_do_not_fit(call: Callable[[gm.Quantity], object], told: str) -> None:
    flows = gm.constant({1: 60, 2: 70}, "USD", dim="phase")
    with pytest.raises(gm.GuessmodelError, match=f"test_finance.py.*{told}"):
        call(flows)

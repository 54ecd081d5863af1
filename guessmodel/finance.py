"""Functions of finance for quantities and numbers.

Rates and shares are plain numbers or in percent: 0.05 is 5%, and so are `"5%"` and
`gm.constant(5, "percent")`. Nothing is rounded. Money may have any unit, and be text such as
`"60 USD"`; periods are plain numbers, of whatever length the rate is for, or a time where the rate
is per time: `pv("5%/year", "60 USD", "18 month")`. A cash flow that is paid has a negative sign.
Sources: R. Brealey, S. Myers and F. Allen, "Principles of Corporate Finance", chapters 2, 5 and 19.

>>> import guessmodel as gm
>>> income = gm.constant(60, "USD")
>>> rate = gm.constant(10, "percent")
>>> print(gm.finance.npv(rate, -gm.constant(100, "USD"), income, income).sample(64).mean())
4.132 USD
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from guessmodel import units
from guessmodel.errors import (
    DimensionError,
    Location,
    ModelError,
    UnitError,
    UsageError,
    WrongKind,
    caller,
    public,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph import functions
from guessmodel.graph.number_in import Amount, amount, number_node
from guessmodel.graph.quantity import Quantity, constant_node
from guessmodel.graph.values import is_number
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.cash_flows import internal_rate, periods_to_nought
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = [
    "annuity_payment",
    "cagr",
    "compound",
    "discount_factor",
    "fv",
    "irr",
    "leverage_ratio",
    "npv",
    "payback",
    "present_value",
    "profitability_index",
    "pv",
    "roi",
    "rule_of_72",
    "wacc",
]


@public
def pv(rate: Amount, cash_flow: Amount, periods: Amount = 1) -> Quantity:
    """Present value of a cash flow after some periods: C / (1 + r)^n, in the unit of the cash flow.

    >>> print(pv(0.05, 100).sample(64).mean())
    95.24
    """
    return amount(cash_flow) / _growth(rate, periods)


@public
def fv(rate: Amount, cash_flow: Amount, periods: Amount) -> Quantity:
    """Future value of a cash flow of today after some periods: C (1 + r)^n, in its unit.

    >>> print(fv(0.005, 1000, 12).sample(64).mean())
    1062
    """
    return amount(cash_flow) * _growth(rate, periods)


@public
def npv(rate: Amount, first: Amount, *later: Amount) -> Quantity:
    """Net present value: C0 + C1 / (1 + r) + C2 / (1 + r)^2 + …, in the unit of the cash flows.

    `first` is paid or received now, the others after one period, two and so on.

    >>> print(npv(0.1, -500_000, 200_000, 300_000, 200_000).sample(64).mean())
    80.02K
    """
    total = amount(first)
    for period, cash_flow in enumerate(later, 1):
        total = total + pv(rate, cash_flow, period)
    return total


@public
def present_value(cash_flow: Quantity, rate: Amount, dim: str, *, first: float = 1) -> Quantity:
    """Present value of cash flows along a dimension: the sum of C[k] / (1 + r)^(first + k) over
    its labels, k = 0, 1, 2, …, in the unit of the cash flow.

    Parameters
    ----------
    rate : of one period, from label to label; plain or in percent. One per time, such as "5%/year",
        goes with a dimension that is called like a unit of time: (1 + r)^(1/12) along months. One
        along the dimension may differ from period to period: the rate at a label is that of the
        period which ends there, and `first` is 1 or 0 then.
    first : the number of periods from now to the first label: 1, the end of the first period; 0,
        now; 0.5, the middle of the first period

    Raises DimensionError where the cash flow has no such dimension, UsageError for another `first`
    beside rates that differ, UnitError for a rate per year along what is no time.

    >>> import guessmodel as gm
    >>> flows = gm.constant(60, "USD", dim={"year": [1, 2]})
    >>> print(present_value(flows, 0.1, "year").sample(64).mean())  # 60 / 1.1 + 60 / 1.21
    104.1 USD
    """
    at = caller()
    flows = amount(cash_flow)
    try:
        along = flows.dims[dimensions.find(flows.dims, dim)]
    except DimensionError as error:
        raise DimensionError(f"present_value: {error.message}", at) from None
    if not is_number(first) or isinstance(first, bool) or not math.isfinite(first):
        raise WrongKind(f"first= is a number of periods such as 1 or 0.5, not {first!r}", at)
    factor = _growth(rate, _one_period(rate, along.name, at))
    if any(each.name == dim for each in factor.dims):
        if first not in (0, 1):
            raise UsageError(
                f"present_value: first={first:g} with rates along '{dim}'; write first=1 (each "
                "flow at the end of its period) or first=0 (at its beginning)",
                at,
            )
        growth = factor.cumprod(dim)
        return (flows / (growth if first else growth / factor)).sum(dim)
    periods = constant_node(first + np.arange(float(len(along))), (along,), DIMENSIONLESS, at)
    return (flows / factor**periods).sum(dim)


@public
def irr(first: Amount, *later: Amount) -> Quantity:
    """Internal rate of return: the rate r at which C0 + C1 / (1 + r) + … is 0, a plain number.

    In draws in which the sum of the cash flows is not 0 at some rate above -1 there is none, and
    the draw is lost; where there are several it is the one nearest to 0 that bisection finds
    between -1 and 1,000,000. The cash flows must be in one unit.

    Raises ModelError without a later cash flow.

    >>> print(irr(-500_000, 200_000, 300_000, 200_000).sample(64).mean())
    0.1882
    """
    if not later:
        raise ModelError("irr needs a later cash flow: gm.finance.irr(-100, 60, 60)", caller())
    return _of_flows(internal_rate, first, *later)


@public
def payback(first: Amount, *later: Amount) -> Quantity:
    """Payback period: after how many periods the cash flows together are no longer below 0.

    Within the period in which they get there, money is taken to come in evenly: with a balance of
    -40 and a flow of 60, after two thirds of it. In draws in which they never get there it is
    lost. `first` is the investment, a negative number. A plain number of periods.

    Raises ModelError without a later cash flow.

    >>> print(payback(-50, 10, 13, 16, 19, 22).sample(64).mean())  # 3 + 11 / 19
    3.579
    """
    if not later:
        raise ModelError("payback needs a later cash flow: gm.finance.payback(-9, 5, 5)", caller())
    return _of_flows(periods_to_nought, first, *later)


@public
def roi(investment: Amount, earnings: Amount) -> Quantity:
    """Return on investment: (E - I) / I of the earnings E and the size I of the investment,
    whichever sign it has; a plain number.

    >>> print(roi(-55_000, 60_000).sample(64).mean())
    0.09091
    """
    size = functions.abs(amount(investment))
    return (amount(earnings) - size) / size


@public
def annuity_payment(
    principal: Amount, rate: Amount, periods: Amount, *, at_beginning: bool = False
) -> Quantity:
    """What is paid each period to pay a loan off in so many: P r / (1 - (1 + r)^-n), or P / n
    where the rate is 0, in the unit of the principal.

    `rate` is that of one period: a yearly rate by 12 for monthly payments. Payments
    `at_beginning` of each period are smaller by a factor of 1 + r.

    >>> print(annuity_payment(20_000, 0.075 / 12, 5 * 12).sample(64).mean())
    400.8
    """
    each, time = amount(rate), amount(periods)
    r, n = _plain(each, time)
    paid_off = 1 - (1 + r) ** -n
    payment = amount(principal) * functions.where(r == 0, 1 / time, each / paid_off)
    return payment / (1 + r) if at_beginning else payment


@public
def profitability_index(rate: Amount, investment: Amount, *later: Amount) -> Quantity:
    """Present value of the later cash flows by the size of the investment:
    (C1 / (1 + r) + C2 / (1 + r)^2 + …) / C0, a plain number.

    Raises ModelError without a later cash flow.

    >>> print(profitability_index(0.1, -40_000, 18_000, 12_000, 10_000).sample(64).mean())
    0.8449
    """
    if not later:
        raise ModelError("profitability_index needs a later cash flow", caller())
    return npv(rate, 0, *later) / functions.abs(amount(investment))


@public
def discount_factor(rate: Amount, periods: Amount) -> Quantity:
    """What 1 after some periods is worth today: 1 / (1 + r)^n, a plain number.

    >>> print(discount_factor(0.1, 3).sample(64).mean())
    0.7513
    """
    return 1 / _growth(rate, periods)


@public
def compound(rate: Amount, compoundings: Amount, principal: Amount, periods: Amount) -> Quantity:
    """Principal and interest where interest is added several times a period:
    P (1 + r / m)^(m n), in the unit of the principal.

    >>> print(compound(0.043, 4, 1500, 6).sample(64).mean())
    1939
    """
    times = amount(compoundings)
    return amount(principal) * _growth(amount(rate) / times, times * amount(periods))


@public
def cagr(begin: Amount, end: Amount, periods: Amount) -> Quantity:
    """Compound annual growth rate: (end / begin)^(1 / n) - 1, a plain number.

    >>> print(cagr(10_000, 19_500, 3).sample(64).mean())
    0.2493
    """
    ratio = amount(end) / amount(begin)
    return ratio ** (1 / amount(periods)) - 1


@public
def leverage_ratio(liabilities: Amount, debts: Amount, income: Amount) -> Quantity:
    """(liabilities + debts) / income, a plain number where all are in one unit.

    >>> print(leverage_ratio(25, 10, 20).sample(64).mean())
    1.75
    """
    return (amount(liabilities) + amount(debts)) / amount(income)


@public
def rule_of_72(rate: Amount) -> Quantity:
    """About how many periods it takes to double: 0.72 / r, a plain number.

    >>> print(rule_of_72(0.1).sample(64).mean())
    7.2
    """
    return 0.72 / amount(rate)


@public
def wacc(
    equity: Amount,
    debt: Amount,
    cost_of_equity: Amount,
    cost_of_debt: Amount,
    tax_rate: Amount,
) -> Quantity:
    """Weighted average cost of capital: (E re + D rd (1 - t)) / (E + D), a plain number.

    >>> print(wacc(600_000, 400_000, 0.06, 0.05, 0.35).sample(64).mean())
    0.049
    """
    own, lent = amount(equity), amount(debt)
    after_tax = amount(cost_of_debt) * (1 - amount(tax_rate))
    return (own * amount(cost_of_equity) + lent * after_tax) / (own + lent)


def _growth(rate: Amount, periods: Amount) -> Quantity:
    """(1 + r)^n; a rate in percent is a plain number here, one per year goes with a time."""
    r, n = _plain(amount(rate), amount(periods))
    return (1 + r) ** n


def _plain(each: Quantity, time: Quantity) -> tuple[Quantity, Quantity]:
    """The rate of a period, and how many periods there are."""
    if each.unit.is_dimensionless:
        return each, time
    unit = _time_of(each.unit)
    if unit is None:
        raise UnitError(
            f"a rate is plain, in percent or percent/year, not in {each.unit}", caller()
        )
    if not units.compatible(time.unit, unit):
        raise UnitError(
            f"a rate in {each.unit} goes with a time, such as gm.constant(3, '{unit}'), not with "
            f"{f'{time.unit}' if str(time.unit) else 'a plain number of periods'}",
            caller(),
        )
    one = number_node(1.0, unit, caller())
    return (each * one).to(DIMENSIONLESS), (time / one).to(DIMENSIONLESS)


def _one_period(rate: Amount, dim: str, at: Location) -> Quantity:
    """1, or for a rate per year the time from label to label: a month along months."""
    unit = DIMENSIONLESS
    if not amount(rate).unit.is_dimensionless:
        try:
            unit = units.parse(dim)
        except UnitError:
            unit = DIMENSIONLESS
    return number_node(1.0, unit, at)


def _time_of(unit: Unit) -> Unit | None:
    """The time that a rate is for: the year of percent/year."""
    for name, power in unit.powers:
        time = units.parse(name)
        if power == -1 and units.compatible(time, units.parse("year")):
            return time if units.multiply(unit, time)[0].is_dimensionless else None
    return None


def _of_flows(function: Callable[..., FloatArray], *flows: Amount) -> Quantity:
    """A function of arrays of cash flows in one unit; the result is a plain number."""
    quantities = [amount(flow) for flow in flows]
    unit = quantities[0].unit
    return functions.apply(function, *(flow.to(unit) for flow in quantities))

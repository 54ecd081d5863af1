"""Guesstimate's functions of finance: rates in percent, results mostly rounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from guessmodel.interop.guesstimate.converting import Converted, Converter, number, share
from guessmodel.interop.guesstimate.formulas import Applied
from guessmodel.interop.guesstimate.refusals import Refused
from guessmodel.interop.guesstimate.tables import MANY, Convert, Function

__all__ = ["FINANCE"]


def _rounded(c: Converter, node: Applied, value: Converted, decimals: int) -> Converted:
    """A value rounded as Guesstimate does, halves up, where that is wanted."""
    if not c.faithful:
        places = "decimal" if decimals == 1 else "decimals"
        c.remark(f"Guesstimate rounds {node.name} to {decimals} {places}; here it is not rounded")
        return value
    scale = number(10.0**decimals)
    scaled = c.arithmetic("*", scale, value, node.column)
    whole = c.called("gm.floor", c.arithmetic("+", scaled, number(0.5), node.column))
    return c.arithmetic("/", whole, scale, node.column)


def _plain(function: str, *rates: int, percent: bool = False, decimals: int | None = 2) -> Convert:
    """A function of `gm.finance`; arguments at `rates` are in percent in Guesstimate, and so is the
    result of some."""

    def convert(c: Converter, node: Applied) -> Converted:
        given = [share(x) if i in rates else x for i, x in enumerate(c.all(node.arguments))]
        value = c.called(f"gm.finance.{function}", *given)
        if percent:
            value = c.arithmetic("*", number(100.0), value, node.column)
        return value if decimals is None else _rounded(c, node, value, decimals)

    return convert


def _payback(c: Converter, node: Applied) -> Converted:
    periods, first, *later = c.all(node.arguments)
    if periods.value is None:
        raise Refused("PP: the number of periods must be a number", node.column)
    if periods.value == 0.0:
        if len(later) != 1:
            raise Refused("PP(0, investment, flow) takes one cash flow", node.column)
        return c.arithmetic("/", c.called("gm.abs", first), later[0], node.column)
    value = c.called("gm.finance.payback", first, *later)
    if not c.faithful:
        c.remark(
            "PP of uneven cash flows is wrong in Guesstimate: it takes the part of the last period "
            "off instead of adding it; here it is added"
        )
        return value
    # It counts n + 1 - share where n + share is meant.
    whole = c.arithmetic("*", number(2.0), c.called("gm.floor", value), node.column)
    whole = c.arithmetic("+", whole, number(1.0), node.column)
    return c.arithmetic("-", whole, value, node.column)


def _payment(c: Converter, node: Applied) -> Converted:
    principal, rate, period, *options = c.all(node.arguments)
    if options and options[0].value not in (0.0, 1.0):
        raise Refused("AM: the fourth argument is 0 for years or 1 for months", node.column)
    if len(options) == 2 and options[1].value is None:
        raise Refused("AM: the last argument must be true or false", node.column)
    months = bool(options) and options[0].value == 1.0
    monthly = c.arithmetic("/", share(rate), number(12.0), node.column)
    count = period if months else c.arithmetic("*", number(12.0), period, node.column)
    value = c.called("gm.finance.annuity_payment", principal, monthly, count)
    if len(options) == 2 and options[1].value:
        growth = c.arithmetic("+", number(1.0), monthly, node.column)
        value = c.arithmetic("/", value, growth, node.column)
    return _rounded(c, node, value, 2)


def _discount_factor(c: Converter, node: Applied) -> Converted:
    if c.faithful:
        raise Refused("DF gives a list in Guesstimate, which no cell can show", node.column)
    c.remark("DF gives a list in Guesstimate, which no cell shows; here it is the factor after n")
    rate, periods = c.all(node.arguments)
    return c.called("gm.finance.discount_factor", share(rate), periods)


FINANCE: Final[Mapping[str, Function]] = {
    "PV": Function(2, 3, _plain("pv", 0)),
    "FV": Function(3, 3, _plain("fv", 0)),
    "NPV": Function(2, MANY, _plain("npv", 0)),
    "PP": Function(3, MANY, _payback),
    "ROI": Function(2, 2, _plain("roi", percent=True)),
    "AM": Function(3, 5, _payment),
    "PI": Function(3, MANY, _plain("profitability_index", 0)),
    "DF": Function(2, 2, _discount_factor),
    "CI": Function(4, 4, _plain("compound", 0)),
    "CAGR": Function(3, 3, _plain("cagr", percent=True)),
    "LR": Function(3, 3, _plain("leverage_ratio", decimals=None)),
    "R72": Function(1, 1, _plain("rule_of_72", 0, decimals=None)),
    "WACC": Function(5, 5, _plain("wacc", 2, 3, 4, percent=True, decimals=1)),
}

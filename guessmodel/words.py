"""Words that other tools have for what is here, and what is written here instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

__all__ = [
    "CHANGED",
    "COUNTED_IN_DAYS",
    "FORMATTED",
    "argument_instead",
    "attribute_instead",
    "function_instead",
    "is_date",
    "unit_instead",
]

# Statistics of draws, and how a result has them.
_STATISTICS: Final = {
    **dict.fromkeys(("std", "stdev", "stddev", "sigma", "stdv"), "sd()"),
    **dict.fromkeys(("var", "variance"), "sd().value ** 2"),
    **dict.fromkeys(("percentile", "percentiles", "ppf", "fractile"), "quantile(0.95)"),
    **dict.fromkeys(("ci", "confidence_interval", "credible_interval", "range"), "interval(0.9)"),
    **dict.fromkeys(("cvar", "expected_shortfall", "tail_mean"), "shortfall(0.95)"),
    **dict.fromkeys(("prob", "p"), "probability()"),
    **dict.fromkeys(("samples", "array", "data", "to_numpy", "rvs", "tolist"), "values"),
    **dict.fromkeys(("value", "magnitude", "item", "expected_value"), "mean().value"),
    "average": "mean()",
    **dict.fromkeys(("error", "stderr", "se", "sem"), "mean().error"),
    "skew": "skewness()",
    "kurt": "kurtosis()",
}
_OF_RESULTS: Final = {
    **_STATISTICS,
    **dict.fromkeys(("min", "max"), "values, whose .min() and .max() are of the draws"),
    **dict.fromkeys(("isel", "loc", "iloc", "at"), "sel(year=2025)"),
    **dict.fromkeys(("keys", "items"), "by_label.items()"),
}
_PLOTTED: Final = ("hist", "histogram", "plot", "pdf", "kde", "density")
_DRAWN: Final = {  # what a picture is made of
    "Quantity": "q.sample()",
    "Result": "result",
    "Simulation": "simulation['cost']",
}
_FRAMES: Final = ("to_dataframe", "to_df", "to_frame", "df")
_TABLES: Final = ("to_pandas", "to_xarray", *_FRAMES, "to_csv", "to_dict", "to_json")
# Functions of quantities, which are methods elsewhere.
_FUNCTIONS: Final = frozenset(
    (
        *("abs", "apply", "ceil", "clip", "correlate", "exp", "expm1", "filtered", "floor"),
        *("log", "log10", "log1p", "log2", "maximum", "minimum", "round", "sign", "sqrt"),
        *("stack", "trunc", "truncated"),
    )
)
_OF_QUANTITIES: Final = {
    **dict.fromkeys(("convert", "to_unit", "to_units", "in_units", "ito", "in_"), "to('USD')"),
    **dict.fromkeys(("loc", "iloc", "at"), "sel(year=2025)"),
    **dict.fromkeys(("shape", "size", "ndim", "coords", "labels", "index"), "dims"),
    **dict.fromkeys(("argmax",), "idxmax('dim')"),
    **dict.fromkeys(("argmin",), "idxmin('dim')"),
    "any": "max('dim')",
    "all": "min('dim')",
    "count": "sum('dim')",
}
_OF_SIMULATIONS: Final = {
    **dict.fromkeys(("keys", "columns", "variables"), "names"),
    **dict.fromkeys(("items", "values"), "results()"),
    **dict.fromkeys(("describe", "head", "table", "stats", "statistics"), "summary()"),
    **dict.fromkeys(("to_dict", "to_json"), "summary().to_dict()"),
    **dict.fromkeys(("to_csv", "to_parquet", "to_netcdf", "save"), "export('draws.csv')"),
    **dict.fromkeys(("to_numpy", "samples"), "to_xarray()"),
    **dict.fromkeys(_FRAMES, "to_pandas()"),
    **dict.fromkeys(("tornado", "sobol", "drivers"), "sensitivity('cost')"),
    **dict.fromkeys(("corr", "correlation_matrix"), "correlations()"),
}
_OF_MODELS: Final = {
    **dict.fromkeys(("run", "simulate", "evaluate", "draw", "solve", "rvs"), "sample()"),
    **dict.fromkeys(("names", "keys", "items", "values", "inputs", "nodes"), "quantities"),
    **dict.fromkeys(("set", "override", "update", "replace", "assign", "do"), "with_(cost=3)"),
    **dict.fromkeys(("tornado", "sensitivity", "sobol"), "sample().sensitivity('cost')"),
    **dict.fromkeys(("summary", "correlations", "to_pandas", "to_xarray"), "sample().{name}()"),
}
_OF_ESTIMATES: Final = {
    **dict.fromkeys(("mean", "estimate", "magnitude", "item", "m", "n"), "value"),
    **dict.fromkeys(("std", "sd", "stderr", "se", "s", "std_dev", "uncertainty"), "error"),
    **dict.fromkeys(("ci", "interval", "bounds"), "low and .high"),
    **dict.fromkeys(("units",), "unit"),
}
_BY_KIND: Final[Mapping[str, Mapping[str, str]]] = {
    "Quantity": _OF_QUANTITIES,
    "Result": _OF_RESULTS,
    "Simulation": _OF_SIMULATIONS,
    "Model": _OF_MODELS,
    "Estimate": _OF_ESTIMATES,
}
_SHOWN: Final = {"Quantity": "q", "Estimate": "estimate"}
_PERCENTILE: Final = re.compile(r"[pq](\d\d?)(?:[_.](\d+))?", re.ASCII)

FORMATTED: Final = {
    "Quantity": 'f"{q.sample().mean():.2f}"',
    "Result": 'f"{result.mean():.2f}"',
    "Simulation": "f\"{simulation['cost'].mean():.2f}\"",
    "Model": "f\"{model.sample()['cost'].mean():.2f}\"",
}
"""A number with two digits, by the kind of what is no number."""
CHANGED: Final = {
    "Quantity": "; give it where it is made, as in gm.normal(5, 8, name='cost')",
    "Model": "; write model.with_(cost=3) for another model",
}
"""What to write in place of setting an attribute."""


def attribute_instead(kind: str, name: str) -> str | None:
    """What to write for an attribute that a class of this name does not have; None where nothing
    of another tool is called so.

    >>> attribute_instead("Result", "p95"), attribute_instead("Quantity", "std")
    ('result.quantile(0.95)', 'q.sample().sd()')
    """
    shown = _SHOWN.get(kind, kind.lower())
    found = _BY_KIND.get(kind, {}).get(name)
    if found is not None:
        return f"{shown}.{found.format(name=name)}"
    statistic = _statistic(name)
    if kind == "Quantity":
        if name in _FUNCTIONS:
            return f"gm.{name}(function, q)" if name == "apply" else f"gm.{name}(q, …)"
        if statistic is not None:
            return f"q.sample().{statistic}"
    if kind == "Simulation" and statistic is not None:
        return f"simulation['cost'].{statistic}"
    if kind in _DRAWN and name in _PLOTTED:
        return f"gm.plots.density({_DRAWN[kind]})"
    if kind in ("Quantity", "Result") and name in _TABLES:
        way = "summary().to_dict()" if name in ("to_dict", "to_json") else "to_pandas()"
        return f"simulation.{'to_xarray()' if name == 'to_xarray' else way}"
    if kind == "Result" and statistic is not None:
        return f"result.{statistic}"
    return None


def _statistic(name: str) -> str | None:
    """How a result is asked for a statistic of another name, or of its own."""
    name = name.removeprefix("nan")  # of NumPy
    percentile = _PERCENTILE.fullmatch(name)
    if percentile is not None:
        return f"quantile({float(f'{percentile[1]}.{percentile[2] or 0}') / 100:g})"
    if name in ("interval", "probability", "skewness", "kurtosis", "mode", "hdi", "values"):
        return name if name == "values" else f"{name}()"
    if name in ("cdf", "shortfall"):
        return f"{name}(…)"
    if name in ("mean", "median", "sd", "quantile"):
        return "quantile(0.95)" if name == "quantile" else f"{name}()"
    return _STATISTICS.get(name)


# Functions of the package by the names that they have elsewhere.
_PACKAGE: Final = {
    **dict.fromkeys(("gaussian", "norm"), "gm.normal(…)"),
    **dict.fromkeys(("gauss",), "gm.normal(mean=…, sd=…)"),
    **dict.fromkeys(("max", "amax"), "gm.maximum(a, b), or q.max('dim') along labels"),
    **dict.fromkeys(("min", "amin"), "gm.minimum(a, b), or q.min('dim') along labels"),
    "sum": "sum([a, b]), or q.sum('dim') along labels",
    "prod": "math.prod([a, b]), or q.prod('dim') along labels",
    **dict.fromkeys(
        ("mean", "median", "sd", "std", "var", "percentile", "quantile"),
        "simulation['cost'].mean() and the like for draws, or q.mean('dim') along labels",
    ),
    **dict.fromkeys(("to", "between", "range", "interval"), "gm.lognormal(5, 10), or gm.normal"),
    **dict.fromkeys(("if_", "ifelse", "iff", "cond", "if_else"), "gm.where(condition, a, b)"),
    **dict.fromkeys(
        ("discrete", "choice", "multinomial"), "gm.mixture([1, 2, 5], [0.2, 0.5, 0.3])"
    ),
    **dict.fromkeys(("mx", "mix", "mixed"), "gm.mixture([a, b], [0.7, 0.3])"),
    **dict.fromkeys(("randint", "duniform", "discrete_uniform"), "gm.mixture([1, 2, 3])"),
    **dict.fromkeys(("tri", "triang", "triangle"), "gm.triangular(low, high, mode=…)"),
    **dict.fromkeys(("expon",), "gm.exponential(mean=…)"),
    **dict.fromkeys(("trunc_normal", "truncnorm"), "gm.truncated(gm.normal(…), lower=0)"),
    **dict.fromkeys(("gumbel", "gumbel_r", "rayleigh", "extreme_value"), "gm.from_scipy(…)"),
    **dict.fromkeys(("npv", "irr", "pv", "fv", "payback"), "gm.finance.{name}(…)"),
    **dict.fromkeys(("const", "fixed"), "gm.constant(…)"),
    **dict.fromkeys(
        ("corr", "copula", "correlated", "correlation"), "gm.correlate([a, b], rank=0.6)"
    ),
    **dict.fromkeys(("sample", "simulate", "run"), "gm.Model(cost=cost).sample()"),
    **dict.fromkeys(("load", "open", "read", "from_file"), "gm.Model.from_file('model.py')"),
    **dict.fromkeys(("and_", "logical_and"), "a & b"),
    **dict.fromkeys(("or_", "logical_or"), "a | b"),
    **dict.fromkeys(("not_", "logical_not"), "~a"),
    **dict.fromkeys(("pow", "power"), "a ** b"),
    "any": "q.max('dim') along labels, or a | b",
    "all": "q.min('dim') along labels, or a & b",
    **dict.fromkeys(("roll", "lag"), "q.shift(year=1)"),
    **dict.fromkeys(("cumsum", "cumulate"), "q.cumsum('dim')"),
    **dict.fromkeys(("plot", "hist", "show"), "gm.plots.density(simulation['cost'])"),
    **dict.fromkeys(("tornado", "sensitivity"), "model.sample().sensitivity('cost')"),
}


def function_instead(name: str) -> str | None:
    """What to write for a function that the package does not have.

    >>> function_instead("npv")
    'gm.finance.npv(…)'
    """
    found = _PACKAGE.get(name)
    return None if found is None else found.format(name=name)


# Units that others write so, or that mean several things. What is no word of a unit says why.
_UNITS: Final = {
    "ton": "'tonne' (1000 kg), 'short_ton' (2000 pounds) or 'long_ton' (2240 pounds)",
    **dict.fromkeys(("t", "mt"), "'tonne'"),
    "kt": "'thousand tonne', or 'nautical_mile/hour' for knots",
    "Mt": "'million tonne'",
    "lbf": "'pound', a mass, times an acceleration; a pressure may be in 'psi'",
    "oz_t": "'ounce', which is that of goods; a troy ounce is 31.1034768 g",
    "C": "'degC' for a temperature, 'delta_degC' for a difference, 'coulomb' for a charge",
    "F": "'degF' for a temperature, 'delta_degF' for a difference, 'farad' for a capacity",
    "rad": "no unit: an angle is a plain number, in radians",
    "radian": "no unit: an angle is a plain number, in radians",
    "deg": "'degC' or 'degF' for a temperature; an angle is a plain number, in radians",
    "degree": "'degC' or 'degF' for a temperature; an angle is a plain number, in radians",
    "dB": "no unit: a level is ten times the logarithm of a ratio, so keep the ratio",
    "Nm": "'N*m'",
    "hp": "'kW': one horsepower is 0.7457 kW, a metric one 0.7355",
    "mmHg": "'Pa': one mmHg is 133.322 Pa",
    "torr": "'Pa': one torr is 133.322 Pa",
    "btu": "'kJ': one Btu is 1.055 kJ",
    "BTU": "'kJ': one Btu is 1.055 kJ",
    "therm": "'kWh': one therm is 29.3 kWh",
    **dict.fromkeys(("MMBtu", "MMBTU", "mmBtu", "mmbtu"), "'GJ': a million Btu are 1.055 GJ"),
    **dict.fromkeys(("boe", "BOE"), "'GJ': a barrel of oil equivalent is about 6.1 GJ"),
    "inHg": "'Pa': one inHg is 3386.39 Pa",
    "kNm": "'kN*m'",
    "cal": "'kcal'",
    **{
        f"{prefix}W{kind}": f"'{prefix}W'"
        for prefix in ("", "k", "M", "G")
        for kind in ("p", "e", "el", "th", "dc", "ac", "_p", "peak")
    },
    **{
        f"{mass}{gas}": f"'{unit}'"
        for mass, unit in (
            *(("g", "g"), ("kg", "kg"), ("t", "tonne")),
            *(("kt", "thousand tonne"), ("Mt", "million tonne"), ("Gt", "billion tonne")),
        )
        for gas in ("C", "CO2", "CO2e", "CO2eq")
    },
    **dict.fromkeys(("Å", "angstrom", "Angstrom"), "'nm': one angstrom is 0.1 nm"),
    "micron": "'um'",
    "in": "'inch'",
    "in2": "'inch**2'",
    "in3": "'inch**3'",
    "yd": "'yard'",
    "mi": "'mile'",
    "knot": "'nautical_mile/hour'",
    "kn": "'kN' for a force, 'nautical_mile/hour' for knots",
    "stone": "'kg': one stone is 6.350 kg",
    "cwt": "'kg': a hundredweight is 50.80 kg, in the US 45.36 kg",
    "bbl": "'barrel'",
    "gal": "'gallon' (US) or 'imperial_gallon'",
    "mpg": "'mile/gallon'",
    "pint": "'litre': a pint is 0.568 litre, in the US 0.473",
    "quart": "'litre': a quart is 1.137 litre, in the US 0.946",
    **dict.fromkeys(("fl_oz", "floz"), "'mL': a fluid ounce is 28.41 mL, in the US 29.57 mL"),
    **dict.fromkeys(("dl", "dL"), "'litre', of which it is 0.1"),
    **dict.fromkeys(("cl", "cL"), "'mL', of which it is 10"),
    **dict.fromkeys(("hl", "hL"), "'litre', of which it is 100"),
    "Mcf": "'m**3': a thousand cubic feet are 28.32 m**3",
    "mcf": "'m**3': a thousand cubic feet are 28.32 m**3",
    "dozen": "'item', of which it is 12",
    **dict.fromkeys(("capita", "ppl", "pax"), "'person'"),
    **dict.fromkeys(("tok", "tkn"), "'token'"),
    **dict.fromkeys(("c", "ct", "cts"), "'cent'"),
    **dict.fromkeys(("penny", "pence", "p"), "'GBP', of which it is 0.01"),
    "rupee": "'INR'",
    **dict.fromkeys(("yuan", "rmb", "RMB", "renminbi"), "'CNY'"),
    "mo": "'month'",
    **dict.fromkeys(("wk", "w"), "'week'"),
    **dict.fromkeys(("FY", "fy"), "'year'"),
    "pa": "'Pa' for a pressure, 'per year' for a rate",
    **dict.fromkeys(("sqm", "qm"), "'m**2'"),
    **dict.fromkeys(("sqft", "sf"), "'foot**2'"),
    "sqkm": "'km**2'",
    "cbm": "'m**3'",
    **dict.fromkeys(("cc", "ccm"), "'mL'"),
    "mph": "'mile/hour'",
    **dict.fromkeys(("kph", "kmh", "kmph"), "'km/hour'"),
    "mps": "'m/s'",
    "bps": "'bit/s', or 'bp' for basis points",
    **dict.fromkeys(("kbps", "Mbps", "Gbps", "Tbps"), "'{prefix}bit/s'"),
    **dict.fromkeys(("MBps", "GBps"), "'{prefix}B/s'"),
    **dict.fromkeys(("FLOPS", "GFLOPS", "TFLOPS", "PFLOPS"), "'{prefix}FLOP/s'"),
    **dict.fromkeys(("unit", "piece", "pc", "pcs", "ea", "each"), "'item'"),
    **dict.fromkeys(("workday", "manday", "personday"), "'person*day', or 'day'"),
    "PT": "'person*day', or 'day'",
    "FIT": "'1/hour' and 1e-9 of it: failures in a billion hours",
    "qtr": "'quarter'",
    "fortnight": "'week', of which it is 2",
}


def unit_instead(name: str) -> str | None:
    """What to write for a unit that there is none of under this name; None for one that others do
    not write either.

    >>> unit_instead("tons")
    "'tonne' (1000 kg), 'short_ton' (2000 pounds) or 'long_ton' (2240 pounds)"
    """
    found = _UNITS.get(name) or (_UNITS.get(name.removesuffix("s")) if len(name) > 3 else None)
    return None if found is None else found.format(prefix=name[0] if name[0] in "kMGTP" else "")


COUNTED_IN_DAYS: Final = (
    "count the days from a first one: gm.constant((deadline - start).days, 'day')"
)
"""What to write for a date."""
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE: Final = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?(?:[T ]\d\d:\d\d.*)?"  # 2027-03, 2027-03-31
    r"|\d{1,2}[./]\d{1,2}[./](?:\d\d){1,2}|\d{4}/\d{1,2}/\d{1,2}"  # 31.3.2027, 2027/3/31
    rf"|(?:\d{{1,2}}\.? )?(?:{_MONTHS})[a-z]*\.?(?: \d{{1,2}},)? \d{{4}}|q[1-4][ /]\d{{4}}",
    re.ASCII | re.IGNORECASE,
)


def is_date(text: str) -> bool:
    """Whether a text is a date as people write one, or begins a range with one.

    >>> is_date("2027-03"), is_date("1/3/2027 to 5/3/2027"), is_date("March 2027"), is_date("3-5")
    (True, True, True, False)
    """
    return _DATE.fullmatch(re.split(r"\s+to\s+|\.\.|…|–", text, maxsplit=1)[0].strip()) is not None


# Arguments by the names that they have elsewhere; the first that a function takes is meant.
_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("loc", "mu", "average", "location", "center"), ("location", "mean")),
    **dict.fromkeys(("std", "sigma", "stdev", "stddev"), ("sd",)),
    "s": ("sigma", "sd"),
    "scale": ("sd", "mean"),
    **dict.fromkeys(("min", "minimum", "a", "lo", "left"), ("low", "lower")),
    **dict.fromkeys(("max", "maximum", "b", "hi", "right"), ("high", "upper")),
    **dict.fromkeys(("lower",), ("low",)),
    **dict.fromkeys(("upper",), ("high",)),
    **dict.fromkeys(("likely", "most_likely", "likeliest", "peak"), ("mode",)),
    **dict.fromkeys(("lam", "lambda_", "lamda"), ("rate", "mean")),
    "c": ("mode", "shape"),
    "k": ("shape",),
    **dict.fromkeys(("prob", "probability"), ("p",)),
    **dict.fromkeys(("n", "n_trials"), ("trials",)),
    **dict.fromkeys(("samples", "size", "n_samples", "iterations", "draws", "num"), ("n",)),
    **dict.fromkeys(("random_state", "rng"), ("seed",)),
    **dict.fromkeys(("dims", "index", "coords", "over", "axis"), ("dim",)),
    **dict.fromkeys(("corr", "correlation", "rho", "r", "pearson", "spearman"), ("rank",)),
    **dict.fromkeys(("description", "comment", "note", "help"), ("doc",)),
    **dict.fromkeys(("reference", "ref"), ("source",)),
    **dict.fromkeys(("confidence", "credibility", "coverage", "ci", "level", "conf"), ("mass",)),
}


def argument_instead(key: str, known: Collection[str]) -> str | None:
    """The argument that is meant by one that a function does not have.

    >>> argument_instead("loc", ["low", "high", "mean", "sd"])
    'mean'
    """
    meant = ("quantiles",) if _PERCENTILE.fullmatch(key) else _ARGUMENTS.get(key, ())
    return next((each for each in meant if each in known), None)

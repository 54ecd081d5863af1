"""An evaluator of SIPmath libraries that shares nothing with guessmodel.

The generator is HDR 2.0 (D. W. Hubbard, "A multi-dimensional, counter-based pseudo random number
generator as a standard for Monte Carlo simulations", Winter Simulation Conference 2019), metalogs
are Keelin's (2016) equation (6), and the copula takes NumPy's Cholesky factor.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

__all__ = ["metalog", "trials"]


def uniform(count: int, ids: Mapping[str, int]) -> Any:
    """The numbers of one variable of the generator."""
    entity, variable = ids["entity"], ids["varId"]
    found = []
    for trial in range(1, count + 1):
        a = (trial * 2499997 + variable * 1800451 + entity * 2000371) % 7450589
        b = (trial * 2246527 + variable * 2399993 + entity * 2100869) % 7450987
        a = (999999999999989 % (a * 4658 + 7450581)) * 383 % 99991
        b = (999999999999989 % (b * 7580 + 7560584)) * 17669 % 7440893
        found.append(((a * 7440893 + b) * 1343 % 4294967296 + 0.5) / 4294967296)
    return np.array(found)


def metalog(y: Any, arguments: Mapping[str, Any]) -> Any:
    logit, c = np.log(y / (1.0 - y)), y - 0.5
    terms = [1.0, logit, c * logit, c]
    for k in range(5, 40):
        terms.append(c ** ((k - 1) // 2) * (1.0 if k % 2 else logit))
    m = sum(a * term for a, term in zip(arguments["aCoefficients"], terms, strict=False))
    low, high = arguments.get("lowerBound"), arguments.get("upperBound")
    if low is None and high is None:
        return m
    if high is None:
        return low + np.exp(m)
    if low is None:
        return high - np.exp(-m)
    return (low + high * np.exp(m)) / (1.0 + np.exp(m))


def trials(library: Mapping[str, Any], count: int) -> dict[str, Any]:
    """So many trials of each variable."""
    numbers = {each["name"]: uniform(count, each["arguments"]) for each in library["U01"]["rng"]}
    layers: dict[tuple[str, str], Any] = {}
    values = {each["name"]: each["value"] for each in library.get("globalVariables", [])}
    for copula in library["U01"].get("copula", []):
        matrix = values[copula["arguments"]["correlationMatrix"]["value"]]
        place = {name: k for k, name in enumerate(matrix["columns"])}
        r = np.eye(len(place))
        for each in matrix["matrix"]:
            r[place[each["row"]], place[each["col"]]] = each["value"]
        scores = np.array([stats.norm.ppf(numbers[name]) for name in copula["arguments"]["rng"]])
        joined = stats.norm.cdf(np.linalg.cholesky(r) @ scores)
        for layer, row in zip(copula["copulaLayer"], joined, strict=True):
            layers[copula["name"], layer] = row
    found = {}
    for sip in library["sips"]:
        ref = sip["ref"]
        y = (
            numbers[ref["name"]]
            if ref["source"] == "rng"
            else layers[ref["name"], ref["copulaLayer"]]
        )
        if sip["function"] == "Lookup_Table":
            reached, x = np.array(sip["arguments"]["value"]).T
            found[sip["name"]] = x[np.searchsorted(reached, y)]
        else:
            found[sip["name"]] = metalog(y, sip["arguments"])
        if "rounding" in sip:
            found[sip["name"]] = np.floor(found[sip["name"]] + 0.5)
    assert math.isfinite(sum(float(np.sum(x)) for x in found.values()))
    return found

"""What a page answers first: headlines, each as a number, a sentence and a picture."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Final, TypedDict

from guessmodel.claims.report_format import Document, EstimateData, FigureData, QuantityData
from guessmodel.graph.dims import titled
from guessmodel.report.numbers import (
    at,
    brief_ends,
    coordinates,
    digits_within,
    estimate,
    in_percent,
    is_chance,
    labelled,
    with_unit,
)
from guessmodel.simulation.headline import filled
from guessmodel.simulation.statistics import CHANCE
from guessmodel.simulation.summary import ABSENT
from guessmodel.units.figures import parse_figure

__all__ = ["STATISTICS_OF_THE_MIDDLE", "Card", "cards", "is_input", "lead", "strongest"]

_MOST_CARDS = 4
_MOST_SENTENCES = 2
STATISTICS_OF_THE_MIDDLE: Final = {"mean": "mean", "p50": "median", "probability": "probability"}
_PERCENTILE = re.compile(r"p([0-9.]+)")

LabelledName = tuple[str, tuple[str, ...]]  # name and labels


class Card(TypedDict):
    """An answer."""

    name: str
    labels: list[str]
    title: str
    statistic: str  # mean, median or probability
    value: str
    words: str  # the sentence of the headline, else the interval
    claims: list[int]  # positions in the claims of the document
    thresholds: list[float]  # what the result is compared with
    priority: int | None  # on the page over several models


def cards(document: Document) -> list[Card]:
    """The headlines; else outputs with claims, what is uncertain first; else other claims, else
    outputs."""
    return [_card(document, place, told) for place, told in _places(document)]


def lead(document: Document) -> str:
    """The first answers in a sentence each."""
    found = []
    for place, told in _places(document)[:_MOST_SENTENCES]:
        card = _card(document, place, told)
        sentence = document.get("sentences", {}).get(titled(card["name"], card["labels"]))
        if sentence is not None:
            found.append(card["words"])
        else:
            entry = document["quantities"][card["name"]]
            ends = _ends(entry, tuple(card["labels"]), told)
            spread = "" if is_chance(entry) or None in ends else _range(ends, told)
            found.append(f"{card['title']}: {card['value']}{spread}")
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in found)


def strongest(document: Document, name: str, labels: tuple[str, ...]) -> str:
    """The input that does most to a result: by its share of the variance, else by rank
    correlation; empty where neither is known."""
    for parts in (document.get("drivers", []), document["dependence"]):
        for each in parts:
            if (each["output"], tuple(map(str, each["labels"].values()))) == (name, labels):
                inputs = [one["input"] for one in each["inputs"]]
                if parts is document["dependence"]:
                    inputs = [one for one in inputs if is_input(document, one)]
                return inputs[0] if inputs else ""
    return ""


def is_input(document: Document, title: str) -> bool:
    """Whether a draw, or a label of one, hangs on nothing that is uncertain. A count is correlated
    with what is made of it, but what drives both may be its mean, where that is drawn too."""
    known = document["quantities"]
    name = title if title in known else title.partition("[")[0]
    behind = known[name]["depends_on"] if name in known else []
    return all(known[each]["kind"] == "constant" for each in behind if each in known)


# --- which --------------------------------------------------------------------------------------


def _places(document: Document) -> list[tuple[LabelledName, Mapping[str, FigureData]]]:
    told = document.get("headlines", {})
    if told:
        known = {
            titled(name, labels): (name, labels)
            for name, entry in document["quantities"].items()
            for labels in coordinates(entry)
        }
        return [(known[title], each) for title, each in told.items() if title in known]
    claimed = [_place_of(document, i) for i in range(len(document["claims"]))]
    named = [place for place in claimed if place[0] in document["quantities"]]
    outputs: list[LabelledName] = [(name, ()) for name in document["outputs"]]
    wanted = [place for place in named if place[0] in document["outputs"]] or named or outputs
    found: dict[LabelledName, Mapping[str, FigureData]] = {}
    for name, labels in wanted:
        entry = document["quantities"][name]
        if entry["kind"] != "constant":
            found[name, labels or next(coordinates(entry), ())] = {}
    return sorted(found.items(), key=lambda each: _is_certain(document, each[0]))[:_MOST_CARDS]


def _place_of(document: Document, i: int) -> LabelledName:
    claim = document["claims"][i]
    return claim["name"] or "", tuple(map(str, claim["labels"].values()))


def _is_certain(document: Document, place: LabelledName) -> bool:
    entry = document["quantities"][place[0]]
    low, high = (at(entry, key, place[1]) for key in ("p5", "p95"))
    return not is_chance(entry) and low is not None and bool(low["value"] == high["value"])


# --- one ----------------------------------------------------------------------------------------


def _card(document: Document, place: LabelledName, told: Mapping[str, FigureData]) -> Card:
    name, labels = place
    entry = document["quantities"][name]
    claims = [i for i in range(len(document["claims"])) if _place_of(document, i) == place]
    sentence = document.get("sentences", {}).get(titled(name, labels))
    named = {} if sentence is None else {key: told[key] for key in _named(sentence) if key in told}
    digits = digits_within(*_ends(entry, labels, told))
    statistic, value = _value(document, entry, labels, {**named, **told}, claims, digits)
    if sentence is None:
        words = _interval(entry, labels, told, statistic)
    else:
        estimates = {key: estimate(each, each["unit"]) for key, each in told.items()}
        words = filled(sentence, estimates)
    title = _title(entry, name)
    return {
        "name": name,
        "labels": list(labels),
        "title": f"{title} ({labelled(entry, labels)})" if labels else title,
        "statistic": statistic,
        "value": value,
        "words": words,
        "claims": claims,
        "thresholds": list(_thresholds(entry, labels, told)),
        "priority": document.get("priorities", {}).get(titled(name, labels)),
    }


def _named(sentence: str) -> list[str]:
    """The statistics that a sentence names, in its order."""
    return [name for _, name, *_ in Formatter().parse(sentence) if name]


def _value(
    document: Document,
    entry: QuantityData,
    labels: tuple[str, ...],
    told: Mapping[str, FigureData],
    claims: list[int],
    digits: int,
) -> tuple[str, str]:
    """The statistic that a card shows large, and its number: the first that is asked for and tells
    of the middle, the one that is published, or else the mean. What does not exist gives way to
    the next, and at last to the median."""
    for key, given in told.items():
        if key in STATISTICS_OF_THE_MIDDLE and given["value"] is not None:
            if key == "probability" or is_chance(entry):
                return "probability", f"{estimate(in_percent(given)).brief()}%"
            return STATISTICS_OF_THE_MIDDLE[key], _short(given, given["unit"], digits)
    if is_chance(entry):
        chance = at(entry, "probability" if entry["indicator"] else "mean", labels)
        return "probability", _short(None if chance is None else in_percent(chance), "percent")
    published = {document["claims"][i]["statistic"] for i in claims}
    mean = at(entry, "mean", labels)
    exists = mean is not None and mean["value"] is not None
    key = "mean" if exists and ("mean" in published or "median" not in published) else "p50"
    return STATISTICS_OF_THE_MIDDLE[key], _short(at(entry, key, labels), entry["unit"], digits)


def _interval(
    entry: QuantityData,
    labels: tuple[str, ...],
    told: Mapping[str, FigureData],
    statistic: str,
) -> str:
    if is_chance(entry):
        return "probability"
    low, high = _ends(entry, labels, told)
    if low is None or high is None:
        return statistic
    if low["value"] == high["value"]:
        mean = at(entry, "mean", labels)
        if mean is None or mean["value"] in (None, low["value"]):
            return "certain"
        return f"{statistic}; at least 90% are {_texts((low, high), entry['unit'])[1]}"
    first, last = _percentiles(told)
    texts = _texts((low, high), entry["unit"])
    if not math.isclose(first + last, 100.0):
        return f"{statistic}; {_shares(texts, told)}"
    return f"{statistic}; {last - first:g}% between {texts[0]} and {texts[1]}"


def _percentiles(told: Mapping[str, FigureData]) -> tuple[float, float]:
    """The first and the last that are asked for; 5 and 95 where these are not two."""
    found = sorted(float(m[1]) for key in told if (m := _PERCENTILE.fullmatch(key)))
    return (found[0], found[-1]) if len(found) > 1 else (5.0, 95.0)


def _ends(
    entry: QuantityData, labels: tuple[str, ...], told: Mapping[str, FigureData]
) -> tuple[EstimateData | None, EstimateData | None]:
    low, high = (f"p{p:g}" for p in _percentiles(told))
    if low in told and high in told:
        return told[low], told[high]
    return at(entry, "p5", labels), at(entry, "p95", labels)


def _range(
    ends: tuple[EstimateData | None, EstimateData | None], told: Mapping[str, FigureData]
) -> str:
    low, high = _texts(ends, "")
    if low == high:
        return ""
    if not math.isclose(sum(_percentiles(told)), 100.0):
        return f" ({_shares([low, high], told)})"
    return f" ({low} to {high})"


def _shares(texts: list[str], told: Mapping[str, FigureData]) -> str:
    """Two percentiles that are not the ends of an interval about the middle."""
    parts = zip(_percentiles(told), texts, strict=True)
    return ", ".join(f"{share:g}% at most {text}" for share, text in parts)


def _texts(ends: tuple[EstimateData | None, EstimateData | None], unit: str) -> list[str]:
    """Both ends of an interval in digits that tell them apart, the second with the unit."""
    low, high = brief_ends(*ends)
    return [low, high if high == ABSENT else with_unit(high, unit)]


def _thresholds(
    entry: QuantityData, labels: tuple[str, ...], told: Mapping[str, FigureData]
) -> Iterator[float]:
    """What the author asks the chance to be beyond, in the unit of the quantity; else 1, between
    the ends of a plain number."""
    asked = [m[2] for key in told if (m := CHANCE.fullmatch(key))]
    for text in asked:
        figure = parse_figure(text)
        if figure.unit.is_dimensionless or str(figure.unit) == entry["unit"]:
            yield figure.value
    ends = [at(entry, key, labels) for key in ("p5", "p95")]
    if not asked and not entry["unit"] and not is_chance(entry) and all(ends):
        low, high = (each["value"] for each in ends)
        if low is not None and high is not None and low < 10 and high > 0.1 and low > 0:
            yield 1.0


def _title(entry: QuantityData, name: str) -> str:
    doc = entry["doc"] or name.replace("_", " ")
    return re.split(r"[.:;] ", doc)[0].rstrip(".")


def _short(given: EstimateData | None, unit: str, digits: int = 3) -> str:
    if given is None or given["value"] is None:
        return "–"
    return with_unit(estimate(given).brief(digits), unit)

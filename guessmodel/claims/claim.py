"""Claims: published figures beside the quantities that they are about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypedDict, Unpack, final

from guessmodel import units
from guessmodel.claims.claim_input import (
    check_applicable,
    check_kind,
    check_p,
    check_probability,
    chosen_labels,
    known_names,
    read_for,
    title_of,
)
from guessmodel.claims.kinds import ClaimKind, check_declared, kind_of
from guessmodel.claims.published import (
    INFERRED,
    Accepted,
    End,
    Ends,
    Published,
    accepted,
    read,
    read_range,
)
from guessmodel.errors import (
    GuessmodelError,
    Location,
    UsageError,
    WrongKind,
    caller,
    relocated,
)
from guessmodel.graph.dims import Label
from guessmodel.graph.provenance import rests_on_inference
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_number
from guessmodel.model.attached import attach
from guessmodel.model.model import Model
from guessmodel.options import refuse_unknown, taking
from guessmodel.simulation.statistics import NAMES, statistic, unit_of
from guessmodel.units import Unit

__all__ = [
    "JOINT",
    "Claim",
    "ClaimOptions",
    "Expected",
    "Statement",
    "claim",
    "claims_of",
    "registered",
    "with_options",
]

Expected = Literal["holds", "falls short"]

_STATISTICS = (
    "mean",
    "median",
    "sd",
    "interval",
    "guesstimate_interval",
    "quantiles",
    "probability",
    "statistics",
)
JOINT: Final = ("correlation", "rank_correlation", "covariance")
"""Statistics of how two quantities go together."""


class ClaimOptions(TypedDict, total=False):
    """What claims of all kinds take, see `claim`."""

    at: Mapping[str, Label] | None
    rtol: float | None
    log10_tol: float | None
    expected: Expected
    source: str | None
    note: str | None
    scenario: str | None
    kind: ClaimKind | None


with_options: Final = taking(
    ClaimOptions, {**dict.fromkeys(ClaimOptions.__annotations__), "expected": "holds"}
)
"""Decorator of a function that makes a claim."""


@final
@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of a claim.

    Attributes
    ----------
    kind : "mean", "median", "sd", "interval", "guesstimate_interval", "quantile", "probability",
        "ratio_of_means", one of `JOINT`, or "statistic" for one that is told by its `name`
    end : "low" or "high" for an interval, else ""
    p : probability of a quantile, of an end of `interval` too; None for other statistics
    figure : what was published
    """

    kind: str
    figure: Published
    end: str = ""
    p: float | None = None
    name: str = ""

    @property
    def statistic(self) -> str:
        """Name for reports, such as "interval low" and "quantile 0.25"."""
        if self.kind == "statistic":
            return self.name
        if self.kind == "quantile":
            return f"quantile {self.p:g}"
        return f"{self.kind} {self.end}".strip().replace("_", " ")


@final
@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What a source says of a quantity, and how nearly the model must agree.

    Made by `claim`, `claim_ratio_of_means` and `claim_joint`. `subjects` is the quantity; of a
    ratio of means the quantity above and the one below, else the two that go together. `scenario`
    is that of the model which it is about, None for the unchanged model.
    """

    subjects: tuple[Quantity, ...]
    labels: Mapping[str, Label]
    statements: tuple[Statement, ...]
    location: Location
    expected: Expected = "holds"
    rtol: float | None = None
    log10_tol: float | None = None
    source: str | None = None
    note: str | None = None
    scenario: str | None = None
    declared: ClaimKind | None = None

    def __post_init__(self) -> None:
        texts = ("source", self.source), ("note", self.note), ("scenario", self.scenario)
        for key, text in texts:
            if text is not None and not isinstance(text, str):
                raise WrongKind(f"{key}= takes text, not {text!r}; write {key}='…'", self.location)

    def __repr__(self) -> str:
        about = " and ".join(each.label for each in self.subjects)
        figures = (f"{each.statistic} {each.figure.text}" for each in self.statements)
        return f"<claim on {about}: {', '.join(figures)}>"

    @property
    def quantity(self) -> Quantity:
        """The quantity, or the first of two."""
        return self.subjects[0]

    @property
    def joint(self) -> bool:
        """Whether it tells how two quantities go together."""
        return self.statements[0].kind in JOINT

    @property
    def inferred(self) -> bool:
        """Whether an input between the source and this figure is inferred."""
        return rests_on_inference(self.subjects, self.labels)

    @property
    def kind(self) -> ClaimKind:
        """What it tests: arithmetic, a reconstruction, a prediction, or, an echo, nothing."""
        return kind_of(self.subjects, self.labels, self.declared, joint=self.joint)

    def accepted(self, statement: Statement) -> Accepted:
        """The results that agree with one of the figures."""
        return accepted(
            statement.figure, rtol=self.rtol, log10_tol=self.log10_tol, inferred=self.inferred
        )

    def labels_of(self, quantity: Quantity) -> dict[str, Label]:
        """The labels of the claim that a subject has."""
        names = {dim.name for dim in quantity.dims}
        return {name: label for name, label in self.labels.items() if name in names}

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Claim:
        """The same claim about the quantities that took the place of its own."""
        return replace(self, subjects=tuple(new.get(q, q) for q in self.subjects))


def claims_of(model: Model) -> list[Claim]:
    """The claims among what is said of a model."""
    return [each for each in model.attached if isinstance(each, Claim)]


@with_options
def claim(
    quantity: Quantity,
    *,
    mean: End | None = None,
    median: End | None = None,
    sd: End | None = None,
    interval: Ends | None = None,
    guesstimate_interval: Ends | None = None,
    quantiles: Mapping[float, End] | None = None,
    probability: End | None = None,
    statistics: Mapping[str, End] | None = None,
    **options: Unpack[ClaimOptions],
) -> Claim:
    """State what a source publishes of a quantity; `guessmodel check` tests it.

    Figures are text with a unit, whose digits say how they are rounded ("160K USD", "12%",
    "240 to 720 USD/day"), or numbers in the quantity's unit together with `rtol`. A bound is
    written "> 1" or "at least 1 TB/s". Each figure is tested by itself.

    Parameters
    ----------
    mean, median, sd : statistics over draws; of a quotient the mean is that of the ratio
    interval : the 5th and the 95th percentile; a pair with None leaves one end open
    guesstimate_interval : the interval that Guesstimate displays, see `Result`
    quantiles : figures by probability, such as {0.25: "3 hour"}
    probability : of an indicator (a comparison)
    statistics : figures by the name of any statistic: `"mode"`, `"skewness"`, `"kurtosis"`,
        `"shortfall(0.95)"`, `"hdi(0.9) low"`, `"P(> 5 USD)"`, see `docs/results.md`
    at : the label of each dimension of the quantity
    rtol : relative tolerance, for each end of an interval; more than 0.15 needs a `note`.
        Without it the rounding of the text counts, at most 15%; or 15% if the quantity depends
        on an input whose source begins with "inferred". A bound has none.
    log10_tol : tolerance in orders of magnitude instead
    expected : "falls short" for a figure that does not follow, with the reason in `note`; the
        check fails if it starts to hold. An interval falls short if one of its ends does.
    source, note : for the reports
    scenario : the scenario that the claim is about, by name; else the unchanged model
    kind : "prediction" where inferred inputs were chosen independently of this figure; without it
        a claim that rests on inferred inputs is a "reconstruction", one that rests on none
        "arithmetic", and one about an input itself an "echo", which is never counted

    Raises
    ------
    UsageError, UnitError, DimensionError, WrongKind
        At the line of the claim, for whatever does not fit.

    >>> import guessmodel as gm
    >>> cost = gm.lognormal(240, 720, "USD/day")
    >>> made = gm.claim(cost, median="420 USD/day", interval="240 to 720 USD/day")
    >>> [statement.statistic for statement in made.statements]
    ['median', 'interval low', 'interval high']
    """
    where = caller()
    names = known_names()
    check_kind(quantity, "gm.claim", names, where)
    if other := next((key for key in options if key in NAMES), None):
        raise WrongKind(f"claim has no {other}=; write statistics={{'{other}': …}}", where)
    refuse_unknown("claim", options)
    title = title_of(quantity, names)
    unit = quantity.unit

    def figure(what: str, value: End, own: Unit = unit) -> Published:
        return read_for(read, what, value, own, title, where)

    statements: list[Statement] = []
    if mean is not None:
        statements.append(Statement("mean", figure("mean", mean)))
    if median is not None:
        statements.append(Statement("median", figure("median", median), p=0.5))
    if sd is not None:
        statements.append(Statement("sd", figure("sd", sd, units.difference(unit))))
    for sort, ends in (("interval", interval), ("guesstimate_interval", guesstimate_interval)):
        if ends is not None:
            pair = read_for(read_range, sort, ends, unit, title, where)
            statements += _ends(sort, pair)
    for p, value in (quantiles or {}).items():
        check_p(p, where)
        statements.append(Statement("quantile", figure(f"quantiles[{p:g}]", value), p=float(p)))
    if probability is not None:
        share = figure("probability", probability, units.DIMENSIONLESS)
        check_probability(quantity, share, title, where)
        statements.append(Statement("probability", share))
    for name, value in (statistics or {}).items():
        own = _unit_of_statistic(name, unit, title, where)
        shown = " ".join(name.split())
        statements.append(Statement("statistic", figure(name, value, own), name=shown))
    if not statements:
        some = ", ".join(f"{name}=" for name in _STATISTICS)
        raise UsageError(f"the claim on {title} has no figure; give one of {some}", where)
    labels = chosen_labels(quantity.dims, options.get("at") or {}, title, where)
    check_applicable(quantity, labels, title, where)
    return registered((quantity,), labels, statements, options, where)


def _ends(sort: str, pair: Sequence[Published | None]) -> Iterator[Statement]:
    """The ends of an interval that were published."""
    for end, p, figure in zip(("low", "high"), (0.05, 0.95), pair, strict=True):
        if figure is not None:
            yield Statement(sort, figure, end, p if sort == "interval" else None)


def _unit_of_statistic(name: str, unit: Unit, title: str, where: Location) -> Unit:
    """The unit of a statistic by its name; UsageError, at the line of the claim, for no name."""
    try:
        statistic(name)
        return unit_of(name, unit)
    except GuessmodelError as error:
        raise relocated(error, where, f"statistics of {title}: ") from None


def registered(
    subjects: tuple[Quantity, ...],
    labels: Mapping[str, Label],
    statements: Sequence[Statement],
    options: ClaimOptions,
    where: Location,
) -> Claim:
    """The claim, once all of it fits together, among what its file says."""
    made = Claim(
        subjects,
        labels,
        tuple(statements),
        where,
        expected=options.get("expected", "holds"),
        rtol=options.get("rtol"),
        log10_tol=options.get("log10_tol"),
        source=options.get("source"),
        note=options.get("note"),
        scenario=options.get("scenario"),
        declared=options.get("kind"),
    )
    for statement in statements:
        _check_tolerance(made, statement)
    check_declared(made.declared, subjects, labels, made.scenario, where)
    if made.expected not in ("holds", "falls short"):
        raise UsageError(f"expected={made.expected!r}: write 'holds' or 'falls short'", where)
    if made.expected == "falls short" and not (made.note or "").strip():
        raise UsageError("a claim that is expected to fall short needs the reason in note=", where)
    attach(made)
    return made


def _check_tolerance(made: Claim, statement: Statement) -> None:
    where, figure, rtol, log10_tol = made.location, statement.figure, made.rtol, made.log10_tol
    if rtol is not None and log10_tol is not None:
        raise UsageError("rtol and log10_tol are two tolerances; give one of them", where)
    for name, value in (("rtol", rtol), ("log10_tol", log10_tol)):
        if value is None:
            continue
        if not is_number(value) or not 0.0 <= value < math.inf:
            raise UsageError(f"{name}={value!r} is no tolerance; write one such as 0.05", where)
        if figure.value == 0 or (name == "log10_tol" and figure.value < 0):
            raise UsageError(
                f"{name} has no meaning for {figure.text}; leave it out, and the rounding of the "
                "text counts",
                where,
            )
    if figure.bare and rtol is None and log10_tol is None:
        raise UsageError(
            f"the number {figure.text} does not show its rounding: write it as text "
            f"('{figure.text}'), or give rtol=",
            where,
        )
    wide = (rtol or 0.0) > INFERRED or (log10_tol or 0.0) > math.log10(1.0 + INFERRED)
    if wide and not (made.note or "").strip():
        given = f"rtol={rtol:g}" if rtol is not None else f"log10_tol={log10_tol:g}"
        raise UsageError(f"{given} is more than {INFERRED:.0%}: give the reason in note=", where)

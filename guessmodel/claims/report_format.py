"""The format of reports: types of what stands in `MODEL.json`, which is plain data.

They are dictionaries with typed keys, because whoever reads a report reads JSON: mypy checks each
key that is written or read, and nothing is converted. `report/schema.json` says the same to other
programs, with a description of each key; a test compares both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NotRequired, TypedDict

from guessmodel.claims.claim import Expected
from guessmodel.claims.kinds import ClaimKind
from guessmodel.claims.verdicts import Verdict

__all__ = [
    "FORMAT",
    "VERSION",
    "ClaimData",
    "CrossedData",
    "DependenceData",
    "Document",
    "DriverData",
    "DriversData",
    "ElsewhereData",
    "EstimateData",
    "FigureData",
    "FoundData",
    "InputData",
    "IntervalData",
    "Intervals",
    "Labels",
    "OutputData",
    "PictureData",
    "PictureKind",
    "QuantityData",
    "SameFormData",
    "ScenarioData",
    "SeekData",
    "Statistic",
    "SweepData",
    "SweptData",
]

FORMAT: Final = "guessmodel report"
VERSION: Final = 2
"""Version of the format; it rises when a reader of the former one would fail."""

Labels = Mapping[str, str | int | float]


class EstimateData(TypedDict):
    """A statistic, as `Estimate.to_dict` has it."""

    value: float | None
    low: float | None
    high: float | None
    note: NotRequired[str]
    plain: NotRequired[Literal[True]]
    format: NotRequired[str]


class FigureData(EstimateData):
    """A statistic and its unit, where it stands by itself."""

    unit: str


class IntervalData(TypedDict):
    """Both ends of an interval."""

    low: EstimateData
    high: EstimateData


# Of a labelled quantity there is one below each label of the first dimension, and so on; None
# where the quantity is not applicable.
Statistic = EstimateData | Mapping[str, "Statistic"] | None
Intervals = IntervalData | Mapping[str, "Intervals"]

_Origin = TypedDict(
    "_Origin", {"from": str | None}
)  # "from" is a keyword, so that no class can declare it


class SameFormData(TypedDict):
    """Another quantity that has the same form, since this is a constant multiple of it or, inverse,
    a constant over it."""

    name: str
    inverse: bool


class QuantityData(_Origin):
    """A quantity: what it is, and its statistics."""

    unit: str
    kind: Literal["constant", "draw", "derived"]
    doc: str | None
    source: str | None
    dims: Mapping[str, Sequence[str | int | float]]
    output: bool
    indicator: bool
    distribution: str | None
    formula: str | None
    depends_on: list[str]
    main: bool
    mean: Statistic
    sd: Statistic
    p5: Statistic
    p50: Statistic
    p95: Statistic
    probability: NotRequired[Statistic]
    guesstimate_interval: NotRequired[Intervals]
    percentiles: NotRequired[Mapping[str, Statistic]]
    same_form_as: NotRequired[SameFormData]


class ElsewhereData(TypedDict):
    """What the model says about a figure in another scenario."""

    computed: EstimateData
    verdict: Verdict


class ClaimData(TypedDict):
    """A published figure, and what the model says about it."""

    quantity: str
    statistic: str
    published: str
    computed: EstimateData
    tolerance: float | None
    verdict: Verdict
    expected: Expected
    source: str | None
    note: str | None
    name: str | None
    labels: Labels
    unit: str
    scale: float
    tolerance_text: str
    as_expected: bool
    samples: int
    reason: str | None
    ratio: bool
    kind: NotRequired[ClaimKind]
    at_edge: NotRequired[bool]
    scenario: NotRequired[str]
    beside: NotRequired[Mapping[str, ElsewhereData]]


class InputData(TypedDict):
    """An uncertain input, and its rank correlation with a result."""

    input: str
    value: EstimateData


class DependenceData(TypedDict):
    """The inputs that a result depends on, the strongest first."""

    output: str
    labels: Labels
    inputs: list[InputData]


class DriverData(TypedDict):
    """An input, or a labelled one as a whole, and what it does to an output: shares of its
    variance, and its mean."""

    input: str
    members: int
    first: EstimateData
    total: EstimateData | None
    at_p5: EstimateData | None
    at_p95: EstimateData | None


class DriversData(TypedDict):
    """What drives an output, the strongest inputs first."""

    output: str
    labels: Labels
    unreliable: str | None
    inputs: list[DriverData]
    weaker: int


class OutputData(TypedDict):
    """An output, or a label of one, in a scenario, and how its mean differs from the base."""

    output: str
    labels: Labels
    mean: EstimateData
    p5: EstimateData | None
    p50: EstimateData | None
    p95: EstimateData | None
    difference: EstimateData | None
    significant: bool


class ScenarioData(TypedDict):
    """A scenario of the model, or the unchanged model, `base`, beside them."""

    name: str
    doc: str | None
    source: str | None
    outputs: list[OutputData]


class CorrelationsData(TypedDict):
    """Spearman's rank correlations of some inputs, or outputs, with each other: a matrix."""

    kind: Literal["inputs", "outputs"]
    names: list[str]
    more: int
    values: list[list[EstimateData]]


class SweptData(TypedDict):
    """An output, or a label of one, at a value of each input of a sweep."""

    at: Mapping[str, float]
    labels: Labels
    mean: EstimateData | None
    p5: EstimateData | None
    p50: EstimateData | None
    p95: EstimateData | None


class CrossedData(TypedDict):
    """The value of the input at which a statistic crosses a value."""

    statistic: str
    crosses: float
    labels: Labels
    at: EstimateData


class SweepData(TypedDict):
    """An output at several values of an input, or of two; these by name with their units."""

    output: str
    doc: str | None
    over: Mapping[str, str]
    rows: list[SweptData]
    crossings: list[CrossedData]


class FoundData(TypedDict):
    """A value of an input, and what the statistic is there."""

    value: EstimateData
    reached: EstimateData


class SeekData(TypedDict):
    """The values of an input at which a statistic of an output is on target."""

    output: str
    doc: str | None
    statistic: str
    target: FigureData
    by: str
    unit: str
    found: list[FoundData]
    nearest: FoundData | None
    searched: list[float]


PictureKind = Literal[
    "graph",
    "density",
    "cumulative distribution",
    "fan",
    "small multiples",
    "comparison",
    "tornado",
    "scenarios",
    "scatter matrix",
    "sweep",
    "seek",
]


class PictureData(TypedDict):
    """A picture, in a file of its own."""

    file: str
    kind: PictureKind
    quantity: str | None
    alt: str


class Document(TypedDict):
    """The report of a model."""

    format: Literal["guessmodel report"]
    version: Literal[2]
    model: str
    title: str
    description: str
    file: str | None
    samples: int
    seed: int
    method: str
    replicates: int
    remarks: list[str]
    outputs: list[str]
    percentiles: NotRequired[list[float]]
    headlines: NotRequired[Mapping[str, Mapping[str, FigureData]]]
    sentences: NotRequired[Mapping[str, str]]
    priorities: NotRequired[Mapping[str, int]]
    quantities: Mapping[str, QuantityData]
    claims: list[ClaimData]
    dependence: list[DependenceData]
    drivers: NotRequired[list[DriversData]]
    scenarios: NotRequired[list[ScenarioData]]
    correlations: NotRequired[list[CorrelationsData]]
    sweeps: NotRequired[list[SweepData]]
    seeks: NotRequired[list[SeekData]]
    within: NotRequired[list[str]]
    pictures: list[PictureData]

"""The uncertainty budget of an output, as the Guide to the expression of uncertainty in measurement
has it (JCGM 100:2008, GUM).

Each input has a standard uncertainty u(x) and a sensitivity coefficient c, how far the output moves
for each unit that the input moves while all are at their means. The contribution is c·u(x). The
output's uncertainty is the root of the sum of their squares (GUM 5.1.2); where inputs are
correlated twice the product of each two contributions and their correlation is added (5.2.2). It is
exact for what is linear in the inputs. The output is evaluated one standard uncertainty below and
above each input's mean, as the note 2 to GUM 5.1.3 has it; less where a distribution ends before.
The draws, which need no linearity, are told beside it (as JCGM 101:2008, clause 8, checks the one
by the other).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any, Final, final

from guessmodel import units
from guessmodel.analysis.inputs import Inputs
from guessmodel.analysis.propagation import Propagated, propagated
from guessmodel.errors import UnitError, UsageError, did_you_mean, needed
from guessmodel.escaping import shown_in_markdown
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.values import is_number
from guessmodel.numerics import normal
from guessmodel.numerics.confidence import student_t_quantile
from guessmodel.simulation import Simulation
from guessmodel.tables import as_html, as_markdown
from guessmodel.units.formats import percent_of

if TYPE_CHECKING:
    import pandas

__all__ = ["Budget", "BudgetRow", "budget"]

_HEADER: Final = (
    *("input", "estimate", "standard uncertainty", "unit", "degrees of freedom"),
    *("coefficient", "contribution", "share"),
)
_DRAWS: Final = 1 << 13  # that tell a mean and a standard deviation without closed form
_MOST_TOLD: Final = 8  # correlations
_LINEAR: Final = 0.01  # share by which both uncertainties may differ without a word
_PLACES: Final = (-4, 12)  # decades in which numbers are written in full


@final
@dataclass(frozen=True, slots=True)
class BudgetRow:
    """An input. Its contribution is in the unit of the output, the share one of its variance; of a
    correlated input with half of what it does together with each other, so that it may be negative.
    """

    name: str
    estimate: float
    uncertainty: float
    unit: str
    degrees: float  # of freedom; inf where the uncertainty is known
    coefficient: float
    coefficient_unit: str
    contribution: float
    share: float

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; None for degrees of freedom without end."""
        return {
            "estimate": self.estimate,
            "uncertainty": self.uncertainty,
            "unit": self.unit,
            "degrees": self.degrees if math.isfinite(self.degrees) else None,
            "coefficient": self.coefficient,
            "coefficient_unit": self.coefficient_unit,
            "contribution": self.contribution,
            "share": self.share,
        }


@final
@dataclass(frozen=True, slots=True, repr=False)
class Budget:
    """The uncertainty budget of an output. Made by `Sensitivity.budget`.

    Attributes
    ----------
    output, unit : of the quantity
    estimate : the output at the means of the inputs
    uncertainty : its standard uncertainty by the law of propagation (GUM 5.1.2)
    degrees : effective degrees of freedom by the formula of Welch and Satterthwaite (GUM G.4)
    coverage : probability of the expanded uncertainty
    factor : of coverage: the quantile of Student's t with the whole part of the degrees
    rows : the inputs, the largest contribution first
    mean, sd : of the draws, with their errors
    correlations : Pearson's, of each two inputs that are correlated
    """

    output: str
    unit: str
    estimate: float
    uncertainty: float
    degrees: float
    coverage: float
    factor: float
    rows: tuple[BudgetRow, ...]
    mean: Estimate
    sd: Estimate
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def expanded(self) -> float:
        """The expanded uncertainty, factor times uncertainty."""
        return self.factor * self.uncertainty

    def __getitem__(self, name: str) -> BudgetRow:
        for row in self.rows:
            if row.name == name:
                return row
        raise UsageError(_no_input(self.output, name, [row.name for row in self.rows]))

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "output": self.output,
            "unit": self.unit,
            "estimate": self.estimate,
            "uncertainty": self.uncertainty,
            "degrees": self.degrees if math.isfinite(self.degrees) else None,
            "coverage": self.coverage,
            "factor": self.factor,
            "expanded": self.expanded,
            "inputs": {row.name: row.to_dict() for row in self.rows},
            "correlations": [{"of": list(two), "r": r} for two, r in self.correlations.items()],
            "drawn": {"mean": self.mean.to_dict(), "sd": self.sd.to_dict()},
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each input."""
        needed("pandas", "xarray")
        import pandas

        return pandas.DataFrame(
            [{"input": row.name, **row.to_dict(), "degrees": row.degrees} for row in self.rows]
        )

    def to_markdown(self) -> str:
        """A table, the output's row last, and notes."""
        notes = "\n".join(f"- {shown_in_markdown(note)}" for note in self.notes())
        rows = [list(map(shown_in_markdown, row)) for row in (_HEADER, *self.cells())]
        return f"{as_markdown(rows)}\n\n{notes}\n"

    def cells(self) -> list[list[str]]:
        """Rows as text, the output's last."""
        rows = [
            [
                row.name,
                _to_its_error(row.estimate, row.uncertainty),
                _to_its_error(row.uncertainty, row.uncertainty),
                row.unit,
                _degrees(row.degrees),
                f"{_short(row.coefficient)} {row.coefficient_unit}".rstrip(),
                _to_its_error(row.contribution, row.contribution),
                percent_of(row.share),
            ]
            for row in self.rows
        ]
        whole = _to_its_error(self.uncertainty, self.uncertainty)
        estimate = _to_its_error(self.estimate, self.uncertainty)
        last = [
            self.output,
            estimate,
            whole,
            self.unit,
            _degrees(self.degrees),
            "",
            whole,
            percent_of(1.0),
        ]
        return [*rows, last]

    def notes(self) -> list[str]:
        """The expanded uncertainty; what the draws say."""
        unit = f" {units.difference(units.parse(self.unit))}" if self.unit else ""
        expanded = _to_its_error(self.expanded, self.expanded)
        notes = [
            f"expanded uncertainty: {expanded}{unit}, coverage {100.0 * self.coverage:g}%, "
            f"factor {self.factor:.2f}"
        ]
        if self.correlations:
            told = [f"r({a}, {b}) = {r:.2f}" for (a, b), r in self.correlations.items()]
            more = f" and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
            notes.append(f"correlated: {', '.join(told[:_MOST_TOLD])}{more}")
        drawn = f"the draws, which need no linearity: mean {self.mean}, "
        if math.isnan(self.sd.value):
            return [*notes, f"{drawn}and a standard deviation that does not exist"]
        apart = self.sd.value / self.uncertainty - 1.0 if self.uncertainty else math.inf
        far = abs(apart) > _LINEAR and abs(self.sd.value - self.uncertainty) > 2.0 * self.sd.error
        why = f" ({100.0 * apart:+.1f}%: not linear, or not normal)" if far else ""
        return [*notes, f"{drawn}standard deviation {self.sd}{why}"]

    def __repr__(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        title = f"uncertainty budget of {self.output}"
        return as_html(title, [list(_HEADER), *self.cells()], self.notes())


def budget(
    simulation: Simulation,
    name: str,
    position: tuple[int, ...],
    degrees: Mapping[str, float],
    coverage: float,
) -> Budget:
    """See `Sensitivity.budget`."""
    if not is_number(coverage) or not 0.0 < coverage < 1.0:
        raise UsageError(f"a coverage is a probability such as 0.95, not {coverage!r}")
    model, run = simulation.model, simulation.run
    inputs = Inputs.of(model, name, run.method, _DRAWS, run.seed, run.replicates)
    behind = inputs.behind[position]
    names = [one.name for one in behind]
    _check_degrees(degrees, name, names)
    found = propagated(model, inputs, behind, position)
    result = simulation[name]
    result = result.sel(**{d.name: d.labels[i] for d, i in zip(result.dims, position, strict=True)})
    if not math.isfinite(found.estimate):
        raise UsageError(
            f"'{result.name}' has no value at the means of its inputs, or near them, so there is "
            "no budget"
        )
    rows, variance = _rows(found, names, degrees, result.quantity.unit)
    pairs = [pair for group in found.tied for pair in combinations(group, 2)]
    rest = math.fsum(row.share**2 / row.degrees for row in rows)
    effective = 1.0 / rest if rest else math.inf
    return Budget(
        result.name,
        result.unit,
        found.estimate,
        math.sqrt(max(variance, 0.0)),
        effective,
        float(coverage),
        _factor(coverage, effective),
        tuple(rows),
        result.mean(),
        result.sd(),
        {(names[i], names[j]): float(found.correlations[i, j]) for i, j in pairs},
    )


def _check_degrees(degrees: Mapping[str, float], output: str, names: list[str]) -> None:
    """Raise UsageError for degrees of freedom of no input, or that are none."""
    for asked, given in degrees.items():
        if asked not in names:
            raise UsageError(_no_input(output, asked, names))
        if not is_number(given) or not given > 0.0:
            raise UsageError(f"'{asked}': degrees of freedom are above 0, not {given!r}")


def _rows(
    found: Propagated, names: Sequence[str], degrees: Mapping[str, float], unit: units.Unit
) -> tuple[list[BudgetRow], float]:
    """The rows, the largest contribution first, and the variance of the output."""
    freedom = [
        float(degrees.get(own, measured.degrees))
        for own, measured in zip(names, found.measured, strict=True)
    ]
    for i in chain(*found.tied):
        if math.isfinite(freedom[i]):
            raise UsageError(
                f"'{names[i]}' is correlated and has degrees of freedom; the formula for those of "
                "the output (GUM G.4.1) is for independent inputs"
            )
    parts = found.slopes * [one.uncertainty for one in found.measured]
    shares = parts * (found.correlations @ parts)
    variance = math.fsum(shares)
    rows = []
    for own, measured, slope, part, share, free in zip(
        names, found.measured, found.slopes, parts, shares, freedom, strict=True
    ):
        coefficient, coefficient_unit = _with_unit(float(slope), unit, measured.unit)
        rows.append(
            BudgetRow(
                own,
                measured.mean,
                measured.uncertainty,
                measured.unit,
                free,
                coefficient,
                coefficient_unit,
                abs(float(part)),
                float(share) / variance if variance else 0.0,
            )
        )
    return sorted(rows, key=lambda row: -row.contribution), variance


def _factor(coverage: float, degrees: float) -> float:
    p = 0.5 + 0.5 * coverage
    # The degrees are cut to a whole number (GUM G.4.1).
    return normal.quantile(p) if degrees > 1e6 else student_t_quantile(p, max(int(degrees), 1))


def _with_unit(slope: float, output: units.Unit, own: str) -> tuple[float, str]:
    try:
        found, ratio = units.divide(units.difference(output), units.difference(units.parse(own)))
    except UnitError:
        return slope, f"{output} / ({own})"
    return slope * float(ratio), str(found)


def _no_input(output: str, name: str, known: list[str]) -> str:
    return f"'{output}' does not depend on an input '{name}'{did_you_mean(name, known)}"


# --- numbers --------------------------------------------------------------------------------------


def _to_its_error(value: float, error: float) -> str:
    """Rounded to two digits of the error (GUM 7.2.6)."""
    if value == 0.0 or not math.isfinite(error) or error <= 0.0:
        return _short(value)
    last = math.floor(math.log10(error)) - 1
    if float(f"{error:.1e}") >= 10.0 ** (last + 2):
        last += 1  # as 0.0996 is 0.10
    first = math.floor(math.log10(max(abs(value), error)))
    if (last < _PLACES[0] - 2 and first < _PLACES[0]) or first > _PLACES[1]:
        return f"{value:.{max(first - last, 1)}e}"
    return f"{value:.{-last}f}" if last < 0 else f"{round(value, -last):.0f}"


def _short(value: float) -> str:
    rounded = float(f"{value:.3g}")
    return f"{rounded:.12g}" if 1e-4 <= abs(rounded) < 1e9 else f"{rounded:g}"


def _degrees(value: float) -> str:
    return "∞" if not math.isfinite(value) else f"{value:.4g}"

"""Data fitted by families: which fits, and a line of model that says what the next value may be.

The line carries the uncertainty of the parameters. A quantile p of the predictive distribution is
that of the fit at G⁻¹(p), with G the distribution of F(next value; estimates) over samples drawn
from the fit and fitted again (J. F. Lawless and M. Fredette 2005, "Frequentist prediction intervals
and predictive distributions", Biometrika 92). Of location and scale families it is exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, final

import numpy as np

from guessmodel import units
from guessmodel.distributions.data_columns import csv_rows
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    UsageError,
    WrongKind,
    caller,
    located,
    public,
    suggested,
)
from guessmodel.fitting.counts import whole
from guessmodel.fitting.families import FITTABLE, FittableFamily
from guessmodel.fitting.lines import Line, digits_for, next_count, plain, predictive
from guessmodel.fitting.ranked import Ranked, families_asked
from guessmodel.graph.labelled_data import named_unit
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.tables import as_pandas
from guessmodel.units.formats import format_number

if TYPE_CHECKING:
    import pandas

__all__ = ["Fit", "Fitted", "fit"]


_LEAST: Final = 5
_SAMPLES: Final = 400  # of the bootstrap
_NUMBERS: Final = 4_000_000  # in all of them at most
_GRID: Final = 200
_FOLDS: Final = 10
_DOUBT: Final = 0.05
_ZEROS: Final = ", or take zeros for themselves (gm.hurdle)"


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fitted:
    """One family fitted to data.

    Attributes
    ----------
    parameters : estimates by maximum likelihood, by name
    aic : Akaike's information criterion, 2 k − 2 log L; lower is better
    log_score : mean of −log f(x) of data that were left out, in ten parts; lower is better, and
        infinite (in JSON null) where a fit to the others holds some of them impossible
    p_value : share of samples drawn from the fit that lie at least as far from their own fits
        (Anderson and Darling's distance): below 0.05 the family does not fit
    line : of a model, with the uncertainty of the parameters; `plain` is without
    quantity : what the line makes
    """

    family: str
    parameters: Mapping[str, float]
    aic: float
    log_score: float
    p_value: float
    line: str
    plain: str
    quantity: Quantity
    distribution: Any = field(repr=False)

    @property
    def fits(self) -> bool:
        """Whether the data do not contradict it."""
        return self.p_value >= _DOUBT

    def __repr__(self) -> str:
        told = ", ".join(
            f"{name} {format_number(value, 4)}" for name, value in self.parameters.items()
        )
        return f"<{self.family}: {told}; {self.line}>"


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fit(Ranked[Fitted]):
    """Families fitted to data, the one with the least AIC first."""

    name_columns: ClassVar = 2

    families: tuple[Fitted, ...]
    data: FloatArray
    unit: str
    name: str
    left_out: Mapping[str, str]
    """Families that were not tried, and why."""

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        table = [["family", "parameters", "AIC", "log score", "p"]]
        for each in self.families:
            told = ", ".join(
                f"{key} {format_number(value, 4)}" for key, value in each.parameters.items()
            )
            row = [each.family, told, f"{each.aic:.1f}", f"{each.log_score:.3f}"]
            table.append([*row, f"{each.p_value:.2f}"])
        return table

    def notes(self) -> list[str]:
        """The line of model; and a warning where nothing fits."""
        lines = [f"{self.name or 'x'} = {self.line}"]
        if not any(each.fits for each in self.families):
            lines.append(
                f"! nothing fits: even the best, {self.best.family}, is contradicted by the data "
                f"(p = {self.best.p_value:.2g}); look at gm.plots.qq, or draw from the data "
                f"themselves by gm.empirical{_ZEROS if FITTABLE[self.best.family].counts else ''}"
            )
        elif not self.best.fits:
            lines.append(f"! {self.best.family} does not fit (p = {self.best.p_value:.2g})")
        if self.best.family == "lognormal":
            lines.append(
                "its mean does not exist: the data leave open how heavy the tail is. Where a mean "
                f"is needed, and that is known: {self.best.plain}"
            )
        lines += [f"{family} is left out: {why}" for family, why in self.left_out.items()]
        return lines

    @property
    def heading(self) -> str:
        """What was fitted."""
        unit = f" [{self.unit}]" if self.unit else ""
        return f"{self.name or 'data'}{unit}: {self.data.size:,} values"

    def to_dict(self) -> dict[str, Any]:
        """As `guessmodel fit --json` has it."""
        return {
            "name": self.name,
            "unit": self.unit,
            "count": self.data.size,
            "families": {
                each.family: {
                    "parameters": dict(each.parameters),
                    "aic": each.aic,
                    "log_score": each.log_score if math.isfinite(each.log_score) else None,
                    "p_value": each.p_value,
                    "fits": each.fits,
                    "line": each.line,
                    "plain": each.plain,
                }
                for each in self.families
            },
            "best": self.best.family,
            "line": self.line,
            "left_out": dict(self.left_out),
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each family."""
        keys = ("aic", "log_score", "p_value", "line")
        rows = {each.family: {key: getattr(each, key) for key in keys} for each in self.families}
        return as_pandas(rows, "family")


@public
def fit(
    data: Any,
    families: str | Sequence[str] | None = None,
    *,
    unit: str | None = None,
    column: str | None = None,
) -> Fit:
    """Fit families to independent data, by maximum likelihood.

    Parameters
    ----------
    data : five numbers at least; a pandas Series, whose name may have a unit (`cost [USD]`); or the
        path of a CSV file with a header
    families : of normal, lognormal, exponential, gamma, weibull, logistic; of counts poisson,
        negative_binomial, geometric. By default those of counts for whole numbers from 0 on some of
        which are the same, as no continuous quantity's are; else the others, those of positive
        numbers where all data are
    unit : of the data
    column : of the CSV file, where it has several

    Raises WrongKind or UsageError for data that are no numbers or too few, and for other families.

    >>> found = fit([3.1, 4.7, 2.2, 8.9, 5.0, 3.8, 6.1, 4.4], families=["lognormal", "normal"])
    >>> found.best.family
    'lognormal'
    >>> found["normal"].line
    'gm.student_t(df=7, location=4.775, scale=2.17204)'
    """
    where = caller()
    try:
        name, own, values = _numbers(data, column, where)
        file = Path(data).name if isinstance(data, str | PathLike) else ""
        source = f"{file}: {values.size} values of {name}" if file else ""
        shown = str(units.parse(unit)) if unit is not None else own
        wanted = _wanted(families, values)
        left_out = {}
        found = []
        for each in wanted:
            if why := each.refusal(values):
                left_out[each.name] = why
                continue
            try:
                found.append(_fitted(each, values, shown, source))
            except ModelError as error:  # no line can be made, as a quantile is infinite
                left_out[each.name] = error.message
        if not found:
            name, why = next(iter(left_out.items()))
            raise UsageError(f"fit: {name} is left out: {why}")
    except GuessmodelError as error:
        raise located(error, where) from None
    return Fit(tuple(sorted(found, key=lambda each: each.aic)), values, shown, name, left_out)


def _fitted(family: FittableFamily, x: FloatArray, unit: str, source: str) -> Fitted:
    """One family; its lines name the `source`, if there is one."""
    estimates = family.estimate(x[None])[0]
    fitted = family.frozen(estimates)
    likelihood = float(family.log_density(fitted, x).sum())
    made = np.random.default_rng(0)
    count = max(min(_SAMPLES, _NUMBERS // x.size), 50)
    again = family.drawn(fitted, made.random((count, x.size)))
    refitted = family.estimate(again)
    theirs = family.frozen(refitted)
    far = _distance(family.place(theirs, np.sort(again, axis=1)))
    own = _distance(family.place(fitted, np.sort(x))[None])[0]

    def quantiles(p: FloatArray) -> FloatArray:
        grid = (np.arange(_GRID) + 0.5) / _GRID
        levels = np.sort(theirs.cdf(np.broadcast_to(fitted.ppf(grid), (count, _GRID))).ravel())
        return np.asarray(fitted.ppf(np.quantile(levels, p)))

    values = dict(zip(family.parameters, map(float, estimates), strict=True))
    digits = digits_for(fitted.ppf([0.25, 0.75]))
    line: Line = (
        next_count(family.name, values, x.size, refitted, unit, source, digits)
        if family.counts
        else predictive(family.name, values, x.size, quantiles, unit, source, digits)
    )
    return Fitted(
        family.name,
        values,
        2.0 * len(estimates) - 2.0 * likelihood,
        _log_score(family, x),
        (1.0 + float(np.count_nonzero(far >= own))) / (1.0 + count),
        line.text,
        plain(family.name, values, unit, source, digits).text,
        replace(line.quantity, source=source or f"{x.size} values, as gm.fit fits them"),
        fitted,
    )


def _distance(cdf: FloatArray) -> FloatArray:
    """Anderson and Darling's (1954), of sorted values (B, n) by their CDF."""
    n = cdf.shape[1]
    u = np.clip(cdf, 1e-300, 1.0 - 1e-16)
    weights = (2.0 * np.arange(1, n + 1) - 1.0) / n
    return np.asarray(-n - (weights * (np.log(u) + np.log1p(-u[:, ::-1]))).sum(axis=1))


def _log_score(family: FittableFamily, x: FloatArray) -> float:
    """−log f of each value, by the fit to the other parts; infinite where these are all the same,
    so that the fit holds nothing else possible."""
    part = np.random.default_rng(1).permutation(x.size) % min(_FOLDS, x.size)
    total = 0.0
    for k in np.unique(part):
        others = x[part != k]
        if not family.possible(others):
            return math.inf
        estimates = family.estimate(others[None])[0]
        total -= float(family.log_density(family.frozen(estimates), x[part == k]).sum())
    return total / x.size


def _wanted(families: str | Sequence[str] | None, x: FloatArray) -> list[FittableFamily]:
    if not families:
        tied = np.unique(x).size < x.size and whole(x, 0.0) is None
        return [each for each in FITTABLE.values() if each.counts == tied]
    return [FITTABLE[name] for name in families_asked("fit", families, FITTABLE)]


def _numbers(data: Any, column: str | None, where: Location) -> tuple[str, str, FloatArray]:
    """Name, unit and values."""
    name, unit = "", ""
    if isinstance(data, str | PathLike):
        name, unit, data = _from_file(Path(data), column, where)
    elif column is not None:
        raise UsageError("fit: column= is for a CSV file")
    elif isinstance(getattr(data, "name", None), str):
        name, own = named_unit(data.name)
        unit = str(own)
    try:
        values = np.array(data, dtype=np.float64)
    except (TypeError, ValueError):
        raise WrongKind("fit takes numbers, or the path of a CSV file") from None
    if values.ndim != 1:
        columns = list(getattr(data, "columns", []))[:1]
        way = f"; choose a column, as in data[{columns[0]!r}]" if columns else ""
        raise WrongKind(f"fit takes a list of numbers, of one dimension{way}")
    if not np.isfinite(values).all():
        raise UsageError("fit: some data are not finite; leave them out")
    if values.size < _LEAST:
        said = "1 value tells" if values.size == 1 else f"{values.size} values tell"
        raise UsageError(f"fit: {said} too little; {_LEAST} are the least")
    if values.min() == values.max():
        raise UsageError("fit: all values are the same; write gm.constant")
    return name, unit, values


def _from_file(path: Path, column: str | None, where: Location) -> tuple[str, str, list[float]]:
    header, rows = csv_rows(path, where, "fit")
    named = {named_unit(each)[0]: k for k, each in enumerate(header)}
    if column is None and len(header) > 1:
        raise UsageError(f"fit: {path} has columns {', '.join(named)}; choose one by column=")
    chosen = column if column is not None else next(iter(named))
    if chosen not in named:
        raise UsageError(f"fit: {path} has no column '{chosen}'{suggested(chosen, named)}")
    place = named[chosen]
    found = []
    for line, row in rows:
        text = row[place].strip() if place < len(row) else ""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise UsageError(f"fit: {path}:{line} has {text!r} in the column '{chosen}', no number")
        found.append(value)
    return chosen, str(named_unit(header[place])[1]), found

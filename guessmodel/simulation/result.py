"""Results of a run: one quantity, its statistics with their errors, one estimator chosen for each.

A statistic comes from a closed form where the quantity has one, else from its conditional CDF where
that is far better than counting, else from the draws, which are not made before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from guessmodel import units
from guessmodel.errors import DimensionError, UsageError, WrongKind
from guessmodel.estimators import stratified
from guessmodel.estimators.closed_form import Closed, Forms
from guessmodel.estimators.conditional.choose import Conditional, Settled
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.estimators.sampled import Drawn, Evidence
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims, Label
from guessmodel.graph.elementwise import FloatArray
from guessmodel.graph.ends import Order
from guessmodel.graph.kinds import are_labels, is_indicator
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import in_short, is_number
from guessmodel.simulation.deferred import Deferred
from guessmodel.simulation.rare_events import Strata

__all__ = ["Result", "Run", "Tallies", "percent"]

_FAR = 2.0  # times the error of counting, from which on the draws are counted
_PREVIEWED = 8  # replicates of a preview

Tallies = np.ndarray[Any, np.dtype[np.object_]]  # of Evidence


@final
@dataclass(frozen=True, slots=True)
class Run:
    """How the draws were made."""

    method: str
    seed: int
    replicates: int
    size: int  # draws per replicate

    asked: int | None = None  # draws it should have had, where it was interrupted

    @property
    def samples(self) -> int:
        """Draws in all: the number asked for, rounded up to what the method takes."""
        return self.replicates * self.size

    @property
    def partial(self) -> bool:
        """Whether it was interrupted."""
        return self.asked is not None

    @property
    def heading(self) -> str:
        """A line on how the draws were made."""
        number = f"{self.samples:,}"
        if self.asked is not None:
            number = f"interrupted after {number} of {self.asked:,}"
        return f"{number} samples, {self.method}, seed {self.seed}; ± is the sampling error"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One quantity of a simulation. Statistics of a labelled one are had label by label:
    `result.sel(year=2023).mean()`, or `result.by_label`."""

    name: str
    quantity: Quantity
    run: Run
    deferred: Deferred
    key: str  # the name without labels
    dims: Dims
    forms: Forms
    smoother: Callable[[Quantity, tuple[int, ...]], Conditional | None]
    strata: Callable[[], Strata]
    tail_index: Callable[[Quantity, tuple[int, ...]], Order]
    position: tuple[int, ...] = ()
    tallies: Tallies | None = None  # (*labels,) of all coordinates; then `draws` are a few only

    # --- statistics -----------------------------------------------------------------------------

    def mean(self) -> Estimate:
        """Mean over draws; refused where it does not exist."""
        self._check_labels()
        return self._formatted(self._mean())

    def _mean(self) -> Estimate:
        if self.closed is not None:
            value = self.closed.mean()
            if not np.isfinite(value):
                why = "the mean does not exist" if np.isnan(value) else "the mean is infinite"
                return Estimate.refused(why, "exact", self.unit)
            return Estimate.exact(value, self.unit)
        if is_indicator(self.quantity):
            return replace(self.probability(), unit=self.unit)
        index = self.tail_index(self.quantity, self.position)
        found = self._evidence().mean(self.unit, index)
        if index.least > 2.0:  # else it is refused or marked for good
            found = self._whole(found, stratified.mean)
        return self._noted(found)

    def sd(self) -> Estimate:
        """Standard deviation, of temperatures in degC in delta_degC; refused where it does not
        exist."""
        self._check_labels()
        return self._formatted(self._sd())

    def _sd(self) -> Estimate:
        unit = str(units.difference(self.quantity.unit))
        if self.closed is not None:
            value = self.closed.sd()
            if not np.isfinite(value):
                return Estimate.refused("the variance is infinite", "exact", unit)
            return Estimate.exact(value, unit)
        index = self.tail_index(self.quantity, self.position)
        found = self._evidence().sd(unit, index)
        if index.least > 4.0:
            found = self._whole(found, stratified.sd)
        return self._noted(found)

    def quantile(self, p: float) -> Estimate:
        """Quantile at p, 0 < p < 1."""
        return self.quantiles(p)[0]

    def quantiles(self, *ps: float) -> list[Estimate]:
        """Several quantiles in one pass."""
        self._check_labels()
        for p in ps:
            if not is_number(p):
                raise WrongKind(f"a quantile is at a probability such as 0.9, not at {p!r}")
            if not 0.0 < p < 1.0:
                raise UsageError(
                    f"a quantile is at a probability between 0 and 1, not {in_short(p)}"
                )
        return [self._formatted(estimate) for estimate in self._quantiles(ps)]

    def _quantiles(self, ps: Sequence[float]) -> list[Estimate]:
        if self.closed is not None:
            return [Estimate.exact(self.closed.quantile(p), self.unit) for p in ps]
        conditional = self._conditional()
        smooth = [conditional and conditional.quantile(p, self.unit) for p in ps]
        left = [p for p, e in zip(ps, smooth, strict=True) if e is None or not e.settled]
        pooled = iter(self._evidence().quantiles(left, self.unit) if left else ())
        return [
            e.estimate
            if e is not None and e.settled
            else self._better(p, next(pooled), e, conditional)
            for p, e in zip(ps, smooth, strict=True)
        ]

    def median(self) -> Estimate:
        """Quantile at 0.5."""
        return self.quantile(0.5)

    def interval(self, mass: float = 0.9) -> Interval:
        """Central interval that holds `mass`: for 0.9 the 5th and the 95th percentile."""
        if not is_number(mass):
            raise WrongKind(f"mass is a share such as 0.9, not {mass!r}")
        if not 0.0 < mass < 1.0:
            hint = f"; write {mass / 100:g}" if 1.0 < mass < 100.0 else ""
            raise UsageError(f"mass is {in_short(mass)}, not between 0 and 1{hint}")
        low, high = self.quantiles((1.0 - mass) / 2.0, (1.0 + mass) / 2.0)
        return Interval(low, high)

    def guesstimate_interval(self) -> Interval:
        """The interval that Guesstimate displays: from the 10th percentile of the draws below
        the mean to the 90th of those above it. For skewed quantities it is not 5/95."""
        self._check_labels()
        closed = self.closed
        if closed is not None and not closed.discrete and np.isfinite(closed.mean()):
            below = closed.cdf(closed.mean())
            ends = (0.1 * below, below + 0.9 * (1.0 - below))
            found = [Estimate.exact(closed.quantile(p), self.unit) for p in ends]
        else:
            index = self.tail_index(self.quantity, self.position)
            counted = self._evidence().guesstimate_interval(self.unit, index)
            if self.mean().estimator == stratified.ESTIMATOR:
                note = "unreliable: rare events move the mean that it is split at"
                counted = Interval(*(replace(end, note=note) for end in counted))
            found = list(map(self._noted, counted))
        return Interval(*map(self._formatted, found))

    def probability(self) -> Estimate:
        """Share of draws in which an indicator (a comparison) holds."""
        self._check_labels()
        if not is_indicator(self.quantity) and not self._evidence().is_indicator:
            raise UsageError(
                f"'{self.name}' is not an indicator; compare it first, e.g. (q > 5), "
                "and ask for the probability of that"
            )
        if self.closed is not None:
            return Estimate.exact(self.closed.mean())
        conditional = self._conditional()
        smooth = conditional and conditional.probability()
        if smooth is not None and smooth.settled:
            return smooth.estimate
        return self._preferred(smooth, self._evidence().probability())

    def category_probability(self, label: Label) -> Estimate:
        """Share of draws in which a category (from `idxmin`) is this label."""
        code = self.quantity.categories.index(label)
        return self._noted(self._evidence().share_of(float(code)))

    # --- draws and labels -----------------------------------------------------------------------

    @property
    def closed(self) -> Closed | None:
        """The exact distribution, if it is known; None for a labelled quantity as a whole."""
        return None if self.dims else self.forms.at(self.quantity, self.position)

    @property
    def unit(self) -> str:
        """Unit of all values, as text."""
        return str(self.quantity.unit)

    @property
    def values(self) -> FloatArray:
        """All draws, shape (*labels, draws), replicate after replicate; read-only.

        UsageError where they were not kept.
        """
        if self.tallies is not None:
            raise UsageError(
                f"the draws of '{self.name}' were not kept; sample fewer, or with keep=True or "
                "store=PATH, or take some of them: .preview"
            )
        return self.preview

    @property
    def draws(self) -> FloatArray:
        """All draws that are held, shape (*labels, draws)."""
        array: FloatArray = self.deferred.draws.arrays[self.key][self.position]
        return array

    @property
    def faults(self) -> tuple[str, ...]:
        """Where draws that are not finite arose, and why."""
        return self.deferred.draws.faults.get(self.key, ())

    @property
    def preview(self) -> FloatArray:
        """Some draws to look at, shape (*labels, few), read-only: all, where they were kept."""
        view = self.draws.view()
        view.flags.writeable = False
        return view

    @property
    def by_replicate(self) -> FloatArray:
        """The draws of `preview`, shape (*labels, replicates, few): a preview of draws that were
        not kept is a run of its own, in 8 replicates."""
        few = self.preview
        count = self.run.replicates if self.tallies is None else _PREVIEWED
        return few.reshape(*few.shape[:-1], count, -1)

    @property
    def applicable(self) -> bool:
        """False at a label where the quantity is not applicable."""
        mask = self.quantity.axes.mask
        return self.dims != () or mask is None or bool(mask[self.position])

    @property
    def by_label(self) -> dict[Label | tuple[Label, ...], Result]:
        """Each coordinate's result: by label, or by tuple of labels for several dimensions."""
        found: dict[Label | tuple[Label, ...], Result] = {}
        for position in np.ndindex(*dimensions.shape(self.dims)):
            pairs = zip(self.dims, position, strict=True)
            labels = tuple(dim.labels[i] for dim, i in pairs)
            found[labels[0] if len(labels) == 1 else labels] = self._at(position, labels)
        return found

    def sel(self, **labels: Label) -> Result:
        """The result at one label of each dimension."""
        for name in labels:
            dimensions.find(self.dims, name)
        missing = [dim.name for dim in self.dims if dim.name not in labels]
        if missing:
            raise DimensionError(f"'{self.name}': choose a label of {', '.join(missing)} too")
        position = tuple(dim.index(labels[dim.name]) for dim in self.dims)
        return self._at(position, tuple(labels[dim.name] for dim in self.dims))

    def _at(self, position: tuple[int, ...], labels: tuple[Label, ...]) -> Result:
        shown = f"{self.name}[{', '.join(str(label) for label in labels)}]" if labels else self.name
        return replace(self, name=shown, dims=(), position=position)

    @property
    def non_finite(self) -> float:
        """Share of draws that are not finite numbers; the causes are in `faults`."""
        mask = self.quantity.axes.mask
        if not self.applicable:
            return 0.0
        if self.tallies is not None:
            tallies = self.tallies[mask if self.dims and mask is not None else self.position]
            return 1.0 - float(np.mean([tally.finite for tally in np.ravel(tallies)]))
        draws = self.draws[mask] if self.dims and mask is not None else self.draws
        return 1.0 - float(np.count_nonzero(np.isfinite(draws))) / draws.size

    def _check_labels(self) -> None:
        if self.dims:
            first = self.dims[0]
            raise DimensionError(
                f"'{self.name}' has dimensions ({dimensions.describe(self.dims)}); choose a label, "
                f"e.g. .sel({first.name}={first.labels[0]!r}), or loop over .by_label"
            )

    def _evidence(self) -> Evidence:
        self._check_labels()
        if self.tallies is not None:
            found: Evidence = self.tallies[self.position]
            return found
        return Drawn(self.draws.reshape(self.run.replicates, self.run.size))

    def _whole(
        self, found: Estimate, estimator: Callable[[Sequence[Stratum], str], Estimate]
    ) -> Estimate:
        """The estimate from the draws, unless rare events, which the run may not have met, put the
        statistic elsewhere, or the few that it met decide. Then it is that over strata; where draws
        were not kept there is none, and the estimate is marked."""
        if not self.applicable:
            return found
        rare, rows = self.strata(), self.by_replicate
        if missed := rare.missed(self.key):
            note = f"unreliable: {missed} rare events were not looked at"
            return replace(found, note=found.note or note)
        n = (self.run.asked or self.run.samples) if self.tallies is None else rows.size
        strata = rare.of(self.key, self.position, rows, n)
        whole = estimator(strata, found.unit) if strata else found
        if math.isnan(whole.value) or (found.reliable and found.low <= whole.value <= found.high):
            return found
        if self.tallies is None:
            return whole
        if max(whole.low, found.low) <= min(whole.high, found.high):
            return found
        return replace(found, note=f"unreliable: rare events make it {whole.text(3)}")

    def _conditional(self) -> Conditional | None:
        return self.smoother(self.quantity, self.position) if self.applicable else None

    def _better(
        self, p: float, counted: Estimate, smooth: Settled | None, conditional: Conditional | None
    ) -> Estimate:
        if conditional is None or self.faults or counted.error == 0.0 or np.isnan(counted.value):
            return self._noted(counted)
        return self._preferred(smooth or conditional.quantile(p, self.unit, counted), counted)

    def _preferred(self, smooth: Settled | None, counted: Estimate) -> Estimate:
        """The conditional estimate, unless counting has an error far below. Of two errors that are
        nearly the same the smaller one is too small: taking it covers 88% where this covers 95%."""
        if smooth is None or self.faults or smooth.estimate.error >= _FAR * counted.error:
            return self._noted(counted)
        return smooth.estimate

    def _noted(self, estimate: Estimate) -> Estimate:
        if not self.applicable:
            return Estimate.refused("not applicable", estimate.estimator, estimate.unit)
        if not self.faults:
            return estimate
        share = self.non_finite
        if share == 0.0:
            return estimate
        if share == 1.0:
            return estimate
        note = f"{percent(share)} draws are not finite and left out"
        both = note if estimate.note is None else f"{estimate.note}; {note}"
        return replace(estimate, note=both)

    def _formatted(self, estimate: Estimate) -> Estimate:
        form = self.quantity.format or ("year" if are_labels(self.quantity) else None)
        return estimate if form is None else replace(estimate, format=form)

    def __repr__(self) -> str:
        if self.dims:
            return f"<{self.name} ({dimensions.describe(self.dims)})>"
        return f"<{self.name}: mean {self.mean()}, 90% interval {self.interval()}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(repr(self))}</code>"


def percent(share: float) -> str:
    """A share as text, never rounded to none or all."""
    if share == 1.0:
        return "all"
    return f"{100 * share:.2g}% of the" if share < 0.995 else "nearly all"

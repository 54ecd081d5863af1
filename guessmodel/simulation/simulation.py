"""The results of one run of a model, by name or by quantity.

Plain arrays inside; xarray only in `to_xarray`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, NoReturn, Self, final

import numpy as np

from guessmodel.attributes import Told
from guessmodel.errors import UsageError, WrongKind, caller, did_you_mean, public
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.quantity import Quantity
from guessmodel.model.elements import pick
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation import joint
from guessmodel.simulation.deferred import Deferred
from guessmodel.simulation.estimated import Tallies
from guessmodel.simulation.joint import Which
from guessmodel.simulation.knowledge import Knowledge
from guessmodel.simulation.result import Result
from guessmodel.simulation.run import Run

if TYPE_CHECKING:
    import pandas
    import xarray

    from guessmodel.analysis.correlations import Correlations
    from guessmodel.analysis.drivers import Sensitivity
    from guessmodel.analysis.scenarios import Scenarios
    from guessmodel.interop.exported import Exported
    from guessmodel.model.model import Model
    from guessmodel.simulation.given import Condition
    from guessmodel.simulation.summary import Summary

__all__ = ["Interrupted", "Simulation"]


@public
@final
@dataclass(frozen=True, eq=False)
class Simulation(Told):
    """The results of one run of a model, by name (`"cost[2025]"` for a label) or by quantity."""

    model: Model
    run: Run
    names: tuple[str, ...]
    deferred: Deferred
    tallies: Mapping[str, Tallies] | None = None  # of all draws; then `draws` are a small run's
    condition: Condition | None = None  # what is given; draws in which it does not hold are nan
    integrates: bool = True
    """Whether statistics may have a draw integrated out; else they are those of closed forms and of
    the draws, with larger errors, at once."""

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the run knows of its quantities beside their draws."""
        return Knowledge(
            self.model, self.names, self.run, self.condition, kept=self.tallies is None
        )

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)  # of thousands it tells at once

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.names)

    def __getitem__(self, key: str | Quantity) -> Result:
        name = self.model.name_of(key) if isinstance(key, Quantity) else key
        if not isinstance(name, str) or name not in self._known:
            if isinstance(name, str) and name.endswith("]"):
                whole, labels = pick(self.model, name)
                return self[whole].sel(**labels)
            known = list(self.names)
            raise UsageError(f"no result '{name}'{did_you_mean(name, known) or _list(known)}")
        return self._result(name)

    def _named(self, name: str) -> str | None:
        return f"simulation['{name}']" if name in self.names else None

    def _result(self, name: str) -> Result:
        quantity = self.model.quantities[name]
        return Result(
            name,
            quantity,
            self.deferred,
            name,
            quantity.dims,
            self.knowledge,
            tallies=None if self.tallies is None else self.tallies[name],
            integrates=self.integrates,
        ).settled()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        why = "a simulation cannot be pickled; pickle simulation.to_pandas() or .to_xarray()"
        raise WrongKind(f"{why}, or write simulation.export('draws.nc')", caller())

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    @property
    def draws(self) -> Mapping[str, FloatArray]:
        """Draws by name, shape (*labels, draws); made at the first use of any."""
        return self.deferred.draws.arrays

    @property
    def faults(self) -> Mapping[str, tuple[str, ...]]:
        """For names with draws that are not finite: where these arose, and why."""
        return self.deferred.draws.faults

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.run.seed

    def results(self) -> list[Result]:
        """All results in the order of the model."""
        return [self._result(name) for name in self.names]

    def problems(self) -> list[str]:
        """A line for each quantity with draws that are not finite, or dropped by a filter: the
        share, and where they arose."""
        from guessmodel.simulation.summary import lost

        told = ((result.name, lost(result)) for result in self.results())
        return [f"{name}: {text}" for name, text in told if text]

    def given(self, condition: Quantity | str) -> Simulation:
        """The same run under a condition: every statistic is of the draws in which it holds.

        The condition is a comparison (`demand > 1000`), which need not be in the model, or text
        (`"demand > 1000 and price < 5 USD"`). `.condition` tells the share of draws that are left,
        with its error, and how many these are; errors of statistics reflect it. E[x | C] is
        E[x 1(C)] / P(C), both over the same draws.

        Raises UsageError where fewer than 256 draws are left, with how many it would take
        (`model.sample(given=…)` draws until there are enough), where the condition is no
        comparison or has a draw of its own, and where draws were not kept; DimensionError for a
        labelled condition.

        >>> import guessmodel as gm
        >>> demand = gm.normal(mean=0, sd=1)
        >>> simulation = gm.Model(demand=demand).sample()
        >>> print(simulation.given(demand > 0)["demand"].mean())  # √(2/π)
        0.7978... ± ...
        """
        from guessmodel.simulation.given import given

        return given(self, condition)

    def summary(self, percentiles: Sequence[float] | None = None) -> Summary:
        """Table of all results with their errors: the mean, and 5%, 50% and 95% or other
        percentiles, such as (10, 50, 90). It has `to_dict` and `to_pandas`.

        Raises UsageError for percentiles that are not between 0 and 100.
        """
        from guessmodel.simulation.summary import summarise

        return summarise(self, percentiles=percentiles)

    def sensitivity(
        self,
        output: str | Quantity,
        *,
        of: str = "mean",
        groups: Mapping[str, str | Sequence[str]] | None = None,
        by_model: bool = False,
    ) -> Sensitivity:
        """What drives an output: each input's share of its variance, alone and with all that it
        does together with others, its rank correlation, and a tornado of a statistic.

        Parameters
        ----------
        output : name of a result, or the quantity
        of : statistic of the tornado: `mean`, `probability`, `median`, `sd`, `p95` and the like,
            `P(> 5 USD)`. Shares are of the variance, those for a percentile of the variance of
            whether the output is above it
        groups : inputs that are looked at together, patterns by the group's name: `node_*` for
            names, `year=2025` or `year=*` for labels, `hardware.*` for the model file that draws
            them
        by_model : a group for each model file that inputs come from

        Raises UsageError where the output does not vary, has draws that are not finite or is a
        category, where there are too few draws, and for a pattern that no input matches.
        """
        self._refuse_condition("sensitivity")
        from guessmodel.analysis.sensitivity import sensitivity

        return sensitivity(self, output, of, groups, by_model=by_model)

    def scenarios(self) -> Scenarios:
        """Scenarios side by side: the statistics in each, and how they differ from the base.

        Raises UsageError for a run without: `model.sample(scenarios=True)` has them.
        """
        self._refuse_condition("scenarios")
        from guessmodel.analysis.scenarios import scenarios

        return scenarios(self)

    def rank_correlation(self, a: Which, b: Which) -> Estimate:
        """Spearman's rank correlation of two results, by mid-ranks: from -1 to 1, without a unit.

        Each is given by its name (`"cost[twitter]"` for a label), as the quantity, or as a result.
        Raises DimensionError for one with labels, and UsageError for a category. A run that keeps
        no draws answers from its preview.

        >>> import guessmodel as gm
        >>> x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
        >>> run = gm.Model(x=x, both=x + y).sample()
        >>> print(run.rank_correlation("x", "both"))  # 6/pi asin(1/2/sqrt(2))
        0.69...
        >>> print(run.correlation("x", "both"), run.covariance("x", "both"))  # 1/sqrt(2), 1
        0.7071 1
        """
        return joint.rank_correlation(self, a, b)

    def correlation(self, a: Which, b: Which) -> Estimate:
        """Pearson's correlation of two results, given as in `rank_correlation`; refused where a
        variance is infinite."""
        return joint.correlation(self, a, b)

    def covariance(self, a: Which, b: Which) -> Estimate:
        """Covariance of two results, given as in `rank_correlation`, in the product of their
        units; refused where a variance is infinite."""
        return joint.covariance(self, a, b)

    def correlations(self, *names: Which, statistic: str = "rank") -> Correlations:
        """Correlations of all inputs (rows) with all outputs (columns); of some quantities, with
        each other. Labels have rows and columns of their own.

        Parameters
        ----------
        names : given as in `rank_correlation`, but with all labels where none is chosen
        statistic : `rank` (Spearman's) or `pearson`
        """
        from guessmodel.analysis.correlations import correlations

        return correlations(self, names, statistic)

    def to_xarray(self) -> xarray.Dataset:
        """Draws as a Dataset with dimensions `replicate`, `draw` and the labels; units,
        descriptions, seed, method and versions as attributes."""
        from guessmodel.simulation.datasets import dataset

        run = self.run
        arrays = {
            result.name: result.values.reshape(*result.values.shape[:-1], run.replicates, run.size)
            for result in self.results()
        }
        return dataset(self.model, run, arrays)

    def to_pandas(self) -> pandas.DataFrame:
        """The draws, a column for each quantity and label (`cost[2025]`), a row for each draw of
        each replicate; categories by their labels; units by column in `.attrs["units"]`.

        Raises UsageError where draws were not kept.
        """
        import pandas as pd

        found: dict[str, Any] = {}
        units: dict[str, str] = {}
        for result in self.results():
            pieces = result.by_label.values() if result.dims else [result]
            for piece in pieces:
                values, labels = piece.values, list(piece.quantity.categories)
                if labels:
                    codes = np.where(np.isfinite(values), values, -1.0).astype(int)
                    found[piece.name] = pd.Categorical.from_codes(codes, pd.Index(labels))
                else:
                    found[piece.name] = values
                units[piece.name] = piece.unit
        run = self.run
        index = pd.MultiIndex.from_product(
            [range(run.replicates), range(run.size)], names=["replicate", "draw"]
        )
        table = pd.DataFrame(found, index)
        table.attrs["units"] = units
        return table

    def export(self, path: str | PathLike[str], to: str | None = None) -> Exported:
        """Write the draws to a file that other tools read, and say what was written.

        `to` is `nc` (netCDF 4), `zarr`, `csv`, `parquet`, `json`, or `sip`: a SIPmath 3.0 library,
        which has a metalog fitted to each quantity instead of its draws, and a Gaussian copula; by
        default the ending of the file tells.

        Raises UsageError where draws were not kept, for an unknown format, and where the package
        is missing that writes it. Example: `run.export("draws.parquet")`.
        """
        from guessmodel.interop.exporting import export

        return export(self, path, to)

    def to_arviz(self, group: str = "posterior") -> xarray.DataTree:
        """The draws as ArviZ takes them: a DataTree whose `group` has the replicates as chains.

        Its plots show distributions as they are. R-hat and effective sample size mean nothing:
        draws on nets are neither independent nor a Markov chain; the errors of `summary()` hold.
        (Of ArviZ before 1.0: `arviz.from_datatree(…)`.)

        Raises UsageError where draws were not kept, and for a group that is no name.
        """
        from guessmodel.interop.arviz import to_arviz

        return to_arviz(self, group)

    def _refuse_condition(self, what: str) -> None:
        if self.condition is not None:
            raise UsageError(f"{what} cannot be asked under a condition; ask the run without it")

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary().to_html()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        from guessmodel.studio.widget import bundle

        return bundle(self)


@final
class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run; `simulation` has the statistics of the draws made so far."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        super().__init__(simulation.run.heading)


def _list(known: list[str]) -> str:
    return f"; there are {', '.join(known[:8])}{', …' if len(known) > 8 else ''}"

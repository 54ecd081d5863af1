"""Model: named quantities, from a file, a module or by hand; overrides; sampling."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn, Unpack, final

from guessmodel.errors import ModelError, UsageError, WrongKind, caller, did_you_mean, public
from guessmodel.graph import dims as dimensions
from guessmodel.graph import naming
from guessmodel.graph.correlations import check_draws
from guessmodel.graph.naming import Entry, adopt, displayed, draw_keys, entry
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.model import overrides
from guessmodel.model.attached import Attached
from guessmodel.model.given import merged, named_quantities
from guessmodel.model.refusals import NoTable
from guessmodel.model.scenario import Scenario, check_scenarios, in_scenario, scenarios_of
from guessmodel.model.side_by_side import side_by_side
from guessmodel.sampling.create import usual_samples
from guessmodel.tables import as_html

if TYPE_CHECKING:
    import xarray

    from guessmodel.analysis.compare import Comparison
    from guessmodel.analysis.seek import SeekOptions, Sought
    from guessmodel.analysis.sweep import Sweep, SweepOptions
    from guessmodel.engine.plan import Plan
    from guessmodel.graph.number_in import Amount
    from guessmodel.loading.load import Module
    from guessmodel.simulation import Simulation

__all__ = ["Model"]


@public
@final
@dataclass(frozen=True, eq=False, repr=False)
class Model(NoTable):
    """A set of named quantities that are looked at together. Immutable.

    >>> import guessmodel as gm
    >>> price = gm.lognormal(5, 10, "USD/hour")
    >>> model = gm.Model(price=price, yearly=(price * gm.constant(1, "year")).to("USD"))
    >>> model.outputs
    ('yearly',)
    """

    quantities: Mapping[str, Quantity]
    entries: Mapping[str, Entry]
    title: str = "model"
    doc: str | None = None
    file: Path | None = None
    attached: tuple[Attached, ...] = ()
    all_entries: tuple[Entry, ...] = field(default=(), repr=False)
    former: frozenset[str] = field(default=frozenset(), repr=False)
    variants: tuple[tuple[str, Model], ...] = field(default=(), repr=False)
    """Of scenarios side by side, by name."""

    def __init__(
        self, quantities: Mapping[str, Quantity] | None = None, /, **named: Quantity
    ) -> None:
        given = named_quantities(quantities, named)
        entries = tuple(entry("", name, quantity) for name, quantity in given.items())
        check_draws(ancestors(given.values()))
        self._fill(entries, entries)

    def _fill(self, shown: Iterable[Entry], entries: tuple[Entry, ...], **rest: Any) -> None:
        table = displayed(list(shown))
        values = MappingProxyType({name: entry.quantity for name, entry in table.items()})
        rest |= {"entries": MappingProxyType(table), "all_entries": entries}
        for key, value in {"quantities": values, **rest}.items():
            object.__setattr__(self, key, value)

    @classmethod
    def from_file(cls, path: str | Path) -> Model:
        """The model in a file: its module-level quantities, and what they depend on in others.

        Raises ModelError, naming file and line, where the file cannot be used.
        """
        from guessmodel.loading.load import load

        return cls._from_modules(load(Path(path)))

    @classmethod
    def from_paths(cls, paths: Iterable[str | Path]) -> list[Model]:
        """The models in some files, and in all files below some folders that have quantities.

        Raises ModelError, naming file and line, where one of them cannot be used.
        """
        from guessmodel.loading.load import load_all

        return [cls._from_modules(modules) for modules in load_all(paths)]

    @classmethod
    def from_module(cls, module: ModuleType) -> Model:
        """The model in an imported module."""
        from guessmodel.loading.load import imported

        return cls._from_modules(imported(module))

    @classmethod
    def _from_modules(cls, modules: Sequence[Module]) -> Model:
        root = modules[-1]
        entries = tuple(each for module in modules for each in module.entries(own=module is root))
        own = [entry for entry in entries if entry.own]
        if not entries:
            raise ModelError(f"{root.path} holds no quantities")
        reached = set(ancestors(entry.quantity for entry in own or entries))
        check_draws(reached)
        others = [e for e in entries if not e.own and e.quantity in reached]
        model = cls.__new__(cls)
        model._fill(
            [*own, *others],
            entries,
            title=root.stem,
            doc=root.doc,
            file=root.path,
            attached=tuple(each for each in root.attached if isinstance(each, Attached)),
        )
        adopt(model.keys)
        return check_scenarios(model)

    # --- names ----------------------------------------------------------------------------------

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of the model's own quantities on which no other of its quantities depends."""
        used = {child for node in ancestors(self.quantities.values()) for child in node.operands}
        own = {name: entry for name, entry in self.entries.items() if entry.own}
        return tuple(name for name, entry in own.items() if entry.quantity not in used)

    def name_of(self, quantity: Quantity) -> str:
        """The name of a quantity in this model, and of scenarios side by side of one in the
        unchanged model; UsageError where it has none."""
        for model in (self, *(base for _, base in self.variants[:1])):
            for name, known in model.quantities.items():
                if known is quantity:
                    return name
        told = f"{quantity!r} has no name in {self.title}; bind it to one, as in total = a + b"
        raise UsageError(told, caller())

    def doc_of(self, name: str) -> str | None:
        """Description of a quantity: `doc=`, or the docstring under its name."""
        entry = self.entries[name]
        return entry.quantity.doc or entry.doc

    def find(self, name: str | Quantity) -> str:
        """The displayed name of a quantity, or for a bare or qualified one; UsageError else."""
        if isinstance(name, Quantity):
            return self.name_of(name)
        if not isinstance(name, str):
            raise WrongKind(f"a quantity is given by its name, not by {name!r}", caller())
        if name in self.quantities:
            return name
        for shown, each in self.entries.items():
            if name == each.key or (each.label and name == each.name):
                return shown
        hint = did_you_mean(name, list(self.quantities))
        known = ", ".join(list(self.quantities)[:8])
        raise UsageError(f"{self.title} has no quantity '{name}'{hint or f'; it has {known}'}")

    @property
    def unnamed(self) -> list[Quantity]:
        """Draws without a name that an edit of the expression they stand in may move."""
        return naming.unnamed([each.quantity for each in self.all_entries], self.keys)

    # --- overrides ------------------------------------------------------------------------------

    def with_(self, changes: Mapping[Any, Any] | None = None, /, **named: Any) -> Model:
        """A new model in which some quantities are replaced; this one stays as it is.

        They are told by name, or in a mapping also by themselves; `"cost[twitter]"` is one label.
        A change is a number (in the quantity's unit), text such as `"5 to 8 USD/hour"`, a
        quantity of a fitting unit, or a mapping of labels to such; it takes over name,
        description, labels and randomness. Raises UsageError for an unknown name, and ModelError
        for a change that would depend on what it replaces.
        """
        return overrides.changed(self, merged(changes or {}, named).items(), caller())

    def extended(self, extra: Mapping[str, Quantity]) -> Model:
        """The same model with further quantities, under names that it does not have yet.

        The draws of its own quantities stay as they are. Raises ModelError for a name that is
        taken.
        """
        entries = tuple(entry("", name, q, own=False) for name, q in extra.items())
        everything = (*self.all_entries, *entries)
        keys = draw_keys(everything, self.keys)
        rest = {"attached": self.attached, "former": self.former, "variants": self.variants}
        return self._version([*self.entries.values(), *entries], everything, **rest, keys=keys)

    def _version(self, shown: Iterable[Entry], entries: tuple[Entry, ...], **rest: Any) -> Model:
        """A model like this one of other entries; `rest` are further fields."""
        model = type(self).__new__(type(self))
        kept = {key: getattr(self, key) for key in ("title", "doc", "file", "default_samples")}
        model._fill(shown, entries, **kept, **rest)
        return model

    # --- what is said of it ---------------------------------------------------------------------

    @property
    def claims(self) -> tuple[Attached, ...]:
        """Published figures, in the order of the file."""
        return tuple(each for each in self.attached if not isinstance(each, Scenario))

    @cached_property
    def scenarios(self) -> Mapping[str, Scenario]:
        """By name, in the order of the file."""
        return scenarios_of(self.attached)

    def in_scenario(self, *scenarios: str | Scenario) -> Model:
        """The model with the changes of a scenario, or of several, later ones on top of earlier.

        Raises UsageError for a name that there is no scenario of, and at the line of the scenario
        what `with_` raises.
        """
        return in_scenario(self, *scenarios)

    def side_by_side(
        self, scenarios: bool | str | Scenario | Sequence[str | Scenario] = True
    ) -> Model:
        """The model and its scenarios, or those named, in one: what differs has a dimension
        `scenario`, in which the unchanged model is `base`."""
        return side_by_side(self, scenarios)

    # --- sampling -------------------------------------------------------------------------------

    @cached_property
    def default_samples(self) -> int:
        """Draws of a run that does not say how many: fewer in large models (see `usual_samples`).
        A run of a part has as many, and a changed model: they are seen on common draws."""
        return usual_samples(sum(dimensions.size(q.dims) for q in self.quantities.values()))

    @cached_property
    def keys(self) -> dict[Quantity, str]:
        """Key of every variate: what owns its randomness."""
        return draw_keys(self.all_entries)

    @cached_property
    def universe(self) -> frozenset[str]:
        """Keys of all unlabelled draws, and of those of the models that this one was made from:
        components of nets are assigned over them, so that a part of a model, and one with changes,
        are seen on common draws."""
        own = {key for variate, key in self.keys.items() if not variate.dims}
        return self.former | own

    def plan(self, names: Sequence[str] | None = None) -> Plan:
        """The compiled plan of some quantities (all by default); kept for the next run."""
        from guessmodel.estimators.program import program_of

        return program_of(self).plan(names)

    def sample(
        self,
        n: int | None = None,
        *,
        seed: int | None = 0,
        method: str = "nets",
        quantities: str | Quantity | Sequence[str | Quantity] | None = None,
        scenarios: bool | str | Scenario | Sequence[str | Scenario] = False,
        precision: float | None = None,
        given: str | Quantity | None = None,
        threads: int | None = None,
        keep: bool | None = None,
        store: str | PathLike[str] | None = None,
        cluster: Any = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Simulation:
        """Draw n samples of the quantities (all by default).

        Draws are made when a statistic first needs them, at once with `progress`, `store` or
        `cluster`, or where the model calls functions of your own (`gm.apply`).
        Up to 2 GB of draws are held; of more only statistics are, in constant memory. Ctrl-C
        raises `gm.Interrupted`, whose `simulation` has the statistics so far.

        Parameters
        ----------
        n : rounded up (8 times a power of two for `nets`); `default_samples` where it is left out
        seed : any integer; None draws a fresh one, which the simulation then tells
        method : `nets` (randomised quasi-Monte Carlo, once called `sobol`), `lhs` or `random`
        quantities : one or several, or their names; only what they depend on is computed
        scenarios : True for all, or some, beside the unchanged model; see `side_by_side`
        precision : double n until the error of each statistic shown is below this share
        given : a condition, see `Simulation.given`; n grows until enough draws meet it
        threads : worker threads; the draws do not depend on it
        keep : True to hold all draws, False to hold none
        store : path of a Zarr store to write the draws to; a run that was killed is resumed
        cluster : a `distributed.Client`, or the address of a scheduler; the draws are the same
        progress : called with the number of draws done and of all

        Raises UsageError for an unknown name or method, or where memory cannot hold `keep=True`.
        """
        from guessmodel.simulation.runner import ExecutionOptions, sample

        if isinstance(quantities, str | Quantity) or not isinstance(quantities, Iterable | None):
            quantities = [quantities]
        names = None if quantities is None else [self.find(name) for name in quantities]
        return sample(
            self if scenarios is False else self.side_by_side(scenarios),
            self.default_samples if n is None else n,
            seed=secrets.randbits(63) if seed is None else seed,
            method=method,
            names=names,
            precision=precision,
            given=given,
            options=ExecutionOptions(threads, keep, store, cluster, progress),
        )

    def lazy(
        self,
        n: int | None = None,
        *,
        seed: int = 0,
        method: str = "nets",
        quantities: Sequence[str] | None = None,
    ) -> xarray.Dataset:
        """The draws as a Dataset on Dask arrays, one chunk a replicate, computed where needed.

        The same draws as of `sample`, which has the parameters. Needs the extra `dask`."""
        from guessmodel.simulation.lazy import lazy

        names = None if quantities is None else [self.find(name) for name in quantities]
        return lazy(self, self.default_samples if n is None else n, seed, method, names)

    # --- questions --------------------------------------------------------------------------------

    def sweep(
        self,
        over: Mapping[Any, Any],
        output: str | Quantity | None = None,
        **how: Unpack[SweepOptions],
    ) -> Sweep:
        """An output at values of one input or two, on common draws; see `analysis.sweep`.

        `over` has numbers, figures or text such as `"1..10:10 USD"` by name; `how` may be
        `crosses`, `n`, `seed` and `method`. Raises UsageError where nothing depends on them.
        """
        from guessmodel.analysis.sweep import sweep

        return sweep(self, over, output, **how)

    def seek(
        self,
        output: str | Quantity,
        statistic: str,
        target: Amount,
        *,
        by: str | Quantity,
        **how: Unpack[SeekOptions],
    ) -> Sought:
        """The values of an input at which a statistic is on target; see `analysis.seek`.

        `how`: `between`, `labels` of the output, `scenarios` (as `sample`), `n`, `seed`, `method`.
        """
        from guessmodel.analysis.seek import seek

        return seek(self, output, statistic, target, by, **how)

    def widget(self) -> Any:
        """The model as a live page in a notebook (`docs/studio.md`); needs the extra `widget`."""
        from guessmodel.studio.widget import widget

        return widget(self)

    def compare(
        self, new: Model, n: int | None = None, *, seed: int | None = 0, method: str = "nets"
    ) -> Comparison:
        """What changed from this version to another; see `gm.compare`."""
        from guessmodel.analysis.compare import compare

        return compare(self, new, n, seed=seed, method=method)

    # --- as a value -----------------------------------------------------------------------------

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: Any) -> Model:
        return self

    def __reduce__(self) -> NoReturn:
        what = f"a model ({self.title}) cannot be pickled"
        raise WrongKind(f"{what}; pickle model.plan(), or share its file", caller())

    def __repr__(self) -> str:
        lines = [f"  {name}: {quantity!r}" for name, quantity in self.quantities.items()]
        return "\n".join([f"<Model {self.title}: {len(lines)} quantities>", *lines])

    def _repr_html_(self) -> str:
        rows = [(n, q.kind, str(q.unit), self.doc_of(n) or "") for n, q in self.quantities.items()]
        return as_html(self.title, [("quantity", "kind", "unit", "description"), *rows])

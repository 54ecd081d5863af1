"""Which input moved what, and by how much: the drifted inputs that a drifted quantity depends on,
worst first.

What an input did is told as a comparison of two versions tells it: by Shapley values on common
draws (see `analysis.attribution`), between the model as it is and the same with each drifted input
as the report has it: a constant at its former value, a draw of its family between its former 5th
and 95th percentile, or, where the family knows no such range, shifted and scaled to its former
mean and standard deviation. What is left is of other edits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

from guessmodel import units
from guessmodel.analysis.attribution import attributed
from guessmodel.analysis.compare import Comparison, compare
from guessmodel.claims.drift import Cause, Committed, Drift
from guessmodel.errors import GuessmodelError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.overrides import Rule
from guessmodel.simulation import Result

__all__ = ["explained"]

_REST: Final = "the rest"
"""What no input did: other edits."""
_DRAWS: Final = 1 << 13  # which tell a contribution to a few in a thousand of itself
_WORK: Final = 1 << 11  # hybrids of quantities: the most important quantities have effects told
_EDITS: Final = 6  # of which all hybrids are looked at
_SURE: Final = 3.0  # errors beyond which the rest is told

Reports = Mapping[str, Mapping[str, Committed]]
_Key = tuple[str, str]  # model and name


def explained(
    models: Sequence[Model], drifts: Iterable[Drift], reports: Reports | None = None
) -> list[Drift]:
    """The same with the inputs that moved each: constants and draws, of any of the models, that
    have drifted themselves or are new; and with what each did, as far as the `reports` (by model)
    say what they were. Models come in their order; of each the largest relative change comes
    first, and names and units before all numbers."""
    drifts = list(drifts)
    moved: dict[_Key, float | None] = {}
    means: dict[_Key, float | None] = {}
    titles: dict[_Key, list[str]] = {}
    for model in models:
        for drift in drifts:
            if drift.model != model.title or drift.verdict not in ("drifted", "new"):
                continue
            name = _name(model, drift.quantity)
            if name is not None and model.quantities[name].kind != "derived":
                key = model.title, name
                moved[key] = _larger(moved.get(key), drift.change)
                if drift.statistic == "mean":
                    means[key] = _larger(means.get(key), drift.change)
                if drift.verdict == "drifted" and drift.quantity not in titles.get(key, []):
                    titles.setdefault(key, []).append(drift.quantity)
    moved |= {key: change for key, change in means.items() if change is not None}
    found: list[Drift] = []
    for model in models:
        own = [drift for drift in drifts if drift.model == model.title]
        inputs = _inputs(model, moved)
        effects = _InputEffects()
        if reports is not None and inputs:
            former = _former(model, inputs, titles, reports)
            effects = _effects(model, own, former)
        with_inputs = [replace(d, causes=_causes(model, d, inputs, moved, effects)) for d in own]
        found += sorted(with_inputs, key=_size, reverse=True)
    return found


def _larger(one: float | None, other: float | None) -> float | None:
    known = [share for share in (one, other) if share is not None]
    return max(known, key=abs, default=None)


def _size(drift: Drift) -> float:
    share = drift.change
    return math.inf if share is None else abs(share)


def _inputs(model: Model, moved: Mapping[_Key, float | None]) -> dict[str, _Key]:
    """The drifted inputs of a model, by where they drifted: what is imported in the report of this
    model, or in that of its own."""
    found = {}
    for name, entry in model.entries.items():
        for key in ((model.title, name), (entry.stem, entry.name)):
            if key in moved:
                found[name] = key
                break
    return found


def _causes(
    model: Model,
    drift: Drift,
    inputs: Mapping[str, _Key],
    moved: Mapping[_Key, float | None],
    effects: _InputEffects,
) -> tuple[Cause, ...]:
    name = _name(model, drift.quantity)
    if name is None or not inputs:
        return ()
    behind = set(ancestors([model.quantities[name]]))
    known = {} if name in inputs else effects.of(drift)
    found = []
    for other, key in inputs.items():
        if other == name or model.quantities[other] not in behind:
            continue
        effect = known.get(other)
        if effect is None or abs(effect.value) > effect.error:
            found.append(Cause(other, moved[key], effect))
    found.sort(key=lambda cause: (-_effect(cause), -abs(cause.change or 0.0)))
    rest = effects.rest(drift, known)
    return (*found, *([] if rest is None else [Cause(_REST, None, rest)]))


def _effect(cause: Cause) -> float:
    return 0.0 if cause.effect is None else abs(cause.effect.value)


def _name(model: Model, title: str) -> str | None:
    """The quantity that a title with labels, as `cost[twitter]`, is of."""
    for name in (title, title.partition("[")[0]):
        if name in model.quantities:
            return name
    return None


# --- what each input did ------------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True)
class _InputEffects:
    """By quantity and statistic what each input did, and the difference that these make up."""

    parts: Mapping[tuple[str, str], Mapping[str, Estimate]] = field(default_factory=dict)
    wholes: Mapping[tuple[str, str], Estimate] = field(default_factory=dict)

    def of(self, drift: Drift) -> Mapping[str, Estimate]:
        return self.parts.get((drift.quantity, drift.statistic), {})

    def rest(self, drift: Drift, known: Mapping[str, Estimate]) -> Estimate | None:
        """What they leave of a drift, where that is more than sampling explains."""
        before, now = drift.committed, drift.computed
        if not known or not isinstance(before, float) or not isinstance(now, float):
            return None
        whole = self.wholes[drift.quantity, drift.statistic]
        rest = now - before - whole.value
        error = math.hypot(whole.error, *(e for e in drift.errors if math.isfinite(e)))
        if abs(rest) <= _SURE * error + 1e-3 * abs(now - before):
            return None
        return Estimate(rest, rest - error, rest + error, whole.estimator, whole.unit)


def _effects(model: Model, drifts: Sequence[Drift], former: Mapping[str, Any]) -> _InputEffects:
    if not former:
        return _InputEffects()
    try:
        compared = compare(model.with_(former), model, _DRAWS)
    except GuessmodelError:  # as where a former value is none that the model can have
        return _InputEffects()
    return _told(compared, {drift.quantity for drift in drifts})


def _told(compared: Comparison, titles: set[str]) -> _InputEffects:
    hybrids = 1 << min(len(compared.versions.edited), _EDITS)
    changes = [each for each in compared.changes if each.title in titles]
    changes = changes[: max(_WORK // hybrids, 1)]
    parts: dict[tuple[str, str], Mapping[str, Estimate]] = {}
    wholes = {}
    for title, said in attributed(compared.versions, compared.run, changes).items():
        for key, each in said.statistics.items():
            whole = next(change for change in changes if change.title == title).difference[key]
            if whole is not None:
                parts[title, key], wholes[title, key] = each, whole
    return _InputEffects(parts, wholes)


def _former(
    model: Model,
    inputs: Mapping[str, _Key],
    titles: Mapping[_Key, Sequence[str]],
    reports: Reports,
) -> dict[str, Any]:
    """What takes the place of each drifted input, to be as the report has it."""
    found: dict[str, Any] = {}
    for name, (home, there) in inputs.items():
        quantity = model.quantities[name]
        if quantity.categories or home not in reports:
            continue
        for title in titles.get((home, there), ()):
            own = name + title.removeprefix(there)
            was = reports[home].get(title)
            if was is None or was.unit != str(quantity.unit):
                continue
            value = _as_it_was(model, own, quantity, was)
            if value is not None:
                found[own] = value
    return found


def _is_so(model: Model, title: str, between: str, ends: tuple[float, float]) -> bool:
    """Whether the family knows such a range, and has these percentiles then."""
    try:
        changed = model.with_({title: between})
        found = _piece(changed, title).interval()
    except GuessmodelError:
        return False
    pairs = zip(ends, found, strict=True)
    return all(math.isclose(end, each.value, rel_tol=1e-6) for end, each in pairs)


def _piece(model: Model, title: str) -> Result:
    """A result, or a label of one, of few draws: an input's statistics are known in closed form."""
    name, labels = pick(model, title)
    return model.sample(64, quantities=[name])[name].sel(**labels)


def _as_it_was(
    model: Model, title: str, quantity: Quantity, was: Committed
) -> float | str | Rule | None:
    mean, sd, low, high = (
        was.statistics[key].value if key in was.statistics else math.nan
        for key in ("mean", "sd", "p5", "p95")
    )
    if quantity.kind == "constant":
        return mean if math.isfinite(mean) else None
    if low < high:
        between = f"{low!r} to {high!r} {was.unit}"
        if _is_so(model, title, between, (low, high)):
            return between
    now = _piece(model, title)
    before, spread = now.mean().value, now.sd().value
    if not all(map(math.isfinite, (mean, sd, before, spread))) or spread <= 0.0:
        return None

    def moved(old: Quantity) -> Quantity:
        delta = units.difference(old.unit)
        middle, other = (
            number_node(each, unit, old.location)
            for each, unit in ((before, old.unit), (mean - before, delta))
        )
        same = replace(old, name=None)  # what takes a place cannot depend on what had it
        return middle + (same - middle) * (sd / spread) + other

    return Rule(moved)

"""How a decision is evaluated: from the draws of the run, made of all options at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, final

import numpy as np
from scipy.special import ndtri

from guessmodel import units
from guessmodel.analysis.decided import Decided, Option
from guessmodel.analysis.decision import OPTION, Decision
from guessmodel.analysis.dominance import dominance
from guessmodel.analysis.groups import Groups, grouped
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.total_effects import anew
from guessmodel.analysis.value_of_information import (
    Taste,
    by_rank,
    by_uniform,
    class_count,
    known_by_class,
    known_by_redrawing,
)
from guessmodel.engine.recompute import changed_draws, cost_of
from guessmodel.errors import UsageError, WrongKind
from guessmodel.estimators.estimate import Estimate, refuses
from guessmodel.estimators.over_replicates import over_replicates
from guessmodel.estimators.replicates import mean, probability
from guessmodel.graph.functions import exp
from guessmodel.graph.number_in import number_in, number_node
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_whole
from guessmodel.model.elements import extended_by, pick
from guessmodel.model.model import Model
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation import Result, Simulation

__all__ = ["decided"]

_LEAST: Final = 128  # draws in a replicate
_AGAIN: Final = 1 << 12  # draws that stand for what becomes known of a group
_TIMES: Final = 32  # for each of them all else is drawn so often
_WORK: Final = 1 << 28  # numbers to compute for a group at most, or there are fewer draws
_MISSED: Final = "unreliable: rare events decide, which the draws tell too little of"
_CLASSES: Final = "classes across replicates"


def decided(decision: Decision, simulation: Simulation, groups: Groups | None) -> Decided:
    """See `Decision.evaluate`."""
    run = _run(decision, simulation, groups)
    payoffs = run.taste.payoff(run.amounts)
    better = run.taste.sign * run.amounts
    regret = better.max(axis=0) - better
    ties = regret == 0.0
    won = ties / ties.sum(axis=0)
    index = min(result.tail_index.most for result in run.results)
    means = [result.mean() for result in run.results]
    missed = run.misses(means)
    losses = run.regrets() if missed else None
    options = {}
    for k, name in enumerate(decision.names):
        lost = losses[k].mean() if losses else mean(regret[k], tail_index=index, unit=run.unit)
        best = probability(won[k]) if set(np.unique(won[k])) <= {0.0, 1.0} else mean(won[k])
        certain = run.certain(k, payoffs[k], missed)
        options[name] = Option(name, means[k], best, _at_least_0(lost), certain)
    worths = [run.taste.sign * option.worth.value for option in options.values()]
    doubt = run.doubt or _missing(options) or (_MISSED if missed else None)
    first = int(np.nanargmax(worths)) if np.isfinite(worths).any() else 0
    others = [k for k in range(len(worths)) if k != first]
    if missed:
        errors = [option.worth.error for option in options.values()]
        rivals = [k for k in others if worths[first] - worths[k] <= errors[first] + errors[k]]
    else:
        rivals = [k for k in others if _rival(payoffs, first, k)]
    if losses and run.taste.tolerance is None:
        evpi = options[decision.names[first]].regret
    else:
        evpi = _evpi(run, payoffs, [first, *rivals], doubt)
    evppi, together = {}, {}
    for one in run.inputs.all:
        evppi[one.name] = _doubted(partial(run.known, one, payoffs), run.unit, doubt)
    for name, members in run.grouped.items():
        evi = partial(run.known_together, members, evpi)
        together[name] = _doubted(evi, run.unit, doubt)
    names = decision.names
    orders = {} if missed else dominance(better)
    return Decided(
        decision.name,
        run.unit,
        decision.minimise,
        None if decision.utility is None else repr(decision.utility),
        options,
        names[first],
        not rivals and doubt in (None, _MISSED),
        evpi,
        dict(sorted(evppi.items(), key=lambda item: -np.nan_to_num(item[1].value))),
        dict(sorted(together.items(), key=lambda item: -np.nan_to_num(item[1].value))),
        tuple((names[a], names[b], n) for (a, b), n in sorted(orders.items())),
        simulation.run.heading,
        partial(_measured, run, payoffs, doubt),
    )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _DecisionRun:
    """The draws of a decision, and what they are made of."""

    simulation: Simulation
    model: Model
    amounts: FloatArray  # (options, replicates, draws)
    results: Sequence[Result]  # of the options
    certainties: Sequence[Result]  # of what their utilities are the expectation of; or none
    inputs: Inputs
    grouped: Mapping[str, tuple[Input, ...]]
    taste: Taste
    unit: str

    @property
    def doubt(self) -> str | None:
        """Why what is known of expectations does not hold, by the tails."""
        for result in self.certainties or self.results:
            if result.closed is None:
                index = result.tail_index
                if index.most > 1.0 and index.least <= 2.0:
                    return "unreliable: the variance may be infinite"
        return None

    def misses(self, means: Sequence[Estimate]) -> bool:
        """Whether what hardly ever happens decides about a mean, so that the draws tell too little
        of what is best."""
        if not any(each.decided_by_rare for each in self.results):
            return False
        drawn = [mean(rows) for rows in self.amounts]
        pairs = zip(drawn, means, strict=True)
        return not all(
            draws.reliable and draws.low <= known.value <= draws.high for draws, known in pairs
        )

    def regrets(self) -> Sequence[Result]:
        """What each option loses against hindsight, as a quantity of its own: its mean knows of
        rare events."""
        first = self.results[0]
        best = first.quantity.max(OPTION) if self.taste.sign > 0 else first.quantity.min(OPTION)
        regret = self.taste.sign * (best - first.quantity)
        again = self.simulation.run.again(*extended_by(self.model, "regret", regret))
        (found,) = again.results()
        return list(found.by_label.values())

    def certain(self, option: int, payoffs: FloatArray, missed: bool) -> Estimate | None:
        """The certainty equivalent of an option; by the mean of its utility alone, where the draws
        have `missed` what decides."""
        if not self.certainties:
            return None
        asked = self.certainties[option].mean()
        if math.isnan(asked.value):
            return replace(asked, unit=self.unit, note=f"no certainty equivalent: {asked.note}")
        sign, rho, origin = self.taste.sign, self.taste.tolerance, self.taste.origin
        assert rho is not None
        if missed:
            ends = (asked.low, asked.value, asked.high)
            known = [sign * (origin - rho * math.log(x)) if x > 0.0 else math.inf for x in ends]
            low, value, high = sorted(known)
            return replace(asked, value=value, low=low, high=high, unit=self.unit)
        found = over_replicates(lambda m: sign * (origin - rho * np.log(-m)), payoffs)
        return replace(found, unit=self.unit, note=found.note or asked.note)

    def draws(self, name: str, labels: Mapping[str, Any]) -> FloatArray:
        """(replicates, draws) of a quantity of the model, as in the run."""
        return self.simulation.run.again(self.model, name)[name].sel(**labels).by_replicate

    def known(self, one: Input, payoffs: FloatArray) -> Estimate:
        """The value of knowing an input."""
        most = class_count(payoffs.shape[-1])
        if one.tied:
            if one.title not in self.model.quantities:
                return Estimate.refused("is correlated and has no name", _CLASSES, self.unit)
            cells, exact = by_rank(self.draws(one.title, one.labels), most)
        else:
            cells, exact = by_uniform(*self.inputs.variate(one), most)
        return known_by_class(payoffs, cells, self.taste, self.unit, exact=exact)

    def known_together(self, members: Sequence[Input], all_known: Estimate) -> Estimate:
        """The value of knowing some inputs at once: each of their draws is kept, and all else drawn
        anew."""
        others = [one for one in self.inputs.all if one not in set(members)]
        if not others:
            return all_known
        change = [anew(others)]
        n, cost = self.inputs.points.n, cost_of(self.inputs.plan, change)
        n = min(n, _AGAIN)
        while n > 8 * _LEAST and cost * n * _TIMES > _WORK:
            n //= 2
        base = self.inputs.again(n, self.inputs.points.seed)
        rows = len(self.results), base.points.replicates, base.points.size
        every = np.empty((_TIMES, len(self.results), base.points.n))
        for k in range(_TIMES):
            other = self.inputs.again(n, -2 - k - _TIMES * abs(self.inputs.points.seed))
            made = changed_draws(self.inputs.plan, base.points, change, other.points)
            for begin, end, _, (drawn,) in made:
                every[k, :, begin:end] = drawn
        payoffs = self.taste.payoff(every.reshape(_TIMES, *rows)).swapaxes(0, 1)
        return known_by_redrawing(payoffs, self.taste, self.unit)


def _run(decision: Decision, simulation: Simulation, groups: Groups | None) -> _DecisionRun:
    if simulation.tallies is not None:
        raise UsageError(
            "a decision needs the draws of the run, which were not kept; sample fewer, or with "
            "keep=True"
        )
    if simulation.condition is not None:
        raise UsageError("a decision cannot be evaluated under a condition; leave out given")
    decision.check(simulation.model)
    made = simulation.run
    if made.size < _LEAST or made.replicates < 4:
        raise UsageError(f"a decision needs {8 * _LEAST:,} samples at least, not {made.samples:,}")
    unit = decision.options.unit
    taste = Taste(-1.0 if decision.minimise else 1.0)

    def sampled(asked: Decision) -> tuple[Model, str, Result]:
        model, key = asked.added_to(simulation.model)
        return model, key, made.again(model, key)[key]

    model, key, result = sampled(decision)
    results = list(result.by_label.values())
    amounts = result.by_replicate
    if not np.isfinite(amounts).all():
        bad = next(r for r in results if not np.isfinite(r.preview).all())
        raise UsageError(
            f"{bad.name} has draws that are not finite; sim.problems() says where",
            decision.location,
        )
    certainties: list[Result] = []
    if decision.utility is not None:
        rho = decision.utility.tolerance_in(unit)
        origin = float((taste.sign * amounts).mean(axis=(1, 2)).max())
        taste = Taste(taste.sign, rho, origin)
        whole = number_node(rho, unit, decision.location)
        exponent = -taste.sign * (decision.options / whole) + origin / rho
        certainties = list(sampled(replace(decision, options=exp(exponent)))[2].by_label.values())
    inputs = Inputs.of(model, key, made.method, made.planned, made.seed, made.replicates)
    return _DecisionRun(
        simulation,
        simulation.model,
        amounts,
        results,
        certainties,
        inputs,
        grouped(inputs.all, decision.name, groups, by_model=False),
        taste,
        str(unit),
    )


def _missing(options: Mapping[str, Option]) -> str | None:
    for name, option in options.items():
        if math.isnan(option.worth.value):
            return f"{name}: {option.worth.note}"
    return None


def _rival(payoffs: FloatArray, best: int, other: int) -> bool:
    """Whether the other option may be as good."""
    return bool(mean(payoffs[best] - payoffs[other]).low <= 0.0)


def _evpi(
    run: _DecisionRun, payoffs: FloatArray, best: Sequence[int], doubt: str | None
) -> Estimate:
    """The least that any option is expected to lose against hindsight; of options that may be the
    best, all limits are held."""
    if refuses(doubt):
        return Estimate.refused(doubt, "replicates", run.unit)
    rows = payoffs.max(axis=0)
    found = []
    for k in best:
        if run.taste.tolerance is None:
            found.append(mean(rows - payoffs[k]))
        else:
            rho = run.taste.tolerance
            found.append(
                over_replicates(lambda a, b, rho=rho: rho * np.log(b / a), rows, payoffs[k])
            )
    least = min(found, key=lambda each: each.value)
    low, high = min(e.low for e in found), max(e.high for e in found)
    note = doubt or least.note
    return _at_least_0(replace(least, low=low, high=high, unit=run.unit, note=note))


def _doubted(ask: Callable[[], Estimate], unit: str, doubt: str | None) -> Estimate:
    if refuses(doubt):
        return Estimate.refused(doubt, _CLASSES, unit)
    found = ask()
    return replace(found, note=found.note or doubt)


def _at_least_0(estimate: Estimate) -> Estimate:
    if math.isnan(estimate.value):
        return estimate
    value, low, high = (max(e, 0.0) for e in (estimate.value, estimate.low, estimate.high))
    return replace(estimate, value=value, low=low, high=high)


def _measured(
    run: _DecisionRun, payoffs: FloatArray, doubt: str | None, which: Any, sd: Any, n: int
) -> Estimate:
    """See `Decided.knowing` (without sd) and `Decided.evsi`: what becomes known is the quantity, or
    the mean of measurements of it, which is drawn."""
    name, labels = pick(run.model, run.model.find(which) if isinstance(which, Quantity) else which)
    quantity = run.model.quantities[name]
    if len(labels) < len(quantity.dims):
        dim = next(dim for dim in quantity.dims if dim.name not in labels)
        raise UsageError(f"'{name}' has a {dim.name}; choose one, '{name}[{dim.labels[0]}]'")
    error = None if sd is None else _error(quantity, name, sd, n)
    if refuses(doubt):
        return Estimate.refused(doubt, _CLASSES, run.unit)
    seen = run.draws(name, labels)
    if error is not None:
        seen = seen + error * _noise(seen.shape, run.simulation.run.seed, name)
    cells, exact = by_rank(seen, class_count(payoffs.shape[-1]))
    found = known_by_class(payoffs, cells, run.taste, run.unit, exact=exact)
    return replace(found, note=found.note or doubt)


def _error(quantity: Quantity, name: str, sd: Any, n: int) -> float:
    """The standard deviation of the mean of n measurements."""
    if quantity.categories:
        raise UsageError(
            f"'{name}' is a category, which has no normal error; ask .knowing('{name}')"
        )
    found = number_in(units.difference(quantity.unit), sd)
    if not found > 0.0:
        raise UsageError(f"sd is the error of one measurement, above 0, not {sd}")
    if not is_whole(n) or n < 1:
        raise WrongKind(f"n is a number of measurements, not {n!r}")
    return found / math.sqrt(n)


def _noise(shape: tuple[int, ...], seed: int, name: str) -> FloatArray:
    """Standard normal errors, stratified in each replicate, of random numbers of their own."""
    made = np.random.default_rng([abs(seed), *name.encode()])
    replicates, size = shape
    u = np.stack([(made.permutation(size) + made.random(size)) / size for _ in range(replicates)])
    return np.asarray(ndtri(np.clip(u, 1e-300, 1.0 - 2.0**-53)))

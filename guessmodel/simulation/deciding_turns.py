"""Rare turns that decide about a statistic.

Whether a turn may matter is told by draws in which it is forced, as often as it may well happen.
If it may, draws are looked for in which it is taken (`reached_turns`). A turn with labels is looked
for at all of them at once, and then again at those at which few of these draws take it, as long as
these may matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, final

import numpy as np

from guessmodel.engine.conditions import leaves
from guessmodel.engine.confined import Drawn
from guessmodel.engine.rare import EXPECTED, LEAST
from guessmodel.estimators import stratified
from guessmodel.estimators.replicates import BINOMIAL
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.sampling.design import REPLICATES
from guessmodel.simulation.from_run import FromRun
from guessmodel.simulation.rare_turns import MOST_TURNS, RareTurns
from guessmodel.simulation.reached_turns import ReachedTurns
from guessmodel.simulation.shares_of_turns import OUT_OF_REACH

if TYPE_CHECKING:
    from guessmodel.simulation.turned_draws import Part

__all__ = ["DecidingTurns"]

_MATTERS: Final = 0.25  # of the error, from which on a turn is looked at
_ROUNDS: Final = 12  # of labels, each of those that are rarer than the last,
_SCORES: Final = 1 << 11  # and of variates in all of them
_UNLIKELY: Final = 4.0  # errors, by which one label of many moves a statistic by chance
_SINGLE: Final = 4  # labels that are looked at by themselves: those that may move most

_MOVED_BY_SHARES: Final = (stratified.mean, stratified.sd)
_RARER: Final = (0.1, 0.01, 0.001)  # times as likely as may be, where others are moved most

_Asked = tuple[object, ...]


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Sought:
    """Labels at which a turn may matter."""

    labels: BoolArray
    least: float
    """A probability below which it does not."""
    single: bool = False
    """Whether one of them alone must: where the run takes the turn often at others."""


@final
@dataclass(frozen=True, eq=False)
class DecidingTurns:
    """Which of some rare turns decide."""

    rare: RareTurns
    _known: dict[_Asked, dict[int, _Sought]] = field(default_factory=dict)
    _told: dict[tuple[int, _Asked], tuple[Sequence[Part], bool]] = field(default_factory=dict)

    @cached_property
    def reached(self) -> ReachedTurns:
        """Draws in which they are taken."""
        return ReachedTurns(self.rare)

    # --- which ------------------------------------------------------------------------------------

    def of(self, asked: FromRun) -> list[int]:
        """Those that may move a statistic by a part of its error, if they are as likely as the
        draws allow; not those that the run takes now and then, unless it is marked."""
        return list(self._sought(asked))

    def leaves(self, asked: FromRun) -> set[Quantity]:
        """What decides whether these are taken."""
        nodes = (self.rare.margins[turn].turn.node for turn in self.of(asked))
        return {leaf for node in nodes for leaf in leaves(node)}

    def are_met(self, asked: FromRun) -> bool:
        """Whether some draws of the run take a turn that seems not to decide: the error that tells
        so is that of having met it."""
        others = set(self.rare.behind(asked.name)) - set(self.of(asked))
        return any(self.rare.margins[turn].met > 0.0 for turn in others if turn < MOST_TURNS)

    def _sought(self, asked: FromRun) -> dict[int, _Sought]:
        turns = self.rare.behind(asked.name)
        if asked.found.error > 0.0:  # else all there is to it may be turns that are not affordable
            turns = [turn for turn in turns if turn < MOST_TURNS]
        if not turns:
            return {}
        place = _place(asked)
        if place not in self._known:
            found = {turn: self._first(turn, asked) for turn in turns}
            self._known[place] = {k: sought for k, sought in found.items() if sought is not None}
        return self._known[place]

    def _first(self, turn: int, asked: FromRun) -> _Sought | None:
        rare, found = self.rare, asked.found
        labels, affordable = rare.labels(turn, asked.name, asked.position), rare.affordable(turn)
        out_of_reach = rare.likely_at(turn, labels) <= OUT_OF_REACH
        if out_of_reach and (found.error > 0.0 or not affordable):
            return None
        if not affordable:
            return _Sought(labels, LEAST) if found.error == 0.0 else None
        single = False
        if found.reliable and rare.margins[turn].met > 0.0:
            n = asked.rows().size if asked.n is None else asked.n
            taken = self.reached.taken(turn, Drawn(n, rare.run.seed))
            if single := int(np.count_nonzero(taken.at(labels))) >= EXPECTED:
                labels = labels & (taken.times() < EXPECTED)
        return self._mattering(turn, labels, asked, found.error, single=single)

    # --- whether they matter ----------------------------------------------------------------------

    def _mattering(
        self, turn: int, labels: BoolArray, asked: FromRun, error: float, *, single: bool
    ) -> _Sought | None:
        """Some labels of a turn, if it may matter at any of them beside an error."""
        if not np.any(labels):
            return None
        likely, matters = min(self.rare.likely_at(turn, labels), 0.5), _MATTERS * error
        if single:
            limits = np.minimum(self.rare.likely_by_label(turn), likely)
            moved, matters = self._moved_singly(turn, labels, asked, limits), error
        else:
            moved = self._moved(turn, labels, asked, likely)
        if moved <= matters:
            return None
        # The error of a count, or of what is marked, is that of not having met the turn.
        told = asked.found.reliable and asked.found.estimator == "replicates"
        least = likely * matters / moved if told else 0.0
        if asked.found.estimator == BINOMIAL and asked.found.error > 0.0:
            least = OUT_OF_REACH  # a chance is moved by no more
        return _Sought(labels, max(least, LEAST), single)

    def _moved(self, turn: int, labels: BoolArray, asked: FromRun, likely: float) -> float:
        """How far a turn moves a statistic that is taken at some labels as often as is likely."""
        alone = self.rare.label(turn, asked.name, asked.position) is not None
        # Where one coordinate is asked for, draws with the turn at all labels do for each.
        at = self.rare.margins[turn].labels if alone else labels
        draws = self.rare.forced(turn, at)
        if draws is None:
            return math.inf
        other, rows = draws[asked.name][asked.position].reshape(REPLICATES, -1), asked.rows()

        def moved(p: float) -> float:
            return _moved(asked, other, lambda x: [Stratum(1.0 - p, rows), Stratum(p, x)])

        # A shape is moved most by what is rare: that of one event falls as the root of its share.
        rarer = () if asked.estimator in _MOVED_BY_SHARES else _RARER
        return max(moved(likely * part) for part in (1.0, *rarer))

    def _moved_singly(
        self, turn: int, labels: BoolArray, asked: FromRun, likely: FloatArray
    ) -> float:
        """The same of one of the labels, shape (labels,): the most of those that may move squares
        most."""
        forced = self.rare.forced_singly(turn, labels)
        if forced is None:
            return math.inf
        shape = REPLICATES, -1
        other, usual = (
            x[asked.name][asked.position].reshape(shape) for x in (forced.draws, forced.usual)
        )
        label = forced.label.reshape(shape)
        with np.errstate(all="ignore"):
            squares = np.nan_to_num((other - usual) ** 2)
        sums = np.bincount(label.ravel(), squares.ravel(), labels.size)
        known = Stratum(1.0, asked.rows())

        def moved(k: int) -> float:
            weights = np.where(label == k, 1.0, 0.0)
            weights *= likely[k] / max(weights.mean(), 1.0 / label.size)
            rare = Stratum(float(weights.mean()), other, weights=weights, usual=usual)
            return _moved(asked, other, lambda x: [known, replace(rare, rows=x)])

        most = np.argsort(-likely * sums, kind="stable")[:_SINGLE].tolist()
        return max(map(moved, most))

    # --- draws in which they are taken ------------------------------------------------------------

    def parts(self, turn: int, asked: FromRun) -> Sequence[Part]:
        """Draws in which it is taken, of as many sets of labels as are gone to; none where it is so
        seldom that it does not matter, and where no way leads there or this is not told."""
        return self._parts(turn, asked)[0]

    def untold(self, turn: int, asked: FromRun) -> bool:
        """Whether nothing is known of a turn at some labels where it may matter."""
        return not self.rare.affordable(turn) or self._parts(turn, asked)[1]

    def _parts(self, turn: int, asked: FromRun) -> tuple[Sequence[Part], bool]:
        place = turn, _place(asked)
        if place not in self._told:
            sought = self._sought(asked).get(turn)
            if sought is not None and not self.rare.affordable(turn):
                sought = None
            self._told[place] = ((), False) if sought is None else self._gone(turn, sought, asked)
        return self._told[place]

    def _gone(self, turn: int, sought: _Sought, asked: FromRun) -> tuple[Sequence[Part], bool]:
        from guessmodel.simulation.turned_draws import Part

        # One coordinate is told by the draws that are made for all, unless these tell it badly.
        labels = sought.labels if sought.single else self.rare.margins[turn].labels
        parts: list[Part] = []
        spare: list[Part] = []  # that tells one label badly, where it is not told better
        least, one = sought.least, _is_one(sought.labels)
        rounds = max(min(_SCORES // self.rare.variates(turn), _ROUNDS), 1)
        for number in range(rounds):
            found = self.reached.turned(turn, labels, number, least)
            if found is None:
                return parts or spare, False
            part = Part(turn, labels & sought.labels, found)
            met = Part(turn, part.labels & found.met, found)
            seldom = part.labels & ~found.met
            error = self._error_of([*parts, met], [*parts, part], asked)
            rest = self._mattering(turn, seldom, asked, error, single=not one)
            last = number == rounds - 1
            if rest is None and one and not (last or _is_one(labels)) and found.few(part.labels):
                labels, spare = part.labels, [part]
                continue
            whole = rest is None or last
            if (part if whole else met).moves(asked.name, asked.position):
                parts.append(part if whole else met)
            if rest is None:
                return parts, False
            labels, least = labels & ~found.met, rest.least
        # Of many labels alike one seems to matter by chance; and limits are far above what is so.
        likely = self.rare.likely_by_label(turn, limit=False)
        error = self._error_of(parts, parts, asked)
        return parts, self._moved_singly(turn, seldom, asked, likely) > _UNLIKELY * error

    def _error_of(self, told: Sequence[Part], gone: Sequence[Part], asked: FromRun) -> float:
        """The error of a statistic that some parts tell, of draws in which others are not taken."""
        nothing, rows = np.zeros(0, dtype=np.bool_), asked.rows()
        turned = [part.stratum(asked.name, asked.position, (), nothing, ()) for part in told]
        run = Drawn(rows.size if asked.n is None else asked.n, self.rare.run.seed)
        rows = self.reached.without(asked.name, asked.position, run, gone, rows)
        error = asked.estimator([Stratum(1.0, rows), *turned], "").error
        return error if math.isfinite(error) else 0.0


def _moved(
    asked: FromRun, other: FloatArray, strata: Callable[[FloatArray], Sequence[Stratum]]
) -> float:
    """How far a statistic is moved, over strata that are made of other draws."""
    rows = asked.rows()
    # What a turn does may cancel where it is forced, and not where it is taken: on one side, too.
    centre = float(np.mean(rows[np.isfinite(rows)])) if np.any(np.isfinite(rows)) else 0.0
    moved = 0.0
    for draws in (other, centre + np.abs(other - centre)):
        whole = asked.estimator(strata(draws), "")
        if math.isnan(whole.value):
            return 0.0
        moved = max(moved, abs(whole.value - asked.found.value))
    return moved


def _is_one(labels: BoolArray) -> bool:
    return int(np.count_nonzero(labels)) == 1


def _place(asked: FromRun) -> _Asked:
    return asked.name, asked.position, asked.estimator

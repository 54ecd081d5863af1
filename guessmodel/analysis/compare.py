"""What changed between two versions of a model: every quantity before, after, and the difference
with its error on common draws."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

from guessmodel.analysis.attribution import Attribution, attributed, attributed_to
from guessmodel.analysis.change import Change
from guessmodel.analysis.differences import compared, differences_of_rare, no_difference, of_row
from guessmodel.errors import UsageError, WrongKind, article, did_you_mean, public
from guessmodel.model.model import Model
from guessmodel.model.versions import Versions, definition
from guessmodel.simulation import Run
from guessmodel.simulation.runner import run_of
from guessmodel.simulation.summary import Row, filled, summarise

if TYPE_CHECKING:
    import pandas

__all__ = ["Comparison", "compare", "labelled"]

_LABELS = 4  # of a quantity that have lines of their own in a table


@final
@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What changed between two versions of a model. Made by `gm.compare`.

    Attributes
    ----------
    versions : both models on common draws, and how their names match
    run : how the draws were made
    changes : of all that an edit lies behind, the most important first
    asked : titles and statistics (None: all) that are attributed whether they moved or not
    """

    versions: Versions
    run: Run
    changes: tuple[Change, ...]
    asked: tuple[tuple[str, str | None], ...] = ()

    def __getitem__(self, title: str) -> Change:
        """One quantity, or a label of one, by its name as `cost[twitter]`."""
        for change in self.everything:
            if change.title == title:
                return change
        raise KeyError(title)

    @cached_property
    def moved(self) -> tuple[Change, ...]:
        """Changes beyond sampling error, the most important first."""
        return tuple(change for change in self.changes if change.significant)

    @property
    def shown(self) -> tuple[Change, ...]:
        """The rows of tables: what moved, without helpers if there is anything else. Of a quantity
        with many labels that moved, the label that moved most stands for all."""
        changes = tuple(change for change in self.moved if not change.helper) or self.moved
        count = Counter(change.name for change in changes)
        rows: dict[tuple[str, ...], Change] = {}
        for change in changes:
            many = count[change.name] > _LABELS
            key = (change.name,) if many else (change.name, change.title)
            rows.setdefault(key, replace(change, folded=count[change.name] - 1 if many else 0))
        return tuple(rows.values())

    @property
    def unchanged(self) -> tuple[str, ...]:
        """Names in both versions of which nothing has moved."""
        moved = {change.name for change in self.moved}
        return tuple(name for name in self.versions.both if name not in moved)

    @cached_property
    def edited(self) -> Mapping[str, tuple[str, str]]:
        """Old and new definition by name."""
        return {name: self.versions.texts(name) for name in self.versions.edited}

    @cached_property
    def added(self) -> Mapping[str, str]:
        """Definitions of what is new, by name."""
        v = self.versions
        return {name: definition(v.new, name) for name in v.added}

    @cached_property
    def removed(self) -> Mapping[str, str]:
        """Definitions of what is gone, by name."""
        v = self.versions
        return {name: definition(v.old, name) for name in v.removed}

    @property
    def renamed(self) -> Mapping[str, str]:
        """Old name by new one, of what has the same definition and is used by the same names."""
        return self.versions.renamed

    @cached_property
    def attribution(self) -> Mapping[str, Attribution]:
        """For each output that moved, by title: what each edit did to its statistics; and to
        those that were `asked` for."""
        found = attributed(self.versions, self.run, [c for c in self.moved if c.output])
        for title, statistic in self.asked:
            said = self.attribute(title, statistic)
            before = found[title].statistics if title in found else {}
            found[title] = replace(said, statistics={**before, **said.statistics})
        return found

    def attribute(self, title: str, statistic: str | None = None) -> Attribution:
        """The same for any quantity, output or not, or a label of one, by its title; of one
        `statistic` alone, where one is named: `mean`, a percentile such as `p99`, of a comparison
        `probability`, of any quantity `P(> 5 USD)`.

        Raises UsageError for an unknown title, and for another statistic.
        """
        change = next((each for each in self.changes if each.title == title), None)
        if change is None:
            known = {each.title: each for each in self.everything}
            if title not in known:
                raise UsageError(f"no quantity '{title}'{did_you_mean(title, list(known))}")
            change = known[title]
        if statistic is None:
            return attributed(self.versions, self.run, [change])[title]
        return attributed_to(self.versions, self.run, change, statistic)

    @cached_property
    def everything(self) -> tuple[Change, ...]:
        """All quantities of both versions: the new one's in its order, then those removed."""
        v, run = self.versions, self.run
        known: dict[str, list[Change]] = {}
        for change in self.changes:
            known.setdefault(change.name, []).append(change)
        rest = [name for name in v.new.quantities if name not in known]
        for row in _summary_rows(v.new, run, rest):
            new = of_row(row)
            change = _change(row, row.name, run)
            if row.name in v.added:
                change = replace(change, new=new)
            else:
                same = {key: no_difference(each) for key, each in new.items()}
                change = replace(change, old=new, new=new, difference=same)
            known.setdefault(row.name, []).append(change)
        ordered = [change for name in v.new.quantities for change in known.get(name, ())]
        gone = [
            replace(_change(row, row.name, run), old=of_row(row))
            for row in _summary_rows(v.old, run, list(v.removed))
        ]
        return (*ordered, *gone)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `guessmodel compare --json`."""
        from guessmodel.analysis.comparison_texts import as_json

        return as_json(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each quantity or label; columns (statistic, "old", "new", "difference", "low",
        "high"), the last two the ends of the difference's error."""
        from guessmodel.analysis.comparison_texts import as_frame

        return as_frame(self)

    def __repr__(self) -> str:
        from guessmodel.analysis.comparison_texts import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from guessmodel.analysis.comparison_texts import as_html

        return as_html(self)


@public
def compare(
    old: Model, new: Model, n: int | None = None, *, seed: int | None = 0, method: str = "nets"
) -> Comparison:
    """What changed between two versions of a model.

    Both are sampled on common draws: what has one name has the same random numbers in both,
    whatever their files are called.

    Parameters
    ----------
    old, new : the models
    n, seed, method : as of `Model.sample`

    >>> import guessmodel as gm
    >>> price, hours = gm.uniform(1, 3, "USD/hour"), gm.uniform(10, 30, "hour")
    >>> old = gm.Model(price=price, hours=hours, cost=price * hours)
    >>> new = old.with_(price=gm.uniform(1, 4, "USD/hour"))
    >>> print(gm.compare(old, new)["cost"].difference["mean"])  # (2.5 - 2) USD/hour * 20 hour
    10.0000 ± 0.0001 USD
    """
    for each in (old, new):
        if not isinstance(each, Model):
            from_file = f"; write gm.Model.from_file({each!r})" if isinstance(each, str) else ""
            raise WrongKind(
                f"compare takes two models, not {article(type(each).__name__)}{from_file}"
            )
    versions = Versions.of(old, new)
    names = versions.affected
    before = [versions.old_name(name) for name in names]
    usual = min(old.default_samples, new.default_samples)
    seed = secrets.randbits(63) if seed is None else seed
    run = run_of(usual if n is None else n, seed=seed, method=method)
    olds = _summary_rows(versions.old, run, before)
    news = _summary_rows(versions.new, run, list(names))
    changes = _matched(versions, run, olds, news)
    changes.sort(key=lambda change: change.importance, reverse=True)
    return Comparison(versions, run, tuple(changes))


# --- rows ---------------------------------------------------------------------------------------


def _summary_rows(model: Model, run: Run, names: Sequence[str]) -> Sequence[Row]:
    if not names:
        return ()
    simulation = model.sample(
        run.samples, seed=run.seed, method=run.method, quantities=names, keep=True
    )
    return summarise(simulation, _filled).rows


def _filled(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows with their statistics: those of outputs by the best estimator, of all others from their
    draws where there is no closed form. (To look for a draw to integrate out takes longer than all
    the rest of a comparison.)"""
    return filled(
        [
            row if row.output else replace(row, result=replace(row.result, integrates=False))
            for row in rows
        ]
    )


def _change(row: Row, name: str, run: Run) -> Change:
    return Change(name, row.labels, row.unit, row.output, row.helper, run.replicates)


def _matched(
    versions: Versions, run: Run, olds: Iterable[Row], news: Iterable[Row]
) -> list[Change]:
    """A change for each label that either version has."""
    shown = {versions.old_name(name): name for name in versions.both}
    before = {(shown[row.name], _label_key(row)): row for row in olds}
    after = {(row.name, _label_key(row)): row for row in news}
    pairs = {key: (before[key], new) for key, new in after.items() if key in before}
    rare = differences_of_rare(list(pairs.values()), versions.together, run)
    known = dict(zip(pairs, rare, strict=True))
    changes = []
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        row = new or old
        assert row is not None
        change = _change(row, key[0], run)
        if old is not None and new is not None:
            changes.append(compared(change, old, new, known[key]))
        elif new is not None:
            changes.append(replace(change, new=of_row(new)))
        elif old is not None:
            changes.append(replace(change, old=of_row(old)))
    return changes


def _label_key(row: Row) -> frozenset[tuple[str, str]]:
    return frozenset((dim, str(label)) for dim, label in row.labels.items())


def labelled(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change]]]:
    """The changes of each name, in the order in which names come first."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.name, []).append(change)
    yield from found.items()

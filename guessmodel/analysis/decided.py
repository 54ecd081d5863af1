"""The answer to a decision: its options side by side, and what it is worth to know something."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from guessmodel.estimators.estimate import Estimate
from guessmodel.tables import Tabled, as_pandas

if TYPE_CHECKING:
    import pandas

__all__ = ["Decided", "Option"]


@final
@dataclass(frozen=True, slots=True)
class Option:
    """One option of a decision.

    Attributes
    ----------
    mean : what it is expected to come to
    best : probability that it is the best; options that are equally good share it
    regret : E[best of all − this one], what choosing it is expected to cost against hindsight
    certain : the certain amount that is worth as much, by the utility; None without one
    """

    name: str
    mean: Estimate
    best: Estimate
    regret: Estimate
    certain: Estimate | None

    @property
    def worth(self) -> Estimate:
        """What decides: the certainty equivalent, without a utility the mean."""
        return self.mean if self.certain is None else self.certain


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Decided(Tabled):
    """What the options of a decision come to in a run.

    Attributes
    ----------
    options : by name
    choice : the option of the best mean, or certainty equivalent
    settled : whether it is the best beyond the sampling error
    evpi : expected value of perfect information, of knowing everything before choosing
    evppi : that of knowing one input, by name, the largest first
    groups : that of knowing the inputs of a group that was asked for
    dominance : triples (a, b, order): a is better than b for whoever likes more (order 1), or for
        whoever does not like risk either (order 2), see `analysis.dominance`
    """

    name: str
    unit: str
    minimise: bool
    utility: str | None
    options: Mapping[str, Option]
    choice: str
    settled: bool
    evpi: Estimate
    evppi: Mapping[str, Estimate]
    groups: Mapping[str, Estimate]
    dominance: tuple[tuple[str, str, int], ...]
    drawn: str
    measured: Callable[[Any, Any, int], Estimate]

    def __getitem__(self, option: str) -> Option:
        return self.options[option]

    def knowing(self, name: Any) -> Estimate:
        """Expected value of knowing a quantity before choosing, be it an input or what depends on
        some, such as the result of a test.

        Parameters
        ----------
        name : a quantity of the model, or its name, `"price[2025]"` for one label

        Raises UsageError for a quantity that there is not.
        """
        return self.measured(name, None, 1)

    def evsi(self, name: Any, *, sd: Any, n: int = 1) -> Estimate:
        """Expected value of sample information: of measuring a quantity before choosing.

        Each of n measurements is the quantity's value plus a normal error of standard deviation
        `sd`, independent of all else; a figure such as "2 USD", or a number in its unit.

        `name` as in `knowing`. Raises UsageError or WrongKind for a quantity that there is not, and
        for other sd and n.
        """
        return self.measured(name, sd, n)

    def to_dict(self) -> dict[str, Any]:
        """As `guessmodel decide --json` has it."""
        shown: dict[str, Any] = {
            "decision": self.name,
            "unit": self.unit,
            "minimise": self.minimise,
            "options": {name: _option(each) for name, each in self.options.items()},
            "choice": self.choice,
            "settled": self.settled,
            "dominance": [
                {"better": a, "worse": b, "order": order} for a, b, order in self.dominance
            ],
            "evpi": self.evpi.to_dict(),
            "evppi": {name: each.to_dict() for name, each in self.evppi.items()},
        }
        if self.groups:
            shown["groups"] = {name: each.to_dict() for name, each in self.groups.items()}
        if self.utility is not None:
            shown["utility"] = self.utility
        return shown

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each option: each number with the ends of its error."""
        rows = {
            name: {
                f"{key}{end}": getattr(estimate, what)
                for key, estimate in _numbers(option).items()
                for end, what in (("", "value"), ("_low", "low"), ("_high", "high"))
            }
            for name, option in self.options.items()
        }
        return as_pandas(rows, "option")

    def cells(self) -> list[list[str]]:
        """Header and rows as text: the options, and below what it is worth to know."""
        unit = f" [{self.unit}]" if self.unit else ""
        certain = self.utility is not None
        table = [["option", f"mean{unit}", "best", "regret"] + ["certain"] * certain]
        for each in self.options.values():
            row = [each.name, _text(each.mean), _share(each.best), _text(each.regret)]
            table.append(row + ([] if each.certain is None else [_text(each.certain)]))
        blank = [""] * (2 + certain)
        table.append(["knowing:", "", *blank])
        table.append(["  everything", _text(self.evpi), *blank])
        known = {**self.groups, **self.evppi}
        table += [[f"  {name}", _text(each), *blank] for name, each in known.items()]
        return table

    def notes(self) -> list[str]:
        """The choice in words, dominance, and why numbers may be wrong."""
        best = self.options[self.choice]
        how = "least" if self.minimise else "highest"
        what = "mean" if self.utility is None else "certainty equivalent"
        end = "" if self.settled else "; more samples may tell otherwise"
        lines = [f"{self.choice} has the {how} {what}, {best.worth}{end}"]
        lines += [
            f"{a} dominates {b}"
            + (": better for whoever does not like risk" if order == 2 else ", whatever the risk")
            for a, b, order in self.dominance
        ]
        noted = {name: each.worth.note for name, each in self.options.items()}
        noted |= {"everything": self.evpi.note}
        noted |= {name: each.note for name, each in {**self.groups, **self.evppi}.items()}
        seen = dict.fromkeys((n, note) for n, note in noted.items() if note is not None)
        return lines + [f"! {name}: {note}" for name, note in seen]

    @property
    def heading(self) -> str:
        """How the draws were made."""
        return self.drawn

    @property
    def title(self) -> str:
        """What the table is about, in a line."""
        by = f", by utility {self.utility}" if self.utility else ""
        return f"{self.name}: {'least' if self.minimise else 'most'} is best{by}"


def _numbers(option: Option) -> dict[str, Estimate]:
    found = {"mean": option.mean, "best": option.best, "regret": option.regret}
    return found if option.certain is None else {**found, "certain": option.certain}


def _option(option: Option) -> dict[str, Any]:
    return {key: each.to_dict() for key, each in _numbers(option).items()}


def _text(estimate: Estimate) -> str:
    return "–" if math.isnan(estimate.value) else estimate.text(4)


def _share(estimate: Estimate) -> str:
    return f"{estimate.scaled(100.0).text(3)}%"

"""Whether forecasts are calibrated: intervals that hold as often as they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

from guessmodel.numerics.confidence import clopper_pearson
from guessmodel.simulation.shape import checked_share
from guessmodel.tables import Tabled, as_pandas

if TYPE_CHECKING:
    import pandas

__all__ = ["LEAST", "Calibration", "calibration"]

LEAST: Final = 5  # forecasts, of which evenness can be judged
_DOUBT: Final = 0.05


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Calibration(Tabled):
    """How often central intervals held, of forecasts that are taken to be independent.

    Attributes
    ----------
    pits : the outcomes' places in their forecasts, in ascending order
    hits : for each mass how many outcomes lay in the central interval of that mass
    chances : for each the probability that so many or fewer, or more, would by luck (binomial
        test, two-sided), were the forecasts calibrated
    p_value : of places as uneven as these (Kolmogorov and Smirnov's test, exact); None of fewer
        than five
    """

    pits: tuple[float, ...]
    hits: dict[float, int]
    chances: dict[float, float]
    p_value: float | None

    @property
    def count(self) -> int:
        """The number of forecasts."""
        return len(self.pits)

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        table = [["interval", "held", "share", "90% limits", "p"]]
        for mass, hits in self.hits.items():
            low, high = clopper_pearson(hits, self.count, 0.9)
            row = [f"{mass:.0%}", f"{hits} of {self.count}", f"{hits / self.count:.0%}"]
            table.append([*row, f"{low:.0%} to {high:.0%}", f"{self.chances[mass]:.2f}"])
        return table

    @property
    def heading(self) -> str:
        """How many forecasts there are."""
        return f"{self.count} forecasts"

    @property
    def sentence(self) -> str:
        """How often their intervals held."""
        held = ", ".join(f"{hits} in {mass:.0%}" for mass, hits in self.hits.items())
        return f"of {self.count} outcomes lay {held} intervals"

    def notes(self) -> list[str]:
        """What is too narrow, too wide or uneven."""
        lines: list[str] = []
        for mass, hits in self.hits.items():
            if self.chances[mass] < _DOUBT:
                narrow = hits < mass * self.count
                what = "too narrow" if narrow else "too wide"
                lines.append(f"! {mass:.0%} intervals are {what} (p = {self.chances[mass]:.2g})")
                break
        if self.p_value is not None and self.p_value < _DOUBT:
            high = sum(self.pits) / self.count
            side = "low" if high > 0.6 else "high" if high < 0.4 else ""
            what = f"forecasts are too {side}" if side else "places are uneven"
            lines.append(f"! {what} (mean place {high:.2f}, p = {self.p_value:.2g})")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """As `guessmodel score --json` has it."""
        return {
            "count": self.count,
            "intervals": {
                f"{mass:g}": {"held": hits, "p_value": self.chances[mass]}
                for mass, hits in self.hits.items()
            },
            "p_value": self.p_value,
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each interval."""
        rows = {
            mass: {"held": hits, "share": hits / self.count, "p_value": self.chances[mass]}
            for mass, hits in self.hits.items()
        }
        return as_pandas(rows, "mass")


def calibration(pits: Sequence[float], masses: Sequence[float]) -> Calibration:
    """Of places in forecasts.

    >>> calibration([0.1, 0.2, 0.5, 0.6, 0.97], [0.5, 0.9]).hits
    {0.5: 2, 0.9: 4}
    """
    from scipy import stats

    hits, chances = {}, {}
    for mass in masses:
        checked_share(mass, "mass", 0.9)
        hits[mass] = sum(abs(pit - 0.5) <= mass / 2.0 for pit in pits)
        chances[mass] = float(stats.binomtest(hits[mass], len(pits), mass).pvalue)
    even = float(stats.kstest(pits, "uniform").pvalue) if len(pits) >= LEAST else None
    return Calibration(tuple(sorted(pits)), hits, chances, even)

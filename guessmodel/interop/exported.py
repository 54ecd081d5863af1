"""What an export has written, and how near it comes where the format holds no draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

from guessmodel.tables import as_html, as_text

if TYPE_CHECKING:
    import pandas

__all__ = ["Exported", "Stated"]

_ROUGH: Final = 0.02


@final
@dataclass(frozen=True, slots=True)
class Stated:
    """How a SIPmath library says one quantity: a metalog, or a table of values."""

    name: str
    form: str
    terms: int
    error: float
    """The largest difference between the distribution functions of the draws and of the fit."""

    @property
    def rough(self) -> bool:
        """Whether the fit misses by more than 2% of probability somewhere."""
        return self.error > _ROUGH


@final
@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written."""

    file: str
    format: str
    samples: int
    quantities: tuple[str, ...]
    fits: tuple[Stated, ...] = ()
    rank_error: float | None = None
    """The largest difference between a rank correlation of the draws and of the file."""
    most_off: tuple[str, ...] = ()
    """The two quantities that it is of."""
    left_out: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """A line on what was written."""
        count = len(self.quantities)
        what = f"{count:,} quantit{'y' if count == 1 else 'ies'}"
        if self.format == "sip":
            return f"{what} written to {self.file}, fitted to {self.samples:,} draws"
        return f"{self.samples:,} draws of {what} written to {self.file}"

    def cells(self) -> list[list[str]]:
        """The table of fits as text, header first; of files of draws a header alone."""
        header = ["quantity", "form", "terms", "fit error"]
        rows = [
            [f.name, f.form, str(f.terms), f"{f.error:.4f}{' !' if f.rough else ''}"]
            for f in self.fits
        ]
        return [header, *rows]

    def notes(self) -> list[str]:
        """What is to be known of the file."""
        found = []
        if self.fits:
            found.append(
                "fit error: the largest difference of probability between draws and fit, anywhere"
            )
        if any(fit.rough for fit in self.fits):
            found.append("! a metalog comes no nearer than this; look at a plot before you use it")
        if self.rank_error is not None:
            of = f" ({' and '.join(self.most_off)})" if self.most_off else ""
            found.append(
                "a Gaussian copula joins them; rank correlations are those of the draws within "
                f"{self.rank_error:.4f}{of}, and other kinds of dependence are lost"
            )
        return [*found, *(f"left out: {reason}" for reason in self.left_out)]

    def to_dict(self) -> dict[str, Any]:
        """The JSON shape of `guessmodel export --json`."""
        whole: dict[str, Any] = {
            "file": self.file,
            "format": self.format,
            "samples": self.samples,
            "quantities": list(self.quantities),
        }
        if self.format == "sip":
            whole["fits"] = {
                f.name: {"form": f.form, "terms": f.terms, "error": f.error} for f in self.fits
            }
            whole["rank_error"] = self.rank_error
            whole["most_off"] = list(self.most_off)
            whole["left_out"] = list(self.left_out)
        return whole

    def to_pandas(self) -> pandas.DataFrame:
        """The fits, a row each; of files of draws the quantities alone."""
        import pandas as pd

        index = pd.Index(self.quantities, name="quantity")
        if not self.fits:
            return pd.DataFrame(index=index)
        columns = {key: [getattr(f, key) for f in self.fits] for key in ("form", "terms", "error")}
        return pd.DataFrame(columns, index)

    def __repr__(self) -> str:
        if not self.fits:
            return "\n".join([self.heading, *self.notes()])
        return as_text(self.heading, self.cells(), self.notes(), names=2)

    def _repr_html_(self) -> str:
        return as_html(self.heading, self.cells(), self.notes())

"""Draw the picture of README: what it costs to run a model against developing it, with independent
inputs and as published, and the published figures as marks.

    python docs/deployment.py
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter
from scipy.stats import gaussian_kde

import guessmodel as gm
from guessmodel.claims.checking import figures
from guessmodel.claims.claim import Claim, Statement
from guessmodel.plots.style import Margins

ROOT = Path(__file__).parents[1]
IMAGE = ROOT / "docs" / "images" / "deployment.svg"
ROWS = {
    "twitter": "1% of Twitter",
    "coding assistant": "a million developers",
    "adjusted": "largest of 2022",
    "chatgpt-scale": "at ChatGPT's scale",
}
"""Deployments, and what the picture calls them."""
PUBLISHED = "as published"
MARGINS = Margins(left=1.5, right=2.1, bottom=0.95, top=0.1)
INDEPENDENT, RECONSTRUCTED, INK = "#0072B2", "#D55E00", "#767676"


@dataclass(frozen=True)
class Row:
    """One deployment: draws of the ratio with independent inputs and as published, and the figure
    that the source publishes, with its interval."""

    name: str
    base: gm.Result
    published: gm.Result
    mark: float | None
    interval: tuple[float, float] | None


def rows() -> list[Row]:
    """Every deployment, sampled, with the published figures as the models claim them."""
    model = gm.Model.from_file(ROOT / "models" / "largest_deployment.py")
    base, published = (
        each.sample(quantities=["ratio"])["ratio"] for each in (model, model.in_scenario(PUBLISHED))
    )
    marks, intervals = claimed()
    return [
        Row(
            name,
            base.sel(deployment=label),
            published.sel(deployment=label),
            marks.get(label),
            intervals.get(label),
        )
        for label, name in ROWS.items()
    ]


def claimed() -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """What the source says of the ratio: its mean and interval, or 1 over how many times more
    development costs."""
    means, ends = dict[str, float](), dict[str, list[float]]()
    for file, label in (("twitter", "twitter"), ("coding_assistant", "coding assistant")):
        for _, statement, title in claims(file):
            if title.startswith("development_cost / (cost_per_year"):
                means[label] = 1 / statement.figure.value
    for claim, statement, title in claims("largest_deployment"):
        if title.startswith("ratio[adjusted]"):
            if statement.kind == "mean":
                means["adjusted"] = statement.figure.value
            else:
                ends.setdefault("adjusted", []).append(statement.figure.value)
            assert claim.scenario == PUBLISHED
    return means, {label: (min(pair), max(pair)) for label, pair in ends.items()}


def claims(file: str) -> list[tuple[Claim, Statement, str]]:
    return figures(gm.Model.from_file(ROOT / "models" / f"{file}.py"))


def in_words(rows: list[Row]) -> str:
    """All numbers of the picture, to two digits."""
    texts = []
    for row in rows:
        low, middle, high = (digits(row.base.quantile(p).value) for p in (0.05, 0.5, 0.95))
        text = f"{row.name}: {middle} ({low} to {high}), as published "
        text += digits(row.published.median().value)
        if row.mark is not None:
            text += f", the source says {digits(row.mark)}"
        if row.interval is not None:
            text += f" ({' to '.join(map(digits, row.interval))})"
        texts.append(text)
    return "Deployment against development, median and 90% interval. " + "; ".join(texts) + "."


def digits(x: float) -> str:
    """Two digits.

    >>> digits(0.04778), digits(157.3), digits(0.2)
    ('0.048', '160', '0.20')
    """
    places = max(0, 1 - math.floor(math.log10(x)))
    return f"{round(x, 1 - math.floor(math.log10(x))):.{places}f}"


def drawn(rows: list[Row]) -> Axes:
    ax = gm.plots.new_axes(8.2, 3.9, margins=MARGINS)
    ax.set_xscale("log")
    ax.set_xlim(0.002, 1500)
    for place, row in enumerate(reversed(rows)):
        shape(ax, place - 0.07, row.published, RECONSTRUCTED, 0.33)
        shape(ax, place, row.base, INDEPENDENT, 0.38)
        if row.mark is not None:
            at = place - 0.2
            if row.interval is not None:
                ax.plot(row.interval, (at, at), color=INK, lw=1.2)
            ax.plot([row.mark], [at], color=INK, marker="D", ms=5, ls="")
        low, middle, high = (digits(row.base.quantile(p).value) for p in (0.05, 0.5, 0.95))
        ax.annotate(
            f"{middle} times ({low} to {high})",
            (1.015, place + 0.12),
            xycoords=("axes fraction", "data"),
            va="center",
            color=INDEPENDENT,
        )
        ax.annotate(
            f"as published {digits(row.published.median().value)}",
            (1.015, place - 0.16),
            xycoords=("axes fraction", "data"),
            va="center",
            color=RECONSTRUCTED,
        )
    ax.axvline(1, color=INK, lw=0.8, ls=(0, (4, 3)))
    ax.set_yticks(range(len(rows)), [row.name for row in reversed(rows)])
    ax.set_ylim(-0.35, len(rows) - 0.3)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.set_xlabel("cost of a year of deployment ÷ cost of development", color=INK)
    for words, x in (("cheaper to run  ", 1), ("  dearer to run", 1)):
        ax.annotate(
            words,
            (x, len(rows) - 0.38),
            ha="right" if words.endswith(" ") else "left",
            va="top",
            color=INK,
        )
    ax.legend(
        handles=[
            Line2D([], [], color=INDEPENDENT, lw=4, label="independent inputs"),
            Line2D([], [], color=RECONSTRUCTED, lw=4, label="the source's own inputs"),
            Line2D([], [], color=INK, marker="D", ms=5, label="what the source publishes"),
        ],
        loc="upper center",
        bbox_to_anchor=(0.55, -0.16),
        ncols=3,
        frameon=False,
        labelcolor=INK,
    )
    return ax


def shape(ax: Axes, place: float, result: gm.Result, color: str, height: float) -> None:
    """Density per decade, the central 90% as a bar, the median as a dot."""
    logs = np.log10(result.values[: 2**14])
    grid = np.linspace(*np.quantile(logs, (0.001, 0.999)), 60)
    density = gaussian_kde(logs)(grid)  # per decade, as the axis is
    x, y = 10**grid, place + height * density / density.max()
    ax.fill_between(x, place, y, color=color, alpha=0.25, lw=0)
    ax.plot(x, y, color=color, lw=1.2)
    low, middle, high = (result.quantile(p).value for p in (0.05, 0.5, 0.95))
    ax.plot((low, high), (place, place), color=color, lw=3, solid_capstyle="butt")
    ax.plot([middle], [place], color=color, marker="o", ms=5)


def write(image: Path = IMAGE) -> None:
    found = rows()
    gm.plots.save(drawn(found), image, alt=in_words(found))


if __name__ == "__main__":
    write()

"""The reference of the Python interface, written from the package itself before a build.

A page for each family (signature, formula, parametrisations, picture, and what `distributions.md`
says of its support, mean and variance), one for the functions of quantities, one for a model and
its results.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import matplotlib as mpl
import numpy as np
from sphinx.application import Sphinx

import guessmodel as gm
from guessmodel.distributions.draws import scalar_value
from guessmodel.graph.quantity import Quantile, Quantity

DOCS = Path(__file__).parents[1]
FOLDER = DOCS / "reference"
PICTURES: dict[str, tuple[str, ...]] = {
    "normal": ("normal(5, 10)", "normal(mean=6, sd=3)"),
    "lognormal": ("lognormal(5, 10)", "lognormal(2, 20)"),
    "uniform": ("uniform(2, 8)",),
    "loguniform": ("loguniform(1, 10)",),
    "arcsine": ("arcsine(2, 8)",),
    "triangular": ("triangular(1, 9, mode=3)", "triangular(1, 9)"),
    "double_triangular": ("double_triangular(1, 9, mode=3)",),
    "pert": ("pert(1, 9, mode=3)", "pert(1, 9, mode=3, weight=12)"),
    "beta": ("beta(0.2, 0.4)", "beta(alpha=0.5, beta=0.5)"),
    "gamma": ("gamma(shape=2, scale=3)", "gamma(shape=9, scale=1)"),
    "inverse_gamma": ("inverse_gamma(shape=3, scale=6)",),
    "exponential": ("exponential(mean=1)", "exponential(mean=3)"),
    "weibull": ("weibull(shape=1.5, scale=5)", "weibull(shape=4, scale=5)"),
    "student_t": ("student_t(df=3)", "student_t(df=30)"),
    "cauchy": ("cauchy(location=0, scale=1)",),
    "logistic": ("logistic(location=0, scale=1)",),
    "pareto": ("pareto(scale=1, shape=1.5)", "pareto(scale=1, shape=4)"),
    "chi2": ("chi2(df=3)", "chi2(df=8)"),
    "f": ("f(df1=5, df2=10)",),
    "bernoulli": ("bernoulli(0.3)",),
    "binomial": ("binomial(20, 0.3)",),
    "poisson": ("poisson(4)",),
    "geometric": ("geometric(0.3)",),
    "negative_binomial": ("negative_binomial(successes=3, p=0.4)",),
    "metalog": ("metalog(p5=2, p50=5, p95=20, lower=0)",),
    "truncated": ("truncated(normal(-1, 9), lower=0)",),
    "mixture": ("mixture([normal(1, 2), normal(3, 6)], [0.3, 0.7])",),
    "zero_inflated": ("zero_inflated(lognormal(1, 4), 0.4)",),
    "pool": (
        "pool([normal(1, 3), normal(2, 8)])",
        'pool([normal(1, 3), normal(2, 8)], method="log")',
    ),
    "hurdle": ("hurdle(poisson(4), 0.4)",),
    "empirical": ("empirical([120, 135, 180, 95, 240])",),
}
"""What is drawn of each family."""


NO_FAMILIES = {"compound", "constant", "correlate", "from_xlsx", "parse", "table"}
"""Functions of that room which are no family."""


def families() -> list[str]:
    """Public constructors of draws, by name."""
    return sorted(
        name
        for name in gm.__all__
        if inspect.isfunction(made := getattr(gm, name))
        and made.__module__.startswith("guessmodel.distributions.")
        and name not in NO_FAMILIES
    )


def rows() -> dict[str, list[tuple[str, str]]]:
    """What the tables of distributions.md say of each family: heading and text of each cell."""
    found: dict[str, list[tuple[str, str]]] = {}
    header: list[str] = []
    for line in (DOCS / "distributions.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if cells[:1] == ["Family"]:
            header = cells
        elif header and cells and not set(line) <= set("|-"):
            name = re.match(r"`(\w+)", cells[0])
            if name:
                found[name.group(1)] = list(zip(header[1:], cells[1:], strict=True))
        elif not cells:
            header = []
    return found


def forms(name: str) -> str:
    """The parametrisations of a family, as its own error lists them; "" where it has no choice."""
    try:
        getattr(gm, name)()
    except gm.GuessmodelError as error:
        match = re.search(r"takes (?:one of )?(\(.*\));", error.message)
        return match.group(1) if match else ""
    except TypeError:
        return ""
    return ""


def draw(name: str, folder: Path) -> bool:
    """The densities, or probabilities, of the examples of a family; False where there are none."""
    from matplotlib import pyplot as plt

    if name not in PICTURES:
        return False
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "path", "font.size": 9}):
        figure, axes = plt.subplots(figsize=(5.2, 2.2), layout="constrained")
        for text in PICTURES[name]:
            made = eval(text, {key: getattr(gm, key) for key in families()})  # our own text
            _curve(axes, made, text)
        axes.set_yticks([])
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        axes.legend(frameon=False, prop={"family": "monospace", "size": 8})
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)
    return True


def _curve(axes: object, made: Quantity, text: str) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    operation = made.operation
    parameters = [value for each in made.operands[1:] if (value := scalar_value(each)) is not None]
    if isinstance(operation, Quantile) and len(parameters) == len(made.operands) - 1:
        family = operation.family
        low, high = (float(family.draw(np.array(p), *parameters)) for p in (0.002, 0.99))
        if family.discrete:
            values = np.unique(family.draw(np.linspace(0.0005, 0.9995, 2000), *parameters))
            axes.vlines(values, 0.0, family.pdf(values, *parameters), label=text, linewidth=2)
            return
        x = np.linspace(low, high, 600)
        line = axes.plot(x, family.pdf(x, *parameters), label=text)[0]
        axes.fill_between(x, family.pdf(x, *parameters), alpha=0.15, color=line.get_color())
        return
    draws = np.asarray(made.sample(1 << 14).values).reshape(-1)
    axes.hist(draws, bins=80, density=True, alpha=0.6, label=text)


def family_page(name: str) -> Iterator[str]:
    yield from (name, "=" * len(name), "")
    yield from (f".. autofunction:: guessmodel.{name}", "   :no-index-entry:", "")
    if said := forms(name):
        yield from (
            "Parametrisations: " + ", ".join(f"`{x}`" for x in re.findall(r"\(.*?\)", said)),
            "",
        )
    if name in PICTURES:
        yield from (
            f".. image:: {name}.svg",
            f"   :alt: {'density' if name not in _COUNTS else 'probabilities'} of "
            + " and of ".join(PICTURES[name]),
            "",
        )
    if cells := rows().get(name):
        yield from (".. list-table::", "   :widths: 1 4", "")
        for heading, text in cells:
            if text:
                yield from (f"   * - {heading}", f"     - {_literal(text)}")
        yield ""


_COUNTS = {"bernoulli", "binomial", "poisson", "geometric", "negative_binomial", "empirical"}


def _literal(text: str) -> str:
    """Markdown's text as reStructuredText: the marks of code stay, asterisks are escaped."""
    parts = text.split("`")
    return "`".join(
        part if i % 2 else re.sub(r"([*_\\])", r"\\\1", part) for i, part in enumerate(parts)
    )


def functions_page() -> Iterator[str]:
    title = "Functions of quantities"
    yield from (title, "=" * len(title), "")
    for name in sorted(gm.__all__):
        made = getattr(gm, name)
        if name not in families() and (inspect.isfunction(made) or inspect.isbuiltin(made)):
            yield from (f".. autofunction:: guessmodel.{name}", "")


def classes_page() -> Iterator[str]:
    title = "Models, quantities, results"
    yield from (title, "=" * len(title), "")
    for name in sorted(gm.__all__):
        if inspect.isclass(getattr(gm, name)):
            yield from (
                f".. autoclass:: guessmodel.{name}",
                "   :members:",
                "   :inherited-members: ABC, ValueError",
                "",
            )


def module_page(module: ModuleType, title: str) -> Iterator[str]:
    yield from (title, "=" * len(title), "", f".. automodule:: {module.__name__}", "")
    for name in module.__all__:
        kind = "class" if inspect.isclass(getattr(module, name)) else "function"
        if callable(getattr(module, name)):
            yield from (
                f".. auto{kind}:: {module.__name__}.{name}",
                *([] if kind == "function" else ["   :members:"]),
                "",
            )


def write(folder: Path) -> None:
    """All pages of the reference, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "functions": functions_page(),
        "classes": classes_page(),
        "finance": module_page(gm.finance, "Finance"),
        "plots": module_page(gm.plots, "Pictures"),
        "testing": module_page(gm.testing, "Testing your models"),
    }
    names = families()
    for name in names:
        draw(name, folder)
        pages[name] = family_page(name)
    pages["families"] = iter(
        (
            "Families",
            "========",
            "",
            ".. toctree::",
            "   :maxdepth: 1",
            "",
            *(f"   {n}" for n in names),
            "",
        )
    )
    for name, lines in pages.items():
        text = "\n".join(lines) + "\n"
        file = folder / f"{name}.rst"
        if not file.exists() or file.read_text() != text:  # what is unchanged is not built again
            file.write_text(text)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", lambda _: write(FOLDER))
    return {"parallel_read_safe": True}

"""No text of a picture is cut off by its edge, whatever the names, labels, units and errors are."""

from collections.abc import Callable

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import guessmodel as gm

LONG = "a_rather_long_name_of_a_quantity_that_goes_on_and_on_and_on"
DAYS = {"week": ["Mon", "Tuesday, the second of the month of May"]}
LOAD = gm.lognormal(2, 9, dim=DAYS) * gm.normal(1, 2)
WEALTH = gm.normal(1e6, 3e6, "USD/year", dim={"year": range(2020, 2032)}).cumsum("year")
MODEL = gm.Model(
    **{
        "plain": gm.lognormal(1, 1000, "USD"),
        "heavy": gm.lognormal(1, 5) / gm.normal(mean=3, sd=1),
        "count": gm.poisson(3),
        "huge": gm.normal(-1e15, 1e15, "EUR/(person*year)"),
        "tiny": gm.lognormal(1e-12, 1e-9) * gm.normal(1, 2),
        "rare": gm.bernoulli(0.002),
        "category": gm.categorical({"a": 0.064, "b": 0.923, LONG: 0.013}),
        "load": LOAD,
        "full": gm.bernoulli(gm.beta(0.4, 0.7, dim=DAYS)),  # whose probabilities have long errors
        "wealth": WEALTH,
        "enough": gm.constant(9e6, "USD/year") < WEALTH,
        "chosen": gm.categorical({"a": 0.1, "b": 0.9}, dim=DAYS),
        LONG: gm.normal(1, 2) * gm.lognormal(1, 3),
    }
)
RUN = MODEL.sample(4096)
PICTURES: dict[str, Callable[..., Axes]] = {
    name: getattr(gm.plots, name)
    for name in ("density", "cdf", "histogram", "comparison", "fan", "qq", "heat_map")
}


def cut_off(figure: Figure) -> list[str]:
    """Texts that are drawn, and not whole."""
    FigureCanvasAgg(figure).draw()
    hidden: set[Text] = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            drawn = {id(tick) for tick in axis._update_ticks()}  # type: ignore[attr-defined]
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if id(tick) not in drawn:
                    hidden |= {tick.label1, tick.label2}
    found = []
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text() and text not in hidden:
            box, edge = text.get_window_extent(), figure.bbox
            if not (
                edge.x0 - 1 <= box.x0
                and box.x1 <= edge.x1 + 1
                and edge.y0 - 1 <= box.y0
                and box.y1 <= edge.y1 + 1
            ):
                found.append(text.get_text())
    plt.close("all")
    return found


def figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


@pytest.mark.parametrize("name", MODEL.quantities)
@pytest.mark.parametrize("kind", PICTURES)
def test_of_one_quantity(kind: str, name: str) -> None:
    try:
        ax = PICTURES[kind](RUN[name])
    except gm.GuessmodelError:  # which has no such picture
        return
    assert cut_off(figure_of(ax)) == []


@pytest.mark.parametrize("names", [("tiny", LONG, "count"), ("full", "rare"), ("plain",)])
def test_of_several(names: tuple[str, ...]) -> None:
    assert cut_off(figure_of(gm.plots.comparison(*(RUN[name] for name in names)))) == []
    if len(names) == 3:
        results = [RUN[name] for name in names]
        assert cut_off(figure_of(gm.plots.scatter(*results[:2]))) == []


@pytest.mark.parametrize("name", ["tiny", LONG])
def test_of_what_drives_an_output(name: str) -> None:
    assert cut_off(figure_of(gm.plots.tornado(RUN.sensitivity(name)))) == []


def test_what_is_cut_off_is_seen() -> None:
    ax = gm.plots.density(RUN["plain"])
    ax.text(1.2, 0.5, "beyond the edge", transform=ax.transAxes)
    assert cut_off(figure_of(ax)) == ["beyond the edge"]

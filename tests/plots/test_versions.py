"""Differences between two versions and the waterfall of edits: what is drawn, and refused."""

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

import guessmodel as gm
from guessmodel.analysis.compare import Comparison
from guessmodel.errors import UsageError
from guessmodel.plots import changes, new_axes, waterfall
from guessmodel.plots.versions import changes_in_words, waterfall_in_words


def versions() -> Comparison:
    """The mean price goes from 3 to 3.5 and the mean number from 200 to 300: by Shapley's value the
    price adds (0.5 · 200 + 0.5 · 300)/2 = 125, the number (3 · 100 + 3.5 · 100)/2 = 325."""

    def model(price: float, count: float) -> gm.Model:
        each, number = gm.uniform(2, price, "USD"), gm.uniform(100, count)
        return gm.Model(each=each, number=number, cost=each * number, same=gm.normal(1, 2))

    return gm.compare(model(4, 300), model(5, 500))


def assert_not_cut(ax: Axes) -> None:
    figure = ax.get_figure(root=True)
    assert figure is not None
    FigureCanvasAgg(figure).draw()
    for text in [*ax.texts, *ax.get_yticklabels(), ax.xaxis.label]:
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= figure.bbox.width, text
        assert box.y0 >= 0 and box.y1 <= figure.bbox.height, text


def test_changes_are_relative_with_their_errors() -> None:
    ax = changes(versions())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cost", "number", "each"]
    points = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]  # type: ignore[index]
    assert points == pytest.approx([75, 50, 100 / 6], abs=1e-3)
    assert [text.get_text() for text in ax.texts] == ["+450 USD", "+100", "+0.5 USD"]
    assert ax.get_xlabel() == "change [%]\nchange of the mean, with its 90% interval"
    assert_not_cut(ax)
    fewer = changes(versions(), most=1)
    assert fewer.get_xlabel().endswith("\n2 more moved")
    assert changes_in_words(versions()).startswith("Changes of means between two versions: cost by")


def test_a_waterfall_goes_from_before_to_after_by_what_each_edit_did() -> None:
    ax = waterfall(versions())
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["before", "number", "each", "after"]
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]  # type: ignore[attr-defined]
    assert bars == [pytest.approx((600, 325), abs=0.01), pytest.approx((925, 125), abs=0.01)]
    assert [text.get_text() for text in ax.texts] == ["600.0", "+325", "+125", "1050"]
    assert ax.get_xlabel().startswith("mean of cost [USD]\n")
    assert_not_cut(ax)
    words = "What each edit did to the mean of cost: number +325 USD, each +125 USD."
    assert waterfall_in_words(versions()) == words


def test_a_waterfall_of_another_quantity_statistic_and_of_few_edits() -> None:
    found = versions()
    p95 = waterfall(found, "cost", statistic="p95")
    assert p95.get_xlabel().startswith("p95 of cost")
    one = waterfall(found, "each")
    assert [label.get_text() for label in one.get_yticklabels()] == ["before", "each", "after"]
    few = waterfall(found, most=1)
    assert [text.get_text() for text in few.get_yticklabels()][2] == "1 more edit"
    assert few.patches[1].get_width() == pytest.approx(125, abs=0.01)  # type: ignore[attr-defined]


def test_refusals() -> None:
    found = versions()
    for draw, what in ((changes, "rows"), (waterfall, "edits")):
        with pytest.raises(UsageError, match=f"most is a number of {what}, not 0"):
            draw(found, most=0)
        with pytest.raises(UsageError, match="style='dark' is that of new axes"):
            draw(found, ax=new_axes(), style="dark")
    with pytest.raises(UsageError, match="no quantity 'cots' in both versions; did you mean"):
        waterfall(found, "cots")
    with pytest.raises(UsageError, match="the p7 of 'cost': it has not moved"):
        waterfall(found, statistic="p7")
    x = gm.normal(1, 2)
    nothing = gm.compare(gm.Model(x=x, y=2 * x), gm.Model(x=x, y=2 * x))
    with pytest.raises(UsageError, match="no mean moved from a value that is not 0"):
        changes(nothing)
    with pytest.raises(UsageError, match="no output moved, so there is nothing to attribute"):
        waterfall(nothing)

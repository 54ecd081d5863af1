"""The picture of a model: boxes, texts and arrows."""

from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch, PathPatch
from matplotlib.transforms import Bbox

import guessmodel as gm
from guessmodel.plots import graph, new_axes

MODELS = sorted((Path(__file__).parents[2] / "models").glob("[a-z]*.py"))


def boxes(ax: Axes) -> list[Bbox]:
    """Outlines of the nodes, in the order of the texts."""
    drawn = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    return [patch.get_path().get_extents() for patch in drawn[1::2]]


def texts(ax: Axes) -> list[Bbox]:
    """Where the texts really are, in the units of the axes."""
    canvas = FigureCanvasAgg(ax.get_figure(root=True))
    back = ax.transData.inverted()
    found = []
    for text in ax.texts:
        shown = text.get_window_extent(canvas.get_renderer())
        (x0, y0), (x1, y1) = back.transform([(shown.x0, shown.y0), (shown.x1, shown.y1)])
        found.append(Bbox([[x0, min(y0, y1)], [x1, max(y0, y1)]]))
    return found


def check(ax: Axes) -> None:
    """Nothing overlaps, texts lie in their boxes, boxes within the axes."""
    outlines = boxes(ax)
    assert len(outlines) == len(ax.texts)
    for first, second in combinations(outlines, 2):
        assert not first.overlaps(second)
    for outline, text in zip(outlines, texts(ax), strict=True):
        assert outline.x0 <= text.x0 and text.x1 <= outline.x1
        assert outline.y0 - 1 <= text.y0 and text.y1 <= outline.y1 + 1
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for outline in outlines:
        assert left <= outline.x0 and outline.x1 <= right
        assert top <= outline.y0 and outline.y1 <= bottom


@pytest.mark.parametrize("path", [p for p in MODELS if p.stem != "sources"], ids=lambda p: p.stem)
def test_the_shipped_models_are_readable(path: Path) -> None:
    check(graph(gm.Model.from_file(path)))


def test_a_wide_and_deep_model_is_readable() -> None:
    inputs = {f"input_{'x' * (i % 7)}_number_{i}": gm.normal(i, i + 1) for i in range(20)}
    parts = list(inputs.values())
    layers = {}
    for i in range(20):
        parts.append(parts[i] + parts[-1] * parts[(7 * i) % 20])
        layers[f"step_{i}"] = parts[-1]
    check(graph(gm.Model({**inputs, **layers})))


def test_given_axes_are_filled_with_smaller_letters() -> None:
    model = gm.Model.from_file(next(path for path in MODELS if path.stem == "inference_cost"))
    ax = new_axes(5, 4)
    assert graph(model, ax=ax) is ax
    check(ax)
    assert ax.texts[0].get_fontsize() < 6.0


def test_roles_differ_by_form_and_colour_and_are_explained() -> None:
    known, price = gm.constant(3), gm.normal(5, 8, "USD")
    total = known * price
    ax = graph(gm.Model(known=known, price=price, total=total, twice=2 * total))
    forms = {
        text.get_text(): len(patch.get_path().vertices)
        for text, patch in zip(
            ax.texts, [p for p in ax.patches if isinstance(p, PathPatch)][1::2], strict=True
        )
    }
    assert forms["known"] == 5 and forms["twice"] == 7
    outlines = [p for p in ax.patches if isinstance(p, PathPatch)][1::2]
    assert len({patch.get_edgecolor() for patch in outlines}) == 4
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "constant",
        "uncertain input",
        "derived",
        "output",
    ]


def test_arrows_lead_from_operand_to_user() -> None:
    price = gm.normal(5, 8, "USD")
    ax = graph(gm.Model(price=price, total=price * 12))
    (arrow,) = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    vertices = arrow._path_original.vertices  # type: ignore[attr-defined]
    start, end = boxes(ax)
    assert vertices[0, 0] == pytest.approx(start.x1)
    assert vertices[-1, 0] == pytest.approx(end.x0, abs=1.0)
    assert vertices[-1, 0] > vertices[-2, 0]  # the head points forward


def test_names_are_taken_literally_and_long_ones_take_two_lines() -> None:
    model = gm.Model(
        {"$x^2$<b>": gm.normal(1, 2), "tokens_per_node_and_working_day": gm.normal(1, 2)}
    )
    ax = graph(model)
    shown = {text.get_text() for text in ax.texts}
    assert shown == {"$x^2$<b>", "tokens_per_node_\nand_working_day"}
    assert not any(text.get_parse_math() for text in ax.texts)


def test_a_simulation_stands_for_its_model() -> None:
    simulation = gm.Model(a=gm.normal(1, 2)).sample(64)
    assert [text.get_text() for text in graph(simulation).texts] == ["a"]

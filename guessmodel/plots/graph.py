"""Picture of a model: its quantities from left to right, from what goes in to what comes out."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Patch, PathPatch
from matplotlib.path import Path

from guessmodel.errors import public
from guessmodel.model.model import Model
from guessmodel.plots.labels import clean, legend_above, text_width
from guessmodel.plots.layout import Layout, Place, layered
from guessmodel.plots.network import Network, Node, Role, network_of
from guessmodel.plots.style import (
    BLUE,
    GREEN,
    ORANGE,
    Margins,
    house,
    ink_of,
    new_axes,
    refuse_style,
)
from guessmodel.simulation import Simulation

__all__ = ["graph"]

# In points, which are the units of the axes where the figure is made to measure.
_FONT = 8.0
_LINE = 10.5
_PADDING = (7.0, 4.0)
_NOSE = 7.0
_ROW_GAP = 9.0
_COLUMN_GAP = 42.0
_APPROACH = 7.0  # of a straight piece before an arrow's head
_EDGE = 8.0  # around the whole
_WRAP = 20  # characters, from which on a name takes two lines
_LONGEST = 48


@final
@dataclass(frozen=True, slots=True)
class _Look:
    text: str
    color: str | None  # None: ink
    opacity: float
    line: float


_LOOKS: Final[dict[Role, _Look]] = {
    "constant": _Look("constant", None, 0.1, 0.8),
    "draw": _Look("uncertain input", ORANGE, 0.3, 1.0),
    "derived": _Look("derived", BLUE, 0.12, 1.0),
    "output": _Look("output", GREEN, 0.35, 1.8),
}


@final
@dataclass(frozen=True, slots=True)
class _Box:
    node: Node
    text: str
    x: float  # centre
    y: float
    width: float
    height: float


@public
def graph(
    model: Model | Simulation,
    *names: str,
    everything: bool = False,
    ax: Axes | None = None,
    style: str = "auto",
) -> Axes:
    """The named quantities of a model, and which is computed from which.

    Constants are rectangles, uncertain inputs are pills, derived quantities have rounded corners
    and outputs are hexagons; quantities of other files have dashed outlines. A figure of its own
    is as large as the names need; on axes that are given, the names are as large as fits.

    Parameters
    ----------
    model : a model, or the simulation of one
    names : these quantities and what they depend on; all by default
    everything : also what the quantities of other files depend on
    ax, style : as those of `density`

    Raises UsageError for an unknown name.

    >>> import guessmodel as gm
    >>> price = gm.normal(5, 8, "USD")
    >>> ax = graph(gm.Model(price=price, total=price * 12))
    >>> [text.get_text() for text in ax.texts]
    ['price', 'total']
    """
    refuse_style(ax, style)
    whole = model.model if isinstance(model, Simulation) else model
    content = network_of(whole, names, everything=everything)
    layout = layered(len(content.nodes), content.edges)
    boxes, columns = _arranged(content, layout)
    width = columns[-1][1] + _EDGE
    height = max(box.y + box.height / 2.0 for box in boxes) + _EDGE
    if ax is None:
        margins = Margins(left=0.0, right=0.0, bottom=0.0, top=0.32)
        wide = max(width, _narrowest(content)) / 72.0
        ax = new_axes(wide, height / 72.0 + margins.top, style, margins)
        width = 72.0 * wide
    with house(ink_of(ax)):
        scale = _fit(ax, width, height)
        for start, end, gaps in layout.edges:
            _connect(ax, boxes[start], boxes[end], gaps, columns, scale, _row(boxes))
        for box in boxes:
            _draw(ax, box, scale)
        legend_above(ax, *_key(ax, content))
    return ax


# --- places ---------------------------------------------------------------------------------------


def _arranged(content: Network, layout: Layout) -> tuple[list[_Box], list[tuple[float, float]]]:
    """Boxes in points, and the left and right edge of each column."""
    texts = [_wrapped(node.name) for node in content.nodes]
    sizes = [_size(text, node.role) for text, node in zip(texts, content.nodes, strict=True)]
    widths = [0.0] * layout.layers
    for (layer, _), (width, _) in zip(layout.nodes, sizes, strict=True):
        widths[layer] = max(widths[layer], width)
    columns = []
    x = _EDGE
    for width in widths:
        columns.append((x, x + width))
        x += width + _COLUMN_GAP
    row = max(height for _, height in sizes) + _ROW_GAP
    boxes = [
        _Box(node, text, sum(columns[layer]) / 2.0, _at(position, row), *size)
        for node, text, size, (layer, position) in zip(
            content.nodes, texts, sizes, layout.nodes, strict=True
        )
    ]
    return boxes, columns


def _row(boxes: Sequence[_Box]) -> float:
    return max(box.height for box in boxes) + _ROW_GAP


def _at(position: float, row: float) -> float:
    return _EDGE + row * (position + 0.5) - _ROW_GAP / 2.0


def _wrapped(name: str) -> str:
    """Two lines, broken near the middle after an underscore, point, bracket or space."""
    shown = clean(name, _LONGEST)
    if len(shown) <= _WRAP:
        return shown
    breaks = [i + 1 for i, c in enumerate(shown[:-1]) if c in "_. -/" or shown[i + 1] == "["]
    if not breaks:
        return shown
    middle = min(breaks, key=lambda i: abs(i - len(shown) / 2.0))
    return f"{shown[:middle]}\n{shown[middle:]}"


@functools.lru_cache(maxsize=4096)
def _size(text: str, role: Role) -> tuple[float, float]:
    lines = text.split("\n")
    width = max(text_width(line, _FONT) for line in lines) + 2.0 * _PADDING[0]
    return width + (_NOSE if role == "output" else 0.0), _LINE * len(lines) + 2.0 * _PADDING[1]


def _narrowest(content: Network) -> float:
    """Room for the legend."""
    texts = [_LOOKS[role].text for role in _roles(content)] + ["from another file"]
    return sum(text_width(text, 8.5) + 34.0 for text in texts) + 2.0 * _EDGE


def _fit(ax: Axes, width: float, height: float) -> float:
    """Set the limits; the size of a point of the layout in points of the page."""
    ax.set_xlim(0.0, width)
    ax.set_ylim(height, 0.0)
    ax.set_aspect("equal", anchor="N")
    ax.set_axis_off()
    figure = ax.get_figure(root=True)
    assert figure is not None
    box = ax.get_position(original=True)
    inches = figure.get_size_inches()
    return 72.0 * float(min(inches[0] * box.width / width, inches[1] * box.height / height))


# --- drawing --------------------------------------------------------------------------------------


def _draw(ax: Axes, box: _Box, scale: float) -> None:
    look = _LOOKS[box.node.role]
    color = look.color or ink_of(ax)
    outline = _outline(box)
    line = look.line * min(scale, 1.0)
    dashes = "-" if box.node.own else (0, (3.0, 1.6))
    ax.add_patch(PathPatch(outline, facecolor=color, alpha=look.opacity, lw=0))
    ax.add_patch(PathPatch(outline, facecolor="none", edgecolor=color, lw=line, ls=dashes))
    ax.text(
        box.x,
        box.y,
        box.text,
        ha="center",
        va="center",
        fontsize=_FONT * scale,
        linespacing=1.05,
        fontstyle="normal" if box.node.named else "italic",
        color=ink_of(ax),
        parse_math=False,
    )


def _outline(box: _Box) -> Path:
    """The shape that tells the role."""
    left, right = box.x - box.width / 2.0, box.x + box.width / 2.0
    top, bottom = box.y - box.height / 2.0, box.y + box.height / 2.0
    if box.node.role == "constant":
        return Path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
    if box.node.role == "output":
        points = [
            (left, box.y), (left + _NOSE, top), (right - _NOSE, top), (right, box.y),
            (right - _NOSE, bottom), (left + _NOSE, bottom), (left, box.y),
        ]  # fmt: skip
        return Path(points)
    radius = min(box.height / 2.0, 10.0) if box.node.role == "draw" else 3.5
    return _rounded(left, right, top, bottom, radius)


def _rounded(left: float, right: float, top: float, bottom: float, r: float) -> Path:
    points = [
        (left + r, top), (right - r, top), (right, top), (right, top + r), (right, bottom - r),
        (right, bottom), (right - r, bottom), (left + r, bottom), (left, bottom),
        (left, bottom - r), (left, top + r), (left, top), (left + r, top),
    ]  # fmt: skip
    line, curve = Path.LINETO, Path.CURVE3
    codes = [Path.MOVETO, *[line, curve, curve] * 4]
    return Path(points, codes)


def _connect(
    ax: Axes,
    start: _Box,
    end: _Box,
    gaps: Sequence[Place],
    columns: Sequence[tuple[float, float]],
    scale: float,
    row: float,
) -> None:
    """A curve from the right of one box, through the gaps, to the left of another."""
    here = next(i for i, (left, right) in enumerate(columns) if left <= start.x <= right)
    points = [(start.x + start.width / 2.0, start.y), (columns[here][1], start.y)]
    codes = [Path.MOVETO, Path.LINETO]

    def bend(to: tuple[float, float]) -> None:
        x, y = points[-1]
        middle = (x + to[0]) / 2.0
        points.extend([(middle, y), (middle, to[1]), to])
        codes.extend([Path.CURVE4] * 3)

    for layer, position in gaps:
        left, right = columns[layer]
        bend((left, _at(position, row)))
        points.append((right, _at(position, row)))
        codes.append(Path.LINETO)
    there = next(left for left, right in columns if left <= end.x <= right)
    bend((there - _APPROACH, end.y))
    points.append((end.x - end.width / 2.0 - 0.5, end.y))
    codes.append(Path.LINETO)
    ax.add_patch(
        FancyArrowPatch(
            path=Path(points, codes),
            arrowstyle="-|>,head_length=2.6,head_width=1.3",
            mutation_scale=min(scale, 1.0) * 1.4,
            color=ink_of(ax),
            fill=True,
            alpha=0.7,
            lw=0.7 * min(scale, 1.0),
            capstyle="butt",
            joinstyle="miter",
            zorder=0.9,
        )
    )


def _roles(content: Network) -> list[Role]:
    return [role for role in _LOOKS if content.named(role)]


def _key(ax: Axes, content: Network) -> tuple[list[Artist], list[str]]:
    handles: list[Artist] = []
    for role in _roles(content):
        look = _LOOKS[role]
        color = look.color or ink_of(ax)
        handles.append(Patch(facecolor=(color, look.opacity), edgecolor=color, lw=look.line))
    texts = [_LOOKS[role].text for role in _roles(content)]
    if not all(node.own for node in content.nodes):
        handles.append(Patch(facecolor="none", edgecolor=ink_of(ax), lw=1.0, ls=(0, (3.0, 1.6))))
        texts.append("from another file")
    return handles, texts

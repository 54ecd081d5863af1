"""Files of pictures: reproducible, complete, escaped."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.figure import Figure

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.plots import comparison, density, graph, save, scatter, svg
from guessmodel.plots.saving import _lean

EVIL = '<script>alert(1)</script> & "--> ]]> $x$'
SCRIPT = """
import guessmodel as gm

model = gm.Model(a=gm.lognormal(1, 100), b=gm.normal(1, 2) * gm.lognormal(1, 2, name="c"))
simulation = model.sample(1024)
density = gm.plots.density(simulation["b"])
for picture, name in (
    (density, "density.svg"),
    (density, "density.png"),
    (density, "density.pdf"),
    (gm.plots.scatter(simulation["a"], simulation["b"]), "scatter.svg"),
    (gm.plots.graph(model), "graph.svg"),
):
    gm.plots.save(picture, f"{folder}/{name}", alt="words")
"""
FIRST = "import sys, guessmodel; assert 'matplotlib' not in sys.modules"
LAST = "assert not {'matplotlib.pyplot', 'scipy.stats'} & {*sys.modules}"


@pytest.fixture(scope="module")
def cost() -> gm.Result:
    return (gm.lognormal(1, 100, "USD", name="cost") + gm.constant(1, "USD")).sample(1024)


def test_two_processes_write_the_same_bytes_and_load_no_more_than_they_need(
    tmp_path: Path,
) -> None:
    """matplotlib at the first picture, pyplot and scipy.stats never."""
    for folder in ("here", "elsewhere"):
        (tmp_path / folder).mkdir()
    script = "\n".join([FIRST, f"folder = {str(tmp_path / 'elsewhere')!r}", SCRIPT, LAST])
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    exec(SCRIPT, {"folder": str(tmp_path / "here")})
    files = sorted((tmp_path / "here").iterdir())
    assert len(files) == 5
    for file in files:
        assert file.read_bytes() == (tmp_path / "elsewhere" / file.name).read_bytes(), file.name


def test_saving_twice_and_other_settings_change_nothing(cost: gm.Result) -> None:
    picture = density(cost)
    first = svg(picture)
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "none", "axes.grid": True}):
        assert svg(density(cost)) == first
        assert svg(picture) == first


def test_settings_and_canvas_are_left_as_they_were(cost: gm.Result) -> None:
    before = dict(matplotlib.rcParams)
    ax = density(cost)
    canvas = ax.get_figure().canvas  # type: ignore[union-attr]
    svg(ax)
    assert dict(matplotlib.rcParams) == before
    assert ax.get_figure().canvas is canvas  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_the_suffix_decides(tmp_path: Path, cost: gm.Result, kind: str, start: bytes) -> None:
    path = tmp_path / f"picture.{kind}"
    assert save(density(cost), path) == path
    data = path.read_bytes()
    assert data.startswith(start)
    assert b"20" + b"26-" not in data and b"CreationDate" not in data
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_other_suffixes_are_refused(tmp_path: Path, cost: gm.Result) -> None:
    for name in ("picture.gif", "picture"):
        with pytest.raises(UsageError, match=r"pictures are \.svg, \.png or \.pdf"):
            save(density(cost), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_old_file(tmp_path: Path, cost: gm.Result) -> None:
    path = tmp_path / "picture.svg"
    path.write_text("old")
    picture = density(cost)

    def fail(*_: object) -> None:
        raise RuntimeError("no paper")

    picture.draw = fail  # type: ignore[method-assign, assignment]
    with pytest.raises(RuntimeError):
        save(picture, path)
    assert path.read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_names_cannot_leave_their_place(cost: gm.Result) -> None:
    """Texts are drawn as outlines; what is left of them is in comments and the title."""
    model = gm.Model({EVIL: gm.normal(1, 2), "other": gm.normal(1, 2)})
    simulation = model.sample(64)
    pictures = [
        density(simulation[EVIL]),
        comparison(*simulation.results()),
        graph(model),
        scatter(simulation[EVIL], simulation["other"]),
    ]
    for picture in pictures:
        text = svg(picture, alt=EVIL)
        root = ElementTree.fromstring(text)
        assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
        assert "<script" not in text
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None and title.text == EVIL


def test_ink_is_the_colour_of_the_page(cost: gm.Result) -> None:
    text = svg(density(cost), alt="words")
    assert "#767676" not in text.split(">", 1)[1]
    assert "fill: currentColor" in text and "stroke: currentColor" in text
    root = ElementTree.fromstring(text)
    assert root.get("color") == "#767676" and root.get("role") == "img"
    assert "currentColor" not in svg(density(cost, style="light"))


def test_several_pictures_share_no_identifiers(cost: gm.Result) -> None:
    """Neither defined nor used ones."""
    known = []
    for prefix in ("a-", "b-"):
        root = ElementTree.fromstring(svg(density(cost), ids=prefix))
        defined = {element.get("id") for element in root.iter() if element.get("id")}
        known.append(defined)
        assert all(str(name).startswith(prefix) for name in defined)
        for element in root.iter():
            used = element.get("{http://www.w3.org/1999/xlink}href")
            assert used is None or used.removeprefix("#") in defined
            clip = element.get("clip-path")
            assert clip is None or clip.removeprefix("url(#").removesuffix(")") in defined
    assert not known[0] & known[1]


def test_figures_of_others_can_be_saved(tmp_path: Path) -> None:
    figure = Figure()
    figure.add_subplot().plot([1, 2])
    assert save(figure, tmp_path / "x.svg").exists()


def test_numbers_of_places_are_rounded_and_not_cut() -> None:
    svg = '<g transform="translate(1.2389 -0.001) scale(0.1234)"><rect x="3.999" y="1e-05"/></g>'
    assert _lean(svg) == (
        '<g transform="translate(1.24 0) scale(0.1234)"><rect x="4" y="1e-05"/></g>'
    )

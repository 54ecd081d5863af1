"""Loading: which modules and names come out of a file, a folder, and of models with units."""

import sys
import types
from pathlib import Path

import pytest

from guessmodel import Model
from guessmodel.errors import GuessmodelError, ModelError, UnitError
from guessmodel.loading.load import find_models, imported, load, load_all

from .conftest import Write, refused

# --- what comes out -----------------------------------------------------------------------------


def test_modules_come_in_order_of_completion(project: Write) -> None:
    modules = load("ventures/twitter.py")
    assert [module.stem for module in modules] == ["inference_cost", "twitter"]
    assert [module.doc for module in modules] == ["What a node costs.", "Tweets."]
    assert [module.attached for module in modules] == [(), ("a claim",)]
    assert modules[-1].path == Path("ventures/twitter.py").resolve()


def test_names_belong_to_the_defining_module(project: Write) -> None:
    first, last = load("ventures/twitter.py")
    assert list(first.names) == ["node_price"]
    assert list(last.names) == ["nodes", "cost[twitter]", "cost[coding]"]
    assert first.names["node_price"].source == "Cottier, p. 3"


def test_text_under_a_name_describes_it(project: Write) -> None:
    first, last = load("ventures/twitter.py")
    assert first.docs == {"node_price": "Price of a node."}
    assert last.docs == {"nodes": "Nodes\nthat are rented."}


def test_prints_go_to_stderr(project: Write, capsys: pytest.CaptureFixture[str]) -> None:
    load("ventures/twitter.py")
    out, err = capsys.readouterr()
    assert (out, err) == ("", "inference\n")


def test_no_bytecode_is_written(project: Write, tmp_path: Path) -> None:
    load("ventures/twitter.py")
    assert not list(tmp_path.rglob("__pycache__"))


def test_an_edit_is_seen_at_once(write: Write) -> None:
    path = write("model.py", "import guessmodel as gm\na = gm.constant(1)\n")
    assert list(load(path)[0].names) == ["a"]
    write("model.py", "import guessmodel as gm\nb = gm.constant(1)\n")
    assert list(load(path)[0].names) == ["b"]


def test_a_lone_file_imports_its_siblings_from_any_directory(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("helper.py", "import guessmodel as gm\nrate = gm.constant(3, 'USD/day')\n")
    path = write("model.py", "from helper import rate\ndouble = 2 * rate\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert [list(module.names) for module in load(path)] == [["rate"], ["double"]]


def test_a_folder_without_init_can_be_imported_from(write: Write) -> None:
    write("helper/rates.py", "import guessmodel as gm\nrate = gm.constant(3)\n")
    path = write("model.py", "import helper.rates\ndouble = 2 * helper.rates.rate\n")
    assert [module.stem for module in load(path)] == ["rates", "model"]


@pytest.mark.parametrize("name", ["my-model.py", "model.v2.py", "statistics.py", "token.py"])
def test_a_lone_file_may_have_any_name(write: Write, name: str) -> None:
    before = sys.modules.get("statistics")
    path = write(name, "import guessmodel as gm\nprice = gm.constant(3)\n")
    assert load(path)[-1].stem == name.removesuffix(".py")
    assert sys.modules.get("statistics") is before


def test_a_package_file_has_the_name_of_its_folder(write: Write) -> None:
    path = write("ventures/__init__.py", "import guessmodel as gm\nprice = gm.constant(3)\n")
    assert load(path)[-1].stem == "ventures"


def test_the_process_keeps_its_own_copy(
    project: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = types.ModuleType("ventures")
    mine.__file__ = str(tmp_path / "ventures" / "__init__.py")
    child = types.ModuleType("ventures.inference_cost")
    monkeypatch.setitem(sys.modules, "ventures", mine)
    monkeypatch.setitem(sys.modules, "ventures.inference_cost", child)
    assert list(load("ventures/twitter.py")[0].names) == ["node_price"]
    assert sys.modules["ventures"] is mine
    assert sys.modules["ventures.inference_cost"] is child


def test_modules_outside_the_root_stay(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("library/far_away.py", "value = 7\n")
    path = write(
        "here/model.py",
        "import far_away\nimport guessmodel as gm\na = gm.constant(far_away.value)\n",
    )
    monkeypatch.syspath_prepend(str(tmp_path / "library"))
    load(path)
    assert sys.modules.pop("far_away").value == 7


def test_a_model_may_load_another(write: Write) -> None:
    write("other/helper.py", "import guessmodel as gm\nrate = gm.constant(3)\n")
    write("other/inner.py", "from helper import rate\nr = rate * 2\n")
    write("helper.py", "import guessmodel as gm\nrate = gm.constant(5)\n")
    path = write(
        "model.py",
        """
        from helper import rate
        import guessmodel as gm
        inner = gm.Model.from_file("other/inner.py")
        from helper import rate as again
        assert rate is again
        total = rate + inner.quantities["rate"]
        """,
    )
    assert [list(module.names) for module in load(path)] == [["rate"], ["total"]]


def test_sys_path_is_restored(write: Write) -> None:
    write("deep/down/helper.py", "import guessmodel as gm\nrate = gm.constant(3)\n")
    path = write(
        "model.py",
        """
        import sys
        import guessmodel as gm
        sys.path.insert(0, "deep/down")
        total = gm.constant(2)
        """,
    )
    before = list(sys.path)
    load(path)
    assert sys.path == before


def test_a_file_that_only_joins_others_is_a_model(project: Write) -> None:
    path = project("ventures/join.py", "from ventures.twitter import cost\n")
    assert [module.stem for module in load(path)] == ["inference_cost", "twitter", "join"]
    assert Model.from_file(path).quantities


def test_an_imported_module_gives_the_same(
    project: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import importlib

    module = importlib.import_module("ventures.twitter")
    try:
        found = imported(module)
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "ventures"]:
            del sys.modules[name]
    expected = load("ventures/twitter.py")
    assert [m.stem for m in found] == [m.stem for m in expected]
    assert [list(m.names) for m in found] == [list(m.names) for m in expected]
    assert [m.docs for m in found] == [m.docs for m in expected]


def test_a_module_without_a_file_is_refused() -> None:
    with pytest.raises(ModelError, match=r"the module made has no source file; write gm\.Model"):
        imported(types.ModuleType("made"))
    compiled = types.ModuleType("compiled")
    compiled.__file__ = "/usr/lib/compiled.so"
    with pytest.raises(
        ModelError, match=r"the module compiled has no source file; write gm\.Model"
    ):
        imported(compiled)
    with pytest.raises(
        ModelError, match=r"'model' is not a module; write Model\.from_file\(path\)"
    ):
        imported("model")  # type: ignore[arg-type]


# --- folders ------------------------------------------------------------------------------------


def test_folders_give_their_models_and_skip_the_rest(
    project: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project("ventures/join.py", "from ventures.twitter import cost\nboth = cost['twitter'] * 2\n")
    for place in (".hidden", "__pycache__", "venv", "build"):
        project(f"ventures/{place}/model.py", "import guessmodel as gm\nx = gm.constant(1)\n")
    project("ventures/venv/pyvenv.cfg")
    project("ventures/script.py", "raise RuntimeError('not to be run')\n")
    project("ventures/test_twitter.py", "from ventures.twitter import cost\nassert False\n")
    names = [str(path.relative_to(tmp_path)) for path in find_models([tmp_path])]
    assert names == ["ventures/inference_cost.py", "ventures/join.py", "ventures/twitter.py"]
    assert capsys.readouterr() == ("", "")


def test_a_file_is_found_once(project: Write) -> None:
    assert len(find_models(["ventures", "ventures/twitter.py", "./ventures"])) == 2


def test_a_file_that_is_named_must_be_a_model(project: Write) -> None:
    found = find_models(["ventures/sources.py"])
    assert "holds no quantities" in refused(found[0])


def test_models_of_a_folder_are_run_once(
    project: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    project("ventures/noisy.py", "import guessmodel as gm\nprint('run')\nx = gm.constant(1)\n")
    loaded = load_all(["ventures", "ventures/noisy.py", "./ventures"])
    assert capsys.readouterr().err.splitlines().count("run") == 1
    assert [modules[-1].path for modules in loaded] == find_models(["ventures"])
    for modules in loaded:
        assert [m.path for m in modules] == [m.path for m in load(modules[-1].path)]
    with pytest.raises(ModelError, match="holds no quantities"):
        load_all(["ventures/sources.py"])
    project("empty/x.py", "x = 1\n")
    with pytest.raises(ModelError, match="no model in empty"):
        load_all(["empty"])


def test_a_folder_without_models(write: Write) -> None:
    write("empty/x.py", "x = 1\n")
    with pytest.raises(ModelError, match="no model in empty: none of its Python files"):
        find_models(["empty"])
    with pytest.raises(ModelError, match="there is no file nowhere"):
        find_models(["nowhere"])


def test_a_broken_file_in_a_folder_is_an_error(project: Write) -> None:
    project("ventures/broken.py", "import guessmodel as gm\nx = gm.\n")
    with pytest.raises(ModelError, match=r"ventures/broken.py:2: syntax error: invalid syntax"):
        find_models(["ventures"])
    project("ventures/broken.py", "import guessmodel as gm\nx = gm.constant(1) / None\n")
    with pytest.raises(GuessmodelError, match=r"ventures/broken.py:2: "):
        find_models(["ventures"])


def test_a_package_is_called_like_its_folder_everywhere(write: Write) -> None:
    path = write("ventures/__init__.py", "import guessmodel as gm\nprice = gm.constant(3)\n")
    model = Model.from_file(path)
    assert model.title == "ventures"
    assert model.find("ventures.price") == "price"


# --- units that models add ------------------------------------------------------------------------

_X = "x = gm.normal(1, 2)\n"
_ADDS = """
import guessmodel as gm
gm.unit("loadstone")
gm.unit("loadcart", equals="12 loadstone")
weight = gm.normal(1, 2, "loadstones")
"""


def test_a_unit_of_one_model_is_unknown_to_the_next(write: Write) -> None:
    write("a.py", _ADDS)
    write("b.py", 'import guessmodel as gm\nweight = gm.normal(1, 2, "loadstone/day")\n')
    for _ in range(2):
        with pytest.raises(
            UnitError, match=r"^b.py:2: unknown unit 'loadstone'; .* adds a new noun"
        ):
            load_all(["a.py", "b.py"])
        with pytest.raises(UnitError, match=r"^b.py:2: unknown unit 'loadstone'(?!.*'loadcart')"):
            load("b.py")


def test_importers_know_a_models_units_and_others_may_add_the_same(write: Write) -> None:
    write("a.py", _ADDS)
    write("b.py", 'from a import weight\nload = (3 * weight).to("loadcart")\n')
    write(
        "c.py", 'import guessmodel as gm\ngm.unit("loadstone")\nx = gm.normal(1, 2, "loadstone")\n'
    )
    assert len(load_all(["a.py", "b.py", "c.py"])) == 3


def test_the_units_of_loaded_models_go_on_working(write: Write) -> None:
    write("a.py", _ADDS)
    write("c.py", "import guessmodel as gm\nx = gm.normal(1, 2)\n")
    model = Model.from_file("a.py")
    Model.from_file("c.py")
    assert str(model.quantities["weight"].to("loadcart").unit) == "loadcart"
    assert str(model.with_(weight="3 to 4 loadcarts").quantities["weight"].unit) == "loadstone"


def test_models_may_mean_different_units_by_a_word(write: Write) -> None:
    """Two versions of a model do; each is loaded as if it were alone."""
    for name, kilograms in (("a", 5), ("b", 6)):
        unit = f'import guessmodel as gm\ngm.unit("loadbag", "{kilograms} kg")\n'
        write(f"{name}.py", f'{unit}x = gm.constant("2 loadbags")\n')
    first, second = (Model.from_file(name).quantities["x"] for name in ("a.py", "b.py"))
    again = Model.from_file("b.py").quantities["x"]
    assert str(first.unit) == str(second.unit) == "loadbag"
    for x, total in ((first, 10.0), (second, 12.0), (again, 12.0)):
        assert x.to("kg").sample(8).mean().value == pytest.approx(total)
    assert (first / second).sample(8).mean().value == pytest.approx(10.0 / 12.0)
    assert second.unit == again.unit != first.unit
    for use in (lambda: Model.from_file("b.py").with_(x="3 loadbag"), lambda: first.to("loadbag")):
        with pytest.raises(UnitError, match="'loadbag' means different units"):
            use()


def test_a_second_meaning_is_that_of_its_model_alone(write: Write) -> None:
    for name, kilograms in (("a", 5), ("b", 6)):
        write(f"{name}.py", f'import guessmodel as gm\ngm.unit("loadbox", "{kilograms} kg")\n{_X}')
        Model.from_file(f"{name}.py")
    write("c.py", f'{_ADDS}boxes = gm.constant(2, "loadbox")\n')
    with pytest.raises(UnitError, match="unknown unit 'loadbox'"):
        Model.from_file("c.py")
    twice = "".join(f'gm.unit("loadbox", "{size} kg")\n' for size in (6, 7))
    write("d.py", f"import guessmodel as gm\n{twice}{_X}")
    with pytest.raises(UnitError, match=r"d.py:3: 'loadbox' is already another unit; choose"):
        Model.from_file("d.py")


def test_units_of_installed_packages_and_of_the_process_stay(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from guessmodel.units import define

    define("processnoun")
    write("installed/nouns_of_all.py", 'import guessmodel as gm\ngm.unit("packagenoun")\n')
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    text = """
        import guessmodel as gm
        import nouns_of_all
        x = gm.normal(1, 2, "packagenoun/processnoun")
    """
    write("a.py", text)
    write("b.py", text)
    assert len(load_all(["a.py", "b.py"])) == 2


def test_another_checkout_of_the_library_gives_way_to_the_one_that_runs(tmp_path: Path) -> None:
    package = tmp_path / "guessmodel"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('another version')\n")
    (package / "py.typed").touch()
    model = tmp_path / "plan.py"
    model.write_text("import guessmodel as gm\ncost = gm.normal(1, 2)\n")
    assert list(load(model)[-1].names) == ["cost"]

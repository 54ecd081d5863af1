"""guessmodel import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from guessmodel.cli.main import main

DATA = Path(__file__).parents[1] / "interop" / "data"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Bakery 2019.json"
    path.write_bytes((DATA / "bakery_space.json").read_bytes())
    return path


def failed(capsys: Capture, *words: str) -> str:
    assert main(["import", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_a_file_is_written_shown_and_runs(file: Path, capsys: Capture) -> None:
    assert main(["import", str(file)]) == 0
    out, err = capsys.readouterr()
    target = file.with_name("bakery_2019.py")
    head, *rest = out.splitlines()
    assert head == f"{file}: 8 cells imported to {target}; now: guessmodel run {target}"
    assert "  Margin (MA): 3 of 10 is beta(2 × 3, 2 × (10 - 3)) in Guesstimate, and here" in rest
    assert any(
        line.startswith("Sheet by Guesstimate's rules (16 times 2,000 draws)") for line in rest
    )
    assert rest[-1] == "all 8 agree within their errors"
    assert err == ""
    assert main(["run", str(target)]) == 0


def test_a_file_is_never_overwritten(file: Path, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "there.py"
    target.write_text("x = 1\n")
    assert f"{target} exists already; choose another name with -o" in failed(
        capsys, str(file), "-o", str(target)
    )
    assert target.read_text() == "x = 1\n"
    assert main(["import", str(file), "-o", str(tmp_path / "other.py")]) == 0


@pytest.mark.parametrize("name", ["model.txt", "2019.py", "a-b.py"])
def test_a_target_that_is_no_model_file(name: str, file: Path, capsys: Capture) -> None:
    assert f"{name} is no name of a model file; write one such as -o model.py" in failed(
        capsys, str(file), "-o", name
    )


def test_all_refused_cells_are_listed_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: Capture
) -> None:
    texts = ["5k", "=foo(1)", "=2 +", "=A3", "=normal(1, -1)", "5 to 10"]
    metrics = [{"id": f"A{i}", "readableId": f"A{i}", "name": f"c{i}"} for i in range(6)]
    values = [{"metric": f"A{i}", "expression": text} for i, text in enumerate(texts)]
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps({"metrics": metrics, "guesstimates": values}))
    assert failed(capsys, str(file)) == (
        f"error: {file}: wrong: 5 cells cannot be imported; nothing was written\n"
        "  c0 (A0), column 1: Guesstimate reads nothing in this: Guesstimate has K, M, B and T in "
        "capitals only; write 5K\n"
        "    5k\n"
        "    ^\n"
        "  c1 (A1), column 2: there is no function 'foo'; did you mean 'floor'?\n"
        "    =foo(1)\n"
        "     ^\n"
        "  c2 (A2), column 5: the formula ends too soon\n"
        "    =2 +\n"
        "        ^\n"
        "  c3 (A3), column 1: the cells depend on each other: c3 (A3) → c3 (A3)\n"
        "    =A3\n"
        "    ^\n"
        "  c4 (A4), column 2: normal: sd is -1; it must be above 0\n"
        "    =normal(1, -1)\n"
        "     ^\n"
    )
    assert list(tmp_path.iterdir()) == [file]


def test_json_and_faithful(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "s.json"
    graph = {
        "metrics": [{"id": "a", "name": "a"}],
        "guesstimates": [{"metric": "a", "expression": "1,000,000"}],
    }
    file.write_text(json.dumps({"name": "S", "graph": graph}))
    assert main(["import", str(file), "--json", "-o", str(tmp_path / "one.py")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == str(tmp_path / "one.py") and document["cells"] == 1
    assert document["remarks"][0]["text"].startswith("1,000,000 is 1,000,000 here")
    assert document["equality"]["holds"] is False
    words = [str(file), "--faithful", "--proof", "-o", str(tmp_path / "two.py")]
    assert main(["import", *words]) == 0
    assert capsys.readouterr().out.endswith("all 1 agree within their errors\n")
    assert "Sheet by Guesstimate's rules" in (tmp_path / "two.py").read_text()


def test_facts(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "s.json"
    graph = {
        "metrics": [{"id": "a", "name": "tuners"}],
        "guesstimates": [{"metric": "a", "expression": "=@Chicago.population / 10000"}],
    }
    file.write_text(json.dumps(graph))
    assert "--fact 'NAME=VALUE'" in failed(capsys, str(file))
    assert "write 'name=value'" in failed(capsys, str(file), "--fact", "2.7M")
    words = ["--fact", "Chicago.population=2.7M"]
    assert "is given twice" in failed(capsys, str(file), *words, *words)
    assert main(["import", str(file), *words]) == 0
    text = file.with_suffix(".py").read_text()
    assert "chicago_population = gm.constant(2_700_000)" in text
    assert "tuners = chicago_population / 10_000" in text


def test_what_is_no_sheet_is_an_error_of_one_line(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "s.json"
    for content, message in ((b"{", "this is no JSON"), (b"[]", "no sheet of Guesstimate's")):
        file.write_bytes(content)
        err = failed(capsys, str(file))
        assert message in err and err.startswith(f"error: {file}: ") and err.count("\n") == 1
    assert "No such file" in failed(capsys, str(tmp_path / "gone.json"))
    file.write_bytes(b" " * 10_000_001)
    assert "has 10,000,001 bytes; files of up to 10,000,000" in failed(capsys, str(file))


def test_lark_is_imported_by_this_command_alone(tmp_path: Path) -> None:
    code = (
        "import sys, guessmodel.cli.main as m\n"
        "m.main(['run', 'models/twitter.py', 'nodes'])\n"
        "assert 'lark' not in sys.modules and 'guessmodel.interop' not in sys.modules\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr


# --- scripts of Squiggle's ----------------------------------------------------------------------

SCRIPT = "cost = 5 to 10\nplot = Plot.dist(cost)\nf(x) = x * cost\ntwice = 2 * cost\n"


@pytest.mark.parametrize("name", ["Trip plan.squiggle", "trip_plan.txt", "trip_plan"])
def test_a_script_is_told_by_its_name_or_because_it_is_no_json(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    file, target = tmp_path / name, tmp_path / "trip_plan.py"
    file.write_text(SCRIPT)
    assert main(["import", str(file)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{file}: 2 quantities imported to {target}; now: guessmodel run {target}",
        "  functions that nothing calls, as functions of Python: f",
        "  only shown, left out: Plot.dist",
    ]
    assert err == ""
    assert main(["run", str(target)]) == 0


def test_a_sheet_is_told_by_its_content(file: Path, tmp_path: Path, capsys: Capture) -> None:
    other = tmp_path / "sheet.txt"
    other.write_bytes(file.read_bytes())
    assert main(["import", str(other)]) == 0
    assert "8 cells imported" in capsys.readouterr().out


def test_a_script_as_json(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "trip.squiggle"
    file.write_text(SCRIPT)
    assert main(["import", str(file), "--json", "-o", str(tmp_path / "it.py")]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(tmp_path / "it.py"),
        "quantities": 2,
        "functions": ["f"],
        "unused": [],
        "shown": {"Plot.dist": 1},
        "worked_with": [],
        "remarks": {},
    }


def test_all_refused_statements_are_listed_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "wrong.squiggle"
    file.write_text("a = sample(5 to 10)\nb = a + 1\nc = normal(1)\nd = 10 to 5\ne = nope(3)\n")
    assert failed(capsys, str(file)) == (
        f"error: {file}: 4 statements cannot be imported; nothing was written\n"
        "  line 1, column 5: sample: single samples change with each run; use the distribution "
        "itself\n"
        "  line 3, column 5: normal takes (Distribution|Number, Distribution|Number) or "
        "({p5, p95}) or ({p10, p90}) or ({p25, p75}), and not (Number)\n"
        "  line 4, column 8: the low value 10 is not below the high value 5\n"
        "  line 5, column 5: 'nope' is not defined\n"
    )
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("option", [["--faithful"], ["--proof"], ["--fact", "a=3"]])
def test_options_of_sheets_are_refused_for_scripts(
    option: list[str], tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "trip.squiggle"
    file.write_text(SCRIPT)
    assert f"{option[0]} is for Guesstimate's sheets, and {file} is a script" in failed(
        capsys, str(file), *option
    )


def test_a_script_that_is_not_there(tmp_path: Path, capsys: Capture) -> None:
    assert "No such file" in failed(capsys, str(tmp_path / "trip.squiggle"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("demand.SIPmath", "reads its distributions by gm.from_sipmath"),
        ("costs.xlsx", "its named cells by gm.from_xlsx, and its tables by gm.table"),
        ("rates.csv", "by gm.empirical, as draws, or by gm.table, as constants"),
        ("fit.nc", "reads its draws by gm.from_arviz"),
        ("draws.parquet", "reads it by gm.empirical"),
    ],
)
def test_data_are_read_by_a_model_file(name: str, told: str, capsys: Capture) -> None:
    assert f"{name} is no model: a model file" in (err := failed(capsys, name)) and told in err


def test_what_has_been_a_model_all_along_or_is_a_folder(tmp_path: Path, capsys: Capture) -> None:
    assert "guessmodel run mine.py" in failed(capsys, "mine.py")
    assert f"{tmp_path} is a folder; name a file" in failed(capsys, str(tmp_path))

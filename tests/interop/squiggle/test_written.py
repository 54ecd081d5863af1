"""The file that is written runs, means what the script means, and is formatted."""

import ast
import math
import subprocess
import sys
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.cli.main import main
from guessmodel.interop.squiggle.importing import import_script
from guessmodel.interop.squiggle.script import read_script
from guessmodel.interop.squiggle.values import Dist, Num
from guessmodel.interop.squiggle.writer import written

FOLDER = Path(__file__).parents[1] / "data" / "squiggle"
SCRIPTS = sorted(path.name for path in FOLDER.glob("*.squiggle"))


def text_of(script: str) -> str:
    found = read_script(script, lambda name: "")
    assert found.refusals == []
    return written("It.", found.assignments, found.functions, found.headlines)


def body_of(script: str) -> str:
    return text_of(script).partition("import guessmodel as gm\n")[2].strip("\n")


def test_a_branch_that_is_decided_is_told(tmp_path: Path) -> None:
    told = "an if over constants was decided: only the branch that it took is here"
    script = tmp_path / "it.squiggle"
    script.write_text("rich = 3 > 2\nprice = if rich then 5 to 10 else 1 to 2\nx = 1 > 2 ? 1 : 3\n")
    made = import_script(script)
    assert "gm.lognormal(5, 10)" in made.text and "gm.lognormal(1, 2)" not in made.text
    assert made.lines()[-1] == f"{told} (2 times)"
    assert made.to_dict()["remarks"] == {told: 2}
    script.write_text("d = 1 to 9\nx = SampleSet.map(d, {|v| v > 2 ? v : 0})\n")
    assert import_script(script).remarks == {}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name in SCRIPTS:
        (folder / f"{Path(name).stem}_.py").write_text(import_script(FOLDER / name).text)
    return folder


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_file_has_the_distributions_of_the_script(files: Path, name: str) -> None:
    """Medians of the model, and of the quantities that the script's values are."""
    script = read_script((FOLDER / name).read_text(), lambda file: (FOLDER / file).read_text())
    model = gm.Model.from_file(files / f"{Path(name).stem}_.py")
    simulation = model.sample(2**12)
    names = set(model.entries)
    wanted = {
        key: value.node.quantity + 0
        for key, value in script.values.items()
        if isinstance(value, Num | Dist) and key in names
    }
    if not wanted:
        assert name in ("common.squiggle",)
        return
    direct = gm.Model(**wanted).sample(2**12)
    for key in wanted:
        ours, theirs = simulation[key].median(), direct[key].median()
        spread = simulation[key].quantile(0.75).value - simulation[key].quantile(0.25).value
        assert abs(ours.value - theirs.value) <= 3 * (ours.error + theirs.error) + 0.02 * spread


def test_files_pass_check(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(files)]) == 0
    assert "error" not in capsys.readouterr().err


def test_files_are_formatted_and_linted(files: Path) -> None:
    pytest.importorskip("ruff")
    for words in (["format", "--diff"], ["check", "--select", "E,F,W,I,B,UP,N"]):
        command = [sys.executable, "-m", "ruff", *words, "--isolated", "--no-cache", str(files)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_typed(files: Path) -> None:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", *map(str, sorted(files.glob("*.py")))]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stdout


# --- how it is written --------------------------------------------------------------------------


def test_names_are_those_of_the_script_in_snake_case() -> None:
    assert body_of("costPerUser = 3 to 8\nx1 = costPerUser * 2\nclass = x1 + 1") == (
        "cost_per_user = gm.lognormal(3, 8)\nx1 = cost_per_user * 2\nclass_ = x1 + 1"
    )


def test_what_is_used_twice_has_a_name() -> None:
    """Two texts would be two draws."""
    body = body_of("f(x) = x * x\ny = f(1 to 2)")
    assert body == "y_x = gm.lognormal(1, 2)\ny = y_x * y_x"
    model = gm.Model.from_file  # the same in numbers: a square of one draw
    assert model is not None


def test_local_names_are_written_where_they_are_needed() -> None:
    body = body_of("y = { inner = 1 to 2; once = 3; inner * once + inner }")
    assert body == "y_inner = gm.lognormal(1, 2)\ny = y_inner * 3 + y_inner"


def test_a_name_that_is_bound_twice() -> None:
    body = body_of("x = 1 to 2\nx = x + 1\ny = x")
    assert body == "x_before = gm.lognormal(1, 2)\nx = x_before + 1\ny = x"


def test_numbers_keep_their_arithmetic_while_it_is_short() -> None:
    assert body_of("x = 60 * 60 * 24") == "x = gm.constant(60 * 60 * 24)"
    assert body_of("x = 1 + 1 + 1 + 1 + 1 + 1") == "x = gm.constant(6)"
    assert body_of("x = 2 ^ 0.5 ^ 2") == "x = gm.constant(2**0.5**2)"
    assert body_of("x = (2 ^ 0.5) ^ 2") == "x = gm.constant((2**0.5) ** 2)"
    assert body_of("x = -(1 + 2) - -3") == "x = gm.constant(-(1 + 2) - -3)"
    assert body_of("x = 10 ^ 10 ^ 2") == "x = gm.constant(1e100)"
    assert (
        body_of("x = 3 + 2 / log(0)") == "x = gm.constant(3 + 0)"
    )  # -Infinity has no place in a file


def test_brackets_only_where_they_are_needed() -> None:
    begin = "a = 1 to 2\nb = 3 to 4\nc = 5 to 6\n"
    for script, text in (
        ("a * b + c", "a * b + c"),
        ("a * (b + c)", "a * (b + c)"),
        ("a - (b - c)", "a - (b - c)"),
        ("a - b - c", "a - b - c"),
        ("a / (b * c)", "a / (b * c)"),
        ("(a ^ b) ^ c", "(a**b) ** c"),
        ("a ^ b ^ c", "a**b**c"),
        ("-a ^ 2", "(-a) ** 2"),  # the sign binds more tightly there
        ("-(a ^ 2)", "-(a**2)"),
        ("-a * b", "-a * b"),
        ("-(a + b)", "-(a + b)"),
        ("a ^ (b + 1)", "a ** (b + 1)"),
    ):
        text_ = body_of(f"{begin}x = {script}").splitlines()[-1].removeprefix("x = ")
        assert text_ == text
        tree = ast.unparse(ast.parse(text_))
        assert tree.replace(" ", "") == text.replace(" ", "") or script == "-(a ^ 2)"


def test_dicts_and_lists_are_taken_apart() -> None:
    script = '// Costs\nd = { staff: { n: 3, pay: 1 to 2 }, "per month": 4 to 5, note: "x" }'
    assert body_of(f"{script}\nxs = [1 to 2, 3]\nys = [1, 2]").splitlines() == [
        "# Costs",
        "d_staff_n = gm.constant(3)",
        "",
        "d_staff_pay = gm.lognormal(1, 2)",
        "d_per_month = gm.lognormal(4, 5)",
        "xs_0 = gm.lognormal(1, 2)",
        "xs_1 = gm.constant(3)",
    ]


def test_lists_of_dicts_with_names() -> None:
    script = 'ts = [{ name: "Design it", days: 1 to 2 }, { name: "build", days: 3 to 4 }]'
    assert body_of(script).splitlines() == [
        "ts_design_it_days = gm.lognormal(1, 2)",
        "ts_build_days = gm.lognormal(3, 4)",
    ]
    assert "ts_0_days = " in body_of(script.replace("build", "Design-it"))
    assert "ts_0_days = " in body_of(script.replace('"build"', "3"))


def test_functions_that_nothing_calls() -> None:
    script = """
rate = 1 to 2
// Over time
@doc("What is left")
f(t: [0, 5], scale) = { x = rate * t; y = 3 to 4; if t > 2 then x * y * y else scale }
g(t) = { low: t / 2, high: t * 2 }
"""
    assert body_of(script) == (
        "rate = gm.lognormal(1, 2)\n\n\n"
        "# Over time\n"
        "def f(t: gm.Quantity, scale: gm.Quantity) -> gm.Quantity:\n"
        '    """What is left"""\n'
        "    y = gm.lognormal(3, 4)\n"
        "    return gm.where(t > 2, rate * t * y * y, scale)\n\n\n"
        "def g(t: gm.Quantity) -> dict[str, gm.Quantity]:\n"
        "    return {\n"
        '        "low": t / 2,\n'
        '        "high": t * 2,\n'
        "    }"
    )


def test_statistics_say_how_they_were_had() -> None:
    body = body_of("a = 2 to 5\nb = a * normal(3, 1)\nx = mean(a)\ny = b / mean(b + 1)")
    assert "# the mean of a: exact\nx = gm.constant(3." in body
    assert "# the mean of b + 1: ± " in body


def test_a_mean_that_does_not_exist_is_that_of_draws() -> None:
    """As the engine's is, of a ratio to what may be 0."""
    body = body_of("x = 1 / normal(5, 2)\ny = mean(x)")
    assert "# the mean of x: of 16,384 draws; the mean does not exist\ny = gm.constant(" in body


def test_comments_above_and_beside() -> None:
    body = body_of("// above\n//// ----\nx = 1 to 2 // beside\n\n/* two\n * lines */\ny = x + 1")
    assert body == "# above\n# beside\nx = gm.lognormal(1, 2)\n\n# two\n# lines\ny = x + 1"
    inside = "d = { // costs\n  // in USD\n  a: 1 to 2, // a month\n  b: 3 to 4 // a year\n"
    assert body_of(f"{inside}}} // lost\nx = 5").splitlines() == [
        *("# costs", "# in USD", "# a month", "d_a = gm.lognormal(1, 2)", ""),
        *("# a year", "d_b = gm.lognormal(3, 4)", "", "x = gm.constant(5)"),
    ]
    assert body_of("f(x) = {\n  // in f\n  x * 2\n}\ny = f(1 to 2)") == (
        "y_x = gm.lognormal(1, 2)\ny = y_x * 2"
    )


def test_the_last_value_is_what_the_script_is_about() -> None:
    assert body_of("x = 1 to 2\nx") == "x = gm.lognormal(1, 2)\n\ngm.headline(x)"
    assert body_of("x = 1 to 2\n{x, y: 2 * x, n: 3, again: x}") == (
        "x = gm.lognormal(1, 2)\nresult_y = 2 * x\nresult_n = gm.constant(3)\n\n"
        "gm.headline(x)\ngm.headline(result_y)"
    )
    last = body_of("x = 1 to 2\nmean(x)").splitlines()[-1]
    sigma = math.log(2) / 2 / 1.6448536269514722  # the normal's quantile 0.95
    exact = math.exp(math.log(2) / 2 + sigma**2 / 2)
    assert abs(float(last.removeprefix("result = gm.constant(")[:-1]) - exact) < 1e-8


def test_shapes_are_drawn_anew() -> None:
    body = body_of("y = Sym.normal(5, 2)\nz = y + y\nw = z - y")
    assert body == (
        "y = gm.normal(mean=5, sd=2)\n\n"
        "z_y = gm.normal(mean=5, sd=2)\nz = y + z_y\n\n"
        "w_y = gm.normal(mean=5, sd=2)\nw = z - w_y"
    )


def test_weights_are_proportions() -> None:
    # Squiggle divides weights by their sum; named ones keep their names.
    text = "p = 0.7\nq = 0.2\na = mx(1, 10, [0.7, 0.2])\nb = mx(1, 10, [p, q])\n"
    text += "f(x) = mx(1, 10, [x, 0.2])\nc = f(p)\nd = f(0.8)\ne = f(0.5)"
    body = body_of(text)
    assert "a = gm.mixture([1, 10], [7, 2])" in body
    assert "b = gm.mixture([1, 10], [p, q])" in body
    assert "c = gm.mixture([1, 10], [p, 0.2])" in body
    assert "d = gm.mixture([1, 10], [0.8, 0.2])" in body
    assert "e = gm.mixture([1, 10], [5, 2])" in body
    names: dict[str, gm.Quantity] = {}
    exec(compile("import guessmodel as gm\n" + body, "model.py", "exec"), names)
    means = {name: names[name].sample(64).mean().value for name in "abcde"}
    # 1 + 9 times the share of 10: 2 of 9, 0.2, and 2 of 7.
    assert means == pytest.approx({"a": 3.0, "b": 3.0, "c": 3.0, "d": 2.8, "e": 1 + 18 / 7})


def test_long_lines_are_laid_out() -> None:
    parts = ", ".join(f"normal({i}000, {i}00)" for i in range(1, 7))
    body = body_of(f"x = mx({parts.rsplit(', normal', 1)[0]}, [1, 2, 3, 4, 5])")
    assert max(map(len, body.splitlines())) <= 88
    assert body.startswith("x = gm.mixture(\n    [\n        gm.normal(mean=1000, sd=100),\n")

"""The pytest plugin, run by a pytest of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

MODEL = """
import guessmodel as gm
nodes = gm.constant(3, source="the source")
price = gm.lognormal(5, 10, "USD/hour", source="inferred: from the price list")
cost = (gm.ceil(nodes * price / gm.constant(1, "USD/hour")) * gm.constant(1, "USD/hour"))
print("loaded")
gm.claim(nodes, mean="3", median="3")
gm.claim(cost, mean="22 USD/hour", guesstimate_interval="16 to 29 USD/hour", source="table 2")
gm.claim(cost, mean="30 USD/hour", expected="falls short", note="an old price")
"""
HELPER = "import guessmodel\nNOTE = 'no quantities here'\n"


@pytest.fixture(autouse=True)
def in_folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # with the plugin installed or not
    monkeypatch.setenv("COLUMNS", "200")
    for folder in ("models", "tests"):
        (pytester.path / folder).mkdir()
    Path("models/example.py").write_text(MODEL)
    Path("models/helper.py").write_text(HELPER)
    Path("tests/test_own.py").write_text("def test_own():\n    pass\n")


def run(pytester: pytest.Pytester, *words: str) -> tuple[int, str]:
    plugin = ("-p", "guessmodel.testing.pytest_plugin", "--strict-markers")
    result = pytester.runpytest_inprocess(*plugin, *words)
    return int(result.ret), result.stdout.str() + result.stderr.str()


def collected(pytester: pytest.Pytester, *words: str) -> list[str]:
    code, out = run(pytester, "--collect-only", "-q", *words)
    assert code == 0, out
    return [line for line in out.splitlines() if "::" in line]


CLAIMS = [
    "models/example.py::nodes: mean 3",
    "models/example.py::nodes: median 3",
    "models/example.py::cost: mean 22 USD/hour",
    "models/example.py::cost: guesstimate interval low 16 USD/hour",
    "models/example.py::cost: guesstimate interval high 29 USD/hour",
    "models/example.py::cost: mean 30 USD/hour",
]
OWN = "tests/test_own.py::test_own"


def test_each_figure_is_an_item_beside_the_tests_of_the_project(pytester: pytest.Pytester) -> None:
    for words in ((), ("tests",), (".",)):
        assert sorted(collected(pytester, "--guessmodel", "models", *words)) == sorted(
            [*CLAIMS, OWN]
        )
    assert collected(pytester, "--guessmodel", "models/example.py", "models") == CLAIMS
    assert collected(pytester, "--guessmodel", "models", "-m", "guessmodel") == CLAIMS
    assert collected(pytester, "--guessmodel", "models", CLAIMS[2]) == [CLAIMS[2]]
    assert collected(pytester) == [OWN]


def test_doctests_do_not_import_models(pytester: pytest.Pytester) -> None:
    assert sorted(
        collected(pytester, "--guessmodel", "models", "--doctest-modules", ".")
    ) == sorted([*CLAIMS, OWN])


def test_all_pass_and_the_expected_shortfall_too(pytester: pytest.Pytester) -> None:
    code, out = run(pytester, "--guessmodel", "models")
    assert code == 0, out
    assert "7 passed" in out


def test_a_failure_says_what_an_analyst_needs(pytester: pytest.Pytester) -> None:
    moved = MODEL.replace("lognormal(5, 10,", "lognormal(6.5, 13,")
    Path("models/example.py").write_text(moved)
    code, out = run(pytester, "--guessmodel", "models")
    assert code == 1
    assert "models/example.py:8: mean of cost falls short" in out
    assert re.search(r"\n  published  22 USD/hour\n  computed   28\.\d+ USD/hour\n", out)
    assert "\n  tolerance  ±15%, an input is inferred\n  source     table 2\n" in out
    assert 'models/example.py:9: mean of cost holds, but is marked expected="falls short"' in out
    assert "runtest" not in out  # our own stack helps nobody
    assert "4 failed, 3 passed" in out


def test_nothing_is_sampled_when_tests_are_collected(pytester: pytest.Pytester) -> None:
    slow = MODEL.replace("gm.ceil(", "gm.apply(lambda x: 1 / 0, ").replace(
        '"USD/hour"))', '"USD/hour"), unit="")', 1
    )
    Path("models/example.py").write_text(slow)
    assert len(collected(pytester, "--guessmodel", "models", "models")) == 6
    code, out = run(pytester, "--guessmodel", "models")
    assert code == 1
    assert "ZeroDivisionError" in out


def test_a_model_that_does_not_load_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    Path("models/example.py").write_text(MODEL.replace("median=", "medain="))
    code, out = run(pytester, "--guessmodel", "models/example.py")
    assert code == 2
    assert "models/example.py:7: claim has no medain=; did you mean 'median'?" in out
    assert "Traceback" not in out


def test_a_claim_that_cannot_be_checked_fails_with_one_line(pytester: pytest.Pytester) -> None:
    Path("models/example.py").write_text(MODEL + "gm.claim(nodes, probability='5%')\n")
    code, out = run(pytester, "--guessmodel", "models", "-m", "guessmodel")
    assert code == 1
    assert "models/example.py:10: 'nodes' is not an indicator" in out
    assert "7 failed" in out


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nothing", "ERROR: --guessmodel: there is no file"),
        ("tests", "ERROR: --guessmodel: no model in"),
    ],
)
def test_paths_without_a_model(pytester: pytest.Pytester, path: str, text: str) -> None:
    code, out = run(pytester, "--guessmodel", path)
    assert code == 4
    assert text in out


def test_figures_that_read_alike_stay_apart(pytester: pytest.Pytester) -> None:
    Path("models/example.py").write_text(MODEL + "gm.claim(nodes, mean='3')\n")
    assert collected(pytester, "--guessmodel", "models", "models")[-1] == (
        "models/example.py::nodes: mean 3 (2)"
    )


def test_workers_share_the_items(pytester: pytest.Pytester) -> None:
    code, out = run(pytester, "-p", "xdist", "-n", "2", "--guessmodel", "models", "models")
    assert code == 0, out
    assert "6 passed" in out


def test_the_plugin_needs_neither_hypothesis_nor_scipy() -> None:
    code = (
        "import sys, guessmodel.testing.pytest_plugin\n"
        "print(sorted({'hypothesis', 'scipy'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def test_texts_of_a_model_do_not_act_in_the_log(pytester: pytest.Pytester) -> None:
    Path("models/example.py").write_text(
        "import guessmodel as gm\n"
        "x = gm.constant({'a\\x1b[31m': 1, 'b\\n::error::': 2}, dim='d')\n"
        "for label in x.dims[0].labels:\n"
        "    gm.claim(x, mean='3', at={'d': label}, source='\\u202e\\n::error::all')\n"
    )
    code, out = run(pytester, "-v", "--guessmodel", "models")
    assert code == 1
    for line in out.splitlines():
        assert not line.lstrip().startswith("::")
        assert "\x1b" not in line
        assert "\u202e" not in line

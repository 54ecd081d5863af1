"""`guessmodel run`: what the table and the JSON say, against the model itself."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest

from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]
Run = Callable[..., str]
MODEL = '''
"""A model."""
import guessmodel as gm

known = gm.constant(12.5, "USD", source="invoice")
price = gm.normal(5, 15, "USD", source="offers")
"""What one costs."""
share = gm.constant({"a": 0.25, "b": None, "c": 0.75}, dim="case")
cost = price * share + 0 * known
both = gm.stack({1: cost, 2: 2 * cost}, dim="year")
'''


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write model.py and work beside it."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> None:
        Path("model.py").write_text(dedent(text).lstrip("\n"))

    write(MODEL)
    return write


@pytest.fixture
def run(model: Callable[[str], None], capsys: Capture) -> Run:
    """Run the command, which must succeed without a word on stderr."""

    def run(*words: str) -> str:
        assert main(["run", "model.py", *words]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return run


def rows(table: str) -> dict[str, list[str]]:
    """Cells by name."""
    lines = [line for line in table.split("\n\n", 1)[1].splitlines()[1:] if line]
    lines = [line for line in lines if not line.endswith("left out; --all shows them")]
    lines = [line for line in lines if line not in ("intermediate", "outputs")]
    return {line.split()[0]: re.split(r"\s{2,}", line.strip())[1:] for line in lines}


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def failed(capsys: Capture, *words: str) -> str:
    assert main(["run", "model.py", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    shown = [line for line in err.splitlines() if not line.startswith("  ")]  # text with a caret
    assert 1 <= len(shown) <= 2
    return err.removesuffix("\n")


# --- the table ----------------------------------------------------------------------------------


def test_table(run: Run) -> None:
    text = run("--samples", "1000")
    assert text.startswith("model.py: 1,024 samples, nets, seed 0; ± is the sampling error\n\n")
    table = rows(text)
    assert list(table) == [
        *("known", "price", "share[a…c]"),
        *("cost[a]", "cost[b]", "cost[c]"),
        *("both[1,", "both[2,"),
    ]
    assert [line for line in text.splitlines() if line in ("", "intermediate", "outputs")] == [
        *("", "", "intermediate", "", "outputs"),
    ]
    assert table["known"] == ["USD", "12.5", "12.5", "12.5", "12.5"]
    # A normal variable from 5 to 15 has mean and median 10 exactly: no ±.
    assert table["price"][:5] == ["USD", "10", "5", "10", "15"]
    assert re.fullmatch("[ ▁▂▃▄▅▆▇█]+", table["price"][5])
    assert table["share[a…c]"] == ["0.25 … 0.75"]
    named = rows(run("share"))
    assert named["share[a]"] == ["0.25"] * 4
    assert named["share[b]"] == []


def test_a_labelled_constant_has_one_row_and_helpers_none(
    run: Run, model: Callable[[str], None]
) -> None:
    model(
        "import guessmodel as gm\n"
        "months = {'month': range(1, 37)}\n"
        "fee = gm.constant(5, 'USD', dim=months)\n"
        "rise = gm.constant({i: 1.5 * i for i in range(1, 37)}, dim='month')\n"
        "gap = gm.constant({'a': None, 'b': 2, 'c': 2}, dim='x')\n"
        "_helper = gm.constant(3)\n"
        "demand = gm.normal(1, 2, dim={'month': [1, 2]})\n"
    )
    table = rows(run())
    assert list(table) == [
        *("fee[1…36]", "rise[1…36]", "gap[a…c]"),
        *("demand[1]", "demand[2]"),
    ]
    assert table["fee[1…36]"][-4:] == ["5"] * 4
    assert table["rise[1…36]"][-1] == "1.5 … 54"
    assert table["gap[a…c]"][-4:] == ["2"] * 4
    assert list(rows(run("fee", "_helper"))) == [
        *(f"fee[{month}]" for month in range(1, 37)),
        "_helper",
    ]
    assert len(json.loads(run("--json"))["quantities"]) == 5


def test_what_is_named_in_passing_and_used_has_no_row(
    run: Run, model: Callable[[str], None]
) -> None:
    model(
        "import guessmodel as gm\n"
        "rates = {'base': gm.constant(2), 'high': gm.constant(3)}\n"
        "start = total = gm.lognormal(50, 200)\n"
        "history = []\n"
        "for month in range(3):\n"
        "    flow = rates['base'] * month\n"
        "    total = total * (1 + flow)\n"
        "    history.append(total)\n"
        "cost = history[2] * rates['high']\n"
        "results = [total + 1, total + 2]\n"
        "_seen = total * 2\n"
    )
    short, all_rows = run(), run("--all")
    assert list(rows(short)) == ["start", "total", "cost", "results[0]", "results[1]"]
    assert list(rows(run("--outputs"))) == ["cost", "results[0]", "results[1]"]
    assert list(rows(run("--outputs", "--all"))) == ["cost", "results[0]", "results[1]", "_seen"]
    assert short.endswith("6 helpers are left out; --all shows them\n")
    assert list(rows(all_rows)) == [
        *("rates[base]", "rates[high]", "start", "history[0]", "history[1]", "total", "flow"),
        *("cost", "results[0]", "results[1]", "_seen"),
    ]
    assert "left out" not in all_rows
    assert list(rows(run("history[0]", "history[2]"))) == ["history[0]", "total"]
    assert set(json.loads(run("--json"))["quantities"]) == set(rows(all_rows))


def test_inputs_and_outputs_stand_apart(run: Run, model: Callable[[str], None]) -> None:
    # A draw that another named draw reaches is no input, also through what is derived of it; the
    # draws of a mixture, which have no names, are part of one.
    model(
        """
        import guessmodel as gm
        chance = gm.beta(alpha=2, beta=5)
        tries = gm.constant(20)
        hits = gm.binomial(tries, chance / 2)
        regime = gm.mixture([gm.normal(1, 2), gm.normal(5, 9)])
        spread = gm.normal(mean=tries, sd=2)
        unused = gm.normal(mean=hits, sd=1)
        gain = hits * regime * spread
        """
    )
    parts = [part.split() for part in re.split(r"\n\n|\n(?=outputs\n)", run())]
    assert [part[0] for part in parts[1:]] == ["inputs", "intermediate", "outputs"]
    inputs, between, outputs = map(" ".join, parts[1:])
    assert all(name in inputs for name in ("chance", "tries", "regime", "spread"))
    assert "hits" in between
    assert "unused *" in outputs
    assert "gain *" in outputs
    model("import guessmodel as gm\nx = gm.normal(1, 2)\n")
    assert run().splitlines()[2].startswith("quantity  ")


def test_what_no_draw_reaches_has_one_row(run: Run, model: Callable[[str], None]) -> None:
    model(
        """
        import guessmodel as gm
        sides = gm.constant({"a": 2, "b": 3}, "m", dim="plot")
        area = sides * sides
        price = gm.normal(1, 2)
        ratio = area / sides / sides
        costs = area * price
        """
    )
    table = rows(run())
    assert table["area[a…b]"] == ["m**2", "4 … 9"]
    assert table["ratio[a…b]"][-4:] == ["1"] * 4
    assert [name for name in table if name.startswith("costs")] == ["costs[a]", "costs[b]"]
    model(
        """
        import guessmodel as gm
        sides = gm.constant({"a": 2, "b": 3}, "m", dim="plot")
        area = sides * sides
        """
    )
    assert list(rows(run())) == ["sides[a…b]", "area[a]", "area[b]"]  # what the model tells


def test_wide_has_a_column_for_each_label(run: Run, model: Callable[[str], None]) -> None:
    model(
        """
        import guessmodel as gm
        price = gm.normal({"a": (1, 3), "b": (3, 7), "c": (None, None)}, dim="x", unit="USD")
        half = price / 2
        both = gm.stack({1: price, 2: 3 * price}, dim="year")
        plain = gm.normal(5, 9)
        heavy = gm.cauchy({"a": (1, 3), "b": (3, 7)}, dim="z")
        """
    )
    text = run("--wide", "p95")
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("p95 by x "))
    cells = [re.split(r"\s{2,}", line) for line in lines[at : at + 3]]
    # 95th percentiles are the upper ends of the ranges, and half of them.
    assert cells == [
        ["p95 by x", "unit", "a", "b", "c"],
        ["price", "USD", "3", "7"],
        ["half *", "USD", "1.5", "3.5"],
    ]
    at = next(i for i, line in enumerate(lines) if line.startswith("p95 by year, x "))
    assert [re.split(r"\s{2,}", line) for line in lines[at + 1 : at + 3]] == [
        ["both[1] *", "USD", "3", "7"],
        ["both[2] *", "USD", "9", "21"],
    ]
    assert "plain *" in text
    assert "! heavy[a], heavy[b]: the mean does not exist" in run("--wide", "mean")
    assert "p95 by x" not in run("--wide", "p95", "plain")


def test_wide_tables_fit_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from guessmodel.cli import run_table

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(run_table.shutil, "get_terminal_size", lambda: SimpleNamespace(columns=40))
    header = ("name", "unit", *(f"2{i:03}" for i in range(10)))
    body = [("a", "USD", *("123456",) * 10)]
    # Beside 6 + 6 characters there is room for three columns of 8.
    assert run_table._chunks(header, body) == [
        *([0, 1, 2, 3, 4], [0, 1, 5, 6, 7], [0, 1, 8, 9, 10], [0, 1, 11]),
    ]


def test_options_of_the_table_that_have_no_effect(
    model: Callable[[str], None], capsys: Capture
) -> None:
    assert failed(capsys, "price", "--outputs") == (
        "error: --outputs has no effect beside names; leave it out"
    )
    assert failed(capsys, "--wide", "mean", "--json") == (
        "error: --wide has no effect on JSON, which has all labels; leave it out"
    )
    assert failed(capsys, "--wide", "averag").startswith("error: no statistic 'averag'; there are ")


def test_figures_of_derived_quantities_have_an_error(
    run: Run, model: Callable[[str], None]
) -> None:
    model("import guessmodel as gm\nx = gm.lognormal(1, 9)\ny = gm.exp(-x) * x + 2 * x\n")
    cells = rows(run())["y"]
    figures = [cell for cell in cells if "±" in cell]
    assert len(figures) == 4
    for figure in figures:
        assert re.fullmatch(r"\*? ?\S+ ± \S+", figure)


def test_outputs_are_marked(run: Run) -> None:
    lines = run("--samples", "64").splitlines()
    marked = {line.split("[")[0].split()[0] for line in lines if re.match(r"\S.*? \*(\s|$)", line)}
    assert marked == {"both"}


def test_names_choose(run: Run) -> None:
    assert list(rows(run("price", "known"))) == ["price", "known"]
    assert list(rows(run("price", "--seed", "3", "known", "price"))) == ["price", "known"]


def test_ascii_where_the_stream_has_no_more(
    model: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    model("import guessmodel as gm\nx = gm.lognormal(1, 9)\nprix_é = gm.exp(-x)\n")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["run", "model.py"]) == 0
    stream.seek(0)
    text = stream.read()
    assert "+- is the sampling error" in text
    assert r"prix_\xe9 *" in text
    assert "@" in text


def test_reservations_stand_below(run: Run, model: Callable[[str], None]) -> None:
    # The mean of a few thousand draws of exp(4 z) hangs on the largest of them.
    model(
        """
        import guessmodel as gm
        x = gm.lognormal(mu=0, sigma=4)
        y = gm.lognormal(mu=0, sigma=4, name="z") + x
        """
    )
    text = run()
    assert any(cell.endswith(" !") for cell in rows(text)["y"])
    assert re.search(r"^! y: .+", text, re.MULTILINE)


# --- warnings -----------------------------------------------------------------------------------


def test_draws_without_a_name(model: Callable[[str], None], capsys: Capture) -> None:
    model("import guessmodel as gm\n\nx = gm.lognormal(1, 9) * 3 + gm.normal(0, 1)\n")
    assert main(["run", "model.py", "--samples", "64"]) == 0
    assert capsys.readouterr().err == (
        "warning: 2 draws have no name (model.py:3) and may change with an edit; bind them to "
        "names, or give name=\n"
    )
    model("import guessmodel as gm\nx = gm.lognormal(1, 9) * 3\n")
    assert main(["run", "model.py", "--samples", "64"]) == 0
    assert capsys.readouterr().err == (
        "warning: a draw has no name (model.py:2) and may change with an edit; bind it to a name, "
        "or give name=\n"
    )


def test_draws_that_are_not_finite(model: Callable[[str], None], capsys: Capture) -> None:
    model("import guessmodel as gm\nx = gm.normal(-1, 3)\ny = gm.log(x)\n")
    assert main(["run", "model.py", "--samples", "64"]) == 0
    err = capsys.readouterr().err
    assert re.fullmatch(r"warning: y: .+ not finite .*log.*model\.py:3.*\n", err)


# --- JSON ---------------------------------------------------------------------------------------


def test_json(run: Run) -> None:
    found = document(run("--json", "--samples", "1000", "--seed", "7", "--method", "lhs"))
    assert {key: found[key] for key in ("model", "file", "seed", "method")} == {
        "model": "model",
        "file": "model.py",
        "seed": 7,
        "method": "lhs",
    }
    assert found["samples"] >= 1000
    assert list(found["quantities"]) == ["known", "price", "share", "cost", "both"]
    price = found["quantities"]["price"]
    assert list(price) == [
        *("unit", "kind", "doc", "source", "dims", "mean", "sd", "p5", "p50", "p95")
    ]
    assert price["unit"] == "USD"
    assert price["kind"] == "draw"
    assert price["doc"] == "What one costs."
    assert price["source"] == "offers"
    assert price["dims"] == {}
    assert list(price["mean"]) == ["value", "low", "high"]
    assert list(price["mean"].values()) == pytest.approx([10.0] * 3)
    # The 95% point of the standard normal distribution, from its table: 1.6448536.
    assert price["sd"]["value"] == pytest.approx(5 / 1.6448536, rel=1e-6)
    assert found["quantities"]["known"]["kind"] == "constant"
    assert found["quantities"]["known"]["sd"]["value"] == 0.0
    assert found["quantities"]["cost"]["kind"] == "derived"
    assert found["quantities"]["cost"]["doc"] is None


def test_json_nests_labels(run: Run) -> None:
    both = document(run("both", "--json"))["quantities"]["both"]
    assert both["dims"] == {"year": [1, 2], "case": ["a", "b", "c"]}
    for name in ("mean", "sd", "p5", "p50", "p95"):
        assert list(both[name]) == ["1", "2"]
        assert list(both[name]["1"]) == ["a", "b", "c"]
        assert both[name]["1"]["b"] is None
        estimate = both[name]["2"]["c"]
        assert estimate["low"] <= estimate["value"] <= estimate["high"]
    # 2 * 0.75 of a price of 10 on average; the interval of a linear sum on a net is tiny.
    assert both["mean"]["2"]["c"]["value"] == pytest.approx(15.0, rel=1e-3)


def test_json_has_null_for_what_is_no_number(model: Callable[[str], None], capsys: Capture) -> None:
    model("import guessmodel as gm\nx = gm.normal(0, 1)\ny = gm.log(-gm.exp(x))\n")
    assert main(["run", "model.py", "--json", "--samples", "64"]) == 0
    text = capsys.readouterr().out
    assert "NaN" not in text
    mean = document(text)["quantities"]["y"]["mean"]
    assert (mean["value"], mean["low"], mean["high"]) == (None, None, None)
    assert mean["note"]


# --- options ------------------------------------------------------------------------------------


def test_runs_repeat_and_seeds_differ(run: Run) -> None:
    assert run("cost", "--json") == run("cost", "--json", "--seed", "0", "--threads", "1")
    assert run("cost", "--json") != run("cost", "--json", "--seed", "-1")


def test_a_fresh_seed_is_printed_and_repeats(run: Run) -> None:
    first = run("--samples", "64", "--seed", "none")
    printed = re.search(r"seed (\d+);", first)
    assert printed is not None
    assert run("--samples", "64", "--seed", printed[1]) == first
    assert run("--samples", "64", "--seed", "none") != first


def test_set_replaces(run: Run) -> None:
    found = document(run("--json", "--set", "price=2 to 4 USD", "--set", "known = 7"))
    quantities = found["quantities"]
    assert quantities["price"]["p5"]["value"] == pytest.approx(2.0)
    assert quantities["price"]["p95"]["value"] == pytest.approx(4.0)
    assert quantities["known"]["mean"]["value"] == 7.0
    assert quantities["known"]["unit"] == "USD"


def test_precision_asks_for_more_samples(run: Run, model: Callable[[str], None]) -> None:
    model("import guessmodel as gm\nx = gm.lognormal(1, 9)\ny = gm.exp(-x) + gm.sqrt(x)\n")
    found = document(run("--json", "--samples", "256", "--precision", "1%"))
    assert found["samples"] > 256
    for name in ("mean", "p5", "p50", "p95"):
        estimate = found["quantities"]["y"][name]
        error = max(estimate["high"] - estimate["value"], estimate["value"] - estimate["low"])
        assert error <= 0.01 * estimate["value"]


# --- bad input ----------------------------------------------------------------------------------


def test_unknown_name(model: Callable[[str], None], capsys: Capture) -> None:
    assert failed(capsys, "prise") == (
        "error: model has no quantity 'prise'; did you mean 'price'?"
    )


def test_bad_set(model: Callable[[str], None], capsys: Capture) -> None:
    usage = "write 'name=value', such as 'price=5 to 8 USD/hour'"
    assert failed(capsys, "--set", "price") == f"error: --set 'price': {usage}"
    assert failed(capsys, "--set", "=5") == f"error: --set '=5': {usage}"
    assert failed(capsys, "--set", "price=1", "--set", "price=2") == (
        "error: --set 'price=2': 'price' is set twice"
    )
    assert failed(capsys, "--set", "prise=5") == (
        "error: --set: model has no quantity 'prise'; did you mean 'price'?"
    )
    assert failed(capsys, "--set", "price=8 to 5 USD") == (
        "error: --set: price: '8 to 5 USD' starts above its end; swap the bounds\n  8 to 5 USD\n  ^"
    )
    assert failed(capsys, "--set", "price=5 hour").startswith("error: --set: price: ")


@pytest.mark.parametrize(
    ("option", "text", "message"),
    [
        ("--samples", "1.5", "'1.5' is not a whole number; write one such as 1e6, 1M or 2**20"),
        ("--samples", "many", "'many' is not a whole number; write one such as 1e6, 1M or 2**20"),
        ("--samples", "0", "'0' is not above 0"),
        ("--threads", "-1", "'-1' is not above 0"),
        ("--seed", "x", "'x' is neither a whole number nor none"),
        ("--precision", "1", "'1' is not a share between 0 and 1; 0.01 is 1%"),
        ("--precision", "nan", "'nan' is not a share between 0 and 1; 0.01 is 1%"),
        ("--precision", "a lot", "'a lot' is not a share; write 0.01 or 1%"),
        ("--method", "sobel", "invalid choice: 'sobel' (choose from "),
    ],
)
def test_bad_options(
    model: Callable[[str], None], capsys: Capture, option: str, text: str, message: str
) -> None:
    assert failed(capsys, option, text).startswith(f"error: argument {option}: {message}")


def test_absurd_numbers_of_samples_are_refused(
    model: Callable[[str], None], capsys: Capture
) -> None:
    assert "would take years" in failed(capsys, "--samples", "2**41")
    assert "'1e300' is more than anybody can wait for" in failed(capsys, "--samples", "1e300")
    assert "is more than anybody can wait for" in failed(capsys, "--samples", "999999**999")


def test_a_bad_model(model: Callable[[str], None], capsys: Capture) -> None:
    model("import guessmodel as gm\nx = gm.lognormal(10, 5)\n")
    assert failed(capsys).startswith("error: model.py:2: lognormal: low (10) lies above high (5)")
    model("x = (\n")
    assert failed(capsys).startswith("error: model.py:1: syntax error: '(' was never closed")


# --- labels -------------------------------------------------------------------------------------


def test_one_label_is_shown_under_the_name_that_the_table_prints(run: Run) -> None:
    whole, some = run("both"), run("both[2, a]", "known")
    shown = [line for line in some.splitlines()[2:] if line]
    assert len(shown) == 3
    assert any(line.startswith("both[2, a] ") for line in shown)
    first = next(line for line in whole.splitlines() if "both[2, a]" in line)
    assert first.split()[:4] == next(line for line in shown if "both[2, a]" in line).split()[:4]
    found = document(run("--json", "both[2,a]"))
    assert list(found["quantities"]) == ["both"]
    assert found["quantities"]["both"]["mean"].keys() == {"2"}
    assert found["quantities"]["both"]["mean"]["2"].keys() == {"a"}


def test_a_label_that_is_not_there(model: Callable[[str], None], capsys: Capture) -> None:
    assert failed(capsys, "both[3,a]") == (
        "error: 'both[3,a]': dimension 'year' has no label '3'; it has 1, 2"
    )


def test_ctrl_c_while_a_statistic_makes_the_draws(
    model: Callable[[str], None], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guessmodel.simulation import runner

    def stopped(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    model("import guessmodel as gm\nx = gm.normal(1, 2)\ny = gm.ceil(x) + gm.sqrt(gm.exp(x))\n")
    monkeypatch.setattr(runner, "run_replicates", stopped)
    assert main(["run", "model.py"]) == 130
    out, err = capsys.readouterr()
    assert (out, err) == ("", "interrupted\n")

"""`guessmodel run`: what the JSON says, against the model itself; options and errors."""

import re
from collections.abc import Callable

import pytest
from run_command import Capture, Run, document, failed

from guessmodel.cli.main import main


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
    draws = "x, w = gm.lognormal(1, 9), gm.lognormal(1, 9)\n"
    model("import guessmodel as gm\n" + draws + "y = gm.exp(-x * w) + gm.sqrt(x + w)\n")
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
    assert "'1e300' would take years; write fewer" in failed(capsys, "--samples", "1e300")
    assert "would take years; write fewer" in failed(capsys, "--samples", "999999**999")


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

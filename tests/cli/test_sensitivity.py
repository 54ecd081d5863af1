"""`guessmodel sensitivity`: the table and the JSON, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]
MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
hours = gm.normal({"a": 30, "b": 300}, {"a": 50, "b": 500}, "hour", dim="team")
unused = gm.normal(0, 1)
cost = price * hours
whole = cost.sum("team")
"""
FEW = ["--samples", "2048"]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> Callable[..., tuple[int, str, str]]:
    """Exit code, stdout and stderr of a call."""
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["sensitivity", "model.py", *words, *FEW])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_the_table_has_the_strongest_first(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("whole")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("model.py: 2,048 samples, nets, seed 0")
    assert lines[1] == "what drives whole: shares of its variance, and its mean, in USD"
    assert lines[3].split("  ")[0] == "input"
    names = [line.split("  ")[0] or line.split()[0] for line in lines[4:8]]
    assert names == ["price", "hours (2 labels)", "hours[b]", "hours[a]"]
    assert "unused" not in out
    assert lines[-1].startswith("whole: inputs alone make ")


def test_json_is_that_of_the_object(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("whole", "--json", "--of", "p95")
    found = json.loads(out)
    same = gm.Model.from_file("model.py").sample(2048).sensitivity("whole", of="p95")
    assert (code, found) == (0, json.loads(json.dumps(same.to_dict())))
    assert found["output"], found["statistic"] == ("whole", "p95")
    price = found["inputs"]["price"]
    assert set(price) == {"first", "total", "rank", "tornado"}
    assert set(price["first"]) == {"value", "low", "high"}
    assert set(price["tornado"]) == {"at_p5", "at_p95", "swing"}
    assert found["unreliable"] is None


def test_one_label_or_all(run: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = run("cost[b]")
    assert "what drives cost[b]" in out
    assert "hours[a]" not in out
    _, out, _ = run("cost")
    assert [line for line in out.splitlines() if line.endswith(":")] == ["cost[a]:", "cost[b]:"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["hour"], "no quantity 'hour'; did you mean 'hours'?"),
        (["cost[c]"], "dimension 'team' has no label 'c'"),
        (["whole", "--of", "best"], "no statistic 'best'"),
        (["whole", "--of", "probability"], "'whole' is no comparison; ask for 'P(> 5)' of it, say"),
        (["whole", "--group", "hardware"], "--group 'hardware': write 'name=pattern'"),
        (["whole", "--group", "a=price,"], "--group 'a=price,': write 'name=pattern'"),
        (["whole", "--group", "a=node_*"], "group 'a': no input of 'whole' matches 'node_*'"),
        (["whole", "--by-model"], "all inputs of 'whole' come from one model, 'model'"),
        (["whole", "--budget", "--of", "p95"], "--of has no effect on --budget; leave it out"),
        (["whole", "--coverage", "99%"], "--coverage has no effect without --budget"),
        (["whole", "--budget", "--degrees", "price"], "write 'name=number', such as 'price=8'"),
        (["whole", "--budget", "--degrees", "prise=8"], "did you mean 'price'?"),
        (["whole", "--method", "random"], "need 16,384 samples by random at least, not 2,048"),
    ],
)
def test_refusals_are_one_line(
    run: Callable[..., tuple[int, str, str]], words: list[str], message: str
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1


def test_groups_by_pattern_and_by_file(run: Callable[..., tuple[int, str, str]]) -> None:
    Path("costs.py").write_text(
        "import guessmodel as gm\nrent = gm.normal(20, 30)\npower = gm.normal(1, 2)\n"
    )
    Path("model.py").write_text(
        "import guessmodel as gm\nfrom costs import rent, power\n"
        "food = gm.normal(5, 9)\nall_costs = rent + power + food\n"
    )
    _, out, _ = run("all_costs", "--by-model", "--json")
    found = json.loads(out)["groups"]
    assert {name: group["members"] for name, group in found.items()} == {
        "costs": ["rent", "power"],
        "model": ["food"],
    }
    # Variances of independent parts, from their 90% ranges: 10² + 1², and 4².
    assert found["costs"]["first"]["value"] == pytest.approx(101 / 117, abs=2e-3)
    _, out, _ = run("all_costs", "--group", "bills=costs.*", "--group", "x=food, rent")
    assert "bills (2 inputs)" in out
    assert "x (2 inputs)" in out


def test_the_budget_is_markdown_or_json(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("whole", "--budget", "--degrees", "price=8", "--coverage", "99%")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("| input | estimate | standard uncertainty |")
    assert lines[1] == "| --- | --- | --- | --- | --- | --- | --- | --- |"
    assert lines[2].startswith("| price | ")
    assert lines[5].startswith("| whole | ")
    assert "coverage 99%" in out
    _, out, _ = run("whole", "--budget", "--json")
    same = gm.Model.from_file("model.py").sample(2048).sensitivity("whole").budget()
    assert json.loads(out) == json.loads(json.dumps(same.to_dict()))


def test_a_tornado_beside_the_table(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("whole", "--picture", "t.svg", "--of", "p95")
    assert (code, err) == (0, "")
    assert out.endswith("wrote t.svg\n")
    assert "Tornado of the p95 of whole in USD" in Path("t.svg").read_text()
    code, out, err = run("whole", "--picture", "t.doc")
    assert (code, out) == (2, "")
    code, _, err = run("cost", "--picture", "t.svg")
    assert code == 2
    assert "choose a label" in err

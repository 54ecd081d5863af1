"""`guessmodel compare`: folders, revisions, thresholds, Markdown, JSON."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]
MODEL = """
import guessmodel as gm
price = gm.lognormal(5, {high}, "USD/hour")
hours = gm.normal(100, 200, "hour")
cost = price * hours
"""
Compare = Callable[..., tuple[int, str, str]]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """old.py and new.py in a folder to work in: the price goes from 5-10 to 5-12."""
    monkeypatch.chdir(tmp_path)
    for name, high in (("old", 10), ("new", 12)):
        (tmp_path / f"{name}.py").write_text(MODEL.format(high=high))
    return tmp_path


@pytest.fixture
def compare(files: Path, capsys: Capture) -> Compare:
    """Run the command: exit code, stdout and stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        code = main(["compare", *words])
        return (code, *capsys.readouterr())

    return run


def test_a_model_and_itself(compare: Compare) -> None:
    code, out, err = compare("old.py", "old.py")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "0 of 3 quantities moved"


def test_json(compare: Compare) -> None:
    code, out, err = compare("old.py", "new.py", "--json", "--samples", "4096")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert (document["old"], document["new"], document["samples"]) == ("old.py", "new.py", 4096)
    assert document["quantities"]["cost"]["significant"] is True
    assert document["quantities"]["hours"]["significant"] is False
    assert document["edited"]["price"]["new"] == 'price = gm.lognormal(5, 12, "USD/hour")'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cost>5%", 1),  # the mean rises by about 10%
        ("cost>50%", 0),
        ("cost<-5%", 0),
        ("|cost|>5%", 1),
        ("cost.p95 > 10 %", 1),
        ("cost.p5>5%", 0),
        ("cost>1 USD", 1),
        ("cost>1000 USD", 0),
        ("cost>1", 2),
        ("*>5%", 1),
        ("hours>0%", 0),
        ("nothing>5%", 2),
        ("cost", 2),
        ("cost>much", 2),
        ("|cost|<5%", 2),
    ],
)
def test_fail_on(compare: Compare, text: str, code: int) -> None:
    found, _, err = compare("old.py", "new.py", "--samples", "4096", "--fail-on", text)
    assert found == code
    assert bool(err) == bool(code)
    if code == 1:
        assert re.fullmatch(r"cost: \w+ changed by .*, \+1\d.*%; .* fails\n|.*\n", err)


def test_an_unknown_name_has_a_hint(compare: Compare) -> None:
    _, out, err = compare("old.py", "new.py", "--samples", "64", "--fail-on", "costs>5%")
    assert not out and "there is no quantity 'costs'; did you mean 'cost'?" in err


def test_folders(files: Path, compare: Compare) -> None:
    for name, high in (("a", 10), ("b", 12)):
        for file in ("one", "two", name):
            (files / name).mkdir(exist_ok=True)
            (files / name / f"{file}.py").write_text(
                MODEL.format(high=10 if file == "one" else high)
            )
    code, out, _ = compare("a", "b", "--samples", "1024")
    assert code == 0
    assert "one.py: 1,024 samples" in out
    assert "a.py: model removed" in out
    assert "b.py: new model" in out
    document = json.loads(compare("a", "b", "--samples", "1024", "--json")[1])
    assert set(document["models"]) == {"one.py", "two.py"}
    assert (document["added"], document["removed"]) == (["b.py"], ["a.py"])
    assert document["models"]["one.py"]["attribution"] == {}
    assert compare("a", "b", "--samples", "1024", "--fail-on", "cost>5%")[0] == 1
    assert compare("a", "old.py")[0] == 2


def test_a_revision(files: Path, compare: Compare) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=files, check=True, capture_output=True)

    (files / "model.py").write_text(MODEL.format(high=10))
    git("init", "-q")
    git("add", "model.py")
    git("commit", "-q", "-m", "first")
    (files / "model.py").write_text(MODEL.format(high=12))
    code, out, err = compare("HEAD:model.py", "model.py", "--samples", "1024")
    assert (code, err) == (0, "")
    assert out.startswith("HEAD:model.py → model.py: ")
    assert '- price = gm.lognormal(5, 10, "USD/hour")' in out


def visible(text: str) -> list[str]:
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL).splitlines()


def test_markdown(compare: Compare) -> None:
    code, out, err = compare("old.py", "new.py", "--markdown")
    assert (code, err) == (0, "")
    assert out.startswith("### 🔵 guessmodel compare: 1 edit moved 2 quantities\n")
    assert '+ price = gm.lognormal(5, 12, "USD/hour")' in out
    assert "<details>" not in out


def test_long_markdown_is_folded(files: Path, compare: Compare) -> None:
    for name, high in (("old", 10), ("new", 12)):
        lines = [f"x{k} = gm.lognormal(5, {high})\ny{k} = x{k} * 2" for k in range(30)]
        (files / f"{name}.py").write_text("import guessmodel as gm\n" + "\n".join(lines))
    _, out, _ = compare("old.py", "new.py", "--markdown", "--samples", "1024")
    assert len(visible(out)) <= 40
    assert out.count("<details>") == out.count("</details>") == 1
    assert all(f"| y{k}" in out for k in range(30))
    assert "+ x29 = gm.lognormal(5, 12)" in out


def test_markdown_of_hostile_names(files: Path, compare: Compare) -> None:
    for name, high in (("old", 10), ("new", 12)):
        (files / f"{name}.py").write_text(
            "import guessmodel as gm\n"
            f'x = gm.lognormal(5, {high}, name="a|b `c` <b>")  # ``` </details>\n'
        )
    _, out, _ = compare("old.py", "new.py", "--markdown", "--samples", "1024")
    assert r"a\|b \`c\` &lt;b&gt;" in out
    assert out.count("```") == 4  # of the two blocks, none from the model


def test_wrong_calls(compare: Compare) -> None:
    assert "there is no file" in compare("old.py", "none.py")[2]
    assert compare("old.py", "new.py", "--json", "--markdown")[0] == 2


def test_helpers_have_no_row(files: Path, compare: Compare) -> None:
    for name, high in (("old", 10), ("new", 12)):
        (files / f"{name}.py").write_text(
            f"import guessmodel as gm\nx = gm.lognormal(5, {high})\n_half = x / 2\ny = _half * 4\n"
        )
    _, out, _ = compare("old.py", "new.py", "--samples", "1024")
    rows = out.split("\n\n")[1].splitlines()[1:]
    assert [row.split()[0] for row in rows] == ["y", "x"]
    assert "+ x = gm.lognormal(5, 12)" in out


def test_pictures(files: Path, compare: Compare) -> None:
    few = ["--samples", "1024"]
    code, out, err = compare("old.py", "new.py", "--picture", "c.svg", "--waterfall", "w.svg", *few)
    assert (code, err) == (0, "")
    assert out.endswith("wrote c.svg\nwrote w.svg\n")
    assert "Changes of means between two versions: cost by +" in (files / "c.svg").read_text()
    assert "What each edit did to the mean of cost: price +" in (files / "w.svg").read_text()
    _, out, _ = compare("old.py", "new.py", "--waterfall", "w.svg", "--json", *few)
    assert json.loads(out)["old"] == "old.py"
    code, _, err = compare("old.py", "old.py", "--picture", "no.svg", "--waterfall", "n.svg", *few)
    assert (code, (files / "no.svg").exists()) == (0, False)
    assert err == (
        "warning: no picture no.svg: no mean moved from a value that is not 0, so there is nothing "
        "to show\n"
        "warning: no picture n.svg: no output moved, so there is nothing to attribute\n"
    )


def test_pictures_that_cannot_be_written(files: Path, compare: Compare) -> None:
    for words, message in (
        (["--picture", "no/c.svg"], "there is no folder no"),
        (["--waterfall", "c.doc"], "c.doc"),
    ):
        code, out, err = compare("old.py", "new.py", *words)
        assert (code, out) == (2, "")
        assert message in err
    for name in ("one", "two"):
        (files / name).mkdir()
        (files / name / "m.py").write_text(MODEL.format(high=10))
    code, _, err = compare("one", "two", "--picture", "c.svg")
    assert (code, err) == (
        2,
        "error: a picture shows one model; give two files, not two folders\n",
    )


SCENARIOS = """
import guessmodel as gm
price = gm.normal(mean={mean}, sd=1, unit="USD")
cost = price * 2
gm.scenario("free", {{price: 0}})
gm.scenario({more!r}, {{price: 5}})
"""


def test_scenarios_of_both(files: Path, compare: Compare) -> None:
    """Where the price is nothing in both versions, nothing moves."""
    for name, mean in (("a", 10), ("b", 12)):
        (files / f"{name}.py").write_text(SCENARIOS.format(mean=mean, more=f"only {name}"))
    few = ["--samples", "1024"]
    code, out, err = compare("a.py", "b.py", "--scenarios", "--json", *few)
    assert (code, err) == (0, "")
    told = json.loads(out)["scenarios"]
    assert list(told) == ["base", "free"]
    assert told["base"]["quantities"]["cost"]["difference"]["mean"]["value"] == pytest.approx(4.0)
    assert told["free"]["quantities"]["cost"]["significant"] is False
    _, out, _ = compare("a.py", "b.py", "--scenarios", *few)
    heads = [line.partition(":")[0] for line in out.splitlines() if "a.py" in line]
    assert heads == ["a.py → b.py", "a.py → b.py, in free"]
    assert out.endswith("scenario 'only b' is new\nscenario 'only a' is gone\n")
    code, _, err = compare("a.py", "b.py", "--scenarios", "--fail-on", "cost>10%", *few)
    assert (code, err.count("fails")) == (1, 1)
    code, _, err = compare("a.py", "b.py", "--scenarios", "--fail-on", "cost<-10%", *few)
    assert (code, err) == (0, "")
    code, _, err = compare("b.py", "a.py", "--scenario", "free", "--fail-on", "cost<-10%", *few)
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scenarios"], "the versions have no scenario in common; leave out --scenarios"),
        (["--scenarios", "--scenario", "x"], "--scenarios shows all of them; leave out --scenario"),
        (
            ["--scenarios", "--picture", "c.svg"],
            "a picture shows one scenario; write --scenario NAME, not --scenarios",
        ),
        (["--attribute", "kost"], "--attribute 'kost': there is no quantity 'kost'; did you mean"),
        (["--attribute", "cost.sd"], "--attribute 'cost.sd': there is no quantity 'cost.sd'"),
    ],
)
def test_scenarios_and_attributions_that_are_refused(
    compare: Compare, words: list[str], message: str
) -> None:
    code, out, err = compare("old.py", "new.py", *words)
    assert (code, out) == (2, "")
    assert message in err


def test_attribution_of_what_is_asked_for(compare: Compare) -> None:
    few = ["--samples", "1024", "--attribute", "price", "--attribute", "cost.P(> 1K USD)"]
    _, out, _ = compare("old.py", "new.py", *few)
    parts = out.split("\n\n")[2].splitlines()
    heads = [line for line in parts if line.endswith(":")]
    assert heads == ["cost, P(> 1K USD):", "price, mean:"]
    _, out, _ = compare("old.py", "new.py", "--json", *few)
    found = json.loads(out)["attribution"]
    assert list(found["cost"]) == ["mean", "p5", "p50", "p95", "P(> 1K USD)"]
    assert 0.0 < found["cost"]["P(> 1K USD)"]["price"]["value"] < 0.5
    assert list(found["price"]) == ["mean", "p5", "p50", "p95"]
    _, out, _ = compare("old.py", "new.py", "--markdown", *few)
    assert "cost, P(> 1K USD):" in out


def test_folders_are_asked_where_they_have_the_quantity(files: Path, compare: Compare) -> None:
    for folder, high in (("one", 10), ("two", 12)):
        (files / folder).mkdir()
        (files / folder / "m.py").write_text(MODEL.format(high=high))
        (files / folder / "n.py").write_text(MODEL.format(high=high).replace("cost", "sum"))
    _, out, _ = compare("one", "two", "--attribute", "sum.p99", "--json", "--samples", "1024")
    models = json.loads(out)["models"]
    assert "p99" in models["n.py"]["attribution"]["sum"]
    assert "sum" not in models["m.py"]["attribution"]


def test_a_correlation_is_shown_as_it_was_written(files: Path, compare: Compare) -> None:
    text = (
        "import guessmodel as gm\na, b = gm.normal(1, 2), gm.normal(3, {})\n"
        "a, b = gm.correlate([a, b], rank={})\ny = a + b\n"
    )
    (files / "old.py").write_text(text.format(4, 0.5))
    (files / "new.py").write_text(text.format(5, 0.8))
    _, out, _ = compare("old.py", "new.py", "--samples", "4096")
    first = "a, b = gm.normal(1, 2), gm.normal(3, {}); a, b = gm.correlate([a, b], rank={})"
    assert f"- b: {first.format(4, 0.5)}\n+ b: {first.format(5, 0.8)}\n" in out
    # With the same means the mean of the sum has not moved: a percentile that has is told of.
    (files / "new.py").write_text(text.format(4, 0.8))
    _, out, _ = compare("old.py", "new.py")
    assert "y, p5:" in out
    assert "y, mean:" not in out

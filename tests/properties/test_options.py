"""No option of the command line is dropped in silence: each makes a difference, or is refused.

Each option of each command has a row with two calls that differ in nothing else; a new option
fails here until it has one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from guessmodel.cli import COMMANDS
from guessmodel.cli.main import main, parser

Capture = pytest.CaptureFixture[str]

MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
count = gm.constant(1)
_helper = 2 * price
cost = gm.apply(abs, price, unit="USD/hour") * count
yearly = gm.normal({1: (1, 2), 2: (3, 4)}, dim="year")
noisy = cost + gm.normal(1, 2, "USD/hour", name="noise")
gm.claim(cost, mean="7.22 USD/hour")
gm.scenario("cheap", {price: "3 to 4 USD/hour"})
choice = gm.decision({"buy": cost, "make": "7.2 USD/hour"}, minimise=True)
other = gm.decision({"buy": cost, "make": "7.5 USD/hour"}, minimise=True)
"""
RUN = ["run", "model.py", "cost"]
PLOT = ["plot", "model.py", "cost", "-o", "out.svg"]
FEW = [*PLOT, "--samples", "1024"]
TOGETHER = ["correlation", "model.py", "price", "noisy"]
DRIVERS = ["sensitivity", "model.py", "cost"]
FIT = ["fit", "data.csv", "a"]
EXPORT = ["export", "model.py", "cost", "--to", "csv"]
SCORE = ["score", "model.py", "came.csv"]
ELICIT = ["elicit", "10%=3", "50%=5", "90%=12"]
DECIDE = ["decide", "model.py", "choice"]
BUDGET = [*DRIVERS, "--budget"]
CHANGED = ["compare", "model.py", "other.py"]
SWEEP = ["sweep", "model.py", "cost", "--over", "price=1..3:3"]
TWO = [*SWEEP, "--over", "count=2, 3"]
SEEK = ["seek", "model.py", "cost", "--target", "20 USD/hour", "--by", "count"]
SHEETS = Path(__file__).parents[1] / "interop" / "data"
TUNERS = str(SHEETS / "piano_tuners_facts.json")
LOAN = str(SHEETS / "loan_wrapped_old.json")
IMPORT = ["import", LOAN, "-o", "out.py"]
FACTS = ["import", TUNERS, "-o", "out.py"]
CHECK = ["check", "model.py"]
JUNIT = [*CHECK, "--junit", "out.xml"]
REPORT = ["report", "model.py"]
DRAWN = {
    "samples": ["--samples", "1024"],
    "precision": ["--precision", "0.001"],
    "seed": ["--seed", "3"],
    "method": ["--method", "random"],
}
# Command and option: a call without it, and one with it.
ROWS = {
    **{("run", key): (RUN, [*RUN, *words]) for key, words in DRAWN.items()},
    **{("plot", key): (FEW, [*FEW, *words]) for key, words in DRAWN.items() if key != "samples"},
    ("plot", "samples"): (PLOT, FEW),
    **{("sensitivity", key): (DRIVERS, [*DRIVERS, *DRAWN[key]]) for key in ("samples", "seed")},
    ("sensitivity", "precision"): (DRIVERS, [*DRIVERS, "--precision", "0.0001"]),
    ("sensitivity", "method"): (DRIVERS, [*DRIVERS, "--method", "random"]),
    ("sensitivity", "file"): (DRIVERS, ["sensitivity", "other.py", "cost"]),
    ("sensitivity", "output"): (DRIVERS, ["sensitivity", "model.py", "price"]),
    ("sensitivity", "json"): (DRIVERS, [*DRIVERS, "--json"]),
    ("sensitivity", "of"): (DRIVERS, [*DRIVERS, "--of", "p95"]),
    ("sensitivity", "group"): (DRIVERS, [*DRIVERS, "--group", "all=price"]),
    ("sensitivity", "by_model"): (DRIVERS, [*DRIVERS, "--by-model"]),
    ("sensitivity", "budget"): (DRIVERS, BUDGET),
    ("sensitivity", "degrees"): (BUDGET, [*BUDGET, "--degrees", "price=8"]),
    ("sensitivity", "coverage"): (BUDGET, [*BUDGET, "--coverage", "99%"]),
    **{("decide", key): (DECIDE, [*DECIDE, *words]) for key, words in DRAWN.items()},
    ("elicit", "quantiles"): (ELICIT, ELICIT[:-1]),
    ("elicit", "unit"): (ELICIT, [*ELICIT, "--unit", "USD"]),
    ("elicit", "lower"): (ELICIT, [*ELICIT, "--lower", "1"]),
    ("elicit", "upper"): (ELICIT, [*ELICIT, "--upper", "20"]),
    ("elicit", "families"): (ELICIT, [*ELICIT, "--families", "gamma"]),
    ("elicit", "json"): (ELICIT, [*ELICIT, "--json"]),
    ("fit", "file"): (FIT, ["fit", "more.csv", "a"]),
    ("fit", "column"): (FIT, ["fit", "data.csv", "b"]),
    ("fit", "families"): (FIT, [*FIT, "--families", "gamma"]),
    ("fit", "picture"): (FIT, [*FIT, "--picture", "qq.svg"]),
    ("fit", "json"): (FIT, [*FIT, "--json"]),
    **{("export", key): (EXPORT, [*EXPORT, *words]) for key, words in DRAWN.items()},
    ("export", "file"): (EXPORT, ["export", "other.py", *EXPORT[2:]]),
    ("export", "names"): (EXPORT, ["export", "model.py", "price", "--to", "csv"]),
    ("export", "to"): (EXPORT, [*EXPORT[:-1], "json"]),
    ("export", "output"): (EXPORT, [*EXPORT, "-o", "out.csv"]),
    ("export", "json"): (EXPORT, [*EXPORT, "--json"]),
    ("export", "set"): (EXPORT, [*EXPORT, "--set", "price=3 to 4 USD/hour"]),
    **{("score", key): (SCORE, [*SCORE, *DRAWN[key]]) for key in ("samples", "seed", "method")},
    ("score", "file"): (SCORE, ["score", "other.py", "came.csv"]),
    ("score", "outcomes"): (SCORE, ["score", "model.py", "more.csv"]),
    ("score", "mass"): (SCORE, [*SCORE, "--mass", "50%"]),
    ("score", "json"): (SCORE, [*SCORE, "--json"]),
    ("score", "set"): (SCORE, [*SCORE, "--set", "price=3 to 4 USD/hour"]),
    ("score", "scenario"): (SCORE, [*SCORE, "--scenario", "cheap"]),
    ("decide", "file"): (DECIDE, ["decide", "other.py", "choice"]),
    ("decide", "decision"): (DECIDE, ["decide", "model.py", "other"]),
    ("decide", "json"): (DECIDE, [*DECIDE, "--json"]),
    ("decide", "group"): (DECIDE, [*DECIDE, "--group", "all=price"]),
    ("decide", "measure"): (DECIDE, [*DECIDE, "--measure", "price=1"]),
    ("decide", "picture"): (DECIDE, [*DECIDE, "--picture", "t.svg"]),
    ("decide", "set"): (DECIDE, [*DECIDE, "--set", "price=3 to 4 USD/hour"]),
    ("sensitivity", "picture"): (DRIVERS, [*DRIVERS, "--picture", "t.svg"]),
    ("compare", "picture"): (CHANGED, [*CHANGED, "--picture", "t.svg"]),
    ("compare", "waterfall"): (CHANGED, [*CHANGED, "--waterfall", "t.svg"]),
    ("sensitivity", "set"): (DRIVERS, [*DRIVERS, "--set", "price=3 to 4 USD/hour"]),
    **{
        ("compare", key): (CHANGED, [*CHANGED, *DRAWN[key]])
        for key in ("samples", "seed", "method")
    },
    ("compare", "old"): (CHANGED, ["compare", "other.py", "other.py"]),
    ("compare", "new"): (CHANGED, ["compare", "model.py", "model.py"]),
    ("compare", "json"): (CHANGED, [*CHANGED, "--json"]),
    ("compare", "markdown"): (CHANGED, [*CHANGED, "--markdown"]),
    ("compare", "attribute"): (CHANGED, [*CHANGED, "--attribute", "cost.p99"]),
    ("compare", "fail_on"): (CHANGED, [*CHANGED, "--fail-on", "cost>1%"]),
    ("import", "file"): (IMPORT, FACTS),
    ("import", "output"): (IMPORT, ["import", LOAN, "-o", "other_name.py"]),
    ("import", "faithful"): (IMPORT, [*IMPORT, "--faithful"]),
    ("import", "fact"): (FACTS, [*FACTS, "--fact", "population=5M"]),
    ("import", "proof"): (IMPORT, [*IMPORT, "--proof"]),
    ("import", "json"): (IMPORT, [*IMPORT, "--json"]),
    ("sweep", "file"): (SWEEP, ["sweep", "other.py", *SWEEP[2:]]),
    ("sweep", "output"): (SWEEP, ["sweep", "model.py", "_helper", *SWEEP[3:]]),
    ("sweep", "over"): (SWEEP, TWO),
    ("sweep", "crosses"): (SWEEP, [*SWEEP, "--crosses", "2.5"]),
    ("sweep", "json"): (SWEEP, [*SWEEP, "--json"]),
    ("sweep", "picture"): (SWEEP, [*SWEEP, "--picture", "out.svg"]),
    ("sweep", "set"): (SWEEP, [*SWEEP, "--set", "count=4"]),
    ("seek", "file"): (SEEK, ["seek", "other.py", *SEEK[2:]]),
    ("seek", "output"): (SEEK, ["seek", "model.py", "noisy", *SEEK[3:]]),
    ("seek", "statistic"): (SEEK, [*SEEK, "--statistic", "p95"]),
    ("seek", "target"): (SEEK, [*SEEK[:4], "30", *SEEK[5:]]),
    ("seek", "by"): (SEEK, [*SEEK[:-1], "price"]),
    ("seek", "between"): (SEEK, [*SEEK, "--between", "1..2"]),
    ("seek", "picture"): (SEEK, [*SEEK, "--picture", "s.svg"]),
    ("seek", "json"): (SEEK, [*SEEK, "--json"]),
    ("seek", "set"): (SEEK, [*SEEK, "--set", "price=3 to 4 USD/hour"]),
    **{
        (command, key): (words, [*words, *DRAWN[key]])
        for command, words in (
            ("sweep", ["sweep", "model.py", "noisy", "--over", "count=1..3:3"]),
            ("seek", ["seek", "model.py", "noisy", *SEEK[3:]]),
        )
        for key in ("samples", "seed", "method")
    },
    ("run", "file"): (RUN, ["run", "other.py", "cost"]),
    ("run", "names"): (RUN, ["run", "model.py", "price"]),
    ("run", "all"): (["run", "model.py"], ["run", "model.py", "--all"]),
    ("run", "outputs"): (["run", "model.py"], ["run", "model.py", "--outputs"]),
    ("run", "percentiles"): (RUN, [*RUN, "--percentiles", "10,90"]),
    ("run", "given"): (RUN, [*RUN, "--given", "price > 7"]),
    ("run", "wide"): (["run", "model.py"], ["run", "model.py", "--wide", "sd"]),
    ("run", "json"): (RUN, [*RUN, "--json"]),
    ("run", "set"): (RUN, [*RUN, "--set", "price=3 to 4 USD/hour"]),
    ("plot", "file"): (PLOT, ["plot", "other.py", *PLOT[2:]]),
    ("plot", "names"): (PLOT, ["plot", "model.py", "price", *PLOT[3:]]),
    ("plot", "kind"): (PLOT, [*PLOT, "--kind", "cdf"]),
    ("plot", "output"): (PLOT, [*PLOT[:-1], "out.png"]),
    ("plot", "style"): (PLOT, [*PLOT, "--style", "dark"]),
    ("plot", "scale"): (PLOT, [*PLOT, "--scale", "log"]),
    ("plot", "set"): (PLOT, [*PLOT, "--set", "price=3 to 4 USD/hour"]),
    ("check", "paths"): (CHECK, ["check", "other.py"]),
    ("check", "reports"): (CHECK, [*CHECK, "--reports", "."]),
    ("check", "json"): (CHECK, [*CHECK, "--json"]),
    ("check", "markdown"): (CHECK, [*CHECK, "--markdown"]),
    ("check", "junit"): (CHECK, [*CHECK, "--junit", "out.xml"]),
    ("check", "strict"): (JUNIT, [*JUNIT, "--strict"]),
    ("check", "samples"): (CHECK, [*CHECK, "--samples", "1024"]),
    ("check", "seed"): (CHECK, [*CHECK, "--seed", "3"]),
    ("report", "paths"): (REPORT, ["report", "other.py"]),
    ("report", "output"): (REPORT, [*REPORT, "-o", "elsewhere"]),
    ("report", "percentiles"): (REPORT, [*REPORT, "--percentiles", "10,90"]),
    ("report", "samples"): (REPORT, [*REPORT, "--samples", "1024"]),
    ("report", "seed"): (REPORT, [*REPORT, "--seed", "3"]),
    ("report", "method"): (REPORT, [*REPORT, "--method", "lhs"]),
    ("report", "against"): (REPORT, [*REPORT, "--against", "no-such-revision"]),
    ("report", "scenario"): ([*REPORT, "-o", "d"], [*REPORT, "-o", "d", "--scenario", "cheap"]),
    ("report", "verify"): (REPORT, [*REPORT, "--verify"]),
    ("new", "name"): (["new", "coffee"], ["new", "tea"]),
    **{
        ("correlation", key): (TOGETHER, [*TOGETHER, *DRAWN[key]])
        for key in ("samples", "seed", "method")
    },
    ("correlation", "precision"): (TOGETHER, [*TOGETHER, "--precision", "0.0001"]),
    ("correlation", "file"): (TOGETHER, ["correlation", "other.py", *TOGETHER[2:]]),
    ("correlation", "names"): (TOGETHER, ["correlation", "model.py", "price", "cost"]),
    ("correlation", "json"): (TOGETHER, [*TOGETHER, "--json"]),
    ("correlation", "statistic"): (TOGETHER, [*TOGETHER, "--statistic", "pearson"]),
    ("correlation", "set"): (TOGETHER, [*TOGETHER, "--set", "price=3 to 4 USD/hour"]),
    **{
        (words[0], "scenarios"): (words, [*words, "--scenarios"])
        for words in (
            RUN,
            EXPORT,
            PLOT,
            DRIVERS,
            DECIDE,
            CHANGED,
            [*SWEEP[:3], "--over", "count=1,2"],
            SEEK,
            CHECK,
            TOGETHER,
        )
    },
    **{
        (words[0], "scenario"): (words, [*words, "--scenario", "cheap"])
        for words in (
            RUN,
            EXPORT,
            PLOT,
            DRIVERS,
            DECIDE,
            CHANGED,
            [*SWEEP[:2], "noisy", "--over", "count=1,2"],
            SEEK,
            CHECK,
            TOGETHER,
        )
    },
}
# How a run is carried out: none of it changes a draw. What it does is tested in tests/commands.
HOW = {
    (command, "threads")
    for command in ("run", "export", "plot", "sensitivity", "decide", "correlation")
} | {
    ("run", "store"),
    ("run", "cluster"),
    # Of a server, which tests/studio and tests/browser start.
    *(("studio", key) for key in ("path", "no_browser", "port", "calculator")),
}


def outcome(
    words: list[str], folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> str:
    """What a call prints and writes, in a folder of its own."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("model.py").write_text(MODEL)
    Path("other.py").write_text(MODEL.replace("5, 10", "5, 11"))
    rows = "".join(f"{k},{k * k}\n" for k in range(1, 7))
    Path("came.csv").write_text("quantity,outcome\nnoisy,8\n")
    Path("data.csv").write_text("a,b\n" + rows)
    Path("more.csv").write_text("a,b\n" + rows + "9,9\n")
    code = main(words)
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    said = capsys.readouterr()
    return repr((code, said, files)).replace(str(folder), "")


def options() -> set[tuple[str, str]]:
    found = set()
    for command in COMMANDS:
        subparsers = next(
            action for action in parser(command)._actions if action.choices is not None
        )
        assert isinstance(subparsers.choices, dict)
        for action in subparsers.choices[command]._actions:
            if action.dest != "help":
                found.add((command, action.dest))
    return found


def test_every_option_has_a_row() -> None:
    assert options() == {*ROWS, *HOW}


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_every_option_makes_a_difference(
    row: tuple[str, str], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    without, given = (
        outcome(words, tmp_path / str(number), capsys, monkeypatch)
        for number, words in enumerate(ROWS[row])
    )
    assert without != given


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*REPORT, "--verify", "--seed", "3"], "--seed has no effect on --verify"),
        ([*REPORT, "--verify", "--samples=64"], "--samples has no effect on --verify"),
        ([*PLOT, "--kind", "graph", "--seed", "0"], "--seed has no effect on --kind graph"),
        ([*PLOT, "--kind", "graph", "--threads", "1"], "--threads has no effect on --kind graph"),
        ([*RUN, "--samples", "64", "--samples", "128"], "--samples is given 2 times; give it once"),
        ([*REPORT, "-o", "a", "--output=b"], "--output is given 2 times; give it once"),
        ([*CHECK, "--json", "--markdown"], "not allowed with argument --json"),
        ([*RUN, "--threads", "2", "--cluster", "tcp://x:1"], "leave out threads="),
        ([*RUN, "--set", "price=1", "--set", "price=2"], "'price' is set twice"),
    ],
)
def test_options_without_an_effect_are_refused(
    words: list[str],
    message: str,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert message in outcome(words, tmp_path / "1", capsys, monkeypatch)

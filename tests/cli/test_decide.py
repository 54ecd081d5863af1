"""`guessmodel decide`."""

import json
from pathlib import Path

import pytest

from guessmodel.cli.main import main

MODEL = """
import guessmodel as gm
demand = gm.normal(mean=100, sd=20, unit="item")
fee = gm.constant(8, "USD/item")
choice = gm.decision(
    {"build": gm.constant(500, "USD") + gm.constant(3, "USD/item") * demand, "rent": fee * demand},
    minimise=True,
)
gm.scenario("cheap", {fee: "5 USD/item"})
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "stand.py"
    path.write_text(MODEL)
    return str(path)


def test_a_table(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", file, "--measure", "demand=20", "--group", "all=demand"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "choice: least is best"
    assert lines[3].split() == ["option", "mean", "[USD]", "best", "regret"]
    assert [line.split()[0] for line in lines[4:10]] == [
        *("build", "rent", "knowing:", "everything", "all", "demand")
    ]
    assert lines[-1].startswith("measuring demand with an error of 20 item is worth 2")


@pytest.mark.parametrize(
    ("unit", "sd", "told"),
    [
        ("item", "20", "20 item"),
        ("item", "0.02 thousand items", "20 item"),
        ("percent", "20", "20%"),
        ("", "20", "20"),
        ("degC", "20", "20 delta_degC"),  # a difference
        ("degC", "36 delta_degF", "20 delta_degC"),
    ],
)
def test_an_error_of_measurement_has_its_unit(
    unit: str, sd: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stand.py").write_text(
        f"""import guessmodel as gm
seen = gm.normal({{"here": (60, 140), "there": (60, 140)}}, unit={unit!r}, dim="site")
good = seen.sel(site="here") > gm.constant(100, {unit!r})
choice = gm.decision({{"go": gm.where(good, 1.0, -1.0), "stay": gm.constant(0.0)}})
"""
    )
    words = ["decide", str(tmp_path / "stand.py"), "--samples", "1024"]
    assert main([*words, "--measure", f"seen[here]={sd}"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(f"measuring seen[here] with an error of {told} is worth 0.")


def test_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", file, "choice", "--json", "--measure", "demand=20"]) == 0
    told = json.loads(capsys.readouterr().out)
    # E[max(5 (D − 100), 0)] = 100 φ(0), and of the posterior mean, whose sd is 20/√2
    assert told["evpi"]["value"] == pytest.approx(39.894, abs=0.05)
    assert told["evppi"]["demand"]["value"] == pytest.approx(39.894, abs=0.1)
    assert told["evsi"]["demand"]["value"] == pytest.approx(39.894 / 2**0.5, abs=1.0)
    assert set(told["options"]["rent"]) == {"mean", "best", "regret"}


def test_scenarios(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", file, "--scenarios", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["scenarios"]
    assert told["base"]["options"]["rent"]["mean"]["value"] == 800.0
    assert told["cheap"]["options"]["rent"]["mean"]["value"] == 500.0
    assert main(["decide", file, "--scenarios"]) == 0
    assert "cheap:" in capsys.readouterr().out


def test_a_picture(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "worth.svg"
    assert main(["decide", file, "--picture", str(picture)]) == 0
    assert "Expected regret of each option in USD" in picture.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["other"], "no decision 'other'; there are choice"),
        (["--measure", "demand"], "write 'name=sd'"),
        (["--measure", "demmand=5"], "no quantity 'demmand'; did you mean 'demand'"),
        (["--group", "x"], "write 'name=pattern'"),
        (["--scenarios", "--picture", "a.svg"], "--picture shows one scenario"),
    ],
)
def test_refused(
    file: str, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["decide", file, *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err


def test_what_is_true_of_all_scenarios_is_said_once(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(file)
    path.write_text(path.read_text().replace('unit="item")', 'unit="item") * gm.normal(1, 2)'))
    for _ in range(2):  # and again by the next command
        assert main(["decide", file, "--scenarios"]) == 0
        assert capsys.readouterr().err.count("no name") == 1

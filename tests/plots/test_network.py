"""What the picture of a model holds."""

from pathlib import Path
from textwrap import dedent

import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.plots.network import Network, network_of

INPUTS = """
import guessmodel as gm
deep = gm.normal(1, 2, "USD")
price = deep * 2
unused = gm.normal(1, 2)
"""
MODEL = """
import guessmodel as gm
from inputs import price
people = gm.constant(3)
cost = people * (price + gm.constant(1, "USD")) * gm.lognormal(1, 2)
double = cost + cost
share = gm.normal(people, 5)
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> gm.Model:
    monkeypatch.chdir(tmp_path)
    Path("inputs.py").write_text(dedent(INPUTS))
    Path("costs.py").write_text(dedent(MODEL))
    return gm.Model.from_file("costs.py")


def edges(network: Network) -> set[tuple[str, str]]:
    return {(network.nodes[a].name, network.nodes[b].name) for a, b in network.edges}


def test_names_stand_and_steps_between_them_do_not(model: gm.Model) -> None:
    network = network_of(model)
    assert {node.name: node.role for node in network.nodes} == {
        "price": "derived",
        "people": "constant",
        "cost": "derived",
        "double": "output",
        "lognormal": "draw",
        "share": "draw",
    }
    assert edges(network) == {
        ("people", "cost"),
        ("price", "cost"),
        ("lognormal", "cost"),
        ("cost", "double"),
        ("people", "share"),
    }


def test_other_files_are_shown_as_far_as_they_are_used(model: gm.Model) -> None:
    outside = [node.name for node in network_of(model).nodes if not node.own]
    assert outside == ["price"]
    everything = network_of(model, everything=True)
    assert ("deep", "price") in edges(everything)
    assert "unused" not in [node.name for node in everything.nodes]


def test_unnamed_draws_are_told_apart(model: gm.Model) -> None:
    assert [node.name for node in network_of(model).nodes if not node.named] == ["lognormal"]


def test_names_choose_what_leads_to_them(model: gm.Model) -> None:
    network = network_of(model, ["share"])
    assert [node.name for node in network.nodes] == ["people", "share"]
    assert network_of(model, ["cost"]).named("output") == ["cost"]


def test_an_unknown_name_is_an_error(model: gm.Model) -> None:
    with pytest.raises(UsageError, match="did you mean 'people'"):
        network_of(model, ["peeple"])

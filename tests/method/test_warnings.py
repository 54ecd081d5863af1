"""Warnings of method: each kind where it is meant, its twin where it is not, and silence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import ModelError
from guessmodel.graph.quantity import Variate
from guessmodel.graph.traversal import ancestors
from guessmodel.method.decisive import evaluated
from guessmodel.method.warning import REASONS
from guessmodel.method.warnings import warnings_of

ROOT = Path(__file__).parents[2]
HEAD = "import numpy as np\nimport guessmodel as gm\nS = 'a source'\n"
FIRST = HEAD.count("\n") + 1


def warned(folder: Path, text: str) -> list[tuple[int, str, str]]:
    """Line, kind and quantity of the warnings of a file; lines are counted below its head."""
    file = folder / "model.py"
    file.write_text(HEAD + text)
    found = warnings_of([gm.Model.from_file(file)])
    assert all(each.location.file == str(file) for each in found)
    return [(each.location.line - FIRST + 1, each.code, each.quantity) for each in found]


CASES = {
    "unsourced-input": (
        "price = gm.lognormal(1, 9, 'USD')\ncost = price * 2",
        [
            "price = gm.lognormal(1, 9, 'USD', source=S)\ncost = price * 2",
            # what makes units, what is chosen, helpers, and draws of a process
            "year = gm.constant(1, 'year')\n_own = gm.normal(1, 2)\n"
            "span = gm.constant(7, 'year')\nn = gm.constant({1: 1, 2: 2}, dim='n')\n"
            "mean = gm.gamma(2, 4, source=S)\nevents = gm.poisson(mean)\nx = events * _own\n",
        ],
    ),
    "plain-fit": (
        "fit = gm.normal(mean=np.mean([1, 2, 4]), sd=np.std([1, 2, 4]), source=S)\nx = fit * 2",
        [
            # the uncertainty of a mean, and a line that carries that of the parameters
            "fit = gm.normal(mean=2.3, sd=np.std([1, 2, 4]) / np.sqrt(3), source=S)\nx = fit * 2",
            "fit = gm.fit([1.0, 2.0, 4.0, 3.0, 5.0], families=['normal']).best.quantity\n"
            "x = fit * 2",
        ],
    ),
    "expected-impact": (
        "chance_of_fire = gm.constant(2, 'percent', source=S)\n"
        "damage = gm.lognormal(1e5, 1e6, 'USD', source=S)\n"
        "loss = chance_of_fire * damage",
        [
            "chance_of_fire = gm.constant(2, 'percent', source=S)\n"
            "damage = gm.lognormal(1e5, 1e6, 'USD', source=S)\n"
            "loss = gm.bernoulli(chance_of_fire, source=S) * damage",
            "chance_of_fire = gm.constant(2, 'percent', source=S)\n"
            "damage = gm.lognormal(1e5, 1e6, 'USD', source=S)\n"
            "expected_loss = chance_of_fire * damage",
            "visitors = gm.lognormal(100, 900, 'person', source=S)\n"
            "chance_to_buy = gm.beta(0.01, 0.05, source=S)\n"
            "buyers = visitors * chance_to_buy",
        ],
    ),
    "count-times-draw": (
        "people = gm.constant(20, 'person', source=S)\n"
        "weight = gm.normal(60, 95, 'kg/person', source=S)\n"
        "'''Weight of one.'''\n"
        "load = people * weight",
        [
            "people = gm.constant(20, 'person', source=S)\n"
            "weight = gm.normal(60, 95, 'kg/person', source=S)\n"
            "'''Average weight of one.'''\n"
            "load = people * weight",
            "nodes = gm.constant(20, 'node', source=S)\n"
            "throughput = gm.lognormal(60, 95, 'token/node/s', source=S)\n"
            "total = nodes * throughput",
            "load = gm.sum_of(20, gm.normal(60, 95, 'kg', source=S, name='weight'))\nx = load * 2",
            "customers = gm.poisson(900, source=S)\n"
            "price = gm.lognormal(3, 5, 'USD', source=S)\n"
            "revenue = customers * price",
        ],
    ),
    "unused-draw": (
        "spare = gm.normal(5, 6, source=S)\nprice = gm.normal(5, 6, source=S)\ncost = price * 2",
        [
            "price = gm.normal(5, 6, source=S)\nrent = gm.normal(5, 6, source=S)",  # inputs alone
            "spare = gm.normal(5, 6, source=S)\nprice = gm.normal(5, 6, source=S)\n"
            "cost = price * 2\ngm.headline(spare)",
            "spare = gm.normal(5, 6, source=S)\nprice = gm.normal(5, 6, source=S)\n"
            "cost = price * 2\n_ = gm.claim(spare, median='5.5', rtol=0.1)",
        ],
    ),
    "certain-output": (
        "base = gm.constant(3.5, source='inferred: a guess')\nprice = gm.normal(5, 6, source=S)\n"
        "cost = price * 2\nsure = base * 2",
        [
            "base = gm.constant(3.5, source=S)\nprice = gm.normal(5, 6, source=S)\n"
            "cost = price * 2\nsure = base * 2",  # a fact, to compare with
            "base = gm.constant(3.5, source='inferred: a guess')\nsure = base * 2",
            "base = gm.constant(3.5, source='inferred: a guess')\n"
            "price = gm.normal(5, 6, source=S)\ncost = price * 2\nsure = base * 2\n"
            "_ = gm.claim(sure, mean='7')",
        ],
    ),
    "negative-normal": (
        "speed = gm.normal(-1, 9, 'm/s', source=S)\n"
        "time = gm.constant(40.5, 'm', source=S) / speed",
        [
            "speed = gm.normal(3, 9, 'm/s', source=S)\n"
            "time = gm.constant(40.5, 'm', source=S) / speed",
            "price_change = gm.normal(-2, 3, 'USD', source=S)\nx = price_change * 2",
            "speed = gm.truncated(gm.normal(-1, 9, 'm/s'), lower=0.1, source=S, name='speed')\n"
            "time = gm.constant(40.5, 'm', source=S) / speed",
        ],
    ),
    "decisive-constant": (
        "area = gm.constant(140.5, 'm**2', source=S)\n"
        "rent = gm.normal(20, 20.3, 'USD/m**2', source=S)\n"
        "cost = area * rent",
        [
            "area = gm.constant(140.5, 'm**2', source=S)\n"
            "rent = gm.normal(15, 25, 'USD/m**2', source=S)\ncost = area * rent",
            "boys = gm.constant(763, 'person', source=S)\nshare = gm.beta(0.9, 0.92, source=S)\n"
            "ill = boys * share",
            "goal = gm.constant(140.5, 'USD', source=S)\n"
            "price = gm.normal(100, 101, 'USD', source=S)\n"
            "gap = goal - price",
        ],
    ),
    "hidden-unit": (
        "rent = gm.lognormal(900, 1200, 'USD/month', source=S)\nyearly = rent * 12",
        [
            "rent = gm.lognormal(900, 1200, 'USD/month', source=S)\nyearly = rent.to('USD/year')",
            "day = gm.constant(1, 'day')\nspan = 30 * day\nx = gm.normal(1, 2, source=S) * span",
            "price = gm.lognormal(900, 1200, 'USD', source=S)\ndozen = price * 12",
        ],
    ),
}


def test_every_kind_is_tried() -> None:
    assert set(CASES) == set(REASONS)


@pytest.mark.parametrize("code", CASES)
def test_it_is_told_where_it_stands_and_not_of_its_twins(code: str, tmp_path: Path) -> None:
    bad, good = CASES[code]
    found = warned(tmp_path, bad)
    assert [each[1] for each in found] == [code]
    for text in good:
        assert warned(tmp_path, text) == [], text


def test_lines_and_names(tmp_path: Path) -> None:
    lines = {code: warned(tmp_path, bad)[0] for code, (bad, _) in CASES.items()}
    assert lines["unsourced-input"] == (1, "unsourced-input", "price")
    assert lines["plain-fit"] == (1, "plain-fit", "fit")
    assert lines["expected-impact"] == (3, "expected-impact", "loss")
    assert lines["count-times-draw"] == (4, "count-times-draw", "load")
    assert lines["unused-draw"] == (1, "unused-draw", "spare")
    assert lines["certain-output"] == (4, "certain-output", "sure")
    assert lines["negative-normal"] == (1, "negative-normal", "speed")
    assert lines["decisive-constant"] == (1, "decisive-constant", "area")
    assert lines["hidden-unit"] == (2, "hidden-unit", "yearly")


def test_more_of_each(tmp_path: Path) -> None:
    """Other ways to the same mistakes."""
    cases = {
        "total": "n = gm.poisson(9, source=S)\nsize = gm.lognormal(1, 9, 'USD', source=S)\n"
        "total = size * n",
        "fitted": "from scipy import stats\nmu, sd = stats.norm.fit([1, 2, 4])\n"
        "fitted = gm.normal(mean=mu, sd=sd, source=S)\nx = fitted * 2",
        "share": "share = gm.normal(-0.1, 0.4, source=S)\nx = share * 2",
        "logged": "logged = gm.normal(-0.1, 0.4, source=S)\nx = gm.log(logged)",
        "thousands": "cost = gm.lognormal(1e3, 1e5, 'USD', source=S)\nthousands = cost / 1000",
        "damage": "p_fire = gm.beta(0.01, 0.05, source=S)\n"
        "impact = gm.lognormal(1e5, 1e6, 'USD', source=S)\ndamage = p_fire * impact",
        "harm": "fire_risk = gm.constant(0.02, source=S)\n"
        "impact = gm.lognormal(1e5, 1e6, 'USD', source=S)\nharm = impact * fire_risk",
        "load": "people = gm.constant(20, 'person', source=S)\n"
        "mass = gm.normal(60, 95, 'kg/person', source=S)\n'Weight of a person.'\n"
        "load = people * mass",
        "headcount": "headcount = gm.normal(-1, 30, 'person', source=S)\nx = headcount * 2",
        "number_of_users": "number_of_users = gm.normal(-1, 30, source=S)\nx = number_of_users * 2",
        "part": "of = gm.beta(20, 40, 'percent', source=S)\npart = of / 100",
    }
    for name, text in cases.items():
        assert [each[2] for each in warned(tmp_path, text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "risk_free_rate = gm.beta(0.01, 0.05, source=S)\n"
        "debt = gm.lognormal(1e5, 1e6, 'USD', source=S)\ninterest = risk_free_rate * debt",
        "relative_risk = gm.lognormal(0.5, 0.9, source=S)\n"
        "loss = gm.lognormal(1e5, 1e6, 'USD', source=S)\nless = relative_risk * loss",
        "p_fire = gm.beta(0.01, 0.05, source=S)\n"
        "impact = gm.lognormal(1e5, 1e6, 'USD', source=S)\nmean_loss = p_fire * impact",
        "nodes = gm.constant(20, 'node', source=S)\n"
        "power = gm.lognormal(2, 3, 'kW/node', source=S)\n'Power of a node.'\n"
        "total = nodes * power",
        "user_growth = gm.normal(-1, 30, 'person', source=S)\nx = user_growth * 2",
    ],
)
def test_words_that_are_alike_say_something_else(text: str, tmp_path: Path) -> None:
    assert warned(tmp_path, text) == []


def test_a_comment_on_one_of_its_lines_silences_it(tmp_path: Path) -> None:
    text = "price = gm.lognormal(  {}\n    1, 9, 'USD'  {}\n)\ncost = price * 2\n"
    assert warned(tmp_path, text.format("", ""))
    for comment in ("# guessmodel: ignore[unsourced-input]", "# a guess  # guessmodel: ignore"):
        assert warned(tmp_path, text.format(comment, "")) == []
        assert warned(tmp_path, text.format("", comment)) == []
    other = "# guessmodel: ignore[unused-draw, hidden-unit]"
    assert warned(tmp_path, text.format(other, ""))
    with pytest.raises(ModelError, match=r"model.py:4: there is no warning 'unsourced'") as caught:
        warned(tmp_path, text.format("# guessmodel: ignore[unsourced]", ""))
    assert "did you mean 'unsourced-input'?" in str(caught.value)


def test_what_other_files_use_is_used(tmp_path: Path) -> None:
    shared = tmp_path / "shared.py"
    shared.write_text(
        HEAD + "rate = gm.normal(5, 6, source=S)\nwage = gm.lognormal(5, 6, source=S)\n"
        "other = wage * 2\n"
    )
    alone = warnings_of([gm.Model.from_file(shared)])
    assert [(each.code, each.quantity) for each in alone] == [("unused-draw", "rate")]
    user = tmp_path / "user.py"
    for line in ("from shared import rate", "import shared\nrate = shared.rate"):
        user.write_text(f"import guessmodel as gm\n{line}\ncost = rate * 2\n")
        assert warnings_of([gm.Model.from_file(shared)]) == []
        assert warnings_of([gm.Model.from_file(shared), gm.Model.from_file(user)]) == []


def test_none_of_our_models_and_examples_is_warned_of() -> None:
    models = gm.Model.from_paths([ROOT / "models", ROOT / "examples"])
    assert [str(each) for each in warnings_of(models)] == []


def test_cases_of_each_input_are_those_of_a_run() -> None:
    """Against the model itself, with its inputs replaced by their percentiles."""
    a, b = gm.correlate([gm.lognormal(1, 9), gm.normal(3, 4)], rank=0.5)
    spread = gm.gamma({"x": (1, 3), "y": (2, 4)}, dim="d")
    rate = gm.constant(2.5)
    output = (gm.exp(b / 4) * rate + a * spread).sum("d")
    draws = [n for n in ancestors([output]) if isinstance(n.operation, Variate)]
    columns = {node: 1 + 2 * k for k, node in enumerate([*draws, rate])}
    found = evaluated(output, columns)
    medians = gm.Model(a=a, b=b, spread=spread).sample(64)
    known = {name: medians[name].median().value for name in ("a", "b")}
    sizes = sum(medians["spread"].sel(d=label).median().value for label in ("x", "y"))
    rest = np.exp(known["b"] / 4)
    assert found[0] == pytest.approx(2 * 2.5 * rest + known["a"] * sizes, rel=1e-6)
    for off, place in ((0.9, 0), (1.1, 1)):
        at = found[columns[rate] + place]
        assert at == pytest.approx(2 * off * 2.5 * rest + known["a"] * sizes, rel=1e-6)
    first = next(node for node in draws if node is a.variate)
    tall = np.log(9) / 2 / 1.6448536  # of a's logarithm; b follows it by the copula
    for sign, place in ((-1, 0), (1, 1)):
        score = sign * 1.6448536
        other = known["b"] + 2 * np.sin(np.pi / 12) * score / 2 / 1.6448536
        at = 2 * 2.5 * np.exp(other / 4) + 3.0 * np.exp(tall * score) * sizes
        assert found[columns[first] + place] == pytest.approx(at, rel=1e-5)


def test_every_kind_is_on_the_page() -> None:
    page = (ROOT / "docs" / "method.md").read_text()
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) == set(REASONS)

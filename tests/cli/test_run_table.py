"""The table of `guessmodel run`, against the model itself."""

import io
import json
import re
import sys
from collections.abc import Callable

import pytest
from run_command import Capture, Run, failed, rows

import guessmodel as gm
from guessmodel.cli.main import main
from guessmodel.cli.tables import histogram


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


def test_draws_that_something_shown_depends_on_have_a_row(
    run: Run, model: Callable[[str], None]
) -> None:
    """By the names that own them, however they are bound; helpers between them have none."""
    model(
        "import guessmodel as gm\n"
        "_rate = gm.lognormal(5, 10)\n"
        "_spare = gm.lognormal(5, 10)\n"
        "_odd = _spare * 2\n"
        "tasks = {'dig': gm.normal(3, 5), 'fill': gm.normal(2, 4)}\n"
        "known = {'a': gm.constant(1)}\n"
        "total = known['a']\n"
        "for each in tasks.values():\n"
        "    part = each * 3\n"
        "    total = total + part\n"
        "_double = total * 2\n"
        "cost = total * _rate + _double\n"
    )
    short = run()
    assert list(rows(short)) == ["_rate", "tasks[dig]", "tasks[fill]", "total", "cost"]
    assert short.endswith("5 helpers are left out; --all shows them\n")
    assert list(rows(run("cost"))) == ["cost"]
    assert list(rows(run("--outputs"))) == ["cost"]


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


def test_wide_tables_fit_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from guessmodel.cli import run_table

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
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
    assert main(["run", "model.py", "price", "--wide", "p95"]) == 0
    assert capsys.readouterr().err == (
        "warning: --wide has no effect here: nothing that is shown has labels\n"
    )


def test_figures_of_derived_quantities_have_an_error(
    run: Run, model: Callable[[str], None]
) -> None:
    draws = "x, w = gm.lognormal(1, 9), gm.lognormal(1, 9)\n"
    model("import guessmodel as gm\n" + draws + "y = gm.exp(-x) * w + 2 * x\n")
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


def test_pictures_are_those_of_the_draws(run: Run, model: Callable[[str], None]) -> None:
    """Of draws that a statistic has sorted, and of others."""
    model(
        "import guessmodel as gm\nx = gm.lognormal(1, 9)\ny = gm.sin(x) * x\nz = y - 5\n"
        "n = gm.poisson(3)\nk = n * gm.cos(x) + gm.where(x > 8, 1e6, 0)\n"
    )
    for samples in ("8192", "16384"):
        lines = run("--samples", samples).splitlines()
        for result in gm.Model.from_file("model.py").sample(int(samples)).results():
            (line,) = (each for each in lines if each.startswith(f"{result.name} "))
            assert line.endswith(histogram(result.preview).rstrip())


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
    # The mean of a few thousand draws of a maximum of two exp(4 z) hangs on the largest of them.
    model(
        """
        import guessmodel as gm
        x = gm.lognormal(mu=0, sigma=4)
        y = gm.maximum(gm.lognormal(mu=0, sigma=4, name="z"), x)
        """
    )
    text = run()
    assert any(cell.endswith(" !") for cell in rows(text)["y"])
    assert re.search(r"^! y: .+", text, re.MULTILINE)


# --- warnings -----------------------------------------------------------------------------------


def test_of_a_long_course_the_ends_and_the_middle_have_rows(
    run: Run, model: Callable[[str], None]
) -> None:
    model(
        """
        import guessmodel as gm
        months = {"month": range(1, 13)}
        flow = gm.normal(1, 2, dim=months)
        many = gm.normal(1, 2, dim={"site": list("abcdefgh")})
        few = gm.normal(1, 2, dim={"month": range(1, 7)})
        days = gm.normal(1, 2, dim={"day": [f"2025-01-0{i}" for i in range(1, 8)]})
        """
    )
    text = run()
    assert [name for name in rows(text) if name.startswith("flow")] == [
        *("flow[1]", "flow[6]", "flow[12]"),
    ]
    assert "many[d]" in text
    assert "few[2]" in text
    assert [name for name in rows(text) if name.startswith("days")] == [
        *("days[2025-01-01]", "days[2025-01-04]", "days[2025-01-07]"),
    ]
    assert text.endswith(
        "13 rows between the first, the middle and the last label are left out; --all shows them\n"
    )
    for whole in (run("--all"), run("flow"), run("--wide", "mean", "flow")):
        assert "left out" not in whole
    assert len([name for name in rows(run("flow")) if name.startswith("flow")]) == 12
    assert len(json.loads(run("--json"))["quantities"]["flow"]["mean"]) == 12


def test_values_that_go_up_and_down_show_the_least_and_the_greatest(
    run: Run, model: Callable[[str], None]
) -> None:
    model(
        """
        import guessmodel as gm
        falls = gm.constant({1: 5, 2: 3, 3: 2}, dim="year")
        wanders = gm.constant({1: 0, 2: 3, 3: 0}, dim="year")
        x = gm.normal(1, 2)
        """
    )
    table = rows(run())
    assert table["falls[1…3]"] == ["5 … 2"]
    assert table["wanders[1…3]"] == ["0 to 3"]


def test_shares_that_sum_to_1_are_inputs(run: Run, model: Callable[[str], None]) -> None:
    model(
        """
        import guessmodel as gm
        shares = gm.dirichlet({"a": 2, "b": 3}, "kind")
        income = gm.lognormal(1, 9)
        split = shares * income
        """
    )
    inputs, outputs = run().split("outputs\n")
    assert "shares[a]" in inputs
    assert "split[a]" in outputs


def test_a_category_has_a_bar_for_each_of_its_labels_that_occur(
    run: Run, model: Callable[[str], None]
) -> None:
    model(
        "import guessmodel as gm\n"
        "years = {'year': range(1, 11)}\n"
        "growth = gm.uniform(1, 2)\n"
        "size = growth * gm.constant({i: i for i in range(1, 11)}, dim='year')\n"
        "first = size.first_where(size > 4, 'year')\n"
    )
    # P(first = 3) = P(growth > 4/3), and 1 < growth < 2.
    text = run()
    table = {name: cells for name, cells in rows(text).items() if name.startswith("first")}
    assert list(table) == ["first[3]", "first[4]"]
    assert [cells[-1] for cells in table.values()] == ["████████", "████"]
    assert "9 labels that no draw has are left out; --all shows them" in text
    assert len(rows(run("first"))) == 11

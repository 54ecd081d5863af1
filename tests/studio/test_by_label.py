"""One label, or all of them, get another value in the source, however the call has its labels."""

from pathlib import Path

import pytest

from guessmodel.studio.by_label import labelled

from .conftest import written

SOURCE = """import guessmodel as gm

months = {"month": range(1, 4)}
wards = {"old": (1, 2), "new": (3, 4)}
low = 5
joining = gm.lognormal(10, 45, dim=months, source="a log")
season = gm.lognormal(0.8, 1.25, "USD", dim={"month": range(1, 7)}, source="last year")
steps = gm.pert({"a": (5, 20), "b": (10, 60)}, mode={"a": 8, "b": 20}, dim="step")
apart = gm.normal({"a": 1, "b": 2}, {"a": 5, "b": 6}, dim="step")
stay = gm.lognormal(wards, dim="ward", unit="day")
ends = gm.normal(low, high=9, dim={"site": ["north", "south"]})
spread = gm.normal(mean={"a": 1, "b": 2}, sd=3, dim="step", shared="step")
fee = gm.constant(3, "USD", dim={"site": ["north", "south"]})
rate = gm.poisson(4, dim={"day": ["2025-01-31", "2025-02-01"]})
both = gm.lognormal(1, 2, dim={"row": [1, 2], "column": [3, 4]})
rent = gm.lognormal({"old": (200, 300), "new": (300, 450)}, unit="USD/day", dim="site")
"""
LONG = '''{
    1: (0.8, 1.25),
    2: (0.8, 1.25),
    3: (1, 1.5),
    4: (0.8, 1.25),
    5: (0.8, 1.25),
    6: (0.8, 1.25),
}, unit="USD", dim="month"'''


@pytest.mark.parametrize(
    ("key", "text", "was", "becomes"),
    [
        (
            "joining[2]",
            "5 to 8",
            "10, 45, dim=months",
            '{1: (10, 45), 2: (5, 8), 3: (10, 45)}, dim="month"',
        ),
        ("season[3]", "1 to 1.5", '0.8, 1.25, "USD", dim={"month": range(1, 7)}', LONG),
        (
            "steps[a]",
            "pert(4, 7, 25)",
            '(5, 20), "b": (10, 60)}, mode={"a": 8,',
            '(4, 25), "b": (10, 60)}, mode={"a": 7,',
        ),
        ("apart[b]", "3 to 9", '"b": 2}, {"a": 5, "b": 6}', '"b": 3}, {"a": 5, "b": 9}'),
        ("stay[old]", "2 to 3", "(wards, ", '({**wards, "old": (2, 3)}, '),
        (
            "ends[south]",
            "4 to 8",
            'low, high=9, dim={"site": ["north", "south"]}',
            '{"north": (low, 9), "south": (4, 8)}, dim="site"',
        ),
        (
            "spread[a]",
            "normal(mean=4, sd=2)",
            '{"a": 1, "b": 2}, sd=3, dim',
            '{"a": 4, "b": 2}, sd={"a": 2, "b": 3}, dim',
        ),
        (
            "spread[a]",
            "normal(mean=4, sd=3)",
            'mean={"a": 1, ',
            'mean={"a": 4, ',
        ),  # sd stays as it is
        (
            "fee[north]",
            "4 USD",
            '3, "USD", dim={"site": ["north", "south"]}',
            '{"north": 4, "south": 3}, "USD", dim="site"',
        ),
        (
            "rate[2025-02-01]",
            "poisson(6)",
            '4, dim={"day": ["2025-01-31", "2025-02-01"]}',
            '{"2025-01-31": 4, "2025-02-01": 6}, dim="day"',
        ),
        ("rent[new]", "310 to 450", "(300, 450)", "(310, 450)"),
    ],
)
def test_one_label(file: Path, key: str, text: str, was: str, becomes: str) -> None:
    assert written(file, key, text) == SOURCE.replace(was, becomes, 1)


@pytest.mark.parametrize(
    ("key", "text", "was", "becomes"),
    [
        ("stay", "5 to 8", "wards, dim", '{"old": (5, 8), "new": (5, 8)}, dim'),
        ("both", "2 to 3", "1, 2, dim", "2, 3, dim"),
        (
            "steps",
            "5 to 8",
            '{"a": (5, 20), "b": (10, 60)}, mode={"a": 8, "b": 20}, dim',
            '{"a": (5, 8), "b": (5, 8)}, dim',
        ),
        (
            "rent",
            "250",
            'lognormal({"old": (200, 300), "new": (300, 450)}, unit',
            'constant({"old": 250, "new": 250}, unit',
        ),
        ("season", "1 to 2", "0.8, 1.25", "1, 2"),
    ],
)
def test_all_labels(file: Path, key: str, text: str, was: str, becomes: str) -> None:
    assert written(file, key, text) == SOURCE.replace(was, becomes, 1)


def test_a_label_after_another(file: Path) -> None:
    """What was written for one label is edited at the next, and at all."""
    written(file, "stay[old]", "2 to 3")
    new = written(file, "stay[new]", "5 to 6")
    assert '{**wards, "old": (2, 3), "new": (5, 6)}' in new
    assert 'gm.lognormal({"old": (1, 9), "new": (1, 9)}, dim' in written(file, "stay", "1 to 9")


@pytest.mark.parametrize("name", ["one", "plain"])
def test_what_has_no_labels_has_no_value_for_each(name: str) -> None:
    import libcst as cst

    from guessmodel.studio.calls import Place
    from guessmodel.units import parse

    call = cst.parse_expression("gm.lognormal(1, 2)")
    assert isinstance(call, cst.Call)
    assert not labelled(call, Place(name, 1, parse("USD")))

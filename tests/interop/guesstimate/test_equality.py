"""What the sheet and its model give, side by side."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.interop.guesstimate.equality import compared, displayed
from guessmodel.interop.guesstimate.importing import drafted, import_sheet

Sheet = Callable[..., bytes]
DATA = Path(__file__).parents[1] / "data"


def test_the_displayed_interval_is_split_at_the_mean() -> None:
    """Ten draws by hand: the mean is 5.5, five lie below it and five above."""
    draws = np.array([10.0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert displayed(draws) == (5.5, 1, 10)
    hundred = np.arange(100.0)
    assert displayed(hundred) == (49.5, 5, 95)
    assert displayed(np.append(hundred, [np.nan] * 50)) == (49.5, 5, 95)
    assert displayed(np.full(5, 3.0)) == (3, 3, 3)
    assert all(map(math.isnan, displayed(np.full(5, np.nan))))


def test_cells_that_mean_the_same_agree(sheet: Sheet) -> None:
    data = sheet(
        ("price", "5 to 10"),
        ("share", "3 of 10"),
        ("count", "", {"data": [1, 2, 3, 10]}),
        ("income", "=A0 * A1 * A2"),
        ("kept", "=filterLessThan(A3, 2)"),
        ("ten", "=10"),
    )
    found = import_sheet(data)
    assert found.equality is not None and found.equality.holds
    assert [row.name for row in found.equality.rows][:2] == ["price", "share"]
    assert {row.differs for row in found.equality.rows} == {False}


def test_an_end_between_two_values_of_data(sheet: Sheet) -> None:
    """Of twenty values above the mean the 90th percentile is between two, and that of a batch is
    one of both by chance: no difference. Other data are one."""
    values = [*range(1, 21), *range(40, 60)]
    chance = sheet(
        ("data", "", {"data": values}),
        ("share", "=randomInt(0, 100)"),
        ("other", "3 to 5"),
        ("sum", "=${metric:A1} > 40 ? ${metric:A0} : ${metric:A2}"),
    )
    found = import_sheet(chance)
    assert found.equality is not None and found.equality.holds
    understood, text, _ = drafted(chance)
    data = gm.empirical([*values[:-2], 178, 179])
    share, other = gm.floor(gm.uniform(0, 100)), gm.lognormal(3, 5)
    wrong = gm.Model(data=data, share=share, other=other, sum_=gm.where(share > 40, data, other))
    rows = compared(understood, text.quantities, wrong).rows
    assert [row.name for row in rows if row.differs] == ["data", "sum_"]


@pytest.mark.parametrize(
    "other",
    [
        {"x": gm.lognormal(5, 10.3)},  # a wider range
        {"x": gm.normal(5, 10)},  # another family
        {"x": gm.lognormal(5, 10) + 0.1},  # another mean
        {"y": gm.constant(3.0001)},
    ],
)
def test_a_difference_is_seen(other: dict[str, gm.Quantity], sheet: Sheet) -> None:
    understood, text, _ = drafted(sheet(("x", "5 to 10"), ("y", "3")))
    right = {"x": gm.lognormal(5, 10), "y": gm.constant(3)}
    assert compared(understood, text.quantities, gm.Model(**right)).holds
    wrong = compared(understood, text.quantities, gm.Model(**{**right, **other}))
    assert [row.name for row in wrong.rows if row.differs] == list(other)


def test_ranges_are_those_of_the_rules(sheet: Sheet) -> None:
    """The displayed interval of a lognormal range, by SciPy: percentiles of its two parts."""
    from scipy import stats

    found = import_sheet(sheet(("x", "5 to 10"), ("y", "-5 to 10"), ("z", "5 to 10"))).equality
    assert found is not None
    middle, width = math.log(50) / 2, math.log(2) / 2 / 1.645
    lognormal = stats.lognorm(width, scale=math.exp(middle))
    normal = stats.norm(2.5, 7.5 / 1.645)
    for row, exact in zip(found.rows, (lognormal, normal), strict=False):
        below = exact.cdf(exact.mean())
        low, high = exact.ppf(0.1 * below), exact.ppf(below + 0.9 * (1 - below))
        assert row.model == pytest.approx((exact.mean(), low, high), rel=1e-3)
        for number, wanted, error in zip(
            row.sheet, (exact.mean(), low, high), row.errors, strict=True
        ):
            assert abs(number - wanted) < 6 * error


def test_as_table_html_json_and_pandas(sheet: Sheet) -> None:
    found = import_sheet(sheet(("x", "1,000,000"), ("y", "=cauchy(0, 1)"))).equality
    assert found is not None and not found.holds
    head, million, _ = found.cells()
    assert head[1:3] == ["mean: sheet", "model"]
    assert million[0] == "x" and million[1:3] == ["1000", "1M"] and million[-1] == "differs"
    assert "<table>" in found._repr_html_()
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["holds"] is False
    assert document["cells"][0]["sheet"] == {"mean": 1000, "low": 1000, "high": 1000}
    assert document["cells"][1]["model"]["mean"] is None
    assert str(found).splitlines()[0].startswith("Sheet by Guesstimate's rules (16 times 2,000")
    pytest.importorskip("pandas")
    assert list(found.to_pandas()["cell"]) == ["x (A0)", "y (A1)"]


@pytest.mark.parametrize("file", sorted(DATA.glob("*_*.json")), ids=lambda file: file.stem)
def test_sample_sheets_agree_where_the_original_is_followed(file: Path) -> None:
    found = import_sheet(file.read_bytes(), faithful=True).equality
    assert found is not None
    assert [row.name for row in found.rows if row.differs] == []

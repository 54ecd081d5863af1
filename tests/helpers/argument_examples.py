"""Quantities, runs and calls that the tables of arguments are written with: see
`test_arguments_of_functions.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

import guessmodel as gm
from guessmodel import plots
from guessmodel.model.scenario import Scenario

PRICE = gm.normal(2, 3, "USD", name="price")
ROWS = gm.normal({"a": (1, 2), "b": (2, 4)}, dim="case", name="rows")
YEARS = gm.normal(1, 2, dim={"year": range(3)})
BOTH = gm.normal(ROWS, 9, dim={"year": range(3)})
MODEL = gm.Model(price=PRICE, rows=ROWS, years=YEARS, both=BOTH)
DRAWN = MODEL.sample(1024, method="random")
RESULT, LABELS, ALONG = DRAWN["price"], DRAWN["rows"], DRAWN["years"]
OTHER = DRAWN["rows"].sel(case="a")
OTHERS = gm.Model(x=gm.normal(3, 5, dim={"year": range(4)})).sample(1024)["x"]
RATE = gm.constant(1.5, "percent")
DEAR = 2.5 * gm.constant(1, "USD") < PRICE
A, B = gm.normal(1, 2), gm.normal(1, 4)
SWUNG = gm.Model(a=A, b=B, out=A * B + A, other=A + B).sample(1024)
DRIVERS = SWUNG.sensitivity("out")
DECIDED = [gm.decision({"a": A * B, "b": x}).evaluate(SWUNG) for x in (3, 4)]
FITS = [gm.fit([1, 2, 3, 4, x], ["normal", "gamma"]) for x in (5, 6)]
_OLD = gm.Model(a=A, b=B, out=A * B)
MOVED, MOVED_MORE = (
    gm.compare(_OLD, _OLD.with_(a=gm.normal(1, most), b=gm.normal(2, 4)), 1024) for most in (5, 6)
)
SWEPT = gm.Model(
    fee=(FEE := gm.constant(3)), share=(SHARE := gm.constant(2)), out=FEE * A + SHARE, other=FEE + B
)
MAPPED = SWEPT.sweep({"fee": [1, 2], "share": [3, 4]}, "out", n=64).result
BEST = gm.Model(best=ROWS.idxmin("case")).sample(1024)["best"]
EVENTS = gm.poisson(2).sample(1024)
MODULES = [Path(__file__).parents[2] / "models" / f"{name}.py" for name in ("twitter", "labour")]


def draws(made: Any) -> str:
    values = gm.Model(x=made).sample(64, method="random")["x"].values
    return repr((made.unit, made.dims, values.tobytes()))


def simulated(**options: Any) -> str:
    simulation = MODEL.sample(**{"n": 512, "method": "random", **options})
    first = simulation[next(iter(simulation))]
    return repr((simulation.run, tuple(simulation), first.preview.tobytes()))


def lazily(**options: Any) -> str:
    data = MODEL.lazy(**{"n": 512, "method": "random", **options})
    return repr((list(data), next(iter(data.values())).values.tobytes()))


def told(claim: Any) -> str:
    figures = [(s, claim.accepted(s).text) for s in claim.statements]
    said = claim.expected, claim.source, claim.note, claim.scenario, claim.kind
    return repr((figures, claim.labels, said, claim.subjects))


def scenario(price: Any) -> Scenario:
    return gm.scenario("other", {"price": price})


def changes(new: gm.Model, n: int = 64, **how: Any) -> str:
    found = MODEL.compare(new, n, **how)
    return f"{found.run} {found.to_dict()}"


def compared(**options: Any) -> str:
    models = {"old": MODEL, "new": MODEL.with_(price=gm.uniform(1, 3, "USD"))}
    return repr(gm.compare(**{**models, "n": 64, "method": "random", **options}).to_dict())


def claimed(**options: Any) -> str:
    return told(gm.claim(PRICE, **{"mean": "2.5 USD", **options}))


def of_rows(**options: Any) -> str:
    return told(gm.claim(ROWS, mean="2", **options))


def ratio(numerator: Any = PRICE, denominator: Any = PRICE, figure: Any = "1.0", **how: Any) -> str:
    return told(gm.claim_ratio_of_means(numerator, denominator, figure, **how))


def joint(first: Any = PRICE, second: Any = PRICE, **how: Any) -> str:
    return told(gm.claim_joint(first, second, **{"correlation": "1.0", **how}))


def checked(tmp_path: Path, figure: str = "1.9", **options: Any) -> str:
    file = tmp_path / "made.py"
    text = "import guessmodel as gm\ncost = gm.lognormal(1, 3)\n"
    text += f"gm.claim(cost**1.5, mean={figure!r})\n"
    text += "gm.scenario('double', {cost: '2 to 6'})\n"
    file.write_text(text + "gm.claim(gm.apply(abs, cost), mean='1.8314')\n")
    result = gm.check(**{"models": file, "samples": 512, **options})
    return repr([(c.computed, c.samples) for c in result.claims]) + repr(result)


def swept(**given: Any) -> str:
    return str(SWEPT.sweep(**{"over": {"fee": [1, 2]}, "output": "out", "n": 64} | given))


def sought(**given: Any) -> str:
    usual = {"output": "out", "statistic": "mean", "target": 9, "by": "fee", "n": 64}
    return str(SWEPT.seek(**usual | given))


def asked_sweep(**given: Any) -> str:
    asked = gm.sweep(**{"over": {"fee": [1, 2]}, "output": "out"} | given)
    return str(asked.evaluate(SWEPT, n=64))


def asked_seek(model: gm.Model = SWEPT, **given: Any) -> str:
    usual = {"output": "out", "statistic": "mean", "target": 9, "by": "fee"}
    return str(gm.seek(**usual | given).evaluate(model, n=64))


def asked_seek_at(case: Any) -> str:
    fee = gm.constant(3)
    out = fee * gm.normal({"a": (1, 2), "b": (3, 4)}, dim="case")
    return asked_seek(gm.Model(fee=fee, out=out), labels={"case": case})


def pictured(made: Any) -> str:
    return plots.svg(made[0] if isinstance(made, list) else made)


def sized(figure: Any) -> str:
    return repr((figure.get_size_inches().tolist(), figure.get_facecolor()))


def by_model(asked: bool) -> str:
    """Refused where all inputs come from one model."""
    try:
        return str(SWUNG.sensitivity("out", by_model=asked))
    except gm.GuessmodelError as error:
        return str(error)


def axes() -> Any:
    return plots.new_axes(9.0, 2.0)


Pair = tuple[Callable[[], Any], Callable[[], Any]]
GIVEN: dict[Callable[[], Any], Callable[[Any], Any]] = {}
"""By the first call of a pair that `two` made: the same with any value."""


def two(call: Callable[..., Any], *values: Any) -> Pair:
    """Two calls of one function, with two values."""
    first, second = values

    def at_first() -> Any:
        return call(first)

    GIVEN[at_first] = call
    return at_first, lambda: call(second)


def option(call: Callable[..., Any], **given: Any) -> Pair:
    """A call without and with an option."""
    return call, lambda: call(**given)


def tabled(folder: Path, value: str = "3", **how: Any) -> str:
    (folder / "table.csv").write_text(f"case,n,m\n1,{value},4\n")
    found = gm.table(folder / "table.csv", **how)
    return repr([(name, q.dims, q.source, q.operation) for name, q in found.items()])


def book(folder: Path, value: float = 3.0) -> Path:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in (("case", "n", "case", "m"), ("a", value, "b", 4.0)):
        sheet.append(row)
    for name, ref in (("A", "A1:B2"), ("B", "C1:D2")):
        sheet.add_table(Table(displayName=name, ref=ref))
    for name, cell in (("x", "$B$2"), ("y", "$D$2")):
        made.defined_names[name] = DefinedName(name, attr_text=f"{sheet.title}!{cell}")
    made.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def booked(folder: Path, table: str) -> str:
    return repr(sorted(gm.table(book(folder), table=table)))


def celled(folder: Path, value: float = 3.0, **how: Any) -> str:
    found = gm.from_xlsx(book(folder, value), **how)
    return repr([(name, str(q.unit), q.operation) for name, q in found.items()])


def fitted_column(folder: Path, column: str) -> str:
    rows = "".join(f"{k},{k * k}\n" for k in range(1, 7))
    (folder / "fitted.csv").write_text("a,b\n" + rows)
    return str(gm.fit(folder / "fitted.csv", "normal", column=column))


def exported(folder: Path, path: str, to: str | None = None) -> Any:
    DRAWN.export(folder / path, to)
    return (path, (folder / path).read_bytes())

"""A model whose every text tries to be markup, and one with labels, categories and claims."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from guessmodel.model.model import Model
from guessmodel.report import Document, write
from guessmodel.report.files import read

PLAIN = '''"""What lunch costs.

Two ways to eat, `at home` and out.

    cost = price * days
"""
import guessmodel as gm

days = gm.constant(250, "day/year", source="see https://example.org/days.")
price = gm.lognormal(
    {"home": (2, 4), "out": (8, 20)}, unit="USD/day", dim="place",
    source="arXiv:2203.15556, Table 2",
)
"""Price of a lunch."""
factor = gm.uniform(1, 2, source="inferred: nobody knows")
cost = price * days * factor
"""Cost of a year."""
cheap = factor < 1.5
home = cost.sel(place="home").to("USD/day")
over = cost.sel(place="out") / home
"""How much more it costs to eat out."""
best = cost.idxmin("place")
years = gm.normal({2025: (1, 2), 2026: (1, 3), 2027: (1, 4)}, unit="USD", dim="year")
gm.claim(over, median="4.5", source="a blog", rtol=0.15)
gm.claim(home, guesstimate_interval="700 to 1600 USD/year", source="a blog", rtol=0.15)
gm.claim(factor, mean="3", expected="falls short", source="another blog", note="It is old.")
'''

HOSTILE = '''"""<script>alert("title")</script> *bold* [a](javascript:alert(1))

# not a heading

<img src=x onerror=alert(2)> and javascript:alert(3) and `<b>code</b>`

- not a list
1. nor one
"""
import guessmodel as gm

gm.unit("bits_and_bobs")
prices = {"<script>alert(4)</script>": gm.normal(1, 2, "USD", source="<script>alert(5)</script>")}
odd = gm.normal(
    {"</td><script>alert(6)</script>": (1, 2), "a|b`c": (2, 3)},
    unit="bits_and_bobs",
    dim="<i>dim</i>",
    source="javascript:alert(7) [x](javascript:alert(8)) https://example.org/?a=1&b=<script>",
    doc="<script>alert(9)</script> & \\"quotes\\" 'too' $x$ \\x00\\x1b",
)
total = prices["<script>alert(4)</script>"] * 2
gm.claim(
    total, mean="3 USD", source="</script><script>alert(10)</script>", note="<svg onload=alert(11)>"
)
'''


@pytest.fixture(scope="session")
def reports() -> Iterator[Path]:
    """Folder with `models` and the `reports` of both."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "models").mkdir()
        (folder / "models" / "lunch.py").write_text(PLAIN)
        (folder / "models" / "hostile.py").write_text(HOSTILE)
        write([folder / "models"], folder / "reports")
        yield folder


@pytest.fixture(scope="session")
def lunch(reports: Path) -> Model:
    """The model of lunches."""
    return Model.from_file(reports / "models" / "lunch.py")


@pytest.fixture(scope="session")
def lunch_document(reports: Path) -> Document:
    """Its document."""
    return read(reports / "reports" / "lunch.json")


@pytest.fixture(scope="session")
def hostile_document(reports: Path) -> Document:
    """The document of the other."""
    return read(reports / "reports" / "hostile.json")

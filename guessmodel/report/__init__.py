"""Reports: one document a model (plain data by `schema.json`), rendered as Markdown and HTML.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> text = "import guessmodel as gm\\nprice = gm.normal(5, 8, 'USD')\\n"
>>> with TemporaryDirectory() as folder:
...     _ = Path(folder, "prices.py").write_text(text)
...     files = write([f"{folder}/prices.py"], f"{folder}/reports").files
>>> [file.name for file in files if file.suffix != ".svg"]
['prices.json', 'prices.md', 'prices.html', 'README.md', 'index.html']
"""

from guessmodel.report.document import Document as Document
from guessmodel.report.document import document as document
from guessmodel.report.files import Options as Options
from guessmodel.report.files import Outcome as Outcome
from guessmodel.report.files import read as read
from guessmodel.report.files import rendered as rendered
from guessmodel.report.files import text_of as text_of
from guessmodel.report.files import verify as verify
from guessmodel.report.files import write as write

__all__ = [
    "Document",
    "Options",
    "Outcome",
    "document",
    "read",
    "rendered",
    "text_of",
    "verify",
    "write",
]

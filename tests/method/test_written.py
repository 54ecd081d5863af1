"""Texts of model files: pipes and broken files beside them are passed over."""

import os
from pathlib import Path

from guessmodel.method.written import Written, imported_beside


def test_files_beside_it_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "shared.py"
    file.write_text("x = 1\n")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "link.py").symlink_to("nowhere.py")
    (tmp_path / "broken.py").write_text("from shared import (")
    (tmp_path / "user.py").write_text(
        "from .shared import x, y as z\nimport pack.shared as s\ns.w\n"
    )
    assert imported_beside(file) == {"x", "y", "w"}


def test_the_shortest_statement_around_a_line(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text("def f():\n    x = (\n        1\n    )\n    return x\n\n\ny = 2\n")
    text = Written.of(file)
    assert [text.span(line) for line in (1, 3, 5, 8)] == [(1, 1), (2, 4), (5, 5), (8, 8)]

"""The built file of the front end: small, of its sources, with the licences of what is in it."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "guessmodel" / "page"
BUILT = (PAGE / "dist" / "page.js").read_text(encoding="utf-8")


def test_it_names_what_it_holds_with_its_licence() -> None:
    libraries = json.loads((PAGE / "package.json").read_text())["dependencies"]
    assert list(libraries) == ["preact"]  # at most one plotting or view helper
    head = BUILT.partition("*/")[0]
    assert BUILT.startswith("/*!\n")
    assert f"Preact {libraries['preact']}" in head
    for words in ("Copyright (c) 2015-present Jason Miller", "Permission is hereby granted"):
        assert words in head


def test_it_is_small() -> None:
    assert len(gzip.compress(BUILT.encode())) < 60_000


def test_it_asks_for_nothing_from_elsewhere() -> None:
    body = BUILT.partition("*/")[2]
    for words in ("import(", "XMLHttpRequest", "eval(", "new Function", "importScripts"):
        assert words not in body


def test_it_is_that_of_its_sources(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None or not (PAGE / "node_modules").is_dir():
        pytest.skip("NO NODE MODULES: run npm ci in guessmodel/page; .ci/run does")
    script = json.loads((PAGE / "package.json").read_text())["scripts"]["build"]
    command = script.replace("dist/page.js", str(tmp_path / "page.js"))
    subprocess.run([npm, "exec", "--", *command.split()], cwd=PAGE, check=True, capture_output=True)
    assert (tmp_path / "page.js").read_text(encoding="utf-8") == BUILT

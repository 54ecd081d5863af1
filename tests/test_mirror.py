"""tests/ has a file for each module, at the same path; or a test names the module; or it is tested
with the module of its room that is made of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "guessmodel"

# Modules that have none of these, and the tests of what they are for.
TESTED_BY = {
    "analysis/correlations.py": "cli/test_correlation.py",  # a method of a simulation
    "analysis/dominance.py": "analysis/test_decision.py",  # a part of a decision's answer
    "analysis/value_of_information.py": "statistical/test_coverage_decisions.py",
    "claims/claim_on_two.py": "claims/test_subjects.py",  # claims of a ratio, of two together
    "cli/studio.py": "studio/test_app.py",  # the command alone starts a server that goes on
    "graph/definitions.py": "analysis/test_compare.py",  # which of two versions' names are edited
    "graph/hybrids.py": "analysis/test_attribution.py",  # graphs in which some edits are made
    "interop/squiggle": "interop/squiggle/test_agreement.py",  # a language, by its programs
    "simulation/refusals.py": "test_attributes.py",  # what a result is not
    "starting.py": "cli/test_streams.py",  # what an interrupt of a start does
    "studio/warm.py": "studio/test_app.py",  # imports of a process that others are forked from
    "version.py": "test_documentation.py",
}


def modules(file: Path) -> Iterator[str]:
    """What a file imports from the package."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def test_each_module_has_a_test() -> None:
    files = {file for file in PACKAGE.rglob("*.py") if not file.stem.startswith("__")}
    names = {
        file: ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts) for file in files
    }
    named = {name for file in TESTS.rglob("*.py") for name in modules(file)}
    tested = {
        file
        for file in files
        if names[file] in named
        or (TESTS / file.relative_to(PACKAGE).with_name(f"test_{file.name.lstrip('_')}")).exists()
    }
    parts = {
        (file.relative_to(PACKAGE).parts[0], name) for file in tested for name in modules(file)
    }
    alone = [
        file.relative_to(PACKAGE).as_posix()
        for file in files - tested
        if (file.relative_to(PACKAGE).parts[0], names[file]) not in parts
    ]
    left = {each for each in alone if not each.startswith(tuple(TESTED_BY))}
    assert left == set(), "modules without a test: write one, in the same place"
    unneeded = {each for each in TESTED_BY if not any(a.startswith(each) for a in alone)}
    assert unneeded == set(), "exceptions that are none"
    assert all((TESTS / file).exists() for file in TESTED_BY.values())

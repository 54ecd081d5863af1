"""Imports the package the ordinary way before any of its doctests is collected, and adds --long.

Under --import-mode=importlib a module of the package that is collected first would otherwise exist
twice, and its classes would not be equal to themselves.
"""

import pytest

import guessmodel  # noqa: F401


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="look for the unforeseen at length: every kill, many broken reports and models",
    )


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the tests that look for the unforeseen may take their time."""
    return bool(request.config.getoption("--long"))

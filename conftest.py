"""Imports the package the ordinary way before any of its doctests is collected, adds --long, and
says which examples hypothesis tries.

Under --import-mode=importlib a module of the package that is collected first would otherwise exist
twice, and its classes would not be equal to themselves.
"""

import os

import numpy as np
import pytest
from hypothesis import settings

import guessmodel  # noqa: F401
from guessmodel.analysis.exact_shares import ExactShares

# The same examples wherever a change is judged, so that only the change can make it fail. The
# nightly run looks for new ones with --hypothesis-profile=explore. No deadline for single examples:
# the first one may import SciPy, and CI machines stall.
_SAME = "same"
settings.register_profile("explore", deadline=None, print_blob=True)
settings.register_profile(_SAME, deadline=None, derandomize=True)
settings.load_profile(_SAME)


# Where GitHub runs the tests, `check` would write to stderr what it writes nowhere else.
os.environ.pop("GITHUB_ACTIONS", None)


def pytest_sessionstart() -> None:
    # Derandomised or not, hypothesis takes some numbers from the source of all modules that happen
    # to be loaded: from other tests, and from edits that change no behaviour. It has no setting for
    # that. Older versions, without this module or function, take none.
    try:
        from hypothesis.internal.conjecture import providers
    except ImportError:
        return
    if hasattr(providers, "_get_local_constants") and settings.get_current_profile_name() == _SAME:
        providers._get_local_constants = providers.Constants


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


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers that are the same whichever tests ran before."""
    return np.random.default_rng(4)


@pytest.fixture
def by_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares of variances are told from draws, also where they are known exactly."""
    monkeypatch.setattr(ExactShares, "of", staticmethod(lambda *_: None))

"""Distributions of PreliZ: the real ones where it is installed (it is heavy, and is skipped loudly
where it is not), and a stand-in with its interface everywhere."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.errors import GuessmodelError


def standing_in(name: str, frozen: Any, kind: str = "continuous", **changes: Any) -> Any:
    """An object with the interface of PreliZ 0.24."""
    kinds = {
        **{key: getattr(frozen, key) for key in ("ppf", "isf", "cdf", "sf", "mean", "var")},
        "pdf": frozen.pmf if kind == "discrete" else frozen.pdf,
        **{"kind": kind, "is_frozen": True, "params": (2.0, 3.0), "param_names": ("a", "b")},
        **{"support": frozen.support(), "__module__": "preliz.distributions.some"},
        **changes,
    }
    return type(
        name, (), {key: staticmethod(v) if callable(v) else v for key, v in kinds.items()}
    )()


GAMMA = stats.gamma(2, scale=1 / 3)


def test_it_is_drawn_as_that_of_scipy() -> None:
    for frozen, kind in ((GAMMA, "continuous"), (stats.poisson(3), "discrete")):
        ours = gm.from_preliz(standing_in("Some", frozen, kind), "day", name="x")
        theirs = gm.from_scipy(frozen, "day", name="x")
        assert np.array_equal(ours.sample(256).values, theirs.sample(256).values)
        assert ours.sample(256).quantile(0.9) == theirs.sample(256).quantile(0.9)
        assert ours.sample(256).mean() == theirs.sample(256).mean()
    assert repr(gm.from_preliz(standing_in("Some", GAMMA))).startswith("<draw preliz Some")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (GAMMA, "takes a distribution such as preliz.Gamma.*scipy.stats go into gm.from_scipy"),
        (3, "not int"),
        (standing_in("Dirichlet", GAMMA, "continuous_multivariate"), "Dirichlet is none"),
        (standing_in("Gamma", GAMMA, is_frozen=False), "preliz.Gamma has no parameters yet"),
        (standing_in("Gamma", stats.gamma(-1)), "Gamma has no distribution for its parameters"),
    ],
)
def test_what_is_refused(given: Any, told: str) -> None:
    with pytest.raises(GuessmodelError, match=told):
        gm.from_preliz(given)


@pytest.fixture
def preliz() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that PyMC is not there
        return pytest.importorskip("preliz", reason="preliz is heavy: run where it is installed")


def test_real_ones(preliz: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for given, frozen in (
            (preliz.Gamma(2, 3), GAMMA),
            (preliz.Poisson(3), stats.poisson(3)),
            (preliz.StudentT(4, 1, 2), stats.t(4, 1, 2)),
            (preliz.Truncated(preliz.Normal(0, 1), -1, 2), stats.truncnorm(-1, 2)),
        ):
            result = gm.from_preliz(given, name="x").sample(1024)
            expected = gm.from_scipy(frozen, name="x").sample(1024)
            assert np.allclose(result.values, expected.values, rtol=1e-6, atol=1e-9)
            assert result.mean().value == pytest.approx(frozen.mean(), rel=1e-6)
            assert result.quantile(0.9).value == pytest.approx(frozen.ppf(0.9), rel=1e-6)
        for given, told in (
            (preliz.Dirichlet([1, 2]), "Dirichlet is none"),
            (preliz.Gamma(), "no parameters yet"),
        ):
            with pytest.raises(GuessmodelError, match=told):
                gm.from_preliz(given)

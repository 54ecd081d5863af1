"""Drawing through quantile functions: each half by the tail function that is accurate there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from guessmodel.distributions.f import F
from guessmodel.distributions.family import Frozen
from guessmodel.distributions.gamma import Gamma

P = np.array([0.0, 1e-20, 0.3, 0.5, 0.7, 1.0 - 2.0**-53])


@pytest.mark.parametrize(
    ("shape", "scale"),
    [
        (2.0, 3.0),
        (np.full(1, 2.0), np.full((1, 1), 3.0)),
        (np.linspace(1.0, 2.0, 6), 3.0),
        (np.array([[1.0], [2.0]]), np.linspace(3.0, 4.0, 6)),
    ],
)
def test_draw_is_the_quantile(shape: Any, scale: Any) -> None:
    family = Gamma()
    wanted = np.where(P > 0.5, family.isf(1.0 - P, shape, scale), family.ppf(P, shape, scale))
    drawn = family.draw(P, shape, scale)
    assert drawn.shape == wanted.shape
    assert np.array_equal(drawn, wanted)
    assert np.all(np.diff(family.draw(P, 2.0, 3.0)) > 0.0)


def test_each_half_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int]] = []
    for name in ("ppf", "isf"):

        def count(self: F, p: Any, *_: Any, name: str = name) -> Any:
            seen.append((name, p.size))
            return np.zeros_like(p)

        monkeypatch.setattr(F, name, count)
    F().draw(P, 3.0, 5.0)
    assert seen == [("ppf", 4), ("isf", 2)]


def test_a_frozen_family_is_a_source_that_equals_its_like() -> None:
    family = Gamma()
    source = Frozen(family, (2.0, 3.0))
    assert source == Frozen(family, (2.0, 3.0))
    assert hash(source) == hash(Frozen(family, (2.0, 3.0)))
    assert np.array_equal(source.ppf(P), family.ppf(P, 2.0, 3.0))
    assert np.array_equal(source.isf(P), family.isf(P, 2.0, 3.0))
    assert not source.discrete

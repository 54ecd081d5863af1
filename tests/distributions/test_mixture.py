"""mixture: whose draws it takes, units and weights, and its messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.bernoulli import bernoulli
from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent
from guessmodel.distributions.lognormal import LOGNORMAL, lognormal
from guessmodel.distributions.mixture import MIXTURE, closed_mixture, mixture
from guessmodel.distributions.normal import NORMAL_FAMILY, normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.poisson import poisson
from guessmodel.errors import GuessmodelError
from guessmodel.graph.quantity import Quantile
from guessmodel.model.model import Model

# --- the choice itself ----------------------------------------------------------------------------


def test_a_draw_falls_into_the_cell_of_its_component() -> None:
    u = np.array([1e-9, 0.19, 0.21, 0.49, 0.51, 1.0 - 1e-9])
    values = (np.full(6, 10.0), np.full(6, -5.0), np.full(6, 7.0))
    chosen = MIXTURE.transform(u, 2.0, 3.0, 5.0, *values)
    assert chosen.tolist() == [10.0, 10.0, -5.0, -5.0, 7.0, 7.0]
    again = u.copy()
    MIXTURE.transform(again, 2.0, 3.0, 5.0, *values, out=again)
    assert again.tolist() == chosen.tolist()


def test_a_component_of_weight_0_is_never_drawn() -> None:
    u = np.array([2.0**-54, 0.5, 1.0 - 2.0**-53])
    for weights in ((0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0)):
        values = tuple(np.nan if w == 0.0 else 1.0 for w in weights)
        assert MIXTURE.transform(u, *weights, *values).tolist() == [1.0, 1.0, 1.0]


def test_weights_and_values_broadcast_over_labels() -> None:
    u = np.array([[0.2, 0.8], [0.2, 0.8]])
    first = np.array([[0.1], [0.9]])
    chosen = MIXTURE.transform(u, first, 1.0 - first, np.array([[1.0, 2.0]]), 7.0)
    assert chosen.tolist() == [[7.0, 7.0], [1.0, 2.0]]
    assert MIXTURE.transform(np.array([0.3]), 2.0, 5.0).tolist() == [5.0]


def test_given_values_it_is_discrete() -> None:
    at = (0.5, 0.2, 0.3, 4.0, -1.0, 2.5)
    known = stats.rv_discrete(values=([0, 1, 2], [0.2, 0.3, 0.5]))
    value = np.array([-1.0, 2.5, 4.0])
    assert float(MIXTURE.mean(*at)) == pytest.approx(0.5 * 4 - 0.2 + 0.3 * 2.5)
    spread = 0.5 * 16 + 0.2 + 0.3 * 6.25 - float(MIXTURE.mean(*at)) ** 2
    assert float(MIXTURE.variance(*at)) == pytest.approx(spread)
    assert MIXTURE.cdf([-2.0, *value, 5.0], *at) == pytest.approx([0.0, 0.2, 0.5, 1.0, 1.0])
    assert MIXTURE.sf([-2.0, *value, 5.0], *at) == pytest.approx([1.0, 0.8, 0.5, 0.0, 0.0])
    assert MIXTURE.pdf([-1.0, 0.0, 4.0], *at) == pytest.approx([0.2, 0.0, 0.5])
    p = np.array([0.1, 0.2, 0.4, 0.9, 1.0])
    assert MIXTURE.ppf(p, *at).tolist() == value[known.ppf(p).astype(int)].tolist()
    q = np.array([0.95, 0.6, 0.3, 0.1, 0.0])
    assert MIXTURE.isf(q, *at).tolist() == value[known.isf(q).astype(int)].tolist()
    assert [float(end) for end in MIXTURE.support(*at)] == [-1.0, 4.0]
    assert MIXTURE.valid(*at)
    assert not MIXTURE.valid(-0.1, 1.1, 0.0, 0.0)
    assert not MIXTURE.valid(0.0, 0.0, 1.0, 1.0)


# --- in a model -----------------------------------------------------------------------------------


def test_components_keep_their_own_draws() -> None:
    cost = lognormal(1, 3)
    paid = mixture([0, cost], [0.5, 0.5])
    model = Model({"cost": cost, "paid": paid})
    values = model.sample(2**10)
    ratio = np.unique((values["paid"].values / values["cost"].values).round(12))
    assert ratio.tolist() == [0.0, 1.0]


def test_components_keep_their_draws_in_another_unit_too() -> None:
    wait = lognormal(1, 3, "day")
    seen = mixture([wait, constant(2, "hour")], [0.5, 0.5], unit="hour")
    values = Model({"wait": wait, "seen": seen}).sample(2**10)
    same = np.isclose(values["seen"].values, 24.0 * values["wait"].values)
    assert same.mean() == pytest.approx(0.5, abs=0.01)


def test_components_nobody_sees_are_integrated_into_one_quantile_function() -> None:
    # One stratified dimension: each stratum holds a draw, so that quantiles are nearly exact.
    node = mixture([lognormal(1, 3), normal(10, 20)], [0.7, 0.3])
    values = np.sort(Model({"x": node}).sample(2**13).__getitem__("x").values)
    known = closed_mixture(node)
    assert known is not None
    gap = np.abs(known.cdf(values) - (np.arange(values.size) + 0.5) / values.size)
    assert gap.max() < 8.0 / values.size  # independent draws: about 1 / sqrt(n), 90 times as much


def test_weights_may_be_uncertain() -> None:
    share = normal(mean=0.4, sd=0.05)
    node = mixture([0, 1], [1 - share, share])
    assert node.sample(2**12).mean().value == pytest.approx(0.4, abs=0.01)
    # A negative weight is no probability: the draw fails instead of lying.
    broken = mixture([0, 1], [normal(mean=0.0, sd=1.0), 1.0]).sample(2**10)
    assert 0.4 < np.isnan(broken.values).mean() < 0.6


def test_units_of_components() -> None:
    assert str(mixture([0, lognormal(1, 3, "USD")]).unit) == "USD"
    mixed = mixture([constant(1, "day"), constant(12, "hour")])
    assert str(mixed.unit) == "day"
    assert sorted(set(mixed.sample(64).values.tolist())) == [0.5, 1.0]
    counted = mixture([5, lognormal(1, 3, "hour")], unit="minute")
    assert 5.0 in counted.sample(64).values
    assert counted.sample(64).values.max() > 60.0


def test_labels() -> None:
    node = mixture([0, lognormal({"a": (1, 2), "b": (10, 20)}, dim="case")], [0.5, 0.5])
    assert [dim.name for dim in node.dims] == ["case"]
    share = mixture([0, 1], [{"a": 0.1, "b": 0.9}, {"a": 0.9, "b": 0.1}], dim="case")
    assert share.sel(case="a").sample(2**12).mean().value == pytest.approx(0.9, abs=0.01)


def test_without_weights_all_are_equally_probable() -> None:
    assert mixture([1, 2, 6]).sample(64).mean().value == pytest.approx(3.0)


# --- its closed form ------------------------------------------------------------------------------


def test_the_closed_form_has_normalised_weights_and_scales() -> None:
    node = mixture([0, lognormal(1, 3, "day").to("hour"), poisson(4, "hour")], [1, 2, 0])
    known = closed_mixture(node)
    assert known is not None
    zero, days = known.parts
    assert zero == MixtureComponent(1 / 3, None, (), 0.0)
    assert (days.weight, days.family, days.scale) == (2 / 3, LOGNORMAL, 24.0)


def test_the_closed_form_of_nested_mixtures() -> None:
    inner = mixture([1, 2])
    known = closed_mixture(mixture([inner, 7]))
    assert known is not None
    assert known.cdf([1.0, 2.0, 7.0]).tolist() == [0.25, 0.5, 1.0]


def test_what_has_no_closed_form() -> None:
    assert closed_mixture(normal(1, 2)) is None
    assert closed_mixture(constant(1)) is None
    assert closed_mixture(mixture([0, normal(1, 2) + 1])) is None
    assert closed_mixture(mixture([0, normal(1, normal(2, 3))])) is None
    assert closed_mixture(mixture([0, 1], [normal(1, 2), 1])) is None
    assert closed_mixture(mixture([0, mixture([0, normal(1, 2) * 2])])) is None
    assert closed_mixture(mixture([0, lognormal({"a": (1, 2)}, dim="x")])) is None


def test_deep_nests_neither_recurse_nor_go_quadratic() -> None:
    node = mixture([0, 1])
    for _ in range(1500):
        node = mixture([node, 1])
    assert closed_mixture(node) is None
    assert node.sample(16).values.shape == (16,)


def test_replaced_weights_count_and_are_checked() -> None:
    weight = constant(0.5)
    model = Model({"weight": weight, "x": mixture([0, 1], [weight, 0.5])})
    assert model.with_(weight=1.5).sample(64)["x"].mean().value == 0.25
    with pytest.raises(GuessmodelError, match=r"no distribution for parameters -0\.2, 0\.5"):
        model.with_(weight=-0.2).sample(64)


def test_parameters_that_are_constants_with_a_unit_are_known() -> None:
    node = normal(mean=constant(2, "hour"), sd=constant(30, "minute"), unit="hour")
    known = closed_mixture(mixture([0, node]))
    assert known is not None
    assert known.parts[1].family is NORMAL_FAMILY
    assert known.parts[1].parameters == pytest.approx((2.0, 0.5))


@pytest.mark.parametrize(
    ("components", "weights", "message"),
    [
        ([0, 1], [0.5], "mixture: 2 components take 2 weights, not 1"),
        ([0, 1], [-1, 2], "mixture: a weight is -1; it must not be below 0"),
        (
            [0, 1],
            [constant(-50, "percent"), 1],
            "mixture: a weight is -0.5; it must not be below 0",
        ),
        ([0, 1], [0, 0], "mixture: all weights are 0; at least one must be above"),
        ([0, 1], [np.inf, 1], "mixture: a weight is not a finite number; write 0 for never"),
        ([0, np.nan], None, "mixture: a component is not finite; write a finite number"),
        ([], None, "mixture: the list of components is empty"),
        (3, None, "mixture takes a list of components, e.g. gm.mixture([0, a], [0.3, 0.7])"),
        ({"a": 1}, None, "mixture takes a list of components; labels would be lost"),
        ([1, lognormal(1, 2, "USD")], None, "cannot choose between a plain number and USD"),
        (
            [lognormal(1, 2, "USD"), normal(1, 2, "hour")],
            None,
            "cannot choose between USD and hour",
        ),
        ([True, 1], None, "True is not a number; write 1 or 0"),
    ],
)
def test_a_mistake_says_what_to_write(components: Any, weights: Any, message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        mixture(components, weights)
    assert message in str(caught.value)
    assert caught.value.where is not None


def test_an_indicator_as_a_component() -> None:
    # P(1) = 0.5 * 0.3 + 0.5: the indicator's own draws, chosen half of the time.
    hit = bernoulli(0.3)
    assert mixture([hit, 1]).sample(2**12).mean().value == pytest.approx(0.65, abs=0.01)
    assert isinstance(mixture([hit, 1]).operation, Quantile)
    assert isinstance(closed_mixture(mixture([hit, 1])), KnownMixture)


def test_weights_are_relative() -> None:
    # Weights 3 and 1 are probabilities 3/4 and 1/4: the mean of 0 and 8 is 2.
    assert mixture([0, 8], [3, 1]).sample(64).mean().value == 2.0

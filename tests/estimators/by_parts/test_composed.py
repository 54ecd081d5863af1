"""Spread and shape by parts as results tell them: under conditions, with labels, in large runs."""

import math

import pytest

import guessmodel as gm
from guessmodel.estimators import stratified
from guessmodel.estimators.by_parts import composed


def lognormal(sigma: float, **options: object) -> gm.Quantity:
    return gm.lognormal(mu=0, sigma=sigma, **options)


def test_parts_that_a_condition_is_not_about_stay_exact() -> None:
    event = gm.bernoulli(0.1)
    y = lognormal(0.5) + event * gm.exponential(mean=3)
    found = gm.Model(event=event, y=y).sample(4096).given("event == 1")["y"]
    squares = math.exp(0.25) * (math.exp(0.25) - 1) + 9.0
    assert found.sd().value == pytest.approx(squares**0.5, rel=1e-9)
    assert found.sd().error < 1e-9
    third = (math.exp(0.25) - 1) ** 2 * (math.exp(0.25) + 2) * math.exp(0.375) + 2 * 27.0
    assert found.skewness().value == pytest.approx(third / squares**1.5, rel=1e-9)


def test_conditions_add_up() -> None:
    x, y = gm.uniform(0, 1), gm.uniform(0, 1)
    run = gm.Model(x=x, y=y, z=x * lognormal(1.0) + y).sample(8192)
    twice, once = run.given("x > 0.5").given("y < 0.5"), run.given("x > 0.5 and y < 0.5")
    assert twice["z"].sd() == once["z"].sd()
    # Var(x L) + Var(y), with x uniform on (1/2, 1) and y on (0, 1/2).
    moments = [math.exp(0.5) * 0.75, math.exp(2.0) * (7 / 12)]
    true = math.sqrt(moments[1] - moments[0] ** 2 + 1 / 48)
    assert abs(once["z"].sd().value - true) < 3 * once["z"].sd().error < 0.02 * true


def test_labels() -> None:
    price = lognormal(0.8, dim={"k": ["a", "b"]})
    size = gm.maximum(lognormal(0.7), gm.uniform(1, 2)) * price
    run = gm.Model(size=size, total=size.sum("k")).sample(2048)
    exact, drawn = price.sample(64).sel(k="a").sd(), run["size"].sel(k="b").sd()
    assert exact.is_exact
    assert drawn.reliable
    assert drawn.error < 0.1 * drawn.value
    assert run["total"].sd().reliable


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    model = gm.Model(
        y=gm.maximum(lognormal(1.0), lognormal(0.9)), z=lognormal(1.0) * gm.uniform(1, 2)
    )
    first, second = model.sample(4096, seed=3), model.sample(4096, seed=3)
    kurtosis, sd = first["y"].kurtosis(), first["y"].sd()
    assert second["z"].sd() == first["z"].sd()
    assert (second["y"].sd(), second["y"].kurtosis()) == (sd, kurtosis)


def test_labels_that_share_their_parts_are_answered_as_each_alone() -> None:
    def made() -> gm.Model:
        churn = gm.beta(alpha=2, beta=50)
        heavy = gm.student_t(1, 3, df=1.5)  # it has no variance
        joined = gm.lognormal(mu=0, sigma=1.2, dim={"month": range(8)})
        users = gm.scan(lambda now, new: now * (1 - churn) + new, 9.0, joined, dim="month")
        beside = 1 / (1 + heavy**2)  # this has one
        kept = users.isel(month=-1) * churn * beside
        peak = gm.maximum(joined.isel(month=0), joined.isel(month=1))
        return gm.Model(
            churn=churn, users=users, peak=peak, beside=beside, kept=kept, sum=kept + beside * churn
        )

    places = ["peak", *(f"users[{month}]" for month in range(8)), "beside", "kept", "sum", "churn"]
    for statistic in (gm.Result.sd, gm.Result.kurtosis):
        alone = {place: statistic(made().sample(2048)[place]) for place in places}
        for order in (places, places[::-1], places[::2] + places[1::2]):
            run = made().sample(2048)
            assert {place: statistic(run[place]) for place in order} == alone


def test_a_large_run_is_preferred_where_its_error_is_far_below(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By parts there are then fewer draws than in the run."""
    quantity = gm.maximum(gm.exponential(mean=1), gm.exponential(mean=2))
    whole = gm.Model(y=quantity).sample(1 << 15)["y"].sd()
    monkeypatch.setattr(composed, "_WORK", 1 << 16)
    few = gm.Model(y=quantity).sample(1 << 15)["y"]
    assert few.sd().error <= 2.0 * few._sampled().sd("").error
    assert whole.error < few._given_parts(2, stratified.sd).sd("").error
    monkeypatch.setattr(composed, "_WORK", 1)
    assert gm.Model(y=quantity).sample(1 << 15)["y"]._given_parts(2, stratified.sd) is None


def test_runs_without_draws_know_what_is_exact() -> None:
    model = gm.Model(
        y=lognormal(1.5) * gm.uniform(1, 2), z=gm.maximum(lognormal(0.5), 1.2) + gm.uniform(0, 1)
    )
    run = model.sample(1 << 14, keep=False)
    assert run["y"].kurtosis().is_exact
    assert run["z"].sd().is_exact

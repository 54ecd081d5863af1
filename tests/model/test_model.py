"""Models: names, outputs, overrides, and what is refused."""

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import ModelError, UnitError, UsageError, WrongKind


@pytest.fixture
def model():
    price = gm.normal(8, 12, "USD/hour", doc="what a node costs")
    hours = gm.lognormal(100, 400, "hour")
    cost = price * hours
    return gm.Model(price=price, hours=hours, cost=cost, dear=cost > gm.constant(5000, "USD"))


def test_outputs_are_what_nothing_depends_on(model):
    assert model.outputs == ("dear",)
    assert list(model.quantities) == ["price", "hours", "cost", "dear"]


def test_descriptions(model):
    assert model.doc_of("price") == "what a node costs"
    assert "4 quantities" in repr(model)
    assert "<table>" in model._repr_html_()


def test_overrides_make_a_new_model_on_the_same_draws(model):
    before, after = model.sample(1024), model.with_(price="9 to 13 USD/hour").sample(1024)
    np.testing.assert_array_equal(before["hours"].values, after["hours"].values)
    # Same key, same standard normals: the draws keep their ranks.
    rank = np.argsort(before["price"].values)
    assert (np.diff(after["price"].values[rank]) >= 0).all()
    assert model.sample(64)["cost"].mean() != after["cost"].mean()


def test_overrides_of_every_kind(model):
    assert model.with_(price=10).sample(64)["price"].values[0] == 10
    assert model.with_(price="240 USD/day").sample(64)["price"].values[0] == 10
    assert model.with_({"cost": 7}).sample(64)["dear"].mean().value == 0
    changed = model.with_(price=gm.normal(100, 200, "USD/day"))
    assert str(changed.quantities["price"].unit) == "USD/hour"
    assert changed.sample(64)["price"].interval().high.value == pytest.approx(200 / 24)
    assert list(changed.quantities) == list(model.quantities)
    labelled = model.with_(price=gm.constant({"now": 10, "then": 20}, "USD/hour", dim="when"))
    assert labelled.sample(64)["cost"].dims[0].name == "when"


@pytest.mark.parametrize("change", ["216 to 312 USD/day", gm.normal(216, 312, "USD/day")])
def test_overrides_in_another_unit_keep_the_draws_too(model, change):
    before, after = model.sample(1024), model.with_(price=change)
    assert not after.unnamed
    rank = np.argsort(before["price"].values)
    assert (np.diff(after.sample(1024)["price"].values[rank]) >= 0).all()


def test_a_draw_in_another_unit_has_its_name(model):
    daily = gm.normal(192, 288, "USD/day").to("USD/hour")
    converted = gm.Model(price=daily)
    assert not converted.unnamed
    np.testing.assert_allclose(
        converted.sample(64)["price"].values, model.sample(64)["price"].values, rtol=1e-12
    )


def test_text_below_zero_is_a_normal_interval(model):
    x = gm.Model(x=gm.normal(0, 1)).with_(x="-1 to 3")
    low, high = x.sample(64)["x"].interval()
    assert (low.value, high.value) == pytest.approx((-1, 3))


def test_wrong_overrides_say_so(model):
    with pytest.raises(UsageError, match="has no quantity 'prise'; did you mean 'price'?"):
        model.with_(prise=3)
    with pytest.raises(UnitError, match="price: cannot convert hour to USD/hour"):
        model.with_(price="5 to 8 hour")
    with pytest.raises(UsageError, match="price: cannot read 'cheap'"):
        model.with_(price="cheap")
    with pytest.raises(ModelError, match="depends on 'price' closes a cycle"):
        model.with_(price=model.quantities["cost"] / gm.constant(1, "hour"))
    a, b = gm.normal(0, 1), gm.normal(0, 1)
    pair = gm.Model(a=a, b=b)
    with pytest.raises(ModelError, match="depend on each other; that is a cycle"):
        pair.with_(a=b + 1, b=a + 1)


def test_only_quantities_make_a_model():
    with pytest.raises(ModelError, match=r"a model needs a quantity: gm.Model\(cost=cost\)"):
        gm.Model()
    for unnamed in (gm.normal(0, 1), [gm.normal(0, 1)]):
        with pytest.raises(TypeError, match=r"quantities need names: gm.Model\(cost=cost\)"):
            gm.Model(unnamed)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"'a' is an int, not a quantity; write gm.constant\(3\)"):
        gm.Model(a=3)  # type: ignore[arg-type]


def test_unnamed_draws_are_told():
    model = gm.Model(total=gm.normal(0, 1) + gm.lognormal(1, 2))
    assert [q.kind for q in model.unnamed] == ["draw", "draw"]
    assert not gm.Model(a=gm.normal(0, 1)).unnamed
    # Nobody can name what is inside these.
    assert not gm.Model(m=gm.mixture([0, gm.lognormal(1, 2)], [0.5, 0.5])).unnamed
    assert not gm.Model(s=gm.dirichlet({"a": 1, "b": 2}, dim="part")).unnamed


def test_draws_that_belong_to_one_sum_need_no_name():
    def losses() -> gm.Quantity:
        return gm.compound(gm.poisson(3), gm.lognormal(1, 2))

    assert not gm.Model(loss=losses(), team=gm.sum_of(20, gm.lognormal(1, 3))).unnamed
    # The order alone tells these apart.
    two = gm.Model(loss=losses() + losses()).unnamed
    assert [q.operation.family.name for q in two] == ["poisson", "lognormal"] * 2


def test_samples_are_rounded_up_and_told(model):
    sim = model.sample(1000)
    assert (sim.run.samples, sim.run.replicates) == (1024, 8)
    assert model.sample(1000, method="lhs").run.samples == 1000
    assert "1,024 samples, nets, seed 0" in str(sim)


def test_seeds_repeat_and_differ(model):
    first = model.sample(64, seed=5)["cost"].values
    np.testing.assert_array_equal(first, model.sample(64, seed=5)["cost"].values)
    assert not np.array_equal(first, model.sample(64, seed=6)["cost"].values)
    np.testing.assert_array_equal(
        model.sample(64, seed=0)["cost"].values, model.sample(64)["cost"].values
    )
    fresh = model.sample(64, seed=None)
    again = model.sample(64, seed=fresh.seed)
    np.testing.assert_array_equal(fresh["cost"].values, again["cost"].values)


def test_precision_doubles_until_it_holds(model):
    sim = model.sample(512, precision=0.01, quantities=["cost"])
    assert sim.run.samples > 512
    assert max(e.relative_error for e in sim["cost"].quantiles(0.05, 0.5, 0.95)) < 0.01
    with pytest.raises(UsageError, match="precision 5 is not a share"):
        model.sample(precision=5)
    with pytest.raises(UsageError, match=r"out of reach for 5% of 'bad' \(no finite draws\)"):
        gm.Model(bad=gm.log(gm.ceil(gm.normal(-9, -8)))).sample(64, precision=0.1)


def test_absurd_requests_are_refused_at_once(model):
    with pytest.raises(UsageError, match=r"need [\d,.]+ GB and .* are free; ask for at most"):
        model.sample(2**39, keep=True)
    with pytest.raises(UsageError, match="would take years"):
        model.sample(10**15)
    with pytest.raises(UsageError, match="write a whole number from 1 upwards"):
        model.sample(0)
    with pytest.raises(UsageError, match="no sampling method 'sobel' .* did you mean 'sobol'"):
        model.sample(method="sobel")
    for wrong in (2.5, "9", float("nan"), float("inf"), True, [8]):
        with pytest.raises(UsageError, match="samples: write a whole number from 1 upwards"):
            model.sample(wrong)
    for wrong in (0, -1, 1.5):
        with pytest.raises(UsageError, match="threads: write a whole number from 1 upwards"):
            model.sample(8, threads=wrong)
    for wrong in (0.5, "1", float("nan")):
        with pytest.raises(UsageError, match="seed .* is not a whole number"):
            model.sample(seed=wrong)
    assert model.sample(np.int64(9)).run == model.sample(9.0, seed=np.uint8(0)).run


def test_only_the_requested_are_computed(model):
    sim = model.sample(64, quantities=["price"])
    assert list(sim) == ["price"]
    assert list(model.sample(8, quantities="price")) == ["price"]
    assert len(model.plan(["price"]).steps) == 1


def test_a_model_cannot_be_changed(model):
    with pytest.raises(TypeError, match="does not support item assignment"):
        model.quantities["price"] = gm.normal(1, 2)
    with pytest.raises(TypeError, match="does not support item deletion"):
        del model.entries["price"]
    assert copy.copy(model) is copy.deepcopy(model) is model
    with pytest.raises(WrongKind, match=r"a model \(model\) cannot be pickled; pickle mod"):
        pickle.dumps(model)


@pytest.mark.parametrize("name", ["", 3])
def test_the_names_of_a_model_are_text(name):
    with pytest.raises(ModelError, match=rf"{name!r} is no name; write gm.Model\(cost=cost\)"):
        gm.Model({name: gm.normal(1, 2)})


def test_large_models_have_fewer_draws_and_versions_of_a_model_as_many() -> None:
    months = [str(month) for month in range(400)]
    x = gm.normal(dict.fromkeys(months, (1, 2)), dim="month")
    large = gm.Model(x=x, total=x.sum("month"), few=gm.normal(1, 2))
    assert large.default_samples == 32_768  # 402 x 65,536 is more than 20 million
    assert large.sample().run.samples == 32_768
    assert large.sample(quantities="few").run.samples == 32_768
    assert large.sample(65_536).run.samples == 65_536
    assert large.lazy().sizes["draw"] * large.lazy().sizes.get("replicate", 1) == 32_768
    assert large.with_(x="3 to 4").sample().run.samples == 32_768
    small = gm.Model(few=gm.normal(1, 2))
    assert small.extended({"x": x}).sample().run.samples == small.sample().run.samples == 65_536


def test_the_models_of_this_repository_are_not_large() -> None:
    models = gm.Model.from_paths([Path(__file__).parents[2] / "models"])
    assert {model.default_samples for model in models} == {65_536}

"""Names own draws, so no two draws may have one."""

from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.errors import ModelError


def noisy(scale: float) -> gm.Quantity:
    noise = gm.normal(0, 1, name="noise")
    return gm.exp(noise) * scale


def test_two_draws_of_one_name_are_told_with_their_lines() -> None:
    model = gm.Model(a=noisy(1), b=noisy(2))
    expected = (
        r"two draws are called 'noise' \(.*test_naming.py:12 and .*test_naming.py:12\); "
        r"a draw made once can be used twice, else rename one of them"
    )
    with pytest.raises(ModelError, match=expected):
        model.sample(64)


def test_a_draw_may_not_have_the_name_of_another_quantity_that_is_one() -> None:
    a = gm.normal(0, 1)
    with pytest.raises(ModelError, match="two draws are called 'a'"):
        gm.Model(a=a, b=gm.sin(gm.normal(0, 1, name="a"))).sample(64)


def test_one_draw_may_stand_in_many_places_and_have_many_names() -> None:
    noise = gm.normal(0, 1, name="noise")
    model = gm.Model(a=noise, b=noise, c=gm.exp(noise) * noise)
    assert len(model.sample(64)) == 3


# --- keys travel with what a file made ------------------------------------------------------------

SHOP = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
hours = gm.normal(3, 4, "day").to("hour")
low = gm.normal(1, 2)
mix = gm.mixture([low, gm.normal(8, 9)], [0.3, 0.7])
rows = gm.normal({"a": (1, 2), "b": (2, 4)}, dim="case")
cost = price * gm.lognormal(1, 3, "hour") * mix + gm.normal(1, 2, "USD") * rows
"""


@pytest.fixture
def shop(tmp_path: Path) -> gm.Model:
    path = tmp_path / "shop.py"
    path.write_text(SHOP)
    return gm.Model.from_file(path)


def assert_same(first: gm.Result, second: gm.Result) -> None:
    assert first.values.tobytes() == second.values.tobytes()


@pytest.mark.parametrize("method", ["random", "lhs"])
@pytest.mark.parametrize("name", ["price", "hours", "mix", "rows", "cost"])
def test_a_quantity_has_the_draws_of_its_file_in_every_model(
    shop: gm.Model, name: str, method: str
) -> None:
    known = shop.sample(1024, method=method)[name]
    quantity = shop.quantities[name]
    assert_same(gm.Model(another=quantity).sample(1024, method=method)["another"], known)
    assert_same(quantity.sample(1024, method=method), known)
    extended = shop.extended({"twice": quantity * 2}).sample(1024, method=method)
    assert_same(extended[name], known)
    assert (extended["twice"].values == 2 * known.values).all()
    beside = gm.Model(mine=gm.normal(1, 2), its=quantity).sample(1024, method=method)
    assert_same(beside["its"], known)


def test_a_model_made_by_hand_keeps_the_keys_of_what_no_file_names() -> None:
    price, cost = gm.normal(1, 2), gm.normal(3, 4) * 2
    first = gm.Model(price=price, cost=cost)
    assert list(first.keys.values()) == [".price", ".cost/normal#1"]
    assert list(gm.Model(a=first.quantities["price"]).keys.values()) == [".a"]


def test_quantities_of_two_files_in_one_model(tmp_path: Path, shop: gm.Model) -> None:
    (tmp_path / "rent.py").write_text(SHOP.replace("lognormal(5, 10", "lognormal(6, 11"))
    rent = gm.Model.from_file(tmp_path / "rent.py")
    both = gm.Model(one=shop.quantities["cost"], two=rent.quantities["cost"])
    drawn = both.sample(1024, method="random")
    assert_same(drawn["one"], shop.sample(1024, method="random")["cost"])
    assert_same(drawn["two"], rent.sample(1024, method="random")["cost"])


def test_what_takes_the_place_of_a_quantity_has_its_key(shop: gm.Model) -> None:
    dear = shop.with_(price="8 to 20 USD/hour")
    known = dear.sample(1024, method="random")
    for name in ("price", "cost"):
        quantity = dear.quantities[name]
        assert_same(quantity.sample(1024, method="random"), known[name])
    mine = gm.Model(mine=shop.quantities["price"])
    changed = mine.with_(mine="8 to 20 USD/hour").sample(1024, method="random")
    assert_same(changed["mine"], known["price"])


def test_two_scenarios_in_one_model_are_made_of_the_same_variates(shop: gm.Model) -> None:
    dear = shop.with_(price="8 to 20 USD/hour")
    both = gm.Model(old=shop.quantities["price"], new=dear.quantities["price"])
    assert list(both.keys.values()) == ["shop.price"]
    again = gm.Model(old=shop.quantities["cost"], new=dear.quantities["cost"])
    keys = [key for key in again.keys.values() if "lognormal" in key or "price" in key]
    assert keys == ["shop.price", "shop.cost/lognormal#1"]


def test_of_two_draws_with_one_key_the_first_keeps_it(shop: gm.Model) -> None:
    assert shop.file is not None
    other = gm.Model.from_file(shop.file)
    both = gm.Model(old=shop.quantities["price"], new=other.quantities["price"])
    assert list(both.keys.values()) == ["shop.price", ".new"]
    again = gm.Model(old=shop.quantities["cost"], new=other.quantities["cost"])
    keys = [key for key in again.keys.values() if "lognormal" in key or "price" in key]
    assert keys[:2] == ["shop.price", "shop.cost/lognormal#1"]
    assert len(set(keys)) == 4

"""Names own draws, so no two draws may have one."""

import pytest

import guessmodel as gm
from guessmodel.errors import ModelError


def noisy(scale: float) -> gm.Quantity:
    noise = gm.normal(0, 1, name="noise")
    return gm.exp(noise) * scale


def test_two_draws_of_one_name_are_told_with_their_lines() -> None:
    model = gm.Model(a=noisy(1), b=noisy(2))
    expected = (
        r"two draws are called 'noise' \(.*test_naming.py:10 and .*test_naming.py:10\); "
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

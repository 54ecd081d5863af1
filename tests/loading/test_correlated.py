"""Models that correlate draws: names, descriptions, and what cannot have been meant."""

from collections.abc import Callable
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.errors import ModelError

Write = Callable[..., Path]

DRAWS = '''
    import guessmodel as gm

    fuel = gm.lognormal(2, 5, "USD")
    """Fuel for a year."""
    wages = gm.normal(30, 40, "USD", source="inferred")
    """Wages."""
'''


def test_names_and_descriptions_are_those_of_the_draws(write: Write) -> None:
    path = write("plan.py", f"{DRAWS}    fuel, wages = gm.correlate([fuel, wages], rank=0.5)\n")
    model = gm.Model.from_file(path)
    assert list(model.quantities) == ["fuel", "wages"]
    assert model.doc_of("fuel") == "Fuel for a year."
    assert model.quantities["wages"].source == "inferred"
    assert sorted(model.keys.values()) == ["plan.fuel", "plan.wages"]
    assert model.unnamed == []


def test_other_names_and_containers_take_the_draws_place(write: Write) -> None:
    path = write(
        "plan.py",
        """
        import guessmodel as gm

        draws = [gm.normal(1, 2), gm.gamma(1, 3)]
        a, b = gm.correlate(draws, rank=0.5)
        given = {"x": gm.normal(1, 2), "y": gm.gamma(1, 3)}
        cost = gm.correlate(given, rank={("x", "y"): 0.5})
        """,
    )
    assert list(gm.Model.from_file(path).quantities) == ["a", "b", "cost[x]", "cost[y]"]


def test_pairs_go_by_the_names_of_the_file(write: Write) -> None:
    pairs = '{("fuel", "wages"): 0.5}'
    text = f"{DRAWS}    fuel, wages = gm.correlate([fuel, wages], rank={pairs})\n"
    assert len(gm.Model.from_file(write("plan.py", text)).quantities) == 2


def test_a_draw_of_another_file_keeps_its_key(write: Write) -> None:
    write("prices.py", DRAWS)
    path = write(
        "plan.py",
        """
        import guessmodel as gm
        from prices import fuel

        steel = gm.pert(1, 9, mode=3)
        fuel, steel = gm.correlate([fuel, steel], rank=0.5)
        """,
    )
    model = gm.Model.from_file(path)
    assert {"plan.steel", "prices.fuel"} <= set(model.keys.values())
    assert "plan.fuel" not in model.keys.values()


def test_bits_are_those_of_the_names_wherever_the_correlation_stands(write: Write) -> None:
    without = gm.Model.from_file(write("plan.py", DRAWS)).sample(64)["fuel"].values
    text = f"{DRAWS}    fuel, wages = gm.correlate([fuel, wages], rank=0.5)\n"
    with_it = gm.Model.from_file(write("plan.py", text)).sample(64)["fuel"].values
    assert with_it.tolist() == without.tolist()


WRONG = [
    ("gm.correlate([fuel, wages], rank=0.5)\n", 7, "nothing uses the draws that gm.correlate"),
    (
        "fuel, _ = gm.correlate([fuel, wages], rank=0.5)[0], 1\n",
        7,
        "nothing uses the correlated draw number 2 (of 2, normal)",
    ),
    (
        "cost = 2 * fuel\nfuel, wages = gm.correlate([fuel, wages], rank=0.5)\n",
        8,
        "lognormal is correlated here, and used without that elsewhere; use what gm.correlate",
    ),
    (
        "a, b = gm.correlate([fuel, wages], rank=0.5)\n"
        "c, d = gm.correlate([fuel, wages], rank=1)\n",
        8,
        "lognormal is correlated twice, here and in plan.py:7; write one gm.correlate",
    ),
    (
        "fuel, wages = gm.correlate([fuel, wages], rank=0.5)\n"
        "fuel, c = gm.correlate([fuel, gm.normal(1, 2)], rank=1)\n",
        8,
        "fuel is correlated already, in plan.py:7",
    ),
]


@pytest.mark.parametrize(("text", "line", "message"), WRONG)
def test_what_cannot_have_been_meant_is_told_at_the_line(
    write: Write, text: str, line: int, message: str
) -> None:
    lines = "".join(f"    {each}\n" for each in text.splitlines())
    path = write("plan.py", DRAWS + lines)
    with pytest.raises(ModelError) as caught:
        gm.Model.from_file(path)
    assert str(caught.value).startswith(f"plan.py:{line}: ")
    assert message in str(caught.value)


def test_an_importing_file_may_not_use_both(write: Write) -> None:
    write("prices.py", f"{DRAWS}    total = fuel + wages\n")
    path = write(
        "plan.py",
        """
        import guessmodel as gm
        from prices import fuel, total, wages

        a, b = gm.correlate([fuel, wages], rank=0.5)
        both = a + total
        """,
    )
    with pytest.raises(ModelError, match=r"plan\.py:4: \w+ is correlated here, and used without"):
        gm.Model.from_file(path)


def test_models_made_by_hand_are_checked_too() -> None:
    a, b = gm.normal(1, 2), gm.normal(1, 2)
    c, d = gm.correlate([a, b], rank=0.5)
    assert gm.Model(a=a, b=b).sample(64)["a"].mean().value  # nothing happened to them
    with pytest.raises(ModelError, match="normal is correlated here, and used without that"):
        gm.Model(c=c, total=a + d)

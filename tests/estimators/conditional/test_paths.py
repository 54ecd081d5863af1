"""Which draws can be integrated out of an output."""

import guessmodel as gm
from guessmodel.estimators.conditional.paths import find_paths


def names(output, position=()):
    return {path.draw.node.name for path in find_paths(output, position)}


A = gm.lognormal(1, 3, name="a")
B = gm.normal(2, 5, name="b")
C = gm.normal(2, 5, name="c")


def test_draws_on_one_invertible_path_qualify():
    assert names(A * B + C) == {"a", "b", "c"}
    assert names(gm.exp(B) / A) == {"a", "b"}
    assert names(gm.where(C > 3, A, B)) == {"a", "b"}
    assert names(gm.maximum(A, B)) == {"a", "b"}
    assert names(A * B > C) == {"a", "b", "c"}


def test_a_draw_used_twice_does_not():
    assert names(A * B + A) == {"b"}
    assert names((A + B) * (A - C)) == {"b", "c"}


def test_use_as_a_parameter_counts():
    wide = gm.normal(mean=B, sd=2, name="wide")
    assert names(wide + B) == {"wide"}
    assert names(wide + A) == {"wide", "a"}


def test_steps_that_cannot_be_inverted_end_the_path():
    assert names(gm.ceil(A) * B) == {"b"}
    assert names(gm.sin(A) + B) == {"b"}
    assert names(2**A * B) == {"b"}
    assert names(gm.apply(lambda x: x, A) + B) == {"b"}


def test_labels_are_followed_one_by_one():
    spans = gm.lognormal({"p": (1, 2), "q": (3, 9)}, dim="case", name="spans")
    cost = spans * A
    assert names(cost, (0,)) == {"spans", "a"}
    path = next(c for c in find_paths(cost, (1,)) if c.draw.node is spans)
    assert path.draw.position == (1,)
    assert names(cost.sel(case="q")) == {"spans", "a"}
    assert names(gm.stack({"x": A, "y": B}, dim="k") * C, (1,)) == {"b", "c"}


def test_sums_over_labels_end_all_paths_through_them():
    spans = gm.lognormal({"p": (1, 2), "q": (3, 9)}, dim="case", name="spans")
    assert names(spans.sum("case") + A) == {"a"}
    assert names(spans.sum("case") * spans.sel(case="p")) == set()


def test_labels_that_share_a_variate_are_paths_to_one():
    both = gm.normal({"p": (1, 2), "q": (3, 9)}, dim="case", shared="case", name="both")
    assert names(both * A, (0,)) == {"a", "both"}
    assert names(both.sel(case="p") * both.sel(case="q") + A) == {"a"}
    assert names(both.sum("case") + both.sel(case="p") + A) == {"a"}


def test_long_chains_are_followed_without_recursion():
    total = A
    for _ in range(5000):
        total = total + 1
    assert names(total * B) == {"a", "b"}

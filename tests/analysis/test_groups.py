"""Groups of inputs: which inputs they are, and what they do together against closed forms."""

import math

import pytest

import guessmodel as gm
from guessmodel.analysis.drivers import Group


def product() -> gm.Model:
    """x y + z + w: V(x) V(y) of x and y together alone, nothing else interacts."""
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    z, w = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=2)
    return gm.Model(node_x=x, node_y=y, z=z, w=w, out=x * y + z + w)


def of(model: gm.Model, **groups: str | list[str]) -> dict[str, Group]:
    return model.sample().sensitivity("out", groups=groups).groups


@pytest.mark.usefixtures("by_draws")
def test_what_inputs_do_together_belongs_to_the_group() -> None:
    """S = 0 and T = 1/6 for x and y alike; together they make 1/6 without any others."""
    groups = of(product(), nodes="node_*", mixed=["node_x", "z"])
    nodes, mixed = groups["nodes"], groups["mixed"]
    assert nodes.members == ("node_x", "node_y") or nodes.members == ("node_y", "node_x")
    for share, known in (
        (nodes.first, 1 / 6),
        (nodes.total, 1 / 6),
        (mixed.first, 1 / 6),
        (mixed.total, 2 / 6),
    ):
        assert abs(share.value - known) <= 3 * share.error
        assert share.error < 0.01


def test_all_inputs_are_all_of_the_variance() -> None:
    group = of(product(), everything="*")["everything"]
    assert (group.first.value, group.total.value) == (1.0, 1.0)


def test_labels_of_a_draw_are_one_row() -> None:
    """Ten labels of variance 1 each against one of 90."""
    share = gm.normal(mean=dict.fromkeys(range(10), 0), sd=dict.fromkeys(range(10), 1), dim="month")
    rest = gm.normal(mean=0, sd=90**0.5)
    found = gm.Model(share=share, rest=rest, out=share.sum("month") + rest).sample()
    answer = found.sensitivity("out")
    group = answer.groups["share"]
    assert group.kind == "labels"
    assert len(group.members) == 10
    assert group.first.value == pytest.approx(0.1, abs=1e-3)
    assert group.total.value == pytest.approx(0.1, abs=3e-3)
    lines = [line.split("  ")[0] or line.strip().split("  ")[0] for line in str(answer).split("\n")]
    assert lines[3:5] == ["rest", "share (10 labels)"]
    assert lines[9] == "… 6 more"
    html = answer._repr_html_()
    assert html.count("<details>") == 1
    assert html.count("share[") == 10
    frame = answer.to_pandas().set_index("input")
    assert frame.loc["share", "members"] == 10
    assert frame.loc["share", "first"] == group.first.value


def test_patterns_of_labels_and_of_a_label_with_brackets() -> None:
    price = gm.normal({2025: 1, 2026: 2}, {2025: 2, 2026: 3}, dim="year")
    fee = gm.normal({2025: 1, 2026: 2}, {2025: 2, 2026: 3}, dim="year")
    model = gm.Model(price=price, fee=fee, out=(price * fee).sum("year"))
    groups = of(model, early="year=2025", all_of_it="year=*", one="price[2026]", price_="price")
    members = {name: set(group.members) for name, group in groups.items()}
    assert members == {
        "early": {"price[2025]", "fee[2025]"},
        "all_of_it": {"price[2025]", "price[2026]", "fee[2025]", "fee[2026]"},
        "one": {"price[2026]"},
        "price_": {"price[2025]", "price[2026]"},  # and not once more as price
        "fee": {"fee[2025]", "fee[2026]"},
    }


def test_a_labelled_output_has_groups_of_what_is_behind_each_label() -> None:
    price = gm.normal({"a": 1, "b": 1}, {"a": 2, "b": 3}, dim="case")
    fee = gm.normal(1, 2)
    model = gm.Model(price=price, fee=fee, out=price * fee)
    answer = model.sample().sensitivity("out", groups={"prices": "price"})
    assert answer.to_dict()["groups"]["prices"]["members"] == ["price[a]", "price[b]"]
    only = answer.sel(case="a").groups
    assert list(only) == ["prices"]  # one label is no group of its own
    assert only["prices"].members == ("price[a]",)
    assert set(answer.to_dict()["groups"]["prices"]["first"]) == {"a", "b"}


def test_groups_of_what_has_no_variance_have_no_shares() -> None:
    x, y = gm.cauchy(0, 1), gm.normal(0, 1)
    groups = of(gm.Model(x=x, y=y, out=x + y), both=["x", "y"], one=["y"])
    assert groups["one"].first.note == "the variance is infinite"
    assert groups["both"].total.note == "the variance is infinite"


def pair() -> gm.Model:
    """a + b + c of variances 1, 4 and 1; a and b with a rank correlation of 0.6."""
    a, b = gm.correlate([gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=2)], rank=0.6)
    c = gm.normal(mean=0, sd=1)
    return gm.Model(a=a, b=b, c=c, out=a + b + c)


def test_what_is_correlated_is_a_group_and_its_members_have_no_shares_of_their_own() -> None:
    """V(a + b) = 1 + 4 + 2·2ρ with ρ = 2 sin(π 0.6/6) of normals; rank correlation of b with the
    sum is 6/π asin(r/2), where r = (4 + 2ρ)/(2 √V)."""
    answer = pair().sample().sensitivity("out")
    rho = 2 * math.sin(math.pi * 0.6 / 6)
    both = 5 + 4 * rho
    group = answer.groups["a, b"]
    assert (group.kind, set(group.members)) == ("correlated", {"a", "b"})
    assert group.first.value == pytest.approx(both / (both + 1), abs=2e-4)
    assert group.total.value == pytest.approx(both / (both + 1), abs=2e-3)
    assert answer["c"].first.value == pytest.approx(1 / (both + 1), abs=2e-4)
    assert answer.sum_of_first() == pytest.approx(1, abs=4e-4)
    b = answer["b"]
    assert b.first.note == "correlated with a; see what they do together"
    assert b.total is not None and b.total.note == b.first.note
    assert b.tornado is not None and b.tornado.swing.note == b.first.note
    r = (4 + 2 * rho) / (2 * (both + 1) ** 0.5)
    assert b.rank.value == pytest.approx(6 / math.pi * math.asin(r / 2), abs=2e-3)
    assert "a, b (2 correlated)" in str(answer)
    assert "inputs alone make 100% of the variance, 0% is what they do together" in str(answer)
    assert "out: a, b are correlated, so that only together they have a share" in str(answer)


def test_what_is_correlated_and_has_no_name_has_no_rank() -> None:
    a, b = gm.correlate([gm.normal(0, 1), gm.normal(0, 2)], rank=0.6)
    answer = gm.Model(out=a + b, c=gm.normal(0, 1)).sample(1024).sensitivity("out")
    for driver in answer.inputs.values():
        assert driver.rank.note == "is correlated and has no name"
    (group,) = answer.groups.values()
    assert (group.kind, group.first.value) == ("correlated", 1.0)


def test_labels_that_are_correlated_are_one_row() -> None:
    flow = gm.normal(mean=dict.fromkeys(range(3), 0), sd=1, dim="month")
    flow = gm.correlate(flow, along="month", ar1=0.5)
    rest = gm.normal(mean=0, sd=1)
    answer = gm.Model(flow=flow, rest=rest, out=flow.sum("month") + rest).sample()
    group = answer.sensitivity("out").groups["flow"]
    assert group.kind == "correlated"
    assert len(group.members) == 3
    assert "out: the labels of flow are correlated" in str(answer.sensitivity("out"))
    # What is correlated by 1/2 from month to month has these scores' correlations ρ and ρ².
    rho = 0.5
    known = 3 + 4 * rho + 2 * rho**2
    assert group.first.value == pytest.approx(known / (known + 1), abs=0.02)


def test_what_is_correlated_label_by_label_is_a_group_at_each_label() -> None:
    """At a: V(x + y) = 2 + 2ρ, at b 8 + 8ρ, with ρ = 2 sin(π 0.5/6); z has 4."""
    x = gm.normal(mean=0, sd={"a": 1, "b": 2}, dim="case")
    y = gm.normal(mean=0, sd={"a": 1, "b": 2}, dim="case")
    x, y = gm.correlate([x, y], rank=0.5)
    z = gm.normal(mean=0, sd=2)
    answer = gm.Model(x=x, y=y, z=z, out=(x + y).sum("case") + z).sample().sensitivity("out")
    rho = 2 * math.sin(math.pi / 12)
    parts = {"x[a], y[a]": 2 + 2 * rho, "x[b], y[b]": 8 + 8 * rho}
    assert answer.groups.keys() == parts.keys()
    whole = sum(parts.values()) + 4
    for name, part in parts.items():
        assert answer.groups[name].first.value == pytest.approx(part / whole, abs=2e-3)
        assert len(answer.groups[name].members) == 2
    assert answer["x[a]"].first.note == "correlated with y[a]; see what they do together"
    assert answer.sum_of_first() == pytest.approx(1, abs=3e-3)
    assert "out: x[b], y[b] are correlated, so that" in str(answer)
    one = gm.normal(mean=0, sd=1)  # with each label of x
    one, x = gm.correlate([one, gm.normal(mean=0, sd={"a": 1, "b": 2}, dim="case")], rank=0.5)
    found = gm.Model(one=one, x=x, out=one + x.sum("case")).sample(1024).sensitivity("out")
    assert [set(each.members) for each in found.groups.values()] == [{"one", "x[a]", "x[b]"}]


def test_groups_do_not_part_what_is_correlated() -> None:
    simulation = pair().sample(1024)
    with pytest.raises(gm.GuessmodelError, match="group 'g' has 'a', which is correlated with 'b'"):
        simulation.sensitivity("out", groups={"g": ["a", "c"]})
    answer = simulation.sensitivity("out", groups={"g": ["a", "b"]})
    assert list(answer.groups) == ["g"]  # and not once more as "a, b"
    assert answer.groups["g"].kind == "correlated"
    assert answer.sum_of_first() == pytest.approx(1, abs=0.01)
    assert "g (2 correlated)" in str(answer)
    assert "out: a, b are correlated, so" in str(answer)
    assert set(answer.budget().correlations) == {("a", "b")}


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"a": "q*"}, r"group 'a': no input of 'out' matches 'q\*'; it has node_x, node_y, z, w"),
        ({"z": "node_*"}, "a group cannot be called 'z': an input or a file is"),
        ({"a": 5}, r"group 'a': write patterns such as \['node_\*'\], not 5"),
        ({"a": []}, r"group 'a': write patterns such as"),
        (["a"], r"groups are \{'hardware': \['node_\*'\]\}, patterns by name, not \['a'\]"),
    ],
)
def test_refusals(groups: object, message: str) -> None:
    with pytest.raises(gm.GuessmodelError, match=message):
        product().sample(1024).sensitivity("out", groups=groups)  # type: ignore[arg-type]


def test_one_model_has_no_groups_by_model() -> None:
    with pytest.raises(gm.GuessmodelError, match="all inputs of 'out' come from one model$"):
        product().sample(1024).sensitivity("out", by_model=True)

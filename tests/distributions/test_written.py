"""What is written inside the call of a mixture; and that nothing else decides how it is drawn."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.distributions.known_mixture import KnownMixture


def alone(mixture):
    """Whether a mixture is drawn through one random number."""
    return isinstance(mixture.operation.family, KnownMixture)


def test_components_in_the_call_are():
    assert alone(gm.mixture([0, gm.normal(1, 2)], [0.5, 0.5]))
    assert alone(
        gm.mixture(
            [
                gm.constant(1, "day"),
                gm.lognormal(1, 3, "day").to("hour"),
                gm.truncated(gm.normal(1, 2, "hour"), lower=0),
            ],
            [1, 2, gm.constant(3)],
            unit="hour",
        )
    )
    assert alone(gm.mixture([gm.normal(i, i + 1) for i in range(3)]))
    assert alone(gm.mixture([*(gm.normal(i, i + 1) for i in range(3)), 7]))
    assert alone(gm.mixture([gm.mixture([0, gm.normal(1, 2)]), 7]))
    assert alone(gm.mixture([gm.zero_inflated(gm.gamma(1, 2), 0.1), 7]))
    assert alone(gm.zero_inflated(gm.normal(1, 2), 0.1))
    assert alone([gm.mixture([gm.normal(i, 3), 0]) for i in range(2)][1])


def make():
    return gm.normal(1, 2)


def test_components_from_elsewhere_are_not():
    before = gm.normal(1, 2)
    assert not alone(gm.mixture([0, before]))
    assert not alone(gm.mixture([before, gm.normal(1, 2)]))
    assert not alone(gm.mixture([0, make()]))
    assert not alone(gm.mixture([0, before.to("")]))
    assert not alone(gm.mixture([0, gm.truncated(before, lower=0) + 0]))
    assert not alone(gm.mixture([0, (kept := gm.normal(1, 2))]))
    assert not alone(gm.mixture([0, gm.normal(1, 2, name="loss")]))
    assert kept.kind == "draw"
    for i in range(2):
        before = gm.mixture([before if i else gm.normal(1, 2), 1])
    assert not alone(before)


def test_nor_are_those_whose_parameters_or_weights_are():
    mean, share = gm.constant(3), gm.constant(0.5)
    assert not alone(gm.mixture([0, gm.normal(mean=mean, sd=1)]))
    assert not alone(gm.mixture([0, gm.normal(mean=3, sd=1)], [share, 0.5]))
    assert not alone(gm.mixture([0, gm.normal(mean=gm.normal(1, 2), sd=1)]))
    swept = gm.Model(mean=mean, x=gm.mixture([0, gm.normal(mean=mean, sd=1)])).with_(mean=100)
    assert swept.sample(2**10)["x"].values.max() > 90


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_who_else_uses_a_component_moves_no_draw(method):
    loss = gm.lognormal(1, 3)
    paid = gm.mixture([0, loss])
    single = gm.Model(paid=paid).sample(2**10, method=method)["paid"]
    more = {"other": loss * 2} if method != "nets" else {}
    again = gm.Model({"paid": paid, **more}).sample(2**10, method=method)["paid"]
    assert single.values.tolist() == again.values.tolist()


def test_columns_tell_what_stands_beside_the_call():
    made = {"gm": gm}
    exec("a = gm.normal(1, 2); x = gm.mixture([0, a]); y = gm.mixture([0, gm.normal(1, 2)])", made)
    assert not alone(made["x"])
    assert alone(made["y"])


def test_one_number_is_as_even_as_a_single_family():
    # Each stratum holds a draw: the distance from the CDF is that of a net, not of random draws.
    x = gm.mixture([gm.lognormal(1, 3), gm.normal(10, 20)], [0.7, 0.3])
    values = np.sort(x.sample(2**13).values)
    gap = np.abs(x.operation.family.cdf(values) - (np.arange(values.size) + 0.5) / values.size)
    assert gap.max() < 8.0 / values.size  # independent draws: about 1 / sqrt(n), 90 times as much


def test_a_source_inside_is_still_seen():
    from guessmodel.graph.provenance import rests_on_inference

    x = gm.mixture([0, gm.normal(1, 2, source="inferred from nothing")])
    assert alone(x)
    assert rests_on_inference([x + 1], {})
    assert not rests_on_inference([gm.mixture([0, gm.normal(1, 2)]) + 1], {})


FILE = """\
import guessmodel as gm
a = gm.normal(1, 2)
x = gm.mixture([0, gm.normal(1, 2)])
y = gm.mixture([0, a])
print(*map(list, (x.operation.family.parameters, y.operation.family.parameters)))
"""


@pytest.mark.parametrize("options", [[], ["-X", "no_debug_ranges"]])
def test_where_python_keeps_no_columns_the_line_decides(options, tmp_path: Path):
    file = tmp_path / "model.py"
    file.write_text(FILE)
    done = subprocess.run(
        [sys.executable, *options, str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[] ['weights', 'values']\n"

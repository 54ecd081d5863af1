"""What is no subject of a plot is told, with what to give it."""

import inspect

import pytest

import guessmodel as gm
from guessmodel import plots
from guessmodel.errors import WrongKind

COST = gm.normal(1, 2)
RUN = gm.Model(cost=COST).sample(64)
OTHERS = {"graph", "new_axes", "new_figure", "rank_correlation", "scatter_matrix", "svg", "save"}
"""Which take models, sizes, several results or figures."""
NAMES = [
    name
    for name in plots.__all__
    if inspect.isfunction(getattr(plots, name))
    and name not in OTHERS
    and not name.endswith(("for_report", "in_words", "alt_text"))
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("given", [COST, RUN, RUN["cost"].mean(), "cost", None])
def test_another_subject_is_told(name: str, given: object) -> None:
    plot = getattr(plots, name)
    with pytest.raises(WrongKind, match="the plot shows .*, and not a "):
        plot(*[given] * (2 if name == "scatter" else 1))

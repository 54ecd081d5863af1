"""The picture of a decision: bars and their errors."""

import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.plots import decision
from guessmodel.plots.decision import decision_in_words

A, B = gm.normal(mean=1, sd=1, unit="USD"), gm.normal(mean=0, sd=2, unit="USD")
ANSWER = gm.decision({"do": A - B, "leave": 0}).evaluate(gm.Model(a=A, b=B).sample(1024))


def test_bars_are_what_it_is_worth_to_know() -> None:
    ax = decision(ANSWER)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["everything", "b", "a"]
    widths = [bar.get_width() for bar in ax.patches]  # type: ignore[attr-defined]
    known = [ANSWER.evpi, *ANSWER.evppi.values()]
    assert widths == [each.value for each in known]
    ends = [tuple(line.get_xdata()) for line in ax.lines]
    assert ends == [(each.low, each.high) for each in known]
    assert "[USD]" in ax.get_xlabel()
    assert "leave" in decision_in_words(ANSWER) and "b 0.4" in decision_in_words(ANSWER)


def test_what_cannot_be_shown() -> None:
    x = gm.cauchy(0, 1)
    none = gm.decision({"a": x, "b": 0}).evaluate(gm.Model(x=x).sample(1024))
    with pytest.raises(UsageError, match="has nothing to show: a: the mean does not exist"):
        decision(none)
    with pytest.raises(UsageError, match="most is a number of bars"):
        decision(ANSWER, most=0)

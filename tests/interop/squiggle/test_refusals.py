"""What is refused: at which place, and why."""

import pytest

from guessmodel.interop.squiggle.parse import parse
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.script import read_script
from guessmodel.interop.squiggle.syntax import Place


def no_file(name: str) -> str:
    raise Refused(f"there is no file {name}")


def refusals(script: str) -> list[str]:
    return [str(refusal) for refusal in read_script(script, no_file).refusals]


@pytest.mark.parametrize(
    ("script", "place", "reason"),
    [
        ("x = (1", Place(1, 7), "the script ends too early"),
        ("x = 1\ny = f(2,\n", Place(2, 9), "the script ends too early"),
        ("x = }", Place(1, 5), "'}' cannot stand here"),
        ("x = 5 6", Place(1, 7), "'6' cannot stand here"),
        ("x = a\n  + b", Place(2, 3), "'+' cannot stand here"),
        ("x = if a then b\ny = 3", Place(1, 16), "the end of the line cannot stand here"),
        ('x = "abc', Place(1, 5), "the string that begins here does not end"),
        ("x = 5 # a note", Place(1, 7), "'#' means nothing in this language"),
        ("x = 1,000", Place(1, 6), "',' cannot stand here"),
        ("x = a == b == c", Place(1, 12), "'==' cannot stand here"),
        ("1\n2", Place(1, 1), "only the last line may be a value that is bound to no name"),
        ("x = { a = 1 }", Place(1, 7), "a block ends in its value, not in a statement"),
        ("x.y = 3", Place(1, 3), "only a name can be given a value"),
        ("Xy = 3", Place(1, 1), "'Xy' cannot be a name: it begins with a capital"),
        ("f(3) = 3", Place(1, 3), "only a name can be a parameter"),
        ("x = {a: 1, 2}", Place(1, 12), "an entry of a dict is `key: value`, or a name"),
        (r'x = "\q"', Place(1, 5), "a string with an escape that means nothing"),
        ("x = 5kg", Place(1, 7), "'g' cannot stand here"),
    ],
)
def test_syntax(script: str, place: Place, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(script)
    assert (caught.value.place, caught.value.reason) == (place, reason)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("x = nope", "line 1, column 5: 'nope' is not defined"),
        ("x = meen([1])", "line 1, column 5: 'meen' is not defined; did you mean 'mean'?"),
        ("x = y\ny = 3", "line 1, column 5: 'y' is not defined"),
        ("f(a) = a\nx = f(a: 3)", "line 2, column 7: an annotation belongs to a parameter"),
        ("f(a) = a\nx = f(1, 2)", "line 2, column 5: f takes 1 arguments, and not 2"),
        ("f(t: [1, 5]) = t\nx = f(7)", "line 2, column 5: t is outside its domain"),
        ("f(t: [1, 5]) = t\nx = f(1 to 2)", "line 2, column 5: t is a Number, not a Distribution"),
        (
            "f(t: [5, 1]) = t",
            "line 1, column 6: a domain is [low, high], both numbers or both dates",
        ),
        ("x = 5(3)", "line 1, column 5: a Number cannot be called"),
        ("x = 10 to 5", "line 1, column 8: the low value 10 is not below the high value 5"),
        (
            "x = 0 to 5",
            "line 1, column 7: a lognormal is above 0, and 0 is not; write normal({p5: …, p95: …})",
        ),
        ("x = normal(1, -1)", "line 1, column 5: normal: sd is -1; it must be above 0"),
        ("x = (1 to 2) > 1", "line 1, column 14: distributions cannot be compared"),
        ("x = [1, 2][2]", "line 1, column 12: a list of 2 has no element 2"),
        ("x = {a: 1}.b", "line 1, column 12: the dict has no 'b'; its keys: a"),
        ("x = 5.a", "'a' cannot stand here"),
        (
            "x = if 1 then 2 else 3",
            "line 1, column 8: a condition is a Boolean, and this is a Number",
        ),
        ("x = sample(1 to 2)", "line 1, column 5: sample: single samples change with each run"),
        ("x = (1 to 2) .+ (1 to 2)", "line 1, column 14: Dist.dotAdd: pointwise operators combine"),
        ("x = pdf(1 to 2, 1)", "line 1, column 5: pdf: densities are not imported"),
        ("x = min(1 to 2)", "line 1, column 5: min of a distribution depends on how many samples"),
        ("x = quantile(1 to 2, 2)", "line 1, column 5: a quantile is asked for at 2"),
        ("x = mx(1 to 2, 3, [1])", "line 1, column 5: a mixture of 2 has 1 weights"),
        ("x = mx([1 to 2, 3], [1])", "line 1, column 5: a mixture of 2 has 1 weights"),
        ("x = mx([1 to 2], [-1])", "line 1, column 5: weights are 0 or more, and one is above 0"),
        (
            "x = (1 to 2) / (1 / 0)",
            "line 1, column 14: a distribution cannot be combined with Infinity",
        ),
        ('x = throw("no")', "line 1, column 5: the script throws: no"),
        ("x = (1 to 2) to 0", "line 1, column 14: a lognormal is above 0, and 0 is not"),
        ("x = variance(1e200 to 1e201)", "line 1, column 5: the variance is no number"),
        ("x = variance([1e200, -1e200])", "line 1, column 5: variance: these numbers are out of"),
        ("x = List.first([])", "line 1, column 5: the list is empty"),
        ('x = Date("soon")', "line 1, column 5: 'soon' is no date such as 2024-05-31"),
        ("@nope(3)\nx = 5", "line 1, column 2: @nope is not defined"),
        (
            "x = SampleSet.map(1 to 2, {|v| v > 1})",
            "line 1, column 5: a function of draws has to give",
        ),
        (
            "x = Danger.now()",
            "line 1, column 5: Danger.now: it changes with each run; write the date",
        ),
        ('import "./a.squiggle" as a\nx = a.b', "line 1, column 8: there is no file a.squiggle"),
    ],
)
def test_meaning(script: str, told: str) -> None:
    assert told in refusals(script)[0]
    assert len(refusals(script)) == 1


def test_a_reason_is_told_once() -> None:
    """What uses a statement that was refused is not told as well; what does not is looked at."""
    script = "a = sample(1 to 2)\nb = a + 1\nf(x) = x * a\nc = f(2)\nd = {a: a}.a\ne = nope\ng = 5"
    assert [text.split(":")[0] for text in refusals(script)] == [
        "line 1, column 5",
        "line 6, column 5",
    ]


def test_refusals_of_an_imported_file_name_it() -> None:
    def reader(name: str) -> str:
        return "export x = 1\nexport y = nope\n"

    found = read_script('import "./other.squiggle" as o\nz = o.x\nw = o.y', reader)
    assert [str(one) for one in found.refusals] == [
        "other.squiggle, line 2, column 12: 'nope' is not defined"
    ]

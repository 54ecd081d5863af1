"""The grammar of formulas: operators by the ranks of mathjs, references, and what is refused."""

import pytest

from guessmodel.interop.guesstimate.formulas import (
    Applied,
    Items,
    Node,
    Number,
    Reference,
    parse_formula,
)
from guessmodel.interop.guesstimate.refusals import Refused

CELLS = {"A", "B", "PE", "REV", "${metric:a}", "${fact:f}", "#fact", "@City.population"}
KNOWN = {"normal", "log", "if", "max", "PERT", "PI", "scenarios"}


def parse(text: str) -> Node:
    return parse_formula(text, lambda name: name if name in CELLS else None, KNOWN.__contains__)


def shown(node: Node) -> str:
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Reference):
        return node.cell
    if isinstance(node, Items):
        return f"[{' '.join(map(shown, node.items))}]"
    return f"({' '.join([node.name, *map(shown, node.arguments)])})"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("=1+2*3", "(+ 1 (* 2 3))"),
        ("=1-2-3", "(- (- 1 2) 3)"),
        ("=8/4/2", "(/ (/ 8 4) 2)"),
        ("=-2^2", "(neg (^ 2 2))"),
        ("=2^3^2", "(^ 2 (^ 3 2))"),
        ("=2^-1", "(^ 2 (neg 1))"),
        ("=8%3", "(% 8 3)"),
        ("=8 % 3", "(% 8 3)"),
        ("=8 mod 3", "(% 8 3)"),
        ("=5%", "(percent 5)"),
        ("=5%*2", "(* (percent 5) 2)"),
        ("=A%", "(percent A)"),
        ("=(5%)", "(percent 5)"),
        ("=max(5%,A)", "(max (percent 5) A)"),
        ("=2A", "(beside 2 A)"),
        ("=2 A B", "(beside (beside 2 A) B)"),
        ("=(A+1)(B+2)", "(beside (+ A 1) (+ B 2))"),
        ("=A(B+2)", "(beside A (+ B 2))"),
        ("=2log(A)", "(beside 2 (log A))"),
        ("=1/2A", "(beside (/ 1 2) A)"),
        ("=A/2B", "(/ A (beside 2 B))"),
        ("=A B^2", "(beside A (^ B 2))"),
        ("=A>1 ? 2 : 3", "(?: (> A 1) 2 3)"),
        ("=A ? B : A ? 1 : 2", "(?: A B (?: A 1 2))"),
        ("=A>1 and B<2 or not A", "(or (and (> A 1) (< B 2)) (not A))"),
        ("=A==B xor A!=B", "(xor (== A B) (!= A B))"),
        ("=A>=1 && B<=2 || !A", "(or (and (>= A 1) (<= B 2)) (not A))"),
        ("=[1,A]", "[1 A]"),
        ("=scenarios([A,B],[.2,.8])", "(scenarios [A B] [.2 .8])"),
        ("=1e6 + 2. + .5E-3", "(+ (+ 1e6 2.) .5E-3)"),
        ("=${metric:a}*2", "(* ${metric:a} 2)"),
        ("=2${metric:a}", "(beside 2 ${metric:a})"),
        ("=${fact:f}+1", "(+ ${fact:f} 1)"),
        ("=#fact*2", "(* #fact 2)"),
        ("=@City.population*2", "(* @City.population 2)"),
        ("=A # a comment", "A"),
        ("=A #comment", "A"),
        ("=A\n + B", "(+ A B)"),
        ("  =A", "A"),
        ("=pi", "3.141592653589793"),
        ("=2e", "(beside 2 2.718281828459045)"),
        ("=PERT(1,2)", "(PERT 1 2)"),
        ("=PE+REV", "(+ PE REV)"),
        ("=PI(5, A, B)", "(PI 5 A B)"),
        ("=true", "1"),
    ],
)
def test_formulas(text: str, meaning: str) -> None:
    assert shown(parse(text)) == meaning


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("=", "the formula is empty", 1),
        ("=A+", "ends too soon", 4),
        ("=(A", "ends too soon", 4),
        ("=A)", r"'\)' has no place here", 3),
        ("=1,000", "',' has no place here", 3),
        ("=5K", "takes K in a formula for a unit; write the number out .5K is 5000", 3),
        ("=5M", "5M is 5000000", 3),
        ("=5k", "5k is 5000", 3),
        ("=A + foo", "no cell, constant or function 'foo'", 6),
        ("=3 i", "complex numbers", 4),
        ("=log", r"log is a function; write log\(…\)", 2),
        ("=PI", r"PI is a function", 2),
        ("=A:B", "a : alone means a range", 3),
        ("=A=B", "== compares", 3),
        ("=5!", "factorials", 3),
        ("=2 3", "'3' has no place here", 4),
        ("='a'", "text has no place", 2),
        ("=A;B", "one expression", 3),
        ("=1 + ${metric:zz}", "there is no cell zz", 6),
        ("=${fact:zz}", "is a fact without a value; give one: --fact", 2),
        ("=#zz", "is a fact without a value", 2),
        ("=[]", "an empty list", 2),
        ("=1e999", "too large", 2),
        ("=" + "(" * 160 + "1" + ")" * 160, "more than 150 operations", 162),
    ],
)
def test_what_is_refused(text: str, reason: str, column: int) -> None:
    with pytest.raises(Refused, match=reason) as caught:
        parse(text)
    assert caught.value.column == column


@pytest.mark.parametrize("operator", ["+", "*"])
def test_a_long_chain_is_one_sum_or_product(operator: str) -> None:
    node = parse("=A" + f" {operator} B" * 9_999)
    assert isinstance(node, Applied)
    assert node.name == {"+": "sum", "*": "prod"}[operator]
    assert node.arguments[0] == Reference("A", 2)
    assert node.arguments[-1] == Reference("B", 2 + 4 * 9_999)
    assert len(node.arguments) == 10_000


def test_a_long_difference_is_a_sum() -> None:
    node = parse("=A" + " - B * 2" * 200 + " + 1")
    assert isinstance(node, Applied) and node.name == "sum"
    assert shown(node.arguments[1]) == "(neg (* B 2))"
    assert [shown(part) for part in (node.arguments[0], node.arguments[-1])] == ["A", "1"]


@pytest.mark.parametrize("count", [160, 50_000])
@pytest.mark.parametrize(
    ("before", "after"), [("(", "+1)"), ("(A+", ")"), ("-(", ")"), ("log(", ")")]
)
def test_what_is_deep_is_refused(before: str, after: str, count: int) -> None:
    with pytest.raises(Refused, match="more than 150 operations stand inside each other"):
        parse("=" + before * count + "A" + after * count)


def test_nodes_know_their_columns() -> None:
    node = parse("=1 + log(A)")
    assert isinstance(node, Applied) and node.column == 4
    call = node.arguments[1]
    assert isinstance(call, Applied) and call.column == 6
    assert call.arguments[0] == Reference("A", 10)

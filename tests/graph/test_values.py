"""What is a number: all real ones, and nothing that only looks like one."""

import contextlib
import decimal
import fractions
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel import plots
from guessmodel.cli.main import main
from guessmodel.errors import WrongKind
from guessmodel.graph.values import number, numbers


class Odd:
    """Everything that one may ask of it fails."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __float__(self) -> float:
        raise RuntimeError("no number")


NUMBERS = [
    2, 2.0, True, np.True_, np.int8(2), np.uint64(2), np.float16(2), np.longdouble(2),
    np.array(2.0), fractions.Fraction(4, 2), decimal.Decimal(2),
]  # fmt: skip
OTHERS = [
    2j, np.complex64(2), np.complex128(2j), np.array(2j), np.void(b"2"), memoryview(b"2"),
    bytearray(b"2"), np.bytes_(b"2"), np.datetime64("2020"), np.timedelta64(2, "D"),
    np.array([2.0]), object(), Odd(), 10**400, -(10**400), fractions.Fraction(10**400),
    decimal.Decimal("1e400"), np.longdouble("1e4000"),
]  # fmt: skip
DRAW = gm.normal(1, 2, dim={"month": range(5)})
DECIDED = gm.decision({"a": 2 * (X := gm.normal(1, 2)), "b": 3}).evaluate(
    gm.Model(x=X).sample(2**10)
)
SWUNG = gm.Model(x=X, y=3 * X).sample(2**10).sensitivity("y")
WHOLE: dict[str, Callable[[Any], object]] = {
    "sum_of": lambda k: gm.sum_of(k, gm.normal(1, 2)),
    "metalog": lambda k: gm.metalog(p5=1, p50=2, p95=9, terms=k),
    "shift": lambda k: DRAW.shift(month=k),
    "round": lambda k: gm.round(DRAW, k),
    "headline": lambda k: gm.headline(X, priority=k).priority,
    "evsi": lambda k: DECIDED.evsi("x", sd=1, n=k),
    "tornado": lambda k: plots.tornado(SWUNG, most=k),
    "sample": lambda k: gm.Model(x=X).sample(k),
    "seed": lambda k: gm.Model(x=X).sample(8, seed=k),
    "threads": lambda k: gm.Model(x=X).sample(8, threads=k),
}
SHARES: dict[str, Callable[[Any], object]] = {
    "mass": lambda p: gm.normal(1, 2, mass=p),
    "quantiles": lambda p: gm.normal(quantiles={0.01: 1, p: 2}),
    "metalog": lambda p: gm.metalog(quantiles={0.01: 1, p: 2}),
    "claim": lambda p: gm.claim(X, quantiles={p: "1.2"}),
    "elicit": lambda p: gm.elicit({0.01: 1, p: 2}),
    "quantile": lambda p: X.sample(8).quantile(p),
    "along": lambda p: DRAW.quantile(p, "month"),
    "interval": lambda p: X.sample(8).interval(p),
    "shortfall": lambda p: X.sample(8).shortfall(p),
    "hdi": lambda p: X.sample(8).hdi(p),
}
USES: list[Callable[[Any], object]] = [
    number,
    lambda value: gm.normal(0, 1) + value,
    lambda value: value * gm.normal(0, 1),
    lambda value: gm.normal(0, 1) ** value,
    lambda value: gm.normal(0, 1) > value,
    gm.constant,
    lambda value: gm.normal(value, 5),
    lambda value: gm.normal({"a": value, "b": 3}, unit="USD", dim="d"),
    lambda value: gm.empirical([value, 1.0]),
]


@pytest.mark.parametrize("value", NUMBERS, ids=lambda value: type(value).__name__)
def test_real_numbers_of_every_kind(value: Any) -> None:
    assert number(value) == float(value)
    assert isinstance(number(value), float)


def test_infinite_numbers_stay() -> None:
    for value in (math.inf, -math.inf, np.longdouble("inf"), decimal.Decimal("-inf")):
        assert number(value) == float(value)
    assert math.isnan(number(decimal.Decimal("nan")))


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("value", OTHERS, ids=lambda value: type(value).__name__)
def test_others_are_refused_wherever_they_stand(value: Any, use: Callable[[Any], object]) -> None:
    with pytest.raises(gm.GuessmodelError):
        use(value)


def test_arrays() -> None:
    np.testing.assert_array_equal(numbers([1, 2.5]), [1.0, 2.5])
    np.testing.assert_array_equal(numbers([1, None]), [1.0, np.nan])
    np.testing.assert_array_equal(numbers(np.array([1, 2], np.longdouble)), [1.0, 2.0])
    for values in ([1j], ["a"], [np.datetime64("2020")], [1, 10**400], [1, "2"]):
        with pytest.raises(WrongKind):
            numbers(values)


# --- errors of a model ----------------------------------------------------------------------------

BROKEN = {
    "raise Odd()": "Odd",
    "raise Loud('loud')": "Loud: loud",
    "raise SystemExit(3)": "SystemExit",
    "raise GeneratorExit": "GeneratorExit",
    "globals()[5] = x": "a name is text",
    "x + 10**400": "too large for a number",
    "names = {'a\\x1b[31m': gm.normal(0, 1)}": "characters that cannot be shown",
    "y = gm.normal(0, 1, name='a\\u202eb')": "characters that cannot be shown",
    "y = gm.normal({'a': 1}, {'a': 2}, dim='a\\x00')": "characters that cannot be shown",
    "y = gm.apply(stop, x)": "stop failed with SystemExit",
    "y = gm.apply(odd, x)": "odd failed with Odd",
}
PREAMBLE = """
import guessmodel as gm
class Odd(Exception):
    def __str__(self):
        raise RuntimeError
class Loud(BaseException):
    pass
def stop(x):
    raise SystemExit
def odd(x):
    raise Odd
x = gm.normal(0, 1)
"""


@pytest.mark.parametrize("line", BROKEN)
def test_no_error_of_a_model_is_an_internal_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    path = tmp_path / "model.py"
    path.write_text(f"{PREAMBLE}{line}\n")
    assert main(["run", str(path)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"error: {path}:")
    assert BROKEN[line] in told
    assert told.count("\n") <= 2


def test_warnings_of_a_model_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    import warnings

    path = tmp_path / "model.py"
    path.write_text(f"import numpy as np\n{PREAMBLE}y = x + np.log(0.0) * 0\n")
    with contextlib.suppress(SystemExit), warnings.catch_warnings():
        warnings.simplefilter("default")
        main(["run", str(path)])
    for line in capsys.readouterr().err.splitlines():
        assert line.startswith("warning: ")


@pytest.mark.parametrize("use", WHOLE.values(), ids=WHOLE)
def test_whole_numbers(use: Callable[[Any], object]) -> None:
    """In every form, and nothing else."""
    for whole in (3, 3.0, np.int64(3), np.uint8(3), np.float32(3)):
        assert use(whole) is not None
    for other in (2.5, math.nan, math.inf, True, np.True_, "3", np.timedelta64(3), np.array([3])):
        with pytest.raises(gm.GuessmodelError) as caught:
            use(other)
        assert str(caught.value.message)
    assert isinstance(WHOLE["headline"](np.int64(3)), int)


@pytest.mark.parametrize("name", SHARES)
def test_shares(name: str) -> None:
    """NumPy's numbers are shares like any other, and percents are told what to write."""
    for share in (0.25, np.float64(0.25), np.float32(0.25), np.float16(0.25)):
        assert SHARES[name](share) is not None
    for other in (-0.5, 95, math.nan, "90%", None):
        if name == "mass" and other is None:
            continue
        with pytest.raises(gm.GuessmodelError) as caught:
            SHARES[name](other)
        if other == 95 and name not in ("quantiles", "metalog"):  # which have an example
            assert re.search(r"; write (mass=)?0\.95$", caught.value.message)

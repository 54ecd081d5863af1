"""Random models from a grammar of calls with bad arguments: they run, or an error of ours says why.

Warnings are errors here, so that none of NumPy's reaches a user.
"""

import ast
import contextlib
import copy
import decimal
import random
import re
import traceback
from pathlib import Path
from typing import Any

import numpy as np

import guessmodel as gm

BAD: list[Any] = [
    0,
    1,
    -1,
    2,
    0.5,
    0.9,
    3.0,
    1e308,
    -1e308,
    5e-324,
    float("nan"),
    float("inf"),
    10**400,
    True,
    None,
    "",
    "x",
    "5 to 8",
    "5 to 8 USD",
    "-1",
    b"2",
    [],
    [1, 2],
    (),
    {},
    {"a": 1},
    {"a": None},
    {"a": (1, 2), "b": (2, 3)},
    {1: 2, "1": 3},
    {0.1: 1, 0.9: 4},
    2j,
    np.complex128(1j),
    np.void(b"2"),
    memoryview(b"2"),
    np.array([1.0, 2.0]),
    np.array(3.0),
    np.float32(2),
    np.int64(3),
    np.datetime64("2020"),
    decimal.Decimal("1e400"),
    object(),
    len,
    gm.GuessmodelError,
    "USD",
    "day",
    "a\x1b",
    "\ud800",
    range(3),
    {1, 2},
    slice(1),
    Ellipsis,
]
PACKAGE = str(Path(gm.__file__).parent)
PYTHONS = re.compile(
    r"unhashable|unsupported operand type|not supported between|positional argument|"
    r"keyword argument|object is not (callable|an iterator)"
)
# Calls that run, as text: in place of any of their arguments comes one of BAD, or a quantity. `q`
# is a quantity, `d` one with the dimension "d".
CALLS = [
    "gm.normal(1, 2)",
    "gm.normal(mean=1, sd=2)",
    "gm.normal(1, 2, 'USD', name='n')",
    "gm.lognormal(1, 3)",
    "gm.lognormal({'a': (1, 2), 'b': (2, 3)}, dim='d')",
    "gm.lognormal(quantiles={0.1: 1, 0.5: 2})",
    "gm.lognormal(1, 3, mass=0.5)",
    "gm.lognormal({'a': 1, 'b': 2}, {'a': 3, 'b': 5}, dim='d', shared='d')",
    "gm.uniform(1, 2)",
    "gm.loguniform(1, 2)",
    "gm.arcsine(1, 2)",
    "gm.triangular(1, 5, mode=2, mass=0.8)",
    "gm.beta(2, 3, lower=0, upper=9)",
    "gm.hurdle(gm.poisson(2), 0.3)",
    "gm.constant(3)",
    "gm.constant('3 USD')",
    "gm.constant({'a': 1, 'b': 2}, dim='d')",
    "gm.beta(1, 2)",
    "gm.gamma(2, 3)",
    "gm.exponential(2)",
    "gm.bernoulli(0.3)",
    "gm.binomial(10, 0.3)",
    "gm.poisson(4)",
    "gm.geometric(0.3)",
    "gm.cauchy(1, 2)",
    "gm.student_t(3, 1, 2)",
    "gm.triangular(1, 2, 4)",
    "gm.pert(1, 2, 4)",
    "gm.weibull(1, 2)",
    "gm.pareto(1, 3)",
    "gm.metalog(quantiles={0.1: 1, 0.5: 2, 0.9: 4})",
    "gm.logistic(1, 2)",
    "gm.truncated(gm.normal(1, 2), 0, 3)",
    "gm.mixture([gm.normal(1, 2), gm.normal(3, 4)], [1, 2])",
    "gm.empirical([1, 2, 3])",
    "gm.empirical([1, 2], weights=[1, 2])",
    "gm.dirichlet({'a': 2, 'b': 3}, dim='d')",
    "gm.stack({'a': q, 'b': q}, dim='d')",
    "gm.maximum(q, 2)",
    "gm.where(q, q, 2)",
    "gm.clip(q, 0, 2)",
    "gm.exp(q)",
    "gm.log(q)",
    "gm.sqrt(q)",
    "gm.apply(np.sin, q)",
    "gm.apply(np.sin, q, unit='USD')",
    "gm.abs(q)",
    "q.to('USD')",
    "d.sum('d')",
    "d.mean('d')",
    "d.prod('d')",
    "d.max('d')",
    "d.sel(d='a')",
    "d.cumsum('d')",
    "d.idxmin('d')",
    "d.shift(d=1)",
    "q.where(q, 2)",
    "q + 2",
    "2 / q",
    "q ** 2",
    "q // 2",
    "q % 2",
    "q < 2",
    "q & 1",
    "gm.claim(q, mean=1, rtol=0.1)",
    "gm.unit('xyz')",
]
TREES = [(text, ast.parse(text, mode="eval")) for text in CALLS]
RESULT = ["mean", "sd", "quantile", "interval", "probability", "sel", "median", "correlation"]


def places(tree: ast.AST) -> list[tuple[Any, Any]]:
    """Where the expression has arguments: a list or object, and an index or attribute of it."""
    found: list[tuple[Any, Any]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += [(node.args, i) for i in range(len(node.args))]
            found += [(keyword, "value") for keyword in node.keywords]
        elif isinstance(node, ast.BinOp):
            found += [(node, "left"), (node, "right")]
        elif isinstance(node, ast.Dict):
            found += [(node.values, i) for i in range(len(node.values))]
            found += [(node.keys, i) for i in range(len(node.keys))]
        elif isinstance(node, ast.List):
            found += [(node.elts, i) for i in range(len(node.elts))]
    return found


def call(made: list[gm.Quantity], chance: random.Random) -> Any:
    """The value of one of the calls with up to two of its arguments exchanged."""
    tree = copy.deepcopy(chance.choice(TREES)[1])
    names = {
        "gm": gm,
        "np": np,
        "q": chance.choice(made),
        "d": gm.normal({"a": (1, 2), "b": (3, 4)}, dim="d"),
    }
    for _ in range(chance.choice([0, 1, 1, 1, 2])):
        if not (found := places(tree)):
            break
        where, key = chance.choice(found)
        name = f"bad{len(names)}"
        names[name] = chance.choice(made) if chance.random() < 0.3 else chance.choice(BAD)
        node = ast.Name(name, ast.Load())
        if isinstance(key, int):
            where[key] = node
        else:
            setattr(where, key, node)
    return eval(compile(ast.fix_missing_locations(tree), "<model>", "eval"), names)


def use(made: list[gm.Quantity], chance: random.Random) -> None:
    model = gm.Model({f"q{i}": quantity for i, quantity in enumerate(made)})
    method = chance.choice(["nets", "lhs", "random"])
    simulation = model.sample(chance.choice([8, 64, 256]), seed=1, method=method)
    str(simulation.summary())
    result = simulation[chance.choice(list(simulation))]
    method_of = getattr(result, chance.choice(RESULT), None)
    if method_of is not None:
        method_of(*[chance.choice(BAD) for _ in range(chance.choice([0, 0, 1, 1, 2]))])


def attempt(seed: int) -> BaseException | None:
    """What went wrong that is none of ours. What cannot be hashed or subscripted is Python's."""
    chance = random.Random(seed)
    made = [gm.normal(1, 3, name="first"), gm.lognormal(1, 3, "USD", name="second")]
    try:
        for _ in range(chance.randint(2, 7)):
            with contextlib.suppress(gm.GuessmodelError):
                found = call(made, chance)
                if isinstance(found, gm.Quantity):
                    made.append(found)
        use(made, chance)
    except gm.GuessmodelError:
        return None
    except Exception as error:
        return error if ours(error) and not PYTHONS.search(str(error)) else None
    return None


def ours(error: BaseException) -> bool:
    """Whether it passed guessmodel's code: else Python refused the call, or two bad arguments."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(frame.filename.startswith(PACKAGE) for frame in frames)


def test_every_error_is_one_of_ours(long: bool) -> None:
    wrong = {
        seed: error for seed in range(6000 if long else 400) if (error := attempt(seed)) is not None
    }
    assert not {seed: f"{type(error).__name__}: {error}"[:200] for seed, error in wrong.items()}

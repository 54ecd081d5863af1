"""guessmodel: models made of uncertain quantities.

>>> import guessmodel as gm
>>> price = gm.normal(8, 12, "USD/hour")
>>> hours = gm.lognormal(100, 400, "hour")
>>> print((price * hours).sample().interval())
9... to 4... USD
"""

from typing import TYPE_CHECKING, Any

from guessmodel import starting as _starting  # noqa: F401  # first: Ctrl-C from here on
from guessmodel.version import __version__ as __version__

if TYPE_CHECKING:
    from guessmodel import finance as finance
    from guessmodel import plots as plots
    from guessmodel import testing as testing
    from guessmodel import utility as utility
    from guessmodel.analysis.compare import compare as compare
    from guessmodel.analysis.decision import decision as decision
    from guessmodel.analysis.stated import seek as seek
    from guessmodel.analysis.stated import sweep as sweep
    from guessmodel.claims.checking import check as check
    from guessmodel.claims.claim import claim as claim
    from guessmodel.claims.claim_on_two import claim_joint as claim_joint
    from guessmodel.claims.claim_on_two import claim_ratio_of_means as claim_ratio_of_means
    from guessmodel.distributions.arcsine import arcsine as arcsine
    from guessmodel.distributions.bernoulli import bernoulli as bernoulli
    from guessmodel.distributions.beta import beta as beta
    from guessmodel.distributions.binomial import binomial as binomial
    from guessmodel.distributions.categorical import categorical as categorical
    from guessmodel.distributions.cauchy import cauchy as cauchy
    from guessmodel.distributions.chi2 import chi2 as chi2
    from guessmodel.distributions.correlate import correlate as correlate
    from guessmodel.distributions.dirichlet import dirichlet as dirichlet
    from guessmodel.distributions.double_triangular import double_triangular as double_triangular
    from guessmodel.distributions.empirical import empirical as empirical
    from guessmodel.distributions.exponential import exponential as exponential
    from guessmodel.distributions.f import f as f
    from guessmodel.distributions.from_preliz import from_preliz as from_preliz
    from guessmodel.distributions.from_scipy import from_scipy as from_scipy
    from guessmodel.distributions.gamma import gamma as gamma
    from guessmodel.distributions.geometric import geometric as geometric
    from guessmodel.distributions.hurdle import hurdle as hurdle
    from guessmodel.distributions.inverse_gamma import inverse_gamma as inverse_gamma
    from guessmodel.distributions.logistic import logistic as logistic
    from guessmodel.distributions.lognormal import lognormal as lognormal
    from guessmodel.distributions.loguniform import loguniform as loguniform
    from guessmodel.distributions.metalog import metalog as metalog
    from guessmodel.distributions.mixture import mixture as mixture
    from guessmodel.distributions.multivariate_normal import (
        multivariate_normal as multivariate_normal,
    )
    from guessmodel.distributions.negative_binomial import negative_binomial as negative_binomial
    from guessmodel.distributions.normal import normal as normal
    from guessmodel.distributions.parametrisation import constant as constant
    from guessmodel.distributions.pareto import pareto as pareto
    from guessmodel.distributions.pert import pert as pert
    from guessmodel.distributions.poisson import poisson as poisson
    from guessmodel.distributions.pool import pool as pool
    from guessmodel.distributions.random_sum import compound as compound
    from guessmodel.distributions.random_sum import sum_of as sum_of
    from guessmodel.distributions.student_t import student_t as student_t
    from guessmodel.distributions.table import table as table
    from guessmodel.distributions.text import parse as parse
    from guessmodel.distributions.triangular import triangular as triangular
    from guessmodel.distributions.truncated import truncated as truncated
    from guessmodel.distributions.uniform import uniform as uniform
    from guessmodel.distributions.weibull import weibull as weibull
    from guessmodel.distributions.workbook import from_xlsx as from_xlsx
    from guessmodel.distributions.zero_inflated import zero_inflated as zero_inflated
    from guessmodel.errors import GuessmodelError as GuessmodelError
    from guessmodel.estimators.estimate import Estimate as Estimate
    from guessmodel.finance import present_value as present_value
    from guessmodel.fitting.elicit import elicit as elicit
    from guessmodel.fitting.fit import fit as fit
    from guessmodel.fitting.score import score as score
    from guessmodel.graph.bounded import clip as clip
    from guessmodel.graph.bounded import filtered as filtered
    from guessmodel.graph.functions import abs as abs
    from guessmodel.graph.functions import apply as apply
    from guessmodel.graph.functions import ceil as ceil
    from guessmodel.graph.functions import cos as cos
    from guessmodel.graph.functions import exp as exp
    from guessmodel.graph.functions import expm1 as expm1
    from guessmodel.graph.functions import floor as floor
    from guessmodel.graph.functions import log as log
    from guessmodel.graph.functions import log1p as log1p
    from guessmodel.graph.functions import log2 as log2
    from guessmodel.graph.functions import log10 as log10
    from guessmodel.graph.functions import maximum as maximum
    from guessmodel.graph.functions import minimum as minimum
    from guessmodel.graph.functions import round as round
    from guessmodel.graph.functions import sign as sign
    from guessmodel.graph.functions import sin as sin
    from guessmodel.graph.functions import sqrt as sqrt
    from guessmodel.graph.functions import stack as stack
    from guessmodel.graph.functions import tan as tan
    from guessmodel.graph.functions import tanh as tanh
    from guessmodel.graph.functions import trunc as trunc
    from guessmodel.graph.functions import where as where
    from guessmodel.graph.lookup import choose as choose
    from guessmodel.graph.lookup import interpolate as interpolate
    from guessmodel.graph.quantity import Quantity as Quantity
    from guessmodel.graph.scan import scan as scan
    from guessmodel.interop.arviz import from_arviz as from_arviz
    from guessmodel.interop.sipmath.reading import from_sipmath as from_sipmath
    from guessmodel.model.model import Model as Model
    from guessmodel.model.scenario import scenario as scenario
    from guessmodel.simulation import Interrupted as Interrupted
    from guessmodel.simulation import Result as Result
    from guessmodel.simulation import Simulation as Simulation
    from guessmodel.simulation.headline import headline as headline
    from guessmodel.simulation.headline import headlines as headlines
    from guessmodel.units import define as unit

# Where the names above live, with another name there behind a colon. They are imported at their
# first use: the help of the command line needs none of them, nor NumPy.
_AT_FIRST_USE = {
    "unit": "guessmodel.units:define",
    "claim": "guessmodel.claims.claim",
    "claim_joint": "guessmodel.claims.claim_on_two",
    "claim_ratio_of_means": "guessmodel.claims.claim_on_two",
    "lognormal": "guessmodel.distributions.lognormal",
    "normal": "guessmodel.distributions.normal",
    "constant": "guessmodel.distributions.parametrisation",
    "GuessmodelError": "guessmodel.errors",
    "Estimate": "guessmodel.estimators.estimate",
    "clip": "guessmodel.graph.bounded",
    "filtered": "guessmodel.graph.bounded",
    "abs": "guessmodel.graph.functions",
    "apply": "guessmodel.graph.functions",
    "ceil": "guessmodel.graph.functions",
    "cos": "guessmodel.graph.functions",
    "exp": "guessmodel.graph.functions",
    "expm1": "guessmodel.graph.functions",
    "floor": "guessmodel.graph.functions",
    "log": "guessmodel.graph.functions",
    "log1p": "guessmodel.graph.functions",
    "log2": "guessmodel.graph.functions",
    "log10": "guessmodel.graph.functions",
    "maximum": "guessmodel.graph.functions",
    "minimum": "guessmodel.graph.functions",
    "round": "guessmodel.graph.functions",
    "sign": "guessmodel.graph.functions",
    "sin": "guessmodel.graph.functions",
    "sqrt": "guessmodel.graph.functions",
    "stack": "guessmodel.graph.functions",
    "tan": "guessmodel.graph.functions",
    "tanh": "guessmodel.graph.functions",
    "trunc": "guessmodel.graph.functions",
    "where": "guessmodel.graph.functions",
    "Quantity": "guessmodel.graph.quantity",
    "Model": "guessmodel.model.model",
    "Interrupted": "guessmodel.simulation",
    "Result": "guessmodel.simulation",
    "Simulation": "guessmodel.simulation",
    "compare": "guessmodel.analysis.compare",
    "decision": "guessmodel.analysis.decision",
    "seek": "guessmodel.analysis.stated",
    "sweep": "guessmodel.analysis.stated",
    "check": "guessmodel.claims.checking",
    "arcsine": "guessmodel.distributions.arcsine",
    "bernoulli": "guessmodel.distributions.bernoulli",
    "beta": "guessmodel.distributions.beta",
    "binomial": "guessmodel.distributions.binomial",
    "categorical": "guessmodel.distributions.categorical",
    "cauchy": "guessmodel.distributions.cauchy",
    "chi2": "guessmodel.distributions.chi2",
    "correlate": "guessmodel.distributions.correlate",
    "dirichlet": "guessmodel.distributions.dirichlet",
    "double_triangular": "guessmodel.distributions.double_triangular",
    "empirical": "guessmodel.distributions.empirical",
    "exponential": "guessmodel.distributions.exponential",
    "f": "guessmodel.distributions.f",
    "from_arviz": "guessmodel.interop.arviz",
    "from_preliz": "guessmodel.distributions.from_preliz",
    "from_sipmath": "guessmodel.interop.sipmath.reading",
    "from_scipy": "guessmodel.distributions.from_scipy",
    "from_xlsx": "guessmodel.distributions.workbook",
    "gamma": "guessmodel.distributions.gamma",
    "geometric": "guessmodel.distributions.geometric",
    "hurdle": "guessmodel.distributions.hurdle",
    "inverse_gamma": "guessmodel.distributions.inverse_gamma",
    "logistic": "guessmodel.distributions.logistic",
    "loguniform": "guessmodel.distributions.loguniform",
    "metalog": "guessmodel.distributions.metalog",
    "mixture": "guessmodel.distributions.mixture",
    "multivariate_normal": "guessmodel.distributions.multivariate_normal",
    "negative_binomial": "guessmodel.distributions.negative_binomial",
    "pareto": "guessmodel.distributions.pareto",
    "parse": "guessmodel.distributions.text",
    "pert": "guessmodel.distributions.pert",
    "pool": "guessmodel.distributions.pool",
    "poisson": "guessmodel.distributions.poisson",
    "student_t": "guessmodel.distributions.student_t",
    "triangular": "guessmodel.distributions.triangular",
    "truncated": "guessmodel.distributions.truncated",
    "uniform": "guessmodel.distributions.uniform",
    "weibull": "guessmodel.distributions.weibull",
    "zero_inflated": "guessmodel.distributions.zero_inflated",
    "table": "guessmodel.distributions.table",
    "elicit": "guessmodel.fitting.elicit",
    "fit": "guessmodel.fitting.fit",
    "score": "guessmodel.fitting.score",
    "present_value": "guessmodel.finance",
    "choose": "guessmodel.graph.lookup",
    "interpolate": "guessmodel.graph.lookup",
    "scan": "guessmodel.graph.scan",
    "compound": "guessmodel.distributions.random_sum",
    "sum_of": "guessmodel.distributions.random_sum",
    "headline": "guessmodel.simulation.headline",
    "headlines": "guessmodel.simulation.headline",
    "scenario": "guessmodel.model.scenario",
}
_PACKAGES = ("finance", "plots", "testing", "utility")

__all__ = [
    "Estimate",
    "GuessmodelError",
    "Interrupted",
    "Model",
    "Quantity",
    "Result",
    "Simulation",
    "abs",
    "apply",
    "arcsine",
    "bernoulli",
    "beta",
    "binomial",
    "categorical",
    "cauchy",
    "ceil",
    "check",
    "chi2",
    "choose",
    "claim",
    "claim_joint",
    "claim_ratio_of_means",
    "clip",
    "compare",
    "compound",
    "constant",
    "correlate",
    "cos",
    "decision",
    "dirichlet",
    "double_triangular",
    "elicit",
    "empirical",
    "exp",
    "expm1",
    "exponential",
    "f",
    "filtered",
    "fit",
    "floor",
    "from_arviz",
    "from_preliz",
    "from_scipy",
    "from_sipmath",
    "from_xlsx",
    "gamma",
    "geometric",
    "headline",
    "headlines",
    "hurdle",
    "interpolate",
    "inverse_gamma",
    "log",
    "log1p",
    "log2",
    "log10",
    "logistic",
    "lognormal",
    "loguniform",
    "maximum",
    "metalog",
    "minimum",
    "mixture",
    "multivariate_normal",
    "negative_binomial",
    "normal",
    "pareto",
    "parse",
    "pert",
    "poisson",
    "pool",
    "present_value",
    "round",
    "scan",
    "scenario",
    "score",
    "seek",
    "sign",
    "sin",
    "sqrt",
    "stack",
    "student_t",
    "sum_of",
    "sweep",
    "table",
    "tan",
    "tanh",
    "triangular",
    "trunc",
    "truncated",
    "uniform",
    "unit",
    "weibull",
    "where",
    "zero_inflated",
]


def __dir__() -> list[str]:
    own = (name for name in globals() if name.startswith("__"))
    return sorted({*own, *__all__, *_PACKAGES})  # and no rooms, which users do not call


def __getattr__(name: str) -> Any:
    from importlib import import_module
    from importlib.util import find_spec

    if name in _AT_FIRST_USE:
        module, _, own = _AT_FIRST_USE[name].partition(":")
        value = getattr(import_module(module), own or name)
        globals()[name] = value
        return value
    told = f"module 'guessmodel' has no attribute '{name}'"
    if name.startswith("_"):
        raise AttributeError(told)
    if find_spec(f"guessmodel.{name}") is not None:
        return import_module(f"guessmodel.{name}")
    from guessmodel.errors import NoAttribute, caller, did_you_mean
    from guessmodel.words import function_instead

    instead = function_instead(name)
    hint = f"; write {instead}" if instead else did_you_mean(name, __all__)
    raise NoAttribute(told + hint, caller())

"""guessmodel: models made of uncertain quantities.

>>> import guessmodel as gm
>>> price = gm.normal(8, 12, "USD/hour")
>>> hours = gm.lognormal(100, 400, "hour")
>>> print((price * hours).sample().interval())
957 to 4.18K USD
"""

from guessmodel.checking import check as check
from guessmodel.claims import claim as claim
from guessmodel.claims import claim_ratio_of_means as claim_ratio_of_means
from guessmodel.distributions.construct import constant as constant
from guessmodel.distributions.lognormal import lognormal as lognormal
from guessmodel.distributions.normal import normal as normal
from guessmodel.errors import GuessmodelError as GuessmodelError
from guessmodel.estimate import Estimate as Estimate
from guessmodel.functions import abs as abs
from guessmodel.functions import apply as apply
from guessmodel.functions import ceil as ceil
from guessmodel.functions import clip as clip
from guessmodel.functions import cos as cos
from guessmodel.functions import exp as exp
from guessmodel.functions import expm1 as expm1
from guessmodel.functions import floor as floor
from guessmodel.functions import log as log
from guessmodel.functions import log1p as log1p
from guessmodel.functions import log2 as log2
from guessmodel.functions import log10 as log10
from guessmodel.functions import maximum as maximum
from guessmodel.functions import minimum as minimum
from guessmodel.functions import round as round
from guessmodel.functions import sign as sign
from guessmodel.functions import sin as sin
from guessmodel.functions import sqrt as sqrt
from guessmodel.functions import stack as stack
from guessmodel.functions import tan as tan
from guessmodel.functions import tanh as tanh
from guessmodel.functions import trunc as trunc
from guessmodel.functions import where as where
from guessmodel.model import Model as Model
from guessmodel.quantity import Quantity as Quantity
from guessmodel.simulation import Result as Result
from guessmodel.simulation import Simulation as Simulation
from guessmodel.units import define as unit

__all__ = [
    "Estimate",
    "GuessmodelError",
    "Model",
    "Quantity",
    "Result",
    "Simulation",
    "constant",
    "lognormal",
    "normal",
    "unit",
]

__version__ = "0.1.0"

"""Units of quantities: what a unit is, its arithmetic, and the units that are known."""

from guessmodel.units.conversion import Conversion as Conversion
from guessmodel.units.conversion import Ratio as Ratio
from guessmodel.units.unit import DIMENSIONLESS as DIMENSIONLESS
from guessmodel.units.unit import Unit as Unit
from guessmodel.units.unit import compatible as compatible
from guessmodel.units.unit import conversion as conversion
from guessmodel.units.unit import define as define
from guessmodel.units.unit import difference as difference
from guessmodel.units.unit import divide as divide
from guessmodel.units.unit import factor as factor
from guessmodel.units.unit import multiply as multiply
from guessmodel.units.unit import parse as parse
from guessmodel.units.unit import power as power

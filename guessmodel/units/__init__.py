"""Units of quantities: what a unit is, its arithmetic, and the units that are known."""

from guessmodel.units.arithmetic import compatible as compatible
from guessmodel.units.arithmetic import conversion as conversion
from guessmodel.units.arithmetic import define as define
from guessmodel.units.arithmetic import divide as divide
from guessmodel.units.arithmetic import factor as factor
from guessmodel.units.arithmetic import multiply as multiply
from guessmodel.units.arithmetic import power as power
from guessmodel.units.conversion import Conversion as Conversion
from guessmodel.units.conversion import Ratio as Ratio
from guessmodel.units.unit import DIMENSIONLESS as DIMENSIONLESS
from guessmodel.units.unit import Unit as Unit
from guessmodel.units.unit import difference as difference
from guessmodel.units.unit import parse as parse

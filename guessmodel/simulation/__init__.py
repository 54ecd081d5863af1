"""A run of a model and its results."""

from guessmodel.simulation.estimated import Tallies as Tallies
from guessmodel.simulation.result import Result as Result
from guessmodel.simulation.run import Run as Run
from guessmodel.simulation.simulation import Interrupted as Interrupted
from guessmodel.simulation.simulation import Simulation as Simulation

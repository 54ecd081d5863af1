"""Pictures of results and models, on matplotlib axes.

Every function takes `ax=`, draws on it (or on axes in a figure of its own), and returns it; none
shows anything or touches pyplot. `save` writes the same bytes for the same picture.

>>> import guessmodel as gm
>>> cost = (gm.lognormal(5, 100, "USD", name="price") * 3).sample(1024)
>>> gm.plots.density(cost).get_xlabel()
'result [USD]'
"""

from guessmodel.plots.cdf import cdf as cdf
from guessmodel.plots.comparison import comparison as comparison
from guessmodel.plots.decision import decision as decision
from guessmodel.plots.density import density as density
from guessmodel.plots.density import histogram as histogram
from guessmodel.plots.fan import fan as fan
from guessmodel.plots.graph import graph as graph
from guessmodel.plots.heat_map import heat_map as heat_map
from guessmodel.plots.multiples import small_multiples as small_multiples
from guessmodel.plots.qq import qq as qq
from guessmodel.plots.report import Picture as Picture
from guessmodel.plots.report import for_report as for_report
from guessmodel.plots.report import graph_for_report as graph_for_report
from guessmodel.plots.report import scenarios_for_report as scenarios_for_report
from guessmodel.plots.report import seek_for_report as seek_for_report
from guessmodel.plots.report import sweep_for_report as sweep_for_report
from guessmodel.plots.report import together_for_report as together_for_report
from guessmodel.plots.report import tornado_for_report as tornado_for_report
from guessmodel.plots.saving import save as save
from guessmodel.plots.saving import svg as svg
from guessmodel.plots.scatter import rank_correlation as rank_correlation
from guessmodel.plots.scatter import scatter as scatter
from guessmodel.plots.scatter_matrix import scatter_matrix as scatter_matrix
from guessmodel.plots.seek import seek as seek
from guessmodel.plots.style import new_axes as new_axes
from guessmodel.plots.style import new_figure as new_figure
from guessmodel.plots.sweep import sweep as sweep
from guessmodel.plots.tornado import tornado as tornado
from guessmodel.plots.versions import changes as changes
from guessmodel.plots.versions import waterfall as waterfall

__all__ = [
    "Picture",
    "cdf",
    "changes",
    "comparison",
    "decision",
    "density",
    "fan",
    "for_report",
    "graph",
    "graph_for_report",
    "heat_map",
    "histogram",
    "new_axes",
    "new_figure",
    "qq",
    "rank_correlation",
    "save",
    "scatter",
    "scatter_matrix",
    "scenarios_for_report",
    "seek",
    "seek_for_report",
    "small_multiples",
    "svg",
    "sweep",
    "sweep_for_report",
    "together_for_report",
    "tornado",
    "tornado_for_report",
    "waterfall",
]

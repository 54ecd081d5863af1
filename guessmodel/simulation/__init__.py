"""A run of a model and its results.

`runner` makes a run; its draws are made when something asks for them (`deferred`). One quantity of
it is a `result`, built up in three files: `estimated` has its draws and chooses who answers,
`shape` its spread and tails, `result` all else. What a run knows beside its draws is in
`knowledge`.

For what hardly any draw meets, each word means one thing:

- an *event* has a probability that the graph tells (`known_events`), or one that is itself
  uncertain (`uncertain_events`, `rare_comparisons`);
- a *turn* is a condition or an extreme whose probability nobody knows. `rare_turns` finds them and
  tells how likely they may be (`shares_of_turns`), `deciding_turns` whether one matters;
  `reached_turns` and `turned_draws` have draws in which it is taken;
- *farther out* is what no formula tells of at all (`farther_out`), beyond what the draws have met
  (`range_met`);
- a *stratum* is a part of all cases, with draws of its own. `strata` makes one estimate of them
  all, of a statistic that is asked for as a `from_run`.

How an error is computed from draws is not said here, but in `guessmodel.estimators`.
"""

from guessmodel.simulation.estimated import Tallies as Tallies
from guessmodel.simulation.result import Result as Result
from guessmodel.simulation.run import Run as Run
from guessmodel.simulation.simulation import Interrupted as Interrupted
from guessmodel.simulation.simulation import Simulation as Simulation

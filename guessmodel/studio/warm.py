"""Imported by the process that workers are forked from, so that a model is shown at once: it
imports what a page needs, and runs a small model to fill tables of units and families."""

from __future__ import annotations

import gc

from guessmodel.claims.checking import sampled_and_checked
from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.parametrisation import constant
from guessmodel.model.model import Model
from guessmodel.report.document import described
from guessmodel.report.view import view
from guessmodel.studio import worker

__all__ = ["worker"]


def _warm() -> None:
    price = lognormal(5, 8, "USD/hour")
    time = lognormal(1, 2, "hour")
    model = Model(price=price, time=time, cost=price * time + constant(1, "USD"))
    simulation, checked = sampled_and_checked(model, samples=1024)
    view(model, simulation, described(model, simulation, checked, {}))


_warm()
gc.collect()
gc.freeze()  # pages of memory that no collection touches stay shared

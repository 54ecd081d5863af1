"""Imported by the process that workers are forked from, so that a model is shown at once: it
imports what a page needs, and runs a small model to fill tables of units and families."""

from __future__ import annotations

import gc
from importlib import import_module

from guessmodel.distributions.beta import beta
from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.text import FAMILIES
from guessmodel.model.model import Model
from guessmodel.studio import saving, worker
from guessmodel.studio.sheet import Sheet

__all__ = ["saving", "worker"]


def _warm() -> None:
    for family in FAMILIES:
        import_module(f"guessmodel.distributions.{family}")
    price, time = lognormal(5, 8, "USD/hour"), lognormal(1, 2, "hour")
    cost = price * time * beta(0.2, 0.4) + constant(1, "USD")
    model = Model(price=price, time=time, cost=cost, rate=cost / time)
    sheet = Sheet.of_model(model, samples=1024)
    edits = {"price": "5 to 9 USD/hour"}
    sheet.preview(edits, "price")
    sheet.changed(edits)
    sheet.settled(edits, lambda: None)
    sheet.drivers(edits)


_warm()
gc.collect()
gc.freeze()  # pages of memory that no collection touches stay shared

"""Quantities that are made of one draw alone, as functions of it, whatever is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final, NamedTuple, final

import numpy as np

from guessmodel.estimators.closed import Closed
from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Apply, Filtered
from guessmodel.graph.family import Family
from guessmodel.graph.operation import Pointwise
from guessmodel.graph.quantity import Constant, Quantile, Variate
from guessmodel.graph.random_sum import RandomSum
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.normal import tail

__all__ = ["OneDraw", "Step"]

_NEGLIGIBLE: Final = 1e-12  # of a moment
_UNSEEN: Final = 1e-16  # probability of values that are beyond the range of floating-point numbers
_UNKNOWN: Final = (Apply, Filtered, RandomSum)  # operations that are not looked into
_SELECTIONS: Final = (Take, Stack, Shift)
_FOLDS: Final = {
    "sum": np.add,
    "cumsum": np.add,
    "mean": np.add,
    "prod": np.multiply,
    "cumprod": np.multiply,
    "min": np.minimum,
    "max": np.maximum,
}


_WORK: Final = 1 << 10  # steps to all coordinates of a model
_LONGEST: Final = 64  # to one
_EVALUATED: Final = 1 << 18  # evaluations of steps, to follow the functions of all coordinates,
_LEAST: Final = 64  # and at least of one


class Atoms(NamedTuple):
    """Isolated values in the order of those of the draw, and their probabilities."""

    values: FloatArray
    shares: FloatArray
    cut: tuple[bool, bool]
    """Whether the draw has more of them below, and above."""

    def tell(self, order: int) -> bool:
        """Whether they tell the moment of an order: that of x**k grows no faster than its
        probabilities fall, so that what is left out is little beside it."""
        return self.missing(order) <= _NEGLIGIBLE

    def missing(self, order: int) -> float:
        """What share of the moment is left out at most, where its terms fall by a factor at the
        ends: less than all terms like the last."""
        size = np.abs(self.values - float(self.values @ self.shares))
        top = float(size.max())
        if top == 0.0 or not any(self.cut):
            return 1.0 if any(self.cut) else 0.0
        terms = (size / top) ** order * self.shares
        ends = [end for end, cut in zip((terms[0], terms[-1]), self.cut, strict=True) if cut]
        return float(max(ends)) * terms.size / float(terms.sum())


class Step(NamedTuple):
    """A quantity on the way."""

    element: Element
    inputs: tuple[int, ...]  # places of the steps before it


@final
@dataclass(frozen=True, eq=False)
class OneDraw:
    """A quantity at a coordinate, and the steps to it from its one variate, which is itself left
    out."""

    steps: tuple[Step, ...]
    affordable: int
    """How many evaluations of steps may be spent on following it."""

    @staticmethod
    def of(root: Element, most: int, coordinates: int = 1) -> OneDraw | None:
        """A quantity at a coordinate as a function of its one variate. None of what is made of no
        variate, or of several, correlated ones too; of what is not looked into; and where there are
        more than so many steps. The model has so many `coordinates`, each of which may cost its
        part."""
        affordable = max(_EVALUATED // max(coordinates, 1), _LEAST)
        most = min(most, affordable)
        places: dict[Element, int] = {}
        steps: list[Step] = []
        variate: Element | None = None
        stack: list[tuple[Element, list[Element] | None]] = [(root, None)]
        while stack:
            element, operands = stack.pop()
            if element in places:
                continue
            if operands is not None:
                places[element] = len(steps)
                steps.append(Step(element, tuple(places[each] for each in operands)))
                continue
            operation = element.node.operation
            if isinstance(operation, Variate):
                if variate is not None and element != variate:
                    return None
                variate = element
                continue
            if isinstance(operation, _UNKNOWN) or not _is_followed(operation):
                return None
            operands = list(operands_of(element))
            if isinstance(operation, Quantile):
                if not isinstance(operands[0].node.operation, Variate):
                    return None  # correlated with others
                stack += [(operands[0], None)]
                operands = operands[1:]
            if len(steps) + len(stack) > 2 * most:
                return None
            stack.append((element, operands))
            stack += [(each, None) for each in operands[::-1]]
        if variate is None or len(steps) > most:
            return None
        return OneDraw(tuple(steps), affordable)

    @staticmethod
    def longest(coordinates: int) -> int:
        """How many steps are followed in a model of so many coordinates, if each of them may be
        made of one draw."""
        return min(_WORK // max(coordinates, 1), _LONGEST)

    @property
    def discrete(self) -> bool:
        """Whether a draw on the way has isolated values."""
        return any(
            isinstance(step.element.node.operation, Quantile)
            and step.element.node.operation.family.discrete
            for step in self.steps
        )

    def at(self, low: FloatArray, high: FloatArray) -> FloatArray:
        """The quantity where the variate is `low`, and 1 less it `high`."""
        made = self.all(low, high)[-1]
        return np.broadcast_to(made, low.shape)

    def at_scores(self, z: FloatArray, places: Sequence[int] | None = None) -> list[FloatArray]:
        """All steps, or some, at normal scores of the variate."""
        return self.all(tail(-z), tail(z), places)

    def all(
        self, low: FloatArray, high: FloatArray, places: Sequence[int] | None = None
    ) -> list[FloatArray]:
        """Each step, or those at some places, that follow one another; of the others those that
        vary are empty."""
        lower = low <= 0.5
        below = np.count_nonzero(lower)

        def drawn(family: Family, parameters: Sequence[FloatArray]) -> FloatArray:
            out = np.empty(low.size)
            if below:
                out[lower] = family.ppf(low[lower], *parameters)
            if below < low.size:
                out[~lower] = family.isf(high[~lower], *parameters)
            return out

        return self._evaluated(low.size, drawn, places)

    def atoms(self, then: Callable[[FloatArray], FloatArray] = lambda x: x) -> Atoms | None:
        """Values and their probabilities, where the draw has isolated ones."""
        draws = [s for s in self.steps if isinstance(s.element.node.operation, Quantile)]
        if len(draws) > 1:
            return None
        (draw,) = draws
        operation = draw.element.node.operation
        assert isinstance(operation, Quantile)
        parameters = [self.steps[place].element for place in draw.inputs]
        if not all(isinstance(each.node.operation, Constant) for each in parameters):
            return None
        from guessmodel.estimators.lattices import far_atoms

        closed = Closed(operation.family, tuple(map(_number, parameters)))
        atoms = far_atoms(closed)
        if atoms is None:
            return None
        values, shares = atoms
        low, high = (float(end) for end in operation.family.support(*closed.parameters))
        cut = bool(low < values[0]), bool(values[-1] < high)
        made = self._evaluated(values.size, lambda family, parameters: values, None)[-1]
        with np.errstate(all="ignore"):
            found = then(np.broadcast_to(made, values.shape))
        known = np.isfinite(found)
        if not known.all():
            if float(shares[~known].sum()) > _UNSEEN:
                return None
            found, shares, cut = found[known], shares[known], (True, True)
        return Atoms(found, shares / shares.sum(), cut)

    @cached_property
    def varying(self) -> list[int]:
        """Places of the steps that hang on the draw."""
        return [place for place, fixed in enumerate(self._fixed) if fixed is None]

    @cached_property
    @np.errstate(all="ignore")
    def _fixed(self) -> list[FloatArray | None]:
        """What the steps are that do not hang on the draw."""
        found: list[FloatArray | None] = []
        for step in self.steps:
            operation = step.element.node.operation
            arrays = [known for each in step.inputs if (known := found[each]) is not None]
            varies = isinstance(operation, Quantile) or len(arrays) < len(step.inputs)
            found.append(None if varies else _made(step, arrays))
        return found

    @np.errstate(all="ignore")
    def _evaluated(
        self,
        size: int,
        drawn: Callable[[Family, Sequence[FloatArray]], FloatArray],
        places: Sequence[int] | None,
    ) -> list[FloatArray]:
        nothing = np.empty(0)
        known = [nothing if fixed is None else fixed for fixed in self._fixed]
        for place in self.varying if places is None else places:
            step = self.steps[place]
            operation, arrays = step.element.node.operation, [known[each] for each in step.inputs]
            if not isinstance(operation, Quantile):
                known[place] = _made(step, arrays)
            elif any(array.ndim for array in arrays):  # parameters that the draw decides
                known[place] = np.full(size, np.nan)
            else:
                known[place] = drawn(operation.family, arrays)
        return known


def _made(step: Step, arrays: Sequence[FloatArray]) -> FloatArray:
    """What no draw is, from its inputs."""
    operation = step.element.node.operation
    if isinstance(operation, Pointwise):
        made = np.empty(max((array.shape for array in arrays), default=()))
        operation.evaluate(arrays, (), made)
        return made
    if isinstance(operation, Constant):
        return np.asarray(operation.value[step.element.position])
    if isinstance(operation, Reduce | Accumulate):
        folded = reduce(_FOLDS[operation.kind], arrays)
        return np.asarray(folded / len(arrays) if operation.kind == "mean" else folded)
    if isinstance(operation, Shift) and not arrays:
        return np.asarray(operation.fill)
    return arrays[0]


def _is_followed(operation: object) -> bool:
    if isinstance(operation, Reduce | Accumulate):
        return operation.kind in _FOLDS
    return isinstance(operation, Constant | Quantile | Pointwise | Take | Stack | Shift)


def _number(element: Element) -> float:
    operation = element.node.operation
    assert isinstance(operation, Constant)
    return float(operation.value[element.position])

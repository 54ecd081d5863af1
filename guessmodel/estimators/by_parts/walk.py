"""Mean and central moments of a quantity from those of the parts that it is made of.

Sums, products, powers, choices and exponentials of sums are followed as long as what they combine
shares no draw; what is made of one draw alone is integrated over it. Where parts do share a draw,
or where nothing is known of an operation, the draws behind are *sampled*: the moments are then
those given these draws, one for each draw of a run (Rao and Blackwell's way to leave out the error
of all the others).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final, NamedTuple, final

import numpy as np

from guessmodel.distributions.normal import NORMAL_FAMILY
from guessmodel.estimators import exact_shape
from guessmodel.estimators.by_parts.cases import At, Holding, Knowing
from guessmodel.estimators.by_parts.draws import VariateSets
from guessmodel.estimators.by_parts.part import Part, moments_of
from guessmodel.estimators.by_parts.powers import POWERS, exponential, power, raised
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.one_draw.moments import at_levels, moments_of_one
from guessmodel.estimators.tails.light import Facts
from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, opaque, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise, Where
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.random_sum import RandomSum
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import depth_first
from guessmodel.numerics import normal
from guessmodel.numerics.central_moments import CentralMoments, Number

__all__ = ["Walk"]

_SELECTIONS: Final = (Take, Stack, Shift)


class _Behind(NamedTuple):
    """What the walk knows of an element where it has been: what it goes on to, and of all behind
    it which variates should be sampled so that it goes on, and whose values it has asked for, as
    bits."""

    on: list[Element]
    wanted: int
    taken: int


@final
@dataclass(slots=True, eq=False)
class Walk:
    """Moments up to the order, 2 or 4, of quantities at their coordinates, worked out once each.

    Parameters
    ----------
    sampled : bits of the variates that are sampled
    values : what a quantity that is made of these alone is, draw by draw, or of no draw at all, if
        it has no closed form; NaN where that is not known
    cases : what is supposed of variates: then moments are to the order 2, case by case
    """

    forms: ClosedForms
    facts: dict[Quantity, Facts]
    draws: VariateSets
    order: int
    sampled: int = 0
    values: Callable[[Element], Number] = lambda element: math.nan
    cases: Knowing | Holding | None = None
    parts: dict[Element, Part] = field(default_factory=dict)
    pending: set[Element] = field(default_factory=set)
    """What is made of one draw, and not integrated yet."""
    failed: set[Element] = field(default_factory=set)
    """What cannot be integrated."""
    unsettled: dict[Element, int] = field(default_factory=dict)
    """Where the walk came to an end, and which variates should be sampled so that it goes on."""
    here: Element | None = None
    """What is worked out now."""
    taken: dict[Element, int] = field(default_factory=dict)
    """What is made of sampled draws alone, whose values were asked for, each with a bit."""
    behind: dict[Element, _Behind] = field(default_factory=dict)

    def of(self, root: Element) -> CentralMoments | None:
        """The moments of an element; None where they are not known."""
        for element in depth_first([root], self._unknown):
            if element not in self.parts:
                self.here = element
                self.parts[element] = self._part(element)
        return self._integrated(root).moments

    def wanted(self, root: Element) -> int:
        """Which variates should be sampled so that the walk from there goes on, where it has been;
        whatever else it was asked before."""
        own = self.parts[root].free if root in self.failed else 0
        return self._ends(root).wanted | own

    def taken_by(self, root: Element) -> list[Element]:
        """The values that the walk from there, where it has been, has asked for."""
        done, found = 0, []

        def left(element: Element) -> Iterator[Element]:
            return (each for each in self._ends(element).on if self._ends(each).taken & ~done)

        for element in depth_first([root], left):
            if element in self.taken:
                done |= self.taken[element]
                found.append(element)
        return found

    def _ends(self, root: Element) -> _Behind:
        if root not in self.behind:
            for element in depth_first([root], self._unseen):
                if element not in self.behind:
                    on = self._operands(element)
                    wanted, taken = self.unsettled.get(element, 0), self.taken.get(element, 0)
                    for each in on:
                        wanted |= self.behind[each].wanted
                        taken |= self.behind[each].taken
                    self.behind[element] = _Behind(on, wanted, taken)
        return self.behind[root]

    def _unseen(self, element: Element) -> list[Element]:
        return [] if element in self.behind else self._operands(element)

    def known(self, element: Element) -> Part:
        """The part, where its moments are needed."""
        part = self._integrated(element)
        if element in self.failed:
            self.stop(part.free)
        return part

    def _integrated(self, element: Element) -> Part:
        """The part, integrated now where it is made of one draw: of a denominator nobody needs the
        moments, but those of its reciprocal."""
        if element in self.pending:
            self.pending.discard(element)
            free = self.parts[element].free
            self.parts[element] = Part(free, self.one(element, lambda x: x))
            if self.parts[element].moments is None:
                self.failed.add(element)
        return self.parts[element]

    def _unknown(self, element: Element) -> list[Element]:
        return [] if element in self.parts else self._operands(element)

    def _operands(self, element: Element) -> list[Element]:
        if not self.draws.behind(element) & ~self.sampled:
            return []
        operation = element.node.operation
        if (
            isinstance(operation, Variate | Scores | RandomSum)
            or self.closed_form(element) is not None
        ):
            return []
        if self.is_of_one(element):
            return []
        if opaque(element.node) and not isinstance(operation, Reduce | Accumulate):
            return []
        return list(operands_of(element))

    def closed_form(self, element: Element) -> Closed | None:
        behind = self.draws.behind(element)
        if behind & self.sampled or (self.cases and behind & (behind - 1)):
            return None  # of several variates some may be known, or held
        return self.forms.at(element.node, element.position)

    def _part(self, element: Element) -> Part:
        operation = element.node.operation
        behind = self.draws.behind(element)
        free = behind & ~self.sampled
        if isinstance(operation, Constant):
            return Part(0, self.certain(float(operation.value[element.position])))
        if isinstance(operation, Variate | Scores):
            return Part(free, None)
        closed = self.closed_form(element)
        if not free:
            if closed is None:
                self.taken[element] = 1 << len(self.taken)
            value = self.values(element) if closed is None else closed.mean()
            known = isinstance(value, np.ndarray) or not math.isnan(value)
            return Part(0, self.certain(value) if known else None)
        found = None if closed is None else self.of_closed(closed, free, self.at(element))
        if found is None and self.is_of_one(element):
            self.pending.add(element)
        elif found is None and closed is None:
            found = self._made(element, operation)
        elif found is None:
            self.stop(free)
        return Part(free, found)

    def is_of_one(self, element: Element) -> bool:
        """Whether it is made of one variate alone."""
        behind = self.draws.behind(element)
        return behind.bit_count() == 1 and not behind & self.sampled

    # --- leaves -----------------------------------------------------------------------------------

    def certain(self, value: Number) -> CentralMoments:
        return CentralMoments.certain(value, self.order)

    def of_closed(self, closed: Closed, behind: int, at: At) -> CentralMoments | None:
        if not closed.squarable():
            return None
        mean, sd = closed.mean(), closed.sd()
        if sd == 0.0:
            return self.certain(mean)
        powers = range(3, self.order + 1)
        shape = [exact_shape.standardised_moment(closed, power) for power in powers]
        if any(each is None for each in shape):
            return None
        higher = [z * sd**power for z, power in zip(shape, powers, strict=True) if z is not None]
        return self._seen(_finite(CentralMoments.of(mean, [sd * sd, *higher])), behind, at)

    def one(self, element: Element, then: Callable[[Any], Any]) -> CentralMoments | None:
        """By quadrature, of what is made of one draw."""
        if not self.is_of_one(element):
            return None
        found = moments_of_one(element, self.order, then, self.forms.coordinates)
        if found is None:
            return None
        behind = self.draws.behind(element)
        return self._seen(_finite(found), behind, self.at(element, then))

    def _seen(self, moments: CentralMoments | None, variate: int, at: At) -> CentralMoments | None:
        """The moments of what is made of one variate, as it is in each case."""
        if moments is None or self.cases is None:
            return moments
        return self.cases.of(moments, variate, at)

    def at(self, element: Element, then: Callable[[Any], Any] = lambda x: x) -> At:
        return lambda levels: at_levels(element, levels, then)

    def stop(self, bits: int) -> None:
        assert self.here is not None
        self.unsettled[self.here] = self.unsettled.get(self.here, 0) | bits

    # --- operations -------------------------------------------------------------------------------

    def _made(self, element: Element, operation: Any) -> CentralMoments | None:
        if isinstance(operation, Quantile):
            return self._drawn(element, operation)
        if isinstance(operation, RandomSum):
            return self._events(element)
        if opaque(element.node) and not isinstance(operation, Reduce | Accumulate):
            self.stop(self.draws.behind(element) & ~self.sampled)
            return None
        operands = list(operands_of(element))
        if isinstance(operation, Elementwise) and operation.ufunc in (*POWERS, np.power):
            return power(self, operation.ufunc, operands)
        if isinstance(operation, Elementwise) and operation.ufunc is np.exp:
            return exponential(self, element, operands[0])
        if isinstance(operation, Elementwise) and operation.ufunc is np.divide:
            return self._quotient(element, *operands)
        parts = [*map(self.known, operands)]
        if any(part.moments is None for part in parts):
            return None
        if isinstance(operation, Shift) and not parts:  # beyond the labels
            return self.certain(operation.fill)
        if isinstance(operation, _SELECTIONS):
            return parts[0].moments
        if isinstance(operation, Convert):
            return moments_of(parts[0]).line(
                operation.conversion.factor, operation.conversion.shift
            )
        if isinstance(operation, Reduce | Accumulate):
            return self.folded(element, operation.kind, parts)
        if isinstance(operation, Where):
            return self._chosen(element, parts)
        if isinstance(operation, Elementwise):
            if operation.ufunc is np.negative:
                return moments_of(parts[0]).line(-1.0)
            if operation.ufunc is np.subtract:
                parts[1] = Part(parts[1].free, moments_of(parts[1]).line(-1.0))
            kind = _KINDS.get(operation.ufunc)
            if kind is not None:
                return self.folded(element, kind, parts)
        self.stop(self.draws.behind(element) & ~self.sampled)
        return None

    def _quotient(self, element: Element, above: Element, below: Element) -> CentralMoments | None:
        over, free = self.known(above), self.parts[below].free
        if over.moments is None:
            return None
        under = Part(free, raised(self, below, -1.0))
        if under.moments is None:
            self.stop(free)
            return None
        return self.folded(element, "prod", [over, under])

    def folded(self, element: Element, kind: str, parts: Sequence[Part]) -> CentralMoments | None:
        """A sum or product."""
        if kind not in _FOLDS:
            self.stop(self.draws.behind(element) & ~self.sampled)
            return None
        free = shared = 0
        for part in parts:
            shared |= free & part.free
            free |= part.free
        if shared:
            self.stop(shared)
            return None
        total = reduce(_FOLDS[kind], map(moments_of, parts))
        return _finite(total.line(1.0 / len(parts)) if kind == "mean" else total)

    def _chosen(self, element: Element, parts: Sequence[Part]) -> CentralMoments | None:
        condition, x, y = parts
        if not condition.free:
            holds = np.asarray(moments_of(condition).mean) != 0.0
            return CentralMoments.chosen(holds, moments_of(x), moments_of(y))
        shared = condition.free & (x.free | y.free)
        if isinstance(self.cases, Knowing):
            shared |= x.free & y.free
        (node, *_) = element.node.operands
        if shared or not is_indicator(node):
            self.stop(shared or condition.free)
            return None
        if isinstance(self.cases, Knowing):
            return moments_of(x).weighed(moments_of(condition), moments_of(y))
        return _finite(moments_of(x).mixed(moments_of(condition).mean, moments_of(y)))

    def _drawn(self, element: Element, draw: Quantile) -> CentralMoments | None:
        """A draw whose parameters are uncertain."""
        number, *operands = operands_of(element)
        own = self.draws.behind(number) & ~self.sampled
        parts = [*map(self.known, operands)]
        if any(part.moments is None for part in parts):
            return None
        free = reduce(lambda bits, part: bits | part.free, parts, 0)
        if not isinstance(number.node.operation, Variate) or not own:
            self.stop(own | free)
            return None
        if draw.family is NORMAL_FAMILY:
            mean, sd = parts
            score = self.of_closed(Closed(NORMAL_FAMILY, (0.0, 1.0)), own, normal.ppf)
            swing = self.folded(element, "prod", [sd, Part(own, score)])
            both = [mean, Part(sd.free | own, swing)]
            return None if swing is None else self.folded(element, "sum", both)
        if free or self.order > 2 or self.cases:
            self.stop(free or own)
            return None
        values = [moments_of(part).value for part in parts]
        with np.errstate(all="ignore"):
            return CentralMoments(draw.family.mean(*values), draw.family.variance(*values))

    def _events(self, element: Element) -> CentralMoments | None:
        """A sum of a random number of events."""
        from guessmodel.estimators.sums_of_events import independent, sum_moments

        behind = self.draws.behind(element)
        alone = not behind & self.sampled and not self.cases
        if self.order == 2 and alone and independent(self.forms, element):
            known = sum_moments(self.forms, element)
            if known is not None:
                return _finite(CentralMoments(known[0], known[1] ** 2))
        self.stop(behind & ~self.sampled)
        return None


def _finite(moments: CentralMoments) -> CentralMoments | None:
    """The moments, or None where they do not exist; of draws the caller sees."""
    numbers = [each for each in moments if isinstance(each, float)]
    return moments if all(map(math.isfinite, numbers)) else None


_KINDS: Final[dict[np.ufunc, str]] = {np.add: "sum", np.subtract: "sum", np.multiply: "prod"}
_FOLDS: Final[dict[str, Callable[[CentralMoments, CentralMoments], CentralMoments]]] = {
    "sum": CentralMoments.plus,
    "cumsum": CentralMoments.plus,
    "mean": CentralMoments.plus,
    "prod": CentralMoments.times,
    "cumprod": CentralMoments.times,
}

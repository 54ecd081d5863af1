"""Which component of the nets a name owns.

Names are hashed to buckets. Of each bucket the name of the smallest hash and that of the largest
own a component; those between get one of their own at random, and go less well with the others. So
a name that comes or goes moves at most one other: the one that was first or last in its bucket. Two
are the most for which this holds. Labels share the components among themselves, quantity by
quantity, under the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.numerics.arrays import IntArray
from guessmodel.sampling.design import Rows
from guessmodel.sampling.lattice import Components
from guessmodel.sampling.mixing import Purpose, WordArray, digests, key_hash, layers, words

__all__ = ["Slots", "assign"]


_NONE: Final = -1


def assign(keys: Iterable[str], buckets: int) -> dict[str, int]:
    """Which of these names own which slot: the number of the bucket for the first in it,
    `buckets` more for the last; the others are missing from the answer."""
    met: dict[int, list[tuple[int, str]]] = {}
    for key in dict.fromkeys(keys):
        number = key_hash(key)
        met.setdefault(number % buckets, []).append((number, key))
    owned = {}
    for bucket, claims in met.items():
        owned[min(claims)[1]] = bucket
        if len(claims) > 1:
            owned[max(claims)[1]] = buckets + bucket
    return owned


@final
@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """The slots of all coordinates, and what else decides on their components."""

    slot: IntArray
    """(rows,): -1 where a name owns none."""
    quantity: IntArray
    """(rows,): the number of the labelled quantity; -1 for scalars."""
    quantities: WordArray
    """The hashes of seed and name of the labelled quantities."""
    seed: int
    ordered: bool
    """Slots are numbers in the list of components, the same in all replicates."""

    @staticmethod
    def create(
        seed: int, rows: Rows, table: Components, universe: Iterable[str], *, ordered: bool
    ) -> Slots:
        """`universe` has the scalar keys of another version of the model to share with."""
        scalars = [stream.keys[0] for stream in rows.streams if not stream.labelled]
        owned = (
            {key: slot for slot, key in enumerate(scalars) if slot < table.listed.size}
            if ordered
            else assign([*scalars, *universe], table.buckets)
        )
        slot: list[int] = []
        quantity: list[int] = []
        names: list[str] = []
        for stream in rows.streams:
            own = assign(stream.keys, table.buckets) if stream.labelled else owned
            slot += [own.get(key, _NONE) for key in stream.keys]
            quantity += [len(names) if stream.labelled else _NONE] * len(stream.keys)
            if stream.labelled:
                names.append(stream.owner)
        slots, of = (np.array(each, dtype=np.int64) for each in (slot, quantity))
        return Slots(slots, of, digests(seed, names), seed, ordered)

    def exponents(self, rows: Rows, table: Components, replicates: IntArray) -> IntArray:
        """The component of each coordinate in each replicate, (replicates, rows).

        Slots are shuffled in each replicate, so that no pair of names is an unlucky one in all of
        them. A labelled quantity multiplies its components by one of its own: its labels go well
        with each other, and with everything else as independent draws do. All are multiplied by one
        of the replicate's, which leaves their ratios, and so the net, as they are: the first few
        draws are then spread as random ones are, where those of a small component would all fall
        into one corner.
        """
        count, size = table.count, table.buckets
        number = layers(rows.digests, replicates, Purpose.COMPONENT, 1)[0]
        out: IntArray = (number % np.uint64(count)).astype(np.int64)
        scalar = np.flatnonzero((self.slot < 0) & (self.quantity < 0))
        if scalar.size and table.others.size:
            out[:, scalar] = table.others[number[:, scalar] % np.uint64(table.others.size)]
        owned = np.flatnonzero(self.slot >= 0)
        slot = np.broadcast_to(self.slot[owned], (replicates.size, owned.size))
        common = digests(self.seed, [""])
        if not self.ordered:
            word = words(common, replicates, Purpose.SLOTS, 2 * size)[:, 0]
            order = np.concatenate(
                (word[:, :size].argsort(axis=1), size + word[:, size:].argsort(axis=1)), axis=1
            )
            slot = np.take_along_axis(order, slot, axis=1)
        out[:, owned] = table.listed[slot % table.listed.size]
        labelled = np.flatnonzero((self.slot >= 0) & (self.quantity >= 0))
        if labelled.size:
            factor = layers(self.quantities, replicates, Purpose.FACTOR, 1)[0] % np.uint64(count)
            out[:, labelled] += factor.astype(np.int64)[:, self.quantity[labelled]]
        turn = words(common, replicates, Purpose.FACTOR, 1)[:, 0] % np.uint64(count)
        out += turn.astype(np.int64)
        return out

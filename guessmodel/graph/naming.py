"""Names: what quantities are called on the screen, and the keys that own the draws' randomness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import final

from guessmodel.errors import ModelError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.quantity import Quantile, Quantity, Variate
from guessmodel.graph.random_sum import RandomSum
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import ancestors, drawn_variate, reached

__all__ = [
    "Entry",
    "adopt",
    "converted_draw",
    "coordinate_keys",
    "displayed",
    "draw_keys",
    "entry",
    "unnamed",
    "written_once",
]


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """A named quantity of a model. `stem` is the stem of the file that defines it."""

    stem: str
    name: str
    quantity: Quantity
    doc: str | None = None
    own: bool = True  # defined in the model's own file, not imported
    owner: str | None = None  # the key that the quantity brought along from another model
    label: str = ""  # shown instead of the name, which owns the randomness
    helper: bool = False  # named in passing, by a loop or as a member of a dict or list

    @property
    def key(self) -> str:
        """Owner of the randomness: wherever the file lies and whoever imports it."""
        return self.owner or f"{self.stem}.{self.name}"


def entry(
    stem: str,
    name: str,
    quantity: Quantity,
    doc: str | None = None,
    *,
    own: bool = True,
    label: str = "",
    helper: bool = False,
) -> Entry:
    """A quantity under a name; a draw that comes from the model of another file keeps its key."""
    variate = drawn_variate(quantity)
    owner = None if variate is None else variate.owner
    return Entry(stem, name, quantity, doc, own, owner, label, helper)


def adopt(keys: Mapping[Quantity, str]) -> None:
    """Let variates keep the keys that a file gives them, in whatever model they stand later.

    The first file wins; names that no file gives (they have no stem) are not kept.
    """
    for node, key in keys.items():
        if node.owner is None and not key.startswith("."):
            object.__setattr__(node, "owner", key)


def displayed(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Names for the screen: bare where unique, qualified by the stem where names clash.

    The model's own quantities keep their bare names. Raises ModelError where two quantities
    would be one even when qualified.
    """
    count = Counter(entry.label or entry.name for entry in entries)
    shown: dict[str, Entry] = {}
    for entry in entries:
        bare = entry.label or entry.name
        qualified = f"{entry.stem}.{bare}" if entry.label else entry.key
        name = bare if entry.own or count[bare] == 1 else qualified
        if name in shown:
            raise ModelError(
                f"two quantities are called '{name}' ({shown[name].quantity.location} and "
                f"{entry.quantity.location}); rename one of them",
            )
        shown[name] = entry
    return shown


def draw_keys(
    entries: Iterable[Entry], known: Mapping[Quantity, str] = MappingProxyType({})
) -> dict[Quantity, str]:
    """Key of the variate of every draw that the entries reach.

    A named draw has the key of its entry, also where the entry is the draw in another unit. One
    that comes from another model keeps its key, unless another draw here has it already. An
    unnamed one takes the key of the first entry that uses it, its family and its ordinal of
    creation among these: a path through the graph would change with every edit. So does the
    variate of a draw that no entry reaches, but one that is correlated with it. Keys that are
    `known`, as of a model that this one was made from, stay. Raises ModelError where two draws
    would have one key.
    """
    entries = _without_clashes(entries)
    keys, named = _keys_of_named(entries)
    _add_keys_of_unnamed(keys, entries, named)
    _check_unique(keys)
    there = {variate: known[variate] for variate in keys if variate in known}
    taken = {key for variate, key in keys.items() if variate not in there}
    return keys | {variate: key for variate, key in there.items() if key not in taken}


def _keys_of_named(entries: Sequence[Entry]) -> tuple[dict[Quantity, str], set[Quantity]]:
    """Keys of the variates of draws that have a name, and all quantities that have one, or are
    one in another unit."""
    keys: dict[Quantity, str] = {}
    for each in entries:
        if (own := each.quantity.variate) is not None:
            keys.setdefault(own, each.key)
    named = {entry.quantity for entry in entries}
    for entry in entries:
        draw = converted_draw(entry.quantity, named)
        if draw is not None:
            assert draw.variate is not None
            keys.setdefault(draw.variate, entry.key)
            named.add(draw)
    return keys, named


def _add_keys_of_unnamed(
    keys: dict[Quantity, str], entries: Sequence[Entry], named: set[Quantity]
) -> None:
    """Add keys of the variates behind draws without a name."""
    seen: set[Quantity] = set()
    taken = set(keys.values())
    scores: dict[Quantity, Entry] = {}
    groups: dict[int, str] = {}
    for entry in entries:
        ordinal: Counter[str] = Counter()
        for node in sorted(_unnamed_draws(entry, named, seen, scores), key=lambda q: q.serial):
            assert isinstance(node.operation, Quantile)
            variate, family = node.variate, node.operation.family.name
            if variate is None or variate in keys:
                continue
            assert isinstance(variate.operation, Variate)
            place = variate.operation.place
            if place is None or place.group not in groups:
                ordinal[family] += 1
            if variate.owner is not None and variate.owner not in taken:
                keys[variate] = variate.owner
                taken.add(variate.owner)
                continue
            name = node.name or (place and place.name) or f"{entry.name}/{family}#{ordinal[family]}"
            keys[variate] = f"{entry.stem}.{name}"
            if place is not None:
                keys[variate] = f"{groups.setdefault(place.group, keys[variate])}{place}"
    _add_keys_behind_scores(scores, keys)


def _add_keys_behind_scores(scores: Mapping[Quantity, Entry], keys: dict[Quantity, str]) -> None:
    """Add keys of the variates of draws that no entry reaches, but others that are correlated with
    them."""
    taken = set(keys.values())
    ordinal: Counter[Entry] = Counter()
    for node, entry in scores.items():
        for variate in node.operands:
            if not isinstance(variate.operation, Variate) or variate in keys:
                continue
            ordinal[entry] += 1
            own = f"{entry.stem}.{entry.name}/correlated#{ordinal[entry]}"
            brought = variate.owner is not None and variate.owner not in taken
            keys[variate] = variate.owner if brought and variate.owner else own
            taken.add(keys[variate])


def _without_clashes(entries: Iterable[Entry]) -> list[Entry]:
    """Entries of which each has a key of its own. Where several variates bring one key along, such
    as those of two versions of a file, the first keeps it."""
    owners: dict[str, Quantity | None] = {}
    found = []
    for entry in entries:
        variate = drawn_variate(entry.quantity)
        owner = owners.setdefault(entry.key, variate)
        clash = entry.owner is not None and owner is not variate
        found.append(replace(entry, owner=None) if clash else entry)
    return found


def _check_unique(keys: Mapping[Quantity, str]) -> None:
    owners: dict[str, Quantity] = {}
    for node, key in keys.items():
        owner = owners.setdefault(key, node)
        if owner is not node:
            raise ModelError(
                f"two draws are called '{key.partition('.')[2]}' ({owner.location} and "
                f"{node.location}); a draw made once can be used twice, else rename one of them"
            )


def written_once(variate: Quantity) -> Hashable:
    """What those variates have in common that are one in the step of a recurrence; else the
    variate."""
    assert isinstance(variate.operation, Variate)
    place = variate.operation.place
    return variate if place is None else place.group


def unnamed(quantities: Iterable[Quantity], keys: Mapping[Quantity, str]) -> list[Quantity]:
    """Draws without a name that an edit of the expression they stand in may move: not what a family
    makes for itself, nor the number and the size of the events of a sum, which belong to it, unless
    there are several in the expression that only their order tells apart."""
    draws: dict[Quantity, Quantity] = {}
    of_sums: set[Quantity] = set()
    for node in ancestors(quantities):
        if isinstance(node.operation, Quantile) and not node.operation.inner:
            assert node.variate is not None
            draws.setdefault(node.variate, node)
        elif isinstance(node.operation, RandomSum):
            of_sums.update(each.variate for each in node.operands if each.variate is not None)
    taken = set(keys.values())
    found = {}
    for variate, key in keys.items():
        stem, ordinal, _ = key.partition("#")
        alone = variate in of_sums and f"{stem}#2" not in taken
        if ordinal and variate in draws and not alone:
            found[written_once(variate)] = draws[variate]
    return list(found.values())


def converted_draw(node: Quantity, named: Set[Quantity]) -> Quantity | None:
    """The unnamed draw that a quantity is in another unit."""
    while isinstance(node.operation, Convert):
        node = node.operands[0]
        if node in named:
            return None
    return node if isinstance(node.operation, Quantile) and node.name is None else None


def _unnamed_draws(
    entry: Entry, named: set[Quantity], seen: set[Quantity], scores: dict[Quantity, Entry]
) -> list[Quantity]:
    """The unnamed draws that an entry reaches; normal scores on the way are added to `scores`."""

    def unnamed(node: Quantity) -> list[Quantity]:
        return [operand for operand in node.operands if operand not in named]

    nodes = list(reached(unnamed(entry.quantity), unnamed, seen))
    for node in nodes:
        if isinstance(node.operation, Scores):
            scores.setdefault(node, entry)
    return [node for node in nodes if isinstance(node.operation, Quantile)]


def coordinate_keys(key: str, dims: Dims) -> tuple[str, ...]:
    """Keys of a labelled draw, one a coordinate, in the order of the array.

    Dimensions are sorted by name, so that their order in the array does not matter.
    """
    if not dims:
        return (key,)
    keys = [""]
    for dim in dims:
        keys = [f"{head}\0{dim.name}={label!r}" for head in keys for label in dim.labels]
    assert len(keys) == dimensions.size(dims)
    return tuple(key + "[" + ",".join(sorted(k.split("\0")[1:])) + "]" for k in keys)

"""Bytes of a file with some of them changed, cut out, doubled or added."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from guessmodel.errors import GuessmodelError

__all__ = ["is_total", "mutations"]


def is_total(read: Callable[[], Any]) -> bool:
    """Whether a reader succeeds, or raises an error of one or two lines; others pass."""
    try:
        read()
    except GuessmodelError as error:
        return 1 <= len(str(error).splitlines()) <= 2
    return True


def mutations(data: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """So many mutated copies, the same in each run."""
    chance = random.Random(seed)
    for _ in range(count):
        copy = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            at = chance.randrange(len(copy) + 1)
            length = chance.choice((1, 1, 4, 40))
            match chance.randrange(4):
                case 0:
                    copy[at : at + length] = chance.randbytes(len(copy[at : at + length]))
                case 1:
                    del copy[at : at + length]
                case 2:
                    copy[at:at] = copy[at : at + length]
                case _:
                    copy[at:at] = chance.randbytes(length)
        yield bytes(copy[: chance.randrange(len(copy) + 1)] if chance.random() < 0.1 else copy)

"""Runs leave nothing behind: what a process holds after many is what it held after a few."""

import gc
import tracemalloc

import guessmodel as gm


def run(seed: int) -> None:
    x = gm.lognormal({"a": (1, 2), "b": (2, 3)}, unit="USD", dim="d", name="x")
    total = x.sum("d") * gm.normal(1, 2, name="y")
    model = gm.Model(x=x, total=total, squared=gm.apply(lambda v: v * v, total, unit="USD^2"))
    simulation = model.sample(64, seed=seed)
    str(simulation.summary())


def held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_memory_is_flat(long: bool) -> None:
    tracemalloc.start()
    try:
        for seed in range(40):  # caches fill
            run(seed)
        before = held()
        number = 2000 if long else 60
        for seed in range(number):
            run(seed)
        grown = held() - before
    finally:
        tracemalloc.stop()
    # A run that is kept holds 64 draws of 4 coordinates at least: 2 KB.
    assert grown < 1000 * number

"""Words from names: fixed by their arguments, fair, and different for every argument."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from guessmodel.sampling.mixing import (
    Purpose,
    digests,
    fractions,
    generator,
    key_hash,
    layers,
    words,
)


def test_the_output_function_is_splitmix64():
    # First outputs for seed 1234567, as in the reference of Vigna's splitmix64.c (Rosetta Code,
    # "Pseudo-random numbers/Splitmix64").
    from guessmodel.sampling.mixing import _GOLDEN, _mix

    state = np.uint64(1234567) + np.arange(1, 6, dtype=np.uint64) * _GOLDEN
    assert _mix(state).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_key_hash_is_blake2b():
    expected = hashlib.blake2b(b"cost", digest_size=8).digest()
    assert key_hash("cost") == int.from_bytes(expected, "little")


@pytest.mark.parametrize("seed", [0, 1, -1, 255, 256, -256, 2**64, -(2**64), 2**4000])
def test_any_integer_is_a_seed_of_its_own(seed):
    own = digests(seed, ["a", "b"])
    assert own.shape == (2,)
    assert own[0] != own[1]
    assert np.array_equal(own, digests(seed, ["a", "b"]))
    for other in (seed + 1, seed - 1, -seed - 1):
        assert not np.array_equal(own, digests(other, ["a", "b"]))


def test_a_seed_is_an_integer():
    assert np.array_equal(digests(np.int64(3), ["a"]), digests(3, ["a"]))
    with pytest.raises(TypeError):
        digests(0.5, ["a"])


def test_no_keys_no_digests():
    assert digests(0, []).shape == (0,)


def test_words_can_be_read_from_anywhere_and_for_many_replicates_at_once():
    digest = digests(0, ["a", "b", "c"])
    whole = words(digest, np.arange(4), Purpose.OUTER, 10)
    assert whole.shape == (4, 3, 10)
    assert np.array_equal(whole[2], words(digest, 2, Purpose.OUTER, 10))
    assert np.array_equal(whole[..., 4:7], words(digest, np.arange(4), Purpose.OUTER, 3, first=4))
    assert np.array_equal(whole[:, 1:2], words(digest[1:2], np.arange(4), Purpose.OUTER, 10))


def test_layers_are_the_words_number_by_number():
    digest = digests(0, ["a", "b", "c"])
    whole = words(digest, np.arange(4), Purpose.LOWER, 10)
    layered = layers(digest, np.arange(4), Purpose.LOWER, 10)
    assert np.array_equal(layered, np.moveaxis(whole, -1, 0))


def test_words_differ_by_key_replicate_purpose_and_number():
    digest = digests(0, [f"k{i}" for i in range(50)])
    every = [words(digest, np.arange(20), purpose, 20) for purpose in Purpose]
    # 140,000 words of 64 bits: two alike have probability 5e-10.
    assert np.unique(np.array(every)).size == len(Purpose) * 50 * 20 * 20


def test_bits_are_fair_and_do_not_lean_on_each_other():
    word = words(digests(7, [f"k{i}" for i in range(100)]), np.arange(8), Purpose.SHIFT, 64)
    bits = np.unpackbits(word.view(np.uint8).reshape(-1, 8), axis=1).astype(np.float64) - 0.5
    count = bits.shape[0]
    # Means and products of ±1/2: standard deviations 1/(2√n) and 1/(4√n); 64 and 2016 of them,
    # so that 6.6 deviations have a false-alarm probability below 1e-6 in all.
    assert np.abs(bits.mean(axis=0)).max() < 6.6 / (2.0 * np.sqrt(count))
    products = bits.T @ bits / count
    np.fill_diagonal(products, 0.0)
    assert np.abs(products).max() < 6.6 / (4.0 * np.sqrt(count))
    # Neighbouring keys, replicates and numbers of the same bit.
    cube = bits.reshape(8, 100, 64, 64)
    for axis in range(3):
        a = np.take(cube, range(cube.shape[axis] - 1), axis=axis)
        b = np.take(cube, range(1, cube.shape[axis]), axis=axis)
        mean = (a * b).mean(axis=(0, 1, 2))
        assert np.abs(mean).max() < 6.6 / (4.0 * np.sqrt(a[..., 0].size))


def test_fractions_are_never_zero_or_one():
    extreme = fractions(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert extreme.tolist() == [2.0**-53, 1.0 - 2.0**-53]


def test_generators_depend_on_all_three_words():
    base = np.array([1, 2, 3], dtype=np.uint64)
    first = generator(base).random(3)
    assert np.array_equal(first, generator(base.copy()).random(3))
    for i in range(3):
        other = base.copy()
        other[i] += np.uint64(1)
        assert not np.array_equal(first, generator(other).random(3))


def test_a_generator_asks_for_exactly_its_words():
    with pytest.raises(ValueError, match="2 words of 64 bits, not 3"):
        generator(np.array([1, 2], dtype=np.uint64))

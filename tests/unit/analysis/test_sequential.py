"""The sequential test against all sign patterns, and a naive rewrite in exact fractions."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dropsweep.analysis.sequential import SignTest

if TYPE_CHECKING:
    from collections.abc import Sequence

STREAM = [32, 12, 28, -2, 2, 21, 4, 11, 0, 25, -2, 11, 13, -16, 30, -10, -5, 11, 12, 17, 12, 21]


def rejected_at(stream: Sequence[int], alpha: Fraction) -> int | None:
    """The number after which the test rejects."""
    test = SignTest(alpha)
    for number in stream:
        test.add(number)
    return test.rejected_at


def naive_rejected_at(stream: Sequence[int], alpha: Fraction) -> tuple[int | None, Fraction]:
    """The same by its definition and exactly, and all that was cut until then.

    Probabilities are whole numbers over 2^n.
    """
    alive, cut, observed = {0: 1}, 0, 0
    for n, number in enumerate(stream, 1):
        moved: dict[int, int] = {}
        for total, mass in alive.items():
            for step in (number, -number):
                moved[total + step] = moved.get(total + step, 0) + mass
        observed += number
        cut *= 2
        bound = alpha * n / (n + 20) * 2**n
        for total in sorted(moved, reverse=True):
            if cut + moved[total] > bound:
                break
            cut += moved.pop(total)
        if observed not in moved:
            return n, Fraction(cut, 2**n)
        alive = moved
    return None, Fraction(cut, 2 ** len(stream))


def test_the_published_stream() -> None:
    """It is rejected later at a larger level: whole values are cut."""
    assert rejected_at(STREAM, Fraction(1, 80)) == 13
    assert rejected_at(STREAM, Fraction(1, 60)) == 22


def test_a_naive_rewrite_agrees_on_a_thousand_streams() -> None:
    """Of every length, level, drift and scale, with ties and zeros among them."""
    rng = np.random.default_rng(7)
    rejections = 0
    for _ in range(1000):
        scale = int(rng.choice([1, 3, 30]))
        drift = scale * float(rng.choice([-0.5, 0, 0.5, 1, 2]))
        stream = rng.normal(drift, scale, int(rng.integers(1, 25))).round().astype(int).tolist()
        alpha = Fraction(1, 20 * int(rng.integers(1, 10)))
        expected, _ = naive_rejected_at(stream, alpha)
        assert rejected_at(stream, alpha) == expected
        rejections += expected is not None
    assert 200 < rejections < 800


@pytest.mark.parametrize("count", range(1, 13))
def test_the_share_of_patterns_rejected_is_the_mass_cut(count: int) -> None:
    """All 2^n sign patterns of the same sizes: at most the level, and exactly what was cut."""
    sizes = np.random.default_rng(count).integers(0, 9, count).tolist()
    for alpha in (Fraction(1, 20), Fraction(1, 3)):
        rejected = 0
        for signs in itertools.product((-1, 1), repeat=count):
            stream = [sign * size for sign, size in zip(signs, sizes, strict=True)]
            rejected += rejected_at(stream, alpha) is not None
        _, cut = naive_rejected_at([-size for size in sizes], alpha)
        assert Fraction(rejected, 2**count) == cut <= alpha * count / (count + 20)


def test_long_streams_agree_with_exact_arithmetic() -> None:
    """Beyond 52 numbers floating-point sums are rounded, and decide the same."""
    rng = np.random.default_rng(2)
    for drift in (0.2, 0.35, 0.5):
        stream = rng.normal(drift * 4, 4, 90).round().astype(int).tolist()
        assert (
            rejected_at(stream, Fraction(1, 120)) == naive_rejected_at(stream, Fraction(1, 120))[0]
        )

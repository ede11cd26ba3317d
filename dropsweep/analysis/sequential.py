"""A sequential test, exact however often one looks: the signs of numbers are fair coins."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_PACE = 20
"""After n numbers a test may have spent n / (n + this) of its level."""


class SignTest:
    """A sequential one-sided test that a stream of numbers is symmetric about 0, or lower.

    Given the sizes of the numbers, their signs are fair coins. The test keeps the probability of
    every sum among the sign patterns still alive, and cuts the largest sums as long as everything
    cut so far stays within ``level`` n / (n + 20). It rejects once the observed sum is cut.
    """

    def __init__(self, level: Fraction) -> None:
        self.rejected_at: int | None = None
        """Numbers after which it rejected; None if it has not."""
        self.count = 0
        """Numbers seen."""
        self._level = level
        # alive[k]: probability that the positive terms sum to k; the sum is 2 k - all sizes
        self._alive = np.ones(1)
        self._cut = 0.0
        self._observed = 0

    def add(self, number: int) -> None:
        """Take the next number of the stream, in whole units; after a rejection nothing changes."""
        if self.rejected_at is not None:
            return
        self.count += 1
        self._observed += max(number, 0)
        size = abs(number)
        longer = np.zeros(len(self._alive) + size)
        longer[: len(self._alive)] = self._alive
        longer[size:] += self._alive
        longer *= 0.5
        self._alive = longer[: len(longer) - self._to_cut(longer)]
        if self._observed >= len(self._alive):
            self.rejected_at = self.count

    def _to_cut(self, alive: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
        """Entries to cut from the end of ``alive``; their probability counts as cut."""
        allowed = _largest_below(spendable(self._level, self.count))
        looked_at = 64
        while True:
            masses = alive[: -looked_at - 1 : -1].cumsum() + self._cut
            entries = int(masses.searchsorted(allowed, side="right"))
            if entries < looked_at or looked_at >= len(alive):
                break
            looked_at *= 8
        if entries:
            self._cut = float(masses[entries - 1])
        return entries


def spendable(level: Fraction, count: int) -> Fraction:
    """The part of its level that a test may have spent after so many numbers."""
    return level * count / (count + _PACE)


def _largest_below(bound: Fraction) -> float:
    """The largest floating-point number within a bound.

    Sums of probabilities are exact up to 52 numbers, and none of them equals the bound there, so
    that comparing with this number decides as exact arithmetic would.
    """
    nearest = float(bound)
    return nearest if Fraction(nearest) <= bound else math.nextafter(nearest, 0)


def rejects(stream: Sequence[int], level: Fraction) -> bool:
    """True if the test of a whole stream rejects."""
    test = SignTest(level)
    for number in stream:
        test.add(number)
    return test.rejected_at is not None

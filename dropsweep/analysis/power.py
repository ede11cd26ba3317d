"""How many seeds it would take to show a difference of the size that was seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dropsweep.analysis.differences import SIGNIFICANCE, fewest_seeds

if TYPE_CHECKING:
    from dropsweep.analysis.estimate import Estimate

POWER = 0.8
"""Chance of showing the difference that is asked for."""

MOST_SEEDS = 1000
"""More are not told apart: no one trains as many."""


def seeds_needed(difference: Estimate, comparisons: int) -> int | None:
    """The least number of paired seeds that shows a difference as large and as noisy as this one.

    So many that a two-sided paired t test at level 0.05 / ``comparisons``, Holm's first step, has
    a power of `POWER` (by the noncentral t distribution), and that the permutation test can reach
    that level at all. ``MOST_SEEDS + 1`` where more are needed than that; None where the seeds'
    spread is not known, or the difference is 0.
    """
    if difference.sd is None or difference.mean == 0:
        return None
    least = fewest_seeds(comparisons)
    if difference.sd == 0:
        return least
    effect = abs(difference.mean) / difference.sd
    low, high = least - 1, MOST_SEEDS + 1  # power grows with the seeds: halve
    while high - low > 1:
        middle = (low + high) // 2
        if power(effect, middle, SIGNIFICANCE / comparisons) >= POWER:
            high = middle
        else:
            low = middle
    return high


def power(effect: float, seeds: int, level: float) -> float:
    """Chance that a two-sided paired t test at ``level`` shows a mean of ``effect`` deviations.

    Shown means in its own direction: the other tail's share is no success, and tiny.
    """
    from scipy.stats import nct, t

    freedom = seeds - 1
    return float(nct.sf(t.isf(level / 2, freedom), freedom, effect * math.sqrt(seeds)))

"""The smallest difference that a number of seeds can show."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from dropsweep.analysis.intervals import t_quantile
from dropsweep.analysis.sign_flips import FEWEST_SEEDS, SIGNIFICANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis.comparisons import Difference

POWER = 0.8
"""Chance that a difference of the size named is shown."""

_AT_FEWEST_SEEDS = 2.8
"""Standard deviations that 6 seeds can show, where all of them must agree; by simulation."""

_SEEDS_VARIANCE = 1.37e-4
_IMAGES_VARIANCE = 0.19
"""Variance of a paired difference on M validation images: the first plus the second / M.

Fitted to the seven-rate experiment on full CIFAR-10: standard deviations of about .0181, .0136
and .0125 on 1,000, 4,000 and 10,000 images.
"""


def usual_spread(val_size: int) -> float:
    """The usual standard deviation of a paired difference on so many validation images.

    A guess for the time before training: that of the seven-rate experiment on CIFAR-10.
    """
    return math.sqrt(_SEEDS_VARIANCE + _IMAGES_VARIANCE / val_size)


def pooled_spread(differences: Sequence[Difference]) -> float | None:
    """Standard deviation of paired differences, over several rates; None where all have one."""
    spreads = [each.estimate for each in differences if each.estimate.sd is not None]
    if not spreads:
        return None
    freedom = sum(each.count - 1 for each in spreads)
    return math.sqrt(sum((each.count - 1) * (each.sd or 0) ** 2 for each in spreads) / freedom)


def detectable_difference(seeds: int, comparisons: int, spread: float) -> float | None:
    """The smallest difference that so many paired seeds show with a chance of `POWER`.

    By the noncentral t distribution of a two-sided paired t test at level 0.05 / ``comparisons``.
    None with fewer than `FEWEST_SEEDS`.

    Parameters
    ----------
    spread
        Standard deviation of a paired difference.
    """
    if seeds < FEWEST_SEEDS or comparisons < 1:
        return None
    if seeds == FEWEST_SEEDS:
        return _AT_FEWEST_SEEDS * spread
    return _noncentrality(seeds, comparisons) * spread / math.sqrt(seeds)


@functools.cache
def _noncentrality(seeds: int, comparisons: int) -> float:
    """The smallest shift of a t statistic that reaches `POWER`, by halving.

    The chance that it is beyond the critical value of the other side is tiny, and left out.
    """
    from scipy.special import nctdtr

    freedom = seeds - 1
    critical = t_quantile(freedom, 1 - SIGNIFICANCE / (2 * comparisons))
    low, high = 0.0, 2 * critical + 5
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if 1 - nctdtr(freedom, middle, critical) >= POWER:
            high = middle
        else:
            low = middle
    return high

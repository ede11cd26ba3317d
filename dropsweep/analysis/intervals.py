"""Means over seeds, and the intervals of means and of single accuracies."""

from __future__ import annotations

import functools
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE = 0.95

_DIGITS = 12


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds, with Student's t interval; an interval takes two values."""

    mean: float
    low: float | None
    """Lower end of the 95 % interval."""
    high: float | None
    sd: float | None
    """Standard deviation of one value, n - 1 in the denominator; None of a single value."""
    count: int
    """Values averaged."""
    least: float | None = None
    """The lowest value; None of a single one."""
    greatest: float | None = None
    """The highest value."""


def estimate(values: Sequence[float]) -> Estimate:
    """Mean of at least one value, with mean -+ t(n - 1) sd / sqrt(n).

    Rounded to twelve digits, for accuracies are decimals: 0.972 - 0.413 is 0.559.
    """
    mean, count = statistics.fmean(values), len(values)
    if count < 2:
        return Estimate(_rounded(mean), None, None, None, count)
    sd = math.sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    half = t_quantile(count - 1, (1 + CONFIDENCE) / 2) * sd / math.sqrt(count)
    return Estimate(
        _rounded(mean),
        _rounded(mean - half),
        _rounded(mean + half),
        _rounded(sd),
        count,
        min(values),
        max(values),
    )


def estimate_any(values: Sequence[float]) -> Estimate | None:
    """The estimate, or None of no values."""
    return estimate(values) if values else None


def estimate_each(series: Sequence[Sequence[float]]) -> tuple[Estimate, ...]:
    """Point by point over equally long series, one per seed."""
    return tuple(estimate(point) for point in zip(*series, strict=True))


def estimate_on_images(values: Sequence[float], images: int) -> Estimate | None:
    """Mean accuracy of several nets on the same images, or None of no values.

    Its interval includes the choice of seeds and that of the images: mean a and standard deviation
    sd of S nets on M images give a -+ sqrt(t(S - 1)^2 sd^2 / S + 1.96^2 a (1 - a) / M). That of a
    single net is Wilson's.
    """
    if not values:
        return None
    over_seeds = estimate(values)
    a, count = over_seeds.mean, over_seeds.count
    if over_seeds.high is None:
        low, high = wilson(a, images)
    else:
        half = math.hypot(over_seeds.high - a, _z() * standard_error(a, images))
        low, high = a - half, a + half
    ends = over_seeds.least, over_seeds.greatest
    return Estimate(a, _rounded(low), _rounded(high), over_seeds.sd, count, *ends)


def wilson(accuracy: float, images: int) -> tuple[float, float]:
    """Ends of the 95 % interval of one accuracy on so many images (Wilson 1927).

    It has a width at 0 and 1 as well, and stays between them.
    """
    z2 = _z() ** 2 / images
    centre = (accuracy + z2 / 2) / (1 + z2)
    half = math.sqrt(accuracy * (1 - accuracy) * z2 + z2 * z2 / 4) / (1 + z2)
    return max(0.0, _rounded(centre - half)), min(1.0, _rounded(centre + half))


def standard_error(accuracy: float, images: int) -> float:
    """Of a fraction right of so many images: sqrt(a (1 - a) / n)."""
    return math.sqrt(accuracy * (1 - accuracy) / images)


@functools.cache
def t_quantile(freedom: int, probability: float) -> float:
    """Student's t that a value stays below with this probability."""
    from scipy.special import stdtrit  # scipy.stats has it too, and takes a second to import

    return float(stdtrit(freedom, probability))


@functools.cache
def _z() -> float:
    return statistics.NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def _rounded(value: float) -> float:
    return round(value, _DIGITS) + 0.0  # never -0.0

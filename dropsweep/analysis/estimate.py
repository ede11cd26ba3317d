"""A mean over seeds, and how uncertain it is."""

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
    """Standard deviation of one value, n - 1 in the denominator."""
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
        return Estimate(round(mean, _DIGITS), None, None, None, count)
    sd = math.sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    half = _t_quantile(count - 1) * sd / math.sqrt(count)
    low, high = round(mean - half, _DIGITS), round(mean + half, _DIGITS)
    return Estimate(
        round(mean, _DIGITS), low, high, round(sd, _DIGITS), count, min(values), max(values)
    )


def standard_error(accuracy: float, images: int) -> float:
    """Of a fraction right of so many images: sqrt(a (1 - a) / n)."""
    return math.sqrt(accuracy * (1 - accuracy) / images)


def estimate_any(values: Sequence[float]) -> Estimate | None:
    """The estimate, or None of no values."""
    return estimate(values) if values else None


def estimate_each(series: Sequence[Sequence[float]]) -> tuple[Estimate, ...]:
    """Point by point over equally long series, one a seed."""
    return tuple(estimate(point) for point in zip(*series, strict=True))


@functools.cache
def _t_quantile(freedom: int) -> float:
    from scipy.special import stdtrit  # scipy.stats says the same, and takes a second to import

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))

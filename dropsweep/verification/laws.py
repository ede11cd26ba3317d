"""What probability theory says of the masks of each kind.

r is the rate, q = 1 - r the probability of keeping a unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.nn.layer import Array


class Estimate(NamedTuple):
    """A quantity as it is expected and as it was observed."""

    quantity: str
    expected: float
    observed: float
    standard_error: float


Spread: TypeAlias = "Callable[[Array, float], Estimate]"
"""From observed mask values and r to an estimate of how they spread."""


@dataclass(frozen=True)
class Law:
    """The distribution of a mask value, as functions of r, and where its values stand."""

    mean: Callable[[float], float]
    """Also the factor at test time."""
    variance: Callable[[float], float]
    spread: Spread
    per_value: Callable[[Array], Array]
    """From a batch to one number for each mask value that was drawn."""


def _zero_fraction(mask: Array, r: float) -> Estimate:
    """A mask value is 0 with probability r."""
    return Estimate(
        "zero fraction", r, float((mask == 0).mean()), math.sqrt(r * (1 - r) / mask.size)
    )


def _normal_variance(mask: Array, r: float) -> Estimate:
    """The variance v of n normals has the standard error v sqrt(2 / n); a 0 is no normal."""
    v = _odds(r)
    observed = float(mask.var()) if mask.all() else math.nan
    return Estimate("mask variance", v, observed, v * math.sqrt(2 / mask.size))


def _one(_: float) -> float:
    return 1.0


def _odds(r: float) -> float:
    """Variance of a value that is 1 / q with probability q, else 0: r / q."""
    return r / (1 - r)


def _each_unit(batch: Array) -> Array:
    return batch


def _each_feature(batch: Array) -> Array:
    """Column means; where the batch is positive, one is 0 only if its whole column is."""
    means: Array = batch.mean(axis=0)
    return means


LAWS = {
    "inverted": Law(_one, _odds, _zero_fraction, _each_unit),
    "vanilla": Law(lambda r: 1 - r, lambda r: r * (1 - r), _zero_fraction, _each_unit),
    "binomial": Law(_one, _odds, _zero_fraction, _each_unit),
    "shared": Law(_one, _odds, _zero_fraction, _each_feature),
    "gaussian": Law(_one, _odds, _normal_variance, _each_unit),
}
"""By the name of the kind."""

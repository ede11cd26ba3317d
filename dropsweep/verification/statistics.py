"""Mask statistics: the masks of 250,000 units, held against probability theory.

r is the rate, q = 1 - r the probability of keeping a unit.

Expectations and standard errors are over masks, for the batch x as it is: with n independent mask
values of variance v, each the factor of one x_i, the mean of the output has the standard error
sqrt(v mean(x^2) / n).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from dropsweep.nn import DROPOUT_KINDS, BatchNorm
from dropsweep.verification.checks import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.nn.layer import Array

RATES = (0.3, 0.6, 0.75)
SEED = 231
Z_LIMIT = 5.0
"""Normal chance goes beyond it once in 1.7 million checks."""
EXACT = 1e-12
"""Relative error allowed to a mean in which chance has no part: sums are rounded."""


class Comparison(NamedTuple):
    """A quantity, expected and observed."""

    quantity: str
    expected: float
    observed: float
    standard_error: float


Spread: TypeAlias = "Callable[[Array, float], Comparison]"
"""From observed mask values and r to a comparison of their spread."""


@dataclass(frozen=True)
class Law:
    """The distribution of a mask value, as functions of r, and the places of its values."""

    mean: Callable[[float], float]
    """Also the factor at test time."""
    variance: Callable[[float], float]
    spread: Spread
    per_value: Callable[[Array], Array]
    """From a batch to one number for each mask value that was drawn."""


def _zero_fraction(mask: Array, r: float) -> Comparison:
    """A mask value is 0 with probability r."""
    return Comparison(
        "zero fraction", r, float((mask == 0).mean()), math.sqrt(r * (1 - r) / mask.size)
    )


def _normal_variance(mask: Array, r: float) -> Comparison:
    """The variance v of n normals has the standard error v sqrt(2 / n); a 0 is no normal."""
    v = _odds(r)
    observed = float(mask.var()) if mask.all() else math.nan
    return Comparison("mask variance", v, observed, v * math.sqrt(2 / mask.size))


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


def mask_statistics(seed: int = SEED) -> list[Statistic]:
    """Every kind at every rate on one batch, then batch norm at test time."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((500, 500)) + 10
    dropout = [row for kind in LAWS for rate in RATES for row in _dropout(kind, rate, x, random)]
    return [*dropout, _batch_norm(x, random)]


def _dropout(kind: str, rate: float, x: Array, random: np.random.Generator) -> list[Statistic]:
    layer, law = DROPOUT_KINDS[kind](rate), LAWS[kind]
    out, _ = layer.train(x, random)
    values_in, values_out = law.per_value(x), law.per_value(out)
    mean = law.mean(rate) * float(x.mean())
    error = math.sqrt(law.variance(rate) * float(np.mean(values_in**2)) / values_in.size)
    return [
        _random(kind, rate, law.spread(values_out / values_in, rate)),
        _random(kind, rate, Comparison("train mean", mean, float(out.mean()), error)),
        _exact(kind, rate, mean, float(layer.test(x).mean())),
    ]


def _batch_norm(x: Array, random: np.random.Generator) -> Statistic:
    """One training pass moves the running statistics from 0 and 1 towards the batch's."""
    layer = BatchNorm(x.shape[1], x.dtype)
    layer.train(x, random)
    moved = 1 - layer.momentum
    mean, var = moved * x.mean(axis=0), 1 + moved * (x.var(axis=0) - 1)
    expected = (x.mean(axis=0) - mean) / np.sqrt(var + layer.eps)
    return _exact("batch norm", None, float(expected.mean()), float(layer.test(x).mean()))


def _random(kind: str, rate: float, found: Comparison) -> Statistic:
    quantity, expected, observed, error = found
    z = (observed - expected) / error
    return Statistic(kind, rate, quantity, expected, observed, z, abs(z) < Z_LIMIT)


def _exact(kind: str, rate: float | None, expected: float, observed: float) -> Statistic:
    ok = math.isclose(observed, expected, rel_tol=EXACT)
    return Statistic(kind, rate, "test mean", expected, observed, None, ok)

"""Mask statistics: what dropout does to 250,000 units, held against probability theory.

Expectations and standard errors are over masks, for the batch x as it is: with n independent mask
values of variance v, each the factor of one x_i, the mean of the output has the standard error
sqrt(v mean(x^2) / n).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn import DROPOUT_KINDS, BatchNorm
from dropsweep.verification.checks import Statistic
from dropsweep.verification.laws import LAWS, Estimate

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array

RATES = (0.3, 0.6, 0.75)
SEED = 231
Z_LIMIT = 5.0
"""Normal chance goes beyond it once in 1.7 million checks."""
EXACT = 1e-12
"""Relative error allowed to a mean in which chance has no part: sums are rounded."""


def mask_statistics(seed: int = SEED) -> list[Statistic]:
    """Every kind at every rate on one batch, then batch norm at test time."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((500, 500)) + 10
    dropout = [
        row for kind in DROPOUT_KINDS for rate in RATES for row in _dropout(kind, rate, x, random)
    ]
    return [*dropout, _batch_norm(x, random)]


def _dropout(kind: str, rate: float, x: Array, random: np.random.Generator) -> list[Statistic]:
    layer, law = DROPOUT_KINDS[kind](rate), LAWS[kind]
    out, _ = layer.train(x, random)
    values_in, values_out = law.per_value(x), law.per_value(out)
    mean = law.mean(rate) * float(x.mean())
    error = math.sqrt(law.variance(rate) * float(np.mean(values_in**2)) / values_in.size)
    return [
        _random(kind, rate, law.spread(values_out / values_in, rate)),
        _random(kind, rate, Estimate("train mean", mean, float(out.mean()), error)),
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


def _random(kind: str, rate: float, estimate: Estimate) -> Statistic:
    quantity, expected, observed, error = estimate
    z = (observed - expected) / error
    return Statistic(kind, rate, quantity, expected, observed, z, abs(z) < Z_LIMIT)


def _exact(kind: str, rate: float | None, expected: float, observed: float) -> Statistic:
    ok = math.isclose(observed, expected, rel_tol=EXACT)
    return Statistic(kind, rate, "test mean", expected, observed, None, ok)

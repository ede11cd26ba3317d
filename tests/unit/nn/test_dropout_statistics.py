"""The effect of dropout on average, against the published numbers and against the definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dropsweep.nn import (
    DROPOUT_KINDS,
    DropRate,
    KeepProbability,
    numerical_gradient,
    relative_error,
)
from dropsweep.nn.dropout import GaussianDropout, InvertedDropout, SharedDropout, VanillaDropout
from tests.unit.nn.given import Given

FIVE_SIGMA = 5
PUBLISHED_MEANS = (9.985265770517648, 10.035153558044966, 10.021625749126567)


def test_published_statistics_of_drop_rates() -> None:
    """The published means and zero fractions come out digit by digit (RandomState(231))."""
    stream = np.random.RandomState(231)
    x = stream.randn(500, 500) + 10
    assert x.mean() == pytest.approx(10.0002078784775, abs=5e-14)
    published = {0.3: 0.300876, 0.6: 0.598632, 0.75: 0.749504}
    for (rate, zeros), mean in zip(published.items(), PUBLISHED_MEANS, strict=True):
        out, _ = InvertedDropout(rate).train(x, stream)
        assert (out == 0).mean() == zeros
        assert out.mean() == pytest.approx(mean, abs=5e-14)
        assert InvertedDropout(rate).test(x).mean() == x.mean()


def test_published_statistics_of_keep_probabilities() -> None:
    """The other convention's zero fractions come out too, from a fresh start of the stream."""
    stream = np.random.RandomState(231)
    x = stream.randn(500, 500) + 10
    for keep, zeros in {0.25: 0.749784, 0.4: 0.600796, 0.7: 0.30074}.items():
        out, _ = InvertedDropout(KeepProbability(keep)).train(x, stream)
        assert (out == 0).mean() == zeros


@pytest.mark.parametrize(
    ("level", "published", "digits"),
    [(DropRate(0.8), 1.8929048652720146e-11, 1e-6), (KeepProbability(0.8), 5.4456e-11, 1e-5)],
)
def test_published_gradient_errors(level: Any, published: float, digits: float) -> None:
    """The seeded check gives the published error, which tells the two conventions apart."""
    stream = np.random.RandomState(231)
    x = stream.randn(10, 10) + 10
    dout = stream.randn(10, 10)
    layer = InvertedDropout(level)

    def forward(x: Any) -> Any:
        return layer.train(x, np.random.RandomState(123))[0]

    _, backward = layer.train(x, np.random.RandomState(123))
    error = relative_error(backward(dout)[0], numerical_gradient(forward, x, dout))
    assert error == pytest.approx(published, rel=digits)


@pytest.mark.parametrize("rate", [0.3, 0.6, 0.75])
@pytest.mark.parametrize("kind", list(DROPOUT_KINDS.values()), ids=list(DROPOUT_KINDS))
def test_moments_of_the_mask(kind: Any, rate: float) -> None:
    """Mean 1 and variance r / q (vanilla: q and r q), to five standard errors."""
    q = 1 - rate
    mask = draws(kind, rate)
    mean, variance = (q, rate * q) if kind is VanillaDropout else (1, rate / q)
    assert abs(mask.mean() - mean) < FIVE_SIGMA * np.sqrt(variance / mask.size)
    squares = (mask - mean) ** 2
    assert abs(squares.mean() - variance) < FIVE_SIGMA * squares.std() / np.sqrt(mask.size)


@pytest.mark.parametrize("rate", [0.3, 0.6, 0.75])
@pytest.mark.parametrize(
    "kind", [each for each in DROPOUT_KINDS.values() if each is not GaussianDropout]
)
def test_fraction_of_dropped_units(kind: Any, rate: float) -> None:
    """A unit is dropped with probability r, to five standard errors; r is what drops, not q."""
    mask = draws(kind, rate)
    error = np.sqrt(rate * (1 - rate) / mask.size)
    assert abs((mask == 0).mean() - rate) < FIVE_SIGMA * error


def test_gaussian_dropout_drops_no_unit() -> None:
    """Units are blurred, none is hidden, and no two by the same factor."""
    mask = draws(GaussianDropout, 0.5)
    assert (mask != 0).all()
    assert len(np.unique(mask)) == mask.size


@pytest.mark.parametrize("kind", [InvertedDropout, VanillaDropout, SharedDropout])
def test_a_tiny_rate_is_not_rounded_to_another(kind: Any) -> None:
    """Float32 units are dropped by float64 uniforms, which tell a rate of 1e-9 from 6e-8."""
    u = np.array([0.0, 5e-10, 2e-9])
    stream = Given(u if kind is SharedDropout else u[None])
    out, _ = kind(1e-9).train(np.ones((1, 3), np.float32), stream)
    np.testing.assert_array_equal(out, [[0, 0, 1]])


def draws(kind: Any, rate: float) -> Any:
    """A quarter of a million independent elements of a mask."""
    shape = (1, 250_000) if kind is SharedDropout else (500, 500)
    return kind(rate).train(np.ones(shape), np.random.default_rng(17))[0]

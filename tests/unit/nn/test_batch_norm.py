"""Batch normalization against its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep.nn import BatchNorm

STREAM = np.random.default_rng(0)
seeds = st.integers(0, 2**32 - 1)


def batch(seed: int, rows: int = 8) -> Any:
    """Three features of different scale and mean."""
    return np.random.default_rng(seed).normal(size=(rows, 3)) * [1, 10, 0.1] + [0, 50, -1]


def layer() -> BatchNorm:
    """Three features with a scale and a shift that say who they are."""
    made = BatchNorm(3, np.float64)
    made.gamma[:], made.beta[:] = [1, 2, -3], [0, -1, 5]
    return made


def test_begins_as_the_plain_normalization() -> None:
    """Gamma 1, beta 0, mean 0, variance 1: an untrained layer tests as x / sqrt(1 + eps)."""
    fresh = BatchNorm(3)
    x = batch(0).astype(np.float32)
    np.testing.assert_allclose(fresh.test(x), x / np.sqrt(1 + 1e-5), rtol=1e-6)
    held = [*fresh.parameters.values(), *fresh.statistics.values()]
    assert {array.dtype for array in held} == {x.dtype}


@given(seed=seeds)
def test_training_output_has_the_parameters_moments(seed: int) -> None:
    """Over the batch, feature by feature: mean beta, variance gamma^2 var / (var + eps)."""
    x, made = batch(seed), layer()
    before = x.copy()
    out, _ = made.train(x, STREAM)
    var = x.var(axis=0)
    np.testing.assert_allclose(out.mean(axis=0), made.beta, atol=1e-10)
    np.testing.assert_allclose(out.var(axis=0), made.gamma**2 * var / (var + 1e-5), rtol=1e-9)
    np.testing.assert_array_equal(x, before)


@given(seed=seeds)
def test_scale_and_shift_of_the_input_do_not_matter(seed: int) -> None:
    """With eps out of the way, a x + b is normalised to what x is: the reason it is used."""
    x, made = batch(seed), BatchNorm(3, np.float64, eps=0)
    shifted = made.train(7 * x - 3, STREAM)[0]
    np.testing.assert_allclose(shifted, made.train(x, STREAM)[0], rtol=1e-6, atol=1e-8)


def test_running_statistics_by_hand() -> None:
    """After two batches: 0.9 of the old and 0.1 of the batch's mean and biased variance, twice."""
    made = BatchNorm(1, np.float64)
    made.train(np.array([[1.0], [3.0]]), STREAM)  # mean 2, variance 1
    made.train(np.array([[0.0], [8.0]]), STREAM)  # mean 4, variance 16
    assert made.running_mean[0] == pytest.approx(0.9 * 0.2 + 0.4)
    assert made.running_var[0] == pytest.approx(0.9 * (0.9 + 0.1) + 1.6)


def test_running_statistics_approach_those_of_the_data() -> None:
    """On one batch over and over they end at its mean and biased variance."""
    x, made = batch(1), layer()
    for _ in range(400):
        made.train(x, STREAM)
    np.testing.assert_allclose(made.running_mean, x.mean(axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(made.running_var, x.var(axis=0), rtol=1e-12)
    np.testing.assert_allclose(made.test(x), made.train(x, STREAM)[0], rtol=1e-9, atol=1e-9)


def test_test_mode_uses_the_running_statistics() -> None:
    """A row's output is gamma (x - mean) / sqrt(var + eps) + beta, whatever rows are beside it."""
    made, x = layer(), batch(2)
    made.running_mean[:], made.running_var[:] = [1, 2, 3], [4, 5, 6]
    expected = made.gamma * (x - [1, 2, 3]) / np.sqrt(np.array([4, 5, 6]) + 1e-5) + made.beta
    np.testing.assert_allclose(made.test(x), expected, rtol=1e-12)
    np.testing.assert_allclose(made.test(x[:1]), expected[:1], rtol=1e-12)
    np.testing.assert_array_equal(made.sample(x, STREAM), made.test(x))


def test_test_mode_learns_nothing() -> None:
    """Neither testing nor sampling moves the running statistics; training does, in place."""
    made = layer()
    held = dict(made.statistics)
    made.test(batch(3))
    made.sample(batch(3), STREAM)
    np.testing.assert_array_equal(held["running_mean"], 0)
    np.testing.assert_array_equal(held["running_var"], 1)
    made.train(batch(3), STREAM)
    assert held["running_mean"].all()
    assert (held["running_var"] != 1).all()


@given(seed=seeds)
def test_gradient_sums_to_nothing_over_the_batch(seed: int) -> None:
    """A shift of all rows changes no output, so dx has mean 0 in every feature."""
    x, dout = batch(seed), batch(seed + 1)
    dx, gradients = layer().train(x, STREAM)[1](dout)
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-8)
    np.testing.assert_allclose(gradients["beta"], dout.sum(axis=0))


@pytest.mark.parametrize("rows", [1, 4])
def test_features_that_do_not_vary(rows: int) -> None:
    """A constant feature, or a batch of one, gives beta and finite gradients."""
    made, x = layer(), np.full((rows, 3), 7.0)
    out, backward = made.train(x, STREAM)
    np.testing.assert_array_equal(out, np.broadcast_to(made.beta, (rows, 3)))
    assert np.isfinite(backward(np.ones((rows, 3)))[0]).all()

"""Inverted dropout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep.nn import InvertedDropout, numerical_gradient, relative_error

rates = st.floats(0, 0.99)


def test_published_statistics() -> None:
    """The published means and zero fractions come out digit by digit (RandomState(231))."""
    stream = np.random.RandomState(231)
    x = stream.randn(500, 500) + 10
    assert x.mean() == pytest.approx(10.0002078784775, abs=5e-14)
    published = {
        0.3: (0.300876, 9.985265770517648),
        0.6: (0.598632, 10.035153558044966),
        0.75: (0.749504, 10.021625749126567),
    }
    for rate, (zeros, mean) in published.items():
        out, _ = InvertedDropout(rate).train(x, stream)
        assert (out == 0).mean() == zeros
        assert out.mean() == pytest.approx(mean, abs=5e-14)


def test_published_gradient_error() -> None:
    """The seeded check at drop .8 gives the published 1.8929e-11, in all digits known."""
    stream = np.random.RandomState(231)
    x = stream.randn(10, 10) + 10
    dout = stream.randn(10, 10)
    layer = InvertedDropout(0.8)

    def forward(x: Any) -> Any:
        return layer.train(x, np.random.RandomState(123))[0]

    _, backward = layer.train(x, np.random.RandomState(123))
    error = relative_error(backward(dout)[0], numerical_gradient(forward, x, dout))
    assert error == pytest.approx(1.8929048652720146e-11, rel=1e-6)


@given(rate=rates, seed=st.integers(0, 99), dtype=st.sampled_from(["float32", "float64"]))
def test_output_is_zero_or_scaled_input(rate: float, seed: int, dtype: str) -> None:
    """Every output is 0 or x / q; shape and dtype are kept; the input is untouched."""
    x = np.random.default_rng(seed).normal(size=(4, 5)).astype(dtype)
    before = x.copy()
    out, backward = InvertedDropout(rate).train(x, np.random.default_rng(seed))
    kept = out != 0
    np.testing.assert_allclose(out[kept], x[kept] / (1 - rate), rtol=1e-6)
    assert (out.shape, out.dtype) == (x.shape, x.dtype)
    assert backward(x)[0].dtype == x.dtype
    np.testing.assert_array_equal(x, before)


@given(rate=rates, seed=st.integers(0, 99))
def test_backward_is_the_adjoint(rate: float, seed: int) -> None:
    """<forward(x), y> = <x, backward(y)> for a fixed mask."""
    x, y = np.random.default_rng(seed).normal(size=(2, 4, 5))
    out, backward = InvertedDropout(rate).train(x, np.random.default_rng(seed))
    assert np.sum(out * y) == pytest.approx(np.sum(x * backward(y)[0]))


def test_masks_of_rates_are_nested() -> None:
    """From the same uniforms, what a higher rate keeps a lower one keeps too."""
    x = np.ones((50, 50))
    kept = [
        InvertedDropout(rate).train(x, np.random.default_rng(7))[0] > 0 for rate in (0.2, 0.5, 0.9)
    ]
    assert (kept[0] >= kept[1]).all()
    assert (kept[1] >= kept[2]).all()


def test_rate_zero_changes_no_bit() -> None:
    """At rate 0 training is the identity, in both directions."""
    x = np.random.default_rng(0).normal(size=(6, 7)).astype(np.float32)
    out, backward = InvertedDropout(0.0).train(x, np.random.default_rng(0))
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(backward(x)[0], x)


def test_testing_is_the_identity() -> None:
    """In test mode the input itself comes back."""
    x = np.ones((2, 2))
    assert InvertedDropout(0.9).test(x) is x


def test_same_seed_same_mask_and_no_other_stream_disturbed() -> None:
    """A mask is a function of its stream, and the global one stands still."""
    np.random.seed(5)  # noqa: NPY002 the global stream is what must stand still
    before = np.random.get_state()[1].tolist()  # type: ignore[index] # noqa: NPY002
    x = np.ones((20, 20))
    first, second = (InvertedDropout(0.5).train(x, np.random.default_rng(3))[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index] # noqa: NPY002


@pytest.mark.parametrize("rate", [1.0, -0.1, float("nan"), 2.0, float("inf")])
def test_impossible_rates_are_refused(rate: float) -> None:
    """A rate outside [0, 1), or NaN, raises ValueError."""
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        InvertedDropout(rate)


def test_integers_are_refused_with_the_remedy() -> None:
    """Integer input raises TypeError that says what to do."""
    with pytest.raises(TypeError, match="astype"):
        InvertedDropout(0.5).train(np.ones((2, 2), int), np.random.default_rng(0))

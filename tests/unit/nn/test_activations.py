"""Activations against their definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from dropsweep.nn import ACTIVATIONS, numerical_gradient, relative_error
from dropsweep.nn.activations import Relu, Sigmoid, Tanh

if TYPE_CHECKING:
    from dropsweep.nn import Layer

BY_DEFINITION: dict[str, Any] = {
    "relu": lambda x: np.where(x > 0, x, 0),
    "sigmoid": expit,
    "tanh": lambda x: 1 - 2 * expit(-2 * x),
}
STREAM = np.random.default_rng(0)

every_activation = pytest.mark.parametrize("name", list(BY_DEFINITION))
finite = arrays(np.float64, (3, 4), elements=st.floats(-50, 50))


def layer_of(name: str) -> Layer:
    """The activation of a config's name."""
    return ACTIVATIONS[name]()


def test_names() -> None:
    """A config's three names mean these three."""
    assert {"relu": Relu, "sigmoid": Sigmoid, "tanh": Tanh} == ACTIVATIONS


@every_activation
@given(x=finite)
def test_output(name: str, x: Any) -> None:
    """The output is the textbook function; training and test give the same bits."""
    before = x.copy()
    out = layer_of(name).test(x)
    np.testing.assert_allclose(out, BY_DEFINITION[name](x), rtol=1e-14, atol=3e-16)
    np.testing.assert_array_equal(layer_of(name).train(x, STREAM)[0], out)
    np.testing.assert_array_equal(x, before)


@every_activation
@given(x=arrays(np.float64, (3, 4), elements=st.floats(0.01, 5)), signs=st.integers(0, 2**12 - 1))
def test_gradient(name: str, x: Any, signs: int) -> None:
    """Backward agrees with central differences on either side of 0."""
    x *= np.array([1 if signs >> bit & 1 else -1 for bit in range(12)]).reshape(3, 4)
    layer, dout = layer_of(name), np.cos(np.arange(12.0)).reshape(3, 4)
    dx, gradients = layer.train(x, STREAM)[1](dout)
    assert relative_error(dx, numerical_gradient(layer.test, x, dout)) <= 1e-6
    assert gradients == {}


@every_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extreme_inputs(name: str, dtype: Any) -> None:
    """At the largest numbers nothing overflows, and saturated units pass no gradient."""
    big = np.finfo(dtype).max
    x = np.array([[-big, -1e4, 1e4, big]], dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        out, backward = layer_of(name).train(x, STREAM)
        dx, _ = backward(np.ones_like(x))
    low, high, slope = {"relu": (0, x[0, 2:], 1), "sigmoid": (0, 1, 0), "tanh": (-1, 1, 0)}[name]
    np.testing.assert_array_equal(out[0, :2], low)
    np.testing.assert_array_equal(out[0, 2:], high)
    np.testing.assert_array_equal(dx, [[0, 0, slope, slope]])
    assert (out.dtype, dx.dtype) == (x.dtype, x.dtype)


def test_relu_at_its_kink() -> None:
    """At exactly 0, of either sign, ReLU passes nothing back."""
    x = np.array([[0.0, -0.0]])
    np.testing.assert_array_equal(Relu().train(x, STREAM)[1](np.ones((1, 2)))[0], 0)

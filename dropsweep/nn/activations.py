"""Activations: elementwise functions between affine layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn.layer import Layer

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array, Backward, Gradients, RandomStream


class Relu(Layer):
    """``out = max(x, 0)``."""

    def test(self, x: Array) -> Array:
        """Output, in the shape of x."""
        return np.maximum(x, 0)

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:  # noqa: ARG002
        """Output, and backward: dx = dout where x > 0; a unit that was off passes nothing back."""
        out = self.test(x)

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return dout * (out > 0), {}

        return out, backward


class Sigmoid(Layer):
    """``out = 1 / (1 + exp(-x))``."""

    def test(self, x: Array) -> Array:
        """Output, in the shape of x; as (1 + tanh(x / 2)) / 2, which never overflows."""
        out = np.tanh(x / 2)
        out += 1
        out /= 2
        return out

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:  # noqa: ARG002
        """Output, and backward: dx = dout out (1 - out)."""
        out = self.test(x)

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return dout * out * (1 - out), {}

        return out, backward


class Tanh(Layer):
    """``out = tanh(x)``."""

    def test(self, x: Array) -> Array:
        """Output, in the shape of x."""
        return np.tanh(x)

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:  # noqa: ARG002
        """Output, and backward: dx = dout (1 - out^2)."""
        out = self.test(x)

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return dout * (1 - out * out), {}

        return out, backward


ACTIVATIONS: dict[str, type[Layer]] = {"relu": Relu, "sigmoid": Sigmoid, "tanh": Tanh}
"""By the name that a config uses."""

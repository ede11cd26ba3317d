"""Activations: elementwise functions between affine layers."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn.layer import Layer

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array, Backward, RandomStream


class Activation(Layer):
    """``out = f(x)`` in the shape of x, with a derivative that out alone gives."""

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:  # noqa: ARG002
        """Output, and backward: dx = dout f'(x)."""
        out = self.test(x)
        return out, lambda dout: (self.input_gradient(dout, out), {})

    @abstractmethod
    def input_gradient(self, dout: Array, out: Array) -> Array:
        """The gradient of the input, from those of the output and the output itself."""


class Relu(Activation):
    """``out = max(x, 0)``."""

    def test(self, x: Array) -> Array:
        """Output, in the shape of x."""
        return np.maximum(x, 0)

    def input_gradient(self, dout: Array, out: Array) -> Array:
        """Dout where x > 0; a unit that was off passes nothing back."""
        return dout * (out > 0)


class Sigmoid(Activation):
    """``out = 1 / (1 + exp(-x))``."""

    def test(self, x: Array) -> Array:
        """Output, in the shape of x; as (1 + tanh(x / 2)) / 2, which never overflows."""
        out = np.tanh(x / 2)
        out += 1
        out /= 2
        return out

    def input_gradient(self, dout: Array, out: Array) -> Array:
        """``dout out (1 - out)``."""
        return dout * out * (1 - out)


class Tanh(Activation):
    """``out = tanh(x)``."""

    def test(self, x: Array) -> Array:
        """Output, in the shape of x."""
        return np.tanh(x)

    def input_gradient(self, dout: Array, out: Array) -> Array:
        """``dout (1 - out^2)``."""
        return dout * (1 - out * out)


ACTIVATIONS: dict[str, type[Layer]] = {"relu": Relu, "sigmoid": Sigmoid, "tanh": Tanh}
"""By the name that a config uses."""

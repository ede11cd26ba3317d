"""The affine layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn.layer import Layer, Product

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dropsweep.nn.layer import Array, Backward, Gradients, RandomStream


class Affine(Layer):
    """``out = x W + b``, with weights W of shape (in, out) and biases b of shape (out,)."""

    def __init__(self, W: Array, b: Array) -> None:
        self.W, self.b = W, b

    @property
    def parameters(self) -> Mapping[str, Array]:
        """``W`` and ``b``."""
        return {"W": self.W, "b": self.b}

    def test(self, x: Array) -> Array:
        """Output, shape (N, out)."""
        out = x @ self.W
        out += self.b
        return out

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:  # noqa: ARG002
        """Output, and backward: dx = dout W', dW = x' dout, db = sum of dout over the batch."""

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return self._input_gradient(dout), {"W": Product(x, dout), "b": dout.sum(axis=0)}

        return self.test(x), backward

    def _input_gradient(self, dout: Array) -> Array:
        return dout @ self.W.T


class InputAffine(Affine):
    """The affine layer on the images, where the input's gradient is not needed.

    Its ``backward`` returns an empty dx, shape (N, 0): the product it saves is a third of the
    training arithmetic of a net with one hidden layer.
    """

    def _input_gradient(self, dout: Array) -> Array:
        return np.empty((len(dout), 0), dtype=dout.dtype)

"""Activations: elementwise functions between affine layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array, Backward, Gradients, RandomStream


class Relu:
    """``out = max(x, 0)``."""

    def __init__(self) -> None:
        self.parameters: dict[str, Array] = {}

    def test(self, x: Array) -> Array:
        """Output, in the shape of x."""
        return np.maximum(x, 0)

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:  # noqa: ARG002 a layer's shape
        """Output, and backward: a unit that was off passes nothing back."""
        out = np.maximum(x, 0)

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return dout * (out > 0), {}

        return out, backward

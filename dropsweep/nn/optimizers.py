"""Optimizers: from gradients to new parameters, in place.

w is a parameter, g its gradient, lr the learning rate.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dropsweep.nn.layer import Array, Gradients

_BLOCK = 16_384
"""Elements updated at a time: five float32 blocks of this size stay in a 1 MB L2 cache."""


class Optimizer(ABC):
    """Changes parameters by their gradients, elementwise.

    Parameters
    ----------
    learning_rate
        lr; may be changed between steps.
    """

    memories = 0
    """Arrays remembered for each parameter, in its shape, zeros at first."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.t = 0
        """Steps taken."""
        self.memory: dict[str, tuple[Array, ...]] = {}

    def step(self, parameters: Mapping[str, Array], gradients: Gradients) -> None:
        """Change every parameter in place; gradients are left as they are.

        Raises
        ------
        ValueError
            If a parameter is not C-contiguous: a copy of it would be changed in its place.
        """
        if stray := [name for name, w in parameters.items() if not w.flags.c_contiguous]:
            raise ValueError(f"not C-contiguous: {', '.join(stray)}; use np.ascontiguousarray")
        self.t += 1
        for name, w in parameters.items():
            if name not in self.memory:
                self.memory[name] = tuple(np.zeros_like(w) for _ in range(self.memories))
            for block in _blocks(w, gradients[name], *self.memory[name]):
                self._update(*block)

    @abstractmethod
    def _update(self, w: Array, g: Array, *memory: Array) -> None:
        """Change w, and what is remembered, in place."""


class Sgd(Optimizer):
    """``w -= lr g``."""

    def _update(self, w: Array, g: Array, *memory: Array) -> None:  # noqa: ARG002 remembers nothing
        w -= self.learning_rate * g


class Momentum(Optimizer):
    """``v = 0.9 v - lr g``, then ``w += v``."""

    memories = 1
    friction = 0.9

    def _update(self, w: Array, g: Array, *memory: Array) -> None:
        (v,) = memory
        v *= self.friction
        v -= self.learning_rate * g
        w += v


class RmsProp(Optimizer):
    """``v = 0.99 v + 0.01 g^2``, then ``w -= lr g / (sqrt(v) + eps)``, eps = 1e-8."""

    memories = 1
    decay, eps = 0.99, 1e-8

    def _update(self, w: Array, g: Array, *memory: Array) -> None:
        (v,) = memory
        v *= self.decay
        v += (1 - self.decay) * g * g
        scratch = np.sqrt(v)
        scratch += self.eps
        np.divide(g, scratch, out=scratch)
        scratch *= self.learning_rate
        w -= scratch


class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    With t counted from 1: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
    w -= lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)  (Kingma & Ba 2015, alg. 1),
    beta1 = 0.9, beta2 = 0.999, eps = 1e-8.
    """

    memories = 2
    beta1, beta2, eps = 0.9, 0.999, 1e-8

    def _update(self, w: Array, g: Array, *memory: Array) -> None:
        m, v = memory
        scratch = (1 - self.beta1) * g
        m *= self.beta1
        m += scratch
        np.multiply(g, g, out=scratch)
        scratch *= 1 - self.beta2
        v *= self.beta2
        v += scratch
        np.divide(v, 1 - self.beta2**self.t, out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += self.eps
        np.divide(m, scratch, out=scratch)
        scratch *= self.learning_rate / (1 - self.beta1**self.t)
        w -= scratch


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": Sgd,
    "momentum": Momentum,
    "rmsprop": RmsProp,
    "adam": Adam,
}
"""By the name that a config uses."""


def _blocks(*arrays: Array) -> Iterator[tuple[Array, ...]]:
    """Walk equally shaped arrays together, a block at a time: a block is read once from memory."""
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, _BLOCK):
        yield tuple(array[start : start + _BLOCK] for array in flat)

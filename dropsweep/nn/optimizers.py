"""Optimizers: from gradients to new parameters, in place.

w is a parameter, g its gradient, lr the learning rate.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dropsweep.nn.layer import Array, Gradient


class Optimizer(ABC):
    """Changes parameters by their gradients, elementwise; lr may be changed between steps."""

    memories = 0
    """Arrays remembered for each parameter, in its shape, zeros at first."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.t = 0
        """Steps taken."""
        self.memory: dict[str, tuple[Array, ...]] = {}

    def step(self, parameters: Mapping[str, Array], gradients: Mapping[str, Gradient]) -> None:
        """Change every parameter in place, a panel at a time; gradients are left as they are."""
        self.t += 1
        for name, w in parameters.items():
            if name not in self.memory:
                self.memory[name] = tuple(np.zeros_like(w) for _ in range(self.memories))
            for rows in _panels(w):
                memory = (each[rows] for each in self.memory[name])
                self._update(w[rows], gradients[name][rows], *memory)

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
        """The same with fewer passes over the arrays, each of which takes a tenth of the time.

        What is remembered is M = m / (1 - beta1) and V = v / (1 - beta2), sums without a factor.
        With k = sqrt((1 - beta2) / (1 - beta2^t)) the root above is k sqrt(V), so that
        w -= lr (1 - beta1) / (1 - beta1^t) / k  M / (sqrt(V) + eps / k): all factors are one.
        """
        M, V = memory
        k = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.t))
        rate = self.learning_rate * (1 - self.beta1) / (1 - self.beta1**self.t) / k
        M *= self.beta1
        M += g
        scratch = g * g
        V *= self.beta2
        V += scratch
        np.sqrt(V, out=scratch)
        scratch += self.eps / k
        np.divide(M, scratch, out=scratch)
        scratch *= rate
        w -= scratch


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": Sgd,
    "momentum": Momentum,
    "rmsprop": RmsProp,
    "adam": Adam,
}
"""By the name that a config uses. Whatever changes their numbers raises `records.ALGORITHM`."""


_PANEL = 200_000
"""Elements of a panel: 400 rows of 500 float32 weights. A ufunc call costs nothing beside that much
work, the product that makes it is as fast as a whole one, and its five arrays stay in the cache."""


def _panels(w: Array) -> Iterator[slice]:
    """Rows of a parameter, some at a time, so that what is read of memory is read once.

    Measured for 3,072 x 500 weights and 100 images, one process, medians of alternating calls:
    gradient and Adam take 5.7 ms on an AMD EPYC. Panels of half the size take 1 % longer there, 2 %
    with OpenBLAS's Haswell kernels, and 10 % on an Intel Xeon with 2 MB of L2; panels of a quarter
    take 3 % longer. Buffers that are kept for the panel and the scratch gain 1 % at most.
    """
    rows = max(_PANEL * len(w) // w.size, 1)
    for start in range(0, len(w), rows):
        yield slice(start, start + rows)

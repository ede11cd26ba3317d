"""What a layer is: a pair of training passes, and two ways of being used after training.

``train`` returns the output and the function that takes the output's gradient back, so that
forward and backward stand side by side and share what they need through a closure. ``test`` and
``sample`` are functions of their own: no flag switches one pass into another.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dropsweep.nn.product import Product

Array: TypeAlias = NDArray[np.floating[Any]]
Labels: TypeAlias = NDArray[np.integer[Any]]

Gradient: TypeAlias = Array | Product
"""Of the loss by a parameter, shaped and typed like it; its rows are had by a slice."""

Gradients: TypeAlias = dict[str, Gradient]
"""By the parameter's name."""

Backward: TypeAlias = Callable[[Array], tuple[Array, Gradients]]
"""From the gradient of the output to that of the input, and to those of the parameters."""

RandomStream: TypeAlias = np.random.Generator | np.random.RandomState
"""Where random numbers come from, always an argument; a legacy one replays old notebooks."""


class Layer(ABC):
    """One step of a net on a batch of N rows; arrays that are handed in are never changed."""

    @property
    def parameters(self) -> Mapping[str, Array]:
        """What an optimizer changes in place, by short name; empty for most layers."""
        return {}

    @property
    def statistics(self) -> Mapping[str, Array]:
        """What ``train`` itself changes in place, by short name; empty for most layers."""
        return {}

    @abstractmethod
    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:
        """Output of shape (N, out) for an input of shape (N, in), and its backward pass."""

    @abstractmethod
    def test(self, x: Array) -> Array:
        """The output when nothing is being learnt: deterministic."""

    def sample(self, x: Array, random: RandomStream) -> Array:  # noqa: ARG002 most layers draw nothing
        """The output of one random subnet after training: masks are drawn, nothing is learnt."""
        return self.test(x)

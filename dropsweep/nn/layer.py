"""The interface of a layer: a pair of training passes, and two ways of use after training.

``train`` returns the output and the function that takes the output's gradient back, so that
forward and backward stand side by side and share what they need through a closure. ``test`` and
``sample`` are functions of their own: no flag switches one pass into another.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Labels: TypeAlias = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Product:
    """``x' dout``, of shape (in, out), computed when it is used, a panel of rows at a time.

    The gradient by an affine layer's weights is as large as they are, and an optimizer reads it
    once. Made whole it goes to memory and comes back; a panel is used while it is in cache. x and
    dout must stay as they are until then.
    """

    x: Array
    """Shape (N, in)."""
    dout: Array
    """Shape (N, out)."""

    def __getitem__(self, rows: slice) -> Array:
        """Some rows of it, computed now: those of the parameter's elements ``W[rows]``."""
        panel: Array = self.x[:, rows].T @ self.dout
        return panel

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """All of it, where numpy gets a product in place of an array.

        It is a copy whether one is asked for or not, and numpy itself casts it.
        """
        return self[:]

    def __add__(self, other: Array) -> Array:
        """All of it, with a penalty's gradient added."""
        total = self[:]
        total += other
        return total


Gradient: TypeAlias = Array | Product
"""Of the loss by a parameter, shaped and typed like it; a slice gives its rows."""

Gradients: TypeAlias = dict[str, Gradient]
"""By the parameter's name."""

Backward: TypeAlias = Callable[[Array], tuple[Array, Gradients]]
"""From the gradient of the output to that of the input, and to those of the parameters."""

RandomStream: TypeAlias = np.random.Generator | np.random.RandomState
"""The source of random numbers, always an argument; a legacy one replays old notebooks."""


class Layer(ABC):
    """One step of a net on a batch of N rows; input arrays are never changed."""

    @property
    def parameters(self) -> Mapping[str, Array]:
        """Arrays that an optimizer changes in place, by short name; empty for most layers."""
        return {}

    @property
    def statistics(self) -> Mapping[str, Array]:
        """Arrays that ``train`` itself changes in place, by short name; empty for most layers."""
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

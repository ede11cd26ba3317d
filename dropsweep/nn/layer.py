"""What a layer is: a pair of passes, and a test-time function.

``train`` returns the output and the function that takes the output's gradient back, so that
forward and backward stand side by side and share what they need through a closure. ``test`` is a
function of its own: no flag switches one pass into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Labels: TypeAlias = NDArray[np.integer[Any]]

Gradients: TypeAlias = dict[str, Array]
"""Gradient of the loss by parameter name, shaped and typed like the parameter."""

Backward: TypeAlias = Callable[[Array], tuple[Array, Gradients]]
"""From the gradient of the output to that of the input, and to those of the parameters."""

RandomStream: TypeAlias = np.random.Generator | np.random.RandomState
"""Where random numbers come from, always an argument; a legacy one replays old notebooks."""


class Layer(Protocol):
    """One step of a net on a batch of N rows."""

    @property
    def parameters(self) -> Mapping[str, Array]:
        """What the optimizer changes in place, by short name; empty for most layers."""

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:
        """Output of shape (N, out) for an input of shape (N, in), and its backward pass."""

    def test(self, x: Array) -> Array:
        """The output when nothing is being learnt: deterministic."""

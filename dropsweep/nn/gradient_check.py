"""Numerical gradients: what every backward pass is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from dropsweep.nn.layer import Array


def numerical_gradient(
    f: Callable[[Array], Array], x: Array, dout: Array, h: float = 1e-5
) -> Array:
    """Central differences of ``sum(f(x) * dout)`` by every element of x.

    (sum((f(x + h) - f(x - h)) * dout)) / 2h, one element at a time. x is changed while it runs and
    is as before when it ends, so f may also be a function of x through an array it holds.

    Parameters
    ----------
    f
        A deterministic function of x: seed its random stream again in every call.
    x
        Where to take the gradient, float64.
    dout
        Gradient of a scalar by f's output, in its shape.
    h
        Half the step.
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        middle = x[index]
        x[index] = middle + h
        above = f(x).copy()
        x[index] = middle - h
        below = f(x).copy()
        x[index] = middle
        gradient[index] = np.sum((above - below) * dout) / (2 * h)
    return gradient


def relative_error(a: Array, b: Array) -> float:
    """Largest ``|a - b| / max(1e-8, |a| + |b|)`` over the elements."""
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))

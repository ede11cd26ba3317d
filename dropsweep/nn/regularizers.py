"""Regularizers of the weights: penalties on their size, and a bound on their norm.

Weights are the parameters named ``W...``: biases and scales are free.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from dropsweep.nn.layer import Array

Penalty: TypeAlias = Callable[[Array], tuple[float, Array]]
"""From weights to what they add to the loss, and the gradient of that."""


def l2(strength: float) -> Penalty:
    """``0.5 strength sum(W^2)``, with gradient ``strength W``."""
    return lambda W: (0.5 * strength * float(np.sum(W * W)), strength * W)


def l1(strength: float) -> Penalty:
    """``strength sum(|W|)``, with gradient ``strength sign(W)``."""
    return lambda W: (strength * float(np.sum(np.abs(W))), strength * np.sign(W))


def penalize(
    parameters: Mapping[str, Array], gradients: dict[str, Any], penalties: Sequence[Penalty]
) -> float:
    """The penalty of all weights; its gradients are added to ``gradients``, by parameter name.

    Arrays are changed in place, products become arrays.
    """
    total = 0.0
    for penalty in penalties:
        for name, W in weights(parameters).items():
            loss, gradient = penalty(W)
            total += loss
            gradients[name] += gradient
    return total


def bound_norms(parameters: Mapping[str, Array], limit: float) -> None:
    """Project each unit's incoming weights to a norm of at most ``limit``, in place.

    A unit's incoming weights are a column of W (Srivastava et al. 2014, section 5.1). Each column
    is divided by its largest element first, so that no square overflows or vanishes.
    """
    for W in weights(parameters).values():
        peaks = np.maximum(np.maximum(W.max(axis=0), -W.min(axis=0)), np.finfo(W.dtype).tiny)
        units = W / peaks
        roots = np.maximum(np.sqrt(np.einsum("ij,ij->j", units, units)), 1)
        with np.errstate(over="ignore"):  # a bound far above the weights
            factors = np.minimum(limit / peaks.astype(np.float64) / roots, 1)
        np.multiply(W, factors.astype(W.dtype), out=W)


def weights(parameters: Mapping[str, Array]) -> dict[str, Array]:
    """The parameters that are regularized."""
    return {name: value for name, value in parameters.items() if name.startswith("W")}

"""Dropout: hide a random part of the units while training.

Rate r is the probability of dropping a unit, q = 1 - r that of keeping it; u are uniforms in
[0, 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array, Backward, Gradients, RandomStream


class InvertedDropout:
    """Keep a unit where u >= r, and scale what is kept by 1 / q, so that test time needs nothing.

    The mean over masks of the output is the input (Hinton et al. 2012, in the scaling of the
    cs231n notes).

    Parameters
    ----------
    rate
        Probability of dropping a unit, in [0, 1).

    Raises
    ------
    ValueError
        If the rate is outside [0, 1) or NaN.
    """

    def __init__(self, rate: float) -> None:
        self.rate = checked_rate(rate)
        self.parameters: dict[str, Array] = {}

    def test(self, x: Array) -> Array:
        """The input itself."""
        return x

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:
        """``x * mask`` with ``mask = (u >= r) / q``, and backward ``dout * mask``.

        Shape and dtype are those of x; x is not changed. Uniforms are drawn in float64 whatever
        x is: those of float32 hit 0 once in 16 million draws and would drop units at rate 1e-9.

        Raises
        ------
        TypeError
            If x holds integers, which cannot hold x / q.
        """
        checked_floating(x)
        kept = random.random(x.shape) >= self.rate
        mask = kept.astype(x.dtype)
        mask /= 1 - self.rate

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return dout * mask, {}

        return x * mask, backward


def checked_rate(rate: float) -> float:
    """The rate, if it is in [0, 1); ValueError otherwise, also for NaN."""
    if not 0 <= rate < 1:
        raise ValueError(f"a dropout rate must be at least 0 and below 1, not {rate}")
    return rate


def checked_floating(x: Array) -> None:
    """TypeError unless x holds floats."""
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError(f"dropout needs floats, not {x.dtype}; convert with x.astype(np.float32)")

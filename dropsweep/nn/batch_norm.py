"""Batch normalization."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dropsweep.nn.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import DTypeLike

    from dropsweep.nn.layer import Array, Backward, Gradients, RandomStream


class BatchNorm(Layer):
    """``out = gamma (x - mean) / sqrt(var + eps) + beta``, feature by feature.

    While training, mean and (biased) variance are the batch's, and the running statistics move
    towards them: running = momentum running + (1 - momentum) batch. At test time the running
    statistics take their place (Ioffe & Szegedy 2015).

    Parameters
    ----------
    features
        D: gamma begins as ones, beta as zeros, running mean and variance as zeros and ones, each
        of shape (D,).
    """

    def __init__(
        self,
        features: int,
        dtype: DTypeLike = np.float32,
        *,
        momentum: float = 0.9,
        eps: float = 1e-5,
    ) -> None:
        self.gamma, self.beta = np.ones(features, dtype), np.zeros(features, dtype)
        self.running_mean, self.running_var = np.zeros(features, dtype), np.ones(features, dtype)
        self.momentum, self.eps = momentum, eps

    @property
    def parameters(self) -> Mapping[str, Array]:
        """``gamma`` and ``beta``."""
        return {"gamma": self.gamma, "beta": self.beta}

    @property
    def statistics(self) -> Mapping[str, Array]:
        """``running_mean`` and ``running_var``."""
        return {"running_mean": self.running_mean, "running_var": self.running_var}

    def test(self, x: Array) -> Array:
        """Output, in the shape of x, by the running statistics."""
        scale = self.gamma / np.sqrt(self.running_var + self.eps)
        return (x - self.running_mean) * scale + self.beta

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:  # noqa: ARG002
        """Output, by the batch's statistics, and backward.

        With xhat the normalised input, s = sqrt(var + eps) and means over the batch:
        dx = gamma / s (dout - mean(dout) - xhat mean(dout xhat)).
        """
        mean, var = x.mean(axis=0), x.var(axis=0)
        self._follow(self.running_mean, mean)
        self._follow(self.running_var, var)
        s = np.sqrt(var + self.eps)
        xhat = (x - mean) / s

        def backward(dout: Array) -> tuple[Array, Gradients]:
            dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
            dx = (self.gamma / s) * (dout - (dbeta + xhat * dgamma) / len(x))
            return dx, {"gamma": dgamma, "beta": dbeta}

        return self.gamma * xhat + self.beta, backward

    def _follow(self, running: Array, batch: Array) -> None:
        running *= self.momentum
        running += (1 - self.momentum) * batch

"""Dropout: hide a random part of the units while training.

Every kind multiplies its input by a mask, and takes the gradient back through the same mask; the
kinds differ in how the mask is drawn. r is the probability of dropping a unit, q = 1 - r that of
keeping it, u are uniforms in [0, 1).
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING

from dropsweep.nn.layer import Layer
from dropsweep.nn.level import as_level, checked_floating

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array, Backward, Gradients, RandomStream
    from dropsweep.nn.level import Level


class Dropout(Layer):
    """``out = x * mask`` while training, and ``x`` itself at test time.

    Shape and dtype of the output are those of x, which is not changed.

    Parameters
    ----------
    level
        A rate in [0, 1), or a `Level`.

    Raises
    ------
    ValueError
        If the rate is outside [0, 1) or NaN.
    """

    def __init__(self, level: float | Level) -> None:
        self.level = as_level(level)

    @abstractmethod
    def mask(self, x: Array, random: RandomStream) -> Array:
        """What a batch is multiplied by, in x's dtype, in a shape that broadcasts to x's.

        Uniforms are drawn in float64 whatever x is: those of float32 hit 0 once in 16 million
        draws, and would drop units at rate 1e-9.
        """

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:
        """``x * mask``, and backward ``dout * mask``: a dropped unit passes no gradient.

        Raises
        ------
        TypeError
            If x holds integers, which cannot hold x / q.
        """
        checked_floating(x)
        mask = self.mask(x, random)

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return dout * mask, {}

        return x * mask, backward

    def test(self, x: Array) -> Array:
        """The input itself."""
        return x

    def sample(self, x: Array, random: RandomStream) -> Array:
        """What ``train`` gives: one subnet of the ensemble."""
        return self.train(x, random)[0]


class InvertedDropout(Dropout):
    """Keep a unit where u >= r, and scale it by 1 / q, so that test time needs nothing.

    The mean of the output over masks is the input (Hinton et al. 2012, in the scaling of the
    cs231n notes).
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``(u >= r) / q``, in the shape of x."""
        mask = self.level.kept(random.random(x.shape)).astype(x.dtype)
        mask /= self.level.keep
        return mask


class VanillaDropout(Dropout):
    """Keep a unit as it is where u >= r; at test time every unit is multiplied by q.

    The mean of the output over masks is the test output (Srivastava et al. 2014, section 4).
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``u >= r``, unscaled, in the shape of x."""
        return self.level.kept(random.random(x.shape)).astype(x.dtype)

    def test(self, x: Array) -> Array:
        """``q x``."""
        return x * x.dtype.type(self.level.keep)


class BinomialDropout(Dropout):
    """Inverted dropout whose mask comes from the generator's binomial distribution.

    One draw is not nested in another: what a higher rate keeps, a lower one need not.
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``Binomial(1, q) / q``, in the shape of x."""
        mask = random.binomial(1, self.level.keep, x.shape).astype(x.dtype)
        mask /= self.level.keep
        return mask


class SharedDropout(Dropout):
    """Inverted dropout with one mask per feature, shared by the whole batch."""

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``(u >= r) / q``, of shape (D,) for x of shape (N, D)."""
        mask = self.level.kept(random.random(x.shape[1:])).astype(x.dtype)
        mask /= self.level.keep
        return mask


class GaussianDropout(Dropout):
    """Multiply by normals of mean 1 and variance r / q, the variance of the inverted mask.

    No unit is dropped; each is blurred as much (Srivastava et al. 2014, section 10).
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``1 + sqrt(r / q) z`` with standard normals z, in the shape of x."""
        mask = random.standard_normal(x.shape)
        mask *= math.sqrt(self.level.rate / self.level.keep)
        mask += 1
        return mask.astype(x.dtype)


DROPOUT_KINDS: dict[str, type[Dropout]] = {
    "inverted": InvertedDropout,
    "vanilla": VanillaDropout,
    "binomial": BinomialDropout,
    "shared": SharedDropout,
    "gaussian": GaussianDropout,
}
"""By the name that a config uses."""

"""Dropout: hide a random part of the units while training.

Every kind multiplies its input by a mask, and takes the gradient back through the same mask; the
kinds differ in how the mask is drawn. r is the probability of dropping a unit, q = 1 - r that of
keeping it, u are uniforms in [0, 1).

``u >= r`` and ``u < q`` drop with equal probability, but pick different units from the same
uniforms: a published fingerprint belongs to one of the two conventions.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

from dropsweep.nn.layer import Layer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dropsweep.nn.layer import Array, Backward, Gradients, RandomStream


@dataclass(frozen=True)
class DropRate:
    """Given as the probability of dropping, in [0, 1); keeps where u >= rate."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"a dropout rate must be at least 0 and below 1, not {self.rate}")

    @property
    def keep(self) -> float:
        """1 - rate."""
        return 1 - self.rate

    def kept(self, u: Array) -> NDArray[np.bool_]:
        """True for u >= rate."""
        return u >= self.rate


@dataclass(frozen=True)
class KeepProbability:
    """Given as the probability of keeping, in (0, 1]; keeps where u < keep."""

    keep: float

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise ValueError(f"a keep probability must be above 0, at most 1, not {self.keep}")

    @property
    def rate(self) -> float:
        """1 - keep."""
        return 1 - self.keep

    def kept(self, u: Array) -> NDArray[np.bool_]:
        """True for u < keep."""
        return u < self.keep


Amount: TypeAlias = DropRate | KeepProbability
"""Both have ``rate``, ``keep``, and ``kept(u)``: True for each unit that is kept."""


class Dropout(Layer):
    """``out = x * mask`` while training, and ``x`` itself at test time.

    Shape and dtype of the output are those of x, which is not changed.
    A bare number is a rate.
    """

    def __init__(self, amount: float | Amount) -> None:
        self.amount = as_amount(amount)

    @abstractmethod
    def mask(self, x: Array, random: RandomStream) -> Array:
        """The factors of a batch, in x's dtype, in a shape that broadcasts to x's.

        Uniforms are drawn in float64 whatever x is: those of float32 hit 0 once in 16 million
        draws, and would drop units at rate 1e-9.
        """

    def train(self, x: Array, random: RandomStream) -> tuple[Array, Backward]:
        """``x * mask``, and backward ``dout * mask``: a dropped unit passes no gradient."""
        checked_floating(x)
        mask = self.mask(x, random)

        def backward(dout: Array) -> tuple[Array, Gradients]:
            return dout * mask, {}

        return x * mask, backward

    def test(self, x: Array) -> Array:
        """The input itself."""
        return x

    def sample(self, x: Array, random: RandomStream) -> Array:
        """The output of ``train``: one subnet of the ensemble."""
        return self.train(x, random)[0]


class InvertedDropout(Dropout):
    """Keep a unit where u >= r, and scale it by 1 / q, so that test time needs nothing.

    The mean of the output over masks is the input (Hinton et al. 2012, in the scaling of the
    cs231n notes).
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``(u >= r) / q``, in the shape of x."""
        mask = self.amount.kept(random.random(x.shape)).astype(x.dtype)
        mask /= self.amount.keep
        return mask


class VanillaDropout(Dropout):
    """Keep a unit as it is where u >= r; at test time every unit is multiplied by q.

    The mean of the output over masks is the test output (Srivastava et al. 2014, section 4).
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``u >= r``, unscaled, in the shape of x."""
        return self.amount.kept(random.random(x.shape)).astype(x.dtype)

    def test(self, x: Array) -> Array:
        """``q x``."""
        return x * x.dtype.type(self.amount.keep)


class BinomialDropout(Dropout):
    """Inverted dropout whose mask comes from the generator's binomial distribution.

    One draw is not nested in another: what a higher rate keeps, a lower one need not.
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``Binomial(1, q) / q``, in the shape of x."""
        mask = random.binomial(1, self.amount.keep, x.shape).astype(x.dtype)
        mask /= self.amount.keep
        return mask


class SharedDropout(Dropout):
    """Inverted dropout with one mask per feature, shared by the whole batch."""

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``(u >= r) / q``, of shape (D,) for x of shape (N, D)."""
        mask = self.amount.kept(random.random(x.shape[1:])).astype(x.dtype)
        mask /= self.amount.keep
        return mask


class GaussianDropout(Dropout):
    """Multiply by normals of mean 1 and variance r / q, the variance of the inverted mask.

    No unit is dropped; each is blurred as much (Srivastava et al. 2014, section 10).
    """

    def mask(self, x: Array, random: RandomStream) -> Array:
        """``1 + sqrt(r / q) z`` with standard normals z, in the shape of x."""
        mask = random.standard_normal(x.shape)
        mask *= math.sqrt(self.amount.rate / self.amount.keep)
        mask += 1
        return mask.astype(x.dtype)


def as_amount(amount: float | Amount) -> Amount:
    """A bare number is a rate."""
    if isinstance(amount, float | Real):  # numpy numbers are registered as Real
        return DropRate(float(amount))
    return amount


def checked_floating(x: NDArray[Any]) -> None:
    """TypeError unless x holds floats: integers cannot hold x / q."""
    if x.dtype.kind != "f":
        raise TypeError(f"dropout needs floats, not {x.dtype}; convert with x.astype(np.float32)")


DROPOUT_KINDS: dict[str, type[Dropout]] = {
    "inverted": InvertedDropout,
    "vanilla": VanillaDropout,
    "binomial": BinomialDropout,
    "shared": SharedDropout,
    "gaussian": GaussianDropout,
}
"""By the name that a config uses. Whatever changes their numbers raises `records.ALGORITHM`."""

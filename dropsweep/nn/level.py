"""How much dropout: the two conventions for one number, and what each does with uniforms.

``u >= rate`` and ``u < keep probability`` drop with equal probability, but pick different units
from the same uniforms u in [0, 1): a published fingerprint belongs to one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dropsweep.nn.layer import Array


class Level(Protocol):
    """An amount of dropout; r + q = 1."""

    @property
    def rate(self) -> float:
        """r, the probability of dropping a unit."""

    @property
    def keep(self) -> float:
        """q, the probability of keeping a unit."""

    def kept(self, u: Array) -> NDArray[np.bool_]:
        """Which units are kept, in the shape of the uniforms u."""


@dataclass(frozen=True)
class DropRate:
    """Given as the probability of dropping; keeps where u >= rate.

    Raises
    ------
    ValueError
        If the rate is outside [0, 1) or NaN.
    """

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"a dropout rate must be at least 0 and below 1, not {self.rate}")

    @property
    def keep(self) -> float:
        """1 - rate."""
        return 1 - self.rate

    def kept(self, u: Array) -> NDArray[np.bool_]:
        """Where u >= rate."""
        return u >= self.rate


@dataclass(frozen=True)
class KeepProbability:
    """Given as the probability of keeping; keeps where u < keep.

    Raises
    ------
    ValueError
        If the probability is outside (0, 1] or NaN.
    """

    keep: float

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise ValueError(f"a keep probability must be above 0, at most 1, not {self.keep}")

    @property
    def rate(self) -> float:
        """1 - keep."""
        return 1 - self.keep

    def kept(self, u: Array) -> NDArray[np.bool_]:
        """Where u < keep."""
        return u < self.keep


def as_level(level: float | Level) -> Level:
    """A bare number is a rate."""
    if isinstance(level, float | Real):  # numpy numbers are registered as Real
        return DropRate(float(level))
    return level


def checked_floating(x: NDArray[Any]) -> None:
    """TypeError unless x holds floats."""
    if x.dtype.kind != "f":
        raise TypeError(f"dropout needs floats, not {x.dtype}; convert with x.astype(np.float32)")

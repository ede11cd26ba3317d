"""The decision a sweep is made for: its margin, and when enough seeds are enough."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Decision:
    """The rules of the decision between the rates; they change no run's numbers and no id."""

    margin: Fraction = Fraction(1, 100)
    """Accuracies that differ by less count as equally good; exactly the decimal written."""
    auto: bool = False
    """Seeds are added until the answer is sure (``seeds: auto``)."""
    max_seeds: int = 100
    """The largest number of seeds where ``auto``."""
    rates: tuple[float, ...] = ()
    """Every rate of the config, in its order, trained or not; empty where no config says them."""


FIXED = Decision()
"""Of runs without a config: a fixed number of seeds, the usual margin."""

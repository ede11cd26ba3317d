"""The random streams of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dropsweep.nn import RandomStream

_PURPOSES = ("initial_weights", "batches", "masks", "monte_carlo")
"""In the order of their spawn keys: append only, or every number changes."""


@dataclass(frozen=True)
class Streams:
    """One stream a purpose, so that no purpose disturbs another.

    Runs that share a seed share them all: they begin with the same weights, see the same batches
    and draw their masks from the same uniforms, which pairs the differences between rates.
    """

    initial_weights: RandomStream
    batches: RandomStream
    masks: RandomStream
    monte_carlo: RandomStream

    @classmethod
    def of_seed(cls, seed: int) -> Streams:
        """The streams of a run; a pure function of its seed."""
        return cls(
            **{
                purpose: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key,)))
                for key, purpose in enumerate(_PURPOSES)
            }
        )

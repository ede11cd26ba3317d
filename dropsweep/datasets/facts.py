"""What a sweep must know of its data before it has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dropsweep.datasets import official
from dropsweep.records import CIFAR10_IDENTITY, SYNTHETIC_IDENTITY

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Facts:
    """A data set's name in a run's spec, and its size."""

    identity: str
    train_images: int
    """In the training batches, validation included."""
    test_images: int


KNOWN = {
    "cifar10": Facts(CIFAR10_IDENTITY, official.TRAIN_SIZE, official.TEST_SIZE),
    "synthetic": Facts(SYNTHETIC_IDENTITY, 5000, 1000),
}
"""By ``dataset.name``; a plan with these needs no data yet."""


def facts(name: str, prepared: Path | None) -> Facts:
    """Of a prepared folder, or of the named set where none is given."""
    if prepared is None:
        return KNOWN[name]
    from dropsweep.datasets.cache import read_info  # brings numpy, which planning does without

    info = read_info(prepared)
    return Facts(info.identity, info.train, info.test)

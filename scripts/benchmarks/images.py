"""A data set of CIFAR-10's size for the benchmark: random bytes, prepared as the real ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dropsweep.datasets.cache import publish
from dropsweep.datasets.dataset import CLASSES, PIXELS, Batch
from dropsweep.datasets.folders import prepared_folder
from dropsweep.records import CIFAR10_IDENTITY

if TYPE_CHECKING:
    from pathlib import Path

TRAIN, TEST = 50_000, 10_000


def prepare(data_dir: Path) -> Path:
    """Write it into a data directory under the name of CIFAR-10; the prepared folder."""
    folder = prepared_folder(data_dir, CIFAR10_IDENTITY)
    random = np.random.default_rng(0)
    train, test = (_batch(random, size) for size in (TRAIN, TEST))
    publish(folder, [train], [test], identity=CIFAR10_IDENTITY, source="random", source_sha256=None)
    return folder


def _batch(random: np.random.Generator, size: int) -> Batch:
    images = random.integers(0, 256, (size, PIXELS), dtype=np.uint8)
    return Batch(images, random.integers(0, CLASSES, size, dtype=np.uint8))

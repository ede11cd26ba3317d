"""A data set in memory: pixels and labels in the order of CIFAR-10's binary version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]

PIXELS = 3072
"""Values of one image: 32 x 32 of red, then green, then blue, row by row."""

CLASSES = 10


@dataclass(frozen=True, eq=False)
class Batch:
    """Some images with their labels: the content of one batch file."""

    images: Bytes
    """Shape (N, 3072)."""
    labels: Bytes
    """Shape (N,), values 0 to 9."""
    published: bool = False
    """Whether its file has the published hash."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test images, usually memory-mapped and read-only."""

    identity: str
    """The token or hash that goes into a run's spec; see `dropsweep.records.DatasetSpec`."""
    train_images: Bytes
    """Shape (N, 3072): the training batches one after another."""
    train_labels: Bytes
    """Shape (N,)."""
    test_images: Bytes
    """Shape (M, 3072)."""
    test_labels: Bytes
    """Shape (M,)."""
    source_sha256: str | None
    """SHA-256 of the archive, or over a folder's files; None for generated images."""

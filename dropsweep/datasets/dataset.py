"""A data set in memory: pixels and labels in the order of CIFAR-10's binary version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Sums: TypeAlias = npt.NDArray[np.int64]

PIXELS = 3072
"""Values of one image: 32 x 32 of red, then green, then blue, row by row."""

CLASSES = 10

_BLOCK = 1000
"""Images summed at a time: 6 MB of squares."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Some images with their labels: the content of one batch file."""

    images: Bytes
    """Shape (N, 3072)."""
    labels: Bytes
    """Shape (N,), values 0 to 9."""
    published: bool = False
    """True if its file has the published hash."""


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
    stored_sums: Sums | None = None
    """`pixel_sums` of the training images, where they were stored; None: computed when needed."""

    @property
    def train_sum(self) -> Sums:
        """Exact sum of every pixel over all training images, shape (3072,)."""
        total: Sums = self._sums[0]
        return total

    @property
    def train_square_sum(self) -> Sums:
        """Exact sum of every pixel's square over all training images, shape (3072,)."""
        total: Sums = self._sums[1]
        return total

    @cached_property
    def _sums(self) -> Sums:
        stored = self.stored_sums
        return pixel_sums(self.train_images) if stored is None else stored


def pixel_sums(images: Bytes, chosen: npt.NDArray[np.intp] | None = None) -> Sums:
    """Exact sums over images of each pixel and of its square, shape (2, D).

    Images are read in blocks, so that no more than one block is copied. Sums of integers do not
    depend on their order: the sums of some images are those of all less those of the others.

    Parameters
    ----------
    images
        Shape (N, D).
    chosen
        Indices of the images to sum; None for all.
    """
    sums = np.zeros((2, images.shape[1]), np.int64)
    for start in range(0, len(images if chosen is None else chosen), _BLOCK):
        part = slice(start, start + _BLOCK)
        block = np.asarray(images)[part if chosen is None else chosen[part]]
        # uint32 holds a block's sums, and adds several times as fast as int64
        sums[0] += block.sum(axis=0, dtype=np.uint32)
        sums[1] += np.square(block, dtype=np.uint16).sum(axis=0, dtype=np.uint32)
    return sums
